"""An owner at a browser, and the accounting system's stand-in at a real port."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone

from accounting import registry
from fieldwork.models import Membership, Organization, User
from integrations.models import Licence

from .acme_login import LoginServer, login_server
from .standing_in import Service, standing_in

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany


@pytest.fixture(scope="session")
def running() -> Iterator[Service]:
    with standing_in() as service:
        yield service


@pytest.fixture
def service(settings, running: Service) -> Service:
    """The stand-in as it was at the start, and this installation registered with it."""
    running.stage.reset()
    settings.PROVIDER_ENVIRONMENT = running.environment
    return running


@pytest.fixture
def licence(organization: Organization, service: Service) -> Licence:
    return Licence.objects.create(
        organization=organization, provider=service.provider.key, starts_on=timezone.localdate()
    )


@pytest.fixture
def browser(client: Client, owner: User, licence: Licence) -> Client:
    """The owner's browser, signed in with us."""
    User.objects.filter(pk=owner.pk).update(language="en")
    client.force_login(owner)
    return client


@pytest.fixture
def stranger(db: None) -> User:
    """The owner of another firm."""
    user = User.objects.create_user(username="stranger", password="secret")
    firm = Organization.objects.create(name="Other", slug="other")
    Membership.objects.create(user=user, organization=firm, role=Membership.Role.OWNER)
    return user


# --- Acme Books, where one signs in as a test declares it ------------------------


@pytest.fixture
def acme_login(settings, acme: FakeCompany) -> Iterator[LoginServer]:
    """The login server of Acme Books, empty."""
    with login_server() as server:
        settings.PROVIDER_ENVIRONMENT = {
            "ACME_BOOKS_IDENTITY_URL": server.url,
            "ACME_BOOKS_INSTALL_URL": f"{server.url}/install",
        }
        yield server


@pytest.fixture
def offer(monkeypatch: pytest.MonkeyPatch, acme_books: None) -> Callable[..., None]:
    """`offer("BY_TENANT", "SIGN_IN")`: these are the logins of Acme Books, the usual one first."""
    package = import_module("accounting.providers.acme_books")

    def declare(*names: str) -> None:
        logins = tuple(getattr(package, name) for name in names)
        monkeypatch.setitem(registry.all_providers(), "acme_books", replace(package.PROVIDER, logins=logins))

    return declare


@pytest.fixture
def office(client: Client, owner: User, organization: Organization) -> Client:
    """The owner's browser, where Acme Books are licensed."""
    User.objects.filter(pk=owner.pk).update(language="en")
    Licence.objects.get_or_create(
        organization=organization, provider="acme_books", defaults={"starts_on": timezone.localdate()}
    )
    client.force_login(owner)
    return client
