"""What the forms of a page of cases show, in one statement and without asking the books."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, QuerySet, TextField, Value
from django.db.models.functions import Cast

from accounting.models import TermsOfPayment, Unit
from accounting.types import Choice
from integrations.connecting.questions import choices_of, known_choices
from integrations.models import Case
from integrations.repairing.declared import repair_for
from integrations.repairing.fields import PLACES
from integrations.repairing.look_alikes import candidates_for
from integrations.repairing.repair import Offers, Place, Repair

Pairs = Sequence[tuple[Case, Repair]]
# By the repair that asks for it: a table of the books, and which of its rows.
TABLES: dict[str, tuple[Any, dict[str, Any]]] = {
    "terms": (TermsOfPayment, {"active": True, "for_sales": True}),
    "unit": (Unit, {"active": True}),
}
COLUMNS = ("asked", "record", "value")


def offers_for(cases: Iterable[Case], *, in_full: bool = False) -> Offers:
    """For these cases. `in_full` is for a single one: then the books are asked for choices that are not known, and
    look-alikes are searched."""
    pairs = [(case, repair) for case in cases if (repair := repair_for(case))]
    present: dict[Place, str] = {}
    tables: dict[str, defaultdict[UUID, list[tuple[str, str]]]] = {key: defaultdict(list) for key in TABLES}
    for asked, record, value in rows_of([*fields_asked(pairs), *tables_asked(pairs)]):
        place, _, name = asked.partition(":")
        if place in TABLES:
            tables[place][UUID(name)].append((record, value))
        else:
            # SQLite keeps ids without dashes.
            present[place, str(UUID(record)), name] = value or ""
    for each in tables.values():
        for choices in each.values():
            choices.sort(key=lambda choice: choice[1].casefold())
    return Offers(
        present=present,
        terms=tables["terms"],
        units=tables["unit"],
        answers=answers_for(pairs, ask_books=in_full),
        alike={case.pk: found for case, _repair in pairs if (found := candidates_for(case))} if in_full else {},
    )


def rows_of(parts: Sequence[QuerySet[Any]]) -> Iterable[tuple[str, str, str]]:
    """All of these in one statement."""
    if not parts:
        return []
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


def fields_asked(pairs: Pairs) -> Iterator[QuerySet[Any]]:
    """What stands in the fields that are to be typed."""
    by_field: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for case, repair in pairs:
        if place := repair.place(case):
            where, pk, name = place
            by_field[where, name].add(pk)
    for (where, name), ids in by_field.items():
        for model in PLACES[where][0]:
            rows = model._default_manager.filter(pk__in=ids).order_by()
            yield rows.annotate(
                asked=Value(f"{where}:{name}", CharField()),
                record=Cast(F("pk"), CharField()),
                value=Cast(F(name), TextField()),
            ).values_list(*COLUMNS)


def tables_asked(pairs: Pairs) -> Iterator[QuerySet[Any]]:
    """The reference data that something is to be chosen from."""
    for key, books in {(repair.key, case.connection.books_id) for case, repair in pairs if repair.key in TABLES}:
        table, narrowed = TABLES[key]
        rows = table.objects.filter(books=books, **narrowed).order_by()
        yield rows.annotate(
            asked=Value(f"{key}:{books}", CharField()),
            record=Cast(F("remote_id"), CharField()),
            value=Cast(F("name"), TextField()),
        ).values_list(*COLUMNS)


def answers_for(pairs: Pairs, *, ask_books: bool) -> dict[tuple[UUID, str], Sequence[Choice]]:
    found: dict[tuple[UUID, str], Sequence[Choice]] = {}
    by_connection = {case.connection_id: case.connection for case, repair in pairs if repair.key == "question"}
    for connection in by_connection.values():
        questions = [each.key for each in connection.ledger_provider.questions if each.has_choices]
        asked = [key for key in questions if any(case.field == key for case, _repair in pairs)]
        known = choices_of(connection, asked).by_question if ask_books else known_choices(connection)
        found |= {(connection.pk, question): choices for question, choices in known.items()}
    return found
