"""A stand-in at a real port, our database without a row, and workers in processes of their own.

`transactional_db` everywhere: what is written is committed, so that the workers see it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storm import crashes, faults, renewals
from storm.world import World, open_world


@pytest.fixture
def tiny_world(transactional_db: None) -> Iterator[World]:
    """One company with next to nothing in it."""
    with open_world(renewals.SMALLEST) as world:
        yield world


@pytest.fixture
def small_world(transactional_db: None) -> Iterator[World]:
    """What a crash needs: lists of more than one page."""
    with open_world(crashes.SMALL) as world:
        yield world


@pytest.fixture
def two_firms(transactional_db: None) -> Iterator[World]:
    with open_world(faults.options(2)) as world:
        yield world
