"""Connecting by tenant id: no login page, one request per expiry, and what each refusal asks of whom."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.db import connections
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounting.errors import NotAllowed, ReconnectNeeded, TryLater
from accounting.registry import provider_for
from fieldwork.models import Membership, User
from integrations.connecting.keeping import Wish
from integrations.connecting.tenants import enter
from integrations.connections import open_ledger, site_of
from integrations.models import Connection, Credential, Licence, LoginFlow
from integrations.tokens import StoredAccess

from .acme_login import LoginServer
from .steps import messages_of

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

pytestmark = pytest.mark.django_db(transaction=True)

TENANT = "2b1f8a2e-6a52-4f7e-9a0c-0f1f5d1c7a11"
OTHER = "99999999-6a52-4f7e-9a0c-0f1f5d1c7a11"
WAYS = "/books/acme_books/ways/"


@pytest.fixture(autouse=True)
def by_tenant(offer, acme_login: LoginServer, acme: FakeCompany) -> None:
    offer("BY_TENANT")
    acme_login.tenants[TENANT] = acme


def connect(browser: Client, tenant: str = TENANT, **more: str) -> HttpResponse:
    return browser.post("/books/acme_books/connect/", {"login": "client_credentials", "tenant": tenant, **more})


def connected(browser: Client) -> Connection:
    browser.post(connect(browser)["Location"], {"use": "1"})
    return Connection.objects.get(state=Connection.State.ACTIVE)


def expire(connection: Connection) -> None:
    now = timezone.now()
    Credential.objects.filter(connection=connection).update(
        expires_at=now - timedelta(seconds=1), saved_at=now - timedelta(hours=1)
    )


def access_to(connection: Connection) -> StoredAccess:
    provider = connection.ledger_provider
    return StoredAccess(connection.pk, provider, site_of(provider))


# --- the straight way -----------------------------------------------------------


def test_the_page_says_what_must_be_done_and_asks_for_the_tenant(office):
    card = office.get("/books/").content.decode()
    page = office.get(WAYS).content.decode()

    assert f'href="{WAYS}"' in card
    assert "You are an administrator in Acme Books." in page
    assert "approves the app in the Acme store" in page
    assert "It stands in Acme Books under Company." in page
    assert 'name="tenant"' in page
    assert "Read and write the books." in page


def test_a_tenant_id_leads_to_the_company_and_the_question_whether_it_is_right(office, acme_login):
    answer = connect(office, f"  {TENANT.upper()} ")
    found = Connection.objects.get()
    shown = office.get(answer["Location"]).content.decode()

    assert (found.state, found.is_books_of_record) == (Connection.State.CONFIRMING, True)
    assert "Rör &amp; Värme AB" in shown
    assert "Books of record" in shown
    assert [form["tenant"] for form in acme_login.forms] == [TENANT]

    office.post(answer["Location"], {"use": "1"})

    found.refresh_from_db()
    tokens = found.credential.tokens()
    assert found.state == Connection.State.ACTIVE
    assert (tokens.login, tokens.tenant, tokens.refresh_token) == ("client_credentials", TENANT, "")
    assert open_ledger(found).company().remote_id == "acme-company-1"
    assert len(acme_login.forms) == 1
    assert not LoginFlow.objects.exists()


def test_a_mere_button_leads_to_the_page(office, acme_login):
    page = office.post("/books/acme_books/connect/").content.decode()

    assert 'name="tenant"' in page
    assert "error-summary" not in page
    assert acme_login.forms == []


def test_of_two_ways_each_has_its_place_and_the_chosen_one_is_kept(office, offer):
    offer("BY_TENANT", "SIGN_IN")

    page = office.get(WAYS).content.decode()
    leaving = office.post("/books/acme_books/connect/", {"login": "authorization_code"})

    assert 'value="client_credentials"' in page
    assert 'value="authorization_code"' in page
    assert "/authorize?" in leaving["Location"]
    assert LoginFlow.objects.get().login == "authorization_code"


def test_a_way_that_this_installation_is_not_registered_for_is_shown_without_its_form(office, offer, settings):
    offer("BY_GRANT", "BY_TENANT")
    provider = provider_for("acme_books")
    former = provider.environment["ACME_BOOKS_PUBLIC_TOKEN"]
    provider.environment["ACME_BOOKS_PUBLIC_TOKEN"] = ""
    try:
        page = office.get(WAYS).content.decode()
        answer = office.post("/books/acme_books/connect/", {"login": "grant_token"}).content.decode()
    finally:
        provider.environment["ACME_BOOKS_PUBLIC_TOKEN"] = former

    assert "ACME_BOOKS_PUBLIC_TOKEN" in page
    assert 'value="grant_token"' not in page
    assert 'value="client_credentials"' in page
    assert "ACME_BOOKS_PUBLIC_TOKEN" in answer


# --- what may be wrong ----------------------------------------------------------


@pytest.mark.parametrize("typed", ["", "my company", "2b1f8a2e-6a52-4f7e-9a0c", "<b>"])
def test_what_is_no_tenant_id_is_told_at_the_field_and_kept(office, acme_login, typed):
    page = connect(office, typed).content.decode()

    assert "errorlist" in page
    assert "Tenant id" in page
    assert typed == "" or (f'value="{typed}"' in page or "&lt;b&gt;" in page)
    assert acme_login.forms == []


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("invalid_tenant", "check the tenant id"),
        ("unauthorized_client", "not approved the app in the Acme store"),
        ("invalid_scope", "administrator approves them"),
        ("invalid_client", "ACME_BOOKS_CLIENT_ID"),
        ("server_error", "right now"),
    ],
)
def test_each_refusal_says_who_must_do_what(office, acme_login, code, words):
    acme_login.refusals[TENANT] = code

    page = connect(office).content.decode()

    assert words in page
    assert f'value="{TENANT}"' in page
    assert not Connection.objects.exists()


def test_a_tenant_that_signs_in_and_is_then_refused_everywhere(office, acme_login):
    acme_login.authenticates_only.add(OTHER)

    page = connect(office, OTHER).content.decode()

    assert "the books let nobody in with it" in page
    assert "It stands in Acme Books under Company." in page
    assert not Connection.objects.exists()


def test_what_the_provider_says_against_a_company_is_shown(office, acme):
    acme.fail("company", NotAllowed("This is the agreement of the app's developer."))

    assert "agreement of the app&#x27;s developer" in connect(office).content.decode()
    assert not Connection.objects.exists()


def test_only_owners_connect_by_tenant(client, organization, acme_login):
    person = User.objects.create_user(username="other", password="secret")
    Membership.objects.create(user=person, organization=organization, role=Membership.Role.COORDINATOR)
    client.force_login(person)

    assert client.get(WAYS).status_code == 403
    assert connect(client).status_code == 403
    assert acme_login.forms == []


def test_without_a_licence_nobody_is_asked(office, acme_login):
    Licence.objects.all().delete()

    assert "no licence" in connect(office).content.decode()
    assert acme_login.forms == []


def test_two_presses_at_once_make_one_connection(office, owner, organization):
    provider = provider_for("acme_books")
    together = Barrier(4)

    def press() -> None:
        together.wait()
        try:
            enter(Wish(organization=organization, by=owner), provider, provider.logins[0], tenant=TENANT)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        for each in [threads.submit(press) for _ in range(4)]:
            each.result()

    assert Connection.objects.get().state == Connection.State.CONFIRMING


# --- another login for the same books -------------------------------------------


def test_reconnecting_takes_the_tenant_that_is_known(office, acme_login):
    connection = connected(office)
    Connection.objects.update(state=Connection.State.RECONNECT)

    answer = office.post("/books/acme_books/connect/")

    connection.refresh_from_db()
    assert answer["Location"] == reverse("integrations:set_up", args=[connection.pk])
    assert connection.state == Connection.State.ACTIVE
    assert [form["tenant"] for form in acme_login.forms] == [TENANT, TENANT]


def test_a_tenant_of_other_books_is_refused_and_explained(office, acme_login):
    from accounting.providers.acme_books.company import new_company

    connection = connected(office)
    held = connection.credential.tokens()
    acme_login.tenants[OTHER] = new_company("Other AB", remote_id="acme-company-2")

    page = connect(office, OTHER).content.decode()

    assert "Other AB" in page
    assert "the connection belongs to" in page
    assert Credential.objects.get().tokens() == held
    assert Connection.objects.get() == connection


# --- use and renewal ------------------------------------------------------------


def test_of_many_threads_that_meet_an_ended_token_one_fetches_the_next(office, acme_login):
    connection = connected(office)
    expire(connection)
    asked = len(acme_login.forms)
    together = Barrier(8)

    def ask() -> str:
        together.wait()
        try:
            return access_to(connection).token()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        tokens = [each.result() for each in [threads.submit(ask) for _ in range(8)]]

    assert len(set(tokens)) == 1
    assert len(acme_login.forms) == asked + 1
    held = Credential.objects.get().tokens()
    assert (held.tenant, held.login) == (TENANT, "client_credentials")


def test_expiry_after_expiry_is_one_request_each(office, acme_login):
    connection = connected(office)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for number in range(1, 4):
            clock.shift(timedelta(hours=2))
            assert open_ledger(connection).company().remote_id == "acme-company-1"
            assert len(acme_login.forms) == 1 + number


@pytest.mark.parametrize(
    ("code", "words"),
    [("unauthorized_client", "not approved the app in the Acme store"), ("invalid_tenant", "check the tenant id")],
)
def test_a_company_that_shuts_us_out_needs_a_person_and_no_more_requests(office, acme_login, code, words):
    connection = connected(office)
    expire(connection)
    acme_login.refusals[TENANT] = code
    asked = len(acme_login.forms)

    for _ in range(3):
        with pytest.raises(ReconnectNeeded):
            access_to(connection).token()

    connection.refresh_from_db()
    assert connection.state == Connection.State.RECONNECT
    assert words in connection.problem
    assert len(acme_login.forms) == asked + 1
    assert words in office.get("/books/").content.decode()


def test_a_login_server_in_trouble_changes_nothing(office, acme_login):
    connection = connected(office)
    expire(connection)
    acme_login.refusals[TENANT] = "temporarily_unavailable"

    with pytest.raises(TryLater):
        access_to(connection).token()

    connection.refresh_from_db()
    assert connection.state == Connection.State.ACTIVE


def test_disconnecting_says_that_the_company_removes_the_app_itself(office, acme_login):
    connection = connected(office)
    address = reverse("integrations:disconnect", args=[connection.pk])

    page = office.get(address).content.decode()
    answer = office.post(address)

    assert "cannot be told" in page
    assert "Remove the access there as well" in messages_of(answer)
    assert Credential.objects.get().secret == ""
