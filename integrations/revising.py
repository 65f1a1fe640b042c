"""What people ask for after something was sent: update the customer or the document, take the draft back.

Each is tried at once when no worker is busy with the books, else left to the worker, and may be pressed twice.
Nothing here is done without having looked in the books first: see sending/changing.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext as _

from fieldwork.models import ContactPerson, Customer, User, WorkOrder
from integrations.connections import open_ledger
from integrations.export import create_now, try_now
from integrations.exports import CHANGES, SALES
from integrations.models import Connection, Operation
from integrations.recognising.counterparts import read_counterparts
from integrations.sending.asking import UNSENT, ChangeRefused, queue_customer_update, queue_taking_back
from integrations.sending.persons import person_to_update, preview_person, queue_person_update
from integrations.sending.queueing import live_connection, queue_work_orders
from integrations.sending.updating import CustomerPreview, preview_update
from integrations.trouble.reporting import close_cases_of

State = Operation.State


# --- customers ------------------------------------------------------------------


def preview_customer_update(connection: Connection, customer: Customer) -> CustomerPreview:
    """Before and after, field by field, with the reference person wherever the books keep people. Reads the books and
    writes nothing. Network: two GETs, and two more for a person who is a record of their own.

    Raises ChangeRefused with a sentence, and what the books say.
    """
    ledger = open_ledger(connection)
    preview = preview_update(connection, ledger, customer)
    person = person_to_update(connection, customer)
    row = preview_person(connection, ledger, person) if person else None
    return replace(preview, rows=(*preview.rows, row)) if row else preview


def update_customer_now(
    connection: Connection, customer: Customer, fields: Iterable[str], *, by: User | None
) -> Operation:
    """The operation that overwrites these fields of the customer in the books. Raises ChangeRefused.

    A person who is a record of their own takes another operation: of the two it is the one that is not done.
    """
    own = set(fields)
    person = person_to_update(connection, customer) if "contact" in own else None
    if person is None:
        return try_now(connection, queue_customer_update(connection, customer, own, by=by))
    own.discard("contact")
    tried = [try_now(connection, queue_customer_update(connection, customer, own, by=by))] if own else []
    tried.append(send_person_now(connection, person, by=by))
    return next((each for each in tried if each.state != State.DONE), tried[0])


def send_person_now(connection: Connection, person: ContactPerson, *, by: User | None) -> Operation:
    """The operation that brings the person to the books: as a new record where they have none yet."""
    if read_counterparts(connection, [person.pk]).of("contact", person.pk) is None:
        return create_now(connection, person, by=by)
    return try_now(connection, queue_person_update(connection, person, by=by))


# --- documents ------------------------------------------------------------------


def document_to_update(connection: Connection, work_order: WorkOrder) -> Operation | None:
    """The operation whose document the present revision of the work order can be written over, as far as we know."""
    sent = Operation.objects.filter(books=connection.books_id, kind__in=SALES, local_id=work_order.pk)
    former = sent.filter(revision__lt=work_order.revision, state=State.DONE).order_by("-revision").first()
    return former if former is not None and former.stage in CHANGEABLE else None


CHANGEABLE = ("draft", "order")


def update_document(work_order: WorkOrder, *, by: User | None) -> Operation:
    """The operation of the work order's present revision, which changes the document of the former one.

    Raises ChangeRefused where there is no such document, or the revision is on its way already.
    """
    connection = live_connection(work_order.organization)
    former = document_to_update(connection, work_order) if connection else None
    if connection is None or former is None:
        raise ChangeRefused(
            _("Work order %(number)s has no document in the books that could be updated.")
            % {"number": work_order.number}
        )
    if not work_order.is_completed:
        raise ChangeRefused(_("Work order %(number)s is not completed yet.") % {"number": work_order.number})
    queue_work_orders(connection, [work_order])
    own = Operation.objects.filter(books=connection.books_id, kind__in=SALES, local_id=work_order.pk)
    operation = own.get(revision=work_order.revision)
    unsent = own.filter(pk=operation.pk, state__in=UNSENT)
    if not unsent.update(target=former, kind=former.kind, asked_by=by, due_at=timezone.now()):
        raise ChangeRefused(
            _("Work order %(number)s is on its way already, or marked “do not send”.") % {"number": work_order.number}
        )
    own.filter(pk=operation.pk).requeue(timezone.now())
    operation.refresh_from_db()
    return try_now(connection, operation)


def take_back(operation: Operation, *, by: User | None) -> Operation:
    """The operation that removes the draft of `operation` again. Once it is done, `operation` is taken back.

    Raises ChangeRefused for what is no draft as far as we know; what the books know is in its state and problem.
    """
    removal = queue_taking_back(operation, by=by)
    connection = Connection.objects.filter(books=operation.books_id, state__in=Connection.LIVE).first()
    return try_now(connection, removal) if connection else removal


def give_up(operation: Operation) -> None:
    """A change that stopped is left as it is, and its case is closed."""
    if operation.kind in CHANGES and Operation.objects.filter(pk=operation.pk).give_up():
        close_cases_of(operation)
