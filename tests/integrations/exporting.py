"""What the tests of the export share: a worker that takes its turn, and records that are in the books already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Model
from django.utils import timezone

from fieldwork.models import Customer, User, WorkOrder, WorkOrderLine
from fieldwork.services import complete_work_order
from integrations.connections import open_ledger
from integrations.export import send_due
from integrations.models import Case, Connection, Lease, Link, Operation
from integrations.trouble import breaker

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

State = Operation.State


@dataclass(kw_only=True)
class Worker:
    """Takes turns at the outbox of one connection."""

    connection: Connection
    acme: FakeCompany

    def turn(self) -> list[Operation]:
        """One turn, under a lease of its own. As in every turn, books that were left alone are first asked once."""
        lease = Lease.take(self.connection, owner="worker")
        assert lease is not None
        ledger = open_ledger(self.connection)
        try:
            if self.is_left_alone() and not breaker.is_back(self.connection, ledger):
                return []
            return send_due(self.connection, lease, ledger)
        finally:
            lease.release()

    def is_left_alone(self) -> bool:
        """Whether the breaker is open, and its wait over."""
        self.connection.refresh_from_db()
        return breaker.is_open(self.connection) and not self.connection.is_waiting(timezone.now())

    def run(self) -> list[Operation]:
        """Two turns, as every job may run twice: the second one must not write."""
        worked = self.turn()
        writes = dict(self.acme.writes)
        self.turn()
        assert dict(self.acme.writes) == writes
        return worked


def complete(work_order: WorkOrder, by: User | None = None) -> Operation:
    """The operation of the work order after its completion."""
    complete_work_order(work_order, by=by)
    return operation_of(work_order)


def operation_of(record: Model) -> Operation:
    """The newest operation of the record."""
    return Operation.objects.filter(local_id=record.pk).order_by("revision", "created_at").last()


def put_in_books(connection: Connection, *records: Model) -> None:
    """Links, as an import leaves them: each record is in the books under `remote-<number>`."""
    for record in records:
        Link.objects.create(
            books=connection.books,
            kind="customer" if isinstance(record, Customer) else "article",
            remote_id=f"remote-{record.number}",
            remote_number=record.number,
            local_model=record._meta.label,
            local_id=record.pk,
        )


def came_from_order(work_order: WorkOrder, connection: Connection) -> Link:
    """As if an import had made the work order of sales order 233."""
    return Link.objects.create(
        books=connection.books,
        kind="sales_order",
        remote_id="o1",
        remote_number="233",
        local_model=work_order._meta.label,
        local_id=work_order.pk,
    )


def copies_of(work_order: WorkOrder, numbers: Sequence[str]) -> list[WorkOrder]:
    """Work orders like this one, with its customer and lines."""
    orders, lines = [], []
    for number in numbers:
        copy = WorkOrder(
            organization=work_order.organization,
            number=number,
            customer=work_order.customer,
            title=work_order.title,
            status=work_order.status,
        )
        orders.append(copy)
        for line in work_order.lines.all():
            line.pk = WorkOrderLine._meta.pk.get_default()
            line.work_order = copy
            lines.append(line)
    WorkOrder.objects.bulk_create(orders)
    WorkOrderLine.objects.bulk_create(lines)
    return orders


def open_codes(**narrowed: object) -> list[str]:
    """The codes of the open cases."""
    return sorted(Case.objects.filter(state=Case.State.OPEN, **narrowed).values_list("code", flat=True))
