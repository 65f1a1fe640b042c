"""The steps of the work: completing, reopening and moving a work order, and numbering what is new."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.db.models import BigIntegerField, F, Max, Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from fieldwork.models import Organization, User, WorkOrder, WorkOrderLine, WorkOrderStatus
from fieldwork.signals import work_order_completed

Phase = WorkOrderStatus.Phase
OPEN = Q(completed_at__isnull=True)
COMPLETED = Q(completed_at__isnull=False)


class WorkOrderRefused(Exception):
    """The step is not possible for this work order; the text is a sentence for the user."""


def complete_work_order(work_order: WorkOrder, *, by: User | None) -> bool:
    """True when this call completed it, False when it was completed already.

    The only door from open to completed. Whatever the receivers of `work_order_completed` write is
    committed together with the completion. Raises WorkOrderRefused for a cancelled work order.
    """
    not_cancelled = ~Q(status__in=_statuses(work_order.organization_id, Phase.CANCELLED))
    with transaction.atomic():
        completed = _change(
            work_order,
            only_if=OPEN & not_cancelled,
            status=_status_of_completion(work_order.organization_id),
            completed_at=timezone.now(),
            completed_by=by,
        )
        if completed:
            work_order_completed.send(sender=WorkOrder, work_order=work_order, by=by)
    if not work_order.is_completed:
        raise WorkOrderRefused(
            _("Work order %(number)s is cancelled. Open it again before you complete it.")
            % {"number": work_order.number}
        )
    return completed


def create_work_order(work_order: WorkOrder, *, lines: Sequence[WorkOrderLine]) -> None:
    """The new work order with these lines, numbered and in the first open status."""
    with transaction.atomic():
        work_order.number = next_number(work_order.organization, WorkOrder)
        work_order.status = _first_status(work_order.organization_id, Phase.OPEN)
        work_order.save(force_insert=True)
        _save_lines(work_order, lines)


def change_work_order(
    work_order: WorkOrder, *, fields: Sequence[str], lines: Sequence[WorkOrderLine], removed: Sequence[WorkOrderLine]
) -> None:
    """These fields and lines of an open work order, saved. Raises WorkOrderRefused once it is completed."""
    with transaction.atomic():
        # First the question, in a way that also holds the row: nobody completes it while lines change.
        if not WorkOrder.objects.filter(OPEN, pk=work_order.pk).update(updated_at=timezone.now()):
            raise WorkOrderRefused(
                _("Work order %(number)s was completed meanwhile. Open it again to change it.")
                % {"number": work_order.number}
            )
        work_order.save(update_fields=[*fields, "updated_at"])
        WorkOrderLine.objects.filter(work_order=work_order, pk__in=[line.pk for line in removed]).delete()
        _save_lines(work_order, lines)


def _save_lines(work_order: WorkOrder, lines: Sequence[WorkOrderLine]) -> None:
    """All lines, new and changed, in one statement."""
    for line in lines:
        line.work_order = work_order
    columns = [field.name for field in WorkOrderLine._meta.concrete_fields if not field.primary_key]
    WorkOrderLine.objects.bulk_create(lines, update_conflicts=True, unique_fields=["id"], update_fields=columns)


def reopen_work_order(work_order: WorkOrder) -> bool:
    """True when this call opened it again, False when it was open already.

    Opening a completed work order raises its revision, so that its next completion counts as new
    work and the document of the former revision stays the only one of that revision.
    """
    status = _first_status(work_order.organization_id, Phase.OPEN)
    cancelled = Q(status__in=_statuses(work_order.organization_id, Phase.CANCELLED))
    with transaction.atomic():
        return _change(
            work_order,
            only_if=COMPLETED,
            status=status,
            revision=F("revision") + 1,
            completed_at=None,
            completed_by=None,
        ) or _change(work_order, only_if=OPEN & cancelled, status=status)


def begin_revision(work_order: WorkOrder) -> None:
    """The completed work order's next revision, as after reopening and completing it: what was made of the former
    one counts no more. Of two simultaneous calls one raises it.
    """
    with transaction.atomic():
        _change(work_order, only_if=COMPLETED & Q(revision=work_order.revision), revision=F("revision") + 1)


def set_status(work_order: WorkOrder, status: WorkOrderStatus, by: User | None) -> bool:
    """True when the work order moved. Raises WorkOrderRefused where the way leads over another step.

    Into the completed phase it goes through `complete_work_order`, out of it through `reopen_work_order`.
    """
    if status.organization_id != work_order.organization_id:
        raise WorkOrderRefused(_("The status belongs to another organization."))
    elsewhere = ~Q(status=status)
    with transaction.atomic():
        if status.phase == Phase.COMPLETED:
            completed = complete_work_order(work_order, by=by)
            return _change(work_order, only_if=COMPLETED & elsewhere, status=status) or completed
        if status.phase == Phase.OPEN:
            opened = reopen_work_order(work_order)
            return _change(work_order, only_if=OPEN & elsewhere, status=status) or opened
        moved = _change(work_order, only_if=OPEN & elsewhere, status=status)
    if work_order.is_completed:
        raise WorkOrderRefused(
            _("Work order %(number)s is completed. Open it again before you cancel it.") % {"number": work_order.number}
        )
    return moved


def _change(work_order: WorkOrder, *, only_if: Q, **changes: Any) -> bool:
    """True when the row was as expected and was changed; `work_order` is fresh afterwards either way.

    One conditional UPDATE: of two simultaneous calls the later one sees the earlier one's
    `completed_at` in the row itself and changes nothing.
    """
    rows = WorkOrder.objects.filter(only_if, pk=work_order.pk).update(updated_at=timezone.now(), **changes)
    work_order.refresh_from_db()
    return bool(rows)


def _statuses(organization_id: UUID, phase: WorkOrderStatus.Phase) -> models.QuerySet[WorkOrderStatus]:
    return WorkOrderStatus.objects.filter(organization=organization_id, phase=phase)


def _status_of_completion(organization_id: UUID) -> WorkOrderStatus:
    """The status that triggers the export; without one, the first completed one."""
    trigger = _statuses(organization_id, Phase.COMPLETED).filter(triggers_export=True).first()
    return trigger or _first_status(organization_id, Phase.COMPLETED)


def _first_status(organization_id: UUID, phase: WorkOrderStatus.Phase) -> WorkOrderStatus:
    status = _statuses(organization_id, phase).first()
    if status is None:
        raise WorkOrderRefused(
            _("There is no status in the phase %(phase)s. Add one under Work order statuses.") % {"phase": phase.label}
        )
    return status


def next_number(organization: Organization, model: type[models.Model]) -> str:
    """The number after the highest in use. Call it in the transaction that saves the record."""
    return next_numbers(organization, model, count=1)[0]


def next_numbers(organization: Organization, model: type[models.Model], *, count: int) -> list[str]:
    """The next numbers in a row. Locks the organization's row until the transaction ends, so nobody gets the same.

    Numbers with letters, and those of more than nine digits (bar codes), are not counted on from.
    """
    # NO KEY: rows that merely refer to the organization may be inserted meanwhile.
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)
    numeric = model._default_manager.filter(organization=organization, number__regex=r"^[0-9]{1,9}$")
    highest = numeric.aggregate(highest=Max(Cast("number", BigIntegerField())))["highest"] or 0
    return [str(highest + step) for step in range(1, count + 1)]
