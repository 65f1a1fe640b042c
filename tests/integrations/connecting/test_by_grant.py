"""Connecting by a lasting grant: the page brings no state back, only the token itself in the address."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounting.errors import NotAllowed
from config.logs import JsonFormatter
from fieldwork.models import Membership, Organization, User
from integrations.connections import open_ledger
from integrations.export import send_due
from integrations.models import Connection, Credential, Lease, LoginFlow, Operation
from tests.integrations.exporting import complete

from .acme_login import LoginServer, companies
from .steps import BOOKS, messages_of

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

pytestmark = pytest.mark.django_db(transaction=True)

CALLBACK = "/books/acme_books/callback/"
TOKEN = "grant-1"


@pytest.fixture(autouse=True)
def by_grant(offer, acme_login: LoginServer) -> None:
    offer("BY_GRANT")


def start(browser: Client) -> HttpResponse:
    return browser.post("/books/acme_books/connect/")


def granted(browser: Client, server: LoginServer, company: FakeCompany) -> str:
    """The address to which the accounting system sends the browser after the app was added."""
    location = server.add_app(start(browser)["Location"], company)
    return location.removeprefix("http://127.0.0.1:8000")


def come_back(browser: Client, server: LoginServer, company: FakeCompany) -> HttpResponse:
    """The answer after both redirects: the one that takes the token away, and the one that uses it."""
    return browser.get(browser.get(granted(browser, server, company))["Location"])


def connected(browser: Client, server: LoginServer, company: FakeCompany) -> Connection:
    browser.post(come_back(browser, server, company)["Location"], {"use": "1"})
    return Connection.objects.get(state=Connection.State.ACTIVE)


# --- the straight way -----------------------------------------------------------


def test_the_page_is_told_who_we_are_where_to_come_back_and_in_which_language(office, acme_login):
    answer = start(office)

    assert answer["Location"].startswith(f"{acme_login.url}/install?")
    assert parse_qs(urlsplit(answer["Location"]).query) == {
        "app": ["acme-public"],
        "back": [f"http://127.0.0.1:8000{CALLBACK}"],
        "locale": ["en-GB"],
    }


def test_the_browser_keeps_what_the_page_will_not_bring_back(office, settings):
    settings.SESSION_COOKIE_SECURE = True
    cookie = start(office).cookies["login_flow"]
    flow = LoginFlow.objects.get()

    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Lax", True)
    assert (cookie["path"], cookie["max-age"]) == (CALLBACK, 600)
    assert flow.state_hash not in cookie.value
    assert flow.verifier == ""


def test_the_token_leaves_the_address_at_once_and_leads_to_the_company(office, acme_login, acme):
    address = granted(office, acme_login, acme)
    answer = office.get(address)

    assert f"grant={TOKEN}" in address
    assert answer["Location"] == CALLBACK
    assert not Connection.objects.exists()
    assert ("company", "") not in acme.requests

    page = office.get(CALLBACK)
    found = Connection.objects.get()

    assert page["Location"] == reverse("integrations:confirm", args=[found.pk])
    assert page.cookies["login_flow"].value == ""
    assert "Rör &amp; Värme AB" in office.get(page["Location"]).content.decode()

    office.post(page["Location"], {"use": "1"})

    tokens = Credential.objects.get().tokens()
    assert (tokens.access_token, tokens.login, tokens.expires_at) == (TOKEN, "grant_token", None)
    assert open_ledger(Connection.objects.get()).company().remote_id == "acme-company-1"
    assert acme_login.forms == []


def test_the_token_is_nowhere_in_the_clear(office, acme_login, acme):
    from django.db import connection as database

    office.get(granted(office, acme_login, acme))
    with database.cursor() as cursor:
        cursor.execute("SELECT verifier FROM integrations_loginflow")
        waiting = cursor.fetchone()[0]
    office.get(CALLBACK)
    with database.cursor() as cursor:
        cursor.execute("SELECT secret FROM integrations_credential")
        kept = cursor.fetchone()[0]

    assert waiting
    assert TOKEN not in waiting + kept
    assert LoginFlow.objects.get().verifier == ""


# --- who may, and how often -----------------------------------------------------


def test_a_flow_is_used_once(office, acme_login, acme):
    come_back(office, acme_login, acme)

    again = office.get(CALLBACK)

    assert again["Location"] == BOOKS
    assert "used already" in messages_of(again)
    assert Connection.objects.count() == 1


def test_a_second_token_does_not_replace_the_one_that_waits(office, acme_login, acme):
    address = granted(office, acme_login, acme)
    office.get(address)

    planted = office.get(f"{CALLBACK}?grant=planted")

    assert planted["Location"] == BOOKS
    assert LoginFlow.objects.get().verifier == TOKEN


def test_a_token_without_our_cookie_is_dropped(office, owner, acme_login, acme):
    address = granted(office, acme_login, acme)
    elsewhere = Client()
    elsewhere.force_login(owner)

    answer = elsewhere.get(address)

    assert answer["Location"] == BOOKS
    assert "started by somebody else" in messages_of(answer)
    assert LoginFlow.objects.get().verifier == ""


@pytest.mark.parametrize("changed", ["forged", "moved"])
def test_a_cookie_that_is_forged_or_moved_to_another_person_opens_nothing(office, acme_login, acme, changed):
    address = granted(office, acme_login, acme)
    cookie = office.cookies["login_flow"].value
    thief = User.objects.create_user(username="thief", password="secret")
    firm = Organization.objects.create(name="Other", slug="other")
    Membership.objects.create(user=thief, organization=firm, role=Membership.Role.OWNER)
    browser = Client()
    browser.force_login(thief)
    browser.cookies["login_flow"] = f"x{cookie}" if changed == "forged" else cookie

    assert browser.get(address)["Location"] == BOOKS
    assert browser.get(CALLBACK)["Location"] == BOOKS
    assert not Connection.objects.exists()
    assert LoginFlow.objects.get().used_at is None


@pytest.mark.parametrize("with_token", [True, False])
def test_whoever_takes_longer_than_ten_minutes_starts_again(office, acme_login, acme, with_token):
    address = granted(office, acme_login, acme)
    if not with_token:
        office.get(address)

    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        answer = office.get(address if with_token else CALLBACK)

    assert answer["Location"] == BOOKS
    assert "expired" in messages_of(answer)
    assert not Connection.objects.exists()


def test_coming_back_without_a_token_means_no(office, acme_login):
    location = acme_login.add_app(start(office)["Location"], cancel=True)

    answer = office.get(location.removeprefix("http://127.0.0.1:8000"))

    assert answer["Location"] == BOOKS
    assert "No access was given" in messages_of(answer)
    assert LoginFlow.objects.get().used_at is not None


def test_coming_back_signed_out_takes_the_token_along_to_nowhere(office, acme_login, acme):
    address = granted(office, acme_login, acme)
    office.logout()

    answer = office.get(address)

    assert answer["Location"] == BOOKS
    assert "signed out" in messages_of(answer)
    assert TOKEN not in office.get(BOOKS)["Location"]


def test_an_owner_who_no_longer_is_one_is_refused_at_an_address_without_the_token(office, owner, acme_login, acme):
    address = granted(office, acme_login, acme)
    Membership.objects.filter(user=owner).update(role=Membership.Role.PERFORMER)

    assert office.get(address)["Location"] == CALLBACK
    assert office.get(CALLBACK).status_code == 403
    assert not Connection.objects.exists()


@pytest.mark.parametrize("token", ["a%0d%0ab", "tv%C3%A5", "x" * 30_000])
def test_what_cannot_be_a_token_is_refused(office, acme_login, token):
    start(office)

    office.get(f"{CALLBACK}?grant={token}")
    answer = office.get(CALLBACK)

    assert "not a token" in messages_of(answer)
    assert not Connection.objects.exists()


def test_what_the_provider_says_against_the_company_is_shown(office, acme_login, acme):
    acme.fail("company", NotAllowed("This is the agreement of the app's developer."))

    assert "agreement of the app's developer" in messages_of(come_back(office, acme_login, acme))
    assert not Connection.objects.exists()


def test_no_log_line_holds_the_token(office, owner, acme_login, acme, caplog):
    caplog.set_level(logging.DEBUG)
    come_back(office, acme_login, acme)
    office.get(f"{CALLBACK}?grant={TOKEN}")
    office.get(f"/books/nobodys_books/callback/?grant={TOKEN}")
    office.post(f"{CALLBACK}?grant={TOKEN}")
    office.logout()
    office.get(f"{CALLBACK}?grant={TOKEN}")

    lines = [JsonFormatter().format(record) for record in caplog.records]
    assert any("Method Not Allowed" in line for line in lines)
    assert [line for line in lines if TOKEN in line] == []


# --- later ----------------------------------------------------------------------


def test_the_grant_of_other_books_is_refused_and_explained(office, acme_login, acme):
    from accounting.providers.acme_books.company import new_company

    connection = connected(office, acme_login, acme)
    other = new_company("Other AB", remote_id="acme-company-2")

    answer = come_back(office, acme_login, other)

    assert "Other AB" in messages_of(answer)
    assert "the connection belongs to" in messages_of(answer)
    assert Credential.objects.get().tokens().access_token == TOKEN
    assert Connection.objects.get() == connection


def test_a_grant_that_was_taken_back_stops_at_once_and_the_queue_waits(
    office, connection, acme_login, acme, work_order
):
    held = connection.credential
    Credential.objects.filter(pk=held.pk).update(
        secret=Credential.pack(connection, held.tokens()).replace('"login": ""', '"login": "grant_token"')
    )
    operation = complete(work_order)
    companies().clear()
    lease = Lease.take(connection, owner="worker")

    send_due(connection, lease, open_ledger(connection))

    connection.refresh_from_db()
    operation.refresh_from_db()
    assert connection.state == Connection.State.RECONNECT
    assert "Give it again" in connection.problem
    assert operation.state == Operation.State.QUEUED
    assert acme_login.forms == []

    lease.release()
    come_back(office, acme_login, acme)
    connection.refresh_from_db()
    assert (connection.state, connection.problem) == (Connection.State.ACTIVE, "")


def test_disconnecting_says_who_takes_the_app_away(office, acme_login, acme):
    connection = connected(office, acme_login, acme)
    address = reverse("integrations:disconnect", args=[connection.pk])

    assert "cannot be told" in office.get(address).content.decode()
    assert "Remove the access there as well" in messages_of(office.post(address))
    assert Credential.objects.get().secret == ""


def test_a_company_that_is_declined_leaves_the_app_there(office, acme_login, acme):
    page = come_back(office, acme_login, acme)

    answer = office.post(page["Location"], {"decline": "1"})

    assert "Remove the access there as well" in messages_of(answer)
    assert not Connection.objects.exists()


def test_a_token_that_nobody_fetched_is_forgotten_with_the_next_login(office, acme_login, acme):
    office.get(granted(office, acme_login, acme))

    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        start(office)

    assert set(LoginFlow.objects.values_list("verifier", flat=True)) == {""}
