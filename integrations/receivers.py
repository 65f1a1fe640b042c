"""What the field work and its people tell us, turned into intended writes.

Two signals: a work order was completed, a record was edited. The rest are the buttons: send, release, do not
send, include again, retry. Each may be pressed twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Model, Q
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _

from fieldwork.models import User, WorkOrder
from fieldwork.services import WorkOrderRefused, begin_revision
from fieldwork.signals import record_edited, work_order_completed
from integrations.crash_points import reach
from integrations.exports import SALES
from integrations.history import note
from integrations.models import Case, Change, Connection, LeaseLost, Operation
from integrations.sending.outcomes import NOT_ALLOWED
from integrations.sending.queueing import (
    UNSENT,
    is_before_cut_off,
    live_connection,
    queue_work_orders,
    sends_by_itself,
)

State = Operation.State
BEING_CHECKED = (State.CLAIMED, State.SENDING, State.IN_DOUBT)


@receiver(work_order_completed)
def queue_completed_work_order(*, work_order: WorkOrder, **_more: Any) -> None:
    """In the transaction of the completion: either both are there or neither is."""
    connection = live_connection(work_order.organization)
    if connection is None or not sends_by_itself(connection) or is_before_cut_off(connection, work_order):
        return
    queue_work_orders(connection, [work_order])
    reach("outbox.queued")


@receiver(record_edited)
def remember_edit(*, record: Model, before: dict[str, Any], deed: str, by: User | None, **_more: Any) -> None:
    """In the history of the customer, in the transaction that saves it."""
    fields = {name: (old, getattr(record, name)) for name, old in before.items()}
    if deed != Change.What.CHANGED:
        fields = {name: ("", value) if deed == Change.What.ADDED else (value, "") for name, value in given(record)}
    note(record, source=Change.Source.HERE, what=deed, fields=fields, by=by)


def given(record: Model) -> Iterator[tuple[str, Any]]:
    """What somebody has written into it: values that no new record would have."""
    for each in record._meta.concrete_fields:
        value = getattr(record, each.attname)
        if each.editable and not each.is_relation and value and value != each.get_default():
            yield each.attname, value


# --- buttons --------------------------------------------------------------------


def request_export(work_order: WorkOrder, *, by: User | None) -> Operation:
    """The work order's operation, waiting for its turn unless it is on its way or done. Says what it does for "Send".

    Raises WorkOrderRefused with a sentence for the user.
    """
    connection = connection_or_refuse(work_order)
    operation = find_operation(connection, work_order)
    if is_before_cut_off(connection, work_order) and not (operation and operation.released):
        raise WorkOrderRefused(
            _("Work order %(number)s was completed before the cut-off date. Release it if it is to be sent.")
            % {"number": work_order.number}
        )
    return ask_for(connection, work_order, by=by)


def release(work_order: WorkOrder, *, by: User | None) -> Operation:
    """Like `request_export`, in spite of the cut-off date and of a document of an earlier revision."""
    connection = connection_or_refuse(work_order)
    return ask_for(connection, work_order, by=by, released=True)


def ask_for(connection: Connection, work_order: WorkOrder, *, by: User | None, **changes: Any) -> Operation:
    if not work_order.is_completed:
        raise WorkOrderRefused(_("Work order %(number)s is not completed yet.") % {"number": work_order.number})
    operation = present_operation(connection, work_order)
    if operation.state == State.CANCELLED:
        raise WorkOrderRefused(
            _("Work order %(number)s is marked “do not send”. Include it again first.") % {"number": work_order.number}
        )
    this = Operation.objects.filter(pk=operation.pk)
    this.update(asked_by=by, **changes)
    # To send is to create: what was to be written over a former document gets one of its own.
    this.filter(state__in=UNSENT).update(target=None)
    operation.refresh_from_db()
    return retry(operation, by=by)


def exclude(work_order: WorkOrder, *, by: User | None, reason: str) -> Operation:
    """The work order is never sent, nor its later revisions, until somebody includes it again.

    Raises WorkOrderRefused once it is on its way or done.
    """
    connection = connection_or_refuse(work_order)
    with transaction.atomic():
        operation = present_operation(connection, work_order)
        if operation.state == State.CANCELLED:
            return operation
        if operation.state == State.DONE:
            raise WorkOrderRefused(_("Work order %(number)s was sent already.") % {"number": work_order.number})
        if operation.state in BEING_CHECKED:
            raise being_sent(work_order)
        move_by_person(operation, State.CANCELLED, work_order, excluded_by=by, exclude_reason=reason[:500])
        own = Case.objects.filter(operation=operation, state=Case.State.OPEN).exclude(subject_kind="connection")
        own.update(state=Case.State.CLOSED, closed_at=timezone.now())
    return operation


def include_again(work_order: WorkOrder, *, by: User | None) -> Operation | None:
    """The excluded work order's operation, waiting for its turn; None while the work is not completed yet."""
    connection = connection_or_refuse(work_order)
    operation = find_operation(connection, work_order)
    if operation is None or operation.state != State.CANCELLED:
        return operation
    if not work_order.is_completed:
        # Its completion will make another one, with the same reference.
        operation.delete()
        return None
    move_by_person(
        operation, State.QUEUED, work_order, excluded_by=None, exclude_reason="", asked_by=by, due_at=timezone.now()
    )
    return operation


