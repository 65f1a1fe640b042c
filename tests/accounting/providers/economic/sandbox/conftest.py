"""The stand-in in this process, for every test that asks for it."""

from __future__ import annotations

import pytest

from accounting.providers.economic.sandbox import Sandbox
from tests.accounting.providers.economic.sandbox.api import Api


@pytest.fixture(scope="module")
def shared() -> Sandbox:
    return Sandbox()


@pytest.fixture
def sandbox(shared: Sandbox) -> Sandbox:
    shared.reset()
    return shared


@pytest.fixture
def api(sandbox: Sandbox) -> Api:
    return Api(sandbox)
