"""A person says which of two values is right."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import BooleanField, Field

from fieldwork.models import Customer, HourType, Material, User
from integrations.history import told
from integrations.models import Agreement, Case, Change
from integrations.owning.comparing import CODE
from integrations.trouble.cases import close_cases

MODELS = {each._meta.label: each for each in (Customer, Material, HourType)}


class Side(StrEnum):
    BOOKS = "books"
    OURS = "ours"


def decide(case: Case, side: Side, by: User, *, but: Mapping[str, Side] | None = None) -> bool:
    """The values of that side stand here, and the others in the history. False when it was decided already.

    `but` names columns for which another side was chosen.

    Nothing is sent: where ours are right, the books keep theirs until somebody updates them.
    """
    with transaction.atomic():
        pending = (
            Agreement.objects.select_for_update()
            .filter(books=case.connection.books_id, local_id=UUID(case.part))
            .exclude(pending={})
        )
        agreement = pending.first()
        model = MODELS[case.values["model"]]
        record = model.objects.for_organization(case.organization).select_for_update().filter(pk=case.part).first()
        close_cases(case.connection, subject=(case.subject_kind, [case.subject_id]), codes=[CODE])
        if agreement is None or record is None:
            return False
        columns = {each.attname: each for each in record._meta.concrete_fields if each.attname in agreement.pending}
        theirs = {name: value_of(column, agreement.pending[name]) for name, column in columns.items()}
        ours = {name: getattr(record, name) for name in columns}
        both = {Side.BOOKS: theirs, Side.OURS: ours}
        sides = dict.fromkeys(columns, side) | dict(but or {})
        won = {name: both[sides[name]][name] for name in columns}
        lost = {name: (ours if sides[name] is Side.BOOKS else theirs)[name] for name in columns}
        for name, value in won.items():
            setattr(record, name, value)
        record.save(update_fields=list(won))
        Change.objects.create(
            organization_id=case.organization_id,
            books=agreement.books,
            subject_id=record.pk,
            local_model=record._meta.label,
            local_id=record.pk,
            label=str(record)[:200],
            source=Change.Source.HERE,
            what=Change.What.DECIDED,
            fields={name: [told(lost[name]), told(won[name])] for name in won if told(lost[name]) != told(won[name])},
            by=by,
        )
        agreement.agreed |= {name: told(value) for name, value in theirs.items()}
        agreement.pending = {}
        agreement.save()
        return True


def value_of(column: Field[Any, Any], text: str) -> Any:
    """What an agreement keeps as text, as the column has it."""
    if isinstance(column, BooleanField):
        return text == "true"
    return column.to_python(text) if text else column.get_default()
