"""A later revision is written over the document of the former one, so that the work is billed once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from accounting.errors import Refused, Unclear
from accounting.types import SalesDocument
from fieldwork.models import Customer, HourType, Material, User, WorkOrder, WorkOrderLine
from fieldwork.services import complete_work_order, reopen_work_order
from integrations.auditing.reconciling import reconcile
from integrations.models import Connection, Link, Operation
from integrations.receivers import release, request_export
from integrations.revising import ChangeRefused, document_to_update, take_back, update_document
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
def former(
    connection: Connection,
    worker: Worker,
    customer: Customer,
    material: Material,
    hour_type: HourType,
    work_order: WorkOrder,
) -> Operation:
    """The draft of the first revision."""
    put_in_books(connection, customer, material, hour_type)
    operation = complete(work_order)
    worker.run()
    operation.refresh_from_db()
    return operation


@pytest.fixture
def corrected(former: Operation, worker: Worker, work_order: WorkOrder) -> Operation:
    """The second revision, with 4 m of pipe: it waits for somebody who has seen the first document."""
    reopen_work_order(work_order)
    WorkOrderLine.objects.filter(text="Pipe 22 mm").update(quantity=Decimal(4))
    complete_work_order(work_order, by=None)
    worker.run()
    operation = operation_of(work_order)
    assert (operation.revision, open_codes()) == (2, ["work_order_sent_before"])
    return operation


def state_of(operation: Operation) -> str:
    operation.refresh_from_db()
    return operation.state


def the_document(acme: FakeCompany) -> SalesDocument:
    [stored] = acme.documents.values()
    assert isinstance(stored.document, SalesDocument)
    return stored.document


def quantities(document: SalesDocument) -> list[Decimal]:
    return [line.quantity for line in document.lines if not line.is_text]


def test_the_draft_gets_the_new_lines_and_there_is_one(
    acme: FakeCompany, former: Operation, corrected: Operation, work_order: WorkOrder, owner: User
) -> None:
    before = the_document(acme)

    updated = update_document(work_order, by=owner)

    assert updated == corrected
    assert (updated.state, updated.remote_id) == (State.DONE, former.remote_id)
    assert quantities(the_document(acme)) == [Decimal(4), Decimal("2.5")]
    assert the_document(acme).reference == updated.reference
    assert the_document(acme).dated == before.dated
    assert acme.writes == {"create": 1, "update": 1}
    assert open_codes() == []


def test_the_document_belongs_to_the_later_revision_alone(
    connection: Connection, acme: FakeCompany, worker: Worker, former: Operation, corrected: Operation, owner: User
) -> None:
    remote_id = former.remote_id
    update_document(WorkOrder.objects.get(), by=owner)
    worker.run()

    assert (state_of(former), former.remote_id) == (State.SUPERSEDED, "")
    assert former.attempts.get(purpose="send").evidence["remote_id"] == remote_id
    assert Link.objects.get(kind="invoice_draft").remote_id == remote_id
    assert reconcile(connection, days=7).found == []


def test_it_is_read_back_like_any_document(
    acme: FakeCompany, worker: Worker, corrected: Operation, work_order: WorkOrder, owner: User
) -> None:
    update_document(work_order, by=owner)

    worker.run()

    corrected.refresh_from_db()
    assert corrected.verified_at == NOON
    assert corrected.total == acme.documents[corrected.remote_id].receipt.totals.total
    assert open_codes() == []


def test_the_settings_do_not_change_what_kind_it_is(
    connection: Connection, acme: FakeCompany, worker: Worker, corrected: Operation, work_order: WorkOrder, owner: User
) -> None:
    acme.fail("fetch", Unclear("HTTP 500"))
    connection.settings.document_kind = "sales_order"
    connection.settings.save()
    update_document(work_order, by=owner)
    Operation.objects.update(due_at=NOON)

    worker.run()

    assert (state_of(corrected), corrected.kind) == (State.DONE, "invoice_draft")
    assert len(acme.documents) == 1


def test_pressed_twice_it_is_one_update(
    acme: FakeCompany, corrected: Operation, work_order: WorkOrder, owner: User
) -> None:
    update_document(work_order, by=owner)

    with pytest.raises(ChangeRefused):
        update_document(work_order, by=owner)

    assert acme.writes["update"] == 1


@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize("killed", [True, False])
def test_without_an_answer_it_is_looked_for_and_done_once(
    acme: FakeCompany,
    worker: Worker,
    former: Operation,
    corrected: Operation,
    work_order: WorkOrder,
    owner: User,
    later: Callable[..., None],
    arrived: bool,
    killed: bool,
) -> None:
    acme.fail("update", Killed() if killed else LOST, after_commit=arrived)
    try:
        update_document(work_order, by=owner)
    except Killed:
        assert killed

    for minutes in (0, 1, 3, 11, 40):
        later(minutes=minutes)
        worker.run()

    assert (state_of(corrected), state_of(former)) == (State.DONE, State.SUPERSEDED)
    assert quantities(the_document(acme)) == [Decimal(4), Decimal("2.5")]
    assert acme.writes["update"] == (1 if arrived else 2)


def test_a_change_over_there_meanwhile_is_read_and_decided_again(
    acme: FakeCompany,
    worker: Worker,
    former: Operation,
    corrected: Operation,
    work_order: WorkOrder,
    owner: User,
    later: Callable[..., None],
) -> None:
    stored = acme.documents[former.remote_id]
    meddled: list[str] = []

    def witness(verb: str, kind: str) -> None:
        if verb == "update" and not meddled:
            meddled.append(verb)
            stored.receipt = replace(stored.receipt, version="9")

    acme.witness = witness
    update_document(work_order, by=owner)
    assert (state_of(corrected), corrected.conflicts) == (State.QUEUED, 1)

    later(minutes=20)
    worker.run()

    assert state_of(corrected) == State.DONE


@pytest.mark.parametrize("how", ["booked", "removed"])
def test_what_is_no_draft_any_more_is_a_case_and_another_document_needs_a_person(
    acme: FakeCompany,
    worker: Worker,
    former: Operation,
    corrected: Operation,
    work_order: WorkOrder,
    owner: User,
    how: str,
) -> None:
    if how == "booked":
        acme.book(former.remote_id)
    else:
        del acme.documents[former.remote_id]
    update_document(work_order, by=owner)
    assert (state_of(corrected), open_codes()) == (State.BLOCKED, ["document_not_changeable"])
    worker.run()
    assert acme.writes == {"create": 1}

    release(work_order, by=owner)
    worker.run()

    assert state_of(corrected) == State.DONE
    assert acme.writes == {"create": 2}
    assert state_of(former) == State.DONE


def test_what_the_books_refuse_is_told_and_nothing_is_replaced(
    acme: FakeCompany, former: Operation, corrected: Operation, work_order: WorkOrder, owner: User
) -> None:
    acme.fail("update", Refused("It is delivered already."))

    update_document(work_order, by=owner)

    assert (state_of(corrected), state_of(former)) == (State.REFUSED, State.DONE)
    assert open_codes() == ["refused"]


def test_to_send_is_not_to_update(
    acme: FakeCompany, worker: Worker, former: Operation, corrected: Operation, work_order: WorkOrder, owner: User
) -> None:
    """Who changes his mind and presses "Send" gets the question about the second document again."""
    acme.fail("update", Refused("No."))
    update_document(work_order, by=owner)

    request_export(work_order, by=owner)
    worker.run()

    assert state_of(corrected) == State.BLOCKED
    assert open_codes() == ["work_order_sent_before"]


def test_the_draft_that_was_taken_back_meanwhile_is_not_written_over(
    acme: FakeCompany, worker: Worker, former: Operation, corrected: Operation, work_order: WorkOrder, owner: User
) -> None:
    Operation.objects.filter(pk=corrected.pk).update(target=former)
    take_back(former, by=owner)
    Operation.objects.filter(pk=corrected.pk).requeue(NOON)

    worker.run()

    assert state_of(corrected) == State.BLOCKED
    assert open_codes() == ["document_not_changeable"]


def test_the_updated_draft_can_be_taken_back(
    acme: FakeCompany, corrected: Operation, work_order: WorkOrder, owner: User
) -> None:
    updated = update_document(work_order, by=owner)

    assert take_back(updated, by=owner).state == State.DONE
    assert state_of(updated) == State.TAKEN_BACK
    assert acme.documents == {}


def test_without_a_document_there_is_nothing_to_update(
    connection: Connection, work_order: WorkOrder, owner: User
) -> None:
    complete(work_order)

    assert document_to_update(connection, work_order) is None
    with pytest.raises(ChangeRefused, match="no document"):
        update_document(work_order, by=owner)


def test_an_invoice_is_not_offered_for_updating(
    connection: Connection, former: Operation, corrected: Operation, work_order: WorkOrder
) -> None:
    assert document_to_update(connection, work_order) == former
    Operation.objects.filter(pk=former.pk).update(stage="invoice")

    assert document_to_update(connection, work_order) is None
