"""From the books to us: reads one stream of one connection, page by page, and keeps its place.

A page is written in one transaction with the position of the next one, and only while the lease is ours. The
next page is fetched while this one is written; no transaction is open during a request. However a run stops,
it goes on from its position.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Exists
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounting.errors import AccountingError, NotAllowed, ReconnectNeeded, TryLater
from accounting.protocol import Ledger
from accounting.types import Page
from fieldwork.models import User
from integrations.crash_points import reach
from integrations.models import Connection, Lease, LeaseLost, Link, Run, StreamSetting
from integrations.models.lease import LEASE
from integrations.pipelines import Pipeline
from integrations.placing.context import Context
from integrations.reading.anew import is_time_to_read_anew
from integrations.reading.fetching import Fetching
from integrations.reading.following import Followed, follow
from integrations.reading.pages import Plan, Stream, save_page
from integrations.reading.vanishing import Seen, archive_vanished
from integrations.tokens import need_reconnect
from integrations.trouble.breaker import answered, leave_alone
from integrations.trouble.cases import Finding, Subject, close_cases, open_cases
from integrations.trouble.patience import DEATHS, STREAM_GIVEN_UP, stream_given_up

# The books stamp a change before it can be read: what changed around the start of a read comes once more.
OVERLAP = timedelta(minutes=5)
CENT = Decimal("0.01")


def nobody(run: Run) -> None:
    """For those who need not know how far a run has come."""


@dataclass(kw_only=True)
class Reader:
    """A worker's hold on one connection: its session, its lease, and until when (`time.monotonic`) it may go on."""

    connection: Connection
    ledger: Ledger
    lease: Lease
    asked_by: User | None = None
    report: Callable[[Run], None] = nobody
    deadline: float = float("inf")

    @property
    def is_late(self) -> bool:
        return time.monotonic() > self.deadline


@dataclass(kw_only=True)
class Reading:
    """One stream being read: its run, the cases that it may close, and what a full read has met."""

    stream: Stream
    run: Run
    cases: Followed
    seen: Seen | None
    from_the_start: bool
    clock: float = field(default_factory=time.monotonic)


def read_stream(reader: Reader, pipeline: Pipeline, *, full: bool = False) -> Run:
    """The run as it stands: done, waiting, failed, or still running when the reader's time was over.

    Raises LeaseLost: another worker reads now, and nothing more is written here.
    """
    setting = StreamSetting.objects.get(connection=reader.connection, stream=pipeline.stream)
    context = Context(connection=reader.connection)
    rules = pipeline.rules(context, overwrite=setting.overwrite)
    stream = Stream(pipeline=pipeline, context=context, rules=rules, overwrite=setting.overwrite)
    cases = follow(stream)
    full = full or setting.watermark is None or setting.rules != rules or cases.something_awaited_has_come()
    full = full or is_time_to_read_anew(reader.connection, setting, timezone.now())
    prepare(stream, full=full, is_first=setting.watermark is None)
    run = open_run(reader, stream, setting, full=full)
    reading = Reading(stream=stream, run=run, cases=cases, seen=seen_so_far(run), from_the_start=not run.pages)
    if run.tries > DEATHS:
        give_up(reader, reading)
        return run
    try:
        finished = read_pages(reader, reading)
    except AccountingError as error:
        stop(reader, reading, error)
    else:
        if finished:
            complete(reading, setting)
        else:
            keep_place(reading)
    reader.report(run)
    return run


# --- beginning ------------------------------------------------------------------------


def prepare(stream: Stream, *, full: bool, is_first: bool) -> None:
    """What all pages will ask for is loaded before the first of them. For few records nothing is asked beforehand."""
    context, pipeline = stream.context, stream.pipeline
    context.looks_closely = not full
    pipeline.prepare(context)
    links = Link.objects.filter(books=context.books, kind=pipeline.kind)
    context.nothing_linked = is_first and not links.exists()


