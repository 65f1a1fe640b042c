"""What belongs to which books, where a firm has several: on records, in lists, in the settings, in the admin."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounting.models import Books
from fieldwork.models import Customer, Material, Organization
from integrations.models import Connection, ConnectionSettings, Link, Operation, Run, StreamSetting
from tests.integrations.exporting import complete

pytestmark = pytest.mark.django_db

OTHER = "visma_eaccounting"


@pytest.fixture
def further(connection: Connection) -> Connection:
    """Other books beside those of record."""
    books = Books.objects.create(
        provider=OTHER, environment="x", remote_id="2", name="Old books AB", country="SE", currency="SEK"
    )
    made = Connection.objects.create(
        organization=connection.organization,
        provider=OTHER,
        books=books,
        state=Connection.State.ACTIVE,
        is_books_of_record=False,
        connected_at=timezone.now(),
    )
    ConnectionSettings.objects.create(connection=made, saved_at=timezone.now())
    StreamSetting.objects.create(connection=made, stream="customers", enabled=False, overwrite=False)
    return made


def link(connection: Connection, record: object, kind: str, number: str) -> Link:
    return Link.objects.create(
        books=connection.books,
        kind=kind,
        remote_id=f"{kind}-{number}",
        remote_number=number,
        local_model=record._meta.label,
        local_id=record.pk,
    )


@pytest.mark.parametrize("of_record", ["acme_books", OTHER])
def test_the_books_of_record_stand_first_among_the_connections(browser, connection, further, of_record):
    Connection.objects.update(is_books_of_record=False)
    Connection.objects.filter(provider=of_record).update(is_books_of_record=True)

    cards = browser.get(reverse("integrations:books")).context["cards"]

    assert cards[0].provider.key == of_record
    assert {each.provider.key for each in cards[:2]} == {"acme_books", OTHER}


def test_a_customers_page_shows_both_links(browser, connection, further, customer):
    link(connection, customer, "customer", "1001")
    link(further, customer, "customer", "K77")

    page = browser.get(reverse("fieldwork:customer_detail", args=[customer.pk])).content.decode()

    assert "1001" in page
    assert "K77" in page
    assert "Old books AB" in page
    assert "Further books" in page


def test_a_customer_of_further_books_alone_can_still_be_added(browser, connection, further, customer):
    link(further, customer, "customer", "K77")

    page = browser.get(reverse("fieldwork:customer_detail", args=[customer.pk])).content.decode()

    assert "Not in the books" in page
    assert "K77" in page
    assert "Add as customer in Acme Books" in page


def test_links_stay_to_be_seen_after_everything_was_disconnected(browser, connection, further, customer):
    link(further, customer, "customer", "K77")
    Connection.objects.update(state=Connection.State.DISCONNECTED, disconnected_at=timezone.now())

    page = browser.get(reverse("fieldwork:customer_detail", args=[customer.pk])).content.decode()

    assert "K77" in page
    assert "Not connected any more" in page


def test_a_materials_page_shows_its_books(browser, connection, further, material):
    link(connection, material, "article", "A1")
    gone = link(further, material, "article", "B2")
    gone.gone_at = timezone.now()
    gone.save()

    page = browser.get(reverse("fieldwork:material_edit", args=[material.pk])).content.decode()

    assert "A1" in page
    assert "Open in Acme Books" in page
    assert "B2" in page
    assert "gone from the books" in page


def test_a_new_material_belongs_nowhere_yet(browser, connection, further):
    assert "In the books" not in browser.get(reverse("fieldwork:material_create")).content.decode()


def test_a_work_order_from_further_books_says_so_and_goes_to_those_of_record(browser, connection, further, work_order):
    link(further, work_order, "sales_order", "SO-9")
    operation = complete(work_order)
    Operation.objects.filter(pk=operation.pk).update(
        state=Operation.State.DONE, stage="draft", remote_id="d1", remote_number="1042"
    )

    page = browser.get(reverse("fieldwork:work_order_detail", args=[work_order.pk])).content.decode()

    assert "Draft 1042" in page
    assert "SO-9" in page
    assert "Old books AB" in page


def test_of_two_operations_that_of_the_books_of_record_counts(browser, connection, further, work_order):
    first = complete(work_order)
    Operation.objects.filter(pk=first.pk).update(
        state=Operation.State.DONE, stage="draft", remote_id="d1", remote_number="1042"
    )
    later = Operation.objects.get(pk=first.pk)
    later.pk, later.books, later.state, later._state.adding = None, further.books, Operation.State.QUEUED, True
    later.id = Operation._meta.pk.get_default()
    later.save()

    listed = browser.get(reverse("fieldwork:work_order_list")).content.decode()
    page = browser.get(reverse("fieldwork:work_order_detail", args=[work_order.pk])).content.decode()

    assert "Draft 1042" in listed
    assert "Draft 1042" in page
    assert "Old books AB" in page


@pytest.mark.parametrize("name", ["customer_list", "material_list"])
def test_lists_name_the_books_once_there_are_two(browser, connection, further, customer, material, name):
    record, kind = (customer, "customer") if name == "customer_list" else (material, "article")
    link(further, record, kind, "7")

    page = browser.get(reverse(f"fieldwork:{name}")).content.decode()

    assert '<span class="pill grey">Visma eAccounting</span>' in page


def test_with_one_set_of_books_lists_stay_as_they_are(browser, connection, customer):
    link(connection, customer, "customer", "7")

    assert "Acme Books" not in browser.get(reverse("fieldwork:customer_list")).content.decode()


def test_links_of_another_firm_are_not_shown(browser, connection, further):
    other = Organization.objects.create(name="Other", slug="other")
    theirs = Customer.objects.create(organization=other, number="1", name="Theirs")
    link(further, theirs, "customer", "SECRET-1")

    assert "SECRET-1" not in browser.get(reverse("fieldwork:customer_list")).content.decode()


def test_the_health_page_speaks_of_further_books_when_they_need_somebody(browser, connection, further):
    address = reverse("integrations:health")
    before = browser.get(address).content.decode()
    Connection.objects.filter(pk=further.pk).update(state=Connection.State.RECONNECT)

    assert "no longer accepts the login" not in before
    assert "Visma eAccounting no longer accepts the login" in browser.get(address).content.decode()


def test_runs_name_their_books_once_there_are_two(browser, connection, further):
    Run.objects.create(connection=further, stream="customers", heartbeat_at=timezone.now())

    assert "Old books AB" in browser.get(reverse("integrations:runs")).content.decode()


# --- settings -------------------------------------------------------------------


def test_further_books_have_no_settings_about_sending(browser, further):
    address = reverse("integrations:settings", args=[further.pk])
    page = browser.get(address)

    assert "these are further books" in page.content.decode()
    assert "send-document_kind" not in page.content.decode()

    sent = {"read-hour_units": "h", "read-articles_without_unit": "ask", "read-interval_minutes": "30"}
    answer = browser.post(address, {**sent, "stream-customers-enabled": "on", "send-export_new_customers": "on"})

    further.settings.refresh_from_db()
    stream = further.streams.get(stream="customers")
    assert answer.status_code == 302
    assert (stream.enabled, stream.overwrite) == (True, False)
    assert (further.settings.interval_minutes, further.settings.export_new_customers) == (30, False)


# --- admin ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "query", "shown", "hidden"),
    [
        ("integrations_link", "books__id__exact={further}", "K77", "1001"),
        ("integrations_connection", "is_books_of_record__exact=0", "Old books AB", "Rör &amp; Värme AB (556016-0680)"),
        ("fieldwork_customer", "in_books={further}", "Beside", "Eken"),
        ("fieldwork_customer", "in_books=none", "Nowhere", "Eken"),
        ("fieldwork_material", "in_books={further}", "Copper", "Pipe 22 mm"),
    ],
)
def test_the_admin_can_be_narrowed_to_books(
    admin_client: Client, connection, further, organization, customer, material, name, query, shown, hidden
):
    beside = Customer.objects.create(organization=organization, number="2", name="Beside")
    Customer.objects.create(organization=organization, number="3", name="Nowhere")
    copper = Material.objects.create(organization=organization, number="CU", name="Copper", unit="m")
    link(connection, customer, "customer", "1001")
    link(further, beside, "customer", "K77")
    link(connection, material, "article", "A1")
    link(further, copper, "article", "A2")

    rows = admin_client.get(f"/admin/{name.replace('_', '/')}/?{query.format(further=further.books.pk)}")
    table = rows.content.decode().partition('id="result_list"')[2].partition("</table>")[0]

    assert shown in table
    assert hidden not in table
