"""An unsent draft is taken back, once, and only while it is one. What comes after it is new work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from accounting.errors import NotFound, Refused, Unclear
from fieldwork.models import Customer, HourType, Material, User, WorkOrder, WorkOrderStatus
from integrations.auditing.balancing import balance_of
from integrations.auditing.reconciling import reconcile
from integrations.models import Connection, Lease, Link, Operation
from integrations.receivers import exclude, request_export
from integrations.revising import ChangeRefused, give_up, take_back
from tests.integrations.exporting import Worker, complete, open_codes, operation_of, put_in_books

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

State = Operation.State
NOON = datetime(2041, 5, 20, 12, tzinfo=UTC)
LOST = Unclear("Nothing came back.")


class Killed(BaseException):
    """The process ends here, as with kill -9."""


@pytest.fixture(autouse=True)
def later(time_machine: Any) -> Callable[..., None]:
    time_machine.move_to(NOON, tick=False)
    return lambda **span: time_machine.move_to(timezone.now() + timedelta(**span), tick=False)


@pytest.fixture
def sent(
    connection: Connection,
    worker: Worker,
    customer: Customer,
    material: Material,
    hour_type: HourType,
    work_order: WorkOrder,
) -> Operation:
    """A draft in the books."""
    put_in_books(connection, customer, material, hour_type)
    operation = complete(work_order)
    worker.run()
    assert state_of(operation) == State.DONE
    return operation


def state_of(operation: Operation) -> str:
    operation.refresh_from_db()
    return operation.state


def test_the_draft_is_gone_and_the_work_order_stands_where_it_stood(
    acme: FakeCompany, sent: Operation, owner: User, statuses: dict[str, WorkOrderStatus]
) -> None:
    assert WorkOrder.objects.get().status == statuses["invoiced"]

    removal = take_back(sent, by=owner)

    assert (removal.state, state_of(sent)) == (State.DONE, State.TAKEN_BACK)
    assert acme.created("invoice_draft") == []
    assert WorkOrder.objects.get().status == statuses["done"]
    assert not Link.objects.filter(kind="invoice_draft").exists()


def test_a_work_order_that_was_moved_on_since_stays_where_it_is(
    sent: Operation, owner: User, statuses: dict[str, WorkOrderStatus]
) -> None:
    WorkOrder.objects.update(status=statuses["stuck"])

    take_back(sent, by=owner)

    assert WorkOrder.objects.get().status == statuses["stuck"]


def test_nothing_is_sent_again_by_itself(
    acme: FakeCompany, worker: Worker, sent: Operation, owner: User, later: Callable[..., None]
) -> None:
    take_back(sent, by=owner)
    for _hour in range(3):
        later(hours=1)
        worker.run()

    assert acme.writes == {"create": 1, "remove": 1}
    assert state_of(sent) == State.TAKEN_BACK


def test_sent_again_it_is_a_new_revision_that_needs_no_release(
    acme: FakeCompany, worker: Worker, sent: Operation, owner: User, work_order: WorkOrder
) -> None:
    take_back(sent, by=owner)
    work_order.refresh_from_db()

    again = request_export(work_order, by=owner)
    worker.run()

    assert again != sent
    assert (state_of(again), again.revision, again.released) == (State.DONE, 2, False)
    [stored] = acme.created("invoice_draft")
    assert stored.document.reference == again.reference != sent.reference


def test_asked_for_twice_it_is_one_new_revision(sent: Operation, owner: User, work_order: WorkOrder) -> None:
    take_back(sent, by=owner)
    stale = WorkOrder.objects.get()
    work_order.refresh_from_db()

    first, second = request_export(work_order, by=owner), request_export(stale, by=owner)

    assert first == second
    assert WorkOrder.objects.get().revision == 2


def test_what_was_taken_back_can_be_left_out_for_ever(
    acme: FakeCompany, worker: Worker, sent: Operation, owner: User, work_order: WorkOrder
) -> None:
    take_back(sent, by=owner)
    work_order.refresh_from_db()

    excluded = exclude(work_order, by=owner, reason="Goodwill")
    worker.run()

    assert state_of(excluded) == State.CANCELLED
    assert state_of(sent) == State.TAKEN_BACK
    assert acme.created("invoice_draft") == []


def test_the_comparison_with_the_books_misses_nothing(
    connection: Connection, sent: Operation, owner: User, acme: FakeCompany
) -> None:
    take_back(sent, by=owner)

    assert reconcile(connection, days=7).found == []
    balance = balance_of(connection)
    assert (balance.left_out, balance.is_even) == (1, True)


def test_a_document_that_stands_there_after_all_is_told(
    connection: Connection, sent: Operation, owner: User, acme: FakeCompany
) -> None:
    stored = acme.documents[sent.remote_id]
    take_back(sent, by=owner)
    acme.file(stored)

    assert [finding.code for _, finding, *_ in reconcile(connection, days=7).found] == ["not_recorded"]


# --- only while it is a draft ---------------------------------------------------


def test_what_was_booked_meanwhile_is_refused_with_the_invoice(
    acme: FakeCompany, sent: Operation, owner: User, statuses: dict[str, WorkOrderStatus]
) -> None:
    invoice = acme.book(sent.remote_id)

    removal = take_back(sent, by=owner)

    assert (removal.state, state_of(sent)) == (State.BLOCKED, State.DONE)
    assert invoice.receipt.number in removal.problem
    assert open_codes() == ["not_a_draft"]
    assert acme.writes["remove"] == 0
    assert WorkOrder.objects.get().status == statuses["invoiced"]


def test_a_refusal_can_be_left_as_it_is_and_asked_for_again(acme: FakeCompany, sent: Operation, owner: User) -> None:
    acme.fail("remove", Refused("It is locked."))
    removal = take_back(sent, by=owner)
    assert (removal.state, open_codes()) == (State.REFUSED, ["refused"])

    give_up(removal)
    assert (state_of(removal), open_codes(), state_of(sent)) == (State.CANCELLED, [], State.DONE)

    assert take_back(sent, by=owner).state == State.DONE
    assert state_of(sent) == State.TAKEN_BACK


def test_an_order_cannot_be_taken_back(acme: FakeCompany, sent: Operation, owner: User) -> None:
    Operation.objects.update(stage="order")
    sent.refresh_from_db()

    with pytest.raises(ChangeRefused, match="only an invoice draft"):
        take_back(sent, by=owner)

    assert not Operation.objects.filter(kind="taking_back").exists()


def test_what_was_never_sent_cannot_be_taken_back(connection: Connection, work_order: WorkOrder, owner: User) -> None:
    with pytest.raises(ChangeRefused, match="no document"):
        take_back(complete(work_order), by=owner)


def test_a_draft_that_somebody_removed_over_there_is_taken_back(
    acme: FakeCompany, sent: Operation, owner: User
) -> None:
    del acme.documents[sent.remote_id]

    assert take_back(sent, by=owner).state == State.DONE
    assert state_of(sent) == State.TAKEN_BACK
    assert acme.writes["remove"] == 0


def test_a_draft_that_vanishes_under_our_hands_is_looked_at_again(
    acme: FakeCompany, worker: Worker, sent: Operation, owner: User, later: Callable[..., None]
) -> None:
    acme.fail("remove", NotFound("There is no such draft."))
    acme.witness = lambda verb, kind: acme.book(sent.remote_id) and None if verb == "remove" else None
    removal = take_back(sent, by=owner)
    assert removal.state == State.QUEUED
    acme.witness = lambda verb, kind: None

    later(minutes=20)
    worker.run()

    assert (state_of(removal), state_of(sent)) == (State.BLOCKED, State.DONE)


# --- never twice, never lost ----------------------------------------------------


def test_pressed_twice_it_is_one_removal(acme: FakeCompany, sent: Operation, owner: User) -> None:
    stale = Operation.objects.get(pk=sent.pk)
    take_back(sent, by=owner)

    assert take_back(stale, by=owner).state == State.DONE
    assert acme.writes["remove"] == 1


def test_while_a_worker_is_busy_it_waits(
    connection: Connection, acme: FakeCompany, worker: Worker, sent: Operation, owner: User
) -> None:
    busy = Lease.take(connection, owner="another")
    assert busy is not None
    removal = take_back(sent, by=owner)
    assert (removal.state, state_of(sent)) == (State.QUEUED, State.DONE)
    busy.release()

    worker.run()

    assert (state_of(removal), state_of(sent)) == (State.DONE, State.TAKEN_BACK)


@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize("killed", [True, False])
def test_without_an_answer_it_is_looked_for_and_done_once(
    acme: FakeCompany,
    worker: Worker,
    sent: Operation,
    owner: User,
    later: Callable[..., None],
    arrived: bool,
    killed: bool,
) -> None:
    acme.fail("remove", Killed() if killed else LOST, after_commit=arrived)
    try:
        take_back(sent, by=owner)
    except Killed:
        assert killed
    assert state_of(sent) == State.DONE

    for minutes in (0, 1, 3, 11, 40):
        later(minutes=minutes)
        worker.run()

    assert state_of(sent) == State.TAKEN_BACK
    assert operation_of_removal().state == State.DONE
    assert acme.writes["remove"] == (1 if arrived else 2)
    assert acme.created("invoice_draft") == []


def test_booked_while_in_doubt_it_is_not_taken_for_removed(
    acme: FakeCompany, worker: Worker, sent: Operation, owner: User, later: Callable[..., None]
) -> None:
    acme.fail("remove", LOST)
    take_back(sent, by=owner)
    acme.book(sent.remote_id)

    later(seconds=30)
    worker.run()

    assert (operation_of_removal().state, state_of(sent)) == (State.BLOCKED, State.DONE)


def operation_of_removal() -> Operation:
    return Operation.objects.get(kind="taking_back")


def test_it_is_looked_at_once_more(worker: Worker, sent: Operation, owner: User) -> None:
    removal = take_back(sent, by=owner)

    worker.run()

    removal.refresh_from_db()
    assert removal.verified_at == NOON
    assert open_codes() == []
    assert operation_of(WorkOrder.objects.get()) in (sent, removal)
