"""Lists: how they are asked for, when they end, and what their objects become."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from accounting.errors import NotAllowed, Refused, TryLater, UnexpectedAnswer
from accounting.providers.visma_eaccounting.streams import STREAMS
from accounting.types import (
    Address,
    ArticleRecord,
    CodingRecord,
    Contact,
    CustomerRecord,
    OrderLineRecord,
    OrderState,
    ProjectRecord,
    Record,
    SalesOrderRecord,
    TermsRecord,
    UnitRecord,
)
from tests.accounting.contract import read_all, understood
from tests.accounting.providers.visma_eaccounting import samples as sample
from tests.accounting.providers.visma_eaccounting.sample_books import SampleBooks, said
from tests.accounting.providers.visma_eaccounting.samples import guid

SINCE = datetime(2026, 11, 20, 9, 30, 59, 999999, tzinfo=UTC)


def one(samples: SampleBooks, kind: type[Record], **members: Any) -> Any:
    """The one record that the first object of the list becomes, with those members."""
    path = STREAMS[kind].path
    samples.lists[path] = [{**samples.lists[path][0], **members}]
    batch = understood(read_all(samples.ledger(), kind))
    assert batch.rejected == []
    return batch.records[0]


def rejection(samples: SampleBooks, kind: type[Record], **members: Any) -> Any:
    path = STREAMS[kind].path
    samples.lists[path] = [{**samples.lists[path][0], **members}]
    batch = understood(read_all(samples.ledger(), kind))
    assert batch.records == []
    return batch.rejected[0]


# --- asking ----------------------------------------------------------------------


def test_a_first_read_asks_for_everything_in_a_lasting_order(samples: SampleBooks) -> None:
    page = samples.ledger().read(CustomerRecord, since=None)

    assert samples.queries == [{"$page": "1", "$pagesize": "2", "$orderby": "Id"}]
    assert page.next_position == "2@2"
    assert page.total == 3


@pytest.mark.parametrize(
    ("kind", "member"),
    [
        (CustomerRecord, "ChangedUtc"),
        (ArticleRecord, "ChangedUtc"),
        (CodingRecord, "ChangedUtc"),
        (ProjectRecord, "ModifiedUtc"),
        (SalesOrderRecord, "ModifiedUtc"),
    ],
)
def test_a_later_read_asks_for_changes_rounded_down_to_the_second(
    samples: SampleBooks, kind: type[Record], member: str
) -> None:
    samples.ledger().read(kind, since=SINCE)

    assert samples.queries[0]["$filter"] == f"{member} ge 2026-11-20T09:30:59Z"


@pytest.mark.parametrize("kind", [UnitRecord, TermsRecord])
def test_lists_without_stamps_are_read_whole(samples: SampleBooks, kind: type[Record]) -> None:
    samples.ledger().read(kind, since=SINCE)

    assert "$filter" not in samples.queries[0]


def test_a_position_remembers_the_size_of_its_pages(samples: SampleBooks) -> None:
    samples.ledger().read(CustomerRecord, since=None, position="3@100")

    assert (samples.queries[0]["$page"], samples.queries[0]["$pagesize"]) == ("3", "100")


@pytest.mark.parametrize("refused", [["$filter", "$orderby"], ["$orderby"], ["$filter"]])
def test_a_query_that_is_refused_is_made_plainer_and_not_tried_again(samples: SampleBooks, refused: list[str]) -> None:
    serve = samples._list

    def picky(name: str, query: dict[str, str]) -> Any:
        if set(refused) & set(query):
            return said(400, sample.error(6000, "QueryParameterException - Could not find a property"))
        return serve(name, query)

    samples._list = picky  # type: ignore[method-assign]
    ledger = samples.ledger()

    pages = list(read_all(ledger, CustomerRecord, since=datetime(2020, 1, 1, tzinfo=UTC)))

    assert len({entry.remote_id for page in pages for entry in page.entries}) == 3
    refusals = 1 if refused == ["$orderby"] else 2
    assert [page.requests for page in pages] == [1 + refusals, 1]
    assert ("$filter" in samples.queries[-1]) == ("$filter" not in refused)


def test_another_refusal_of_a_list_is_told(samples: SampleBooks) -> None:
    samples.answer_instead("GET", 400)

    with pytest.raises(Refused):
        samples.ledger().read(CustomerRecord, since=None)


def test_an_address_without_such_a_list_is_no_empty_list(samples: SampleBooks) -> None:
    samples.answer_instead("GET", 404, b"")

    with pytest.raises(UnexpectedAnswer):
        samples.ledger().read(CustomerRecord, since=None)


# --- ending ----------------------------------------------------------------------


def with_meta(samples: SampleBooks, change: Callable[[int, dict[str, Any]], dict[str, Any]]) -> None:
    """The lists as they are, but with their `Meta` changed according to the page that was asked for."""
    serve = samples._list

    def changed(name: str, query: dict[str, str]) -> Any:
        status, headers, body = serve(name, query)
        envelope = sample.json_of(body)
        return said(status, change(int(query["$page"]), envelope))

    samples._list = changed  # type: ignore[method-assign]


def test_pages_that_are_smaller_than_asked_for_are_followed_to_the_end(samples: SampleBooks) -> None:
    serve = samples._list
    samples._list = lambda name, query: serve(name, {**query, "$pagesize": "1"})  # type: ignore[method-assign]

    pages = list(read_all(samples.ledger(), CustomerRecord))

    assert [len(page.entries) for page in pages] == [1, 1, 1]


def test_a_server_that_always_gives_the_first_page_is_noticed(samples: SampleBooks) -> None:
    serve = samples._list
    samples._list = lambda name, query: serve(name, {**query, "$page": "1"})  # type: ignore[method-assign]

    with pytest.raises(UnexpectedAnswer):
        list(read_all(samples.ledger(), CustomerRecord))
    assert len(samples.calls) == 2


def test_another_page_than_the_one_asked_for_is_not_taken(samples: SampleBooks) -> None:
    serve = samples._list
    samples._list = lambda name, query: serve(name, {**query, "$page": "2"})  # type: ignore[method-assign]

    with pytest.raises(UnexpectedAnswer):
        samples.ledger().read(CustomerRecord, since=None)


def test_a_page_that_repeats_itself_is_noticed(samples: SampleBooks) -> None:
    first = sample.json_of(samples._list("customers", {"$page": "1", "$pagesize": "2"})[2])["Data"]
    with_meta(samples, lambda page, envelope: {"Meta": {**envelope["Meta"], "TotalNumberOfPages": 99}, "Data": first})

    with pytest.raises(UnexpectedAnswer):
        list(read_all(samples.ledger(), CustomerRecord))
    assert len(samples.calls) == 2


def test_a_list_that_outgrows_its_promise_is_noticed(samples: SampleBooks) -> None:
    def growing(page: int, envelope: dict[str, Any]) -> dict[str, Any]:
        return {"Meta": {**envelope["Meta"], "TotalNumberOfPages": page + 1}, "Data": [{"Id": f"{page}"}]}

    with_meta(samples, growing)

    with pytest.raises(UnexpectedAnswer):
        list(read_all(samples.ledger(), CustomerRecord))
    assert len(samples.calls) == 13  # two promised: 2 * 1.1 + 10, and the one that is too many


@pytest.mark.parametrize("pages", [0, 1])
def test_an_empty_list_may_call_itself_one_page_or_none(samples: SampleBooks, pages: int) -> None:
    samples.lists["customers"] = []
    with_meta(samples, lambda page, envelope: {**envelope, "Meta": {**envelope["Meta"], "TotalNumberOfPages": pages}})

    page = samples.ledger().read(CustomerRecord, since=None)

    assert (page.entries, page.next_position, page.total) == ([], "", 0)


@pytest.mark.parametrize("envelope", [{}, {"Data": []}, {"Meta": {}, "Data": []}, {"Meta": None, "Data": None}])
def test_a_list_without_its_envelope_is_no_list(samples: SampleBooks, envelope: dict[str, Any]) -> None:
    with_meta(samples, lambda page, _: envelope)

    with pytest.raises(UnexpectedAnswer):
        samples.ledger().read(CustomerRecord, since=None)


def test_the_clock_is_the_server_s_own(samples: SampleBooks) -> None:
    with_meta(
        samples, lambda page, each: {**each, "Meta": {**each["Meta"], "ServerTimeUtc": "2026-07-21T17:32:28.1234567Z"}}
    )

    page = samples.ledger().read(CustomerRecord, since=None)

    assert page.server_time == datetime(2026, 7, 21, 17, 32, 28, 123456, tzinfo=UTC)


def test_an_object_without_id_is_left_out_and_told(samples: SampleBooks) -> None:
    samples.lists["customers"] = [{"Name": "Nobody"}, sample.customer(1)]

    page = samples.ledger().read(CustomerRecord, since=None)

    assert [entry.remote_id for entry in page.entries] == [guid("customer 1")]
    assert [(each.field, each.sentence) for each in page.rejected] == [("Id", "A customer without an id was left out.")]


def test_a_module_that_is_off_is_not_an_empty_list(samples: SampleBooks) -> None:
    samples.answer_instead("GET", 403, path="orders")

    with pytest.raises(NotAllowed, match="No access to module: api_standard") as caught:
        samples.ledger().read(SalesOrderRecord, since=None)
    assert caught.value.error_id == sample.ERROR_ID


def test_the_wait_is_read_from_the_text(samples: SampleBooks) -> None:
    samples.answer_instead("GET", 429)

    with pytest.raises(TryLater) as caught:
        samples.ledger().read(CustomerRecord, since=None)
    assert caught.value.after is not None
    assert caught.value.after.total_seconds() == 55


# --- understanding ---------------------------------------------------------------


def test_a_customer(samples: SampleBooks) -> None:
    assert one(samples, CustomerRecord) == CustomerRecord(
        remote_id=guid("customer 1"),
        changed_at=datetime(2026, 6, 27, 17, 34, 17, 672816, tzinfo=UTC),
        number="1001",
        name="Byggbolaget 1 AB",
        is_company=True,
        organisation_number="556677-8899",
        vat_number="SE556677889901",
        email="faktura@bygg.example",
        phone="033-10 20 30",
        website="https://bygg.example",
        address=Address(street="Storgatan 1", postcode="503 30", city="Borås", country="SE"),
        contact=Contact(name="Eva Ek", email="eva@bygg.example", mobile="070-1740605"),
        currency="SEK",
        discount_percent=Decimal("12.5"),
        terms_remote_id=guid("30 days"),
        note="Ring före\nkl. 10\ufffd",
    )


@pytest.mark.parametrize("gone", ["null", "missing"])
def test_null_and_missing_are_the_same(samples: SampleBooks, gone: str) -> None:
    kept = {"Id": guid("customer 1"), "Name": "Bara namn"}
    empty = {name: None for name in sample.customer(1) if name not in kept}
    samples.lists["customers"] = [{**(empty if gone == "null" else {}), **kept}]

    record = understood(read_all(samples.ledger(), CustomerRecord)).records[0]

    assert record == CustomerRecord(remote_id=guid("customer 1"), number="", name="Bara namn", is_company=True)


def test_a_private_and_inactive_customer(samples: SampleBooks) -> None:
    record = one(samples, CustomerRecord, IsPrivatePerson=True, IsActive=False)

    assert (record.is_company, record.active) == (False, False)


@pytest.mark.parametrize(
    ("members", "field", "reason"),
    [
        ({"Name": "x" * 201}, "Name", "Name has 201 characters, and at most 200 fit"),
        ({"Name": " "}, "Name", "Name is empty"),
        ({"Note": "x" * 4001}, "Note", "at most 4000 fit"),
        ({"EmailAddress": "x" * 255}, "EmailAddress", "at most 254 fit"),
        ({"DiscountPercentage": 1.5}, "DiscountPercentage", "is not between 0 and 1"),
        ({"DiscountPercentage": -0.1}, "DiscountPercentage", "is not between 0 and 1"),
        ({"ChangedUtc": "yesterday"}, "ChangedUtc", "is not a moment"),
        ({"Name": 17}, "Name", "has another form than documented"),
        ({"InvoiceCountryCode": "SWE"}, "InvoiceCountryCode", "at most 2 fit"),
    ],
)
def test_a_customer_that_does_not_fit_is_rejected_by_name(
    samples: SampleBooks, members: dict[str, Any], field: str, reason: str
) -> None:
    rejected = rejection(samples, CustomerRecord, **members)

    assert rejected.remote_id == guid("customer 1")
    assert rejected.field == field
    assert rejected.sentence.startswith("Customer 1001")
    assert reason in rejected.sentence


def test_an_article(samples: SampleBooks) -> None:
    record = one(samples, ArticleRecord, NetPrice=33.333333, Note="Lång text")

    assert record == ArticleRecord(
        remote_id=guid("article 1"),
        changed_at=record.changed_at,
        number="A1",
        name="Rör 1 mm",
        text="Lång text",
        unit_remote_id=guid("st"),
        unit_name="st",
        coding_remote_id=guid("Varor 25 %"),
        price=Decimal("33.3333"),
        price_with_vat=Decimal("99.0"),
        ean="7310990187128",
        stock_quantity=Decimal("12.5"),
    )


@pytest.mark.parametrize("unit", [None, "00000000-0000-0000-0000-000000000000"])
def test_an_article_without_unit_has_none(samples: SampleBooks, unit: str | None) -> None:
    record = one(samples, ArticleRecord, UnitId=unit, UnitName=None, UnitAbbreviation=None)

    assert (record.unit_remote_id, record.unit_name) == ("", "")


def test_a_service_has_no_stock(samples: SampleBooks) -> None:
    record = one(samples, ArticleRecord, IsServiceArticle=True, Barcodes=None)

    assert (record.is_service, record.stock_quantity, record.ean) == (True, None, "")


@pytest.mark.parametrize("price", ["NaN", "Infinity", 1e15, "dear"])
def test_an_impossible_price_rejects_its_article_only(samples: SampleBooks, price: object) -> None:
    samples.lists["articles"][0]["NetPrice"] = price

    batch = understood(read_all(samples.ledger(), ArticleRecord))

    assert [each.remote_id for each in batch.rejected] == [guid("article 1")]
    assert len(batch.records) == 2


def test_units_are_known_by_all_their_words(samples: SampleBooks) -> None:
    units = understood(read_all(samples.ledger(), UnitRecord)).records

    assert (
        UnitRecord(remote_id=guid("tim"), name="Timme", abbreviation="tim", words=("h", "TIM", "tim", "Timme")) in units
    )


@pytest.mark.parametrize(
    ("word", "is_service"),
    [
        ("Service", True),
        ("Services", True),
        ("Tjänst", True),
        ("Tjenester", True),
        ("Palvelut", True),
        ("Diensten", True),
    ]
    + [("2", True), ("Goods", False), ("Varor", False), ("1", False), (None, False), ("", False)],
)
def test_a_coding_is_for_goods_or_service(samples: SampleBooks, word: str | None, is_service: bool) -> None:
    assert one(samples, CodingRecord, Type=word).is_service == is_service


@pytest.mark.parametrize(("rate", "percent"), [(25.0, 25), (0.25, 25), (0, 0), (5.5, "5.5"), (None, None)])
def test_a_vat_rate_is_in_per_cent(samples: SampleBooks, rate: object, percent: object) -> None:
    expected = None if percent is None else Decimal(str(percent))

    assert one(samples, CodingRecord, VatRatePercent=rate).vat_percent == expected


def test_terms_say_whether_they_are_for_sales(samples: SampleBooks) -> None:
    terms = understood(read_all(samples.ledger(), TermsRecord)).records

    assert [(each.name, each.days, each.for_sales) for each in terms if isinstance(each, TermsRecord)] == [
        ("30 dagar netto", 30, True),
        ("10 dagar netto", 10, True),
        ("Autogiro", 0, False),
    ]


@pytest.mark.parametrize(("status", "active"), [(1, True), (2, False), (9, False), (None, False)])
def test_only_ongoing_projects_are_active(samples: SampleBooks, status: int | None, active: bool) -> None:
    record = one(samples, ProjectRecord, Status=status, EndDate="2026-12-31T00:00:00")

    assert (record.active, record.starts_on, record.ends_on) == (active, date(2026, 3, 30), date(2026, 12, 31))
    assert record.customer_remote_id == guid("customer 1")


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (1, OrderState.DRAFT),
        (2, OrderState.CONFIRMED),
        (3, OrderState.DELIVERED),
        (4, OrderState.INVOICED),
        (99, OrderState.UNKNOWN),
        (None, OrderState.UNKNOWN),
    ],
)
def test_an_order_has_a_state(samples: SampleBooks, status: int | None, state: OrderState) -> None:
    assert one(samples, SalesOrderRecord, Status=status).state == state


def test_an_order_with_its_lines(samples: SampleBooks) -> None:
    samples.lists["orders"] = [sample.order(2)]

    record = understood(read_all(samples.ledger(), SalesOrderRecord)).records[0]

    assert record == SalesOrderRecord(
        remote_id=guid("order 2"),
        changed_at=record.changed_at,
        number="2002",
        state=OrderState.CONFIRMED,
        customer_remote_id=guid("customer 1"),
        currency="SEK",
        ordered_on=date(2026, 3, 30),
        deliver_on=date(2026, 4, 2),
        your_reference="Eva Ek",
        delivery_name="Brf Eken",
        delivery_address=Address(street="Ekgatan 3", postcode="503 31", city="Borås", country="SE"),
        lines=(
            OrderLineRecord(text="Byte av stam"),
            OrderLineRecord(
                article_remote_id=guid("article 1"),
                text="Rör 1 mm",
                quantity=Decimal("10.5"),
                unit_price=Decimal("100.0"),
                discount_percent=Decimal("5.0"),
                project_remote_id=guid("project 1"),
            ),
        ),
    )


def test_a_discount_in_kronor_cannot_be_taken_over(samples: SampleBooks) -> None:
    row = {**sample.order(2)["Rows"][1], "IsDiscountInFixedAmount": True, "DiscountFixedAmount": 50.0}

    rejected = rejection(samples, SalesOrderRecord, Number=2001, Rows=[row])

    assert rejected.sentence.startswith("Sales order 2001: Rows[1].DiscountFixedAmount is a sum")
