"""What sending costs: one look for a batch, then one create and one reading back per document."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from fieldwork.models import Customer, HourType, Material, WorkOrder, WorkOrderLine
from integrations.export import BATCH
from integrations.models import Attempt, Connection, Operation
from integrations.sending.looking import EVER
from tests.integrations.exporting import Worker, complete, copies_of, put_in_books

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

State = Operation.State


@pytest.fixture(autouse=True)
def in_books(connection: Connection, customer: Customer, material: Material, hour_type: HourType) -> None:
    put_in_books(connection, customer, material, hour_type)


def complete_many(work_order: WorkOrder, count: int) -> None:
    for order in copies_of(work_order, [str(2000 + number) for number in range(count)]):
        complete(order)


def test_one_document_is_a_look_a_create_and_a_reading_back(
    worker: Worker, acme: FakeCompany, work_order: WorkOrder
) -> None:
    complete(work_order)

    worker.turn()

    assert [verb for verb, _ in acme.requests] == ["find", "create", "fetch"]


def test_a_hundred_share_their_looks(
    worker: Worker, acme: FakeCompany, work_order: WorkOrder, material: Material
) -> None:
    WorkOrderLine.objects.bulk_create(
        WorkOrderLine(work_order=work_order, position=n, material=material, quantity=1, unit_price=10) for n in (4, 5)
    )
    complete_many(work_order, 100)

    worker.turn()

    assert len(acme.created("invoice_draft")) == 100
    assert acme.count("find") == 100 // BATCH
    assert len(acme.requests) / 100 <= 2.2


def test_a_look_is_newer_than_the_last_send_of_each(worker: Worker, acme: FakeCompany, work_order: WorkOrder) -> None:
    complete_many(work_order, BATCH + 1)

    worker.turn()

    for operation in Operation.objects.all():
        look = operation.attempts.get(purpose=Attempt.Purpose.LOOK)
        send = operation.attempts.get(purpose=Attempt.Purpose.SEND)
        assert look.ended_at <= send.started_at
        assert look.fence == send.fence == operation.fence


def test_an_idle_turn_asks_nothing(worker: Worker, acme: FakeCompany, work_order: WorkOrder) -> None:
    worker.run()

    assert acme.requests == []


class TestHowFarALookReachesBack:
    @pytest.fixture
    def asked(self, acme: FakeCompany, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
        """Since when the books were searched, look by look."""
        from accounting.providers.acme_books.ledger import FakeLedger

        moments: list[datetime] = []
        find = FakeLedger.find

        def remember(self, documents, *, since):
            moments.append(since)
            return find(self, documents, since=since)

        monkeypatch.setattr(FakeLedger, "find", remember)
        return moments

    def test_to_the_work_orders_own_beginning(
        self, worker: Worker, work_order: WorkOrder, asked: list[datetime]
    ) -> None:
        complete(work_order)

        worker.run()

        assert asked == [work_order.created_at - timedelta(minutes=15)]

    def test_without_end_for_what_has_a_number(
        self, worker: Worker, connection: Connection, customer: Customer, asked: list[datetime]
    ) -> None:
        connection.books.links.all().delete()
        connection.settings.export_new_customers = True
        connection.settings.save()
        unnumbered = Customer.objects.create(organization=customer.organization, name="New", postcode="123 45")

        worker.run()

        assert asked == [unnumbered.created_at - timedelta(minutes=15), EVER]


def test_preparing_more_does_not_take_more_statements(
    worker: Worker, work_order: WorkOrder, connection: Connection
) -> None:
    from integrations.exports import load_records
    from integrations.sending.preconditions import check, read_surroundings

    complete_many(work_order, 20)
    counts = []
    for size in (2, 20):
        operations = list(Operation.objects.all()[:size])
        with CaptureQueriesContext(database) as queries:
            records = load_records(WorkOrder._meta.label, [each.local_id for each in operations])
            around = read_surroundings(connection, operations, records.values())
            for operation in operations:
                assert check(operation, records[operation.local_id], around).problems == []
        counts.append(len(queries))

    assert counts[0] == counts[1]
