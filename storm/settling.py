"""Lets the workers work and the clock move until nothing is open any more."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Min
from django.utils import timezone

from integrations.models import Connection, Lease, Operation, Run
from storm.crew import Crew

TICK = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=15)


def settle(crew: Crew, *, within: timedelta) -> timedelta:
    """How long it took, by the clock of the storm, until nothing was open; stops after `within`."""
    clock = crew.world.clock
    start = clock.offset
    while True:
        work(crew)
        if not something_is_open() or clock.offset - start > within:
            return clock.offset - start
        clock.advance(until_something_is_due())


def work(crew: Crew) -> None:
    """What can be done now is done, here and over there."""
    crew.take_turns()
    crew.world.come_to_rest()


def something_is_open() -> bool:
    """A write that is not finished, a read that is not finished, or a worker that holds a connection."""
    return (
        Operation.objects.filter(state__in=Operation.OPEN).exists()
        or Run.objects.filter(state__in=Run.OPEN).exists()
        or Lease.objects.exclude(owner="").exists()
        or not Run.objects.exists()
    )


def until_something_is_due() -> timedelta:
    """The time until the first tick at which there is something to do again."""
    now = timezone.now()
    moments = [
        Operation.objects.filter(state__in=Operation.OPEN, due_at__gt=now).aggregate(Min("due_at")),
        Connection.objects.filter(next_due_at__gt=now).aggregate(Min("next_due_at")),
        Connection.objects.filter(wait_until__gt=now).aggregate(Min("wait_until")),
        Lease.objects.filter(expires_at__gt=now).aggregate(Min("expires_at")),
    ]
    later = [moment for each in moments for moment in each.values() if moment is not None]
    ticks = -((now - min([*later, now + LONGEST_PAUSE])) // TICK)
    return max(ticks, 1) * TICK
