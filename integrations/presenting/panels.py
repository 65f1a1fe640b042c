"""Where a record of the field work stands in the books: the facts behind the panels and pills."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from accounting.types import Problem, Receipt, Stage
from fieldwork.models import WorkOrder
from integrations.connections import values_of
from integrations.exports import SALES
from integrations.models import Case, Connection, Link, Operation
from integrations.sending.preflight import preflight
from integrations.sending.queueing import is_before_cut_off, live_connection

LOOKS_LIKE_ANOTHER = "customer_looks_like_another"
NEED_RELEASE = ("work_order_sent_before", "work_order_sent_to_other_books", "work_order_order_stands")


@dataclass(frozen=True, kw_only=True)
class WorkOrderPanel:
    """`operation` is the one of the present revision, in the books of record if it is there; `elsewhere` are others of
    it in other books that came to nothing. `earlier` are documents of former revisions.

    `problems` would keep an open work order from being sent once it is completed.
    """

    work_order: WorkOrder
    connection: Connection | None
    operation: Operation | None
    elsewhere: Sequence[Operation]
    earlier: Sequence[Operation]
    cases: Sequence[Case]
    problems: Sequence[Problem]
    address: str

    @property
    def is_before_cut_off(self) -> bool:
        """Completed before the cut-off date, so that only a release sends it."""
        connection = self.connection
        if connection is None or self.operation is not None:
            return False
        return is_before_cut_off(connection, self.work_order)

    @property
    def may_send(self) -> bool:
        return self.connection is not None and self.work_order.is_completed and self.operation is None

    @property
    def may_retry(self) -> bool:
        return self.operation is not None and self.operation.state in Operation.NEEDS_PERSON

    @property
    def waits_for_release(self) -> bool:
        """The books have a document for this work already; somebody who has seen it may send another."""
        return self.may_retry and any(case.code in NEED_RELEASE for case in self.cases)

    @property
    def may_exclude(self) -> bool:
        """Before anything went out. Once it was sent, only the books can take it back."""
        if self.operation is None:
            return self.connection is not None
        return self.operation.state in (Operation.State.QUEUED, *Operation.NEEDS_PERSON)

    @property
    def waits_for(self) -> str:
        """The records that are on their way to the books first. One statement, while the operation is queued."""
        if self.operation is None or self.operation.state != Operation.State.QUEUED:
            return ""
        first = self.operation.depends_on.filter(state__in=Operation.OPEN)
        return ", ".join(first.values_list("local_label", flat=True))

    @property
    def is_excluded(self) -> bool:
        return self.operation is not None and self.operation.state == Operation.State.CANCELLED


def work_order_panel(work_order: WorkOrder) -> WorkOrderPanel:
    connection = live_connection(work_order.organization)
    operations = list(
        Operation.objects.filter(local_id=work_order.pk, kind__in=SALES).select_related("books").order_by("-revision")
    )
    present = [each for each in operations if each.revision == work_order.revision]
    in_record = [each for each in present if connection and each.books_id == connection.books_id]
    operation = next(iter(in_record or present), None)
    return WorkOrderPanel(
        work_order=work_order,
        connection=connection,
        operation=operation,
        elsewhere=[each for each in present if each is not operation and each.state != Operation.State.DONE],
        earlier=[each for each in operations if each is not operation and each.state == Operation.State.DONE],
        cases=cases_of("work_order", work_order.pk),
        problems=preflight(connection, work_order) if connection and not work_order.is_completed else (),
        address=address_of(connection, operation),
    )


def operations_of(work_orders: Iterable[WorkOrder]) -> dict[UUID, Operation]:
    """The operation of each work order's present revision, in one statement; that of the books of record wins."""
    revisions = {each.pk: each.revision for each in work_orders}
    record = Connection.objects.filter(books=OuterRef("books"), is_books_of_record=True, state__in=Connection.LIVE)
    found = Operation.objects.filter(local_id__in=revisions, kind__in=SALES).alias(is_in_record=Exists(record))
    found = found.order_by("is_in_record", "created_at")
    return {each.local_id: each for each in found if revisions[each.local_id] == each.revision}


def cases_of(kind: str, pk: UUID) -> Sequence[Case]:
    """What is wrong with the record, or with it as a part of another."""
    own = Q(subject_kind=kind, subject_id=str(pk)) | Q(where=kind, part=str(pk))
    return list(Case.objects.filter(own, state=Case.State.OPEN).select_related("connection"))


def address_of(connection: Connection | None, operation: Operation | None) -> str:
    """Where a person sees the document in the accounting system, or empty."""
    if connection is None or operation is None or operation.state != Operation.State.DONE:
        return ""
    if operation.books_id != connection.books_id or operation.stage not in list(Stage):
        return ""
    provider = connection.ledger_provider
    receipt = Receipt(stage=Stage(operation.stage), remote_id=operation.remote_id, number=operation.remote_number)
    return provider.link(values_of(provider), receipt)


def address_of_link(connection: Connection | None, link: Link | None) -> str:
    if connection is None or link is None or link.gone_at:
        return ""
    provider = connection.ledger_provider
    receipt = Receipt(stage=Stage.CUSTOMER, remote_id=link.remote_id, number=link.remote_number)
    return provider.link(values_of(provider), receipt)
