"""Held, approved or let go: what a person decided in the plan is what the sending does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fieldwork.models import Customer, HourType, Material, User, WorkOrder
from fieldwork.services import complete_work_order, reopen_work_order
from integrations.export import create_now
from integrations.models import Connection, ConnectionSettings, Operation, PlanEntry, SendDecision
from integrations.planning.deciding import approve, hold, let_go
from integrations.planning.making import ask_for_plan, make_plan
from integrations.receivers import request_export
from tests.integrations.exporting import Worker, complete, copies_of, operation_of, put_in_books

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

State = Operation.State


@pytest.fixture(autouse=True)
def articles_in_books(connection: Connection, material: Material, hour_type: HourType) -> None:
    put_in_books(connection, material, hour_type)


@pytest.fixture
def asking(worker: Worker) -> Worker:
    """The owner wants to be asked before anything is sent."""
    ConnectionSettings.objects.update(ask_before_sending=True)
    worker.connection.settings.refresh_from_db()
    return worker


def entries(connection: Connection, by: User, **narrowed: object) -> list[PlanEntry]:
    plan = ask_for_plan(connection, by=by)
    make_plan(plan.pk)
    return list(plan.entries.filter(direction="out", **narrowed))


class TestHeld:
    def test_the_one_that_is_held_is_not_sent_the_other_is(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, owner: User
    ) -> None:
        [other] = copies_of(work_order, ["1188"])
        complete(work_order)
        complete(other)
        hold(worker.connection, entries(worker.connection, owner, local_id=work_order.pk), by=owner)

        worker.run()

        assert (operation_of(work_order).state, operation_of(other).state) == (State.QUEUED, State.DONE)
        assert "Held back" in operation_of(work_order).problem
        assert len(acme.created("invoice_draft")) == 1

    def test_let_go_it_is_sent(self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, owner: User) -> None:
        complete(work_order)
        held = entries(worker.connection, owner, kind="invoice_draft")
        hold(worker.connection, held, by=owner)
        worker.run()

        let_go(worker.connection, held)
        worker.run()

        assert operation_of(work_order).state == State.DONE
        assert operation_of(work_order).problem == ""

    def test_a_hold_stands_for_the_next_revision_too(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, owner: User
    ) -> None:
        complete(work_order)
        hold(worker.connection, entries(worker.connection, owner, kind="invoice_draft"), by=owner)
        reopen_work_order(work_order)
        work_order.refresh_from_db()
        complete_work_order(work_order, by=owner)

        worker.run()

        assert work_order.revision == 2
        assert acme.created("invoice_draft") == []

    def test_a_held_customer_holds_what_needs_it(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, owner: User
    ) -> None:
        complete(work_order)
        hold(worker.connection, entries(worker.connection, owner, kind="customer"), by=owner)

        worker.run()

        assert acme.writes == {}
        assert operation_of(work_order).state == State.QUEUED

    def test_the_button_on_its_own_page_does_not_end_a_hold(
        self, worker: Worker, acme: FakeCompany, customer: Customer, owner: User
    ) -> None:
        ConnectionSettings.objects.update(export_new_customers=True)
        worker.connection.settings.refresh_from_db()
        held = entries(worker.connection, owner, kind="customer")
        hold(worker.connection, held, by=owner)

        operation = create_now(worker.connection, customer, by=owner)

        assert (operation.state, acme.writes) == (State.QUEUED, {})
        let_go(worker.connection, held)
        assert create_now(worker.connection, customer, by=owner).state == State.DONE

    def test_what_is_sent_already_cannot_be_held(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, owner: User
    ) -> None:
        complete(work_order)
        planned = entries(worker.connection, owner, kind="invoice_draft")
        worker.run()

        decided = hold(worker.connection, planned, by=owner)

        assert (decided.count, decided.too_late) == (0, 1)
        assert not SendDecision.objects.exists()


class TestApproved:
    def test_nothing_is_written_until_somebody_approves(
        self, asking: Worker, acme: FakeCompany, work_order: WorkOrder, owner: User
    ) -> None:
        [other] = copies_of(work_order, ["1188"])
        complete(work_order)
        complete(other)
        planned = entries(asking.connection, owner, local_id=work_order.pk)
        asking.run()
        assert acme.writes == {}
        assert "approves" in operation_of(work_order).problem

        approve(asking.connection, planned, by=owner)
        asking.run()

        assert len(acme.created("customer")) == 1  # it needs that, so it brings it along
        assert [each.document.work_order_number for each in acme.created("invoice_draft")] == ["1187"]

    def test_an_approval_is_for_what_was_looked_at(
        self, asking: Worker, acme: FakeCompany, work_order: WorkOrder, owner: User
    ) -> None:
        complete(work_order)
        approve(asking.connection, entries(asking.connection, owner), by=owner)
        reopen_work_order(work_order)
        work_order.refresh_from_db()
        complete_work_order(work_order, by=owner)

        asking.run()

        assert acme.created("invoice_draft") == []

    def test_send_on_its_own_page_is_an_approval(
        self, asking: Worker, acme: FakeCompany, work_order: WorkOrder, owner: User
    ) -> None:
        complete(work_order)

        request_export(work_order, by=owner)
        asking.run()

        assert operation_of(work_order).state == State.DONE

    def test_new_customers_wait_too(
        self, asking: Worker, acme: FakeCompany, customer: Customer, connection: Connection, owner: User
    ) -> None:
        ConnectionSettings.objects.update(export_new_customers=True)
        asking.connection.settings.refresh_from_db()
        asking.run()
        assert acme.writes == {}

        approve(asking.connection, entries(asking.connection, owner, kind="customer"), by=owner)
        asking.run()

        assert len(acme.created("customer")) == 1
