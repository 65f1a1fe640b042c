"""The places at which a document could be lost or doubled, at the books of every accounting system.

The first system with a login page meets all places, in test_crashes.py.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from accounting.sandbox import Options, find_stand_ins
from storm import crashes, faults
from storm.faults import Size
from storm.world import World, choose, open_world

pytestmark = pytest.mark.long

STAND_INS = find_stand_ins(Options())
OTHERS = [each.key for each in STAND_INS if each is not choose(STAND_INS, "")]
PLACES = ("export.sending_committed", "export.after_request", "export.done_committed")


@pytest.fixture
def world(transactional_db: None, request: pytest.FixtureRequest) -> Iterator[World]:
    with open_world(crashes.SMALL, request.param) as world:
        yield world


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("world", OTHERS, indirect=True)
def test_nothing_is_lost_or_doubled_by_a_kill(world: World, place: str) -> None:
    crash = crashes.crash(world, place)

    assert crash.killed
    assert crash.verdict.holds, crash.verdict
    # Files count as documents where the accounting system takes any.
    assert crash.verdict.documents == crash.verdict.done >= 4


@pytest.mark.parametrize("world", OTHERS, indirect=True)
def test_a_storm_of_faults_loses_and_doubles_nothing(world: World) -> None:
    outcome = faults.weather_the_storm(world, Size(orders=2, firms=1, workers=2, requests=40, wave=2))

    assert outcome.verdict.holds, outcome.verdict
    assert outcome.struck > 0.2
