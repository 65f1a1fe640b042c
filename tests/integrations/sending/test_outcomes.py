"""What each error of the books leads to, for the operation, for the others, and for the connection."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from accounting.errors import Conflict, NotAllowed, ReconnectNeeded, Refused, TryLater, UnexpectedAnswer
from fieldwork.models import Customer, HourType, Material, User, WorkOrder, WorkOrderStatus
from integrations.models import Case, Connection, Lease, LeaseLost, Operation
from integrations.receivers import retry, retry_forbidden
from integrations.sending import outcomes
from tests.integrations.exporting import Worker, complete, copies_of, open_codes, operation_of, put_in_books

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

State = Operation.State
# After everything that the fixtures make.
NOON = datetime(2041, 5, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_books(connection: Connection, customer: Customer, material: Material, hour_type: HourType) -> None:
    put_in_books(connection, customer, material, hour_type)


@pytest.fixture
def ten(work_order: WorkOrder) -> list[WorkOrder]:
    """Ten completed work orders."""
    orders = [work_order, *copies_of(work_order, [str(number) for number in range(1188, 1197)])]
    for order in orders:
        complete(order)
    return orders


def states(*orders: WorkOrder) -> list[str]:
    return [operation_of(order).state for order in orders]


class TestRefused:
    def test_their_sentence_is_in_the_inbox_and_a_retry_sends_it(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, owner: User
    ) -> None:
        acme.fail("create", Refused("Postal code is invalid", field="postcode", error_id="e-7"))
        operation = complete(work_order)
        worker.run()

        case = Case.objects.get()
        assert states(work_order) == [State.REFUSED]
        assert (case.code, case.field, case.detail, case.error_id) == (
            "refused",
            "postcode",
            "Postal code is invalid",
            "e-7",
        )
        assert case.operation == operation
        assert acme.writes == {"create": 1}

        retry(operation, by=owner)
        worker.run()
        assert states(work_order) == [State.DONE]
        assert open_codes() == []
        assert operation_of(work_order).reference == operation.reference
        assert operation_of(work_order).problem == ""

    def test_the_work_order_shows_the_failure_and_later_the_success(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, statuses: dict[str, WorkOrderStatus]
    ) -> None:
        acme.fail("create", Refused("No."))
        operation = complete(work_order)

        worker.run()
        work_order.refresh_from_db()
        assert work_order.status == statuses["stuck"]

        retry(operation, by=None)
        worker.run()
        work_order.refresh_from_db()
        assert work_order.status == statuses["invoiced"]

    def test_a_status_that_a_person_chose_meanwhile_stays(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, statuses: dict[str, WorkOrderStatus]
    ) -> None:
        archived = WorkOrderStatus.objects.create(
            organization=work_order.organization, name="archived", phase=WorkOrderStatus.Phase.COMPLETED
        )
        complete(work_order)
        acme.witness = lambda verb, kind: WorkOrder.objects.update(status=archived)

        worker.run()

        assert states(work_order) == [State.DONE]
        work_order.refresh_from_db()
        assert work_order.status == archived

    def test_one_bad_of_ten_does_not_stop_the_nine(
        self, worker: Worker, acme: FakeCompany, ten: list[WorkOrder]
    ) -> None:
        acme.fail("create", Refused("No."), nth=4)

        worker.run()

        assert sorted(states(*ten)) == [State.DONE] * 9 + [State.REFUSED]


class TestOurOwnFaults:
    def test_a_fault_before_sending_stops_that_one_and_is_reported(
        self, worker: Worker, acme: FakeCompany, ten: list[WorkOrder], monkeypatch: pytest.MonkeyPatch, caplog
    ) -> None:
        bad = operation_of(ten[3])

        def stumble(document: object, company: object) -> list[object]:
            if document.reference == bad.reference:
                raise ZeroDivisionError("secret text")
            return []

        monkeypatch.setitem(vars(worker.connection.ledger_provider), "rules", (stumble,))

        worker.run()

        bad.refresh_from_db()
        assert bad.state == State.FAILED
        assert "secret text" not in bad.problem
        assert str(bad.pk) in caplog.text
        assert open_codes(operation=bad) == ["fault"]
        assert sorted(states(*ten)) == [State.DONE] * 9 + [State.FAILED]

    def test_the_loss_of_the_lease_is_not_held_back(self, connection: Connection) -> None:
        lease = Lease.take(connection, owner="worker")
        turn = outcomes.Turn(connection=connection, lease=lease)

        with pytest.raises(LeaseLost), outcomes.settling(turn):
            raise LeaseLost

    def test_a_kill_is_not_held_back(self, connection: Connection) -> None:
        turn = outcomes.Turn(connection=connection, lease=Lease.take(connection, owner="worker"))

        with pytest.raises(KeyboardInterrupt), outcomes.settling(turn):
            raise KeyboardInterrupt


class TestLater:
    def test_too_many_requests_lets_the_whole_connection_wait(
        self, worker: Worker, acme: FakeCompany, ten: list[WorkOrder], time_machine
    ) -> None:
        time_machine.move_to(NOON, tick=False)
        Operation.objects.update(due_at=NOON)
        acme.fail("create", TryLater("429", after=timedelta(minutes=7)), nth=3)

        worker.run()

        assert sorted(states(*ten)) == [State.DONE] * 2 + [State.QUEUED] * 8
        assert acme.writes == {"create": 3}
        assert acme.count("find") == 1
        worker.connection.refresh_from_db()
        assert worker.connection.wait_until == NOON + timedelta(minutes=7)

        time_machine.move_to(NOON + timedelta(minutes=7), tick=False)
        worker.run()
        assert states(*ten) == [State.DONE] * 10
        assert len(acme.created("invoice_draft")) == 10

    def test_it_is_looked_for_before_it_is_sent_again(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, time_machine
    ) -> None:
        time_machine.move_to(NOON, tick=False)
        acme.fail("create", TryLater("refused connection"))
        complete(work_order)
        worker.run()

        time_machine.move_to(NOON + timedelta(minutes=1), tick=False)
        worker.run()

        verbs = [verb for verb, _ in acme.requests]
        assert verbs == ["find", "create", "find", "create", "fetch"]

    def test_a_renewed_login_sends_at_once(self, worker: Worker, acme: FakeCompany, work_order: WorkOrder) -> None:
        acme.fail("create", TryLater("The login was renewed.", after=timedelta(0)))
        complete(work_order)

        worker.run()

        assert states(work_order) == [State.DONE]
        worker.connection.refresh_from_db()
        assert worker.connection.wait_until is None

    @pytest.mark.parametrize("error", [TryLater("busy"), UnexpectedAnswer("HTML"), Refused("A bad filter.")])
    def test_a_look_that_failed_sends_nothing(
        self, worker: Worker, acme: FakeCompany, ten: list[WorkOrder], error: Exception, time_machine
    ) -> None:
        time_machine.move_to(NOON, tick=False)
        Operation.objects.update(due_at=NOON)
        acme.fail("find", error)

        worker.run()
        assert states(*ten) == [State.QUEUED] * 10
        assert acme.writes == {}

        time_machine.move_to(NOON + timedelta(minutes=1), tick=False)
        worker.run()
        assert states(*ten) == [State.DONE] * 10

    def test_a_look_that_leaves_one_out_sends_nothing(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from accounting.providers.acme_books.ledger import FakeLedger

        monkeypatch.setattr(FakeLedger, "find", lambda self, documents, *, since: {})
        complete(work_order)

        worker.run()

        assert states(work_order) == [State.QUEUED]
        assert acme.writes == {}

    def test_waits_grow_and_stay_within_their_bounds(self) -> None:
        for tries in range(60):
            longest = min(900, 2 * 2**tries)
            pauses = [outcomes.backoff(tries).total_seconds() for _ in range(50)]
            assert min(pauses) >= 1
            assert max(pauses) <= max(1, longest)
        assert max(outcomes.backoff(12) for _ in range(50)) > timedelta(minutes=5)


class TestReconnect:
    def test_the_queue_parks_and_goes_on_after_the_reconnect(
        self, worker: Worker, acme: FakeCompany, ten: list[WorkOrder]
    ) -> None:
        acme.fail("create", ReconnectNeeded("The login was revoked.", status=401), nth=3)

        worker.run()

        assert sorted(states(*ten)) == [State.DONE] * 2 + [State.QUEUED] * 8
        assert worker.connection.state == Connection.State.RECONNECT
        assert acme.writes == {"create": 3}

        Connection.objects.update(state=Connection.State.ACTIVE)
        worker.run()
        assert states(*ten) == [State.DONE] * 10
        assert len(acme.created("invoice_draft")) == 10

    def test_a_connection_that_is_not_active_is_asked_nothing(
        self, worker: Worker, acme: FakeCompany, ten: list[WorkOrder]
    ) -> None:
        for state in set(Connection.State) - {Connection.State.ACTIVE}:
            Connection.objects.update(state=state)
            assert worker.turn() == []

        assert acme.requests == []


class TestNotAllowed:
    def test_one_case_for_the_connection_and_a_retry_for_all(
        self, worker: Worker, acme: FakeCompany, ten: list[WorkOrder], owner: User
    ) -> None:
        acme.fail("find", NotAllowed("The licence has ended.", error_id="e-9"))

        worker.run()

        assert states(*ten) == [State.BLOCKED] * 10
        case = Case.objects.get()
        assert (case.code, case.subject_kind, case.detail) == ("not_allowed", "connection", "The licence has ended.")
        assert acme.writes == {}

        assert retry_forbidden(worker.connection, by=owner) == 10
        worker.run()
        assert states(*ten) == [State.DONE] * 10
        assert open_codes() == []

    def test_one_that_is_not_allowed_does_not_stop_the_others(
        self, worker: Worker, acme: FakeCompany, ten: list[WorkOrder]
    ) -> None:
        acme.fail("create", NotAllowed("The period is closed."), nth=5)

        worker.run()

        assert sorted(states(*ten)) == [State.BLOCKED] + [State.DONE] * 9


class TestConflict:
    def test_three_times_again_then_a_person(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, time_machine
    ) -> None:
        time_machine.move_to(NOON, tick=False)
        acme.fail("create", Conflict("Changed meanwhile.", status=409), times=10)
        complete(work_order)

        for minute in range(6):
            time_machine.move_to(NOON + timedelta(minutes=minute), tick=False)
            worker.run()

        assert states(work_order) == [State.BLOCKED]
        assert open_codes() == ["conflict"]
        assert acme.writes == {"create": 4}
        assert [verb for verb, _ in acme.requests] == ["find", "create"] * 4


class TestTheLease:
    def test_whoever_lost_it_sends_nothing_more(
        self, worker: Worker, acme: FakeCompany, ten: list[WorkOrder], connection: Connection
    ) -> None:
        def take_over(verb: str, kind: str) -> None:
            if acme.writes["create"] == 3:
                Lease.objects.update(owner="another", fence=99)

        acme.witness = take_over

        with pytest.raises(LeaseLost):
            worker.turn()

        assert acme.writes == {"create": 3}
        # The third answer came while the row was still ours; it is kept.
        assert sorted(states(*ten)).count(State.DONE) == 3

    def test_what_another_took_over_is_not_written(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder
    ) -> None:
        operation = complete(work_order)

        def take_over(verb: str, kind: str) -> None:
            if verb == "create":
                Operation.objects.filter(pk=operation.pk).update(state=State.IN_DOUBT, fence=99, doubt_since=NOON)

        acme.witness = take_over

        with pytest.raises(LeaseLost):
            worker.turn()

        assert states(work_order) == [State.IN_DOUBT]

    def test_nothing_is_sent_without_time_to_wait_for_the_answer(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        renew = Lease.renew

        def renew_slowly(lease: Lease) -> None:
            renew(lease)
            lease.expires_at = timezone.now() + timedelta(seconds=59)

        monkeypatch.setattr(Lease, "renew", renew_slowly)
        complete(work_order)

        worker.run()

        assert states(work_order) == [State.QUEUED]
        assert acme.writes == {}

    def test_an_operation_that_comes_back_again_and_again_does_not_keep_the_worker(
        self, worker: Worker, work_order: WorkOrder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from integrations import export

        claims: list[object] = []

        def give_back(turn: object, batch: object) -> list[object]:
            claims.append(batch)
            assert len(claims) < 10
            return []

        monkeypatch.setattr(export, "prepare", give_back)
        complete(work_order)

        worker.turn()

        assert len(claims) == outcomes.CLAIMS_PER_TURN

    def test_a_turn_ends_in_time_and_the_next_goes_on(
        self, worker: Worker, acme: FakeCompany, ten: list[WorkOrder], time_machine
    ) -> None:
        time_machine.move_to(NOON, tick=False)
        Operation.objects.update(due_at=NOON)

        def take_two_minutes(verb: str, kind: str) -> None:
            if verb == "create":
                time_machine.move_to(timezone.now() + timedelta(minutes=2), tick=False)

        acme.witness = take_two_minutes

        worker.turn()
        assert states(*ten).count(State.DONE) == 3
        assert states(*ten).count(State.QUEUED) == 7

        acme.witness = lambda verb, kind: None
        worker.run()
        assert states(*ten) == [State.DONE] * 10
