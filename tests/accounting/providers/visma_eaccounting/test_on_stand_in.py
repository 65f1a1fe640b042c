"""The contract over real HTTP, against the stand-in, and what only whole documents can show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounting import login
from accounting.errors import Conflict, NotAllowed, ReconnectNeeded, Refused, TryLater, Unclear
from accounting.protocol import problems
from accounting.types import CustomerRecord, InvoiceDraft, SalesOrder, SalesOrderRecord, Stage
from tests.accounting.contract import ContractBooks, LedgerContract, long_ago, read_all, understood
from tests.accounting.providers.visma_eaccounting.sandbox_books import FixedAccess, SandboxBooks, running_stand_in


@pytest.fixture(scope="module")
def start_over() -> Iterator[Callable[[], SandboxBooks]]:
    with running_stand_in() as fresh:
        yield fresh


@pytest.fixture
def books(start_over: Callable[[], SandboxBooks]) -> SandboxBooks:
    return start_over()


class TestStandIn(LedgerContract):
    @pytest.fixture
    def books(self, start_over: Callable[[], SandboxBooks]) -> ContractBooks:
        return start_over()


# --- documents from beginning to end -----------------------------------------------------


@pytest.mark.parametrize("kind", ["sales_order", "invoice_draft"])
@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize("excluding_vat", [False, True])
@pytest.mark.parametrize("rounding", [0, 1])
def test_a_document_comes_to_what_was_predicted(
    books: SandboxBooks, kind: str, private: bool, excluding_vat: bool, rounding: int
) -> None:
    books.sandbox.switch({"switches": {"show_prices_excl_vat_pc": excluding_vat, "rounding": rounding}})
    ledger = books.ledger()
    company = ledger.company()
    document = books.document(kind)
    assert isinstance(document, (SalesOrder, InvoiceDraft))
    line = document.lines[-1]
    awkward = [replace(line, quantity=Decimal(quantity)) for quantity in ("0.33", "1.5", "7.77", "-1")]
    single = replace(line, quantity=Decimal(1), unit_price=Decimal("10.0240"), discount_percent=Decimal(0))
    document = replace(
        document,
        customer_remote_id=books.customer(private=private),
        customer_is_company=not private,
        lines=(*document.lines, *awkward, single),
    )
    assert problems(books.provider, document, company) == []

    receipt = ledger.create(document)

    assert receipt.totals == books.provider.predict(document, company)
    assert ledger.fetch(receipt) == receipt


def test_a_document_of_a_new_customer_with_a_new_article(books: SandboxBooks) -> None:
    ledger = books.ledger()
    customer = ledger.create(books.document("customer", "C-AAAAAAAA"))
    article = ledger.create(books.document("article", "M-1"))
    draft = books.document("invoice_draft")
    assert isinstance(draft, InvoiceDraft)
    lines = (draft.lines[0], replace(draft.lines[1], article_remote_id=article.remote_id))
    draft = replace(draft, customer_remote_id=customer.remote_id, lines=lines)

    receipt = ledger.create(draft)
    books.book(receipt)

    found = ledger.find([draft], since=long_ago())[draft.reference]
    assert [(each.stage, each.customer_remote_id) for each in found] == [(Stage.INVOICE, customer.remote_id)]
    assert found[0].number
    assert found[0].totals == receipt.totals
    assert ledger.fetch(found[0]) == found[0]


def test_a_reference_in_your_reference_is_found_in_every_stage(books: SandboxBooks) -> None:
    ledger = books.ledger()
    order = books.document("sales_order")
    assert isinstance(order, SalesOrder)
    order = replace(order, answers={**order.answers, "reference_carrier": "your_reference"})
    receipt = ledger.create(order)

    assert [each.stage for each in ledger.find([order], since=long_ago())[order.reference]] == [Stage.ORDER]
    books.book(receipt)
    assert [each.stage for each in ledger.find([order], since=long_ago())[order.reference]] == [Stage.INVOICE]


def test_an_order_that_we_sent_is_read_back_as_an_order(books: SandboxBooks) -> None:
    ledger = books.ledger()
    receipt = ledger.create(books.document("sales_order"))

    records = understood(read_all(ledger, SalesOrderRecord, since=long_ago())).records

    record = next(each for each in records if each.remote_id == receipt.remote_id)
    assert isinstance(record, SalesOrderRecord)
    assert [line.text for line in record.lines] == [
        "Byte av kran",
        "Tätat under diskbänken.",
        "Rör 22 mm",
        "Ref. 1187-K7Q2M9",
    ]
    assert (record.lines[2].quantity, record.lines[2].discount_percent) == (Decimal("3.25"), 5)


def test_a_customer_number_that_is_taken(books: SandboxBooks) -> None:
    first = next(iter(understood(read_all(books.ledger(), CustomerRecord)).records))
    assert isinstance(first, CustomerRecord)
    document = replace(books.new_customer("x"), number=first.number)

    for status in (400, 409):
        books.sandbox.switch({"switches": {"conflict_status": status}})
        with pytest.raises(Conflict):
            books.ledger().create(document)
    found = books.ledger().find([document], since=long_ago())["x"]
    assert [(each.remote_id, each.name) for each in found] == [(first.remote_id, first.name)]


# --- what the vendor leaves open ------------------------------------------------------------


@pytest.mark.parametrize(
    "switches",
    [
        {"page_cap": 3},
        {"pages_of_nothing": 1},
        {"dates": "date-time"},
        {"nulls": "missing"},
        {"not_filterable": ["customers.ChangedUtc", "orders.ModifiedUtc", "customers.Id", "orders.Id"]},
        {"not_filterable": ["customers.CustomerNumber", "articles.Number"]},
        {"not_found": "400"},
        {"not_found": "404"},
        {"unknown_members": "refuse"},
        {"refresh_tokens": "reusable"},
    ],
    ids=str,
)
def test_whatever_the_vendor_means_it_works(books: SandboxBooks, switches: dict[str, Any]) -> None:
    everything = len(understood(read_all(books.ledger(), CustomerRecord)).records)
    books.sandbox.switch({"switches": switches})
    ledger = books.ledger()

    assert len(understood(read_all(ledger, CustomerRecord)).records) == everything
    assert understood(read_all(ledger, SalesOrderRecord)).rejected == []
    assert list(read_all(ledger, CustomerRecord, since=datetime.now(UTC) + timedelta(days=1)))
    for kind in ("customer", "article", "sales_order", "invoice_draft"):
        document = books.document(kind, f"{kind}-K7Q2M9")
        receipt = ledger.create(document)
        assert len(ledger.find([document], since=long_ago())[document.reference]) == 1
        assert ledger.fetch(receipt).remote_id == receipt.remote_id
    ledger.remove(receipt)
    with pytest.raises(Refused):
        ledger.fetch(receipt)


def test_a_success_with_an_empty_answer_is_found_out(books: SandboxBooks) -> None:
    books.sandbox.switch({"switches": {"empty_answers": True}})
    document = books.document("invoice_draft")

    with pytest.raises(Unclear):
        books.ledger().create(document)

    assert len(books.ledger().find([document], since=long_ago())[document.reference]) == 1


def test_orders_that_are_switched_off_do_not_stop_drafts(books: SandboxBooks) -> None:
    books.sandbox.switch({"switches": {"sales_standard": False}})
    ledger = books.ledger()
    draft = books.document("invoice_draft")

    assert ledger.find([draft], since=long_ago()) == {draft.reference: []}
    assert [each.code for each in problems(books.provider, books.document("sales_order"), ledger.company())] == [
        "orders_off"
    ]
    with pytest.raises(NotAllowed):
        ledger.create(books.document("sales_order"))


@pytest.mark.parametrize(
    "switches",
    [{"api_standard": False}, {"company_status": 0}, {"startup_guide_completed": False}, {"licence_accepted": False}],
    ids=str,
)
def test_a_company_that_lets_nobody_in(books: SandboxBooks, switches: dict[str, Any]) -> None:
    books.sandbox.switch({"switches": switches})

    with pytest.raises(NotAllowed) as caught:
        books.ledger().company()
    assert caught.value.error_id


def test_a_permission_that_was_not_granted(books: SandboxBooks) -> None:
    granted = books.sandbox.grant(scopes="ea:api offline_access ea:sales_readonly")
    books.access = FixedAccess(granted["access_token"])

    assert books.ledger().company().name
    with pytest.raises(NotAllowed):
        books.ledger().create(books.document("customer"))


def test_too_many_requests_are_turned_away_with_the_time_to_wait(books: SandboxBooks) -> None:
    books.sandbox.switch({"switches": {"rate_limit": 2}})
    ledger = books.ledger()
    ledger.company()
    ledger.company()

    with pytest.raises(TryLater) as caught:
        ledger.company()
    assert caught.value.after is not None
    assert timedelta(seconds=5) < caught.value.after <= timedelta(seconds=60)


# --- the login -----------------------------------------------------------------------------


@pytest.mark.parametrize("regime", ["rotating", "reusable"])
def test_a_login_from_the_page_to_its_end(books: SandboxBooks, regime: str) -> None:
    books.sandbox.switch({"switches": {"refresh_tokens": regime}})
    auth, site = books.provider.logins[0], books.login_site()
    flow, back = login.new_flow(), "http://127.0.0.1:8000/back"

    url = login.authorization_url(auth, site, redirect_uri=back, flow=flow)
    answer = books.sign_in(url)
    assert answer["state"] == flow.state
    tokens = login.exchange_code(auth, site, code=answer["code"], verifier=flow.verifier, redirect_uri=back)
    assert {"ea:api", "ea:sales", "ea:accounting"} <= tokens.scopes
    books.access = FixedAccess(tokens.access_token)
    assert books.ledger().company() == books.company

    newer = login.refresh(auth, site, tokens)
    assert newer.access_token != tokens.access_token
    assert (newer.refresh_token != tokens.refresh_token) == (regime == "rotating")
    if regime == "rotating":
        with pytest.raises(ReconnectNeeded):
            login.refresh(auth, site, tokens)

    login.revoke(auth, site, newer)
    with pytest.raises(ReconnectNeeded):
        login.refresh(auth, site, newer)
    books.access = FixedAccess(newer.access_token)
    with pytest.raises(ReconnectNeeded):
        books.ledger().company()


def test_a_code_works_once_and_for_its_own_flow_only(books: SandboxBooks) -> None:
    auth, site = books.provider.logins[0], books.login_site()
    flow, back = login.new_flow(), "http://127.0.0.1:8000/back"
    code = books.sign_in(login.authorization_url(auth, site, redirect_uri=back, flow=flow))["code"]

    with pytest.raises(ReconnectNeeded):
        login.exchange_code(auth, site, code=code, verifier=login.new_flow().verifier, redirect_uri=back)
    with pytest.raises(ReconnectNeeded):
        login.exchange_code(auth, site, code=code, verifier=flow.verifier, redirect_uri=back)


@pytest.mark.parametrize("status", [400, 401])
def test_a_client_that_is_not_known(books: SandboxBooks, status: int) -> None:
    books.sandbox.switch({"switches": {"invalid_client_status": status}})
    site = {**books.login_site(), "VISMA_EACCOUNTING_CLIENT_SECRET": "wrong"}

    with pytest.raises(NotAllowed, match="check VISMA_EACCOUNTING_CLIENT_ID and VISMA_EACCOUNTING_CLIENT_SECRET"):
        login.exchange_code(
            books.provider.logins[0], site, code="x", verifier="v", redirect_uri="http://127.0.0.1:8000/back"
        )
