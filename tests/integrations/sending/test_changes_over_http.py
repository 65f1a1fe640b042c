"""Update, take back and attach at an accounting system's stand-in over HTTP, whose own ledger tells what came of it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounting.sandbox import Fault
from fieldwork.models import Customer, WorkOrder
from fieldwork.services import complete_work_order, reopen_work_order
from integrations.auditing.reconciling import reconcile
from integrations.models import Operation
from integrations.revising import preview_customer_update, take_back, update_customer_now, update_document
from tests.integrations.auditing.at_work import FirmAtWork, later
from tests.integrations.auditing.conftest import firm  # noqa: F401  (a fixture)
from tests.integrations.connecting.conftest import browser, licence, running, service  # noqa: F401  (fixtures)
from tests.integrations.exporting import open_codes

pytestmark = pytest.mark.django_db(transaction=True)
State = Operation.State


@pytest.fixture
def sent(firm: FirmAtWork) -> Operation:  # noqa: F811
    """A draft in the books, with its PDF."""
    firm.finish(1)
    firm.turn()
    operation = firm.operations().get()
    assert (operation.state, operation.problem) == (State.DONE, "")
    return operation


def test_a_document_has_its_pdf_and_nothing_is_missed(firm: FirmAtWork, sent: Operation) -> None:  # noqa: F811
    attached = Operation.objects.get(kind="attachment")

    assert (attached.state, attached.verified_at is not None) == (State.DONE, True)
    [file] = firm.deeds("salesdocumentattachments")
    assert file.id == attached.remote_id
    assert reconcile(firm.connection, days=7).row.is_well


def test_the_draft_is_taken_back_although_the_answer_was_lost(firm: FirmAtWork, sent: Operation) -> None:  # noqa: F811
    firm.service.stage.faults.replace([Fault(action="reset", phase="after", method="DELETE", nth=1)])

    removal = take_back(sent, by=firm.owner)
    assert removal.state == State.IN_DOUBT
    with later(minutes=1):
        firm.turn()

    sent.refresh_from_db()
    assert sent.state == State.TAKEN_BACK
    assert firm.deeds("customerinvoicedrafts") == []
    assert open_codes(subject_kind="work_order") == []
    assert reconcile(firm.connection, days=7).found == []


def test_a_booked_draft_is_not_taken_back(firm: FirmAtWork, sent: Operation) -> None:  # noqa: F811
    [invoice] = firm.accountant("convert", sent.remote_id)

    removal = take_back(sent, by=firm.owner)

    assert removal.state == State.BLOCKED
    assert str(invoice["InvoiceNumber"]) in removal.problem
    assert not [each for each in firm.writes() if each.startswith("DELETE")]


def test_a_corrected_work_order_is_written_over_its_draft(firm: FirmAtWork, sent: Operation) -> None:  # noqa: F811
    work_order = WorkOrder.objects.get(pk=sent.local_id)
    reopen_work_order(work_order)
    work_order.lines.update(quantity=Decimal(7))
    complete_work_order(work_order, by=firm.owner)

    updated = update_document(work_order, by=firm.owner)
    firm.turn()

    updated.refresh_from_db()
    assert (updated.state, updated.problem, updated.remote_id) == (State.DONE, "", sent.remote_id)
    assert updated.total == Decimal("875.00")
    assert len(firm.deeds("customerinvoicedrafts")) == 1
    assert len(firm.deeds("salesdocumentattachments")) == 1
    assert open_codes(subject_kind="work_order") == []
    assert reconcile(firm.connection, days=7).found == []


def test_a_customer_is_updated_in_the_named_fields(firm: FirmAtWork) -> None:  # noqa: F811
    customer = firm.customers_in_books().first()
    Customer.objects.filter(pk=customer.pk).update(email="ny@example.com", street="Nygatan 1")
    preview = preview_customer_update(firm.connection, customer)
    assert preview.fields == ["address", "email"]
    before = firm.writes()

    operation = update_customer_now(firm.connection, customer, ["email"], by=firm.owner)

    assert (operation.state, operation.problem) == (State.DONE, "")
    assert len(firm.writes()) == len(before) + 1
    assert preview_customer_update(firm.connection, customer).fields == ["address"]
    firm.turn()
    customer.refresh_from_db()
    assert customer.email == "ny@example.com"
    assert open_codes(subject_kind="customer") == []