def open_run(reader: Reader, stream: Stream, setting: StreamSetting, *, full: bool) -> Run:
    """The stream's open run, to go on where it stopped; a new one when there is none or it no longer fits."""
    name = stream.pipeline.stream
    run = Run.objects.filter(connection=reader.connection, stream=name, state__in=Run.OPEN).first()
    if run is not None and run.rules == stream.rules and (run.full or not full):
        # Counted before the work: of what kills its worker nothing else would remain.
        change(run, state=Run.State.RUNNING, problem="", tries=run.tries + 1)
        return run
    if run is not None:
        change(run, state=Run.State.FAILED, finished_at=timezone.now(), seen=None)
    since = None if full else setting.watermark
    return Run.objects.create(
        connection=reader.connection,
        stream=name,
        full=since is None,
        since=since,
        rules=stream.rules,
        asked_by=reader.asked_by,
        heartbeat_at=timezone.now(),
        tries=1,
    )


def change(run: Run, **changes: Any) -> None:
    Run.objects.filter(pk=run.pk).update(**changes)
    for name, value in changes.items():
        setattr(run, name, value)


def seen_so_far(run: Run) -> Seen | None:
    """What a full read has met; None when nobody can tell, because it is incremental or was cut off by a crash."""
    if not run.full or (run.pages and run.seen is None):
        return None
    return Seen(bytes(run.seen or b""))


# --- reading --------------------------------------------------------------------------


def read_pages(reader: Reader, reading: Reading) -> bool:
    """True when the last page was reached, False when the reader's time was over."""
    kind, since = reading.stream.pipeline.record, reading.run.since
    with fewer_collections(), Fetching(reader.ledger, kind, since=since) as fetching:
        page = fetching.first(reading.run.position)
        while True:
            goes_on = bool(page.next_position) and not reader.is_late
            if goes_on:
                fetching.begin(page.next_position)
            reach("import.page_fetched")
            keep_lease(reader.lease)
            take_page(reader, reading, page)
            reach("import.page_committed")
            reader.report(reading.run)
            if not goes_on:
                return not page.next_position
            page = fetching.result()


