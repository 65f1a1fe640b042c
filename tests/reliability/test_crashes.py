"""kill -9 at every crash point: another worker goes on, and nothing is lost, doubled or forgotten."""

from __future__ import annotations

from collections import Counter

import pytest

from storm import crashes
from storm.world import World

# Within a transaction, and right before or after one: what a kill undoes there is the database's doing. The other
# places lie between two transactions, and say the same whatever the database is.
DEPENDS_ON_THE_DATABASE = {
    "outbox.queued",
    "queue.leased",
    "import.page_written",
    "import.page_committed",
    "import.completing",
    "export.claimed",
    "export.sending_committed",
    "export.after_request",
    "export.recording",
    "change.recording",
    "refresh.claimed",
    "refresh.answered",
}
PLACES = [
    pytest.param(each, marks=() if each in DEPENDS_ON_THE_DATABASE else pytest.mark.long) for each in crashes.places()
]

undisturbed: list[Counter[str]] = []


@pytest.fixture
def links_without_a_crash(small_world: World) -> Counter[str]:
    """What is linked after the same work without a crash; found out once."""
    if not undisturbed:
        calm, _ = crashes.calm(small_world)
        assert calm.verdict.holds
        undisturbed.append(calm.links)
    return undisturbed[0]


@pytest.mark.parametrize("place", PLACES)
def test_nothing_is_lost_or_doubled_by_a_kill(
    small_world: World, links_without_a_crash: Counter[str], place: str
) -> None:
    crash = crashes.crash(small_world, place)

    assert crash.killed
    assert crash.verdict.as_row() == {
        "accepted": 6,
        "done": 6,
        "in_inbox": 0,
        "still_open": 0,
        "documents": 6,
        "lost": 0,
        "doubled": 0,
        "silent": 0,
    }
    assert crash.links == links_without_a_crash
    assert not crash.signed_in_again


def test_the_places_in_a_transaction_are_places() -> None:
    assert set(crashes.places()) >= DEPENDS_ON_THE_DATABASE


def test_a_login_that_died_with_its_worker_is_asked_for_and_nothing_is_lost(small_world: World) -> None:
    """A login server without a grace period never gives the tokens of the lost answer again."""
    crash = crashes.crash(small_world, "refresh.answered", grace=False)

    assert crash.signed_in_again
    assert crash.holds
