"""What a page changes on customers, and their people, who are here already, for their history.

One look before the page is written, and one insert when a value differs; neither when nothing was known before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import FilteredRelation, Q

from fieldwork.models import ContactPerson, Customer
from integrations.among import among
from integrations.history import told
from integrations.models import Change
from integrations.placing.people import PERSON
from integrations.placing.records import CUSTOMER, FIRST_REFERENCE_PERSON, REFERENCE_COLUMNS, REFERENCE_PERSON
from integrations.placing.upsert import Target
from integrations.reading.ids import new_ids

CHANGE = Target(
    model=Change,
    columns=("subject_id", "local_model", "local_id", "label", "what", "fields"),
    owned=frozenset(),
)
REFERENCES = (REFERENCE_PERSON, FIRST_REFERENCE_PERSON)
REFERENCE = "reference"
Row = Sequence[Any]
Rows = Mapping[Target, Sequence[Row]]
Event = tuple[UUID | str, str, UUID | str, str, str, str]


def changes_of(rows: Rows, children: Rows, known: Collection[Target]) -> list[Row]:
    """Rows of the history for what is about to be written: afterwards nobody knows the old values.

    `known` are the targets of which some row may exist already.
    """
    ids = new_ids()
    customers, people = (present(rows, target) if target in known else {} for target in (CUSTOMER, PERSON))
    return [(next(ids), *event) for event in chain(events_of_customers(customers, children), events_of_people(people))]


def events_of_customers(customers: Mapping[UUID, Row], children: Rows) -> Iterator[Event]:
    """With the reference person, who comes on the customer's own record. One statement, or none."""
    if not customers:
        return
    people = {row[1]: row for target in REFERENCES for row in children.get(target, ())}
    is_overwritten = bool(children.get(REFERENCE_PERSON))
    columns = [name for name in CUSTOMER.columns if name in CUSTOMER.owned]
    places = [CUSTOMER.row_columns.index(name) for name in columns]
    named = [f"{REFERENCE}__{name}" for name in ("id", *REFERENCE_COLUMNS)]
    is_reference = FilteredRelation("contact_persons", condition=Q(contact_persons__is_reference=True))
    found = Customer.objects.filter(among("id", customers)).order_by().annotate(**{REFERENCE: is_reference})
    for pk, *row in found.values_list("id", *columns, *named):
        old, person_id, former = row[: len(columns)], row[len(columns)], row[len(columns) + 1 :]
        new = customers[pk]
        if fields := different(columns, old, [new[place] for place in places]):
            yield pk, CUSTOMER.label, pk, name_of(*new[1:3]), Change.What.CHANGED, fields
        person = people.get(pk)
        if person is None or (person_id and not is_overwritten):
            continue
        if fields := different(REFERENCE_COLUMNS, former, person[2:]):
            what = Change.What.CHANGED if person_id else Change.What.ADDED
            yield pk, REFERENCE_PERSON.label, person_id or person[0], name_of(*person[2:4]), what, fields


def events_of_people(people: Mapping[UUID, Row]) -> Iterator[Event]:
    """Of books that keep people as records of their own. One statement, or none."""
    if not people:
        return
    for pk, *old in ContactPerson.objects.filter(among("id", people)).order_by().values_list("id", *PERSON.columns):
        _pk, customer, *new = people[pk]
        if fields := different(PERSON.columns[1:], old[1:], new):
            yield customer, PERSON.label, pk, name_of(*new[:2]), Change.What.CHANGED, fields


def lost_values(label: str, lost: Mapping[UUID, tuple[str, Mapping[str, Sequence[str]]]]) -> list[Row]:
    """Rows of the history for values of the books that gave way to newer ones of ours; of customers alone."""
    if label != CUSTOMER.label:
        return []
    ids, decided = new_ids(), Change.What.DECIDED
    return [
        (next(ids), pk, label, pk, name[:200], decided, msgspec.json.encode(fields).decode())
        for pk, (name, fields) in lost.items()
        if fields
    ]


def present(rows: Rows, target: Target) -> dict[UUID, Row]:
    """The target's rows that exist already: new ids are texts of ours, those of the database are not."""
    return {row[0]: row for row in rows.get(target, ()) if isinstance(row[0], UUID)}


def different(names: Sequence[str], old: Row, new: Row) -> str:
    """The fields that differ, as the history keeps them; empty when none does."""
    if list(old) == list(new):
        return ""
    pairs = {name: [told(a), told(b)] for name, a, b in zip(names, old, new, strict=True) if a != b}
    fields = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return msgspec.json.encode(fields).decode() if fields else ""


def name_of(*parts: str) -> str:
    return " ".join(part for part in parts if part)[:200]
