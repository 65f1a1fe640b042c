"""How far a run has come, in numbers for a progress bar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from integrations.models import Connection, Run

SOON = timedelta(minutes=2)
# From here on nobody counts in seconds.
LONG_S = 120


@dataclass(frozen=True, kw_only=True)
class Progress:
    """`per_second` is the pace so far, and `seconds_left` an estimate from it: None while nobody can tell."""

    run: Run
    percent: int | None
    seconds_left: int | None
    per_second: float | None = None

    @property
    def is_open(self) -> bool:
        return self.run.state in Run.OPEN

    @property
    def has_warnings(self) -> bool:
        """True when it was read to the end, and some of it needs a person."""
        return self.run.state == Run.State.DONE and self.run.rejected > 0

    @property
    def pace(self) -> str:
        """ "206 records per second", and of slow books "24 records per minute"; empty while nobody can tell."""
        if self.per_second is None:
            return ""
        if self.per_second >= 1:
            count = round(self.per_second)
            return ngettext("%(count)s record per second", "%(count)s records per second", count) % {"count": count}
        count = round(self.per_second * 60)
        return ngettext("%(count)s record per minute", "%(count)s records per minute", count) % {"count": count}

    @property
    def time_left(self) -> str:
        """ "about 40 s left", "about 12 min left"; empty while nobody can tell."""
        if self.seconds_left is None:
            return ""
        if self.seconds_left < LONG_S:
            return _("about %(count)s s left") % {"count": self.seconds_left}
        return _("about %(count)s min left") % {"count": round(self.seconds_left / 60)}


def progress_of(run: Run) -> Progress:
    pace, is_read_now = pace_of(run), run.state == Run.State.RUNNING
    if run.state not in Run.OPEN or not run.total:
        percent = 100 if run.state == Run.State.DONE else None
        return Progress(run=run, percent=percent, seconds_left=None, per_second=pace if is_read_now else None)
    read = min(run.read, run.total)
    return Progress(
        run=run,
        percent=100 * read // run.total,
        seconds_left=round((run.total - read) / pace) if pace and is_read_now else None,
        per_second=pace if is_read_now else None,
    )


def pace_of(run: Run) -> float | None:
    """Records per second of the time in which it was really read: what it waited for the books is not its pace."""
    seconds = float(run.seconds) or (timezone.now() - run.started_at).total_seconds()
    return run.read / seconds if run.read and seconds > 0 else None


def is_asked_for(connection: Connection | None) -> bool:
    """True when a sync is due but has not begun: a worker takes it within seconds."""
    if connection is None or connection.state != Connection.State.ACTIVE or connection.next_due_at is None:
        return False
    now = timezone.now()
    return now - SOON < connection.next_due_at <= now and not connection.is_waiting(now)
