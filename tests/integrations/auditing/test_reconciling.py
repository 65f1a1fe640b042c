"""The auditor: what it finds in the books and here, what it leaves alone, and when an entry is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from accounting.errors import ReconnectNeeded, TryLater
from accounting.types import Stage, Totals
from fieldwork.models import User, WorkOrder
from fieldwork.services import complete_work_order, reopen_work_order
from integrations.auditing.accepting import accept, may_accept
from integrations.models import Attempt, Case, Connection, Link, Operation, Reconciliation
from integrations.trouble.cases import Finding, open_cases
from integrations.trouble.reporting import own_subject
from tests.integrations.auditing.at_work import Reconcile, later
from tests.integrations.exporting import Worker, complete, copies_of, open_codes

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany, StoredDocument

pytestmark = pytest.mark.django_db
State = Operation.State


def draft_of(acme: FakeCompany, operation: Operation) -> StoredDocument:
    return acme.documents[operation.remote_id]


# --- all is well ----------------------------------------------------------------


def test_books_that_agree_have_no_entry(audit: Reconcile, sent: Operation) -> None:
    result = audit()

    row = result.row
    assert (row.is_well, row.documents, row.ours, row.findings, row.problem) == (True, 1, 1, 0, "")
    assert row.balance == {"accepted": 1, "done": 1, "waiting": 0, "needs_person": 0, "left_out": 0}
    assert open_codes() == []


def test_what_others_write_is_none_of_our_business(audit: Reconcile, acme: FakeCompany, sent: Operation) -> None:
    copy = acme.copy(sent.remote_id)
    phone = ("Tel. 08-123456", "Rör 1810022-A1B2", "about 1187-K7Q2M9 and more")
    acme.alter(copy.receipt.remote_id, texts=phone)

    assert audit().row.is_well


def test_a_credit_note_repeats_and_is_not_the_document(audit: Reconcile, acme: FakeCompany, sent: Operation) -> None:
    acme.book(sent.remote_id)
    credit = acme.copy(operation_of_draft(acme))
    acme.alter(credit.receipt.remote_id, is_credit=True)

    assert audit().row.is_well


def operation_of_draft(acme: FakeCompany) -> str:
    return next(each.receipt.remote_id for each in acme.documents.values() if each.receipt.stage is Stage.INVOICE)


# --- documents move on ----------------------------------------------------------


def test_a_draft_that_was_booked_is_followed(audit: Reconcile, acme: FakeCompany, sent: Operation) -> None:
    invoice = acme.book(sent.remote_id).receipt

    result = audit()

    sent.refresh_from_db()
    link = Link.objects.get(kind="invoice_draft")
    trace = Attempt.objects.get(purpose=Attempt.Purpose.COMPARE)
    assert (result.row.is_well, result.row.followed) == (True, 1)
    assert (sent.stage, sent.remote_id, sent.remote_number) == (Stage.INVOICE, invoice.remote_id, invoice.number)
    assert (link.remote_id, link.remote_number) == (invoice.remote_id, invoice.number)
    assert (trace.operation, trace.evidence["to"]["number"]) == (sent, invoice.number)


def test_an_order_that_was_invoiced_is_followed_and_keeps_its_link(
    audit: Reconcile, acme: FakeCompany, connection: Connection, sent_order: Operation
) -> None:
    order = sent_order.remote_id
    invoice = acme.book(order).receipt

    assert audit().row.is_well

    sent_order.refresh_from_db()
    assert (sent_order.stage, sent_order.remote_id) == (Stage.INVOICE, invoice.remote_id)
    assert Link.objects.get(kind="sales_order").remote_id == order


def test_an_order_that_changes_after_its_invoice_does_not_lead_back(
    audit: Reconcile, acme: FakeCompany, sent_order: Operation
) -> None:
    order = sent_order.remote_id
    invoice = acme.book(order).receipt
    audit()

    with later(days=30):
        acme.alter(order, customer_remote_id="somebody else")
        result = audit()

    sent_order.refresh_from_db()
    assert result.row.is_well
    assert sent_order.remote_id == invoice.remote_id


def test_parts_of_one_order_are_not_doubles(audit: Reconcile, acme: FakeCompany, sent_order: Operation) -> None:
    acme.book(sent_order.remote_id)
    acme.book(sent_order.remote_id)

    assert audit().row.is_well
    sent_order.refresh_from_db()
    assert sent_order.stage == Stage.ORDER


def test_a_draft_without_its_reference_is_followed_by_its_id(
    audit: Reconcile, acme: FakeCompany, sent: Operation
) -> None:
    acme.alter(sent.remote_id, texts=("Thank you.",))
    invoice = acme.book(sent.remote_id).receipt

    assert audit().row.is_well

    sent.refresh_from_db()
    assert (sent.stage, sent.remote_id) == (Stage.INVOICE, invoice.remote_id)


def test_a_copy_of_the_invoice_is_one_too_many(audit: Reconcile, acme: FakeCompany, sent: Operation) -> None:
    acme.copy(acme.book(sent.remote_id).receipt.remote_id)

    assert [each[1].code for each in audit().found] == ["twice_in_books"]


# --- documents are gone, doubled, changed ---------------------------------------


def test_a_deleted_draft_is_an_entry_and_is_not_sent_again(
    audit: Reconcile, acme: FakeCompany, sent: Operation, worker: Worker
) -> None:
    del acme.documents[sent.remote_id]

    [(subject, finding, operation)] = audit().found
    worker.run()

    assert (subject.kind, subject.id, finding.code, operation) == (
        "work_order",
        str(sent.local_id),
        "not_there",
        sent,
    )
    assert "1187" in finding.sentence % finding.values
    assert acme.writes == {"create": 1}


def test_an_entry_is_over_when_the_document_is_back(audit: Reconcile, acme: FakeCompany, sent: Operation) -> None:
    taken = acme.documents.pop(sent.remote_id)
    audit()
    acme.file(taken)

    assert audit().row.is_well
    assert open_codes() == []


def test_what_a_list_leaves_out_is_asked_for_before_it_counts_as_gone(
    audit: Reconcile, acme: FakeCompany, sent: Operation
) -> None:
    acme.alter(sent.remote_id, texts=("nothing of ours",))
    acme.hidden.add(sent.remote_id)

    assert audit().row.is_well
    assert acme.count("fetch", "draft") > 1


def test_an_old_document_is_not_missed_by_a_short_look_back(
    audit: Reconcile, acme: FakeCompany, sent_order: Operation
) -> None:
    with later(days=30):
        assert audit(days=7).row.is_well
        del acme.documents[sent_order.remote_id]
        assert audit(days=7).row.is_well
        assert [each[1].code for each in audit(days=400).found] == ["not_there"]
        assert [each[1].code for each in audit(days=7).found] == []
        assert open_codes() == ["not_there"]


def test_a_former_revision_may_be_gone(
    audit: Reconcile, acme: FakeCompany, sent: Operation, worker: Worker, owner: User
) -> None:
    order = WorkOrder.objects.get()
    reopen_work_order(order)
    complete_work_order(order, by=owner)
    Operation.objects.filter(revision=2).update(released=True)
    worker.run()
    assert len(acme.created("invoice_draft")) == 2

    del acme.documents[sent.remote_id]

    assert audit().row.is_well


def test_many_missing_at_once_are_not_believed(
    audit: Reconcile,
    acme: FakeCompany,
    sent: Operation,
    worker: Worker,
    owner: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("integrations.auditing.comparing.FETCH_AT_MOST", 2)
    for order in copies_of(WorkOrder.objects.get(), ["1188", "1189"]):
        WorkOrder.objects.filter(pk=order.pk).update(status=order.status_id)
        order.completed_at = None
        complete_work_order(order, by=owner)
    worker.run()
    drafts = [each.receipt.remote_id for each in acme.created("invoice_draft")]
    assert len(drafts) == 3
    for remote_id in drafts:
        del acme.documents[remote_id]
    fetched = acme.count("fetch")

    [(subject, finding, _)] = audit().found

    assert (subject.kind, finding.code, finding.values["count"]) == ("connection", "many_not_there", "3")
    assert acme.count("fetch") == fetched


def test_the_same_reference_twice_is_an_entry(audit: Reconcile, acme: FakeCompany, sent: Operation) -> None:
    copy = acme.copy(sent.remote_id)

    [(_, finding, operation)] = audit().found

    assert (finding.code, operation) == ("twice_in_books", sent)
    del acme.documents[copy.receipt.remote_id]
    assert audit().row.is_well
    assert open_codes() == []


def test_a_copy_beside_the_invoice_is_one_too_many(audit: Reconcile, acme: FakeCompany, sent: Operation) -> None:
    acme.copy(sent.remote_id)
    acme.book(sent.remote_id)

    assert [each[1].code for each in audit().found] == ["twice_in_books"]


@pytest.mark.parametrize(
    ("change", "field", "now"),
    [
        ({"totals": Totals(net=Decimal(1), vat=Decimal("0.25"))}, "total", "1.25"),
        ({"customer_remote_id": "another"}, "customer", "another"),
        ({"currency": "NOK"}, "currency", "NOK"),
    ],
)
def test_what_was_changed_over_there_is_told(
    audit: Reconcile, acme: FakeCompany, sent: Operation, change: dict, field: str, now: str
) -> None:
    former = draft_of(acme, sent).receipt
    acme.alter(sent.remote_id, **change)

    [(_, finding, _operation)] = audit().found

    assert (finding.code, finding.field, finding.values["now"]) == ("changed_in_books", field, now)
    acme.file(replace(draft_of(acme, sent), receipt=former))
    assert audit().row.is_well
    assert open_codes() == []


# --- documents without an operation ---------------------------------------------


def test_a_document_that_nothing_remembers_is_an_entry(audit: Reconcile, acme: FakeCompany, sent: Operation) -> None:
    Link.objects.all().delete()
    sent.delete()

    [(subject, finding, _)] = audit().found

    assert (subject.kind, subject.id, finding.code) == ("work_order", str(sent.local_id), "not_recorded")


def test_a_document_of_a_work_order_that_does_not_exist_is_an_entry(
    audit: Reconcile, acme: FakeCompany, sent: Operation
) -> None:
    reference = sent.reference.replace("1187", "900")
    copy = acme.alter(acme.copy(sent.remote_id).receipt.remote_id, texts=(f"Ref. {with_a_letter(reference)}",))

    [(subject, finding, _)] = audit().found

    assert (subject.kind, subject.id, finding.code) == ("document", copy.receipt.remote_id, "unknown_in_books")
    del acme.documents[copy.receipt.remote_id]
    assert audit().row.is_well
    assert open_codes() == []


def with_a_letter(reference: str) -> str:
    number, _, digest = reference.rpartition("-")
    return f"{number}-{digest[:5]}K"


def test_many_strangers_are_one_entry(
    audit: Reconcile, acme: FakeCompany, sent: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("integrations.auditing.comparing.TELL_EACH", 2)
    for number in range(3):
        copy = acme.copy(sent.remote_id)
        acme.alter(copy.receipt.remote_id, texts=(f"90{number}-ABCDEF",))

    [(subject, finding, _)] = audit().found

    assert (subject.kind, finding.values["count"]) == ("connection", "3")
    for stored in list(acme.documents.values()):
        if stored.texts[0].startswith("90"):
            del acme.documents[stored.receipt.remote_id]
    assert audit().row.is_well
    assert open_codes() == []


@pytest.mark.parametrize("state", [State.BLOCKED, State.CANCELLED, State.SUPERSEDED])
def test_a_document_of_what_counts_as_not_sent_is_an_entry(
    audit: Reconcile, sent: Operation, connection: Connection, state: str
) -> None:
    Operation.objects.filter(pk=sent.pk).update(state=state, remote_id="")
    open_cases(connection, [(own_subject(sent), Finding(code="refused", sentence="No."))], operation=sent)

    assert [each[1].code for each in audit().found] == ["not_recorded"]


@pytest.mark.parametrize("state", [State.QUEUED, State.SENDING, State.IN_DOUBT])
def test_what_is_on_its_way_is_left_to_the_export(audit: Reconcile, sent: Operation, state: str) -> None:
    now = timezone.now()
    Operation.objects.filter(pk=sent.pk).update(state=state, remote_id="", sent_at=now, doubt_since=now)

    assert audit().row.is_well


def test_a_document_that_cannot_be_read_is_told_and_is_not_gone(
    audit: Reconcile, acme: FakeCompany, sent: Operation
) -> None:
    acme.unreadable.add(sent.remote_id)

    fetched = acme.count("fetch")

    assert [each[1].code for each in audit().found] == ["unreadable_in_books"]
    assert acme.count("fetch") == fetched
    acme.unreadable.clear()
    assert audit().row.is_well
    assert open_codes() == []


def test_what_is_not_understood_is_there(audit: Reconcile, acme: FakeCompany, sent: Operation) -> None:
    acme.hidden.add(sent.remote_id)
    acme.unreadable.add(sent.remote_id)

    assert audit().row.is_well


# --- when the books do not answer -----------------------------------------------


@pytest.mark.parametrize("stage", ["draft", "order", "invoice"])
def test_half_a_list_says_nothing(audit: Reconcile, acme: FakeCompany, sent: Operation, stage: str) -> None:
    del acme.documents[sent.remote_id]
    audit()
    acme.fail("documents", TryLater("down"), kind=stage, times=2)

    result = audit()

    assert (result.row.problem, result.row.is_well) == ("down", False)
    assert open_codes() == ["not_there"]


def test_a_refused_login_waits_for_a_person(audit: Reconcile, acme: FakeCompany, connection: Connection) -> None:
    acme.fail("documents", ReconnectNeeded("no"), times=2)

    assert audit().row.problem == "no"
    connection.refresh_from_db()
    assert connection.state == Connection.State.RECONNECT


def test_books_that_ask_for_patience_are_left_alone(
    audit: Reconcile, acme: FakeCompany, connection: Connection
) -> None:
    acme.fail("documents", TryLater("slow", after=timedelta(minutes=5)), times=2)

    audit()

    connection.refresh_from_db()
    assert connection.is_waiting(timezone.now())


# --- accepted -------------------------------------------------------------------


def test_what_a_person_accepted_does_not_come_back(
    audit: Reconcile, acme: FakeCompany, sent: Operation, owner: User
) -> None:
    acme.alter(sent.remote_id, totals=Totals(net=Decimal(1), vat=Decimal(0)))
    audit()
    case = Case.objects.get(state=Case.State.OPEN)

    assert may_accept(case)
    assert [accept(case, by=owner), accept(case, by=owner)] == [True, False]

    assert audit().row.is_well
    acme.alter(sent.remote_id, totals=Totals(net=Decimal(2), vat=Decimal(0)))
    assert [each[1].values["now"] for each in audit().found] == ["2"]


def test_another_title_does_not_make_it_another_finding(
    audit: Reconcile, acme: FakeCompany, sent: Operation, owner: User
) -> None:
    sent.delete()
    audit()
    assert accept(Case.objects.get(state=Case.State.OPEN), by=owner)

    WorkOrder.objects.update(title="Leaking tap")

    assert audit().row.is_well


def test_what_must_be_repaired_cannot_be_accepted(audit: Reconcile, work_order: WorkOrder, owner: User) -> None:
    operation = complete(work_order, by=owner)
    Operation.objects.filter(pk=operation.pk).update(state=State.FAILED)
    audit()
    case = Case.objects.get(state=Case.State.OPEN)

    assert not may_accept(case)
    assert not accept(case, by=owner)


# --- the record -----------------------------------------------------------------


def test_each_comparison_is_kept_for_a_month(audit: Reconcile, sent: Operation) -> None:
    audit()
    with later(days=40):
        audit()

    assert Reconciliation.objects.count() == 2
