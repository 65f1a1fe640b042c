"""What keeps a record of the books out, or lets it in with a reservation: a finding for each, with the way out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import gt, itemgetter
from typing import Any, NamedTuple

from django.db.models import CharField
from django.utils.translation import gettext_noop

from accounting.types import ArticleRecord, CustomerRecord, Record, Rejected
from integrations.placing.matching import Candidate
from integrations.placing.records import Placed
from integrations.placing.upsert import Target
from integrations.recognising.facts import told
from integrations.recognising.pairing import Pair
from integrations.recognising.unlinked import Unlinked
from integrations.trouble.cases import Finding

MOST_NAMED, MOST_KEPT = 5, 20


class Check(NamedTuple):
    """Where a target's row has its number, and which of its texts have a limit."""

    number: int | None
    may_lack_number: bool
    places: tuple[int, ...]
    limits: tuple[int, ...]
    texts: Callable[[Sequence[Any]], Sequence[str]]


@lru_cache(maxsize=64)
def check_of(target: Target) -> Check:
    numbered = "number" in target.columns
    fields = [target.field(name) for name in target.columns]
    limited = [n for n, each in enumerate(fields) if isinstance(each, CharField) and each.max_length]
    return Check(
        number=target.columns.index("number") if numbered else None,
        may_lack_number=numbered and target.field("number").blank,
        places=tuple(limited),
        limits=tuple(fields[place].max_length or 0 for place in limited),
        texts=itemgetter(*limited, limited[-1]),  # with at least two places it always gives a tuple
    )


def too_long(placed: Placed) -> Finding | None:
    """The first text that does not fit into its column: it is not cut, it is asked about."""
    for target, values in ((placed.target, placed.values), *placed.children):
        check = check_of(target)
        if any(map(gt, map(len, check.texts(values)), check.limits)):
            place, limit = next(
                (place, limit)
                for place, limit in zip(check.places, check.limits, strict=True)
                if len(values[place]) > limit
            )
            return text_too_long(target, target.columns[place], values[place], limit)
    return None


def text_too_long(target: Target, column: str, text: str, limit: int) -> Finding:
    return Finding(
        code="too_long",
        sentence=gettext_noop(
            "“%(text)s” is too long for the field %(field)s, which holds %(limit)s characters. "
            "Shorten it in the accounting system."
        ),
        values={
            "field": str(target.field(column).verbose_name),
            "limit": str(limit),
            "text": f"{text[:60]}…",
        },
        where="books",
        field=column,
    )


def number_taken(record: Record, number: str, holder: str, *, comes: bool) -> Finding:
    without = gettext_noop(
        "%(name)s came without the number %(number)s, because %(other)s has it already. Change one of the two numbers."
    )
    left_out = gettext_noop(
        "%(name)s was left out: the number %(number)s belongs to %(other)s. Change one of the two numbers."
    )
    return Finding(
        code="number_taken",
        sentence=without if comes else left_out,
        values={"name": name_of(record), "number": number, "other": holder},
        where="books",
        field="number",
    )


def look_alike(record: Record, alike: Sequence[Candidate]) -> Finding:
    return question(record, {str(each.id): str(each) for each in alike})


def may_be_ours(record: Record, pairs: Sequence[Pair], unlinked: Unlinked) -> Finding:
    """None is recognised, and some of ours are too much alike to make another."""
    return question(record, {pair.theirs: unlinked.name_of(pair.theirs) for pair in pairs})


def question(record: Record, ours: Mapping[str, str]) -> Finding:
    """Who of ours it is. The facts are kept with the question, because there is no record of ours to hold them."""
    kept = told(record) if isinstance(record, CustomerRecord | ArticleRecord) else {}
    names = list(ours.values())[:MOST_NAMED]
    return Finding(
        code="look_alike",
        sentence=gettext_noop("%(name)s may be one of yours: %(others)s. Link the right one, or tell them apart."),
        values={**kept, "name": name_of(record), "others": ", ".join(names), "ours": " ".join(list(ours)[:MOST_KEPT])},
        where="link",
    )


def unreadable(rejected: Rejected) -> Finding:
    return Finding(
        code="unreadable",
        sentence=gettext_noop("This record could not be read. Correct it in the accounting system."),
        where="books",
        field=rejected.field,
        detail=rejected.sentence,
    )


def refused(error: Exception) -> Finding:
    """The database does not take it, whatever the reason."""
    return Finding(
        code="not_saved",
        sentence=gettext_noop("This record contradicts another one, or holds a value out of range. It was left out."),
        where="books",
        detail=str(error)[:500],
    )


def name_of(record: Record) -> str:
    return str(getattr(record, "name", ""))
