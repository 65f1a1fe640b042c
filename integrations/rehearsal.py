"""What a sync would do, without doing it: pages are read and planned, nothing is written here or there."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from accounting.errors import AccountingError, TryLater
from accounting.protocol import Ledger
from accounting.types import Page
from integrations.connections import open_ledger
from integrations.export import due_operations
from integrations.exports import FAMILIES, kind_for
from integrations.models import Connection, Operation, Run, StreamSetting
from integrations.pipelines import Pipeline
from integrations.placing.context import Context, Known, Planned
from integrations.reading.fetching import Fetching
from integrations.reading.pages import Plan, Stream, plan_page
from integrations.sending.queueing import new_operation, new_records
from integrations.sync import CENT, counts, nobody

PLANNED = "planned"


@dataclass(kw_only=True)
class Rehearsal:
    """Runs and operations as they would be; none of them is in the database unless it was there before."""

    runs: list[Run] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    error: AccountingError | None = None


def rehearse(
    connection: Connection,
    pipelines: Sequence[Pipeline],
    *,
    full: bool = False,
    report: Callable[[Run], None] = nobody,
) -> Rehearsal:
    """Reads every page that a sync would read. Memory grows with the number of new records."""
    told = Rehearsal()
    ledger, planned = open_ledger(connection), Planned()
    for pipeline in pipelines:
        context = Context(connection=connection, planned=planned, looks_closely=True)
        run = run_of(context, pipeline, full=full)
        told.runs.append(run)
        try:
            read_pages(ledger, context, pipeline, run, report)
        except AccountingError as error:
            run.state = Run.State.WAITING if isinstance(error, TryLater) else Run.State.FAILED
            run.problem = str(error)
            told.error = error
            break
    told.operations = operations_of(connection)
    return told


def run_of(context: Context, pipeline: Pipeline, *, full: bool) -> Run:
    """The run that would begin now. Not saved."""
    connection = context.connection
    setting = StreamSetting.objects.filter(connection=connection, stream=pipeline.stream).first()
    setting = setting or StreamSetting(connection=connection, stream=pipeline.stream)
    rules = pipeline.rules(context, overwrite=setting.overwrite)
    since = None if full or setting.rules != rules else setting.watermark
    return Run(
        connection=connection, stream=pipeline.stream, state=PLANNED, full=since is None, since=since, rules=rules
    )


def read_pages(ledger: Ledger, context: Context, pipeline: Pipeline, run: Run, report: Callable[[Run], None]) -> None:
    overwrite = not StreamSetting.objects.filter(
        connection=context.connection, stream=pipeline.stream, overwrite=False
    ).exists()
    stream = Stream(pipeline=pipeline, context=context, rules=run.rules, overwrite=overwrite)
    with Fetching(ledger, pipeline.record, since=run.since) as fetching:
        page = fetching.first("")
        while True:
            if page.next_position:
                fetching.begin(page.next_position)
            add(run, page, take_page(stream, page))
            report(run)
            if not page.next_position:
                return
            page = fetching.result()


def take_page(stream: Stream, page: Page[Any]) -> Plan:
    """The page's plan; what it would write is remembered for the pages and streams after it."""
    plan = plan_page(stream, page)
    planned = stream.context.planned
    if planned is None:
        return plan
    for _id, remote_id, _number, label, local_id, *_rest in plan.links:
        planned.links[stream.pipeline.kind, remote_id] = Known(label, local_id)
    for target, rows in plan.rows.items():
        named = (dict(zip(target.row_columns, row, strict=True)) for row in rows)
        if "remote_id" in target.columns:
            planned.rows.setdefault(target.label, []).extend(named)
    return plan


def add(run: Run, page: Page[Any], plan: Plan) -> None:
    started = time.monotonic()
    for name, count in counts(page, plan).items():
        setattr(run, name, getattr(run, name) + count)
    run.total = page.total
    run.seconds = Decimal(run.seconds) + Decimal(time.monotonic() - started).quantize(CENT)


def operations_of(connection: Connection) -> list[Operation]:
    """What would be sent: operations that wait, and those that the settings would add."""
    waiting = [operation for family in FAMILIES for operation in due_operations(connection, family)]
    added = [new_operation(connection, each, kind=kind_for(each)) for each in new_records(connection)]
    return [*added, *waiting]
