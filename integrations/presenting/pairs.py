"""Who is who, as a page shows it: ours beside theirs, with what speaks for it and against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from integrations.linking.pairs import Both
from integrations.recognising.facts import LABELS
from integrations.recognising.pairing import ArticleFacts, Comparable, Facts, Pair, Reason

MOST_CANDIDATES = 5
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


def rows_of(both: Both, group: str) -> list[tuple[str, Sequence[Pair]]]:
    """The keys of one group with their candidates, in the order of the names."""
    found = both.sorted
    if group == "certain":
        rows: list[tuple[str, Sequence[Pair]]] = [(pair.ours, [pair]) for pair in found.certain]
    elif group == "likely":
        rows = [(key, pairs[:MOST_CANDIDATES]) for key, pairs in found.likely.items()]
    else:
        rows = [(key, ()) for key in found.without]
    return sorted(rows, key=lambda row: (both.ours[row[0]].name.casefold(), row[0]))


def searched(both: Both, rows: Sequence[tuple[str, Sequence[Pair]]], text: str) -> list[tuple[str, Sequence[Pair]]]:
    """Those of whom ours or theirs has every word of the text in its name or number."""
    words = text.casefold().split()

    def fits(key: str, pairs: Sequence[Pair]) -> bool:
        named = [both.local_label(key), *(both.remote_label(pair.theirs) for pair in pairs)]
        return any(all(word in name.casefold() for word in words) for name in named)

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
            for pair in pairs
        ],
    )


def side_of(facts: Comparable) -> Side:
    return Side(name=f"{facts.number} {facts.name}".strip(), details=" · ".join(filter(None, details_of(facts))))


def details_of(facts: Comparable) -> tuple[str, ...]:
    if isinstance(facts, ArticleFacts):
        return (f"EAN {facts.ean}" if facts.ean else "",)
    assert isinstance(facts, Facts)
    return facts.organisation_number or facts.vat_number, facts.email, facts.phone or facts.mobile, facts.postcode
