"""The contract over real HTTP, against the stand-in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.accounting.contract import ContractBooks, LedgerContract
from tests.accounting.providers.visma_net.sandbox_books import SandboxBooks


class TestStandIn(LedgerContract):
    @pytest.fixture
    def books(self, start_over: Callable[[], SandboxBooks]) -> ContractBooks:
        return start_over()
