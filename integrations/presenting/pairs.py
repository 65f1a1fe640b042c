"""Who is who, as a page shows it: ours beside theirs, with what speaks for it and against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext_lazy

from integrations.linking.kept import MOST_CANDIDATES, kept_pairing
from integrations.linking.pairs import Both, Few, both_sides
from integrations.models import Connection, PairingRow
from integrations.recognising.facts import LABELS
from integrations.recognising.pairing import ArticleFacts, Comparable, Facts, Grade, Pair, Reason

PAGE_SIZE = 50
GROUPS = {"certain": gettext_lazy("Certain"), "likely": gettext_lazy("Likely"), "none": gettext_lazy("Nobody found")}
# What a pair must be to stand in a group; whom nobody looks like stands there alone.
LEAST = {"certain": Grade.CERTAIN, "likely": Grade.LIKELY, "none": Grade.NONE}
PAGES = {
    "customer": "fieldwork:customer_detail",
    "material": "fieldwork:material_edit",
    "hourtype": "fieldwork:hour_type_edit",
}


@dataclass(frozen=True, kw_only=True)
class Side:
    """A record as one recognises it: its number and name, and a line of what else is known."""

    name: str
    details: str


@dataclass(frozen=True, kw_only=True)
class Candidate:
    value: str
    side: Side
    reasons: Sequence[Reason]
    is_linked: bool


@dataclass(frozen=True, kw_only=True)
class Row:
    """One of ours and whom it may be in the books."""

    key: str
    page: str
    side: Side
    candidates: Sequence[Candidate]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A page of one group. `counts` are by group; `is_old` when a newer comparison is on its way: what is shown holds,
    but others may be missing."""

    group: str
    counts: Mapping[str, int]
    page: Page[Any]
    rows: Sequence[Row]
    nothing_known: bool = False
    is_old: bool = False


def sheet_of(connection: Connection, kind: str, *, group: str | None, text: str, number: str | None) -> Sheet:
    """The wanted group, else the first that has somebody. Nobody is shown beside whom he no longer looks like."""
    kept = kept_pairing(connection, kind)
    if kept is None:
        return sheet_of_all(both_sides(connection, kind), group, text, number)
    pairing = kept.pairing
    counts = dict(zip(GROUPS, (pairing.certain, pairing.likely, pairing.nobody), strict=True))
    chosen = chosen_of(group, counts)
    found = pairing.rows.filter(group=chosen)
    for word in text.casefold().split():
        found = found.filter(words__contains=word)
    paginator = Paginator(found, PAGE_SIZE)
    if not text:
        paginator.count = counts[chosen]
    page = paginator.get_page(number)
    rows = list(rows_that_hold(connection, kind, list(page)))
    known = {"nothing_known": kept.nothing_known, "is_old": not kept.is_fresh}
    return Sheet(group=chosen, counts=counts, page=page, rows=rows, **known)


def rows_that_hold(connection: Connection, kind: str, kept: Sequence[PairingRow]) -> Iterator[Row]:
    """Compared by themselves as they are now."""
    shown = {str(each.local_id): each.remote_ids[:MOST_CANDIDATES] for each in kept}
    ids = frozenset(each.local_id for each in kept)
    both = both_sides(connection, kind, Few(ours=ids, theirs=frozenset(chain.from_iterable(shown.values()))))
    for row in kept:
        key = str(row.local_id)
        if key not in both.ours:
            continue
        pairs = both.pairs(key, shown[key])
        least = LEAST[row.group]
        if not least or (pairs and pairs[0].grade >= least):
            yield row_of(both, key, pairs if least else ())


def sheet_of_all(both: Both, group: str | None, text: str, number: str | None) -> Sheet:
    groups = {name: both.group(name) for name in GROUPS}
    counts = {name: len(rows) for name, rows in groups.items()}
    chosen = chosen_of(group, counts)
    page = Paginator(searched(both, groups[chosen], text), PAGE_SIZE).get_page(number)
    rows = [row_of(both, key, pairs) for key, pairs in page]
    return Sheet(group=chosen, counts=counts, page=page, rows=rows, nothing_known=not both.theirs)


def chosen_of(wanted: str | None, counts: Mapping[str, int]) -> str:
    if wanted in GROUPS:
        return str(wanted)
    return next((name for name in GROUPS if counts[name]), next(iter(GROUPS)))


def searched(both: Both, rows: Sequence[tuple[str, Sequence[Pair]]], text: str) -> list[tuple[str, Sequence[Pair]]]:
    """Those that have every word of the text in a name or number, of ours or of theirs."""
    words = text.casefold().split()

    def fits(key: str, pairs: Sequence[Pair]) -> bool:
        named = [both.local_label(key), *(both.remote_label(pair.theirs) for pair in pairs[:MOST_CANDIDATES])]
        names = "\n".join(named).casefold()
        return all(word in names for word in words)

    return [(key, pairs) for key, pairs in rows if fits(key, pairs)] if words else list(rows)


def row_of(both: Both, key: str, pairs: Sequence[Pair]) -> Row:
    model = LABELS[both.models[key]]._meta.model_name or ""
    return Row(
        key=key,
        page=PAGES[model],
        side=side_of(both.ours[key]),
        candidates=[
            Candidate(
                value=f"{key} {pair.theirs}",
                side=side_of(both.theirs[pair.theirs]),
                reasons=pair.reasons,
                is_linked=pair.theirs in both.holders,
            )
            for pair in pairs[:MOST_CANDIDATES]
        ],
    )


def side_of(facts: Comparable) -> Side:
    return Side(name=f"{facts.number} {facts.name}".strip(), details=" · ".join(filter(None, details_of(facts))))


def details_of(facts: Comparable) -> tuple[str, ...]:
    if isinstance(facts, ArticleFacts):
        return (f"EAN {facts.ean}" if facts.ean else "",)
    assert isinstance(facts, Facts)
    return facts.organisation_number or facts.vat_number, facts.email, facts.phone or facts.mobile, facts.postcode
