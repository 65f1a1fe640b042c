"""Opening the books of a connection: which addresses, which environment, what an installation still lacks."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import pytest
from django.core.exceptions import PermissionDenied

from accounting.errors import NotAllowed
from accounting.registry import provider_for
from fieldwork.models import Membership, Organization, User
from integrations.connecting.confirming import confirm_company, decline_company
from integrations.connecting.disconnecting import disconnect, pause, resume
from integrations.connecting.flow import start_login
from integrations.connecting.keeping import Wish
from integrations.connecting.tenants import enter
from integrations.connections import environment_of, missing_variables, open_ledger, site_of
from integrations.models import Connection


def test_the_installations_addresses_win_over_the_vendors(settings, acme_books):
    settings.PROVIDER_ENVIRONMENT = {"ACME_BOOKS_API_URL": "http://127.0.0.1:8765/acme", "ACME_BOOKS_CLIENT_ID": ""}

    site = site_of(provider_for("acme_books"))

    assert site["ACME_BOOKS_API_URL"] == "http://127.0.0.1:8765/acme"
    assert site["ACME_BOOKS_CLIENT_ID"] == "acme-client"


def test_variables_of_others_stay_outside(settings, acme_books):
    settings.PROVIDER_ENVIRONMENT = {"SECRET_KEY": "ours"}

    assert "SECRET_KEY" not in site_of(provider_for("acme_books"))


def test_passwords_do_not_travel_in_the_clear(settings, acme_books):
    settings.PROVIDER_ENVIRONMENT = {"ACME_BOOKS_API_URL": "http://books.example"}

    with pytest.raises(NotAllowed, match="https"):
        site_of(provider_for("acme_books"))


def test_what_an_installation_lacks_is_named(settings, acme_books, monkeypatch):
    provider = provider_for("acme_books")
    monkeypatch.setitem(provider.environment, "ACME_BOOKS_CLIENT_ID", "")  # type: ignore[arg-type]

    assert missing_variables(provider, provider.logins[0]) == ["ACME_BOOKS_CLIENT_ID"]


def test_the_key_of_webhooks_is_not_needed_to_connect(acme_books):
    acme = provider_for("acme_books")
    signed = import_module("accounting.providers.acme_books.calls").SIGNED
    provider = replace(acme, environment={**acme.environment, signed.signature.secret_variable: ""})  # type: ignore[type-var]

    assert missing_variables(provider, provider.logins[0]) == ["ACME_BOOKS_SIGNING_KEY"]
    provider = replace(provider, webhook=signed)
    assert missing_variables(provider, provider.logins[0]) == []


def test_the_main_api_tells_the_environment(acme_books):
    assert environment_of(site_of(provider_for("acme_books"))) == "https://api.acme.example"


@pytest.mark.django_db
def test_an_open_ledger_speaks_for_the_connections_company(connection):
    assert open_ledger(connection).company().remote_id == "acme-company-1"


@pytest.mark.django_db
def test_books_are_not_opened_in_another_environment_than_theirs(settings, connection):
    settings.PROVIDER_ENVIRONMENT = {"ACME_BOOKS_API_URL": "https://api.test.acme.example"}

    with pytest.raises(NotAllowed, match="api.test.acme.example"):
        open_ledger(connection)


# --- owners only, whichever way one comes ---------------------------------------


@pytest.fixture
def coordinator(organization: Organization) -> User:
    user = User.objects.create_user(username="coordinator", password="secret")
    Membership.objects.create(user=user, organization=organization, role=Membership.Role.COORDINATOR)
    return user


@pytest.mark.django_db
@pytest.mark.parametrize("step", [confirm_company, decline_company, pause, resume, disconnect])
def test_only_an_owner_decides_about_a_connection(connection, coordinator, step):
    with pytest.raises(PermissionDenied):
        step(connection, by=coordinator)

    connection.refresh_from_db()
    assert (connection.state, connection.credential.tokens() is None) == (Connection.State.ACTIVE, False)


@pytest.mark.django_db
def test_only_an_owner_begins_a_login(connection, coordinator):
    provider = connection.ledger_provider
    wish = Wish(organization=connection.organization, by=coordinator)

    with pytest.raises(PermissionDenied):
        start_login(wish, provider, provider.logins[0], session_key="s")
    with pytest.raises(PermissionDenied):
        enter(wish, provider, provider.logins[0], tenant="t")


@pytest.mark.django_db
def test_an_owner_of_another_firm_decides_nothing_here(connection, coordinator):
    Membership.objects.create(
        user=coordinator, organization=Organization.objects.create(name="Own", slug="own"), role=Membership.Role.OWNER
    )

    with pytest.raises(PermissionDenied):
        disconnect(connection, by=coordinator)
