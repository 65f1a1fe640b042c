"""A fresh stand-in for each test: building one takes a few hundredths of a second."""

from __future__ import annotations

import pytest

from accounting.providers.visma_eaccounting.sandbox import Sandbox
from tests.accounting.providers.visma_eaccounting.sandbox.api import Api


@pytest.fixture
def sandbox() -> Sandbox:
    return Sandbox(seed=1)


@pytest.fixture
def api(sandbox: Sandbox) -> Api:
    return Api(sandbox)
