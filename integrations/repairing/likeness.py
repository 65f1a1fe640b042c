"""How many open cases there are, and how many each decision on a page would repair: the number on the button."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from fieldwork.models import Organization
from integrations.exports import SALES
from integrations.models import Case
from integrations.repairing.deciding import EXCLUDE, UNSENT
from integrations.repairing.declared import repair_for
from integrations.repairing.repair import Repair, for_all_of_the_kind, for_nobody_else

Row = dict[str, Any]
Key = tuple[str, UUID]
Place = tuple[UUID, str]


def numbers_of(firm: Organization) -> list[Row]:
    """How many open cases there are, by kind, connection and sort of record, and of how many the work order can still
    be left out. One statement."""
    may_be_left_out = Q(subject_kind="work_order", operation__state__in=UNSENT, operation__kind__in=SALES)
    rows = Case.objects.filter(organization=firm, state=Case.State.OPEN).order_by()
    counted = rows.values("code", "connection", "connection__provider", "subject_kind").annotate(
        number=Count("pk"), unsent=Count("pk", filter=may_be_left_out)
    )
    return [dict(row) for row in counted]


def counts_alike(cases: Sequence[Case], numbers: Iterable[Row]) -> dict[Key, int]:
    """By repair and case. No statement for decisions about a whole kind, whose `numbers` are known; else one, and one
    more where units are asked for."""
    whole, unsent = totals(numbers, "number"), totals(numbers, "unsent")
    found: dict[Key, int] = {
        (EXCLUDE.key, case.pk): unsent[case.connection_id, case.code] for case in cases if EXCLUDE.fits(case)
    }
    asked: defaultdict[Place, list[Case]] = defaultdict(list)
    for case in cases:
        repair = repair_for(case)
        if repair is None or repair.alike is for_nobody_else:
            continue
        if repair.alike is for_all_of_the_kind:
            found[repair.key, case.pk] = whole[case.connection_id, case.code]
        else:
            asked[case.connection_id, case.code].append(case)
    by_place = open_by_place(asked)
    for place, group in asked.items():
        found |= counted(group, by_place.get(place, ()))
    return found


def totals(numbers: Iterable[Row], column: str) -> Mapping[Place, int]:
    found: Counter[Place] = Counter()
    for row in numbers:
        found[row["connection"], row["code"]] += row[column]
    return found


def open_by_place(places: Iterable[Place]) -> Mapping[Place, list[Case]]:
    """The open cases of these connections and codes, with what tells them apart."""
    connections, codes = {connection for connection, _code in places}, {code for _connection, code in places}
    found: defaultdict[Place, list[Case]] = defaultdict(list)
    if not codes:
        return found
    rows = Case.objects.filter(connection__in=connections, code__in=codes, state=Case.State.OPEN)
    columns = ("code", "connection", "subject_kind", "subject_id", "where", "field", "part", "values", "operation")
    for case in rows.only(*columns):
        found[case.connection_id, case.code].append(case)
    return found


def counted(group: Sequence[Case], every: Sequence[Case]) -> dict[Key, int]:
    """Of one connection and code, so that the same repair fits all of them."""
    repair = fitting(group)
    marks = repair.alike([case for case in every if repair.fits(case)])
    times = Counter(marks.values())
    return {(repair.key, case.pk): times[marks[case.pk]] for case in group if case.pk in marks}


def fitting(group: Sequence[Case]) -> Repair:
    repair = repair_for(group[0])
    assert repair is not None
    return repair
