"""What a sync would do, without doing it: pages are read and planned, nothing is written here or there."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounting.errors import AccountingError, TryLater
from accounting.protocol import Ledger
from accounting.types import Page
from integrations.connections import open_ledger
from integrations.models import Connection, Operation, PlanEntry, Run, StreamSetting
from integrations.pipelines import Pipeline
from integrations.placing.context import Context, Known, Planned
from integrations.planning.incoming import foresee_missing, foresee_page
from integrations.planning.outgoing import Ahead, foresee_outgoing
from integrations.reading.fetching import Fetching
from integrations.reading.pages import Plan, Stream, plan_page
from integrations.reading.vanishing import Seen, find_missing, living_links
from integrations.sync import CENT, counts, nobody

PLANNED = "planned"
Action = PlanEntry.Action


def no_one(entries: list[PlanEntry]) -> None:
    """For those who want the numbers only."""


@dataclass(kw_only=True)
class Figures:
    """How many records of a kind would go out in one way, and what their documents come to, by currency."""

    kind: str
    action: str
    count: int = 0
    net: defaultdict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    total: defaultdict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def add(self, entry: PlanEntry) -> None:
        self.count += 1
        if entry.total is not None and entry.net is not None:
            self.net[entry.currency] += entry.net
            self.total[entry.currency] += entry.total


@dataclass(kw_only=True)
class Rehearsal:
    """Runs and operations as they would be; none of them is in the database unless it was there before.

    `figures` sum up what goes out, by kind and action.
    """

    runs: list[Run] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    figures: dict[tuple[str, str], Figures] = field(default_factory=dict)
    error: AccountingError | None = None
    is_complete: bool = True

    def count(self, entry: PlanEntry, operation: Operation) -> None:
        key = (entry.kind, entry.action)
        self.figures.setdefault(key, Figures(kind=entry.kind, action=entry.action)).add(entry)
        if entry.action == Action.BLOCKED:
            operation.state = Operation.State.BLOCKED
            operation.problem = "; ".join(each["sentence"] % each["values"] for each in entry.reasons if each["values"])
        if entry.action != Action.SKIP:
            self.operations.append(operation)


@dataclass(kw_only=True)
class Rehearsing:
    """A look ahead at work. `tell` gets the entries of each page, `report` the run after it.

    It ends at `deadline` (`time.monotonic`), wherever it is.
    """

    ledger: Ledger
    ahead: Ahead
    report: Callable[[Run], None]
    tell: Callable[[list[PlanEntry]], None]
    deadline: float
    open_likes: dict[UUID, str] = field(default_factory=dict)


def rehearse(
    connection: Connection,
    pipelines: Sequence[Pipeline],
    *,
    full: bool = False,
    report: Callable[[Run], None] = nobody,
    tell: Callable[[list[PlanEntry]], None] = no_one,
    deadline: float = float("inf"),
) -> Rehearsal:
    """Reads every page that a sync would read. Entries leave with their page; kept are ids of new records."""
    told = Rehearsal()
    if connection.settings.saved_at is None:
        connection.settings.saved_at = timezone.now()  # as it will be; this object is not saved
    ahead = Ahead(connection=connection, planned=Planned())
    at_work = Rehearsing(ledger=open_ledger(connection), ahead=ahead, report=report, tell=tell, deadline=deadline)
    for pipeline in pipelines:
        context = Context(connection=connection, planned=ahead.planned, looks_closely=True)
        run = run_of(context, pipeline, full=full)
        told.runs.append(run)
        try:
            told.is_complete = read_pages(at_work, context, pipeline, run)
        except AccountingError as error:
            run.state = Run.State.WAITING if isinstance(error, TryLater) else Run.State.FAILED
            run.problem = str(error)
            told.error = error
        if told.error or not told.is_complete:
            break
        ahead.streams_read |= {pipeline.stream}
    ahead.open_likes = at_work.open_likes
    for page in foresee_outgoing(ahead):
        for entry, operation in page:
            told.count(entry, operation)
        tell([entry for entry, _operation in page])
    return told


def run_of(context: Context, pipeline: Pipeline, *, full: bool) -> Run:
    """The run that would begin now. Not saved."""
    connection = context.connection
    setting = StreamSetting.objects.filter(connection=connection, stream=pipeline.stream).first()
    setting = setting or StreamSetting(connection=connection, stream=pipeline.stream)
    rules = pipeline.rules(context, overwrite=setting.overwrite)
    since = None if full or setting.rules != rules else setting.watermark
    return Run(
        connection=connection,
        stream=pipeline.stream,
        state=PLANNED,
        full=since is None,
        since=since,
        rules=rules,
        started_at=timezone.now(),
    )


def read_pages(at_work: Rehearsing, context: Context, pipeline: Pipeline, run: Run) -> bool:
    """False when the time was over before the last page."""
    overwrite = not StreamSetting.objects.filter(
        connection=context.connection, stream=pipeline.stream, overwrite=False
    ).exists()
    stream = Stream(pipeline=pipeline, context=context, rules=run.rules, overwrite=overwrite)
    pipeline.prepare(context)
    seen = Seen()
    with Fetching(at_work.ledger, pipeline.record, since=run.since) as fetching:
        page = fetching.first("")
        while True:
            goes_on = bool(page.next_position) and time.monotonic() < at_work.deadline
            if goes_on:
                fetching.begin(page.next_position)
            started = time.monotonic()
            plan = take_page(at_work, stream, page)
            seen.add(plan.linked)
            add(run, page, plan, seconds=time.monotonic() - started)
            at_work.report(run)
            if not goes_on:
                break
            page = fetching.result()
    if not page.next_position and run.full:
        miss(at_work, stream, run, seen)
    return not page.next_position


def miss(at_work: Rehearsing, stream: Stream, run: Run, seen: Seen) -> None:
    """What a read of everything has not met would be archived."""
    if stream.pipeline.archive is None:
        return
    linked = living_links(stream).count()
    missing = find_missing(stream, run, seen, linked=linked)
    if missing is not None and missing.records:
        run.archived = len(missing.records) if missing.is_believed else 0
        at_work.tell(foresee_missing(stream, run, missing, linked=linked))
        at_work.report(run)


def take_page(at_work: Rehearsing, stream: Stream, page: Page[Any]) -> Plan:
    """The page's plan, told; what it would write is remembered for the pages and streams after it."""
    plan = plan_page(stream, page)
    entries = foresee_page(stream, plan)
    at_work.tell(entries)
    remember_likes(at_work, entries)
    planned = at_work.ahead.planned
    for _id, remote_id, _number, label, local_id, *_rest in plan.links:
        planned.links[stream.pipeline.kind, remote_id] = Known(label, local_id)
    for target, rows in plan.rows.items():
        named = (dict(zip(target.row_columns, row, strict=True)) for row in rows)
        if "remote_id" in target.columns:
            planned.rows.setdefault(target.label, []).extend(named)
    return plan


def remember_likes(at_work: Rehearsing, entries: Sequence[PlanEntry]) -> None:
    """Who of ours may be somebody that the page asks about."""
    for entry in entries:
        for each in entry.reasons:
            for key in str(each["values"].get("ours", "")).split():
                at_work.open_likes[UUID(key)] = entry.label


def add(run: Run, page: Page[Any], plan: Plan, *, seconds: float) -> None:
    for name, count in counts(page, plan).items():
        setattr(run, name, getattr(run, name) + count)
    run.total = page.total
    run.seconds = Decimal(run.seconds) + Decimal(seconds).quantize(CENT)
