"""The two firms of the sweeps, and people who belong to neither."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import pytest
from django.test import Client

from tests.integrations.sweep.world import Firm, build_firm


@pytest.fixture
def companies(acme_books: None) -> Iterator[None]:
    """What the firms' logins open over there, forgotten afterwards."""
    yield
    import_module("accounting.providers.acme_books.company").COMPANIES.clear()


@pytest.fixture
def firm(db: None, companies: None) -> Firm:
    return build_firm("Eknabben")


@pytest.fixture
def stranger(db: None, companies: None) -> Firm:
    """Another tenant, of whom nobody else may read or change anything."""
    return build_firm("Tallkottens")


@pytest.fixture
def owner(firm: Firm) -> Client:
    browser = Client()
    browser.force_login(firm.people["owner"])
    return browser
