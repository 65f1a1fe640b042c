"""What the auditor finds without the books: work that was never queued, waits too long, or stopped without a word."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from fieldwork.models import User, WorkOrder, WorkOrderStatus
from fieldwork.services import complete_work_order
from integrations.models import Connection, Operation
from integrations.sending.queueing import queue_records
from integrations.trouble.cases import Finding, open_cases
from integrations.trouble.reporting import connection_subject, own_subject
from tests.integrations.auditing.at_work import Reconcile, later
from tests.integrations.exporting import Worker, complete, open_codes, operation_of

pytestmark = pytest.mark.django_db
State = Operation.State


def test_a_completed_work_order_without_an_operation_is_an_entry(
    audit: Reconcile, connection: Connection, work_order: WorkOrder, owner: User
) -> None:
    complete_work_order(work_order, by=owner)
    Operation.objects.all().delete()
    assert audit().row.is_well

    with later(hours=2):
        [(subject, finding, _)] = audit().found

    assert (subject.id, finding.code) == (str(work_order.pk), "not_queued")
    complete_again = Operation.objects.count()
    assert complete_again == 0


@pytest.mark.parametrize(
    "change",
    [{"export_work_orders": False}, {"saved_at": None}, {"cut_off_date": timezone.localdate() + timedelta(days=1)}],
)
def test_what_the_settings_do_not_send_is_not_missed(
    audit: Reconcile, connection: Connection, work_order: WorkOrder, owner: User, change: dict
) -> None:
    complete_work_order(work_order, by=owner)
    Operation.objects.all().delete()
    for name, value in change.items():
        setattr(connection.settings, name, value)
    connection.settings.save()

    with later(hours=2):
        assert audit().row.is_well


def test_what_waits_for_days_is_one_entry(
    audit: Reconcile, connection: Connection, work_order: WorkOrder, owner: User
) -> None:
    complete(work_order, by=owner)

    with later(hours=23):
        assert audit().row.is_well
    with later(hours=25):
        [(subject, finding, _)] = audit().found

    assert (subject.kind, finding.code, finding.values["count"]) == ("connection", "overdue", "1")
    operation = operation_of(work_order)
    Operation.objects.filter(pk=operation.pk).update(due_at=timezone.now() + timedelta(days=2))
    with later(hours=25):
        assert audit().row.is_well
        assert open_codes() == []


@pytest.mark.parametrize("state", ["paused", "reconnect"])
def test_nothing_is_late_while_nothing_may_move(
    audit: Reconcile, connection: Connection, work_order: WorkOrder, owner: User, state: str
) -> None:
    complete(work_order, by=owner)
    connection.state = state
    connection.save()

    with later(days=3):
        assert audit().row.findings == 0


def test_what_a_person_put_aside_is_not_late(
    audit: Reconcile, work_order: WorkOrder, owner: User, statuses: dict[str, WorkOrderStatus]
) -> None:
    complete(work_order, by=owner)
    WorkOrder.objects.update(status=statuses["invoiced"])

    with later(hours=25):
        assert audit().row.is_well


def test_what_waits_for_something_that_waits_for_a_person_is_not_late(
    audit: Reconcile, connection: Connection, work_order: WorkOrder, worker: Worker, owner: User
) -> None:
    operation = complete(work_order, by=owner)
    [creating] = queue_records(connection, [work_order.customer])
    operation.depends_on.add(creating)
    Operation.objects.filter(pk=creating.pk).update(state=State.BLOCKED)
    open_cases(connection, [(own_subject(creating), Finding(code="name_missing", sentence="?"))], operation=creating)

    with later(hours=25):
        assert audit().row.is_well


def test_doubt_that_lasts_is_told(audit: Reconcile, work_order: WorkOrder, owner: User) -> None:
    operation = complete(work_order, by=owner)
    now = timezone.now()
    Operation.objects.filter(pk=operation.pk).update(
        state=State.IN_DOUBT, sent_at=now, doubt_since=now, due_at=now + timedelta(days=9)
    )

    with later(hours=13):
        assert [each[1].code for each in audit().found] == ["overdue"]


def test_what_stopped_without_a_word_is_told(audit: Reconcile, work_order: WorkOrder, owner: User) -> None:
    operation = complete(work_order, by=owner)
    Operation.objects.filter(pk=operation.pk).update(state=State.FAILED, problem="Out of order.")

    result = audit()

    [(_, finding, about)] = result.found
    assert (finding.code, finding.detail, about) == ("stopped_silently", "Out of order.", operation)
    assert result.row.balance["needs_person"] == 0


def test_one_entry_about_the_connection_speaks_for_all_that_it_stopped(
    audit: Reconcile, connection: Connection, work_order: WorkOrder, owner: User
) -> None:
    operation = complete(work_order, by=owner)
    Operation.objects.filter(pk=operation.pk).update(state=State.BLOCKED, problem_code="not_allowed")
    assert [each[1].code for each in audit().found] == ["stopped_silently"]

    open_cases(connection, [(connection_subject(connection), Finding(code="not_allowed", sentence="No."))])

    assert audit().row.is_well


def test_what_stopped_with_a_reason_is_in_balance(
    audit: Reconcile, work_order: WorkOrder, worker: Worker, owner: User
) -> None:
    work_order.customer.postcode = ""
    work_order.customer.save()
    complete(work_order, by=owner)
    worker.run()

    result = audit()

    assert result.row.is_well
    assert result.row.balance["needs_person"] == 1
    assert open_codes() != []
