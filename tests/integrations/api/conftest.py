"""Programs of the firm of the engine tests, and of the two firms of the sweeps."""

from __future__ import annotations

import pytest

from fieldwork.models import ApiKey, Organization, User
from tests.fieldwork.api.conftest import Caller
from tests.integrations.sweep.conftest import companies, firm, stranger

__all__ = ["companies", "firm", "stranger"]


def program_of(organization: Organization, scope: str = "write", *, by: User | None = None) -> Caller:
    _key, text = ApiKey.make(organization, name="Tavla", scope=scope, by=by)
    return Caller(text)


@pytest.fixture
def caller(organization: Organization) -> Caller:
    return program_of(organization)
