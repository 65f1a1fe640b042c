"""The stand-in for a module's tests, as it was at the start for each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from accounting import client, http
from accounting.providers.visma_net import writing
from tests.accounting.providers.visma_net.sandbox_books import SandboxBooks, running_stand_in


@pytest.fixture(scope="module")
def start_over() -> Iterator[Callable[[], SandboxBooks]]:
    with running_stand_in() as fresh:
        yield fresh


@pytest.fixture
def books(start_over: Callable[[], SandboxBooks]) -> SandboxBooks:
    return start_over()


@pytest.fixture(autouse=True)
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "READ_PAUSES_S", (0.0, 0.0))
    monkeypatch.setattr(http, "READ_TIMEOUT_S", 0.5)
    monkeypatch.setattr(writing, "JOB_PAUSES_S", (0.0, 0.0, 0.0))
