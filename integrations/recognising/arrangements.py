"""What is arranged for the documents of one connection, all of it in one statement: the owner's answers and value maps,
the licence, and the terms of payment, units and codings that the books offer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, F, QuerySet, TextField, Value, When
from django.db.models.functions import Cast
from django.utils import timezone

from accounting.models import ArticleCoding, TermsOfPayment, Unit
from integrations.models import Answer, Connection, Licence, ValueMap

COLUMNS = ("what", "ours", "theirs", "label", "more")


@dataclass(frozen=True, kw_only=True)
class Arrangements:
    """`answers` are by question and in the provider's order; `gone_answers` hold how those were called that the books
    no longer offer. `values` are by kind, then by our word in lower case. `terms` are names by remote id."""

    answers: Mapping[str, str]
    gone_answers: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    terms: Mapping[str, str]
    units: Sequence[Unit]
    codings: Sequence[ArticleCoding]
    licensed: bool


def read_arrangements(connection: Connection) -> Arrangements:
    """One statement."""
    first, *others = parts_of(connection)
    told: defaultdict[str, list[tuple[str, str, str, str]]] = defaultdict(list)
    for what, *row in first.union(*others, all=True):
        ours, theirs, label, more = (value or "" for value in row)
        told[what].append((ours, theirs, label, more))
    places = {question.key: place for place, question in enumerate(connection.ledger_provider.questions)}
    answers = sorted(told["answer"], key=lambda row: (places.get(row[0], len(places)), row[0]))
    return Arrangements(
        answers={question: value for question, value, _label, _gone in answers},
        gone_answers={question: label or value for question, value, label, gone in answers if gone},
        values=by_kind(told["value"]),
        terms={remote_id: name for name, remote_id, *_rest in sorted(told["terms"])},
        units=[
            Unit(name=name, remote_id=remote_id, abbreviation=short, words=words)
            for name, remote_id, short, words in sorted(told["unit"])
        ],
        codings=[
            ArticleCoding(
                name=name, remote_id=remote_id, is_service=bool(service), vat_percent=Decimal(vat) if vat else None
            )
            for name, remote_id, service, vat in sorted(told["coding"])
        ],
        licensed=bool(told["licence"]),
    )


def by_kind(rows: Sequence[tuple[str, str, str, str]]) -> dict[str, dict[str, str]]:
    maps: dict[str, dict[str, str]] = {kind: {} for kind in ValueMap.Kind.values}
    for ours, theirs, kind, _none in rows:
        maps.setdefault(kind, {})[ours.strip().lower()] = theirs
    return maps


# --- the statement --------------------------------------------------------------


def parts_of(connection: Connection) -> Iterator[QuerySet[Any, Any]]:
    """Its parts, each with the same columns."""
    here, there = {"connection": connection}, {"books": connection.books_id, "active": True}
    licences = Licence.objects.active(timezone.localdate()).filter(
        organization=connection.organization_id, provider=connection.provider
    )
    gone, names = mark(gone_at__isnull=False), {"ours": F("name"), "theirs": F("remote_id")}
    answers, maps = Answer.objects.filter(**here), ValueMap.objects.filter(**here)
    terms, units = TermsOfPayment.objects.filter(for_sales=True, **there), Unit.objects.filter(**there)
    codings, service = ArticleCoding.objects.filter(**there), mark(is_service=True)
    yield columns(answers, "answer", ours=F("question"), theirs=F("value"), label=F("label"), more=gone)
    yield columns(maps, "value", ours=F("ours"), theirs=F("theirs"), label=F("kind"))
    yield columns(terms, "terms", **names)
    yield columns(units, "unit", **names, label=F("abbreviation"), more=F("words"))
    yield columns(codings, "coding", **names, label=service, more=F("vat_percent"))
    yield columns(licences, "licence")


def columns(rows: QuerySet[Any, Any], what: str, **told: Any) -> QuerySet[Any, Any]:
    """What is not told is empty, and everything is a text."""
    texts = {f"told_{name}": Cast(told.get(name, Value("")), TextField()) for name in COLUMNS[1:]}
    named = rows.order_by().annotate(told_what=Cast(Value(what), TextField()), **texts)
    return named.values_list(*(f"told_{name}" for name in COLUMNS))


def mark(**condition: Any) -> Case:
    """Something where the condition holds, else nothing."""
    return Case(When(**condition, then=Value("1")), default=Value(""), output_field=CharField())
