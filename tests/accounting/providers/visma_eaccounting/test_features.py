"""What the product promises, tried at the stand-in over real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.accounting.contract import ContractBooks
from tests.accounting.features_contract import FeaturesContract, question, terms  # noqa: F401  (fixtures)
from tests.accounting.providers.visma_eaccounting.sandbox_books import SandboxBooks, running_stand_in


@pytest.fixture(scope="module")
def start_over() -> Iterator[Callable[[], SandboxBooks]]:
    with running_stand_in() as fresh:
        yield fresh


@pytest.fixture
def books(start_over: Callable[[], SandboxBooks]) -> ContractBooks:
    return start_over()


class TestFeatures(FeaturesContract):
    """With the books of this folder."""
