"""The contract over sample answers in the vendor's documented shapes."""

from __future__ import annotations

import pytest

from tests.accounting.contract import ContractBooks, LedgerContract
from tests.accounting.providers.visma_eaccounting.sample_books import SampleBooks


class TestSamples(LedgerContract):
    @pytest.fixture
    def books(self, samples: SampleBooks) -> ContractBooks:
        return samples
