"""Carries a repair out, for one case or for all alike, and lets go what waited for it. Nothing else is retried."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounting.types import Problem
from fieldwork.models import User
from integrations.exports import CHANGES, Record
from integrations.models import Case, Connection, Operation
from integrations.repairing.repair import Repair
from integrations.sending.changing import change_of
from integrations.sending.outcomes import PRECONDITIONS, Blocked
from integrations.sending.preconditions import Surroundings, check, read_surroundings
from integrations.sending.preparing import may_go_on, records_of
from integrations.trouble.reporting import close_cases_of, finding_of, subject_for, tell
from integrations.wording import fill_in

AT_ONCE = 200


@dataclass(frozen=True, kw_only=True)
class Result:
    """How many of the cases are closed now, how many are not, and how many writes go next."""

    closed: int
    still_open: int
    released: int


def repair_one(case: Case, repair: Repair, decision: str, *, by: User | None) -> Result:
    """The case repaired, and everything let go that waited for the same. Raises ValidationError, and then nothing
    is saved, when the decision does not repair it."""
    with transaction.atomic():
        repair.save(case, decision, by)
        refuse_what_does_not_hold(case)
        return let_go([case, *companions(case)], by=by)


def repair_alike(cases: Sequence[Case], repair: Repair, decision: str, *, by: User | None) -> Result:
    """The first case and with it all others, each let go once. Raises ValidationError, and then nothing is saved,
    when the decision does not even repair the first."""
    first, *others = cases
    with transaction.atomic():
        repair.save(first, decision, by)
        refuse_what_does_not_hold(first)
        for case in () if repair.once else others:
            save_if_possible(case, repair, decision, by=by)
        return let_go({case.pk: case for case in [*cases, *companions(first)]}.values(), by=by)


def repair_all(
    cases: Sequence[Case], repair: Repair, decision: str, *, by: User | None, asked_by: User | None
) -> Result:
    """The same decision for each of these; one that it does not repair stays open and says why.

    `by` made the decision, and `asked_by` asks right now that they are sent: a rule decides, and asks for nothing.
    """
    with transaction.atomic():
        for case in cases[:1] if repair.once else cases:
            save_if_possible(case, repair, decision, by=by)
        return let_go(cases, by=asked_by)


def save_if_possible(case: Case, repair: Repair, decision: str, *, by: User | None) -> bool:
    try:
        with transaction.atomic():
            repair.save(case, decision, by)
    except ValidationError:
        return False
    return True


def alike_to(case: Case, repair: Repair) -> list[Case]:
    """Every open case that the same decision repairs, this one first. Empty when each is decided by itself."""
    if not (mark := repair.alike([case])) or case.pk not in mark:
        return []
    same_code = open_cases_like(case.connection, case.code).exclude(pk=case.pk)
    cases = [case, *(each for each in same_code if repair.fits(each))]
    marks = repair.alike(cases)
    return [each for each in cases if marks.get(each.pk) == mark[case.pk]]


def open_cases_like(connection: Connection, code: str) -> QuerySet[Case]:
    found = Case.objects.filter(connection=connection, code=code, state=Case.State.OPEN)
    return found.select_related("connection", "operation", "organization").order_by("first_seen_at", "pk")


def companions(case: Case) -> list[Case]:
    """Other cases that the very same record is the reason for."""
    if not case.part:
        return []
    same = open_cases_like(case.connection, case.code).filter(part=case.part, where=case.where, field=case.field)
    return list(same.exclude(pk=case.pk))


# --- does it hold? --------------------------------------------------------------


def refuse_what_does_not_hold(case: Case) -> None:
    """Raises ValidationError with what the rules say of the new value, so that it stands beside the field."""
    operation = Operation.objects.filter(cases=case, state__in=Operation.NEEDS_PERSON).first()
    if operation is None:
        return
    others = Case.objects.filter(operation=operation, state=Case.State.OPEN).exclude(pk=case.pk)
    known = set(others.values_list("code", "field", "part"))
    for problem in problems_left(case.connection, operation):
        is_same = (problem.where, problem.field, problem.local_id) == (case.where, case.field, case.part)
        is_new = problem.where == case.where and identity(problem) not in known
        if is_same or is_new:
            raise ValidationError(fill_in(problem.sentence, problem.values))


def identity(problem: Problem) -> tuple[str, str, str]:
    return problem.code, problem.field, problem.local_id


def problems_left(connection: Connection, operation: Operation) -> Sequence[Problem]:
    records = records_of([operation])
    around = read_surroundings(connection, [operation], records.values())
    return problems_of(operation, records.get(operation.local_id), around)


def problems_of(operation: Operation, record: Record | None, around: Surroundings) -> Sequence[Problem]:
    """What stands in its way now. Of a record that is gone nothing can be said: the next turn says it."""
    if operation.kind in CHANGES:
        return problems_of_change(around.connection, operation)
    if record is None or may_go_on(operation, record, around):
        return []
    return check(operation, record, around).problems


def problems_of_change(connection: Connection, operation: Operation) -> Sequence[Problem]:
    try:
        change_of(connection, operation)
    except Blocked as blocked:
        return blocked.problems
    return []


# --- on again -------------------------------------------------------------------


def let_go(cases: Collection[Case], *, by: User | None) -> Result:
    """The writes of these cases go again where nothing is left in their way; what is left is told."""
    released = sum(
        go_again(connection, portion, by=by)
        for connection, group in by_connection(cases)
        for portion in portions(waiting_for(group))
    )
    still = Case.objects.filter(pk__in=[case.pk for case in cases], state=Case.State.OPEN).count()
    return Result(closed=len(cases) - still, still_open=still, released=released)


def by_connection(cases: Iterable[Case]) -> Iterator[tuple[Connection, list[Case]]]:
    for _pk, group in groupby(sorted(cases, key=lambda case: case.connection_id), key=lambda case: case.connection_id):
        found = list(group)
        yield found[0].connection, found


def waiting_for(cases: Iterable[Case]) -> list[Operation]:
    """What stopped because of these, each once."""
    pks = {case.operation_id for case in cases if case.operation_id}
    return list(Operation.objects.filter(pk__in=pks, state__in=Operation.NEEDS_PERSON).order_by("created_at", "pk"))


def portions(operations: Sequence[Operation]) -> Iterator[Sequence[Operation]]:
    return (operations[start : start + AT_ONCE] for start in range(0, len(operations), AT_ONCE))


def go_again(connection: Connection, operations: Sequence[Operation], *, by: User | None) -> int:
    """How many go next. What has preconditions left keeps waiting, with just those in the inbox."""
    records = records_of(operations)
    around = read_surroundings(connection, operations, records.values())
    going = [each for each in operations if not still_stopped(each, records.get(each.local_id), around)]
    now = timezone.now()
    pks = [each.pk for each in going]
    with_what_they_need = [*pks, *needed_by(pks)]
    asked = {"asked_by": by} if by else {}
    Operation.objects.filter(pk__in=with_what_they_need).requeue(now, **asked)
    for each in going:
        if each.problem_code == PRECONDITIONS:
            close_cases_of(each)
    return len(going)


def try_again(pks: Sequence[UUID], *, by: User) -> int:
    """How many of these get another turn, whatever stopped them; what they need gets one as well."""
    now = timezone.now()
    number = Operation.objects.filter(pk__in=pks).requeue(now, asked_by=by)
    Operation.objects.filter(pk__in=needed_by(pks)).requeue(now, asked_by=by)
    return number


def needed_by(pks: Sequence[UUID]) -> list[UUID]:
    """What these depend on and that stopped as well."""
    needed = Operation.objects.filter(dependents__in=pks, state__in=Operation.NEEDS_PERSON)
    return list(needed.values_list("pk", flat=True))


def still_stopped(operation: Operation, record: Record | None, around: Surroundings) -> bool:
    """Whether some precondition is left; then the inbox says just what. Refusals and faults are tried again."""
    if operation.problem_code != PRECONDITIONS:
        return False
    problems = problems_of(operation, record, around)
    if not problems:
        return False
    connection = around.connection
    found = [(subject_for(connection, operation, problem), finding_of(problem)) for problem in problems]
    tell(connection, operation, found)
    Operation.objects.filter(pk=operation.pk).update(problem="; ".join(str(problem) for problem in problems))
    return True
