"""The work order's PDF follows its document, once, wherever that stands by then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from accounting.errors import Refused, TryLater, Unclear
from accounting.types import AttachmentDocument
from fieldwork.models import Customer, HourType, Material, User, WorkOrder
from fieldwork.services import complete_work_order, reopen_work_order
from integrations.models import Connection, ConnectionSettings, Operation
from integrations.revising import take_back, update_document
from integrations.sending.attaching import why_not_attached
from tests.integrations.exporting import Worker, came_from_order, complete, open_codes, put_in_books

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


@pytest.fixture(autouse=True)
def attaching(connection: Connection, customer: Customer, material: Material, hour_type: HourType) -> None:
    """Everything is in the books, and the settings want the PDF."""
    put_in_books(connection, customer, material, hour_type)
    ConnectionSettings.objects.update(attach_pdf=True)
    connection.refresh_from_db()


def the_attachment() -> Operation:
    return Operation.objects.get(kind="attachment")


def files_in(acme: FakeCompany) -> list[AttachmentDocument]:
    return [each for stored in acme.documents.values() for each in stored.files.values()]


def test_the_pdf_is_on_the_draft_in_the_same_turn(acme: FakeCompany, worker: Worker, work_order: WorkOrder) -> None:
    document = complete(work_order)

    worker.run()

    [file] = files_in(acme)
    assert file.name == f"Arbetsorder-{document.reference}.pdf"
    assert file.data.startswith(b"%PDF-")
    assert the_attachment().state == State.DONE
    assert the_attachment().remote_id in acme.documents[Operation.objects.get(pk=document.pk).remote_id].files
    assert acme.writes == {"create": 1, "attach": 1}


def test_it_is_looked_at_once_more(worker: Worker, work_order: WorkOrder) -> None:
    complete(work_order)

    worker.run()

    assert the_attachment().verified_at == NOON
    assert open_codes() == []


def test_switched_off_nothing_is_attached_and_the_reason_is_told(
    connection: Connection, acme: FakeCompany, worker: Worker, work_order: WorkOrder
) -> None:
    ConnectionSettings.objects.update(attach_pdf=False)
    connection.refresh_from_db()
    document = complete(work_order)

    worker.run()

    assert acme.writes == {"create": 1}
    assert "switched off" in why_not_attached(connection, document)


def test_books_that_take_no_files_are_not_asked_and_the_reason_is_told(
    connection: Connection, acme: FakeCompany, worker: Worker, work_order: WorkOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = connection.ledger_provider
    monkeypatch.setitem(vars(provider), "writes", provider.writes - {AttachmentDocument})
    document = complete(work_order)

    worker.run()

    assert acme.writes == {"create": 1}
    assert "takes no attachments" in why_not_attached(connection, document)


def test_with_a_pdf_there_is_no_reason_to_tell(connection: Connection, worker: Worker, work_order: WorkOrder) -> None:
    document = complete(work_order)
    worker.run()

    assert why_not_attached(connection, document) == ""


def test_an_order_that_came_from_the_books_gets_no_file(
    connection: Connection, acme: FakeCompany, worker: Worker, work_order: WorkOrder
) -> None:
    connection.settings.document_kind = "sales_order"
    connection.settings.save()
    came_from_order(work_order, connection)
    complete(work_order)

    worker.run()

    assert acme.writes == {}
    assert not Operation.objects.filter(kind="attachment").exists()


@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize("killed", [True, False])
def test_without_an_answer_it_is_looked_for_and_there_is_one_file(
    acme: FakeCompany,
    worker: Worker,
    work_order: WorkOrder,
    later: Callable[..., None],
    arrived: bool,
    killed: bool,
) -> None:
    acme.fail("attach", Killed() if killed else LOST, after_commit=arrived)
    complete(work_order)
    if killed:
        with pytest.raises(Killed):
            worker.turn()

    for minutes in (0, 1, 3, 11, 40):
        later(minutes=minutes)
        worker.run()

    assert the_attachment().state == State.DONE
    assert len(files_in(acme)) == 1
    assert acme.writes["attach"] == (1 if arrived else 2)
    assert acme.writes["create"] == 1


def test_a_failure_of_the_file_leaves_the_document_alone(
    acme: FakeCompany, worker: Worker, work_order: WorkOrder
) -> None:
    acme.fail("attach", Refused("The file is too large."))
    document = complete(work_order)

    worker.run()

    document.refresh_from_db()
    assert (document.state, the_attachment().state) == (State.DONE, State.REFUSED)
    assert open_codes() == ["refused"]


def test_while_the_books_are_busy_it_waits(acme: FakeCompany, worker: Worker, work_order: WorkOrder) -> None:
    acme.fail("attach", TryLater("busy"))
    complete(work_order)

    worker.turn()

    assert the_attachment().state == State.QUEUED


def test_a_draft_that_was_booked_meanwhile_has_it_on_the_invoice(
    acme: FakeCompany, worker: Worker, work_order: WorkOrder, later: Callable[..., None]
) -> None:
    acme.fail("attach", TryLater("busy"))
    document = complete(work_order)
    worker.turn()
    document.refresh_from_db()
    invoice = acme.book(document.remote_id)

    later(minutes=20)
    worker.run()

    assert len(invoice.files) == 1
    assert the_attachment().stage == "invoice"


def test_a_document_that_is_gone_gets_no_file_and_a_case(
    acme: FakeCompany, worker: Worker, work_order: WorkOrder, later: Callable[..., None]
) -> None:
    acme.fail("attach", TryLater("busy"))
    document = complete(work_order)
    worker.turn()
    document.refresh_from_db()
    del acme.documents[document.remote_id]

    later(minutes=20)
    worker.run()

    assert the_attachment().state == State.BLOCKED
    assert open_codes() == ["attachment_without_document"]


def test_a_draft_that_was_taken_back_gets_none(
    acme: FakeCompany, worker: Worker, work_order: WorkOrder, owner: User, later: Callable[..., None]
) -> None:
    acme.fail("attach", TryLater("busy"))
    document = complete(work_order)
    worker.turn()
    document.refresh_from_db()
    take_back(document, by=owner)

    later(minutes=20)
    worker.run()

    assert the_attachment().state == State.SUPERSEDED
    assert open_codes() == []


def test_a_revised_document_has_just_the_new_file(
    acme: FakeCompany, worker: Worker, work_order: WorkOrder, owner: User
) -> None:
    complete(work_order)
    worker.run()
    reopen_work_order(work_order)
    complete_work_order(work_order, by=owner)
    revised = update_document(work_order, by=owner)

    worker.run()

    [file] = files_in(acme)
    assert file.reference == revised.reference
    assert acme.writes == {"create": 1, "update": 1, "attach": 2, "detach": 1}


def test_an_old_file_that_somebody_removed_is_not_missed(
    acme: FakeCompany, worker: Worker, work_order: WorkOrder, owner: User
) -> None:
    document = complete(work_order)
    worker.run()
    document.refresh_from_db()
    acme.documents[document.remote_id].files.clear()
    reopen_work_order(work_order)
    complete_work_order(work_order, by=owner)
    update_document(work_order, by=owner)

    worker.run()

    assert len(files_in(acme)) == 1
