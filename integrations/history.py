"""Writes down what changed on customers and their people, for the history on the customer's page.

note(person, source=Change.Source.HERE, fields={"mobile": ("070-1", "070-2")}, by=user)
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import models

from accounting.models import Books
from fieldwork.models import ContactPerson, Customer, User
from integrations.models import Change, Link, Operation

Values = Mapping[str, tuple[Any, Any]]


def note(
    record: models.Model,
    *,
    source: str,
    fields: Values,
    what: str = Change.What.CHANGED,
    books: Books | None = None,
    by: User | None = None,
) -> Change | None:
    """The event, saved; None for a record whose history nobody shows, and when no value differs."""
    change = change_of(record, source=source, fields=fields, what=what, books=books, by=by)
    if change is not None:
        change.save(force_insert=True)
    return change


def note_sent(operation: Operation, *, origin: str) -> None:
    """A customer of ours stands in the books: created there, or recognised there."""
    if operation.local_model != Customer._meta.label:
        return
    Change.objects.create(
        organization_id=operation.organization_id,
        books_id=operation.books_id,
        subject_id=operation.local_id,
        local_model=operation.local_model,
        local_id=operation.local_id,
        label=operation.local_label,
        source=Change.Source.SENT,
        what=Change.What.ADDED if origin == Link.Origin.EXPORTED else Change.What.LINKED,
        fields={"remote_number": ["", operation.remote_number], "remote_id": ["", operation.remote_id]},
        by_id=operation.asked_by_id,
    )


def change_of(
    record: models.Model,
    *,
    source: str,
    fields: Values,
    what: str = Change.What.CHANGED,
    books: Books | None = None,
    by: User | None = None,
) -> Change | None:
    """Like `note`, not saved."""
    customer = customer_of(record)
    different = {name: [told(old), told(new)] for name, (old, new) in fields.items() if told(old) != told(new)}
    if customer is None or not different:
        return None
    return Change(
        organization_id=customer.organization_id,
        books=books,
        subject_id=customer.pk,
        local_model=record._meta.label,
        local_id=record.pk,
        label=str(record)[:200],
        source=source,
        what=what,
        fields=different,
        by=by,
    )


def customer_of(record: models.Model) -> Customer | None:
    """On whose page it is shown."""
    if isinstance(record, ContactPerson):
        return record.customer
    return record if isinstance(record, Customer) else None


def told(value: Any) -> str:
    """A value as text, the same whichever way it came: nothing is empty, yes is `true`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
