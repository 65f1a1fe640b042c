"""Records that a document or record of ours exists in the books: operation, link, number, status, inbox."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounting.types import ContactDocument, Document, Receipt
from fieldwork.models import ContactPerson, Customer
from integrations.crash_points import reach
from integrations.exports import SALES, freeze
from integrations.history import note_sent
from integrations.models import Connection, Link, Operation
from integrations.sending.asking import queue_attachment
from integrations.sending.queueing import queue_records
from integrations.sending.statuses import show_success
from integrations.trouble.reporting import close_cases_of, end_attempt


def record_done(operation: Operation, receipt: Receipt, *, origin: str, document: Document | None = None) -> None:
    """All that follows from the receipt, in one transaction. Raises LeaseLost when the operation is not ours any more.

    `document` is what we would have sent, when it was found instead of sent.
    """
    found: dict[str, Any] = {"payload": freeze(document)} if document else {}
    with transaction.atomic():
        operation.move(
            Operation.State.DONE,
            fence=operation.fence,
            stage=receipt.stage,
            remote_id=receipt.remote_id,
            remote_number=receipt.number[:100],
            currency=receipt.currency[:3],
            done_at=timezone.now(),
            doubt_since=None,
            problem="",
            problem_code="",
            **found,
        )
        end_attempt(operation, outcome="done", evidence={"remote_id": receipt.remote_id, "number": receipt.number})
        keep_link(operation, receipt, origin=origin)
        take_over_number(operation, receipt)
        note_sent(operation, origin=origin)
        show_success(operation)
        close_cases_of(operation)
        if operation.kind in SALES and origin == Link.Origin.EXPORTED:
            replace_former(operation)
            queue_attachment(operation)
        if operation.kind == "customer" and origin == Link.Origin.EXPORTED:
            queue_reference_person(operation)
        reach("export.recording")


def queue_reference_person(operation: Operation) -> None:
    """Who is named on a new customer's documents follows, where the books keep people as records of their own."""
    connection = Connection.objects.filter(books=operation.books_id, state__in=Connection.LIVE).first()
    if connection is None or ContactDocument not in connection.ledger_provider.writes:
        return
    named = ContactPerson.objects.filter(customer=operation.local_id, is_reference=True, active=True)
    queue_records(connection, list(named.select_related("customer__organization")), by=operation.asked_by)


def replace_former(operation: Operation) -> None:
    """The document that was written over belongs to this revision from now on."""
    if operation.target_id is not None:
        Operation.objects.filter(pk=operation.target_id).replace()


def keep_link(operation: Operation, receipt: Receipt, *, origin: str) -> None:
    """The link of our record to theirs. A record of theirs that is linked already keeps its link.

    Then ours is a second record for the same thing, and the operation alone remembers which one.
    """
    same_books = Link.objects.filter(books=operation.books_id, kind=operation.kind)
    if same_books.filter(remote_id=receipt.remote_id).exists():
        return
    Link.objects.update_or_create(
        books_id=operation.books_id,
        kind=operation.kind,
        local_id=operation.local_id,
        defaults={
            "local_model": operation.local_model,
            "remote_id": receipt.remote_id,
            "remote_number": receipt.number[:100],
            "origin": origin,
            "fingerprint": "",
            "gone_at": None,
        },
    )


def take_over_number(operation: Operation, receipt: Receipt) -> None:
    """A customer without a number goes by the one that the books gave, unless another has it here."""
    if operation.local_model != Customer._meta.label or not receipt.number:
        return
    customers = Customer.objects.filter(organization=operation.organization_id)
    if not customers.filter(number=receipt.number).exists():
        customers.filter(pk=operation.local_id, number="").update(number=receipt.number, updated_at=timezone.now())
