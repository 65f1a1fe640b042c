"""What these books would refuse, said before anything is sent, each with the place where it is repaired."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounting.protocol import problems
from accounting.providers.economic import PROVIDER
from accounting.types import (
    Address,
    ArticleDocument,
    Company,
    Contact,
    ContactDocument,
    CustomerDocument,
    Document,
    DocumentLine,
    InvoiceDraft,
    SalesOrder,
)

COMPANY = Company(
    remote_id="1718001",
    name="Vestkystens VVS ApS",
    organisation_number="25313763",
    country="DK",
    currency="DKK",
    features=frozenset({"orders", "projects", "vouchers"}),
)
ANSWERS = {
    "layout": "layout-19",
    "customer_group": "customer-group-1",
    "terms_of_payment": "terms-2",
    "vat_zone_domestic": "zone-1",
    "coding_goods": "group-1",
    "coding_service": "group-2",
}
CUSTOMER = CustomerDocument(
    reference="C-1",
    number="1042",
    name="Nye Bageri ApS",
    is_company=True,
    organisation_number="25313763",
    email="eva@bageri.example",
    address=Address(street="Gade 1", postcode="6700", city="Esbjerg", country="DK"),
    currency="DKK",
    answers=ANSWERS,
)
CONTACT = ContactDocument(reference="K-1", customer_remote_id="1042", contact=Contact(name="Eva Holm"))
ARTICLE = ArticleDocument(
    reference="A-1",
    number="A-1",
    name="Rør",
    is_service=False,
    price=Decimal("10.0000"),
    vat_percent=Decimal(25),
    answers=ANSWERS,
)
LINE = DocumentLine(
    article_remote_id="3001",
    text="Rør",
    quantity=Decimal(2),
    unit_price=Decimal(10),
    vat_percent=Decimal(25),
    local_id="l1",
)
IN_3 = replace(LINE, project_remote_id="3")
ORDER = SalesOrder(
    reference="1187-K7Q2M9",
    customer_remote_id="pending:7d1f",
    work_order_number="1187",
    currency="DKK",
    dated=date(2026, 11, 20),
    lines=(LINE,),
    answers=ANSWERS,
)
DRAFT = InvoiceDraft(
    reference="1187-K7Q2M9",
    customer_remote_id="1042",
    work_order_number="1187",
    currency="DKK",
    dated=date(2026, 11, 20),
    lines=(LINE,),
    answers=ANSWERS,
)


def codes(document: Document, company: Company = COMPANY) -> list[str]:
    return [each.code for each in problems(PROVIDER, document, company)]


@pytest.mark.parametrize("document", [CUSTOMER, CONTACT, ARTICLE, ORDER, DRAFT], ids=lambda each: each.kind)
def test_what_is_right_has_no_problems(document: Document) -> None:
    assert codes(document) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "name_missing"),
        ({"name": "x" * 256}, "name_too_long"),
        ({"number": "C-1042"}, "number_invalid"),
        ({"number": "0"}, "number_invalid"),
        ({"number": "01042"}, "number_invalid"),
        ({"number": "1000000000"}, "number_invalid"),
        ({"number": "١٢"}, "number_invalid"),
        ({"organisation_number": "25313764"}, "organisation_number_invalid"),
        ({"organisation_number": "0707614293", "is_company": False}, "personal_number"),
        ({"email": "eva at bageri"}, "email_invalid"),
        ({"mobile": "2" * 51}, "mobile_too_long"),
        ({"address": Address(city="x" * 51, country="DK")}, "city_too_long"),
        ({"address": Address(street="x" * 255, country="DK")}, "street_too_long"),
        ({"address": Address(country="D")}, "country_invalid"),
        ({"currency": "kr."}, "currency_invalid"),
        ({"answers": {**ANSWERS, "customer_group": ""}}, "customer_group_unanswered"),
        ({"answers": {**ANSWERS, "terms_of_payment": ""}}, "terms_of_payment_unanswered"),
        ({"answers": {**ANSWERS, "vat_zone_domestic": ""}}, "vat_zone_domestic_unanswered"),
        ({"address": Address(country="DE"), "organisation_number": ""}, "vat_zone_eu_unanswered"),
        ({"address": Address(country="NO"), "organisation_number": ""}, "vat_zone_abroad_unanswered"),
    ],
)
def test_a_customer_that_would_be_refused(changes: dict[str, Any], code: str) -> None:
    document = replace(CUSTOMER, **changes)

    assert code in codes(document)
    for problem in problems(PROVIDER, document, COMPANY):
        assert str(problem)


def test_what_a_customer_may_lack() -> None:
    bare = CustomerDocument(
        reference="C-1",
        name="Karen",
        is_company=False,
        terms_remote_id="terms-1",
        answers={**ANSWERS, "terms_of_payment": ""},
    )

    assert codes(bare) == []
    abroad = {"organisation_number": "DE123456789", "address": Address(country="DE")}
    assert codes(replace(CUSTOMER, **abroad, answers={**ANSWERS, "vat_zone_eu": "zone-2"})) == []


@pytest.mark.parametrize(
    ("contact", "code"),
    [
        (Contact(), "contact_name_missing"),
        (Contact(name="x" * 256), "contact_name_too_long"),
        (Contact(name="Eva", phone="2" * 51), "contact_phone_too_long"),
    ],
)
def test_a_contact_that_would_be_refused(contact: Contact, code: str) -> None:
    assert codes(replace(CONTACT, contact=contact)) == [code]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": ""}, "article_number_missing"),
        ({"number": "x" * 26}, "article_number_too_long"),
        ({"name": ""}, "article_name_missing"),
        ({"name": "x" * 301}, "article_name_too_long"),
        ({"text": "x" * 501}, "article_text_too_long"),
        ({"ean": "5" * 51}, "article_ean_too_long"),
        ({"price": Decimal("-1")}, "price_out_of_range"),
        ({"price": Decimal("9.999")}, "price_decimals"),
        ({"answers": {}}, "coding_unanswered"),
        ({"answers": {"coding_goods": "group-1"}, "is_service": True}, "coding_unanswered"),
    ],
)
def test_an_article_that_would_be_refused(changes: dict[str, Any], code: str) -> None:
    assert codes(replace(ARTICLE, **changes)) == [code]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"text": ""}, "line_text_missing"),
        ({"text": "x" * 2501}, "line_text_too_long"),
        ({"quantity": Decimal("0.333")}, "quantity_decimals"),
        ({"unit_price": Decimal("1.005"), "quantity": Decimal(100)}, "price_decimals"),
        ({"discount_percent": Decimal("33.333")}, "discount_out_of_range"),
        ({"discount_percent": Decimal(101)}, "discount_out_of_range"),
    ],
)
def test_a_line_that_would_be_refused_or_change_the_amount(changes: dict[str, Any], code: str) -> None:
    document = replace(ORDER, lines=(LINE, replace(LINE, **changes, local_id="l2")))

    found = [each for each in problems(PROVIDER, document, COMPANY) if each.code == code]

    assert [(each.where, each.local_id) for each in found] == [("line", "l2")]


def test_a_price_may_be_rounded_where_the_amount_stays() -> None:
    assert codes(replace(DRAFT, lines=(replace(LINE, unit_price=Decimal("10.0010"), quantity=Decimal(1)),))) == []


@pytest.mark.parametrize(
    ("document", "company", "code"),
    [
        (replace(ORDER, lines=()), COMPANY, "no_article_line"),
        (replace(ORDER, lines=(DocumentLine(text="Kun tekst"),)), COMPANY, "no_article_line"),
        (replace(ORDER, lines=(LINE, replace(LINE, quantity=Decimal(-1)))), COMPANY, "quantity_not_positive"),
        (replace(DRAFT, lines=(LINE, replace(LINE, quantity=Decimal(-3)))), COMPANY, "total_negative"),
        (ORDER, replace(COMPANY, features=frozenset({"projects"})), "orders_off"),
        (replace(ORDER, lines=(IN_3,)), replace(COMPANY, features=frozenset({"orders"})), "projects_off"),
        (replace(ORDER, lines=(IN_3, replace(LINE, project_remote_id="4"))), COMPANY, "several_projects"),
        (replace(ORDER, currency="kr"), COMPANY, "currency_invalid"),
        (replace(ORDER, reference="x" * 251), COMPANY, "reference_too_long"),
        (replace(ORDER, delivery_name="x" * 256), COMPANY, "delivery_street_too_long"),
        (replace(ORDER, delivery_address=Address(city="y" * 51)), COMPANY, "delivery_city_too_long"),
        (replace(ORDER, prices_include_vat=True, lines=(replace(LINE, vat_percent=None),)), COMPANY, "vat_missing"),
    ],
)
def test_a_document_that_would_be_refused(document: Document, company: Company, code: str) -> None:
    assert code in codes(document, company)


def test_a_draft_takes_a_negative_line() -> None:
    assert codes(replace(DRAFT, lines=(LINE, replace(LINE, quantity=Decimal(-1))))) == []
