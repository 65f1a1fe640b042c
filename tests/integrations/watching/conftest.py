"""A Friday noon in Stockholm on which all is well, and a clock that only the test moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from fieldwork.models import User
from integrations.models import Canary, Connection, Heartbeat, StreamSetting
from integrations.watching.facts import Fact, Level
from integrations.watching.health import health

NOON = datetime(2026, 11, 20, 11, tzinfo=UTC)

Pass = Callable[..., None]


@pytest.fixture(autouse=True)
def clock(time_machine):
    """The clock stands at noon until the test moves it."""
    time_machine.move_to(NOON, tick=False)
    return time_machine


@pytest.fixture
def later(clock) -> Pass:
    """`later(minutes=5)` lets time pass."""

    def wait(**span: float) -> None:
        clock.move_to(timezone.now() + timedelta(**span), tick=False)

    return wait


@pytest.fixture
def well(connection: Connection) -> Connection:
    """The connection on a good day: set up long ago, read a moment ago, the queue alive."""
    long_ago = timezone.now() - timedelta(days=60)
    Connection.objects.update(
        connected_at=long_ago, next_due_at=timezone.now() + timedelta(minutes=15), last_success_at=timezone.now()
    )
    Heartbeat.beat(Heartbeat.TICK)
    Canary.lay()
    User.objects.update(language="en")
    connection.settings.saved_at = long_ago
    connection.settings.save()
    connection.refresh_from_db()
    return connection


@pytest.fixture
def keep_alive(well: Connection) -> Callable[[], None]:
    """Ticks and reads as on a good day."""

    def keep() -> None:
        now = timezone.now()
        Heartbeat.beat(Heartbeat.TICK)
        StreamSetting.objects.update(last_success_at=now)
        Connection.objects.update(next_due_at=now + timedelta(minutes=15), last_success_at=now)

    return keep


def levels() -> dict[str, str]:
    """What is not well, by code."""
    return {fact.code: fact.level.word for fact in health() if not fact.is_well}


def the(code: str) -> Fact:
    [fact] = [fact for fact in health() if fact.code == code]
    return fact


def alarms() -> set[str]:
    return {fact.code for fact in health() if fact.level is Level.ALARM}
