"""How patient we are with one record that fails again and again, or that its workers die of.

A whole batch can fail because of one record in it. So what has failed a few times in a row, for the same reason,
is taken up alone: the next failure is surely its own. From then on it waits longer and longer, by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from accounting.errors import AccountingError
from accounting.types import Problem, gettext_noop
from integrations.models import Attempt, Case, Connection, Operation, Run
from integrations.trouble.cases import Finding, Subject
from integrations.trouble.reporting import SUBJECT_KINDS, own_subject

State = Operation.State
FAILS_OFTEN = 5
FIRST_REST, LONGEST_REST = timedelta(minutes=15), timedelta(hours=4)
# Workers that may die at the same step before it is given up.
DEATHS = 3

# One failure or death before it counts as the record's own.
ALONE = Q(failures__gte=FAILS_OFTEN - 1) | Q(deaths__gte=DEATHS - 1)

KEEPS_FAILING = "keeps_failing"
WORKER_DIED = "worker_died"
STREAM_GIVEN_UP = "stream_given_up"
KEEPS_FAILING_SENTENCE = gettext_noop(
    "%(provider)s fails with %(record)s again and again. It is tried by itself, more and more rarely; the others go on."
)
WORKER_DIED_SENTENCE = gettext_noop(
    "%(record)s was given up, because workers died of it %(deaths)s times. Look into the log, then try it again."
)
GIVEN_UP_SENTENCE = gettext_noop(
    "Reading %(stream)s was given up, because workers died at the same place %(deaths)s times. The others go on. "
    "Look into the log, then press “Sync now”."
)


# --- failures -------------------------------------------------------------------


def failed_again(operation: Operation, error: AccountingError) -> dict[str, Any]:
    """The operation's counters after this failure."""
    failure = f"{type(error).__name__} {error.status or ''}".strip()
    return {"failure": failure, "failures": operation.failures + 1 if failure == operation.failure else 1}


def rest_after(failures: int) -> timedelta | None:
    """How long what has failed so often is left alone; None while the usual pause will do."""
    if failures < FAILS_OFTEN:
        return None
    return min(FIRST_REST * 2 ** min(failures - FAILS_OFTEN, 10), LONGEST_REST)


def told_of(connection: Connection, operation: Operation, error: AccountingError, failures: int) -> Iterator[Any]:
    """What the inbox says once it fails often."""
    if failures < FAILS_OFTEN:
        return
    finding = Finding(
        code=KEEPS_FAILING,
        sentence=KEEPS_FAILING_SENTENCE,
        values={"record": operation.local_label, "provider": connection.label},
        where=SUBJECT_KINDS[operation.local_model],
        detail=error.sentence,
        error_id=error.error_id,
    )
    yield own_subject(operation), finding


def apart(operations: Iterable[Operation]) -> Iterator[list[Operation]]:
    """Those that may be looked for together, then each of the others alone."""
    together: list[Operation] = []
    alone: list[Operation] = []
    for each in operations:
        is_alone = each.failures >= FAILS_OFTEN - 1 or each.deaths >= DEATHS - 1
        (alone if is_alone else together).append(each)
    if together:
        yield together
    for each in alone:
        yield [each]


# --- deaths ---------------------------------------------------------------------


def count_deaths(left: QuerySet[Operation]) -> None:
    """Of what a dead worker `left`, that which it was at has one more death: what it was sending, else what it
    was looking for, else all that it had taken up. Counted before anything of it is touched again."""
    being_looked_for = Exists(Attempt.objects.filter(operation=OuterRef("pk"), ended_at=None))
    steps = (
        left.filter(state=State.SENDING),
        left.filter(being_looked_for, state__in=(State.CLAIMED, State.IN_DOUBT)),
        left.filter(state=State.CLAIMED),
    )
    for step in steps:
        if pks := list(step.values_list("pk", flat=True)):
            Operation.objects.filter(pk__in=pks).update(deaths=F("deaths") + 1)
            return


def is_deadly(operation: Operation) -> bool:
    return operation.deaths >= DEATHS


def deadly(operation: Operation) -> Problem:
    return Problem(
        code=WORKER_DIED,
        sentence=WORKER_DIED_SENTENCE,
        where=SUBJECT_KINDS[operation.local_model],
        values={"record": operation.local_label, "deaths": str(operation.deaths)},
    )


def stream_given_up(run: Run, label: str) -> tuple[Subject, Finding]:
    finding = Finding(
        code=STREAM_GIVEN_UP,
        sentence=GIVEN_UP_SENTENCE,
        values={"stream": label, "deaths": str(DEATHS)},
        where="connection",
    )
    return Subject(kind="stream", id=run.stream, label=label), finding


def streams_given_up(connection: Connection) -> set[str]:
    """Streams that are not read by themselves any more, until somebody asks for it."""
    cases = Case.objects.filter(connection=connection, code=STREAM_GIVEN_UP, state=Case.State.OPEN)
    return set(cases.values_list("subject_id", flat=True))
