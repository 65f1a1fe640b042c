"""`manage.py watchdog`: looks after everything from outside the task queue. For the operating system's timer."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils import timezone

from integrations.management.commands.health import line_of
from integrations.models import Heartbeat
from integrations.queue import enqueue
from integrations.tasks import tick
from integrations.watching.facts import Fact, Level
from integrations.watching.health import troubles
from integrations.watching.rounds import ping_outside, tell, watch

WELL, ALARM, NO_DATABASE = 0, 1, 2
# A queue that has not answered the last ring is rung again after that, and not every time.
PATIENCE = timedelta(hours=1)


class Command(BaseCommand):
    help = (
        "Checks health, sends alarms, rings the task queue when its tick is overdue, and pings DEADMAN_URL. "
        "Exit status 0 without alarms, 1 with one, 2 when the database does not answer."
    )

    def handle(self, **options: Any) -> None:
        try:
            Heartbeat.beat(Heartbeat.WATCHDOG)
            facts = watch()
            if ring(facts):
                self.stdout.write("The tick was overdue: the task queue was rung.")
        except DatabaseError as error:
            self.stderr.write(f"The database does not answer: {error}")
            sys.exit(NO_DATABASE)
        ping_outside(facts)
        for fact in troubles(facts):
            self.stdout.write(line_of(fact))
        tell()  # last, so that nothing about mail can keep the rest from being done
        if any(fact.level is Level.ALARM for fact in facts):
            sys.exit(ALARM)


def ring(facts: Sequence[Fact]) -> bool:
    """True when a tick was put into the queue: workers may live although their schedule does not."""
    if not any(fact.code == "tick" and not fact.is_well for fact in facts):
        return False
    rung, answered = Heartbeat.last(Heartbeat.RING), Heartbeat.last(Heartbeat.TICK)
    is_unanswered = rung is not None and (answered is None or answered < rung)
    if rung is not None and is_unanswered and rung > timezone.now() - PATIENCE:
        return False
    enqueue(tick)
    Heartbeat.beat(Heartbeat.RING)
    return True
