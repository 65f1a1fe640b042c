"""A firm at work with the stand-in, and one document that was sent to Acme Books."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from fieldwork.models import User, WorkOrder, WorkOrderLine, WorkOrderStatus
from integrations.auditing.reconciling import Result, reconcile
from integrations.models import Connection, Operation
from tests.integrations.auditing.at_work import FirmAtWork, Reconcile, at_work
from tests.integrations.connecting.conftest import browser, licence, running, service  # noqa: F401  (fixtures)
from tests.integrations.connecting.standing_in import Service
from tests.integrations.exporting import Worker, complete, put_in_books


@pytest.fixture
def firm(
    browser: Client,  # noqa: F811
    service: Service,  # noqa: F811
    owner: User,
    statuses: dict[str, WorkOrderStatus],
) -> FirmAtWork:
    return at_work(browser, service, owner)


@pytest.fixture
def sent(connection: Connection, work_order: WorkOrder, worker: Worker, owner: User) -> Operation:
    """A completed work order that became a draft."""
    put_in_books(connection, work_order.customer, *[each.material or each.hour_type for each in lines_of(work_order)])
    operation = complete(work_order, by=owner)
    worker.run()
    operation.refresh_from_db()
    assert operation.state == Operation.State.DONE, operation.problem
    return operation


def lines_of(work_order: WorkOrder) -> list[WorkOrderLine]:
    return [each for each in work_order.lines.all() if each.material or each.hour_type]


@pytest.fixture
def sent_order(connection: Connection, request: pytest.FixtureRequest) -> Operation:
    connection.settings.document_kind = "sales_order"
    connection.settings.save()
    return request.getfixturevalue("sent")


@pytest.fixture
def audit(connection: Connection, acme: Any) -> Reconcile:
    """Every comparison is made twice, as every job may run twice: the second finds the same. None of them writes."""

    def run(days: int = 7) -> Result:
        before = len(acme.requests)
        first, second = (reconcile(connection, days=days) for _ in range(2))
        assert [each[1].code for each in second.found] == [each[1].code for each in first.found]
        assert {verb for verb, _kind in acme.requests[before:]} <= {"documents", "fetch"}
        return first

    return run
