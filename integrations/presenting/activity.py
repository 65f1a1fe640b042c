"""What came from the books and what went there, as people read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from fieldwork.models import Organization
from integrations.among import among
from integrations.models import Case, Change, Link, Operation
from integrations.presenting.happenings import (
    BY_MODEL,
    CHANGED,
    GONE,
    IN,
    LEFT_OUT,
    LINKED,
    NEEDS_YOU,
    NEW,
    NOT_SENT,
    OUT,
    SENT,
    SORTS,
    WAITING,
    Row,
    Sort,
    rows_of,
    text,
)
from integrations.presenting.history import label_of
from integrations.presenting.pills import Pill, operation_pill

DIRECTIONS: Sequence[tuple[str, str | Promise]] = ((IN, _("From the books")), (OUT, _("To the books")))
PILLS: Mapping[str, Pill] = {
    NEW: Pill(_("New"), "green"),
    LINKED: Pill(_("Linked"), "green"),
    CHANGED: Pill(_("Changed"), "blue"),
    GONE: Pill(_("Gone from the books"), "grey"),
    LEFT_OUT: Pill(_("Left out"), "amber"),
    SENT: Pill(_("Sent"), "green"),
    WAITING: Pill(_("Waiting"), "blue"),
    NEEDS_YOU: Pill(_("Needs you"), "red"),
    NOT_SENT: Pill(_("Not sent"), "grey"),
}
OUTCOMES = tuple((key, pill.words) for key, pill in PILLS.items())
DEEDS: Mapping[str, str | Promise] = {
    "customer_update": _("Information updated"),
    "contact_update": _("Information updated"),
    "taking_back": _("Draft taken back"),
    "attachment": _("PDF attached"),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One happening as people read it. `address` is the record's page, or empty when it has gone."""

    at: datetime
    direction: str
    direction_label: str | Promise
    sort: str | Promise
    name: str
    number: str
    address: str
    pill: Pill
    detail: str


@dataclass(kw_only=True)
class Told:
    """What the rows alone do not say: the names of their records, and which fields a change touched."""

    names: dict[UUID, tuple[str, str]] = field(default_factory=dict)
    fields: dict[UUID, str] = field(default_factory=dict)


def lines_of(rows: Sequence[Any], firm: Organization) -> list[Line]:
    """The rows as a page shows them; two statements at most, however many."""
    found = [Row(*row) for row in rows]
    told = Told(names=names_of(found, firm), fields=fields_of(found))
    return [line_of(row, told) for row in found]


def names_of(rows: Sequence[Row], firm: Organization) -> dict[UUID, tuple[str, str]]:
    """Number and name of each record that is still there."""
    ids: dict[str, set[UUID]] = {}
    for row in rows:
        if row.model in BY_MODEL:
            ids.setdefault(row.model, set()).add(row.record)
    parts = [named(BY_MODEL[model], firm, wanted) for model, wanted in ids.items()]
    if not parts:
        return {}
    joined = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return {pk: (number, name.strip()) for pk, number, name in joined}


def named(sort: Sort, firm: Organization, ids: set[UUID]) -> QuerySet[Any, Any]:
    number = F(sort.number) if sort.number else text("")
    first, *more = sort.name
    name = Concat(first, Value(" "), *more, output_field=CharField()) if more else F(first)
    rows = rows_of(sort, firm).filter(among("id", ids)).order_by()
    return rows.annotate(log_number=number, log_name=name).values_list("pk", "log_number", "log_name")


def fields_of(rows: Sequence[Row]) -> dict[UUID, str]:
    changed = [row.id for row in rows if row.outcome == CHANGED]
    if not changed:
        return {}
    found = Change.objects.filter(among("id", changed)).values_list("id", "local_model", "fields")
    return {pk: ", ".join(label_of(model, name) for name in fields) for pk, model, fields in found}


def line_of(row: Row, told: Told) -> Line:
    direction = OUT if row.outcome == OUT else IN
    sort = next((each for each in SORTS if row.model in (each.model_label, each.remote)), None)
    number, name = told.names.get(row.record, ("", row.name))
    return Line(
        at=row.at,
        direction=direction,
        direction_label=dict(DIRECTIONS)[direction],
        sort=capfirst(str(sort.model._meta.verbose_name)) if sort else "",
        name=name or row.name,
        number=number or row.number,
        address=address_of(row, told),
        pill=pill_of(row),
        detail=str(DEEDS.get(row.kind, told.fields.get(row.id, ""))),
    )


def address_of(row: Row, told: Told) -> str:
    if row.model not in BY_MODEL:
        return reverse("integrations:entry", args=[row.record]) if row.outcome == Case.State.OPEN else ""
    return reverse(BY_MODEL[row.model].page, args=[row.record]) if row.record in told.names else ""


SHOWN_AS: Mapping[str, str] = {
    Link.Origin.IMPORTED: NEW,
    Link.Origin.ADOPTED: LINKED,
    Case.State.OPEN: NEEDS_YOU,
    Case.State.CLOSED: LEFT_OUT,
}


def pill_of(row: Row) -> Pill:
    if row.outcome != OUT:
        return PILLS[SHOWN_AS.get(row.outcome, row.outcome)]
    if row.kind in DEEDS and row.state == Operation.State.DONE:
        return PILLS[SENT]
    return operation_pill(Operation(state=row.state, stage=row.stage, remote_number=row.number))
