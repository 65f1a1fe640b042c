"""Books beside those of record: an explicit choice, read on demand, and never sent anything."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounting.models import Books
from accounting.types import Address, CustomerRecord, UnitRecord
from fieldwork.models import Customer
from integrations.connecting.disconnecting import disconnect
from integrations.connections import open_ledger
from integrations.models import Connection, Credential, Lease, Link, LoginFlow, Operation, Run, StreamSetting
from integrations.pipelines import PIPELINES, ensure_streams
from integrations.sync import Reader, read_stream
from integrations.tasks import take_turn, tick, work
from integrations.watching.health import health
from tests.integrations.exporting import complete

from .standing_in import Service
from .steps import come_back

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

pytestmark = pytest.mark.django_db(transaction=True)


def join(browser: Client, service: Service, role: str = "further") -> HttpResponse:
    address = reverse("integrations:connect", args=[service.provider.key])
    return browser.post(address, {"login": service.auth.key, "role": role})


def joined(browser: Client, service: Service) -> Connection:
    """The further books, confirmed."""
    page = come_back(browser, service.sign_in(join(browser, service)["Location"]))
    browser.post(page["Location"], {"use": "1"})
    return Connection.objects.get(provider=service.provider.key)


@pytest.fixture
def further(connection: Connection) -> Connection:
    """Acme Books as further books: the connection of the other tests in another role."""
    Connection.objects.update(is_books_of_record=False)
    connection.refresh_from_db()
    return connection


# --- the choice -----------------------------------------------------------------


def test_the_page_explains_both_roles_and_chooses_none(browser, service, connection):
    page = browser.get(reverse("integrations:ways", args=[service.provider.key])).content.decode()

    assert "Further books" in page
    assert "Books of record" in page
    assert f"disconnect {connection}" in page.replace("&amp;", "&")
    assert "checked" not in page


@pytest.mark.parametrize("role", ["", "nonsense"])
def test_without_a_choice_nothing_begins(browser, service, connection, role):
    page = join(browser, service, role).content.decode()

    assert "errorlist" in page
    assert not LoginFlow.objects.exists()


def test_as_books_of_record_they_are_refused_with_the_reason(browser, service, connection):
    page = join(browser, service, "record").content.decode()

    assert "billed twice" in page
    assert "Disconnect that first" in page
    assert not LoginFlow.objects.exists()


def test_they_are_confirmed_as_what_they_were_chosen_to_be(browser, service, connection):
    page = come_back(browser, service.sign_in(join(browser, service)["Location"]))

    shown = browser.get(page["Location"]).content.decode()

    assert "Further books: nothing is sent to them" in shown


def test_nothing_of_them_is_read_before_somebody_says_so(browser, service, connection):
    found = joined(browser, service)

    assert (found.state, found.is_books_of_record) == (Connection.State.ACTIVE, False)
    assert set(found.streams.values_list("enabled", "overwrite")) == {(False, False)}
    assert set(connection.streams.values_list("enabled", flat=True)) == {True}
    assert found.settings.saved_at is None


def test_both_stand_on_the_page_with_their_roles(browser, service, connection):
    joined(browser, service)

    cards = browser.get("/books/").context["cards"]
    page = browser.get("/books/").content.decode()

    roles = {card.provider.key: card.connection.is_books_of_record for card in cards if card.connection}
    assert roles == {"acme_books": True, service.provider.key: False}
    assert "Further books: nothing is sent to them" in page
    assert "Books of record: work orders are sent to them" in page


def test_no_second_books_of_record_by_constraint(connection, books):
    other = Books.objects.create(provider="acme_books", environment="x", remote_id="2", name="B", country="SE")

    with pytest.raises(IntegrityError):
        Connection.objects.create(
            organization=connection.organization, provider="acme_books", books=other, state=Connection.State.ACTIVE
        )


def test_further_books_become_those_of_record_by_connecting_them_anew(browser, service, connection, owner):
    found = joined(browser, service)
    StreamSetting.objects.filter(connection=found, stream="customers").update(enabled=True)
    found.settings.saved_at = timezone.now()
    found.settings.save()
    for each in (connection, found):
        each.refresh_from_db()
        disconnect(each, by=owner)

    page = come_back(browser, service.sign_in(browser.post(f"/books/{service.provider.key}/connect/")["Location"]))
    browser.post(page["Location"], {"use": "1"})

    found.refresh_from_db()
    assert (found.state, found.is_books_of_record) == (Connection.State.ACTIVE, True)
    assert set(found.streams.values_list("enabled", "overwrite")) == {(True, True)}
    assert found.settings.saved_at is None


# --- nothing is sent ------------------------------------------------------------


def test_a_finished_work_order_goes_to_the_books_of_record_alone(browser, service, connection, work_order):
    joined(browser, service)

    operation = complete(work_order)

    assert list(Operation.objects.all()) == [operation]
    assert operation.books == connection.books


def test_what_waited_for_them_when_they_were_of_record_stays(further, work_order, acme: FakeCompany):
    Connection.objects.update(is_books_of_record=True)
    operation = complete(work_order)
    Connection.objects.update(is_books_of_record=False)
    settings = further.settings
    settings.export_new_customers = settings.export_new_materials = True
    settings.save()

    further.refresh_from_db()
    take_turn(further, streams=["customers"])
    work(further.pk)

    operation.refresh_from_db()
    assert operation.state == Operation.State.QUEUED
    assert dict(acme.writes) == {}
    assert list(Operation.objects.all()) == [operation]


def test_no_button_sends_to_them(office, further, work_order, customer):
    complete_without_queue = office.post(reverse("fieldwork:work_order_complete", args=[work_order.pk]))
    office.post(reverse("integrations:send_work_order", args=[work_order.pk]))
    office.post(reverse("integrations:add_customer", args=[customer.pk]), {"terms": ""})

    assert complete_without_queue.status_code == 302
    assert not Operation.objects.exists()


def test_books_that_are_neither_read_nor_written_raise_no_alarm(further):
    StreamSetting.objects.update(enabled=False)
    Connection.objects.update(connected_at=timezone.now() - timedelta(days=9))
    Credential.objects.update(expires_at=timezone.now() - timedelta(days=2))
    further.refresh_from_db()

    assert [fact.code for fact in health(further) if not fact.is_well] == []


# --- reading --------------------------------------------------------------------


def test_their_streams_are_off_until_switched_on_and_leave_alone_what_is_here(further, acme, organization):
    StreamSetting.objects.all().delete()
    ensure_streams(further)
    mine = Customer.objects.create(
        organization=organization, number="7", name="Ek", organisation_number="716400-1234", is_company=True
    )
    theirs = CustomerRecord(
        remote_id="c7",
        number="7",
        name="Ek",
        organisation_number="716400-1234",
        is_company=True,
        address=Address(city="Solna"),
    )
    acme.put(theirs)

    take_turn(further, streams=list(PIPELINES))
    assert not Run.objects.exists()

    StreamSetting.objects.filter(stream="customers").update(enabled=True)
    take_turn(further, streams=list(PIPELINES))

    mine.refresh_from_db()
    assert mine.city == ""
    assert Link.objects.get(kind="customer").local_id == mine.pk


def test_what_vanishes_from_them_is_not_archived_here(further, acme, organization):
    lease = Lease.take(further, owner="test")
    reader = Reader(connection=further, ledger=open_ledger(further), lease=lease)
    acme.put(CustomerRecord(remote_id="c7", number="7", name="Ek", is_company=True))
    acme.put(CustomerRecord(remote_id="c8", number="8", name="Al", is_company=True))
    acme.put(
        UnitRecord(remote_id="u1", name="Hour", abbreviation="h"),
        UnitRecord(remote_id="u2", name="Metre", abbreviation="m"),
    )
    for stream in ("units", "customers"):
        read_stream(reader, PIPELINES[stream], full=True)
    acme.take_away(CustomerRecord, "c7")
    acme.take_away(UnitRecord, "u1")

    for stream in ("units", "customers"):
        read_stream(reader, PIPELINES[stream], full=True)

    assert Customer.objects.get(number="7").active
    assert Link.objects.get(remote_id="c7").gone_at is not None
    assert sorted(further.books.unit_set.values_list("remote_id", "active")) == [("u1", False), ("u2", True)]


def test_the_tick_takes_further_books_like_others(further):
    assert tick() == 1
