"""The activity log: what came and what went, found again by number, name, outcome and day, and as a file."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounting.models import Books
from accounting.types import CustomerRecord
from fieldwork.models import Customer, Organization, User
from integrations.history import note
from integrations.models import Case, Change, Connection, ConnectionSettings, Link, Operation
from integrations.presenting.sheets import DANGEROUS, harmless

pytestmark = pytest.mark.django_db

PAGE = "/books/activity/"
FILE = "/books/activity/csv/"


def text_of(browser: Client, **asked: str) -> str:
    return browser.get(PAGE, asked).content.decode()


def rows_of(browser: Client, **asked: str) -> list[list[str]]:
    """The file's lines below its headings."""
    sent = b"".join(browser.get(FILE, asked).streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(sent), delimiter=";"))[1:]


def outcomes_of(browser: Client, **asked: str) -> set[tuple[str, str]]:
    return {(row[4], row[5]) for row in rows_of(browser, **asked)}


def link(record: Customer, books: Books, **more: object) -> Link:
    return Link.objects.create(
        books=books,
        kind="customer",
        remote_id=f"r-{record.pk}",
        remote_number=record.number,
        local_model=record._meta.label,
        local_id=record.pk,
        **more,
    )


def operation(record: Customer, connection: Connection, **more: object) -> Operation:
    told: dict[str, object] = {"kind": "customer", "local_model": record._meta.label, "local_label": str(record)}
    return Operation.objects.create(
        organization=connection.organization,
        books=connection.books,
        business_key=f"customer:{record.pk}",
        reference=f"FL-{record.number}",
        local_id=record.pk,
        due_at=timezone.now(),
        **told | more,
    )


@pytest.fixture
def another(organization: Organization) -> Customer:
    return Customer.objects.create(organization=organization, number="2002", name="Åkeri Österlen AB")


@pytest.fixture
def happened(connection: Connection, customer: Customer, another: Customer) -> None:
    """Eken came, was changed by a read, and was sent; Åkeri was refused; an unreadable one stayed out."""
    link(customer, connection.books)
    note(customer, source=Change.Source.BOOKS, fields={"phone": ("08-1", "08-2")}, books=connection.books)
    operation(customer, connection, state=Operation.State.DONE, remote_id="77", remote_number="77", stage="customer")
    operation(another, connection, state=Operation.State.REFUSED)
    Case.objects.create(
        organization=connection.organization,
        connection=connection,
        code="look_alike",
        subject_kind="remote_customer",
        subject_id="9",
        subject_label="9001 Bygg & Rör",
        sentence="",
    )


def test_what_came_and_what_went_stand_in_one_list(browser, customer, another, happened):
    assert outcomes_of(browser) == {
        (customer.name, "New"),
        (customer.name, "Changed"),
        (customer.name, "Customer 77"),
        (another.name, "Needs you"),
        ("9001 Bygg & Rör", "Needs you"),
    }


def test_each_row_leads_to_its_record(browser, customer, happened):
    page = text_of(browser)

    assert reverse("fieldwork:customer_detail", args=[customer.pk]) in page
    assert reverse("integrations:entry", args=[Case.objects.get().pk]) in page
    assert "Phone" in page


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"q": "1001"}, {"Bostadsrättsföreningen Eken"}),
        ({"q": "åkeri"}, {"Åkeri Österlen AB"}),
        ({"q": "eken bostads"}, {"Bostadsrättsföreningen Eken"}),
        ({"q": "bygg"}, {"9001 Bygg & Rör"}),
        ({"q": "nobody"}, set()),
        ({"direction": "out"}, {"Bostadsrättsföreningen Eken", "Åkeri Österlen AB"}),
        ({"outcome": "needs_you"}, {"Åkeri Österlen AB", "9001 Bygg & Rör"}),
        ({"outcome": "needs_you", "direction": "in"}, {"9001 Bygg & Rör"}),
        ({"outcome": "new", "direction": "out"}, set()),
        ({"sort": "material"}, set()),
        ({"outcome": "nonsense"}, {"Bostadsrättsföreningen Eken", "Åkeri Österlen AB", "9001 Bygg & Rör"}),
    ],
)
def test_it_is_found_by_number_name_and_what_became_of_it(browser, happened, asked, names):
    assert {name for name, _outcome in outcomes_of(browser, **asked)} == names


