"""The drill of docs/reliability.md: an old backup is restored on another machine, and the books have moved on."""

from __future__ import annotations

from io import StringIO
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from fieldwork.models import WorkOrder
from integrations.models import Attempt, Case, Connection, Link, Operation
from integrations.tasks import work
from tests.integrations.auditing.at_work import FirmAtWork

pytestmark = pytest.mark.django_db(transaction=True)
State = Operation.State


def restore_backup(firm: FirmAtWork, orders: list[WorkOrder]) -> None:
    """Of twelve jobs that were sent, the backup knows six: two wait, two are completed and not queued, one is still
    open, and one did not exist yet."""
    waiting, not_queued, still_open, unborn = orders[6:8], orders[8:10], orders[10], orders[11]
    Attempt.objects.all().delete()
    Link.objects.filter(local_id__in=[each.pk for each in orders[6:]]).delete()
    for order in waiting:
        Operation.objects.filter(local_id=order.pk).update(
            state=State.QUEUED, remote_id="", remote_number="", stage="", sent_at=None, done_at=None, payload={}
        )
    Operation.objects.filter(local_id__in=[each.pk for each in [*not_queued, still_open, unborn]]).delete()
    WorkOrder.objects.filter(pk=still_open.pk).update(completed_at=None, status=firm.first_status())
    WorkOrder.objects.filter(pk=unborn.pk).delete()


def say(*command: str) -> str:
    said = StringIO()
    try:
        call_command(*command, stdout=said)
    except SystemExit as end:
        said.write(f"exit {end.code}")
    return said.getvalue()


def test_a_restored_backup_sends_nothing_twice(firm: FirmAtWork, browser: Client, settings: LazySettings) -> None:
    orders = firm.finish(12)
    firm.turn()
    assert set(firm.operations().values_list("state", flat=True)) == {State.DONE}
    reference = firm.operations().get(local_id=orders[11].pk).reference
    writes, documents = firm.writes(), len(firm.deeds())
    restore_backup(firm, orders)
    settings.INSTALLATION_ID = uuid4()

    # Started: nothing moves.
    assert work(firm.connection.pk) == "not due"

    # Taken over: still nothing moves, because everything is paused.
    say("take_over", "--yes")
    assert work(firm.connection.pk) == "not due"

    # Rebuilt and compared: the job that is not in the backup is told.
    rebuilt = say("rebuild_links")
    assert "3 operations" in rebuilt
    assert "2 of them found to be sent" in rebuilt
    told = say("reconcile")
    assert told.endswith("exit 1")
    assert [line.partition(":")[0] for line in told.splitlines() if reference in line] == ["unknown_in_books"]
    assert Case.objects.filter(state=Case.State.OPEN, code="unknown_in_books").count() == 1
    assert firm.writes() == writes

    # Resumed: what waited is recognised, and what was completed is known to be there.
    browser.post(reverse("integrations:resume", args=[firm.connection.pk]))
    assert work(firm.connection.pk) == "done"
    assert firm.writes() == writes
    assert len(firm.deeds()) == documents
    assert set(firm.operations().values_list("state", flat=True)) == {State.DONE}
    assert firm.operations().count() == 11
    firm.connection.refresh_from_db()
    assert firm.connection.state == Connection.State.ACTIVE
