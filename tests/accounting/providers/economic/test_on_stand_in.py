"""The contract over real HTTP, against the stand-in, and what only whole documents can show."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.accounting.contract import ContractBooks, LedgerContract
from tests.accounting.providers.economic.sandbox_books import SandboxBooks, running_stand_in


@pytest.fixture(scope="module")
def start_over() -> Iterator[Callable[[], SandboxBooks]]:
    with running_stand_in() as fresh:
        yield fresh


@pytest.fixture
def books(start_over: Callable[[], SandboxBooks]) -> SandboxBooks:
    return start_over()


class TestStandIn(LedgerContract):
    @pytest.fixture
    def books(self, start_over: Callable[[], SandboxBooks]) -> ContractBooks:
        return start_over()
