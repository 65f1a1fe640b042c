"""What is read becomes our records, whatever the API leaves out, ignores or writes in another way."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounting.errors import NotAllowed, NotFound, ReconnectNeeded, UnexpectedAnswer
from accounting.protocol import SearchesCustomers, ShowsRecords
from accounting.providers.visma_net import VismaNet
from accounting.providers.visma_net.company import locked_until, tenant_of
from accounting.providers.visma_net.resources import Period
from accounting.types import (
    Address,
    ArticleRecord,
    CodingRecord,
    Contact,
    CustomerRecord,
    OrderState,
    ProjectRecord,
    SalesOrderRecord,
    TermsRecord,
    UnitRecord,
)
from tests.accounting.contract import read_all, understood
from tests.accounting.providers.visma_net.sandbox_books import FixedAccess, SandboxBooks


def records(books: SandboxBooks, kind: type[Any], **options: Any) -> dict[str, Any]:
    return {each.remote_id: each for each in understood(read_all(books.ledger(), kind, **options)).records}


def recently() -> datetime:
    return datetime.now(UTC) - timedelta(seconds=2)


# --- translation -------------------------------------------------------------------


def test_a_customer(books: SandboxBooks) -> None:
    found = records(books, CustomerRecord)

    first = found["10001"]
    assert (first.number, first.name, first.is_company) == ("10001", "Nidaros Borettslag", True)
    assert (first.organisation_number, first.vat_number) == ("971234568", "971234568MVA")
    assert first.address == Address(street="Kjøpmannsgata 12", postcode="7013", city="Trondheim", country="NO")
    assert first.delivery_address.street == "Kjøpmannsgata 14 B"
    assert first.contact == Contact(name="Ingrid Moe")
    assert (first.email, first.phone, first.currency) == ("styret@nidaros-brl.example", "73 90 10 01", "NOK")
    assert (first.terms_remote_id, first.active) == ("14", True)
    assert first.changed_at is not None

    assert (found["10006"].is_company, found["10006"].delivery_address) == (False, Address())
    assert [found[number].active for number in ("10009", "10012")] == [True, False]
    assert found["A/S #7"].name == "Tempe Elektro & Co: Lager"
    assert found["10007"].email == found["10008"].email


def test_items_are_kept_in_stock_or_not(books: SandboxBooks) -> None:
    found = records(books, ArticleRecord)

    cable, hours, toll = found["KAB-3G15"], found["ARB-MONT"], found["BOM"]
    assert (cable.name, cable.unit_remote_id, cable.ean) == ("PFXP 3G1,5 kabel", "M", "7020160301501")
    assert (cable.price, cable.coding_remote_id) == (Decimal("18.40"), "3")
    # What can still be taken, in both warehouses; two are promised to somebody.
    assert cable.stock_quantity == 1199
    assert (hours.is_service, hours.unit_remote_id, hours.stock_quantity) == (True, "TIME", None)
    assert (hours.coding_remote_id, toll.coding_remote_id) == ("3/service", "0")
    assert (toll.is_service, toll.stock_quantity) == (False, None)
    assert found["GAMMEL-1"].active is False


def test_small_lists(books: SandboxBooks) -> None:
    codings = records(books, CodingRecord)
    assert {key: (each.vat_percent, each.is_service) for key, each in codings.items() if key.startswith("3")} == {
        "3": (25, False),
        "31": (15, False),
        "33": (12, False),
        "3/service": (25, True),
        "31/service": (15, True),
        "33/service": (12, True),
    }
    assert codings["0"].vat_percent == 0
    terms = records(books, TermsRecord)
    assert {key: (each.name, each.days) for key, each in terms.items()}["30"] == ("30 dager netto", 30)
    units = records(books, UnitRecord)
    assert (units["TIME"].abbreviation, units["TIME"].words) == ("TIME", ("TIME",))


def test_a_unit_that_is_only_converted_to_is_a_unit(books: SandboxBooks) -> None:
    table = books.sandbox.books.tables["unitofmeasure"]
    values = {"fromUnit": "PAKKE", "toUnit": "PAR", "unitMultDiv": "Multiply", "unitRate": 2}
    books.sandbox.change_records({"resource": "unitofmeasure", "action": "add", "values": values})

    page = books.ledger().read(UnitRecord, since=None)

    assert {"PAKKE", "PAR"} <= {entry.remote_id for entry in page.entries}
    assert page.total == len(page.entries) == len(table) + 1


def test_a_project(books: SandboxBooks) -> None:
    found = records(books, ProjectRecord)

    assert (found["P-24-001"].name, found["P-24-001"].customer_remote_id) == (
        "Kjøpmannsgata 14, nytt elanlegg",
        "10001",
    )
    assert {number for number, each in found.items() if each.active} == {
        "P-24-001",
        "P-24-002",
        "P-24-004",
        "P-24-005",
    }


def test_orders_come_with_lines_where_they_may_be_worked_on(books: SandboxBooks) -> None:
    found = records(books, SalesOrderRecord)

    order = found["SO/001000"]
    assert (order.number, order.state, order.customer_remote_id) == ("001000", OrderState.CONFIRMED, "10001")
    assert (order.our_reference, order.currency) == ("Styret 4/24", "NOK")
    assert order.delivery_address == Address(
        street="Kjøpmannsgata 14 B", postcode="7013", city="Trondheim", country="NO"
    )
    assert [(line.article_remote_id, line.quantity, line.project_remote_id) for line in order.lines] == [
        ("JFA-C16", Decimal(4), "P-24-001"),
        ("ARB-MONT", Decimal("6.5"), "P-24-001"),
    ]
    assert found["SO/001001"].lines[1].discount_percent == 10
    assert found["SO/001001"].delivery_address == Address()
    states = {key: each.state for key, each in found.items()}
    assert states["SO/001004"] is OrderState.DRAFT
    assert (states["SO/001005"], found["SO/001005"].lines) == (OrderState.DELIVERED, ())
    assert states["SO/001007"] is OrderState.UNKNOWN
    # A quote is in the list too.
    assert (states["QT/001008"], found["QT/001008"].number) == (OrderState.UNKNOWN, "QT 001008")


def test_details_are_asked_for_only_of_orders_that_may_be_worked_on(books: SandboxBooks) -> None:
    list(read_all(books.ledger(), SalesOrderRecord))

    asked = {path for _, path in books.requests if "/SalesOrders/" in path and not path.endswith("/lines")}
    assert {path.rpartition("/")[2] for path in asked} == {"001000", "001001", "001002", "001003"}


def test_an_order_that_is_deleted_meanwhile_is_left_out(books: SandboxBooks) -> None:
    books.answer_instead("GET", 404, b'{"title": "Not Found", "status": 404}', path="SO/001001")

    assert "SO/001001" not in records(books, SalesOrderRecord)


def test_many_lines_come_in_pages(books: SandboxBooks) -> None:
    order = books.sandbox.books.tables["salesorder"].get("SO/001000")
    assert order is not None
    line = order["lines"][0]
    many = [{**line, "lineId": number} for number in range(1, 8)]
    books.sandbox.change_records({"resource": "salesorder", "id": "SO/001000", "values": {"lines": many}})

    assert len(records(books, SalesOrderRecord)["SO/001000"].lines) == 7


# --- what changed ----------------------------------------------------------------------


@pytest.mark.parametrize("stamps", ["offset", "utc", "bare"])
@pytest.mark.parametrize("zone", ["company", "utc"])
def test_what_changed_is_found_whatever_time_the_api_means(books: SandboxBooks, stamps: str, zone: str) -> None:
    books.sandbox.switch({"switches": {"stamps": stamps, "filter_zone": zone}})
    for kind in (CustomerRecord, ArticleRecord, ProjectRecord, SalesOrderRecord, TermsRecord):
        since = recently()
        changed = books.change(kind)

        assert changed in records(books, kind, since=since), kind


def test_a_filter_that_is_ignored_is_noticed_on_the_rows(books: SandboxBooks) -> None:
    books.sandbox.switch({"switches": {"filters": "ignored"}})
    since = recently()
    changed = books.change(CustomerRecord)

    pages = list(read_all(books.ledger(), CustomerRecord, since=since))

    assert [entry.remote_id for page in pages for entry in page.entries] == [changed]


def test_stock_that_moved_is_read_again_although_the_item_did_not_change(books: SandboxBooks) -> None:
    since = recently()
    count = {"resource": "inventory", "action": "count", "id": "DIM-LED", "values": {"quantity": 40}}
    books.sandbox.change_records(count)

    assert {key: each.stock_quantity for key, each in records(books, ArticleRecord, since=since).items()} == {
        "DIM-LED": 39
    }


def test_a_filter_always_has_its_condition(books: SandboxBooks) -> None:
    list(read_all(books.ledger(), ArticleRecord, since=recently()))

    queries = [entry.query for entry in books.stage.journal.entries()]
    assert all("Condition=%3E%3D" in query for query in queries)
    assert {query.partition("DateTime=")[0].rpartition("&")[2] for query in queries} == {
        "lastModified",
        "availabilityLastModified",
    }
    assert not any("Z&" in query or query.endswith("Z") for query in queries)


# --- pages -------------------------------------------------------------------------


@pytest.mark.parametrize("cap", [1, 3, 1000])
def test_the_server_decides_how_much_fits(books: SandboxBooks, cap: int) -> None:
    books.sandbox.switch({"switches": {"page_cap": cap}})
    books.provider = VismaNet(page_size=6)

    assert len(records(books, CustomerRecord)) == 15
    assert len(records(books, TermsRecord)) == 4


def test_a_list_without_numbers_ends_with_a_short_page(books: SandboxBooks) -> None:
    row = b'{"number": "1", "name": "A", "errorInfo": null}'
    books.answer_instead("GET", 200, b"[" + row + b"]", path="/customer$")

    page = books.ledger().read(CustomerRecord, since=None)

    assert (len(page.entries), page.next_position, page.total) == (1, "", None)


def test_a_list_that_runs_in_circles_is_found_out(books: SandboxBooks) -> None:
    rows = b'[{"number": "1", "metadata": {"totalCount": 99, "maxPageSize": 1}}]'
    books.answer_instead("GET", 200, rows, path="/customer$")
    ledger = books.ledger()
    first = ledger.read(CustomerRecord, since=None)

    with pytest.raises(UnexpectedAnswer, match="over and over"):
        ledger.read(CustomerRecord, since=None, position=first.next_position)


def test_of_lists_that_were_read_to_their_end_nothing_is_kept(books: SandboxBooks) -> None:
    ledger: Any = books.ledger()
    for kind in (CustomerRecord, SalesOrderRecord):
        list(read_all(ledger, kind))

    assert ledger._lists._last == {}


def test_what_a_row_says_of_the_list_is_no_part_of_its_fingerprint(books: SandboxBooks) -> None:
    before = {e.remote_id: e.fingerprint for p in read_all(books.ledger(), CustomerRecord) for e in p.entries}
    books.add_odd(CustomerRecord)
    after = {e.remote_id: e.fingerprint for p in read_all(books.ledger(), CustomerRecord) for e in p.entries}

    assert before.items() <= after.items()
    assert len(after) == len(before) + 1


@pytest.mark.parametrize(
    ("kind", "path", "noun"), [(CustomerRecord, "customer", "customer"), (ArticleRecord, "inventory", "item")]
)
def test_a_record_without_a_number_is_left_out_with_a_word(
    books: SandboxBooks, kind: type[Any], path: str, noun: str
) -> None:
    books.answer_instead("GET", 200, b'[{"name": "Nobody"}]', path=f"/{path}$")

    page = books.ledger().read(kind, since=None)

    assert page.entries == []
    assert [each.sentence for each in page.rejected] == [f"A {noun} without a number was left out."]


def test_orders_are_read_in_small_pages(books: SandboxBooks) -> None:
    books.provider = VismaNet(page_size=500)
    books.ledger().read(SalesOrderRecord, since=None)
    books.ledger().read(CustomerRecord, since=None)

    asked = {entry.path.rpartition("/")[2]: entry.query for entry in books.stage.journal.entries()}
    assert "pageSize=50" in asked["SalesOrders"]
    assert "pageSize=500" in asked["customer"]


def test_terms_that_are_changed_over_there_are_read_again(books: SandboxBooks) -> None:
    since = recently()
    values = {"description": "20 dager netto", "dueDay1": 20}
    books.sandbox.change_records({"resource": "creditTerm", "id": "14", "values": values})

    (terms,) = records(books, TermsRecord, since=since).values()

    assert (terms.remote_id, terms.name, terms.days) == ("14", "20 dager netto", 20)


def test_a_fixed_discount_on_a_line_cannot_be_taken_over(books: SandboxBooks) -> None:
    table = books.sandbox.books.tables["salesorder"]
    order = table.get("SO/001000")
    assert order is not None
    lines = [{**order["lines"][0], "discountPercent": 0, "discountAmount": 10}]
    books.sandbox.change_records({"resource": "salesorder", "id": "SO/001000", "values": {"lines": lines}})

    rejected = understood(read_all(books.ledger(), SalesOrderRecord)).rejected

    assert [(each.remote_id, each.field) for each in rejected] == [("SO/001000", "orderLines[1].discountAmount")]


# --- one record, and alike ----------------------------------------------------------------


def test_a_single_record(books: SandboxBooks) -> None:
    ledger = books.ledger()
    assert isinstance(ledger, ShowsRecords)

    for number in ("10001", "A/S #7"):
        assert ledger.record(CustomerRecord, number).number == number
    assert ledger.record(ArticleRecord, "PROG:ÅR").name == "Programvare, én lisens/år"
    assert ledger.record(ProjectRecord, "P-24-001").customer_remote_id == "10001"
    assert ledger.record(SalesOrderRecord, "SO/001000") == records(books, SalesOrderRecord)["SO/001000"]
    for kind, unknown in ((CustomerRecord, "77"), (SalesOrderRecord, "SO/77")):
        with pytest.raises(NotFound):
            ledger.record(kind, unknown)
    books.sandbox.change_records({"resource": "customer", "id": "10001", "values": {"corporateId": 5}})
    with pytest.raises(UnexpectedAnswer, match="10001"):
        ledger.record(CustomerRecord, "10001")


@pytest.mark.parametrize("filters", ["obeyed", "ignored"])
def test_customers_alike(books: SandboxBooks, filters: str) -> None:
    books.provider = VismaNet(page_size=500)
    books.sandbox.switch({"switches": {"filters": filters}})
    ledger = books.ledger()
    assert isinstance(ledger, SearchesCustomers)
    nobody = replace(books.new_customer("x"), organisation_number="", email="")

    assert ledger.customers_like(nobody) == []
    twins = ledger.customers_like(replace(nobody, email="familien@post.example"))
    assert [each.number for each in twins] == ["10007", "10008"]
    known = ledger.customers_like(replace(nobody, number="10002", organisation_number="971 234 568"))
    assert [each.number for each in known] == ["10002", "10001"]


# --- the company -------------------------------------------------------------------


def test_two_companies_are_two(books: SandboxBooks) -> None:
    other = list(books.sandbox.companies)[1]
    first = books.ledger().company()
    books.access = FixedAccess(books.sandbox.grant(tenant=other)["access_token"])
    second = books.ledger().company()

    assert first.remote_id != second.remote_id == other
    assert second.name == "Fjordlys Service AS"


def test_a_token_that_names_no_tenant_leaves_the_organisation(books: SandboxBooks) -> None:
    books.sandbox.switch({"switches": {"tenant_claim": ""}})
    books.access = FixedAccess(books.sandbox.grant()["access_token"])

    assert books.ledger().company().remote_id == "1:987654325"


@pytest.mark.parametrize("token", ["", "opaque", "a.b.c", "a.eyJ4IjoxfQ.c", "a.W10.c"])
def test_a_token_of_another_make_names_none(token: str) -> None:
    assert tenant_of(token) == ""


def test_the_closed_periods_end_before_the_first_open_one() -> None:
    def month(start: str, end: str, closed: bool) -> Period:
        return Period(start_date=start, end_date=end, closed_in_customer_ledger=closed)

    months = [month("2026-02-01", "2026-03-01", True), month("2026-01-01", "2026-02-01", True)]
    assert str(locked_until([*months, month("2026-03-01", "2026-04-01", False)])) == "2026-02-28"
    assert str(locked_until([month("2026-01-01", "2026-01-31", True)])) == "2026-01-31"
    assert locked_until([]) is None


def test_a_login_that_may_not_see_periods_still_sees_the_company(books: SandboxBooks) -> None:
    books.answer_instead("GET", 403, path="/financialPeriod$")

    assert books.ledger().company().locked_until is None


def test_a_company_without_a_name_for_itself_is_nobody(books: SandboxBooks) -> None:
    books.answer_instead("GET", 200, b"[]", path="/organization$")

    with pytest.raises(UnexpectedAnswer, match="which company"):
        books.ledger().company()


# --- who is not let in -----------------------------------------------------------------


def test_a_customers_tenant_signs_in_and_is_told_what_is_wrong(books: SandboxBooks) -> None:
    books.access = FixedAccess(books.sandbox.grant(tenant=books.sandbox.customer_tenant)["access_token"])

    for ask in (lambda: books.ledger().company(), lambda: books.ledger().read(SalesOrderRecord, since=None)):
        with pytest.raises(ReconnectNeeded, match="tenant id is that of the customer instead of the company"):
            ask()


def test_a_company_without_a_licence(books: SandboxBooks) -> None:
    books.sandbox.switch({"switches": {"licence": False}})

    with pytest.raises(NotAllowed, match="no licence") as caught:
        books.ledger().company()
    assert caught.value.error_id


def test_without_the_sales_orders_scopes_everything_else_can_be_read(books: SandboxBooks) -> None:
    books.access = FixedAccess(books.sandbox.grant(scopes="vismanet_erp_service_api:read")["access_token"])

    assert records(books, CustomerRecord)
    with pytest.raises(NotAllowed, match="salesorder:read"):
        books.ledger().read(SalesOrderRecord, since=None)
