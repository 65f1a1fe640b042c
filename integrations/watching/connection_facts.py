"""Facts about one connection: its login, its reading and its sending, and who works on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import F, Max, Min

from accounting.types import gettext_noop
from integrations.export import due_operations
from integrations.exports import FAMILIES
from integrations.models import Case, Connection, Credential, Lease, Operation, Reconciliation, Run, StreamSetting
from integrations.models.lease import MANY_DEATHS
from integrations.pipelines import PIPELINES
from integrations.watching.facts import Fact, Judge, Remedy, take_step

# A read that has been going on for longer is no excuse for what is late.
LONGEST_READ = timedelta(hours=12)

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


def connection_facts(connection: Connection, now: datetime) -> Iterator[Fact]:
    judge = Judge(subject=str(connection), now=now, connection=connection)
    yield login(judge, connection)
    if connection.state != Connection.State.ACTIVE:
        return
    lease = Lease.objects.filter(connection=connection).first()
    last_sign = last_sign_of_work(connection, lease, now)
    yield limited(judge, connection)
    yield worker(judge, connection, lease)
    yield in_doubt(judge, connection)
    if connection.limited_since is None:  # else they wait for the same reason
        yield reading(judge, connection, last_sign)
        yield sending(judge, connection, last_sign)
        yield token(judge, connection, last_sign)
        yield compared(judge, connection)


def last_sign_of_work(connection: Connection, lease: Lease | None, now: datetime) -> datetime | None:
    """When a worker was last seen here, or the work fell due: what is late cannot be blamed on anybody before.

    So a connection that was paused for a week is not late at the moment it is resumed.
    """
    if lease is not None and lease.owner and lease.expires_at and lease.expires_at > now:
        return now
    recent = Run.objects.filter(connection=connection, started_at__gte=now - LONGEST_READ)
    signs = [recent.aggregate(last=Max("heartbeat_at"))["last"], connection.next_due_at]
    return max((sign for sign in signs if sign and sign <= now), default=None)


def expected(since: datetime | None, connection: Connection, last_sign: datetime | None) -> datetime | None:
    """When what happened at `since` was to happen again."""
    if since is None:
        return None
    again = since + connection.settings.interval
    return max(again, last_sign) if last_sign else again


# --- facts ------------------------------------------------------------------------------


def login(judge: Judge, connection: Connection) -> Fact:
    if connection.state != Connection.State.RECONNECT:
        return judge.well("login", SIGNED_IN)
    case = Case.objects.filter(connection=connection, code="reconnect_needed", state=Case.State.OPEN).first()
    remedy = take_step(gettext_noop("Reconnect"), "integrations:connect", connection.provider)
    since = case.first_seen_at if case else None
    return judge.alarm("login", RECONNECT, since=since, remedy=remedy, books=connection.label)


def limited(judge: Judge, connection: Connection) -> Fact:
    return judge.aged("limited", since=connection.limited_since, well=ANSWERS, ill=LIMITED, books=connection.label)


def reading(judge: Judge, connection: Connection, last_sign: datetime | None) -> Fact:
    """The stream whose last success is the longest ago, against the interval; but not those stopped with a case."""
    reads = connection.ledger_provider.reads
    offered = [name for name, pipeline in PIPELINES.items() if pipeline.record in reads]
    stopped = Case.objects.filter(connection=connection, subject_kind="stream", state=Case.State.OPEN)
    streams = StreamSetting.objects.filter(connection=connection, stream__in=offered, enabled=True)
    oldest = (
        streams.exclude(stream__in=stopped.values("subject_id"))
        .order_by(F("last_success_at").asc(nulls_first=True))
        .first()
    )
    since = (oldest.last_success_at or connection.settings.saved_at) if oldest else None
    return judge.aged(
        "reading",
        since=since,
        judged_from=expected(since, connection, last_sign),
        well=READ,
        ill=READ_LATE,
        remedy=sync_now(connection),
        books=connection.label,
        stream=str(PIPELINES[oldest.stream].label) if oldest else "",
    )


def sending(judge: Judge, connection: Connection, last_sign: datetime | None) -> Fact:
    due = [due_operations(connection, family).order_by("due_at").first() for family in FAMILIES]
    oldest = min((each for each in due if each), key=lambda each: each.due_at, default=None)
    return judge.aged(
        "sending",
        since=oldest.due_at if oldest else None,
        judged_from=last_sign,
        well=SENT,
        ill=SENDING_LATE,
        remedy=sync_now(connection),
        books=connection.label,
        record=oldest.local_label if oldest else "",
    )


def in_doubt(judge: Judge, connection: Connection) -> Fact:
    doubtful = Operation.objects.filter(books=connection.books_id, state=Operation.State.IN_DOUBT)
    oldest = doubtful.order_by("doubt_since").first()
    if oldest is None:
        return judge.well("in_doubt", NO_DOUBT)
    return judge.aged(
        "in_doubt",
        since=oldest.doubt_since,
        well=NO_DOUBT,
        ill=IN_DOUBT,
        remedy=take_step(gettext_noop("Look now"), "integrations:retry", oldest.pk),
        books=connection.label,
        record=oldest.local_label,
        reference=oldest.reference,
    )


def worker(judge: Judge, connection: Connection, lease: Lease | None) -> Fact:
    if lease is not None and lease.deaths >= MANY_DEATHS:
        return judge.alarm("worker", WORKERS_DIE, books=connection.label, count=lease.deaths)
    abandoned = lease.expires_at if lease and lease.owner else None
    return judge.aged("worker", since=abandoned, well=WORKED_ON, ill=ABANDONED, books=connection.label)


def compared(judge: Judge, connection: Connection) -> Fact:
    """Judged by the first read since the last comparison: while nothing is read, nothing is compared either."""
    done = Reconciliation.objects.filter(connection=connection, problem="").aggregate(last=Max("started_at"))["last"]
    runs = Run.objects.filter(connection=connection, **({"started_at__gt": done} if done else {}))
    return judge.aged(
        "compared",
        since=runs.aggregate(first=Min("started_at"))["first"],
        well=COMPARED,
        ill=NOT_COMPARED,
        books=connection.label,
    )


def token(judge: Judge, connection: Connection, last_sign: datetime | None) -> Fact:
    """Judged only where it is used: of further books nothing may be read at all."""
    if not connection.is_books_of_record and not connection.streams.filter(enabled=True).exists():
        return judge.well("token", RENEWED)
    expiry = Credential.objects.filter(connection=connection).values_list("expires_at", flat=True).first()
    return judge.aged(
        "token",
        since=expiry,
        judged_from=expected(expiry, connection, last_sign),
        well=RENEWED,
        ill=NOT_RENEWED,
        remedy=sync_now(connection),
        books=connection.label,
    )


def sync_now(connection: Connection) -> Remedy:
    return take_step(gettext_noop("Sync now"), "integrations:sync", connection.pk)
