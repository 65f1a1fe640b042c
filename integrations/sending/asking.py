"""Puts changes of what is in the books already into the outbox: update, take back, attach.

Each function may run twice, or at the same time elsewhere: the business key lets only one operation be.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from accounting.types import Stage
from fieldwork.models import Customer, User
from integrations.exports import ATTACHMENT, CUSTOMER_UPDATE, SALES, TAKING_BACK, name_of
from integrations.models import Connection, Operation
from integrations.owning.holding import given_to_the_books

State = Operation.State
UNSENT = (State.QUEUED, *Operation.NEEDS_PERSON)
OVER = (State.DONE, State.CANCELLED)

# What may be overwritten of a customer. The terms of payment are the office's over there, and not among it.
CUSTOMER_FIELDS = ("name", "organisation_number", "address", "phone", "email", "website", "contact")
# Fields of a document that are several columns here.
PARTS = {"address": {"street", "street2", "postcode", "city", "country"}}


class ChangeRefused(Exception):
    """The change is not possible; the text is a sentence for the user."""


# --- customers ------------------------------------------------------------------


def queue_customer_update(
    connection: Connection, customer: Customer, fields: Iterable[str], *, by: User | None
) -> Operation:
    """The operation that brings these fields to the books. One that has not been sent yet takes them over."""
    named = [name for name in CUSTOMER_FIELDS if name in set(fields)]
    if not named:
        raise ChangeRefused(_("Choose at least one field to update."))
    wanted = ours_to_change(connection, named)
    if not wanted:
        raise ChangeRefused(_("%(books)s alone keeps these fields. Change them there.") % {"books": connection.label})
    updates = Operation.objects.filter(books=connection.books_id, kind=CUSTOMER_UPDATE, local_id=customer.pk)
    waiting = updates.exclude(state__in=OVER).first()
    if waiting is None:
        key = f"{name_of(customer)}:{customer.pk}:update:{updates.count() + 1}"
        made = new_update(connection, customer, key, wanted, by=by)
        Operation.objects.bulk_create([made], ignore_conflicts=True)
        waiting = updates.get(business_key=key)
    return ask_again(waiting, fields=wanted, by=by)


def ours_to_change(connection: Connection, names: Iterable[str]) -> list[str]:
    """Of these fields of a customer's document those that the owner has not given to the books. One statement."""
    given = given_to_the_books(connection, Customer)
    return [name for name in names if not PARTS.get(name, {name}) & given]


def new_update(
    connection: Connection, customer: Customer, key: str, fields: list[str], *, by: User | None
) -> Operation:
    return Operation(
        organization_id=connection.organization_id,
        books=connection.pinned_books,
        kind=CUSTOMER_UPDATE,
        business_key=key,
        reference=customer.number,
        local_model=customer._meta.label,
        local_id=customer.pk,
        local_label=str(customer)[:200],
        due_at=timezone.now(),
        asked_by=by,
        fields=fields,
    )


# --- documents ------------------------------------------------------------------


def queue_taking_back(operation: Operation, *, by: User | None) -> Operation:
    """The operation that removes the document again. Raises ChangeRefused for what is no draft, as far as we know."""
    if operation.kind not in SALES or operation.state != State.DONE:
        raise ChangeRefused(_("%(record)s has no document to take back.") % {"record": operation.local_label})
    if operation.stage != Stage.DRAFT:
        raise ChangeRefused(
            _("%(record)s: only an invoice draft can be taken back. Credit it in the accounting system instead.")
            % {"record": operation.local_label}
        )
    return ask_again(queue_follower(operation, TAKING_BACK, by=by), by=by)


def queue_attachment(operation: Operation) -> None:
    """The work order's PDF follows its document, if the settings want it and the books can have it."""
    connection = Connection.objects.filter(books=operation.books_id, state__in=Connection.LIVE).first()
    if connection is not None and attaches(connection):
        queue_follower(operation, ATTACHMENT, by=operation.asked_by)


def attaches(connection: Connection) -> bool:
    """Whether the work order goes along as PDF."""
    return connection.settings.attach_pdf and can_attach(connection)


def can_attach(connection: Connection) -> bool:
    return ATTACHMENT in {document.kind for document in connection.ledger_provider.writes}


def queue_follower(target: Operation, kind: str, *, by: User | None) -> Operation:
    """The one operation of that kind on the target's document."""
    follower = Operation(
        organization_id=target.organization_id,
        books_id=target.books_id,
        kind=kind,
        business_key=f"{target.business_key}:{kind}",
        reference=target.reference,
        local_model=target.local_model,
        local_id=target.local_id,
        local_label=target.local_label,
        revision=target.revision,
        due_at=timezone.now(),
        asked_by=by,
        target=target,
    )
    Operation.objects.bulk_create([follower], ignore_conflicts=True)
    return Operation.objects.get(books=target.books_id, business_key=follower.business_key)


# --- both -----------------------------------------------------------------------


def ask_again(operation: Operation, *, by: User | None, **changes: Any) -> Operation:
    """The operation, waiting for its turn unless it is on its way or done."""
    this = Operation.objects.filter(pk=operation.pk)
    this.filter(state__in=UNSENT).update(asked_by=by, due_at=timezone.now(), **changes)
    this.requeue(timezone.now())
    if operation.state == State.CANCELLED:
        operation.move(State.QUEUED, due_at=timezone.now(), asked_by=by, **changes)
    operation.refresh_from_db()
    return operation
