"""From "Connect" to connected, over real HTTP with a stand-in; and everything that must be refused on the way."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounting.models import Books
from fieldwork.models import Membership, Organization, User
from integrations.connecting.flow import finish_login, start_login
from integrations.connecting.keeping import Wish
from integrations.connecting.refusals import ConnectRefused
from integrations.models import Connection, Credential, LoginFlow, StreamSetting

from .steps import BOOKS, come_back, connect, connected, messages_of, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


# --- the straight way -----------------------------------------------------------


def test_the_company_is_shown_and_confirmed_before_anything_moves(browser, service):
    page = sign_in(browser, service)
    found = Connection.objects.get()
    shown = browser.get(page["Location"]).content.decode()

    assert found.state == Connection.State.CONFIRMING
    assert service.companies[0]["name"].replace("&", "&amp;") in shown
    assert service.companies[0]["organisation_number"] in shown

    answer = browser.post(page["Location"], {"use": "1"})

    found.refresh_from_db()
    assert answer["Location"] == reverse("integrations:set_up", args=[found.pk])
    assert (found.state, found.next_due_at, found.settings.saved_at) == (Connection.State.ACTIVE, None, None)
    assert "Connected" in browser.get(BOOKS).content.decode()


def test_the_login_page_is_asked_for_the_least_permissions_with_a_challenge(browser, service):
    address = connect(browser, service)["Location"]

    query = parse_qs(urlsplit(address).query)
    assert address.startswith(service.environment[service.auth.identity_variable] + service.auth.authorize_path)
    assert query["scope"] == [" ".join(each.scope for each in service.auth.permissions)]
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == [f"http://127.0.0.1:8000/books/{service.provider.key}/callback/"]


def test_the_state_is_stored_only_as_a_digest(browser, service):
    state = parse_qs(urlsplit(connect(browser, service)["Location"]).query)["state"][0]

    assert state not in LoginFlow.objects.get().state_hash


def test_every_stream_that_the_provider_reads_can_be_switched(browser, service):
    connection = connected(browser, service)

    assert StreamSetting.objects.filter(connection=connection, enabled=True).count() >= 5


def test_the_tokens_are_encrypted_at_rest(browser, service):
    from django.db import connection as database

    connection = connected(browser, service)
    tokens = connection.credential.tokens()
    with database.cursor() as cursor:
        cursor.execute("SELECT secret FROM integrations_credential")
        stored = cursor.fetchone()[0]

    assert tokens.access_token not in stored
    assert tokens.refresh_token not in stored
    assert tokens.access_token not in repr(connection.credential)


# --- who may, and when ----------------------------------------------------------


@pytest.mark.parametrize("role", [Membership.Role.COORDINATOR, Membership.Role.PERFORMER])
def test_only_owners_connect(client, organization, service, licence, role):
    person = User.objects.create_user(username="other", password="secret")
    Membership.objects.create(user=person, organization=organization, role=role)
    client.force_login(person)

    assert client.get(BOOKS).status_code == 403
    assert connect(client, service).status_code == 403
    assert not LoginFlow.objects.exists()


def test_a_link_cannot_start_a_login(browser, service):
    address = reverse("integrations:connect", args=[service.provider.key])

    assert browser.get(address).status_code == 405
    strict = Client(enforce_csrf_checks=True, headers={"cookie": str(browser.cookies.output(header="", sep=";"))})
    assert strict.post(address).status_code == 403
    assert not LoginFlow.objects.exists()


def test_nobody_connects_without_a_licence(browser, service, licence):
    licence.delete()

    answer = connect(browser, service)

    assert answer["Location"] == BOOKS
    assert "licence" in messages_of(answer)


def test_a_licence_that_ended_yesterday_is_none(browser, service, licence):
    licence.starts_on, licence.ends_on = timezone.localdate() - timedelta(30), timezone.localdate() - timedelta(1)
    licence.save()

    assert "licence" in messages_of(connect(browser, service))


def test_a_missing_client_id_is_named_and_nothing_begins(browser, service, settings):
    settings.PROVIDER_ENVIRONMENT = {}

    answer = connect(browser, service)

    assert service.auth.client_id_variable in messages_of(answer)
    assert service.auth.client_id_variable in browser.get(BOOKS).content.decode()
    assert not LoginFlow.objects.exists()


def test_a_second_accounting_system_is_refused(browser, service, connection):
    """The button alone leads to the page that offers them as further books; forcing it is refused."""
    page = connect(browser, service)
    forced = browser.post(
        reverse("integrations:connect", args=[service.provider.key]),
        {"login": service.auth.key, "role": "record"},
    )

    assert "Further books" in page.content.decode()
    assert "billed twice" in forced.content.decode()
    assert "Disconnect that first" in forced.content.decode()
    assert not LoginFlow.objects.exists()


# --- the way back, refused ------------------------------------------------------


def test_saying_no_changes_nothing(browser, service):
    answer = sign_in(browser, service, deny=True)

    assert answer["Location"] == BOOKS
    assert "did not give access" in messages_of(answer)
    assert (Connection.objects.count(), service.exchanges) == (0, 0)


def test_what_a_login_page_says_is_cut_and_escaped(browser, service):
    state = parse_qs(urlsplit(connect(browser, service)["Location"]).query)["state"][0]
    query = {"state": state, "error": "server_error", "error_description": "<script>x</script>" + "y" * 100_000}

    browser.get(f"/books/{service.provider.key}/callback/?{urlencode(query)}")
    page = browser.get(BOOKS).content.decode()

    assert "&lt;script&gt;" in page
    assert "y" * 200 not in page


@pytest.mark.parametrize("state", ["", "somebody-elses"])
def test_an_unknown_state_is_refused(browser, service, state):
    location = service.sign_in(connect(browser, service)["Location"])
    code = parse_qs(urlsplit(location).query)["code"][0]

    answer = browser.get(f"/books/{service.provider.key}/callback/?{urlencode({'code': code, 'state': state})}")

    assert answer["Location"] == BOOKS
    assert service.exchanges == 0


def test_a_sign_in_that_took_too_long_is_refused(browser, service):
    location = service.sign_in(connect(browser, service)["Location"])

    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        answer = come_back(browser, location)

    assert "expired" in messages_of(answer)
    assert service.exchanges == 0


def test_a_callback_works_once(browser, service):
    location = service.sign_in(connect(browser, service)["Location"])
    come_back(browser, location)

    again = come_back(browser, location)

    assert again["Location"] == BOOKS
    assert (service.exchanges, Connection.objects.count()) == (1, 1)


def test_another_browser_of_the_same_person_is_refused(browser, service, owner):
    location = service.sign_in(connect(browser, service)["Location"])
    elsewhere = Client()
    elsewhere.force_login(owner)

    answer = come_back(elsewhere, location)

    assert answer["Location"] == BOOKS
    assert (service.exchanges, Connection.objects.count()) == (0, 0)


def test_a_planted_callback_never_lands_in_the_victims_firm(browser, service):
    """The attacker starts, the victim's browser is led to the callback: neither firm gets the victim's books."""
    location = service.sign_in(connect(browser, service)["Location"])
    victim = User.objects.create_user(username="victim", password="secret")
    firm = Organization.objects.create(name="Other", slug="other")
    Membership.objects.create(user=victim, organization=firm, role=Membership.Role.OWNER)
    theirs = Client()
    theirs.force_login(victim)

    come_back(theirs, location)

    assert (service.exchanges, Connection.objects.count()) == (0, 0)


def test_a_code_of_one_provider_is_not_taken_to_another(browser, service):
    location = service.sign_in(connect(browser, service)["Location"])

    answer = browser.get(f"/books/acme_books/callback/?{urlsplit(location).query}")

    assert answer["Location"] == BOOKS
    assert "started by somebody else" in messages_of(answer)
    assert LoginFlow.objects.get().used_at is None


def test_an_owner_who_no_longer_is_one_cannot_come_back(browser, service, owner):
    location = service.sign_in(connect(browser, service)["Location"])
    Membership.objects.filter(user=owner).update(role=Membership.Role.PERFORMER)

    assert come_back(browser, location).status_code == 403
    assert service.exchanges == 0


def test_a_wrong_client_secret_is_told_and_nothing_is_kept(browser, service, settings):
    settings.PROVIDER_ENVIRONMENT = {**service.environment, service.auth.client_secret_variable: "wrong"}

    answer = sign_in(browser, service)

    assert answer["Location"] == BOOKS
    assert service.auth.client_secret_variable in messages_of(answer)
    assert (Connection.objects.count(), Books.objects.count()) == (0, 0)


def test_books_that_do_not_let_us_in_are_not_connected(browser, service):
    service.stand_in.switch({"switches": {"api_standard": False}})

    answer = sign_in(browser, service)

    assert answer["Location"] == BOOKS
    assert len(messages_of(answer)) > 20
    assert (Connection.objects.count(), Books.objects.count()) == (0, 0)


def test_books_of_another_organization_are_refused(browser, service):
    other = Organization.objects.create(name="Other", slug="other")
    sign_in(browser, service)
    Connection.objects.update(organization=other, state=Connection.State.DISCONNECTED, disconnected_at=timezone.now())

    answer = sign_in(browser, service)

    assert "another organization" in messages_of(answer)
    assert Connection.objects.count() == 1


def test_the_wrong_company_can_be_declined(browser, service):
    page = sign_in(browser, service, company=1)

    browser.post(page["Location"], {"decline": "1"})

    assert (Connection.objects.count(), Credential.objects.count()) == (0, 0)
    assert service.requests(service.auth.revoke_path) == 1


def test_a_company_that_was_never_confirmed_makes_way_for_the_next(browser, service):
    sign_in(browser, service, company=1)

    connection = connected(browser, service, company=0)

    assert Connection.objects.get() == connection
    assert connection.books.name == service.companies[0]["name"]


def test_a_flow_belongs_to_the_person_even_within_one_session(organization, owner, service, licence):
    """Somebody else signs in at the same browser without a new session."""
    wish = Wish(organization=organization, by=owner)
    address = start_login(wish, service.provider, service.auth, session_key="shared").address
    other = User.objects.create_user(username="other", password="secret")
    Membership.objects.create(user=other, organization=organization, role=Membership.Role.OWNER)
    state = parse_qs(urlsplit(address).query)["state"][0]

    with pytest.raises(ConnectRefused):
        finish_login(service.provider, {"state": state, "code": "x"}, by=other, session_key="shared")
    assert service.exchanges == 0
