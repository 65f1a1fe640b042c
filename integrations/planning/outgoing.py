"""What would be sent, and as what: the outbox and what the settings would add to it, checked as before sending.

The same checks as those of a real turn, on operations that are not kept. What a rehearsed read would have brought
counts as being here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, islice
from typing import Any
from uuid import UUID

from django.db.models import Exists

from accounting.models import Unit
from accounting.types import Problem, gettext_noop
from fieldwork.models import Customer, Material, WorkOrder
from integrations.among import among
from integrations.exports import CHANGES, SALES, Need, Record, kind_for, load_records
from integrations.models import Connection, Operation, PlanEntry
from integrations.placing.context import Planned
from integrations.planning.documents import describe, fields_of_change
from integrations.planning.fields import reason
from integrations.recognising.counterparts import RECORD_KINDS, Counterpart, units_by_word
from integrations.sending.preconditions import Surroundings, check, read_surroundings
from integrations.sending.preparing import already_there, records_of
from integrations.sending.queueing import (
    counted_operation,
    exportable,
    is_to_be_sent,
    last_operations,
    new_operation,
    new_sale,
    unlinked,
    was_read,
)

State = Operation.State
Action = PlanEntry.Action
CHUNK = 100
UNSENT = (State.QUEUED, State.CLAIMED, *Operation.NEEDS_PERSON)

EXCLUDED = gettext_noop("Marked “do not send” by %(by)s: “%(why)s”")
IN_DOUBT = gettext_noop("It may have been sent already: the books are searched for it first.")
OTHER_STATUS = gettext_noop("Waits until the work order stands in the status that triggers the export.")
THERE = gettext_noop("Is in the books already: %(document)s.")
GONE = gettext_noop("%(record)s does not exist any more.")
MAY_BE = gettext_noop("May be %(other)s, who is in the books already. Link the two, or say that they are two.")
NEEDED = gettext_noop("Needed by %(record)s.")


@dataclass(kw_only=True)
class Ahead:
    """What a rehearsal knows besides the database: rows and links that would have come, and open questions."""

    connection: Connection
    planned: Planned
    open_likes: Mapping[UUID, str] = field(default_factory=dict)
    seen: set[UUID] = field(default_factory=set)
    streams_read: frozenset[str] = frozenset()

    def counterparts(self) -> dict[tuple[str, UUID], Counterpart]:
        return {
            (kind, UUID(str(known.id))): Counterpart(remote_id=remote_id)
            for (kind, remote_id), known in self.planned.links.items()
            if kind in RECORD_KINDS
        }


Foreseen = tuple[PlanEntry, Operation]


def foresee_outgoing(ahead: Ahead) -> Iterator[list[Foreseen]]:
    """Entries by the hundred: new customers and articles first, then documents with what they bring along."""
    coming = ahead.counterparts()
    for operations in in_chunks(operations_of(ahead)):
        records = records_of(operations)
        around = with_planned(read_surroundings(ahead.connection, operations, records.values()), ahead, coming)
        yield list(entries_of(ahead, operations, records, around))


def in_chunks(operations: Iterable[Operation]) -> Iterator[list[Operation]]:
    waiting = iter(operations)
    while chunk := list(islice(waiting, CHUNK)):
        yield chunk


# --- which ----------------------------------------------------------------------


def operations_of(ahead: Ahead) -> Iterator[Operation]:
    """What the next turn would look at: what waits already, and what it would queue. New ones are not saved."""
    connection = ahead.connection
    outbox = Operation.objects.filter(books=connection.books_id).select_related("excluded_by", "target")
    waiting = outbox.filter(state__in=(*UNSENT, State.SENDING, State.IN_DOUBT)).order_by("created_at", "pk")
    yield from new_records(ahead)
    yield from waiting.exclude(kind__in=SALES).iterator(chunk_size=CHUNK)
    yield from new_sales(connection)
    for operation in waiting.filter(kind__in=SALES).iterator(chunk_size=CHUNK):
        if operation.sent_at is None and operation.target_id is None:
            operation.kind = connection.settings.document_kind
        yield operation
    yield from outbox.filter(state=State.CANCELLED, kind__in=SALES).order_by("-created_at").iterator(chunk_size=CHUNK)


def new_records(ahead: Ahead) -> Iterator[Operation]:
    """The customers and materials that the settings send on their own."""
    connection, settings = ahead.connection, ahead.connection.settings
    if not connection.is_books_of_record:
        return
    wanted: list[Need] = []
    if settings.export_new_customers and is_read(ahead, "customers"):
        wanted += unlinked(connection, "customer", Customer.objects.all())
    if settings.export_new_materials and is_read(ahead, "articles"):
        wanted += unlinked(connection, "article", Material.objects.all())
    coming = ahead.counterparts()
    for record in wanted:
        if (kind_for(record), record.pk) not in coming:
            yield new_operation(connection, record, kind=kind_for(record))


def is_read(ahead: Ahead, stream: str) -> bool:
    return stream in ahead.streams_read or was_read(ahead.connection, stream)


def new_sales(connection: Connection) -> Iterator[Operation]:
    """Work orders that were completed while nothing could queue them."""
    if not (connection.is_books_of_record and connection.settings.export_work_orders):
        return
    orders = exportable(connection).exclude(Exists(counted_operation(connection))).iterator(chunk_size=CHUNK)
    while chunk := list(islice(orders, CHUNK)):
        former = last_operations(connection, chunk)
        for order in chunk:
            yield new_sale(connection, order, former.get(order.pk))


# --- what becomes of them -------------------------------------------------------


def with_planned(around: Surroundings, ahead: Ahead, coming: Mapping[tuple[str, UUID], Counterpart]) -> Surroundings:
    """The surroundings as they would be after the rehearsed read."""
    known = around.creation.known
    rows = ahead.planned.rows
    units = [
        Unit(remote_id=each["remote_id"], name=each["name"], abbreviation=each["abbreviation"], words=each["words"])
        for each in rows.get(Unit._meta.label, [])
    ]
    terms = {each["name"].lower(): each["remote_id"] for each in rows.get("accounting.TermsOfPayment", [])}
    known = replace(
        known,
        records={**coming, **known.records},
        units={**units_by_word(units), **known.units},
        terms={**terms, **known.terms},
    )
    return replace(around, creation=replace(around.creation, known=known))


def entries_of(
    ahead: Ahead, operations: Sequence[Operation], records: Mapping[UUID, Any], around: Surroundings
) -> Iterator[Foreseen]:
    sales = [operation for operation in operations if operation.kind in SALES]
    in_turn = wanted_now(sales)
    needed: dict[UUID, tuple[Need, Record]] = {}
    documents: list[Foreseen] = []
    for operation in operations:
        record = records.get(operation.local_id)
        if isinstance(record, WorkOrder) and record.revision > operation.revision:
            continue
        waits = operation in sales and operation.pk not in in_turn
        entry, missing = entry_of(ahead, operation, record, around, waits=waits)
        if not isinstance(record, WorkOrder):
            ahead.seen.add(operation.local_id)
        documents.append((entry, operation))
        if record is not None and entry.action in (Action.CREATE, Action.UPDATE):
            needed |= {each.pk: (each, record) for each in missing if each.pk not in ahead.seen}
    yield from (each for each in documents if each[1].kind not in SALES)
    yield from entries_of_needed(ahead, needed)
    yield from (each for each in documents if each[1].kind in SALES)


def wanted_now(sales: Sequence[Operation]) -> set[UUID]:
    """Those that stand in the status that triggers the export. New ones do."""
    stored = [each.pk for each in sales if not each._state.adding]
    wanted = Operation.objects.filter(is_to_be_sent(), among("id", stored)) if stored else Operation.objects.none()
    return set(wanted.values_list("pk", flat=True)) | {each.pk for each in sales if each._state.adding}


def entry_of(
    ahead: Ahead, operation: Operation, record: Record | None, around: Surroundings, *, waits: bool = False
) -> tuple[PlanEntry, Sequence[Need]]:
    """What would become of one operation, and which records it would bring along."""
    entry = PlanEntry(
        direction=PlanEntry.Direction.OUT,
        kind=operation.kind,
        action=Action.UPDATE if operation.target_id or operation.kind in CHANGES else Action.CREATE,
        label=operation.local_label,
        local_model=operation.local_model,
        local_id=operation.local_id,
        revision=operation.revision,
        changes=[],
        reasons=[],
    )
    if record is None:
        return stopped(entry, Action.BLOCKED, GONE, record=operation.local_label), ()
    if said := standing_of(operation, waits=waits):
        action, sentence, values = said
        return stopped(entry, action, sentence, **values), ()
    if operation.kind in CHANGES:
        entry.changes = list(fields_of_change(operation, record))
        return entry, ()
    if there := already_there(operation, record, around):
        return stopped(entry, Action.SKIP, THERE, document=there.number or there.remote_id), ()
    readiness = check(operation, record, around)
    describe(entry, operation, readiness.document, record, around)
    problems = [*map(told, readiness.problems), *doubts(ahead, [record, *readiness.missing])]
    if problems:
        entry.action, entry.reasons = Action.BLOCKED, problems
    return entry, readiness.missing


def stopped(entry: PlanEntry, action: str, sentence: str, **values: str) -> PlanEntry:
    entry.action, entry.reasons = action, [reason(sentence, values)]
    return entry


def standing_of(operation: Operation, *, waits: bool) -> tuple[str, str, dict[str, str]] | None:
    """What its state says, when that alone decides."""
    if operation.state == State.CANCELLED:
        by = str(operation.excluded_by or "–")
        return Action.SKIP, EXCLUDED, {"by": by, "why": operation.exclude_reason}
    if operation.state in (State.SENDING, State.IN_DOUBT):
        return Action.SKIP, IN_DOUBT, {}
    if operation.state in (State.REFUSED, State.FAILED) or (
        operation.state == State.BLOCKED and operation.problem_code != "preconditions"
    ):
        return Action.BLOCKED, operation.problem or str(operation.get_state_display()), {}
    return (Action.SKIP, OTHER_STATUS, {}) if waits else None


def told(problem: Problem) -> dict[str, Any]:
    return reason(problem.sentence, problem.values, code=problem.code)


def doubts(ahead: Ahead, records: Iterable[Record]) -> Iterator[dict[str, Any]]:
    """Customers of the books who may be one of these, as the rehearsed read would ask."""
    for record in records:
        if isinstance(record, Customer) and (other := ahead.open_likes.get(record.pk)):
            yield reason(MAY_BE, {"other": other}, code="customer_looks_like_another")


def entries_of_needed(ahead: Ahead, needed: Mapping[UUID, tuple[Need, Record]]) -> Iterator[Foreseen]:
    """The customers and articles that documents would bring along, each once."""
    wanted = {pk: (record, by) for pk, (record, by) in needed.items() if pk not in ahead.seen}
    operations = [new_operation(ahead.connection, record, kind=kind_for(record)) for record, _by in wanted.values()]
    operations.sort(key=lambda each: each.local_model)
    loaded: dict[UUID, Any] = {}
    for model, group in groupby(operations, key=lambda each: each.local_model):
        loaded |= load_records(model, [each.local_id for each in group])
    around = with_planned(read_surroundings(ahead.connection, operations, loaded.values()), ahead, ahead.counterparts())
    for operation in operations:
        ahead.seen.add(operation.local_id)
        entry, _missing = entry_of(ahead, operation, loaded.get(operation.local_id), around)
        entry.reasons.append(reason(NEEDED, {"record": str(wanted[operation.local_id][1])}))
        yield entry, operation
