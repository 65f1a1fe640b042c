"""Puts intended writes into the outbox: what was completed, what is new, what something else depends on.

Each function may run twice, or at the same time elsewhere: the business key lets only one operation be.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fieldwork.models import Customer, Material, Organization, User, WorkOrder, WorkOrderStatus
from integrations.exports import SALES, Need, Record, Standing, kind_for, name_of, reference_of
from integrations.models import Case, Connection, Link, Operation, StreamSetting, let_go

State = Operation.State
UNSENT = (State.QUEUED, *Operation.NEEDS_PERSON)
WENT_OUT = (State.SENDING, State.IN_DOUBT, State.DONE)
SETTLED = (State.DONE, State.CANCELLED)
CHUNK = 500
WAITS_FOR_APPROVAL = gettext_noop("Waits until somebody approves it in the plan.")


def live_connection(organization: Organization) -> Connection | None:
    """The connection to the organization's books of record, whether or not it can be used right now."""
    live = Connection.objects.filter(organization=organization, is_books_of_record=True, state__in=Connection.LIVE)
    return live.select_related("organization", "books", "settings").first()


def sends_by_itself(connection: Connection) -> bool:
    """Whether completed work orders are sent without anybody asking: the owner has saved the settings and wants it.

    Nothing is ever sent to further books.
    """
    settings = connection.settings
    return connection.is_books_of_record and settings.export_work_orders and settings.saved_at is not None


# --- work orders ----------------------------------------------------------------


def queue_work_orders(connection: Connection, work_orders: Sequence[WorkOrder]) -> None:
    """An operation for the present revision of each, unless there is one. Older revisions no longer wait.

    A work order that was excluded stays excluded in its next revision.
    """
    former = last_operations(connection, work_orders)
    operations = [new_sale(connection, each, former.get(each.pk)) for each in work_orders]
    Operation.objects.bulk_create(operations, ignore_conflicts=True)
    supersede_older(connection)


def new_sale(connection: Connection, work_order: WorkOrder, former: Operation | None) -> Operation:
    operation = new_operation(connection, work_order, kind=connection.settings.document_kind)
    if former is not None and former.state == State.CANCELLED:
        operation.state = State.CANCELLED
        operation.excluded_by_id, operation.exclude_reason = former.excluded_by_id, former.exclude_reason
    return operation


def last_operations(connection: Connection, work_orders: Iterable[WorkOrder]) -> dict[UUID, Operation]:
    """The newest operation of each work order in these books."""
    ids = [each.pk for each in work_orders]
    found = Operation.objects.filter(books=connection.books_id, kind__in=SALES, local_id__in=ids)
    return {each.local_id: each for each in found.order_by("revision")}


def supersede_older(connection: Connection) -> None:
    """What was still to be sent of an earlier revision is replaced by the newer one."""
    newer = WorkOrder.objects.filter(pk=OuterRef("local_id"), revision__gt=OuterRef("revision"))
    older = Operation.objects.filter(Exists(newer), books=connection.books_id, kind__in=SALES)
    if older.supersede():
        replaced = Case.objects.filter(operation__state=State.SUPERSEDED, operation__books=connection.books_id)
        replaced.filter(state=Case.State.OPEN).update(state=Case.State.CLOSED, closed_at=timezone.now())


def follow_settings(connection: Connection) -> None:
    """The outbox as the present settings want it: what should be there is, and what has never been sent is of
    the kind that they name now."""
    queue_completed(connection)
    queue_new_records(connection)
    supersede_older(connection)
    kind = connection.settings.document_kind
    unsent = Operation.objects.filter(books=connection.books_id, kind__in=SALES, state__in=UNSENT, sent_at__isnull=True)
    unsent.filter(target=None).exclude(kind=kind).update(kind=kind)
    explain_waiting(connection)
    explain_approval(connection)


def queue_completed(connection: Connection) -> int:
    """How many work orders were queued that had been completed while nothing could queue them.

    Completed on or after the cut-off date, in the status that triggers the export, without an operation here
    and without a document in any other books.
    """
    if not sends_by_itself(connection):
        return 0
    orders = list(exportable(connection).exclude(Exists(counted_operation(connection)))[:CHUNK])
    queue_work_orders(connection, orders)
    return len(orders)


def exportable(connection: Connection) -> QuerySet[WorkOrder]:
    """Completed work orders that are not before the cut-off date and stand in the status that triggers the export."""
    completed = WorkOrder.objects.filter(
        triggers_export(), organization=connection.organization_id, completed_at__gte=cut_off(connection)
    )
    return completed.select_related("organization").order_by("completed_at")


def triggers_export() -> Q:
    """The condition on work orders that stand in the status that triggers the export. Where none does, all of them."""
    return Q(status__triggers_export=True) | ~Q(Exists(triggering_statuses()))


def triggering_statuses() -> QuerySet[WorkOrderStatus]:
    """Of the organization of the row that is asked about."""
    return WorkOrderStatus.objects.filter(organization=OuterRef("organization"), triggers_export=True)


def counted_operation(connection: Connection) -> QuerySet[Operation]:
    same = Operation.objects.filter(kind__in=SALES, local_id=OuterRef("pk"), revision=OuterRef("revision"))
    return same.filter(Q(books=connection.books_id) | Q(state__in=WENT_OUT))