def test_days_are_those_of_the_reader(browser, owner, connection, customer):
    User.objects.filter(pk=owner.pk).update(time_zone="Europe/Stockholm")
    made = link(customer, connection.books)
    Link.objects.filter(pk=made.pk).update(created_at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))

    assert rows_of(browser, first_day="2026-03-02", last_day="2026-03-02")[0][0] == "2026-03-02 00:30:00"
    assert rows_of(browser, last_day="2026-03-01") == []


def test_a_day_that_is_none_is_said_and_narrows_nothing(browser, happened):
    page = text_of(browser, first_day="the day before")

    assert "Enter a valid date" in page
    assert "Eken" in page


def test_what_vanished_over_there_is_told(browser, connection, customer):
    link(customer, connection.books, gone_at=timezone.now())

    assert (customer.name, "Gone from the books") in outcomes_of(browser)


def test_a_real_read_shows_up(browser, acme, read, organization):
    acme.put(CustomerRecord(remote_id="c1", number="3003", name="Läst AB", is_company=True))

    read("customers")

    assert outcomes_of(browser) == {("Läst AB", "New")}


def test_no_cell_of_the_file_is_computed(browser, connection, organization):
    evil = Customer.objects.create(organization=organization, number="=1+1", name='=HYPERLINK("http://x";"y")')
    link(evil, connection.books)

    row = rows_of(browser)[0]

    assert row[3:5] == ["'=1+1", '\'=HYPERLINK("http://x";"y")']


@pytest.mark.parametrize("first", DANGEROUS)
def test_a_dangerous_beginning_is_made_harmless(first):
    assert harmless(f"{first}1") == f"'{first}1"
    assert harmless(f"1{first}") == f"1{first}"


def test_the_file_opens_in_a_nordic_spreadsheet(browser, owner, happened):
    User.objects.filter(pk=owner.pk).update(language="sv")

    answer = browser.get(FILE)
    sent = b"".join(answer.streaming_content)

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert sent.startswith(b"\xef\xbb\xbf")
    assert "Åkeri Österlen AB;Behöver dig" in sent.decode()


def test_many_records_cost_no_more_statements(browser, connection, organization, django_assert_max_num_queries):
    made = Customer.objects.bulk_create(
        Customer(organization=organization, number=str(5000 + number), name=f"Kund {number}") for number in range(120)
    )
    for each in made:
        link(each, connection.books)
        operation(each, connection, state=Operation.State.REFUSED)

    with django_assert_max_num_queries(15):
        page = text_of(browser)

    assert "1–50 of 240" in page
    assert "page=2" in page
    assert len(rows_of(browser)) == 240


def test_names_from_outside_do_no_harm(browser, connection, organization):
    link(Customer.objects.create(organization=organization, name="<script>alert(1)</script>"), connection.books)

    assert "<script>alert" not in text_of(browser)


def test_the_office_may_look_and_nobody_else(coordinator, performer, client, happened):
    for address in (PAGE, FILE):
        assert coordinator.get(address).status_code == 200
        assert performer.get(address).status_code == 403
        assert client.get(address).status_code == 302


def test_another_firm_sees_nothing_of_it(stranger, happened):
    assert rows_of(stranger) == []


def test_the_present_holder_of_the_books_does_not_see_the_records_of_the_former(stranger, connection, happened):
    Connection.objects.filter(pk=connection.pk).update(state=Connection.State.DISCONNECTED)
    Connection.objects.create(
        organization=Organization.objects.get(slug="other"),
        provider=connection.provider,
        books=connection.books,
        state=Connection.State.ACTIVE,
        next_due_at=timezone.now() + timedelta(hours=1),
    )

    assert rows_of(stranger) == []


def test_the_owner_says_how_long_the_log_is_kept(browser, coordinator, connection):
    answer = browser.post("/books/activity/keep/", {"keep_log_years": "7"}, follow=True)

    assert ConnectionSettings.objects.get().keep_log_years == 7
    assert 'value="7" selected' in answer.content.decode()
    assert "keep_log_years" not in text_of(coordinator)
    assert coordinator.post("/books/activity/keep/", {"keep_log_years": "1"}).status_code == 403


@pytest.mark.parametrize("years", ["", "3", "-1", "x"])
def test_another_time_is_refused_in_words(browser, connection, years):
    page = browser.post("/books/activity/keep/", {"keep_log_years": years}, follow=True).content.decode()

    assert "Choose how long" in page
    assert ConnectionSettings.objects.get().keep_log_years == 2


def test_another_firms_log_is_not_touched(stranger, connection):
    stranger.post("/books/activity/keep/", {"keep_log_years": "1"})

    assert ConnectionSettings.objects.get().keep_log_years == 2
