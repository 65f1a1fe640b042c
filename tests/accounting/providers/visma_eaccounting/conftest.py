"""Sample answers for every test that asks for them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import responses

from tests.accounting.providers.visma_eaccounting.sample_books import SampleBooks


@pytest.fixture
def samples() -> Iterator[SampleBooks]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield SampleBooks(mock)