def cut_off(connection: Connection) -> datetime:
    """The first moment of the cut-off date, in the firm's own time zone."""
    zone = ZoneInfo(connection.organization.time_zone)
    return datetime.combine(connection.settings.cut_off_date, time.min, tzinfo=zone)


def is_before_cut_off(connection: Connection, work_order: WorkOrder) -> bool:
    return work_order.completed_at is not None and work_order.completed_at < cut_off(connection)


def is_to_be_sent() -> Q:
    """The condition on operations that were asked for by somebody, or whose work order stands in the status that
    triggers the export, or in the one that a failure left. Where no status triggers it, all of them.
    """
    sending = Q(status__triggers_export=True) | Q(status__set_after_failure=True)
    standing = WorkOrder.objects.filter(sending, pk=OuterRef("local_id"))
    return Q(asked_by__isnull=False) | Q(Exists(standing)) | ~Q(Exists(triggering_statuses()))


def completed_not_sent(firm: Organization, connection: Connection | None) -> QuerySet[WorkOrder]:
    """Completed work orders whose present revision is neither in the books nor excluded.

    What was completed before the cut-off date is not waited for.
    """
    completed = WorkOrder.objects.for_organization(firm).filter(~is_settled(), completed_at__isnull=False)
    return completed.filter(completed_at__gte=cut_off(connection)) if connection else completed


def is_settled() -> Q:
    """The condition on work orders whose present revision is in the books or excluded."""
    same = Operation.objects.filter(local_id=OuterRef("pk"), revision=OuterRef("revision"))
    return Q(Exists(same.filter(state__in=SETTLED)))


def explain_waiting(connection: Connection) -> None:
    """Work orders that were moved to a status that is not sent say what they wait for."""
    waiting = Operation.objects.filter(books=connection.books_id, kind__in=SALES, state=State.QUEUED, problem="")
    sentence = _("Waits until the work order stands in the status that triggers the export, or somebody sends it.")
    waiting.exclude(is_to_be_sent()).update(problem=sentence)


def explain_approval(connection: Connection) -> None:
    """What waits to be approved says so, and what does not any more says nothing."""
    queued = Operation.objects.filter(books=connection.books_id, state=State.QUEUED)
    approved = let_go(connection)
    queued.filter(approved, problem=WAITS_FOR_APPROVAL).update(problem="")
    queued.filter(problem="").exclude(approved).update(problem=WAITS_FOR_APPROVAL)


# --- customers and articles -----------------------------------------------------


def queue_new_records(connection: Connection) -> int:
    """How many customers and materials were queued because the settings send new ones on their own.

    Not before the books' own were read once: most of ours would turn out to be there already.
    """
    wanted = new_records(connection)
    queue_records(connection, wanted)
    return len(wanted)


def new_records(connection: Connection) -> list[Need]:
    """The customers and materials that the settings send on their own and that are not queued yet."""
    settings = connection.settings
    if settings.saved_at is None or not connection.is_books_of_record:
        return []
    wanted: list[Need] = []
    if settings.export_new_customers and was_read(connection, "customers"):
        wanted += unlinked(connection, "customer", Customer.objects.all())
    if settings.export_new_materials and was_read(connection, "articles"):
        wanted += unlinked(connection, "article", Material.objects.all())
    return wanted


def unlinked(connection: Connection, kind: str, records: QuerySet[Any]) -> list[Any]:
    """Active records that are neither in the books nor on their way there."""
    here = {"books": connection.books_id, "kind": kind, "local_id": OuterRef("pk")}
    active = records.filter(organization=connection.organization_id, active=True)
    new = active.exclude(Exists(Link.objects.filter(**here))).exclude(Exists(Operation.objects.filter(**here)))
    return list(new.select_related("organization").order_by("number", "pk")[:CHUNK])


def was_read(connection: Connection, stream: str) -> bool:
    """Whether the stream was read to the end once, or is not to be read at all."""
    settings = StreamSetting.objects.filter(connection=connection, stream=stream, enabled=True)
    return not settings.filter(last_success_at__isnull=True).exists()


def queue_records(connection: Connection, records: Sequence[Standing], *, by: User | None = None) -> list[Operation]:
    """The one operation of each customer, contact person or article, new or not."""
    operations = [new_operation(connection, each, kind=kind_for(each), by=by) for each in records]
    Operation.objects.bulk_create(operations, ignore_conflicts=True)
    keys = [each.business_key for each in operations]
    return list(Operation.objects.filter(books=connection.books_id, business_key__in=keys))


# --- both -----------------------------------------------------------------------


def new_operation(connection: Connection, record: Record, *, kind: str, by: User | None = None) -> Operation:
    """An operation that is not saved yet."""
    revision = record.revision if isinstance(record, WorkOrder) else 1
    return Operation(
        organization_id=connection.organization_id,
        books=connection.pinned_books,
        kind=kind,
        business_key=business_key(record),
        reference=reference_of(record, connection.pinned_books),
        local_model=record._meta.label,
        local_id=record.pk,
        local_label=str(record)[:200],
        revision=revision,
        due_at=timezone.now(),
        asked_by=by,
    )


def business_key(record: Record) -> str:
    """What there is at most one operation of, in one set of books."""
    key = f"{name_of(record)}:{record.pk}"
    return f"{key}:r{record.revision}" if isinstance(record, WorkOrder) else key
