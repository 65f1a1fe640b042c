"""Writes, whatever way the API says that they are done, and what is found of them afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounting.errors import Conflict, NotAllowed, NotFound, Refused, TryLater, Unclear
from accounting.protocol import problems
from accounting.providers.visma_net.names import last_segments, segment
from accounting.types import (
    DocumentLine,
    Receipt,
    SalesOrder,
    SalesOrderRecord,
    Stage,
    Totals,
)
from tests.accounting.contract import EVERY_KIND, SALES, long_ago, read_all, understood
from tests.accounting.providers.visma_net.sandbox_books import FixedAccess, SandboxBooks


def switch(books: SandboxBooks, **switches: Any) -> None:
    books.sandbox.switch({"switches": switches})


def found(books: SandboxBooks, document: Any) -> list[Receipt]:
    return list(books.ledger().find([document], since=long_ago())[document.reference])


def order(books: SandboxBooks, reference: str = "1187-K7Q2M9") -> SalesOrder:
    return books.new_order(reference)


# --- what an answer says of where the record is ------------------------------------------


@pytest.mark.parametrize("kind", EVERY_KIND)
@pytest.mark.parametrize("locations", ["https", "http", "relative"])
def test_the_end_of_the_address_is_enough(books: SandboxBooks, kind: str, locations: str) -> None:
    switch(books, locations=locations)
    document = books.document(kind)

    receipt = books.ledger().create(document)

    assert [each.remote_id for each in found(books, document)] == [receipt.remote_id]


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_a_success_that_does_not_say_where_is_unclear(books: SandboxBooks, kind: str) -> None:
    switch(books, locations="missing")
    document = books.document(kind)

    with pytest.raises(Unclear):
        books.ledger().create(document)
    assert len(found(books, document)) == 1


@pytest.mark.parametrize("kind", EVERY_KIND)
@pytest.mark.parametrize("status", [401, 403, 404, 429, 500])
def test_what_cannot_be_read_back_is_unclear_and_never_sent_again(books: SandboxBooks, kind: str, status: int) -> None:
    document = books.document(kind)
    books.answer_instead("GET", status)

    with pytest.raises(Unclear):
        books.ledger().create(document)
    books.recover()
    assert len(found(books, document)) == 1
    assert books.written() == ["POST"]


@pytest.mark.parametrize(
    ("location", "count", "id"),
    [
        ("https://api.finance.visma.net/v1/customer/10001", 1, "10001"),
        ("http://old.example/API/controller/api/v1/customer/b64(QS9TICM3)", 1, "A/S #7"),
        ("/api/v3/SalesOrders/SO/000223", 2, "SO/000223"),
        ("https://x.example/v1/inventory/PROG%3A%C3%85R", 1, "PROG:ÅR"),
        ("", 1, ""),
        ("https://x.example", 1, ""),
        ("10001", 1, ""),
    ],
)
def test_an_id_is_read_from_the_end_of_an_address(location: str, count: int, id: str) -> None:
    assert last_segments(location, count) == id


@pytest.mark.parametrize(
    ("id", "path"),
    [
        ("10001", "10001"),
        ("KAB 3G", "KAB%203G"),
        ("RØR-16", "R%C3%98R-16"),
        ("A/S #7", "b64(QS9TICM3)"),
        ("..", "b64(Li4)"),
        ("50%", "b64(NTAl)"),
        ("a?b", "b64(YT9i)"),
    ],
)
def test_an_id_is_one_segment_of_a_path(id: str, path: str) -> None:
    assert segment(id) == path


@pytest.mark.parametrize("number", ["A/S #8", "50 % & MER", "..", "B+C", "ØST/1"])
def test_numbers_of_any_form_can_be_written_and_found(books: SandboxBooks, number: str) -> None:
    customer = replace(books.new_customer(number), number=number)
    article = replace(books.new_article(number), number=number)
    ledger = books.ledger()

    assert ledger.create(customer).number == number
    assert ledger.create(article).number == number
    assert [each.number for each in found(books, customer) + found(books, article)] == [number, number]
    document = replace(order(books), customer_remote_id=number)
    assert ledger.create(document).customer_remote_id == number


# --- queued writes -----------------------------------------------------------------


@pytest.mark.parametrize("kind", ["customer", "article", "invoice_draft"])
@pytest.mark.parametrize("place", ["headers", "list"])
@pytest.mark.parametrize("polls", [0, 2])
def test_a_queued_write_is_waited_for(books: SandboxBooks, kind: str, place: str, polls: int) -> None:
    switch(books, background="always", background_location=place, background_polls=polls)
    document = books.document(kind)

    receipt = books.ledger().create(document)

    assert [each.remote_id for each in found(books, document)] == [receipt.remote_id]


@pytest.mark.parametrize("switches", [{"background_polls": 9}, {"background_location": "missing"}], ids=str)
def test_a_queued_write_of_which_nobody_hears_is_unclear(books: SandboxBooks, switches: dict[str, Any]) -> None:
    switch(books, background="always", **switches)
    document = books.document("invoice_draft")

    with pytest.raises(Unclear):
        books.ledger().create(document)
    assert len(found(books, document)) == 1


def test_a_queued_write_that_finished_with_an_error_is_a_refusal(books: SandboxBooks) -> None:
    switch(books, background="always")
    document = replace(books.new_draft("1188-AAAAAA"), customer_remote_id="77")

    with pytest.raises(Refused, match="Customer '77' cannot be found") as caught:
        books.ledger().create(document)

    assert caught.value.field == "customer"
    assert found(books, books.new_draft("1188-AAAAAA")) == []


@pytest.mark.parametrize(("status", "error"), [(409, Conflict), (412, Conflict), (403, NotAllowed), (500, Unclear)])
def test_a_queued_write_can_come_to_anything(books: SandboxBooks, status: int, error: type[Exception]) -> None:
    switch(books, background="always")
    state = {"id": "x", "status": "Finished", "statusCode": status, "responseHeaders": {}}
    said = b'{"message": "Nei."}'
    books.answer_instead("GET", 200, said, path="/content$")
    books.answer_instead("GET", 200, repr(state).replace("'", '"').encode(), path="/background/[^/]+$")

    with pytest.raises(error):
        books.ledger().create(books.new_customer("C-1"))


@pytest.mark.parametrize("status", [403, 404, 503])
def test_a_queued_write_that_cannot_be_asked_about_is_unclear(books: SandboxBooks, status: int) -> None:
    switch(books, background="always")
    books.answer_instead("GET", status, path="/background/")
    document = books.document("invoice_draft")

    with pytest.raises(Unclear):
        books.ledger().create(document)


@pytest.mark.parametrize("style", ["204", "200", "location"])
@pytest.mark.parametrize("background", ["asked", "always"])
def test_a_change_is_done_however_it_is_answered(books: SandboxBooks, style: str, background: str) -> None:
    ledger = books.ledger()
    document = books.new_customer("C-1")
    receipt = ledger.create(document)
    switch(books, put_answers=style, background=background)

    updated = ledger.update(receipt, replace(document, name="Nytt navn"), frozenset({"name"}))

    assert (updated.name, updated.version != receipt.version) == ("Nytt navn", True)


# --- totals ----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SALES)
def test_a_document_comes_to_what_was_predicted(books: SandboxBooks, kind: str) -> None:
    ledger = books.ledger()
    document: Any = books.document(kind)
    line = document.lines[-1]
    awkward = [replace(line, quantity=Decimal(each)) for each in ("0.33", "1.5", "7.77", "-1")]
    free = DocumentLine(
        article_remote_id="BOM", quantity=Decimal(3), unit_price=Decimal("45.255"), vat_percent=Decimal(0)
    )
    document = replace(document, lines=(*document.lines, *awkward, free))
    assert problems(books.provider, document, ledger.company()) == []

    receipt = ledger.create(document)

    predicted = books.provider.predict(document, books.company)
    assert receipt.totals == predicted
    assert isinstance(predicted, Totals)
    assert predicted.vat > 0
    assert ledger.fetch(receipt) == receipt


def test_a_document_of_a_new_customer_with_a_new_article(books: SandboxBooks) -> None:
    ledger = books.ledger()
    customer = ledger.create(books.document("customer", "C-AAAAAAAA"))
    article = ledger.create(books.document("article", "M-1"))
    for document in (books.new_order("1-A"), books.new_draft("1-B")):
        lines = (replace(document.lines[1], article_remote_id=article.remote_id),)
        sale: Any = replace(document, customer_remote_id=customer.remote_id, lines=lines)

        receipt = ledger.create(sale)
        books.book(receipt)

        (booked,) = found(books, sale)
        assert (booked.stage, booked.customer_remote_id) == (Stage.INVOICE, customer.remote_id)
        assert booked.totals == receipt.totals
        assert ledger.fetch(booked) == replace(booked, reference=ledger.fetch(booked).reference)


def test_an_order_that_we_sent_is_read_back_as_an_order(books: SandboxBooks) -> None:
    receipt = books.ledger().create(books.document("sales_order"))

    records = {each.remote_id: each for each in understood(read_all(books.ledger(), SalesOrderRecord)).records}

    record = records[receipt.remote_id]
    assert isinstance(record, SalesOrderRecord)
    assert (record.our_reference, record.your_reference) == ("1187-K7Q2M9", "Eva")
    assert [(line.text, line.quantity, line.discount_percent) for line in record.lines] == [
        ("Kabel 3G1,5", Decimal("3.25"), 5)
    ]


def test_an_order_may_begin_on_hold_and_be_of_another_type(books: SandboxBooks) -> None:
    answers = {"order_status": "Hold", "order_type": "SA"}
    document = replace(order(books), answers=answers)

    receipt = books.ledger().create(document)

    assert receipt.remote_id.startswith("SA/")
    assert [each.remote_id for each in found(books, document)] == [receipt.remote_id]
    assert books.stored(receipt)["status"] == "Hold"


# --- what is found ---------------------------------------------------------------------


@pytest.mark.parametrize("carrier", ["customerRefNumber", "externalReference", "nowhere"])
def test_an_invoiced_order_is_found_whatever_its_invoice_carries(books: SandboxBooks, carrier: str) -> None:
    switch(books, reference_on_invoice=carrier)
    document = order(books)
    books.book(books.ledger().create(document))

    (only,) = found(books, document)

    assert (only.stage, only.reference, only.customer_remote_id) == (Stage.INVOICE, "1187-K7Q2M9", "10002")


def test_a_document_in_every_state_is_found_as_what_it_is(books: SandboxBooks) -> None:
    draft, sale = books.new_draft("1-DRAFT"), books.new_order("1-ORDER")
    ledger = books.ledger()
    made = ledger.create(draft)
    ordered = ledger.create(sale)
    assert [each.stage for each in found(books, draft)] == [Stage.DRAFT]
    for status, stage in (("Balanced", Stage.DRAFT), ("Open", Stage.INVOICE), ("Voided", Stage.INVOICE)):
        values = {"status": status, "hold": False}
        books.sandbox.change_records({"resource": "customerinvoice", "id": made.remote_id, "values": values})
        assert [each.stage for each in found(books, draft)] == [stage], status
        assert ledger.fetch(made).stage is stage
    books.sandbox.change_records({"resource": "salesorder", "action": "cancel", "id": ordered.remote_id})
    assert [each.stage for each in found(books, sale)] == [Stage.ORDER]


def test_a_document_that_is_there_twice_is_found_twice(books: SandboxBooks) -> None:
    for make in (books.new_order, books.new_draft):
        document: Any = make("1187-TWICE")
        books.ledger().create(document)

    assert {each.stage for each in found(books, books.new_order("1187-TWICE"))} == {Stage.ORDER, Stage.DRAFT}


def test_a_credit_note_repeats_what_it_credits_and_is_not_the_document(books: SandboxBooks) -> None:
    draft = books.new_draft("1187-K7Q2M9")
    made = books.ledger().create(draft)
    values = {"documentType": "CreditNote"}
    books.sandbox.change_records({"resource": "customerinvoice", "id": made.remote_id, "values": values})

    assert found(books, draft) == []


@pytest.mark.parametrize("filters", ["obeyed", "ignored"])
def test_filters_that_are_ignored_change_nothing_that_is_found(books: SandboxBooks, filters: str) -> None:
    documents = [books.document(kind, f"{kind}-K7Q2M9") for kind in EVERY_KIND]
    receipts = [books.ledger().create(document) for document in documents]
    switch(books, filters=filters)

    both = books.ledger().find([*documents, books.new_order("1-NONE")], since=long_ago())

    assert {key: [each.remote_id for each in value] for key, value in both.items()} == {
        **{each.reference: [receipt.remote_id] for each, receipt in zip(documents, receipts, strict=True)},
        "1-NONE": [],
    }


def test_many_orders_are_looked_for_in_one_pass(books: SandboxBooks) -> None:
    numbers = [str(10001 + place) for place in range(8)] + ["10010", "10011", "10013", "10014"]
    documents = [replace(order(books, f"{number}-X"), customer_remote_id=number) for number in numbers]
    books.ledger().create(replace(documents[1], currency="NOK"))

    before = len(books.stage.journal.entries())
    both = books.ledger().find(documents, since=long_ago())

    lists = [each for each in books.stage.journal.entries()[before:] if each.path.endswith("/SalesOrders")]
    assert {reference for reference, receipts in both.items() if receipts} == {"10002-X"}
    assert not any("customerId" in each.query for each in lists)


def test_two_customers_with_one_email_are_both_written_to(books: SandboxBooks) -> None:
    for number in ("10007", "10008"):
        document = replace(order(books, f"1-{number}"), customer_remote_id=number)
        assert books.ledger().create(document).customer_remote_id == number


# --- what is refused ------------------------------------------------------------------


Change = Callable[[Any], Any]


@pytest.mark.parametrize(
    ("document", "field", "sentence"),
    [
        (lambda d: replace(d, customer_remote_id="10009"), "customer", "Invalid Customer Status"),
        (lambda d: replace(d, customer_remote_id="77"), "customer", "Exception searching customer"),
        (lambda d: replace(d, answers={"branch": "77"}), "branch", "Invalid value"),
        (lambda d: replace(d, answers={"warehouse": "X"}), "warehouse", "Invalid Warehouse Id"),
        (lambda d: replace(d, answers={"order_type": "IN"}), "order_type", "Invalid value"),
        (lambda d: replace(d, terms_remote_id="GONE"), "terms_of_payment", "TermsId cannot be empty"),
        (lambda d: replace(d, currency="SEK"), "currency", "can not be overridden"),
        (
            lambda d: replace(d, lines=(replace(d.lines[1], project_remote_id="P-24-003"),)),
            "project",
            "status is Completed",
        ),
        (
            lambda d: replace(d, lines=(replace(d.lines[1], article_remote_id="GAMMEL-1"),)),
            "article",
            "InventoryId cannot be found",
        ),
    ],
)
def test_an_order_is_refused_with_the_place_to_mend_it(
    books: SandboxBooks, document: Change, field: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence) as caught:
        books.ledger().create(document(order(books)))

    assert (caught.value.field, bool(caught.value.code), bool(caught.value.error_id)) == (field, True, True)


@pytest.mark.parametrize(
    ("document", "field", "sentence"),
    [
        (lambda d: replace(d, customer_remote_id="10009"), "", "status is 'OnHold'"),
        (lambda d: replace(d, customer_remote_id="77"), "customer", "Customer '77' cannot be found"),
        (lambda d: replace(d, answers={"branch": "77"}), "branch", "Branch '77' cannot be found"),
        (lambda d: replace(d, terms_remote_id="GONE"), "terms_of_payment", "CreditTerms 'GONE' cannot be found"),
    ],
)
def test_an_invoice_is_refused_with_the_place_to_mend_it(
    books: SandboxBooks, document: Change, field: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence) as caught:
        books.ledger().create(document(books.new_draft("1-A")))

    assert (caught.value.field, bool(caught.value.error_id)) == (field, True)


def test_a_currency_that_the_books_do_not_know(books: SandboxBooks) -> None:
    with pytest.raises(Refused, match="Currency 'XXX' cannot be found") as caught:
        books.ledger().create(replace(books.new_customer("C-1"), currency="XXX"))

    assert caught.value.field == "currency"


def test_a_customer_without_an_email_can_be_billed(books: SandboxBooks) -> None:
    for kind in SALES:
        document: Any = books.document(kind, f"1-{kind}")
        assert books.ledger().create(replace(document, customer_remote_id="10004")).customer_remote_id == "10004"


def test_a_class_that_requires_a_vat_zone_names_the_question(books: SandboxBooks) -> None:
    document = replace(books.new_customer("C-1"), answers={"customer_class": "ØVRIG"})
    with pytest.raises(Refused) as caught:
        books.ledger().create(document)
    assert caught.value.field == "vat_zone"

    books.ledger().create(replace(document, answers={**document.answers, "vat_zone": "01"}))


def test_a_number_that_is_taken_is_a_conflict_and_found(books: SandboxBooks) -> None:
    document = replace(books.new_customer("10001"), number="10001")

    with pytest.raises(Conflict, match="already exists"):
        books.ledger().create(document)

    assert [(each.remote_id, each.name) for each in found(books, document)] == [("10001", "Nidaros Borettslag")]


def test_permissions_are_asked_for_one_by_one(books: SandboxBooks) -> None:
    granted = books.sandbox.grant(scopes="vismanet_erp_service_api:read visma.net.erp.salesorder:read")
    books.access = FixedAccess(granted["access_token"])

    for kind, scope in (("customer", "service_api:create"), ("sales_order", "salesorder:write")):
        with pytest.raises(NotAllowed, match=scope):
            books.ledger().create(books.document(kind))


@pytest.mark.parametrize("retry_after", [True, False])
def test_a_limit_says_how_long_to_wait(books: SandboxBooks, retry_after: bool) -> None:
    switch(books, rate_limit=1, retry_after=retry_after)
    ledger = books.ledger()

    with pytest.raises(TryLater) as caught:
        ledger.company()

    assert caught.value.after is not None
    assert timedelta(minutes=59) < caught.value.after <= timedelta(hours=1)


# --- changes -----------------------------------------------------------------------------


def test_the_head_of_an_order_is_changed_by_itself(books: SandboxBooks) -> None:
    ledger = books.ledger()
    document = order(books)
    receipt = ledger.create(document)

    changed = replace(
        document, title="Ny tittel", your_reference="Ola", deliver_on=datetime(2026, 12, 1, tzinfo=UTC).date()
    )
    updated = ledger.update(receipt, changed, frozenset({"title", "your_reference", "deliver_on"}))

    stored = books.stored(receipt)
    assert (stored["description"], stored["refNo"], stored["requestOn"][:10]) == ("Ny tittel", "Ola", "2026-12-01")
    assert (updated.totals, updated.reference) == (receipt.totals, document.reference)
    assert books.written() == ["POST", "PATCH"]


def test_an_order_that_is_changed_meanwhile_is_left_alone(books: SandboxBooks) -> None:
    ledger = books.ledger()
    document = order(books)
    receipt = ledger.create(document)
    books.touch(receipt)

    with pytest.raises(Conflict):
        ledger.update(receipt, document, frozenset({"title"}))
    books.answer_instead("PATCH", 412, b'{"title": "Precondition Failed", "status": 412}')
    with pytest.raises(Conflict):
        ledger.update(replace(receipt, version=""), document, frozenset({"title"}))
    books.recover()
    books.answer_instead("PATCH", 428, b'{"title": "Precondition Required", "status": 428}')
    with pytest.raises(Conflict):
        ledger.update(replace(receipt, version=""), document, frozenset({"title"}))


def test_refused_lines_leave_the_order_as_it_was(books: SandboxBooks) -> None:
    ledger = books.ledger()
    document = order(books)
    receipt = ledger.create(document)
    worse = replace(document, lines=(replace(document.lines[1], article_remote_id="NONE"),))

    with pytest.raises(Refused):
        ledger.update(receipt, worse, frozenset({"lines"}))

    assert ledger.fetch(receipt).totals == receipt.totals


def test_lines_that_are_changed_by_half_are_unclear(books: SandboxBooks) -> None:
    ledger = books.ledger()
    document = order(books)
    receipt = ledger.create(document)
    books.answer_instead("DELETE", 400, b'{"title": "Nei", "status": 400}')

    with pytest.raises(Unclear):
        ledger.update(receipt, document, frozenset({"lines"}))


def test_a_later_revision_takes_the_place_of_the_former(books: SandboxBooks) -> None:
    revised = frozenset(
        {
            "reference", "customer_remote_id", "customer_is_company", "work_order_number", "your_reference", "title",
            "deliver_on", "delivery_name", "delivery_address", "prices_include_vat", "lines",
        }
    )  # fmt: skip
    ledger = books.ledger()
    for make, own in ((books.new_order, "1187-ORDER"), (books.new_draft, "1188-DRAFT")):
        first: Any = make(own)
        receipt = ledger.create(first)
        second = replace(make(f"{own}-2"), title="Rettet", lines=(*first.lines, first.lines[1]))

        updated = ledger.update(ledger.fetch(receipt), second, revised)

        assert (updated.remote_id, updated.reference) == (receipt.remote_id, f"{own}-2")
        assert updated.totals == books.provider.predict(second, books.company)
        assert (found(books, first), [each.remote_id for each in found(books, second)]) == ([], [receipt.remote_id])


def test_an_order_whose_lines_were_changed_by_half_can_be_changed_again(books: SandboxBooks) -> None:
    ledger = books.ledger()
    first, second = books.new_order("1187-FIRST"), books.new_order("1187-FIRST-2")
    receipt = ledger.create(first)
    books.answer_instead("DELETE", 503)
    with pytest.raises(Unclear):
        ledger.update(receipt, second, frozenset({"reference", "lines"}))
    books.recover()
    # The reference comes last, so nobody takes it for done.
    assert (len(found(books, first)), found(books, second)) == (1, [])

    updated = ledger.update(ledger.fetch(receipt), second, frozenset({"reference", "lines"}))

    assert updated.totals == receipt.totals
    assert len(found(books, second)) == 1


def test_what_is_delivered_or_released_cannot_be_changed(books: SandboxBooks) -> None:
    ledger = books.ledger()
    for document in (books.new_order("1-A"), books.new_draft("1-B")):
        receipt = ledger.create(document)
        books.book(receipt)

        with pytest.raises(Refused):
            ledger.update(replace(receipt, version=""), document, frozenset({"title"}))


def test_an_article_is_changed(books: SandboxBooks) -> None:
    ledger = books.ledger()
    document = books.new_article("A-1")
    receipt = ledger.create(document)

    updated = ledger.update(receipt, replace(document, name="Nytt navn"), frozenset({"name"}))

    assert (updated.name, updated.reference) == ("Nytt navn", "A-1")
    with pytest.raises(Conflict):
        ledger.update(receipt, document, frozenset({"name"}))


def test_a_released_invoice_is_not_taken_back(books: SandboxBooks) -> None:
    ledger = books.ledger()
    receipt = ledger.create(books.document("invoice_draft"))
    books.book(receipt)

    with pytest.raises(Refused, match="not released"):
        ledger.remove(receipt)
    assert "DELETE" not in books.written()


def test_a_customer_or_an_invoice_without_our_reference_any_more(books: SandboxBooks) -> None:
    ledger = books.ledger()
    receipt = ledger.create(books.document("invoice_draft"))
    values = {"externalReference": "", "customerRefNumber": ""}
    books.sandbox.change_records({"resource": "customerinvoice", "id": receipt.remote_id, "values": values})

    assert ledger.fetch(receipt).reference == ""
    books.sandbox.change_records({"resource": "customerinvoice", "action": "remove", "id": receipt.remote_id})
    with pytest.raises(NotFound):
        ledger.fetch(receipt)
