"""`make storm`, small enough for every day."""

from __future__ import annotations

import pytest
from django.db import connection as database

from storm import faults, locks, outage, presses, renewals
from storm.faults import Size
from storm.world import World, open_world


def test_a_storm_of_faults_loses_and_doubles_nothing(two_firms: World) -> None:
    size = Size(orders=12, firms=2, workers=2, requests=250, wave=6)

    outcome = faults.weather_the_storm(two_firms, size)

    assert outcome.verdict.holds, outcome.verdict
    assert outcome.struck > 0.2
    assert outcome.busiest <= faults.ALLOWED_PER_MINUTE


def test_half_a_day_without_books_needs_nobody_afterwards(two_firms: World) -> None:
    outcome = outage.go_down_and_come_back(two_firms, orders=6, hours=12)

    assert outcome.holds, outcome


def test_each_expiry_costs_one_token_request(tiny_world: World) -> None:
    outcome = renewals.renew_again_and_again(tiny_world, processes=4, expiries=4)

    assert outcome.holds, outcome
    assert outcome.token_requests == 4


def test_sync_now_pressed_everywhere_at_once_is_one_run(tiny_world: World) -> None:
    outcome = presses.press_together(tiny_world, processes=4, presses=20)

    assert outcome.holds, outcome


def test_pages_and_task_queue_share_an_sqlite_file(transactional_db: None) -> None:
    if database.vendor != "sqlite":
        pytest.skip("About SQLite alone.")

    with open_world(faults.options(2)) as world:
        outcome = locks.share_one_file(world, workers=2, users=4, seconds=4, orders=20)

    assert outcome.holds, outcome
