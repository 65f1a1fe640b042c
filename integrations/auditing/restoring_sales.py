"""Operations and links of work orders that are in the books: references are computed, so they tell whose each is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounting.protocol import Ledger
from accounting.types import SalesDocumentRecord, Stage
from fieldwork.models import WorkOrder
from integrations.auditing.bearers import Bearer, bearers_of
from integrations.auditing.scanning import MARGIN, Sheet, name_of_document, receipt_of, scan
from integrations.auditing.tracing import Trace
from integrations.exports import SALES
from integrations.models import Attempt, Connection, Link, Operation
from integrations.sending.queueing import new_operation
from integrations.sending.recording import keep_link, record_done
from integrations.sending.statuses import show_success

# A work order and its revision.
Key = tuple[UUID, int]
PORTION = 100
# What was excluded or replaced is a question for a person; the comparison asks it.
UNFINISHED = (Operation.State.QUEUED, Operation.State.IN_DOUBT, *Operation.NEEDS_PERSON)


@dataclass(kw_only=True)
class RestoredSales:
    """What became of the documents: operations and links made, operations that were there, those of them that now
    know that they are done, and documents that need a person (`unclear`, with their references)."""

    documents: int = 0
    ours: int = 0
    operations: int = 0
    links: int = 0
    known: int = 0
    finished: int = 0
    unclear: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class Sales:
    """The documents of each revision of a work order, as far as the books were read, and what we have of them:
    operations by business key, and the remote ids that are linked by kind."""

    writes: bool
    fence: int
    operations: dict[str, Operation]
    linked: set[tuple[str, str]]
    result: RestoredSales = field(default_factory=RestoredSales)
    bearers: dict[Key, Bearer] = field(default_factory=dict)
    documents: dict[Key, dict[str, SalesDocumentRecord]] = field(default_factory=dict)
    # Of several revisions the newest has the link, as the export leaves it.
    newest: set[tuple[str, UUID]] = field(default_factory=set)


def restore_sales(connection: Connection, ledger: Ledger, *, fence: int, writes: bool) -> Iterator[RestoredSales]:
    """The state after each page of the books and each portion of ours. Network: one GET per page of documents.

    `fence` is that of the lease under which this happens.
    """
    sales = what_there_is(connection, fence=fence, writes=writes)
    for sheet in scan(ledger, since=first_day(connection)):
        take_sheet(connection, sales, sheet)
        yield sales.result
    sales.result.ours = sum(map(len, sales.documents.values()))
    for place, key in enumerate(sorted(sales.documents, key=lambda each: each[1], reverse=True)):
        restore(connection, sales, key)
        if place % PORTION == 0:
            yield sales.result
    yield sales.result


def what_there_is(connection: Connection, *, fence: int, writes: bool) -> Sales:
    operations = Operation.objects.filter(books=connection.books_id, kind__in=SALES)
    links = Link.objects.filter(books=connection.books_id, kind__in=SALES)
    return Sales(
        writes=writes,
        fence=fence,
        operations={each.business_key: each for each in operations.defer("payload").iterator()},
        linked=set(links.values_list("kind", "remote_id")),
    )


def first_day(connection: Connection) -> datetime:
    """No document can be older than the first work order."""
    orders = WorkOrder.objects.filter(organization=connection.organization_id).order_by("created_at")
    return (orders.values_list("created_at", flat=True).first() or timezone.now()) - MARGIN


def take_sheet(connection: Connection, sales: Sales, sheet: Sheet) -> None:
    """Finds out whose the documents of a page are. One statement."""
    sales.result.documents += sheet.count
    found = bearers_of(connection, [word for each in sheet.sightings for word in each.references])
    for sighting in sheet.sightings:
        for bearer in {found[word] for word in sighting.references if word in found}:
            key = (bearer.work_order.pk, bearer.revision)
            sales.bearers[key] = bearer
            sales.documents.setdefault(key, {})[sighting.document.remote_id] = sighting.document


# --- one work order -------------------------------------------------------------


def restore(connection: Connection, sales: Sales, key: Key) -> None:
    """An operation that is done, whether there was one or not, and its link."""
    documents = sales.documents[key]
    trace = Trace(operation=operation_for(connection, sales.bearers[key], documents.values()), documents=documents)
    current = current_of(trace)
    if current is None:
        names = ", ".join(sorted(name_of_document(each) for each in trace.latest()))
        sales.result.unclear.append(f"{trace.operation.reference}: {names}")
        return
    existing = sales.operations.get(trace.operation.business_key)
    sales.result.known += existing is not None
    sales.result.operations += existing is None
    with transaction.atomic():
        if existing is None and sales.writes:
            save_done(trace.operation, current)
        if existing is None or existing.state == Operation.State.DONE:
            restore_link(sales, existing or trace.operation, linked_document(trace, current))
        elif existing.state in UNFINISHED:
            finish(sales, existing, linked_document(trace, current))


def restore_link(sales: Sales, operation: Operation, document: SalesDocumentRecord) -> None:
    owner = (operation.kind, operation.local_id)
    if owner in sales.newest:
        return
    sales.newest.add(owner)
    if (operation.kind, document.remote_id) in sales.linked:
        return
    sales.result.links += 1
    if sales.writes:
        keep_link(operation, receipt_of(document, operation.reference), origin=Link.Origin.EXPORTED)


def finish(sales: Sales, operation: Operation, document: SalesDocumentRecord) -> None:
    """What still waited to be sent is there: recorded just as if the export had looked for it and found it."""
    sales.result.finished += 1
    if not sales.writes:
        return
    mine = Operation.objects.filter(pk=operation.pk)
    if operation.state == Operation.State.IN_DOUBT:
        mine.update(fence=sales.fence)
    else:
        mine.requeue(timezone.now())
        mine.claim([operation.pk], fence=sales.fence)
    operation.refresh_from_db()
    record_done(operation, receipt_of(document, operation.reference), origin=Link.Origin.EXPORTED)


def operation_for(connection: Connection, bearer: Bearer, documents: Iterable[SalesDocumentRecord]) -> Operation:
    """As it was when that revision was sent. Not saved."""
    of_that_time = copy(bearer.work_order)
    of_that_time.revision = bearer.revision
    kind = "sales_order" if any(was_order(each) for each in documents) else "invoice_draft"
    assert kind in SALES
    return new_operation(connection, of_that_time, kind=kind)


def was_order(document: SalesDocumentRecord) -> bool:
    return document.stage is Stage.ORDER or any(each.stage is Stage.ORDER for each in document.made_of)


def current_of(trace: Trace) -> SalesDocumentRecord | None:
    """The document as it now stands; of an order that was invoiced in parts the order. None when nobody can tell."""
    latest = trace.latest()
    if len(latest) == 1:
        return latest[0]
    orders = [each for each in trace.documents.values() if each.stage is Stage.ORDER]
    return orders[0] if trace.is_split() and len(orders) == 1 else None


def linked_document(trace: Trace, current: SalesDocumentRecord) -> SalesDocumentRecord:
    """What the link names: the order while it exists, because the import reads orders again and must know it."""
    return next((each for each in trace.documents.values() if each.stage is Stage.ORDER), current)


def save_done(operation: Operation, document: SalesDocumentRecord) -> None:
    """The operation as the export would have left it, with the comparison as its evidence."""
    now = timezone.now()
    operation.state = Operation.State.DONE
    operation.stage, operation.remote_id = document.stage.value, document.remote_id
    operation.remote_number, operation.currency = document.number[:100], document.currency[:3]
    operation.total = document.totals.total if document.totals else None
    operation.sent_at = operation.done_at = document.created_at or now
    operation.due_at = operation.verified_at = now
    operation.save(force_insert=True)
    Attempt.objects.create(
        operation=operation,
        purpose=Attempt.Purpose.COMPARE,
        worker="rebuild_links",
        fence=0,
        started_at=now,
        ended_at=now,
        outcome="restored",
        evidence={"stage": document.stage.value, "remote_id": document.remote_id, "number": document.number},
    )
    show_success(operation)