@contextmanager
def fewer_collections() -> Iterator[None]:
    """Python looks for dead cycles after every 700 new objects. A page makes thousands, and none of them is in one."""
    usual = gc.get_threshold()
    gc.set_threshold(50_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def keep_lease(lease: Lease) -> None:
    """Renews the lease once a third of it has passed. Raises LeaseLost."""
    if lease.expires_at is None or lease.expires_at - timezone.now() < LEASE * 2 / 3:
        lease.renew()


def take_page(reader: Reader, reading: Reading, page: Page[Any]) -> None:
    """The page's rows, problems and counts are in the database, and the run stands at the next one."""
    answered(reader.connection)
    with transaction.atomic():
        plan = save_page(reading.stream, page)
        reading.cases.update(plan)
        checkpoint(reader, reading, page, plan)
        reach("import.page_written")
    if reading.seen is not None:
        reading.seen.add(plan.linked)


def checkpoint(reader: Reader, reading: Reading, page: Page[Any], plan: Plan) -> None:
    """Raises LeaseLost, and so undoes the page, unless the connection is still ours."""
    run, now = reading.run, time.monotonic()
    seconds = Decimal(now - reading.clock).quantize(CENT)
    changes = {name: getattr(run, name) + count for name, count in counts(page, plan).items()}
    changes |= {
        "seconds": run.seconds + seconds,
        "position": page.next_position,
        "total": page.total,
        "server_time": run.server_time or page.server_time,
        "heartbeat_at": timezone.now(),
        "seen": None,
        "tries": 1,
    }
    ours = Lease.objects.filter(connection=reader.connection, owner=reader.lease.owner, fence=reader.lease.fence)
    if not Run.objects.filter(Exists(ours), pk=run.pk).update(**changes):
        raise LeaseLost(f"connection {reader.connection.pk}")
    reading.clock = now
    for name, value in changes.items():
        setattr(run, name, value)


def counts(page: Page[Any], plan: Plan) -> dict[str, int]:
    return {
        "read": len(page.entries) + len(page.rejected),
        "created": plan.created,
        "updated": plan.updated,
        "unchanged": plan.unchanged,
        "skipped": plan.skipped,
        "rejected": len(plan.found),
        "requests": page.requests,
        "pages": 1,
    }


# --- ending ---------------------------------------------------------------------------


def complete(reading: Reading, setting: StreamSetting) -> None:
    """The last page was reached: what vanished is archived, and the next read begins where this one did."""
    run, stream, now = reading.run, reading.stream, timezone.now()
    reach("import.before_complete")
    with transaction.atomic():
        archived = archive_vanished(stream, run, reading.seen) if reading.seen is not None else 0
        if run.full and reading.from_the_start:
            reading.cases.close_unmet()
        close_cases(run.connection, subject=("stream", [run.stream]), codes=STOPPED)
        change(run, state=Run.State.DONE, finished_at=now, archived=archived, seen=None)
        # By the books' own clock. Books that do not tell their time are read as a whole each time.
        watermark = run.server_time - OVERLAP if run.server_time else None
        changes = {"watermark": watermark, "rules": stream.rules, "last_success_at": now}
        if reading.seen is not None:
            changes["last_full_at"] = now
        StreamSetting.objects.filter(pk=setting.pk).update(**changes)
        reach("import.completing")
    reach("import.completed")


def keep_place(reading: Reading, **changes: Any) -> None:
    """The run stays open at its position, and remembers what it has met."""
    marks = reading.seen.to_bytes() if reading.seen is not None else None
    change(reading.run, seen=marks, heartbeat_at=timezone.now(), tries=0, **changes)


def stop(reader: Reader, reading: Reading, error: AccountingError) -> None:
    """What the error means for the run, and for the connection as a whole."""
    connection, run = reader.connection, reading.run
    if isinstance(error, TryLater):
        keep_place(reading, state=Run.State.WAITING, problem=str(error))
        leave_alone(connection, error)
    elif isinstance(error, ReconnectNeeded):
        keep_place(reading, state=Run.State.WAITING, problem=str(error))
        need_reconnect(connection.pk, error.sentence)
        open_cases(connection, [reconnect_needed(connection, error)])
    else:
        change(run, state=Run.State.FAILED, finished_at=timezone.now(), problem=str(error), seen=None)
        open_cases(connection, [stream_stopped(reading.stream, connection, error)])


def reconnect_needed(connection: Connection, error: AccountingError) -> tuple[Subject, Finding]:
    finding = Finding(
        code="reconnect_needed",
        sentence=gettext_noop("%(books)s no longer accepts the login. Sign in again: nothing is lost meanwhile."),
        values={"books": connection.label},
        where="connection",
        detail=error.sentence,
        error_id=error.error_id,
    )
    return Subject(kind="connection", id=str(connection.pk), label=str(connection)), finding


def give_up(reader: Reader, reading: Reading) -> None:
    """Stopped for good, where one worker after the other has died. It is read again when somebody asks for it."""
    run = reading.run
    found = stream_given_up(run, str(reading.stream.pipeline.label))
    change(run, state=Run.State.FAILED, finished_at=timezone.now(), problem=found[1].sentence % found[1].values)
    open_cases(reader.connection, [found])
    reader.report(run)


STOPPED = ("stream_not_allowed", "stream_stopped", STREAM_GIVEN_UP)
NOT_ALLOWED = gettext_noop("%(books)s does not let us read %(stream)s. Check the permissions and what is switched on.")
NOT_UNDERSTOOD = gettext_noop("%(books)s gave an answer about %(stream)s that we do not understand.")


def stream_stopped(stream: Stream, connection: Connection, error: AccountingError) -> tuple[Subject, Finding]:
    forbidden = isinstance(error, NotAllowed)
    label = str(stream.pipeline.label)
    finding = Finding(
        code=STOPPED[0] if forbidden else STOPPED[1],
        sentence=NOT_ALLOWED if forbidden else NOT_UNDERSTOOD,
        values={"books": connection.label, "stream": label},
        where="connection",
        detail=error.sentence,
        error_id=error.error_id,
    )
    return Subject(kind="stream", id=stream.pipeline.stream, label=label), finding
