"""What was changed here alone stays, when something else of the same record was changed in the books.

Where the owner has said nothing, nothing is kept for comparing. But the history knows what stood in a customer's field
before somebody changed it here: as long as the books say just that, they have not changed it, and their record was
written for another field's sake. As soon as they say something else, theirs counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q

from fieldwork.models import Customer
from integrations.among import among
from integrations.history import told
from integrations.models import Change
from integrations.owning.groups import GROUPS
from integrations.placing.upsert import Target

What, Source = Change.What, Change.Source
# The values that both sides agreed on when the customer was linked or created over there.
AGREED_ON_ALL = Q(what__in=[What.LINKED, What.UNLINKED]) | Q(what=What.ADDED, source=Source.SENT)
Row = Sequence[Any]


def keep_own_edits(target: Target, rows: Sequence[Row], owners: Mapping[str, str]) -> Sequence[Row]:
    """The rows as they shall be. One statement where rows exist already, and one more where something was edited."""
    units = list(undecided_units(target, owners))
    known = [row[0] for row in rows if isinstance(row[0], UUID)]
    edited = edited_here(known) if units and known else {}
    if not edited:
        return rows
    columns = [column for unit in units for column in unit]
    found = target.model._default_manager.filter(among("id", edited)).values_list("id", *columns)
    ours = {pk: dict(zip(columns, values, strict=True)) for pk, *values in found}
    return [with_own_edits(target, units, row, ours[row[0]], edited[row[0]]) if row[0] in ours else row for row in rows]


def undecided_units(target: Target, owners: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """The columns that change together, of groups about which the owner has said nothing and the history knows."""
    for group in GROUPS:
        if target.model in group.models and group.dated and group.key not in owners:
            yield from [group.columns] if group.as_one else [(column,) for column in group.columns]


def edited_here(customers: Sequence[UUID]) -> dict[UUID, dict[str, str]]:
    """Of each column that was changed here and has not been exchanged since: what stood in it before, as text."""
    events = Change.objects.filter(among("subject_id", customers), local_model=Customer._meta.label)
    events = events.annotate(agreed_on_all=AGREED_ON_ALL).order_by("at", "pk")
    edited: dict[UUID, dict[str, str]] = {}
    for pk, what, source, fields, agreed_on_all in events.values_list(
        "local_id", "what", "source", "fields", "agreed_on_all"
    ):
        before = edited.setdefault(pk, {})
        if agreed_on_all:
            before.clear()
        elif what == What.CHANGED and source == Source.HERE:
            for column, (old, _new) in fields.items():
                before.setdefault(column, old)
        else:
            for column in fields:
                before.pop(column, None)
    return {pk: before for pk, before in edited.items() if before}


def with_own_edits(
    target: Target,
    units: Sequence[tuple[str, ...]],
    row: Row,
    ours: Mapping[str, Any],
    before: Mapping[str, str],
) -> Row:
    """The row with our values in those units that were changed here only."""
    kept = list(row)
    for unit in units:
        places = {column: target.row_columns.index(column) for column in unit}
        unchanged_there = all(
            told(row[place]) == before.get(column, told(ours[column])) for column, place in places.items()
        )
        if unchanged_there and not before.keys().isdisjoint(unit):
            for column, place in places.items():
                kept[place] = ours[column]
    return tuple(kept)
