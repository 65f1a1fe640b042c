"""Where a record of the field work stands in the books: the facts behind the panels and pills."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounting.types import Receipt, Stage
from fieldwork.models import WorkOrder
from integrations.connections import values_of
from integrations.exports import SALES
from integrations.models import Case, Connection, Link, Operation
from integrations.presenting.pills import Former

LOOKS_LIKE_ANOTHER = "customer_looks_like_another"


Standing = Operation | Former | Link


def states_of(work_orders: Iterable[WorkOrder]) -> dict[UUID, Standing]:
    """Where each work order stands: the operation of its present revision, else the document of an earlier one, else
    the sales order that it came from.

    Two statements. Of several books the books of record win.
    """
    work_orders = list(work_orders)
    record = Connection.objects.filter(books=OuterRef("books"), is_books_of_record=True, state__in=Connection.LIVE)
    ids = [each.pk for each in work_orders]
    found = Operation.objects.filter(local_id__in=ids, kind__in=SALES).alias(is_in_record=Exists(record))
    states = states_among(work_orders, found.order_by("is_in_record", "created_at"))
    rest = [pk for pk in ids if pk not in states]
    orders = imported_orders().filter(local_id__in=rest) if rest else ()
    return {each.local_id: each for each in orders} | states


def states_among(work_orders: Iterable[WorkOrder], operations: Iterable[Operation]) -> dict[UUID, Standing]:
    """The same by what was read already; of two operations the later one in the given order counts."""
    revisions = {each.pk: each.revision for each in work_orders}
    states: dict[UUID, Standing] = {}
    for each in operations:
        if each.revision == revisions[each.local_id]:
            states[each.local_id] = each
        elif each.state == Operation.State.DONE and not isinstance(states.get(each.local_id), Operation):
            states[each.local_id] = Former(each)
    return states


def imported_orders() -> QuerySet[Link]:
    """Links of work orders to the sales orders of the books that they came from, as far as these still stand."""
    return Link.objects.filter(kind="sales_order", gone_at=None).exclude(origin=Link.Origin.EXPORTED)


def imported_order_of(connection: Connection | None, work_order: WorkOrder) -> Link | None:
    """The order in the books of record that the work order came from."""
    if connection is None:
        return None
    return imported_orders().filter(books=connection.books_id, local_id=work_order.pk).first()


def cases_of(kind: str, pk: UUID) -> Sequence[Case]:
    """What is wrong with the record, or with it as a part of another."""
    own = Q(subject_kind=kind, subject_id=str(pk)) | Q(where=kind, part=str(pk))
    related = ("connection", "operation", "organization")
    return list(Case.objects.filter(own, state=Case.State.OPEN).select_related(*related))


def address_of(connection: Connection | None, operation: Operation | None) -> str:
    """Where a person sees the document in the accounting system, or empty."""
    if connection is None or operation is None or operation.state != Operation.State.DONE:
        return ""
    if operation.books_id != connection.books_id or operation.stage not in list(Stage):
        return ""
    provider = connection.ledger_provider
    receipt = Receipt(stage=Stage(operation.stage), remote_id=operation.remote_id, number=operation.remote_number)
    return provider.link(values_of(provider), receipt)


def address_of_order(connection: Connection | None, link: Link | None) -> str:
    """Where a person sees the sales order that a work order came from, or empty."""
    if connection is None or link is None:
        return ""
    provider = connection.ledger_provider
    receipt = Receipt(stage=Stage.ORDER, remote_id=link.remote_id, number=link.remote_number)
    return provider.link(values_of(provider), receipt)


def address_of_link(connection: Connection | None, link: Link | None) -> str:
    if connection is None or link is None or link.gone_at:
        return ""
    provider = connection.ledger_provider
    receipt = Receipt(stage=Stage.CUSTOMER, remote_id=link.remote_id, number=link.remote_number)
    return provider.link(values_of(provider), receipt)
