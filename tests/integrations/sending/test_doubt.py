"""A write without an answer is looked for until it is found, or cannot come any more. Never sent again on a guess."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from accounting.errors import AccountingError, Refused, TryLater, Unclear, UnexpectedAnswer
from fieldwork.models import Customer, HourType, Material, User, WorkOrder, WorkOrderStatus
from integrations.models import Connection, Link, Operation
from integrations.receivers import retry
from integrations.sending.recovery import next_look
from tests.integrations.exporting import Worker, complete, open_codes, operation_of, put_in_books

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

State = Operation.State
# After everything that the fixtures make.
NOON = datetime(2041, 5, 20, 12, tzinfo=UTC)
LOST = Unclear("Nothing came back.")


@pytest.fixture(autouse=True)
def in_books(connection: Connection, customer: Customer, material: Material, hour_type: HourType) -> None:
    put_in_books(connection, customer, material, hour_type)


class Killed(BaseException):
    """The process ends here, as with kill -9."""


@pytest.fixture
def operation(work_order: WorkOrder, time_machine) -> Operation:
    """Queued at noon; the clock stands still."""
    time_machine.move_to(NOON, tick=False)
    return complete(work_order)


def state_of(operation: Operation) -> str:
    operation.refresh_from_db()
    return operation.state


def test_a_lost_answer_does_not_make_a_second_draft(
    worker: Worker, acme: FakeCompany, operation: Operation, time_machine, statuses: dict[str, WorkOrderStatus]
) -> None:
    acme.fail("create", LOST, after_commit=True)
    worker.run()
    assert state_of(operation) == State.IN_DOUBT

    time_machine.move_to(NOON + timedelta(seconds=30), tick=False)
    worker.run()

    assert state_of(operation) == State.DONE
    assert len(acme.created("invoice_draft")) == acme.writes["create"] == 1
    assert WorkOrder.objects.get().status == statuses["invoiced"]


def test_what_never_arrived_is_sent_again_after_the_last_look(
    worker: Worker, acme: FakeCompany, operation: Operation, time_machine
) -> None:
    acme.fail("create", LOST)
    worker.run()
    looks_before = acme.count("find")

    states = []
    for seconds in (29, 30, 119, 120, 599, 600, 1799):
        time_machine.move_to(NOON + timedelta(seconds=seconds), tick=False)
        worker.run()
        states.append((seconds, state_of(operation), acme.count("find") - looks_before))
    time_machine.move_to(NOON + timedelta(minutes=30), tick=False)
    worker.run()

    assert states == [
        (29, State.IN_DOUBT, 0),
        (30, State.IN_DOUBT, 1),
        (119, State.IN_DOUBT, 1),
        (120, State.IN_DOUBT, 2),
        (599, State.IN_DOUBT, 2),
        (600, State.IN_DOUBT, 3),
        (1799, State.IN_DOUBT, 3),
    ]
    assert state_of(operation) == State.DONE
    assert len(acme.created("invoice_draft")) == 1
    assert acme.writes["create"] == 2


@pytest.mark.parametrize(("pause", "at"), [(2, "12:03:20"), (10, "12:15:00"), (30, "12:35:00")])
def test_later_looks_wait_for_the_full_five_minutes_to_share_one(pause: int, at: str) -> None:
    since = NOON + timedelta(seconds=80)

    assert f"{next_look(since, timedelta(minutes=pause)):%H:%M:%S}" == at


def test_one_look_after_the_window_is_enough(
    worker: Worker, acme: FakeCompany, operation: Operation, time_machine
) -> None:
    acme.fail("create", LOST)
    worker.run()

    time_machine.move_to(NOON + timedelta(hours=3), tick=False)
    worker.run()

    assert state_of(operation) == State.DONE
    assert len(acme.created("invoice_draft")) == 1


@pytest.mark.parametrize("arrives_after", [timedelta(seconds=1), timedelta(minutes=5), timedelta(minutes=29)])
def test_a_late_commit_is_found(
    worker: Worker, acme: FakeCompany, operation: Operation, time_machine, arrives_after: timedelta
) -> None:
    acme.holds_back = True
    worker.run()
    acme.holds_back = False

    arrived = False
    for minutes in (0.5, 2, 10, 30, 60):
        moment = timedelta(minutes=minutes)
        if moment >= arrives_after and not arrived:
            acme.let_through()
            arrived = True
        time_machine.move_to(NOON + moment, tick=False)
        worker.run()

    assert state_of(operation) == State.DONE
    assert len(acme.created("invoice_draft")) == acme.writes["create"] == 1


@pytest.mark.parametrize(
    "error",
    [
        TryLater("busy"),
        UnexpectedAnswer("HTML"),
        Refused("A bad filter.", status=400),
        Unclear("HTTP 500"),
        KeyError("ours"),
    ],
)
def test_a_look_that_failed_is_not_a_negative_one(
    worker: Worker, acme: FakeCompany, operation: Operation, time_machine, error: Exception
) -> None:
    acme.fail("create", LOST, after_commit=True)
    worker.run()

    acme.fail("find", error, times=100)
    for minutes in (31, 60, 120):
        time_machine.move_to(NOON + timedelta(minutes=minutes), tick=False)
        worker.run()
        assert state_of(operation) == State.IN_DOUBT

    assert acme.writes["create"] == 1


@pytest.mark.parametrize("error", [LOST, UnexpectedAnswer("Half a document."), RuntimeError("a fault of ours")])
@pytest.mark.parametrize("arrived", [True, False])
def test_no_usable_answer_means_in_doubt(
    worker: Worker, acme: FakeCompany, operation: Operation, error: Exception, arrived: bool
) -> None:
    acme.fail("create", error, after_commit=arrived)

    worker.run()

    assert state_of(operation) == State.IN_DOUBT
    assert operation.doubt_since == NOON
    assert not operation.attempts.filter(ended_at=None).exists()


def test_an_answer_without_an_id_means_in_doubt(
    worker: Worker, acme: FakeCompany, operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acme, "next_id", lambda: "")

    worker.run()

    assert state_of(operation) == State.IN_DOUBT
    assert operation.attempts.get(purpose="send").outcome == "Unclear"


@pytest.mark.parametrize("arrived", [True, False])
def test_a_worker_that_was_killed_while_sending_leaves_doubt(
    worker: Worker, acme: FakeCompany, operation: Operation, time_machine, arrived: bool
) -> None:
    acme.fail("create", Killed(), after_commit=arrived)
    with pytest.raises(Killed):
        worker.turn()
    assert state_of(operation) == State.SENDING

    worker.run()
    assert state_of(operation) == State.IN_DOUBT
    assert operation.attempts.get(purpose="send").outcome == "lost"

    for minutes in (0.5, 2, 10, 30):
        time_machine.move_to(NOON + timedelta(minutes=minutes), tick=False)
        worker.run()
    assert state_of(operation) == State.DONE
    assert len(acme.created("invoice_draft")) == 1
    assert acme.writes["create"] == (1 if arrived else 2)


@pytest.mark.parametrize("verb", ["find", "fetch"])
def test_a_worker_that_was_killed_elsewhere_leaves_nothing_behind(
    worker: Worker, acme: FakeCompany, operation: Operation, verb: str
) -> None:
    acme.fail(verb, Killed())
    with pytest.raises(Killed):
        worker.turn()

    worker.run()

    assert state_of(operation) == State.DONE
    assert len(acme.created("invoice_draft")) == acme.writes["create"] == 1


def test_a_row_left_in_sending_without_its_document_is_looked_for(
    worker: Worker, acme: FakeCompany, operation: Operation, time_machine
) -> None:
    Operation.objects.update(state=State.SENDING, sent_at=timezone.now(), payload={})
    worker.run()

    time_machine.move_to(NOON + timedelta(minutes=31), tick=False)
    worker.run()

    assert state_of(operation) == State.DONE
    assert acme.writes["create"] == 1


def test_several_found_wait_for_a_person(worker: Worker, acme: FakeCompany, operation: Operation, time_machine) -> None:
    acme.fail("create", LOST, after_commit=True)
    worker.run()
    [stored] = acme.documents.values()
    acme.documents["copy"] = stored

    time_machine.move_to(NOON + timedelta(minutes=31), tick=False)
    worker.run()

    assert state_of(operation) == State.BLOCKED
    assert open_codes(subject_kind="work_order") == ["several_found"]
    assert acme.writes["create"] == 1


def test_several_found_before_sending_wait_for_a_person(
    worker: Worker, acme: FakeCompany, work_order: WorkOrder, operation: Operation, owner: User
) -> None:
    worker.run()
    [stored] = acme.documents.values()
    acme.documents["copy"] = stored
    Operation.objects.all().delete()
    WorkOrder.objects.update(status=WorkOrderStatus.objects.get(triggers_export=True))

    worker.run()
    blocked = operation_of(work_order)
    assert blocked.state == State.BLOCKED

    del acme.documents["copy"]
    retry(blocked, by=owner)
    worker.run()
    assert state_of(blocked) == State.DONE
    assert acme.writes["create"] == 1
    assert open_codes() == []


def test_retrying_what_is_in_doubt_looks_and_never_sends(
    worker: Worker, acme: FakeCompany, operation: Operation, owner: User
) -> None:
    acme.fail("create", LOST)
    worker.run()
    looks = acme.count("find")

    retry(operation, by=owner)
    worker.run()

    assert state_of(operation) == State.IN_DOUBT
    assert acme.count("find") == looks + 1
    assert acme.writes["create"] == 1


def test_a_stopped_look_up_is_not_repeated_until_the_connection_may_be_asked(
    worker: Worker, acme: FakeCompany, operation: Operation, time_machine
) -> None:
    acme.fail("create", LOST, after_commit=True)
    worker.run()
    acme.fail("find", TryLater("429", after=timedelta(minutes=5)))

    time_machine.move_to(NOON + timedelta(seconds=30), tick=False)
    worker.run()
    time_machine.move_to(NOON + timedelta(minutes=5), tick=False)
    asked = len(acme.requests)
    worker.run()
    assert len(acme.requests) == asked

    time_machine.move_to(NOON + timedelta(minutes=6), tick=False)
    worker.run()
    assert state_of(operation) == State.DONE


def test_the_document_in_doubt_is_the_one_that_was_sent(
    worker: Worker, acme: FakeCompany, operation: Operation, time_machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from accounting.providers.acme_books.ledger import FakeLedger

    acme.fail("create", LOST, after_commit=True)
    worker.run()
    WorkOrder.objects.update(title="Another title")
    sought: list[str] = []
    find = FakeLedger.find

    def remember(self, documents, *, since):
        sought.extend(each.title for each in documents)
        return find(self, documents, since=since)

    monkeypatch.setattr(FakeLedger, "find", remember)

    time_machine.move_to(NOON + timedelta(minutes=31), tick=False)
    worker.run()

    operation.refresh_from_db()
    assert operation.state == State.DONE
    assert operation.payload["title"] == "Leaking radiator"
    assert sought == ["Leaking radiator"]


def test_a_customer_without_an_answer_is_found_by_its_number(
    worker: Worker, acme: FakeCompany, connection: Connection, work_order: WorkOrder, time_machine
) -> None:
    time_machine.move_to(NOON, tick=False)
    connection.books.links.filter(kind="customer").delete()
    acme.fail("create", LOST, kind="customer", after_commit=True)
    complete(work_order)
    worker.run()
    assert operation_of(work_order).state == State.QUEUED

    time_machine.move_to(NOON + timedelta(seconds=30), tick=False)
    worker.run()

    assert operation_of(work_order).state == State.DONE
    assert len(acme.created("customer")) == 1
    assert acme.writes["create"] == 2


def test_one_that_was_sent_is_ours_also_under_a_new_name(
    worker: Worker, acme: FakeCompany, connection: Connection, work_order: WorkOrder, time_machine
) -> None:
    time_machine.move_to(NOON, tick=False)
    connection.books.links.filter(kind="customer").delete()
    acme.fail("create", LOST, kind="customer", after_commit=True)
    complete(work_order)
    worker.run()
    [stored] = acme.created("customer")
    stored.receipt = replace(stored.receipt, name="BRF Eken (renamed by the accountant)")

    time_machine.move_to(NOON + timedelta(seconds=30), tick=False)
    worker.run()

    assert operation_of(work_order).state == State.DONE
    assert connection.books.links.get(kind="customer").origin == Link.Origin.EXPORTED


def test_every_error_of_a_write_is_known() -> None:
    """A new class of error must be given its outcome here and in the table."""
    assert {each.__name__ for each in AccountingError.__subclasses__()} == {
        "TryLater",
        "Unclear",
        "ReconnectNeeded",
        "NotAllowed",
        "Refused",
        "Conflict",
        "UnexpectedAnswer",
    }
