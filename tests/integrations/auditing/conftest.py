"""A firm at work with the stand-in."""

from __future__ import annotations

import pytest
from django.test import Client

from fieldwork.models import User, WorkOrderStatus
from tests.integrations.auditing.at_work import FirmAtWork, at_work
from tests.integrations.connecting.conftest import browser, licence, running, service  # noqa: F401  (fixtures)
from tests.integrations.connecting.standing_in import Service


@pytest.fixture
def firm(
    browser: Client,  # noqa: F811
    service: Service,  # noqa: F811
    owner: User,
    statuses: dict[str, WorkOrderStatus],
) -> FirmAtWork:
    return at_work(browser, service, owner)
