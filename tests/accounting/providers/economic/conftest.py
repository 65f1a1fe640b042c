"""The stand-in over real HTTP for every test that asks for it; what is sent must be as the vendor describes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.accounting.providers.economic.sandbox_books import SandboxBooks, running_stand_in


@pytest.fixture(scope="module")
def start_over() -> Iterator[Callable[[], SandboxBooks]]:
    with running_stand_in() as fresh:
        yield fresh


@pytest.fixture
def books(start_over: Callable[[], SandboxBooks]) -> Iterator[SandboxBooks]:
    books = start_over()
    yield books
    assert books.sandbox.complaints() == []
