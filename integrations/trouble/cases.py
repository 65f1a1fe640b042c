"""The inbox's two doors: a problem opens a case, its repair closes it.

A problem that is seen again counts up the open case instead of opening another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from integrations.models import Case, Connection, Operation
from integrations.wording import harmless

LONGEST_LABEL, LONGEST_VALUE, LONGEST_DETAIL, LONGEST_ERROR_ID, LONGEST_SEARCHED = 300, 1000, 5000, 100, 4000
# What a problem that is seen again may say differently.
TOLD = ("sentence", "values", "detail", "error_id", "found_by")


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """Whom a case is about: one of our records, or a remote one that could not be read."""

    kind: str
    id: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One problem of one record, ready for the inbox. `sentence` has named places for `values`.

    `part` is the id of the line, article or customer to repair, when that is not the record itself.
    """

    code: str
    sentence: str
    values: Mapping[str, str] = field(default_factory=dict)
    where: str = ""
    field: str = ""
    part: str = ""
    detail: str = ""
    error_id: str = ""


def open_cases(
    connection: Connection, found: Sequence[tuple[Subject, Finding]], *, operation: Operation | None = None
) -> None:
    """Each finding as an open case; those open already are counted up, and what a person has seen and left as it is
    stays closed while it says the same. Two statements for any number.

    `operation` is the write that waits for the repair: it can be retried from the case.
    """
    if not found:
        return
    rows = [new_case(connection, subject, finding, operation) for subject, finding in found]
    former = Case.objects.filter(
        Q(state=Case.State.OPEN) | Q(accepted_at__isnull=False),
        connection=connection,
        subject_id__in={row.subject_id for row in rows},
        code__in={row.code for row in rows},
    )
    already = list(former.order_by("accepted_at"))
    known = {identity(case): case for case in already if case.state == Case.State.OPEN}
    accepted = {identity(case): case.values for case in already if case.accepted_at}
    fresh: dict[tuple[str, ...], Case] = {}
    seen: list[Case] = []
    for row in rows:
        key = identity(row)
        if key not in known:
            if accepted.get(key) != row.values:
                fresh[key] = row
            continue
        case = known[key]
        for name in TOLD:
            setattr(case, name, getattr(row, name))
        case.operation = operation
        case.times += 1
        case.last_seen_at = timezone.now()
        seen.append(case)
    Case.objects.bulk_create(fresh.values(), ignore_conflicts=True)
    Case.objects.bulk_update(seen, [*TOLD, "operation", "times", "last_seen_at"])


def new_case(connection: Connection, subject: Subject, finding: Finding, operation: Operation | None) -> Case:
    """Not saved. Names and values may come from anywhere: what no page can show is made visible, and nothing is
    longer than somebody would read."""
    label = harmless(subject.label, LONGEST_LABEL)
    values = {name: kept(value) for name, value in finding.values.items()}
    detail = harmless(finding.detail, LONGEST_DETAIL)
    return Case(
        organization_id=connection.organization_id,
        connection=connection,
        subject_kind=subject.kind,
        subject_id=subject.id,
        subject_label=label,
        code=finding.code,
        sentence=finding.sentence,
        values=values,
        where=finding.where,
        field=finding.field,
        part=finding.part,
        operation=operation,
        detail=detail,
        error_id=harmless(finding.error_id, LONGEST_ERROR_ID),
        found_by=" ".join([label, *values.values(), detail, finding.error_id])[:LONGEST_SEARCHED],
    )


def kept(value: str) -> str:
    """A value as an entry keeps it."""
    return harmless(str(value), LONGEST_VALUE)


def identity(case: Case) -> tuple[str, ...]:
    """What makes an open case the only one of its connection."""
    return case.code, case.subject_kind, case.subject_id, case.field, case.part


def close_cases(
    connection: Connection, *, subject: tuple[str, Iterable[str]], keep: Iterable[str] = (), codes: Iterable[str] = ()
) -> int:
    """How many open cases of these records were closed; `keep` names codes that stay, `codes` narrows."""
    kind, ids = subject
    cases = Case.objects.filter(
        connection=connection, state=Case.State.OPEN, subject_kind=kind, subject_id__in=list(ids)
    ).exclude(code__in=list(keep))
    codes = list(codes)
    if codes:
        cases = cases.filter(code__in=codes)
    return cases.update(state=Case.State.CLOSED, closed_at=timezone.now())
