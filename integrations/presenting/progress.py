"""How far a run has come, in numbers for a progress bar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from integrations.models import Connection, Run

SOON = timedelta(minutes=2)


@dataclass(frozen=True, kw_only=True)
class Progress:
    """`seconds_left` is an estimate from the pace so far; None where the books do not say how many there are."""

    run: Run
    percent: int | None
    seconds_left: int | None

    @property
    def is_open(self) -> bool:
        return self.run.state in Run.OPEN


def progress_of(run: Run) -> Progress:
    if run.state not in Run.OPEN or not run.total:
        return Progress(run=run, percent=100 if run.state == Run.State.DONE else None, seconds_left=None)
    read = min(run.read, run.total)
    return Progress(run=run, percent=100 * read // run.total, seconds_left=seconds_left(run, read))


def seconds_left(run: Run, read: int) -> int | None:
    if not read or run.total is None:
        return None
    elapsed = (timezone.now() - run.started_at).total_seconds()
    return round(elapsed / read * (run.total - read))


def is_asked_for(connection: Connection | None) -> bool:
    """True when a sync is due but has not begun: a worker takes it within seconds."""
    if connection is None or connection.state != Connection.State.ACTIVE or connection.next_due_at is None:
        return False
    now = timezone.now()
    return now - SOON < connection.next_due_at <= now and not connection.is_waiting(now)
