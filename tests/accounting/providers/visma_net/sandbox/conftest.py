"""A stand-in of one's own for every test, spoken to over WSGI."""

from __future__ import annotations

import pytest

from tests.accounting.providers.visma_net.sandbox.api import Api


@pytest.fixture
def api() -> Api:
    return Api()
