"""People of every role, each at a browser of their own."""

from __future__ import annotations

import pytest
from django.test import Client

from fieldwork.models import Membership, Organization, User


def sign_in(user: User) -> Client:
    browser = Client()
    browser.force_login(user)
    return browser


def member(organization: Organization, role: Membership.Role) -> User:
    user = User.objects.create_user(username=f"{organization.slug}-{role}", password="secret", language="en")
    Membership.objects.create(user=user, organization=organization, role=role)
    return user


@pytest.fixture
def browser(owner: User) -> Client:
    """The owner's."""
    User.objects.filter(pk=owner.pk).update(language="en")
    return sign_in(owner)


@pytest.fixture
def coordinator(organization: Organization) -> Client:
    return sign_in(member(organization, Membership.Role.COORDINATOR))


@pytest.fixture
def performer(organization: Organization) -> Client:
    return sign_in(member(organization, Membership.Role.PERFORMER))


@pytest.fixture
def stranger(db: None) -> Client:
    """The owner of another firm."""
    return sign_in(member(Organization.objects.create(name="Other", slug="other"), Membership.Role.OWNER))
