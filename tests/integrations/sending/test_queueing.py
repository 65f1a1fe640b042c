"""What gets into the outbox, when, and how people keep it out, let it through and try it again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounting.models import Books
from fieldwork.models import Customer, HourType, Material, User, WorkOrder, WorkOrderStatus
from fieldwork.services import WorkOrderRefused, complete_work_order, reopen_work_order, set_status
from integrations.models import Connection, ConnectionSettings, LeaseLost, Operation
from integrations.receivers import exclude, include_again, release, request_export, retry
from integrations.sending.queueing import queue_completed
from tests.integrations.exporting import Worker, complete, copies_of, open_codes, operation_of, put_in_books

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

State = Operation.State


@pytest.fixture(autouse=True)
def in_books(connection: Connection, customer: Customer, material: Material, hour_type: HourType) -> None:
    put_in_books(connection, customer, material, hour_type)


class TestCompletion:
    def test_it_queues_one_operation_however_often_it_is_told(self, work_order: WorkOrder) -> None:
        from fieldwork.signals import work_order_completed

        complete(work_order)
        work_order_completed.send(sender=WorkOrder, work_order=work_order, by=None)

        operation = Operation.objects.get()
        assert operation.state == State.QUEUED
        assert operation.business_key == f"work_order:{work_order.pk}:r1"

    def test_it_is_undone_with_its_operation(self, work_order: WorkOrder) -> None:
        def complete_and_stumble() -> None:
            with transaction.atomic():
                complete_work_order(work_order, by=None)
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            complete_and_stumble()

        assert not Operation.objects.exists()

    @pytest.mark.parametrize("change", [{"export_work_orders": False}, {"saved_at": None}])
    def test_the_settings_decide(self, work_order: WorkOrder, change: dict[str, object]) -> None:
        ConnectionSettings.objects.update(**change)

        complete(work_order)

        assert not Operation.objects.exists()

    def test_without_live_books_nothing_is_queued(self, work_order: WorkOrder) -> None:
        Connection.objects.update(state=Connection.State.DISCONNECTED)

        complete(work_order)

        assert not Operation.objects.exists()

    @pytest.mark.parametrize("state", [Connection.State.RECONNECT, Connection.State.PAUSED])
    def test_while_the_connection_waits_it_is_queued(self, work_order: WorkOrder, state: str) -> None:
        Connection.objects.update(state=state)

        assert complete(work_order).state == State.QUEUED

    def test_one_document_per_books_and_revision_is_the_databases_rule(self, work_order: WorkOrder) -> None:
        operation = complete(work_order)
        operation.pk, operation.kind = None, "sales_order"

        with pytest.raises(IntegrityError), transaction.atomic():
            operation.save(force_insert=True)

    def test_what_was_completed_without_a_connection_is_queued_by_the_next_turn(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder
    ) -> None:
        Connection.objects.update(state=Connection.State.DISCONNECTED)
        complete(work_order)
        Connection.objects.update(state=Connection.State.ACTIVE)

        worker.run()

        assert operation_of(work_order).state == State.DONE
        assert acme.writes == {"create": 1}

    def test_that_happens_for_nothing_else(
        self, connection: Connection, work_order: WorkOrder, statuses: dict[str, WorkOrderStatus]
    ) -> None:
        sent_by_hand, cancelled, already = copies_of(work_order, ["1188", "1189", "1190"])
        completed = {"completed_at": timezone.now()}
        WorkOrder.objects.filter(pk=sent_by_hand.pk).update(status=statuses["invoiced"], **completed)
        WorkOrder.objects.filter(pk=cancelled.pk).update(status=statuses["cancelled"])
        complete(already)

        assert queue_completed(connection) == 0
        assert Operation.objects.count() == 1


class TestStatusThatTriggers:
    def test_completed_into_another_status_it_waits(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, organization, statuses
    ) -> None:
        hold = WorkOrderStatus.objects.create(
            organization=organization, name="hold", phase=WorkOrderStatus.Phase.COMPLETED
        )
        set_status(work_order, hold, by=None)

        worker.run()
        assert operation_of(work_order).state == State.QUEUED
        assert "status" in operation_of(work_order).problem
        assert acme.requests == []

        set_status(work_order, statuses["done"], by=None)
        worker.run()
        assert operation_of(work_order).state == State.DONE

    def test_the_button_sends_it_from_any_completed_status(
        self, worker: Worker, work_order: WorkOrder, organization, owner: User
    ) -> None:
        hold = WorkOrderStatus.objects.create(
            organization=organization, name="hold", phase=WorkOrderStatus.Phase.COMPLETED
        )
        set_status(work_order, hold, by=owner)

        request_export(work_order, by=owner)
        worker.run()

        assert operation_of(work_order).state == State.DONE
        work_order.refresh_from_db()
        assert work_order.status == hold


class TestSendButton:
    def test_pressed_twice_it_is_one_operation(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, owner: User
    ) -> None:
        ConnectionSettings.objects.update(export_work_orders=False)
        complete_work_order(work_order, by=owner)

        first, second = (request_export(work_order, by=owner) for _ in range(2))
        worker.run()
        third = request_export(work_order, by=owner)

        assert first == second == third
        assert third.state == State.DONE
        assert acme.writes == {"create": 1}

    def test_an_open_work_order_is_not_sent(self, work_order: WorkOrder, owner: User) -> None:
        with pytest.raises(WorkOrderRefused, match="1187 is not completed"):
            request_export(work_order, by=owner)

        assert not Operation.objects.exists()

    def test_without_books_it_says_so(self, work_order: WorkOrder, owner: User) -> None:
        complete(work_order)
        Connection.objects.update(state=Connection.State.DISCONNECTED)

        with pytest.raises(WorkOrderRefused, match="No accounting system"):
            request_export(work_order, by=owner)


class TestCutOff:
    @pytest.fixture(autouse=True)
    def cut_off_tomorrow(self, connection: Connection) -> None:
        tomorrow = timezone.localdate() + timedelta(days=1)
        ConnectionSettings.objects.update(cut_off_date=tomorrow)
        connection.refresh_from_db()

    def test_what_was_completed_before_is_never_queued(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder
    ) -> None:
        complete(work_order)

        worker.run()

        assert not Operation.objects.exists()
        assert acme.requests == []

    def test_it_counts_from_midnight_of_the_firm(self, connection: Connection, work_order: WorkOrder) -> None:
        ConnectionSettings.objects.update(cut_off_date=date(2026, 7, 1))
        connection.refresh_from_db()
        early, late = copies_of(work_order, ["1188", "1189"])
        done = WorkOrderStatus.objects.get(triggers_export=True)
        for order, moment in ((early, "2026-06-30T21:59:59Z"), (late, "2026-06-30T22:00:00Z")):
            WorkOrder.objects.filter(pk=order.pk).update(status=done, completed_at=moment)

        queue_completed(connection)

        assert Operation.objects.get().local_id == late.pk

    def test_the_send_button_says_so_and_release_sends_a_single_one(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, owner: User
    ) -> None:
        complete(work_order)
        with pytest.raises(WorkOrderRefused, match="cut-off"):
            request_export(work_order, by=owner)

        release(work_order, by=owner)
        release(work_order, by=owner)
        worker.run()

        assert operation_of(work_order).state == State.DONE
        assert acme.writes == {"create": 1}

    def test_a_later_cut_off_holds_back_what_waits(
        self, worker: Worker, acme: FakeCompany, connection: Connection, work_order: WorkOrder
    ) -> None:
        ConnectionSettings.objects.update(cut_off_date=date(2020, 1, 1))
        complete(work_order)
        ConnectionSettings.objects.update(cut_off_date=timezone.localdate() + timedelta(days=1))
        connection.refresh_from_db()

        worker.run()

        assert operation_of(work_order).state == State.BLOCKED
        assert open_codes() == ["work_order_before_cut_off"]
        assert acme.writes == {}


class TestDoNotSend:
    def test_it_is_never_sent_and_says_who_and_why(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, owner: User
    ) -> None:
        complete(work_order)

        exclude(work_order, by=owner, reason="Warranty")
        exclude(work_order, by=owner, reason="Pressed again")
        worker.run()
        retry(operation_of(work_order), by=owner)
        worker.run()

        operation = operation_of(work_order)
        assert (operation.state, operation.excluded_by, operation.exclude_reason) == (
            State.CANCELLED,
            owner,
            "Warranty",
        )
        assert acme.requests == []

    def test_before_its_completion_and_in_later_revisions_too(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, owner: User
    ) -> None:
        exclude(work_order, by=owner, reason="Warranty")
        complete(work_order)
        reopen_work_order(work_order)
        complete(work_order)

        worker.run()

        operation = operation_of(work_order)
        assert (operation.revision, operation.state, operation.exclude_reason) == (2, State.CANCELLED, "Warranty")
        assert acme.requests == []

    def test_the_send_button_does_not_override_it(self, work_order: WorkOrder, owner: User) -> None:
        complete(work_order)
        exclude(work_order, by=owner, reason="Warranty")

        for press in (request_export, release):
            with pytest.raises(WorkOrderRefused, match="do not send"):
                press(work_order, by=owner)

    def test_included_again_it_is_sent(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, owner: User
    ) -> None:
        complete(work_order)
        exclude(work_order, by=owner, reason="Warranty")

        include_again(work_order, by=owner)
        include_again(work_order, by=owner)
        worker.run()

        operation = operation_of(work_order)
        assert (operation.state, operation.excluded_by, operation.exclude_reason) == (State.DONE, None, "")
        assert acme.writes == {"create": 1}

    def test_included_again_before_its_completion_it_waits_for_that(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, owner: User
    ) -> None:
        exclude(work_order, by=owner, reason="Warranty")

        assert include_again(work_order, by=owner) is None
        worker.run()
        assert acme.requests == []

        complete(work_order)
        worker.run()
        assert operation_of(work_order).state == State.DONE

    def test_what_was_sent_cannot_be_excluded(self, worker: Worker, work_order: WorkOrder, owner: User) -> None:
        complete(work_order)
        worker.run()

        with pytest.raises(WorkOrderRefused, match="sent already"):
            exclude(work_order, by=owner, reason="Too late")

        assert operation_of(work_order).state == State.DONE

    @pytest.mark.parametrize("state", [State.CLAIMED, State.SENDING, State.IN_DOUBT])
    def test_what_is_on_its_way_cannot_be_excluded(self, work_order: WorkOrder, owner: User, state: str) -> None:
        complete(work_order)
        Operation.objects.update(state=state, sent_at=timezone.now())

        with pytest.raises(WorkOrderRefused, match="being sent"):
            exclude(work_order, by=owner, reason="Too late")

        assert operation_of(work_order).state == state

    def test_its_cases_are_closed(self, worker: Worker, work_order: WorkOrder, owner: User) -> None:
        WorkOrder.objects.update(customer=None)
        complete(work_order)
        worker.run()
        assert open_codes() == ["work_order_customer_missing"]

        exclude(work_order, by=owner, reason="Warranty")

        assert open_codes() == []


class TestRevisions:
    def test_an_older_one_that_waits_is_replaced(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder
    ) -> None:
        first = complete(work_order)
        reopen_work_order(work_order)

        second = complete(work_order)
        first.refresh_from_db()
        assert first.state == State.SUPERSEDED

        worker.run()
        assert operation_of(work_order) == second
        assert [each.document.reference for each in acme.documents.values()] == [second.reference]
        assert first.reference != second.reference

    def test_a_reopened_one_is_not_sent_as_it_was(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder
    ) -> None:
        first = complete(work_order)
        reopen_work_order(work_order)

        worker.run()

        first.refresh_from_db()
        assert first.state == State.SUPERSEDED
        assert acme.writes == {}

    def test_reopened_while_it_is_prepared_it_is_not_sent(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from integrations import export

        first = complete(work_order)
        prepare = export.prepare

        def reopen_first(*args):
            reopen_work_order(WorkOrder.objects.get())
            return prepare(*args)

        monkeypatch.setattr(export, "prepare", reopen_first)

        worker.turn()

        first.refresh_from_db()
        assert first.state == State.SUPERSEDED
        assert acme.writes == {}

    def test_a_second_document_needs_somebody_who_has_seen_the_first(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, owner: User
    ) -> None:
        complete(work_order)
        worker.run()
        reopen_work_order(work_order)
        complete(work_order)

        worker.run()
        assert operation_of(work_order).state == State.BLOCKED
        assert open_codes() == ["work_order_sent_before"]
        assert acme.writes == {"create": 1}

        release(work_order, by=owner)
        worker.run()
        assert operation_of(work_order).state == State.DONE
        assert acme.writes == {"create": 2}

    def test_the_order_of_an_earlier_revision_is_not_taken_for_that_of_the_later(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, owner: User
    ) -> None:
        worker.connection.settings.document_kind = "sales_order"
        worker.connection.settings.save()
        complete(work_order)
        worker.run()
        reopen_work_order(work_order)
        complete(work_order)

        worker.run()
        assert operation_of(work_order).state == State.BLOCKED

        release(work_order, by=owner)
        worker.run()
        assert len(acme.created("sales_order")) == 2

    def test_not_even_then_while_the_first_is_in_doubt(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, owner: User
    ) -> None:
        first = complete(work_order)
        Operation.objects.update(
            state=State.IN_DOUBT, sent_at=timezone.now(), due_at=timezone.now() + timedelta(minutes=10)
        )
        reopen_work_order(work_order)
        complete(work_order)

        release(work_order, by=owner)
        worker.run()

        first.refresh_from_db()
        assert first.state == State.IN_DOUBT
        assert operation_of(work_order).state == State.BLOCKED
        assert acme.writes == {}


class TestOtherBooks:
    @pytest.fixture
    def other_books(self, connection: Connection) -> Books:
        """Books that the firm was connected to before."""
        return Books.objects.create(
            provider="acme_books",
            environment=connection.books.environment,
            remote_id="acme-company-2",
            name="Rör & Värme AB, before",
            country="SE",
            currency="SEK",
        )

    def test_what_was_sent_to_one_is_not_billed_in_another(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, other_books: Books, statuses
    ) -> None:
        complete(work_order)
        worker.run()
        Operation.objects.update(books=other_books)
        WorkOrder.objects.update(status=statuses["done"])

        worker.run()

        assert acme.writes == {"create": 1}
        assert Operation.objects.count() == 1

    def test_asked_for_by_a_person_it_is_named(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, other_books: Books, owner: User
    ) -> None:
        complete(work_order)
        worker.run()
        Operation.objects.update(books=other_books)

        request_export(work_order, by=owner)
        worker.run()

        assert open_codes() == ["work_order_sent_to_other_books"]
        assert acme.writes == {"create": 1}


class TestTheStateMachine:
    def test_a_step_is_taken_by_one_only(self, work_order: WorkOrder) -> None:
        operation = complete(work_order)
        same = Operation.objects.get(pk=operation.pk)
        operation.move(State.CANCELLED)

        with pytest.raises(LeaseLost):
            same.move(State.CANCELLED)

    def test_a_step_with_anothers_fence_is_not_taken(self, work_order: WorkOrder) -> None:
        operation = complete(work_order)
        [claimed] = Operation.objects.claim([operation.pk], fence=7)

        with pytest.raises(LeaseLost):
            claimed.move(State.BLOCKED, fence=6)

        operation.refresh_from_db()
        assert operation.state == State.CLAIMED

    def test_what_is_claimed_is_not_claimed_again(self, work_order: WorkOrder) -> None:
        operation = complete(work_order)
        Operation.objects.claim([operation.pk], fence=7)

        assert Operation.objects.claim([operation.pk], fence=8) == []

    @pytest.mark.parametrize(
        ("state", "to"),
        [
            (State.DONE, State.QUEUED),
            (State.IN_DOUBT, State.SENDING),
            (State.QUEUED, State.SENDING),
            (State.IN_DOUBT, State.CLAIMED),
            (State.SUPERSEDED, State.QUEUED),
            (State.SENDING, State.CLAIMED),
        ],
    )
    def test_ways_that_do_not_exist(self, work_order: WorkOrder, state: str, to: str) -> None:
        operation = complete(work_order)
        operation.state = state

        with pytest.raises(ValueError, match="not a transition"):
            operation.move(to)
