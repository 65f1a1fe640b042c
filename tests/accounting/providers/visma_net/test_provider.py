"""The provider as data: its logins carried out at the stand-in, its questions, and what it says about itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from accounting import login
from accounting.auth import AuthorizationCode, ClientCredentials
from accounting.errors import NotAllowed, ReconnectNeeded
from accounting.protocol import maps_of, remote_id_in
from accounting.providers.visma_net import BY_PERSON, BY_TENANT, PROVIDER, VismaNet
from accounting.providers.visma_net.questions import OFFERS, QUESTIONS
from accounting.providers.visma_net.refusals import FIELDS, WORDS
from accounting.providers.visma_net.sandbox.identity import SCOPES
from accounting.registry import provider_for
from accounting.types import Choice, Receipt, Stage
from tests.accounting.providers.visma_net.sandbox_books import FixedAccess, SandboxBooks

BACK = "http://127.0.0.1:8000/back"


# --- by tenant ---------------------------------------------------------------------


def test_the_app_signs_in_for_a_tenant(books: SandboxBooks) -> None:
    tenant = books.sandbox.books.id
    tokens = login.fetch_for_tenant(BY_TENANT, books.site, tenant=tenant)

    assert (tokens.tenant, tokens.refresh_token, tokens.login) == (tenant, "", "client_credentials")
    assert tokens.scopes == {each.scope for each in BY_TENANT.permissions} <= SCOPES.keys()
    books.access = FixedAccess(tokens.access_token)
    assert books.ledger().company() == books.company
    renewed = login.refresh(BY_TENANT, books.site, tokens)
    assert renewed.access_token != tokens.access_token
    books.access = FixedAccess(renewed.access_token)
    for kind in ("customer", "article", "sales_order", "invoice_draft"):
        books.ledger().create(books.document(kind, f"{kind}-1"))


@pytest.mark.parametrize(
    ("tenant", "switches", "sentence"),
    [
        ("448c9118-9b7d-4a9e-a9f7-183cf0607bc8", {}, "not the company's tenant id"),
        ("", {"approved": False}, "Visma App Store"),
        ("", {"orders_approved": False}, "asks for more than was approved"),
    ],
)
def test_a_tenant_that_does_not_let_the_app_in_says_what_to_do(
    books: SandboxBooks, tenant: str, switches: dict[str, Any], sentence: str
) -> None:
    books.sandbox.switch({"switches": switches})

    with pytest.raises(ReconnectNeeded, match=sentence):
        login.fetch_for_tenant(BY_TENANT, books.site, tenant=tenant or books.sandbox.books.id)


def test_a_client_that_is_not_known(books: SandboxBooks) -> None:
    site = {**books.site, "VISMA_NET_CLIENT_SECRET": "wrong"}

    with pytest.raises(NotAllowed, match="VISMA_NET_CLIENT_ID and VISMA_NET_CLIENT_SECRET"):
        login.fetch_for_tenant(BY_TENANT, site, tenant=books.sandbox.books.id)


def test_the_customers_tenant_signs_in_and_is_then_refused(books: SandboxBooks) -> None:
    tokens = login.fetch_for_tenant(BY_TENANT, books.site, tenant=books.sandbox.customer_tenant)
    books.access = FixedAccess(tokens.access_token)

    with pytest.raises(ReconnectNeeded, match="Visma Admin"):
        books.ledger().company()


# --- by person ---------------------------------------------------------------------


@pytest.mark.parametrize("regime", ["one-time", "re-use"])
def test_a_person_signs_in_and_stays(books: SandboxBooks, regime: str) -> None:
    books.sandbox.switch({"switches": {"refresh_tokens": regime}})
    flow = login.new_flow()
    answer = books.sign_in(login.authorization_url(BY_PERSON, books.site, redirect_uri=BACK, flow=flow))
    assert answer["state"] == flow.state

    tokens = login.exchange_code(BY_PERSON, books.site, code=answer["code"], verifier=flow.verifier, redirect_uri=BACK)
    books.access = FixedAccess(tokens.access_token)
    assert books.ledger().company() == books.company
    for kind in ("customer", "sales_order", "invoice_draft"):
        books.ledger().create(books.document(kind, f"{kind}-1"))

    newer = login.refresh(BY_PERSON, books.site, tokens)
    assert newer.access_token != tokens.access_token
    assert (newer.refresh_token != tokens.refresh_token) == (regime == "one-time")
    if regime == "one-time":
        with pytest.raises(ReconnectNeeded):
            login.refresh(BY_PERSON, books.site, tokens)
    books.sandbox.switch({"switches": {"revoke_tokens": True}})
    with pytest.raises(ReconnectNeeded):
        login.refresh(BY_PERSON, books.site, newer)
    books.access = FixedAccess(newer.access_token)
    with pytest.raises(ReconnectNeeded):
        books.ledger().company()


def test_a_person_without_the_role_is_told_so(books: SandboxBooks) -> None:
    flow = login.new_flow()
    url = login.authorization_url(BY_PERSON, books.site, redirect_uri=BACK, flow=flow)
    answer = books.sign_in(url, user="jonas@fjordlys.example")

    with pytest.raises(ReconnectNeeded, match="API User"):
        login.exchange_code(BY_PERSON, books.site, code=answer["code"], verifier=flow.verifier, redirect_uri=BACK)


# --- data --------------------------------------------------------------------------


def test_the_provider_is_found_and_both_logins_know_their_variables() -> None:
    assert provider_for("visma_net") is PROVIDER
    assert [type(each) for each in PROVIDER.logins] == [ClientCredentials, AuthorizationCode]
    for each in PROVIDER.logins:
        assert set(each.variables) <= PROVIDER.environment.keys()
        assert {permission.scope for permission in each.permissions} <= SCOPES.keys()


def test_every_question_is_asked_for_something_that_is_written() -> None:
    kinds = {document.kind for document in PROVIDER.writes}
    assert all(question.needed_for <= kinds for question in QUESTIONS)
    assert {question.key for question in QUESTIONS} | {kind.key for kind in maps_of(PROVIDER)} == {
        *OFFERS,
        "order_status",
    }
    required = {question.key for question in QUESTIONS if question.required}
    assert required == {"customer_class", "item_class_goods", "item_class_service"}


def test_what_the_books_complain_about_is_a_question_or_a_field() -> None:
    questions = {question.key for question in QUESTIONS}
    fields = {*FIELDS.values(), *WORDS.values()}
    ours = {
        "customer", "currency", "project", "article", "unit", "quantity", "unit_price", "discount_percent", "text",
        "dated", "reference", "your_reference",
    }  # fmt: skip
    kinds = {"item_class", "posting_class"}  # of goods or of service: the sentence does not say which
    assert fields - ours - kinds <= questions


@pytest.mark.parametrize(
    ("question", "choices"),
    [
        ("customer_class", {"KUNDE", "PRIVAT", "UTLAND", "ØVRIG"}),
        ("terms_of_payment", {"10", "14", "30", "KONT"}),
        ("vat_zone", {"01", "02", "06"}),
        ("payment_method", {"1", "2"}),
        ("item_class_goods", {"LAGER", "VARE"}),
        ("item_class_service", {"ARBEID", "TJENESTE"}),
        ("posting_class_goods", {"VARE", "TJEN"}),
        ("vat_category", {"3", "31", "33", "0"}),
        ("order_type", {"SO", "SA"}),
        ("order_status", {"Open", "Hold"}),
        ("warehouse", {"1", "BIL1"}),
        ("branch", {"1", "2"}),
        ("vat_zone_of_country", {"01", "02", "06"}),
        ("vat_category_of_rate", {"3", "31", "33", "0"}),
    ],
)
def test_choices_come_from_the_books(books: SandboxBooks, question: str, choices: set[str]) -> None:
    offered = books.ledger().choices(question)

    assert {each.value for each in offered} == choices
    # No answer is ever another list's code.
    assert [each.label for each in offered] == sorted((each.label for each in offered), key=str.casefold) or (
        question == "order_status"
    )


def test_a_choice_says_its_code_and_its_name(books: SandboxBooks) -> None:
    assert Choice(value="KUNDE", label="KUNDE · Bedriftskunder") in books.ledger().choices("customer_class")
    assert Choice(value="STK", label="STK") in books.ledger().choices("unit_goods")


def test_where_none_suits_all_are_offered(books: SandboxBooks) -> None:
    for key in ("ARBEID", "TJENESTE"):
        books.sandbox.change_records({"resource": "itemClass", "action": "remove", "id": key})

    assert {each.label for each in books.ledger().choices("item_class_service")} == {
        "LAGER · Lagervarer",
        "VARE · Varer uten lager",
    }


def test_no_question_of_ours(books: SandboxBooks) -> None:
    with pytest.raises(KeyError):
        books.ledger().choices("sparkle")


@pytest.mark.parametrize(
    ("text", "id"),
    [("10001", "10001"), (" A-7 ", "A-7"), ("https://finance.visma.net/?id=1", ""), ("two words", ""), ("", "")],
)
def test_an_id_that_somebody_copied(text: str, id: str) -> None:
    assert remote_id_in(PROVIDER, text) == id


def test_no_address_of_a_record_is_known() -> None:
    receipt = Receipt(stage=Stage.INVOICE, remote_id="300001")
    assert PROVIDER.link(dict(PROVIDER.environment), receipt) == ""


def test_records_have_no_totals(books: SandboxBooks) -> None:
    assert VismaNet().predict(books.document("customer"), books.company) is None
    order: Any = books.document("sales_order")
    unknown = replace(order, lines=(replace(order.lines[1], vat_percent=None),))
    assert VismaNet().predict(unknown, books.company) is None
