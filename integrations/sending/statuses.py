"""The status of a work order after its export: moved only while it stands where the export left it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone

from fieldwork.models import WorkOrder, WorkOrderStatus
from integrations.models import Operation


def show_success(operation: Operation) -> None:
    """The work order takes the status for sent ones, if the firm has chosen one."""
    move_work_order(operation, WorkOrderStatus.objects.filter(set_after_success=True))


def show_failure(operation: Operation) -> None:
    """The work order takes the status for those that need somebody, if the firm has chosen one."""
    move_work_order(operation, WorkOrderStatus.objects.filter(set_after_failure=True))


def show_taken_back(operation: Operation) -> None:
    """The work order stands again where the export took it from, unless somebody has moved it on since."""
    firm = WorkOrderStatus.objects.filter(organization=operation.organization_id)
    former = firm.filter(triggers_export=True).first()
    if former is None or operation.local_model != WorkOrder._meta.label:
        return
    sent = WorkOrder.objects.filter(pk=operation.local_id, revision=operation.revision, status__set_after_success=True)
    sent.update(status=former, updated_at=timezone.now())


def move_work_order(operation: Operation, target: models.QuerySet[WorkOrderStatus]) -> None:
    """One conditional UPDATE: a work order that was reopened, or moved on by a person, stays where it is."""
    if operation.local_model != WorkOrder._meta.label:
        return
    status = target.filter(organization=operation.organization_id).first()
    if status is None:
        return
    ours = Q(status__triggers_export=True) | Q(status__set_after_failure=True)
    waiting = WorkOrder.objects.filter(ours, pk=operation.local_id, revision=operation.revision)
    waiting.exclude(status=status).update(status=status, updated_at=timezone.now())
