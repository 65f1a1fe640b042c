"""Facts about one connection: its login, its reading and its sending, and who works on it.

Each judges what was seen, and asks for nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from accounting.types import gettext_noop
from integrations.models import Connection
from integrations.models.lease import MANY_DEATHS
from integrations.pipelines import PIPELINES
from integrations.watching.facts import Fact, Judge, Remedy, take_step
from integrations.watching.sighting import Sighting, judge_of

SIGNED_IN = gettext_noop("The login is accepted.")
RECONNECT = gettext_noop(
    "%(books)s no longer accepts the login. Nothing moves until somebody signs in again; what is finished meanwhile "
    "waits."
)
READ = gettext_noop("Everything is read in time.")
READ_LATE = gettext_noop(
    "%(stream)s of %(books)s was last read at %(since)s. Press “Sync now”; if that does not help, whoever runs this "
    "installation looks into the log."
)
ANSWERS = gettext_noop("The accounting system answers.")
LIMITED = gettext_noop(
    "%(books)s has not let us work since %(since)s. It is tried again by itself, and nothing is lost; if it lasts, "
    "ask the vendor."
)
SENT = gettext_noop("Nothing waits to be sent for long.")
SENDING_LATE = gettext_noop(
    "%(record)s has been waiting to be sent to %(books)s since %(since)s. Press “Sync now”; if that does not help, "
    "whoever runs this installation looks into the log."
)
NO_DOUBT = gettext_noop("Nothing is in doubt for long.")
IN_DOUBT = gettext_noop(
    "%(record)s was sent to %(books)s at %(since)s, and nobody knows whether it arrived. Search there for "
    "%(reference)s."
)
WORKED_ON = gettext_noop("Workers come and go in order.")
ABANDONED = gettext_noop(
    "The worker for %(books)s vanished at %(since)s, and none has taken over. Whoever runs this installation looks "
    "after the task queue."
)
WORKERS_DIE = gettext_noop(
    "%(count)s workers in a row died at %(books)s, which is now tried more rarely. Whoever runs this installation "
    "looks into the log, and at the memory that workers may use."
)
COMPARED = gettext_noop("The books were compared with what was sent.")
NOT_COMPARED = gettext_noop(
    "%(books)s has not been compared with what was sent since %(since)s. Whoever runs this installation looks into "
    "the log, or compares by hand: manage.py reconcile"
)
RENEWED = gettext_noop("The login is renewed in time.")
NOT_RENEWED = gettext_noop(
    "The login to %(books)s ran out at %(since)s and was not renewed. Press “Sync now”; if that does not help, sign "
    "in again."
)


def connection_facts(seen: Sighting) -> Iterator[Fact]:
    judge = judge_of(seen)
    yield login(judge, seen)
    if not seen.is_active:
        return
    yield limited(judge, seen)
    yield worker(judge, seen)
    yield in_doubt(judge, seen)
    if seen.connection.limited_since is None:  # else they wait for the same reason
        yield reading(judge, seen)
        yield sending(judge, seen)
        yield token(judge, seen)
        yield compared(judge, seen)


def last_sign_of_work(seen: Sighting) -> datetime | None:
    """When a worker was last seen here, or the work fell due: what is late cannot be blamed on anybody before.

    So a connection that was paused for a week is not late at the moment it is resumed.
    """
    lease, now = seen.lease, seen.now
    if lease is not None and lease.owner and lease.expires_at and lease.expires_at > now:
        return now
    signs = [seen.heartbeat_at, seen.connection.next_due_at]
    return max((sign for sign in signs if sign and sign <= now), default=None)


def expected(since: datetime | None, seen: Sighting) -> datetime | None:
    """When what happened at `since` was to happen again."""
    if since is None:
        return None
    again = since + seen.connection.settings.interval
    last_sign = last_sign_of_work(seen)
    return max(again, last_sign) if last_sign else again


# --- facts ------------------------------------------------------------------------------


def login(judge: Judge, seen: Sighting) -> Fact:
    connection = seen.connection
    if connection.state != Connection.State.RECONNECT:
        return judge.well("login", SIGNED_IN)
    remedy = take_step(gettext_noop("Reconnect"), "integrations:connect", connection.provider)
    return judge.alarm("login", RECONNECT, since=seen.refused_since, remedy=remedy, books=connection.label)


def limited(judge: Judge, seen: Sighting) -> Fact:
    connection = seen.connection
    return judge.aged("limited", since=connection.limited_since, well=ANSWERS, ill=LIMITED, books=connection.label)


def reading(judge: Judge, seen: Sighting) -> Fact:
    """By the stalest stream: its last success, or the first moment at which it could have been read."""
    connection, stalest = seen.connection, seen.stalest
    since = (stalest.last_success_at or connection.settings.saved_at) if stalest else None
    return judge.aged(
        "reading",
        since=since,
        judged_from=expected(since, seen),
        well=READ,
        ill=READ_LATE,
        remedy=sync_now(connection),
        books=connection.label,
        stream=str(PIPELINES[stalest.name].label) if stalest else "",
    )


def sending(judge: Judge, seen: Sighting) -> Fact:
    return judge.aged(
        "sending",
        since=seen.due.due_at if seen.due else None,
        judged_from=last_sign_of_work(seen),
        well=SENT,
        ill=SENDING_LATE,
        remedy=sync_now(seen.connection),
        books=seen.connection.label,
        record=seen.due.local_label if seen.due else "",
    )


def in_doubt(judge: Judge, seen: Sighting) -> Fact:
    oldest = seen.doubtful
    if oldest is None:
        return judge.well("in_doubt", NO_DOUBT)
    return judge.aged(
        "in_doubt",
        since=oldest.doubt_since,
        well=NO_DOUBT,
        ill=IN_DOUBT,
        remedy=take_step(gettext_noop("Look now"), "integrations:retry", oldest.pk),
        books=seen.connection.label,
        record=oldest.local_label,
        reference=oldest.reference,
    )


def worker(judge: Judge, seen: Sighting) -> Fact:
    lease, books = seen.lease, seen.connection.label
    if lease is not None and lease.deaths >= MANY_DEATHS:
        return judge.alarm("worker", WORKERS_DIE, books=books, count=lease.deaths)
    abandoned = lease.expires_at if lease and lease.owner else None
    return judge.aged("worker", since=abandoned, well=WORKED_ON, ill=ABANDONED, books=books)


def compared(judge: Judge, seen: Sighting) -> Fact:
    """Judged by the first read since the last comparison: while nothing is read, nothing is compared either."""
    return judge.aged(
        "compared", since=seen.uncompared_since, well=COMPARED, ill=NOT_COMPARED, books=seen.connection.label
    )


def token(judge: Judge, seen: Sighting) -> Fact:
    """Judged only where it is used: of further books nothing may be read at all."""
    if not seen.connection.is_books_of_record and not seen.reads:
        return judge.well("token", RENEWED)
    return judge.aged(
        "token",
        since=seen.token_expires_at,
        judged_from=expected(seen.token_expires_at, seen),
        well=RENEWED,
        ill=NOT_RENEWED,
        remedy=sync_now(seen.connection),
        books=seen.connection.label,
    )


def sync_now(connection: Connection) -> Remedy:
    return take_step(gettext_noop("Sync now"), "integrations:sync", connection.pk)
