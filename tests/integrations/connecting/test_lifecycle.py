"""A connection's life after the first day: reconnect, pause, disconnect, and the day it comes back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounting.models import Books
from accounting.sandbox import Fault
from fieldwork.models import Membership, User
from integrations.connections import open_ledger
from integrations.models import Answer, Case, Connection, Credential, Lease, LeaseLost, Link
from integrations.trouble.cases import Finding, Subject, open_cases
from tests.integrations.exporting import complete

from .steps import BOOKS, connect, connected, messages_of, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def live(browser, service) -> Connection:
    """Connected and in use: its settings are saved, an answer is given, something is linked."""
    connection = connected(browser, service)
    connection.settings.saved_at = timezone.now()
    connection.settings.save()
    Answer.objects.create(connection=connection, question="q", value="kept")
    Link.objects.create(
        books=connection.books, kind="customer", remote_id="r1", local_model="x", local_id=connection.organization_id
    )
    return connection


@pytest.fixture
def refused(live) -> Connection:
    """Somebody changed the password over there."""
    live.state, live.problem = Connection.State.RECONNECT, "Sign in again."
    live.save()
    return live


def press(browser, name: str, connection: Connection):
    return browser.post(reverse(f"integrations:{name}", args=[connection.pk]))


def secret_of(connection: Connection) -> str:
    return Credential.objects.get(connection=connection).secret


# --- reconnect ------------------------------------------------------------------


def test_a_refused_login_shows_on_every_page_with_the_button_that_solves_it(browser, refused):
    page = browser.get("/work-orders/").content.decode()

    assert "no longer accepts the login" in page
    assert reverse("integrations:connect", args=[refused.provider]) in page


def test_reconnecting_the_same_company_goes_on_where_it_stopped(browser, service, refused):
    before = secret_of(refused)
    subject = Subject(kind="connection", id=str(refused.pk), label="x")
    open_cases(refused, [(subject, Finding(code="reconnect", sentence="Sign in again."))])

    answer = sign_in(browser, service)

    refused.refresh_from_db()
    assert (answer["Location"], refused.state, refused.problem) == (BOOKS, Connection.State.ACTIVE, "")
    assert secret_of(refused) != before
    assert (Connection.objects.count(), Answer.objects.get().value, Link.objects.count()) == (1, "kept", 1)
    assert refused.next_due_at <= timezone.now()
    assert not Case.objects.filter(state=Case.State.OPEN).exists()
    assert open_ledger(refused).company().name == refused.books.name


def test_after_the_reconnect_one_reads_how_much_had_waited(browser, service, refused, work_order):
    complete(work_order)

    sign_in(browser, service)
    page = browser.get(BOOKS).content.decode()

    assert "is connected again. 1 work order that waited goes there now." in page


def test_reconnecting_another_company_is_refused_and_explained(browser, service, refused):
    before = secret_of(refused)

    answer = sign_in(browser, service, company=1)

    refused.refresh_from_db()
    said = messages_of(answer)
    assert service.companies[0]["name"] in said
    assert service.companies[1]["name"] in said
    assert (refused.state, secret_of(refused)) == (Connection.State.RECONNECT, before)
    assert service.requests(service.auth.revoke_path) == 1
    assert Books.objects.count() == 1


def test_saying_no_at_the_reconnect_leaves_the_old_login_as_it_was(browser, service, live):
    before = Credential.objects.values().get(connection=live)

    sign_in(browser, service, deny=True)

    assert Credential.objects.values().get(connection=live) == before
    assert Connection.objects.get().state == Connection.State.ACTIVE


def test_a_paused_connection_stays_paused_through_a_new_login(browser, service, live):
    press(browser, "pause", live)

    sign_in(browser, service)

    live.refresh_from_db()
    assert live.state == Connection.State.PAUSED


# --- pause ----------------------------------------------------------------------


def test_pause_stops_and_resume_goes_on_at_once(browser, live):
    press(browser, "pause", live)
    live.refresh_from_db()
    paused = live.state

    press(browser, "resume", live)
    live.refresh_from_db()

    assert (paused, live.state) == (Connection.State.PAUSED, Connection.State.ACTIVE)
    assert live.next_due_at <= timezone.now()


def test_a_worker_that_is_reading_loses_its_turn_to_the_pause(browser, live):
    lease = Lease.take(live, owner="worker")

    press(browser, "pause", live)

    with pytest.raises(LeaseLost):
        lease.renew()


def test_pausing_what_needs_a_login_changes_nothing(browser, refused):
    press(browser, "pause", refused)

    refused.refresh_from_db()
    assert refused.state == Connection.State.RECONNECT


# --- disconnect -----------------------------------------------------------------


def test_disconnect_says_what_stays_and_what_stops_before_it_does_anything(browser, live):
    page = browser.get(reverse("integrations:disconnect", args=[live.pk])).content.decode()

    live.refresh_from_db()
    assert "What stays" in page
    assert "What stops" in page
    assert live.state == Connection.State.ACTIVE


def test_disconnect_revokes_and_wipes_the_login_and_keeps_the_rest(browser, service, live):
    press(browser, "disconnect", live)

    live.refresh_from_db()
    assert (live.state, live.next_due_at) == (Connection.State.DISCONNECTED, None)
    assert (secret_of(live), live.credential.tokens()) == ("", None)
    assert service.requests(service.auth.revoke_path) == 1
    assert (Link.objects.count(), Answer.objects.count(), Books.objects.count()) == (1, 1, 1)


def test_a_worker_loses_its_turn_to_the_disconnect(browser, live):
    lease = Lease.take(live, owner="worker")

    press(browser, "disconnect", live)

    with pytest.raises(LeaseLost):
        lease.confirm()


def test_a_revocation_that_fails_does_not_keep_the_login(browser, service, live):
    service.stage.faults.replace([Fault(action="status", status=503, path=service.auth.revoke_path)])

    answer = press(browser, "disconnect", live)

    assert secret_of(live) == ""
    assert "could not be told" in messages_of(answer)


def test_connecting_the_same_company_again_revives_the_same_connection(browser, service, live):
    press(browser, "disconnect", live)
    page = sign_in(browser, service)
    asked_first = Connection.objects.get(pk=live.pk).state

    answer = browser.post(page["Location"], {"use": "1"})

    revived = Connection.objects.get()
    assert (asked_first, revived.pk, revived.state) == (Connection.State.CONFIRMING, live.pk, Connection.State.ACTIVE)
    assert (revived.disconnected_at, Answer.objects.get().value) == (None, "kept")
    assert answer["Location"] == BOOKS


def test_declining_the_company_again_leaves_it_disconnected(browser, service, live):
    press(browser, "disconnect", live)
    page = sign_in(browser, service)

    browser.post(page["Location"], {"decline": "1"})

    live.refresh_from_db()
    assert (live.state, secret_of(live), Answer.objects.count()) == (Connection.State.DISCONNECTED, "", 1)


def test_after_a_disconnect_another_company_is_another_connection(browser, service, live):
    press(browser, "disconnect", live)

    other = connected(browser, service, company=1)

    live.refresh_from_db()
    assert other.pk != live.pk
    assert (live.state, other.answers.count()) == (Connection.State.DISCONNECTED, 0)


# --- sync now -------------------------------------------------------------------


def test_sync_now_makes_the_connection_due(browser, live):
    Connection.objects.update(next_due_at=timezone.now() + timedelta(hours=1))

    answer = press(browser, "sync", live)

    live.refresh_from_db()
    assert live.next_due_at <= timezone.now()
    assert answer["Location"] == reverse("integrations:runs")


def test_what_needs_a_login_is_not_synced(browser, refused):
    before = refused.next_due_at

    answer = press(browser, "sync", refused)

    refused.refresh_from_db()
    assert refused.next_due_at == before
    assert "not connected" in messages_of(answer)


# --- who may --------------------------------------------------------------------


@pytest.mark.parametrize("name", ["confirm", "settings", "sync", "pause", "resume", "disconnect"])
@pytest.mark.parametrize("role", [Membership.Role.COORDINATOR, Membership.Role.PERFORMER])
def test_everything_about_a_connection_is_the_owners(client, live, name, role):
    person = User.objects.create_user(username="other", password="secret")
    Membership.objects.create(user=person, organization=live.organization, role=role)
    client.force_login(person)

    assert press(client, name, live).status_code == 403
    live.refresh_from_db()
    assert live.state == Connection.State.ACTIVE


@pytest.mark.parametrize("name", ["confirm", "settings", "sync", "pause", "resume", "disconnect"])
def test_another_firms_connection_is_not_there(client, stranger, live, name):
    client.force_login(stranger)

    assert press(client, name, live).status_code == 404
    live.refresh_from_db()
    assert live.state == Connection.State.ACTIVE


@pytest.mark.parametrize("name", ["sync", "pause", "resume"])
def test_a_link_changes_nothing(browser, live, name):
    assert browser.get(reverse(f"integrations:{name}", args=[live.pk])).status_code == 405


def test_a_second_connect_while_connected_is_a_new_login_for_the_same_books(browser, service, live):
    assert connect(browser, service)["Location"].startswith(service.environment[service.auth.identity_variable])
