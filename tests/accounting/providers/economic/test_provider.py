"""The provider as data, its questions over the stand-in, and what it may not say about itself."""

from __future__ import annotations

from dataclasses import fields

import pytest

from accounting.auth import GrantToken
from accounting.errors import UnexpectedAnswer
from accounting.providers.economic import PROVIDER
from accounting.providers.economic.company import company_of, features
from accounting.providers.economic.payloads import CUSTOMER_MEMBERS, PRODUCT_MEMBERS, bare
from accounting.providers.economic.remote_ids import handle_in, number_of, sale_id
from accounting.providers.economic.resources import AgreementType, CompanyDetails, Module, Self, Settings
from accounting.providers.economic.sale_payloads import SALE_MEMBERS
from accounting.registry import provider_for
from accounting.types import (
    ArticleDocument,
    CustomerDocument,
    Receipt,
    Record,
    SalesDocument,
    Stage,
)
from tests.accounting.providers.economic.sandbox_books import SandboxBooks


def test_the_registry_finds_it() -> None:
    assert provider_for("economic") is PROVIDER
    assert isinstance(PROVIDER.logins[0], GrantToken)
    assert set(PROVIDER.logins[0].variables) <= PROVIDER.environment.keys()


def test_every_field_of_a_document_has_a_place_or_none() -> None:
    for document, members in (
        (CustomerDocument, CUSTOMER_MEMBERS),
        (ArticleDocument, PRODUCT_MEMBERS),
        (SalesDocument, SALE_MEMBERS),
    ):
        assert {each.name for each in fields(document)} - {"answers", "mapped"} == set(members)


def test_questions_say_which_document_needs_them() -> None:
    kinds = {document.kind for document in PROVIDER.writes}

    assert all(question.needed_for <= kinds for question in PROVIDER.questions)
    optional = {each.key for each in PROVIDER.questions if not each.required}
    zones, units = {"vat_zone_eu", "vat_zone_abroad"}, {"unit_goods", "unit_service"}
    assert optional == {*zones, *units, "customer_group_person"}


def test_choices_are_read_from_the_books_and_never_mean_two_things(books: SandboxBooks) -> None:
    ledger = books.ledger()
    choices = {each.key: ledger.choices(each.key) for each in PROVIDER.questions}

    assert [each.value for each in choices["layout"]] == ["layout-19", "layout-21", "layout-22"]
    assert [each.label for each in choices["customer_group"]][:2] == ["Erhvervskunder", "Privatkunder"]
    assert [each.label for each in choices["vat_zone_domestic"]] == ["Domestic", "EU", "Abroad", "Domestic without VAT"]
    assert choices["coding_goods"][0].label == "Varer m/moms (25 %)"
    assert choices["coding_service"][0].label == "Ydelser m/moms (25 %)"
    assert {each.value for each in choices["coding_goods"]} == {each.value for each in choices["coding_service"]}
    owners: dict[str, set[str]] = {}
    for question, offered in choices.items():
        for each in offered:
            owners.setdefault(each.value, set()).add(question.split("_")[0])
    assert all(len(found) == 1 for found in owners.values())


def test_every_answer_of_the_tests_is_on_offer(books: SandboxBooks) -> None:
    for question, value in books.answers().items():
        assert value in {each.value for each in books.ledger().choices(question)}, question


# --- the agreement ----------------------------------------------------------------------------


def agreement(**members: object) -> Self:
    said = {
        "agreement_number": 7,
        "agreement_type": AgreementType(name="sweden"),
        "company": CompanyDetails(name="Rör AB", company_identification_number="556812-4472"),
        "settings": Settings(base_currency="sek"),
        "modules": [Module(name="Projekt"), Module(name="Dimension")],
        **members,
    }
    return Self(**said)  # type: ignore[arg-type]


def test_an_agreement() -> None:
    company = company_of(agreement())

    assert (company.remote_id, company.name, company.country, company.currency) == ("7", "Rör AB", "SE", "SEK")
    assert company.features == {"orders", "projects", "cost_centers", "vouchers"}


def test_what_an_agreement_does_not_tell() -> None:
    assert set(features(agreement(modules=None))) == {"orders", "projects", "vouchers"}
    assert set(features(agreement(modules=[Module(name="Lager")]))) == {"vouchers"}
    foreign = agreement(agreement_type=None, company=CompanyDetails(country="Norge"))
    assert company_of(foreign).country == "NO"


def test_a_stream_that_these_books_do_not_have(books: SandboxBooks) -> None:
    with pytest.raises(UnexpectedAnswer):
        books.ledger().read(Record, since=None)


# --- names of records ------------------------------------------------------------------------


def test_ids_of_documents() -> None:
    assert sale_id(Stage.DRAFT, 368, 292) == "draft-368-292"
    assert sale_id(Stage.ORDER, 12, 292) == "order-12"
    assert [handle_in(each) for each in ("draft-368-292", "draft-368", "order-12", "")] == [292, None, None, None]
    assert (number_of("customer-group-3", "customer-group"), number_of("draft-368-292", "draft")) == (3, 368)


def test_a_reference_is_repeated_as_its_number() -> None:
    terms = {"paymentTermsNumber": 3, "paymentTermsType": "net", "name": "30 dage", "self": "…/payment-terms/3"}

    assert bare(terms) == {"paymentTermsNumber": 3}
    assert bare({"self": "…/price-groups/2"}) == {"self": "…/price-groups/2"}
    assert bare("DKK") == "DKK"


def test_the_link_leads_to_the_accounting_system() -> None:
    receipt = Receipt(stage=Stage.INVOICE, remote_id="invoice-10001")

    assert PROVIDER.link(PROVIDER.environment, receipt) == "https://secure.e-conomic.com/"
    assert PROVIDER.link({}, receipt) == ""
