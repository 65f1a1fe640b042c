"""From a claimed operation to the document that is ready to be sent, or to the reason why it is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounting.types import Problem, Receipt, Stage, gettext_noop
from fieldwork.models import Customer, WorkOrder
from integrations.crash_points import reach
from integrations.exports import EXPORTS, Need, Record, load_records
from integrations.models import Link, Operation
from integrations.recognising.duplicates import marks_of, match
from integrations.sending.looking import Sought, born
from integrations.sending.outcomes import PRECONDITIONS, Blocked, Turn, settling
from integrations.sending.preconditions import Readiness, Surroundings, check, read_surroundings
from integrations.sending.queueing import queue_records, was_read
from integrations.sending.recording import record_done
from integrations.trouble.breaker import NotYet
from integrations.trouble.reporting import SUBJECT_KINDS, close_cases_of

State = Operation.State
AT_ONCE = 200
STAGES = {
    "customer": Stage.CUSTOMER,
    "contact": Stage.CONTACT,
    "article": Stage.ARTICLE,
    "sales_order": Stage.ORDER,
}
STREAMS = {"customer": "customers", "contact": "contacts", "article": "articles"}


def prepare(turn: Turn, operations: Sequence[Operation]) -> list[Sought]:
    """Those of the claimed operations that nothing stands in the way of, each with its document.

    Some may still be claimed afterwards: they wait until their twin was sent.
    """
    ready: list[Sought] = []
    records = records_of(operations)
    around = read_surroundings(turn.connection, operations, records.values())
    for operation in without_twins(operations, records):
        with settling(turn, operation):
            sought = ready_document(turn, operation, records.get(operation.local_id), around)
            if sought is not None:
                ready.append(sought)
    return ready


def without_twins(operations: Sequence[Operation], records: Mapping[UUID, Any]) -> Iterator[Operation]:
    """Of those that may turn out to be the same in the books the first: the others must look after it was sent."""
    seen: set[str] = set()
    for operation in operations:
        marks = {operation.reference}
        if isinstance(record := records.get(operation.local_id), Customer):
            marks |= marks_of(record)
        if not marks & seen:
            yield operation
        seen |= marks


def records_of(operations: Iterable[Operation]) -> dict[UUID, Any]:
    by_model = sorted(operations, key=lambda each: each.local_model)
    found: dict[UUID, Any] = {}
    for model, group in groupby(by_model, key=lambda each: each.local_model):
        found |= load_records(model, [each.local_id for each in group])
    return found


def ready_document(turn: Turn, operation: Operation, record: Record | None, around: Surroundings) -> Sought | None:
    """The document to send; None when the operation has been moved on already. Raises Blocked or NotYet."""
    if record is None:
        raise Blocked([record_missing(operation)], code="record_missing")
    if isinstance(record, WorkOrder) and record.revision > operation.revision:
        operation.move(State.SUPERSEDED, fence=turn.fence)
        return None
    if there := already_there(operation, record, around):
        record_done(operation, there, origin=Link.Origin.ADOPTED)
        return None
    readiness = check(operation, record, around)
    if readiness.problems:
        operation.depends_on.add(*stopped_before(readiness, around))
        raise Blocked(readiness.problems)
    if readiness.missing:
        wait_for(turn, operation, readiness.missing)
        return None
    wait_for_first_read(turn, operation)
    since = born(operation, readiness.document, record)
    return Sought(operation=operation, document=readiness.document, since=since)


def record_missing(operation: Operation) -> Problem:
    return Problem(
        code="record_missing",
        sentence=gettext_noop("%(record)s does not exist any more."),
        where=SUBJECT_KINDS[operation.local_model],
        values={"record": operation.local_label},
    )


# --- in the books already -------------------------------------------------------


def already_there(operation: Operation, record: Record, around: Surroundings) -> Receipt | None:
    """What the books have of the record as far as we know without asking: linked, imported, or the same as another."""
    links = Link.objects.filter(books=operation.books_id, kind=operation.kind, gone_at__isnull=True)
    own = links.filter(local_id=record.pk).first()
    link = imported_order(own) if isinstance(record, WorkOrder) else own
    if link is None and isinstance(record, Customer) and not operation.released:
        same = match(around.connection, record).certain
        link = same.link if same else None
    if link is None:
        return None
    return Receipt(stage=STAGES[operation.kind], remote_id=link.remote_id, number=link.remote_number)


def imported_order(link: Link | None) -> Link | None:
    """The sales order that the work order came from: it is not sent back as another one."""
    return link if link and link.kind == "sales_order" and link.origin != Link.Origin.EXPORTED else None


# --- what must come first -------------------------------------------------------


def stopped_before(readiness: Readiness, around: Surroundings) -> list[Operation]:
    """The operations that create what is missing, as far as there are any: a retry takes them along."""
    creating = around.creation.operations
    return [creating[each.pk] for each in readiness.missing if each.pk in creating]


def wait_for(turn: Turn, operation: Operation, missing: Sequence[Need]) -> None:
    """The operation waits until each missing record, by an operation of its own, is in the books."""
    reason = _("Waits for %(records)s.") % {"records": ", ".join(map(str, missing))}
    with transaction.atomic():
        operation.depends_on.add(*queue_records(turn.connection, missing))
        operation.move(State.QUEUED, fence=turn.fence, problem=reason)
    reach("export.dependency_queued")


def wait_for_first_read(turn: Turn, operation: Operation) -> None:
    """Nothing is created that may be in the books already, before they were read to the end once."""
    stream = STREAMS.get(operation.kind)
    if stream and not was_read(turn.connection, stream):
        raise NotYet(gettext_noop("The books have not been read completely yet."))


# --- on again -------------------------------------------------------------------


def requeue_unblocked(turn: Turn) -> None:
    """Operations whose preconditions hold now wait for their turn again; nobody needs to press anything."""
    blocked = Operation.objects.filter(books=turn.connection.books_id, state=State.BLOCKED, problem_code=PRECONDITIONS)
    operations = list(blocked.filter(kind__in=EXPORTS).order_by("due_at")[:AT_ONCE])
    records = records_of(operations)
    around = read_surroundings(turn.connection, operations, records.values())
    for operation in operations:
        record = records.get(operation.local_id)
        if record is not None and may_go_on(operation, record, around):
            Operation.objects.filter(pk=operation.pk, problem_code=PRECONDITIONS).requeue(timezone.now())
            close_cases_of(operation)


def may_go_on(operation: Operation, record: Record, around: Surroundings) -> bool:
    return bool(already_there(operation, record, around)) or not check(operation, record, around).problems
