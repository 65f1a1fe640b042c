"""An owner at a browser, and the accounting system's stand-in at a real port."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils import timezone

from fieldwork.models import Membership, Organization, User
from integrations.models import Licence

from .standing_in import Service, standing_in


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
