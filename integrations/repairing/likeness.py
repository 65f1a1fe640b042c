"""How many open cases each decision on a page would repair, so that the number stands on the button."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from uuid import UUID

from integrations.models import Case
from integrations.repairing.deciding import EXCLUDE
from integrations.repairing.declared import REPAIRS, repair_for
from integrations.repairing.repair import for_nobody_else

Key = tuple[str, UUID]


def counts_alike(cases: Iterable[Case]) -> dict[Key, int]:
    """By repair and case. One statement, and one more where units are asked for."""
    asked: defaultdict[str, list[Case]] = defaultdict(list)
    for case in cases:
        for repair in (repair_for(case), EXCLUDE if EXCLUDE.fits(case) else None):
            if repair is not None and repair.alike is not for_nobody_else:
                asked[repair.key].append(case)
    codes = {case.code for group in asked.values() for case in group}
    if not codes:
        return {}
    by_code = open_by_code({case.organization_id for group in asked.values() for case in group}, codes)
    found: dict[Key, int] = {}
    for key, group in asked.items():
        found |= {(key, pk): count for pk, count in counted(key, group, by_code).items()}
    return found


ByCode = Mapping[tuple[UUID, str], list[Case]]


def open_by_code(organizations: set[UUID], codes: set[str]) -> ByCode:
    """The open cases by connection and code: what tells them apart, and the state of their writes."""
    rows = Case.objects.filter(organization__in=organizations, code__in=codes, state=Case.State.OPEN)
    columns = ("code", "connection", "subject_kind", "subject_id", "where", "field", "part", "values", "operation")
    found: defaultdict[tuple[UUID, str], list[Case]] = defaultdict(list)
    for case in rows.select_related("operation").only(*columns, "operation__state", "operation__kind"):
        found[case.connection_id, case.code].append(case)
    return found


def counted(key: str, group: Iterable[Case], by_code: ByCode) -> dict[UUID, int]:
    repair = REPAIRS[key]
    found: dict[UUID, int] = {}
    for place in {(case.connection_id, case.code) for case in group}:
        marks = repair.alike([case for case in by_code.get(place, ()) if repair.fits(case)])
        times = Counter(marks.values())
        found |= {pk: times[mark] for pk, mark in marks.items()}
    return {case.pk: found[case.pk] for case in group if case.pk in found}