def retry(operation: Operation, *, by: User | None) -> Operation:
    """What stopped, and what it depends on, gets another turn at once. In doubt that turn is a look, never a send."""
    now = timezone.now()
    these = Operation.objects.filter(Q(pk=operation.pk) | Q(dependents=operation.pk))
    pks = list(these.values_list("pk", flat=True))
    waiting = Operation.objects.filter(pk__in=pks, state__in=(State.QUEUED, State.IN_DOUBT))
    waiting.update(due_at=now)
    Operation.objects.filter(pk__in=pks).requeue(now, asked_by=by)
    operation.refresh_from_db()
    return operation


def retry_forbidden(connection: Connection, *, by: User | None) -> int:
    """How many operations get another turn after the accounting system had not allowed them."""
    forbidden = Operation.objects.filter(books=connection.books_id, problem_code=NOT_ALLOWED)
    return forbidden.requeue(timezone.now(), asked_by=by)


# --- for the buttons ------------------------------------------------------------


def connection_or_refuse(work_order: WorkOrder) -> Connection:
    connection = live_connection(work_order.organization)
    if connection is None:
        raise WorkOrderRefused(_("No accounting system is connected. Connect one under Books."))
    return connection


def find_operation(connection: Connection, work_order: WorkOrder) -> Operation | None:
    own = Operation.objects.filter(books=connection.books_id, kind__in=SALES, local_id=work_order.pk)
    return own.filter(revision=work_order.revision).first()


def present_operation(connection: Connection, work_order: WorkOrder) -> Operation:
    """The operation of the work order's present revision, new or not. One that was taken back is over: what comes
    after it is a revision of its own."""
    former = find_operation(connection, work_order)
    if former is not None and former.state == State.TAKEN_BACK:
        begin_revision(work_order)
    queue_work_orders(connection, [work_order])
    return operation_or_refuse(connection, work_order)


def operation_or_refuse(connection: Connection, work_order: WorkOrder) -> Operation:
    operation = find_operation(connection, work_order)
    if operation is None:
        raise WorkOrderRefused(_("Work order %(number)s was changed meanwhile.") % {"number": work_order.number})
    return operation


def move_by_person(operation: Operation, state: str, work_order: WorkOrder, **changes: Any) -> None:
    try:
        operation.move(state, **changes)
    except LeaseLost:
        raise being_sent(work_order) from None


def being_sent(work_order: WorkOrder) -> WorkOrderRefused:
    return WorkOrderRefused(
        _("Work order %(number)s is being sent right now. Wait until that is over.") % {"number": work_order.number}
    )
