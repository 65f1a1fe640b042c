"""What was seen of one connection at one moment: all that the rules about it judge by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from integrations.models import Case, Connection, Lease, Licence, Operation
from integrations.sending.queueing import sends_by_itself
from integrations.watching.facts import Judge

EVENING = time(18)
FRIDAY = 4


@dataclass(frozen=True, kw_only=True)
class Stream:
    """A stream, and when it was last read to its end."""

    name: str
    last_success_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Unexplained:
    """Finished work orders that have neither a document, nor a decision not to send them, nor an entry in the inbox.

    Of those that are to be sent the `oldest`, and how many; of all how many are `waiting`, and how many since before
    the day began.
    """

    oldest: datetime | None = None
    to_send: int = 0
    waiting: int = 0
    waiting_before: int = 0


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """One connection at the moment `now`. What was not there, or not looked for, is empty.

    `stalest` is the stream whose last success is the longest ago. `due` is what has been waiting to be sent for the
    longest, `doubtful` what has been in doubt for the longest. `documents` are those of the last weeks, by day.
    """

    connection: Connection
    now: datetime
    lease: Lease | None = None
    heartbeat_at: datetime | None = None
    token_expires_at: datetime | None = None
    uncompared_since: datetime | None = None
    reads: bool = False
    stalest: Stream | None = None
    due: Operation | None = None
    doubtful: Operation | None = None
    refused_since: datetime | None = None
    cases: int = 0
    oldest_case: Case | None = None
    licences: Sequence[Licence] = ()
    unexplained: Unexplained = Unexplained()
    documents: Mapping[date, int] = field(default_factory=dict)

    @property
    def is_active(self) -> bool:
        return self.connection.state == Connection.State.ACTIVE

    @property
    def is_started(self) -> bool:
        """Whether the owner has saved the settings: before that the firm expects nothing."""
        return self.connection.settings.saved_at is not None

    @property
    def sends_by_itself(self) -> bool:
        return sends_by_itself(self.connection)

    @property
    def could_send(self) -> bool:
        """Whether it was to send by itself when the last working day began."""
        connected_at = self.connection.connected_at
        return self.sends_by_itself and connected_at is not None and connected_at < self.day_began

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.connection.organization.time_zone)

    @property
    def day_began(self) -> datetime:
        """The first moment of the last working day, in the firm's own time zone."""
        return datetime.combine(last_working_day(self.now.astimezone(self.zone)), time.min, tzinfo=self.zone)


def judge_of(seen: Sighting) -> Judge:
    return Judge(subject=str(seen.connection), now=seen.now, connection=seen.connection)


def last_working_day(local: datetime) -> date:
    """The last day from Monday to Friday whose evening has come."""
    day = local.date() if local.time() >= EVENING else local.date() - timedelta(days=1)
    while day.weekday() > FRIDAY:
        day -= timedelta(days=1)
    return day
