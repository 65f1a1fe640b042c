"""What becomes of an operation when something goes wrong: the one table from error to next state.

Nothing else catches what sending can raise. `settling` holds back everything but the loss of the lease, so that
one bad record never stops the rest.
"""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounting.errors import (
    AccountingError,
    Conflict,
    NotAllowed,
    ReconnectNeeded,
    Refused,
    TryLater,
    Unclear,
    UnexpectedAnswer,
)
from accounting.types import Problem, gettext_noop
from integrations.models import Connection, Lease, LeaseLost, Operation
from integrations.sending.statuses import show_failure
from integrations.tokens import need_reconnect
from integrations.trouble.breaker import NotYet, leave_alone
from integrations.trouble.cases import Finding, Subject
from integrations.trouble.patience import failed_again, rest_after, told_of
from integrations.trouble.reporting import (
    SUBJECT_KINDS,
    connection_subject,
    end_attempt,
    finding_of,
    own_subject,
    subject_for,
    tell,
)

log = logging.getLogger(__name__)

State = Operation.State
CONFLICTS = 3
CLAIMS_PER_TURN = 3
LONGEST_TURN = timedelta(minutes=4)
FIRST_LOOK = timedelta(seconds=30)
SHORTEST_WAIT_S, LONGEST_WAIT_S, BASE_WAIT_S = 1.0, 900.0, 2.0

IN_OUR_HANDS = (State.CLAIMED, State.SENDING, State.IN_DOUBT)

# Why an operation stopped. Only the first goes on by itself, once the preconditions hold.
PRECONDITIONS = "preconditions"
NOT_ALLOWED = "not_allowed"
REFUSED = "refused"
CONFLICT = "conflict"
FAULT = "fault"
FOUND = "found"  # something in the books that we cannot tell is ours


class Blocked(Exception):
    """A person must choose, link, map or confirm before this can be sent. All problems at once."""

    def __init__(self, problems: Sequence[Problem], *, code: str = PRECONDITIONS) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = problems
        self.code = code


@dataclass(kw_only=True)
class Turn:
    """A worker's pass over one connection's outbox, under one lease. `stopped`: nothing more is to be asked.

    `claims` counts how often each operation was taken up, so that none can keep the worker busy for ever.
    """

    connection: Connection
    lease: Lease
    started_at: datetime = field(default_factory=timezone.now)
    stopped: bool = False
    claims: Counter[UUID] = field(default_factory=Counter)

    @property
    def fence(self) -> int:
        return self.lease.fence

    @property
    def is_over(self) -> bool:
        return self.stopped or timezone.now() - self.started_at > LONGEST_TURN

    @property
    def worn_out(self) -> list[UUID]:
        """Operations that this turn has taken up often enough."""
        return [pk for pk, times in self.claims.items() if times >= CLAIMS_PER_TURN]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The operation's next state, and what the inbox says about it."""

    state: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    found: Sequence[tuple[Subject, Finding]] = ()
    problem: str = ""
    code: str = ""


@contextmanager
def settling(turn: Turn, *operations: Operation) -> Iterator[None]:
    """Whatever is raised inside becomes the next state of those of `operations` that are in our hands.

    Raises only LeaseLost: then they are another worker's, and nothing is written.
    """
    try:
        yield
    except LeaseLost:
        raise
    except Exception as error:  # the one place: a bug in one record must not stop the others
        for operation in operations:
            settle(turn, operation, error)
        settle_connection(turn, error)


# --- the operation --------------------------------------------------------------


def settle(turn: Turn, operation: Operation, error: Exception) -> None:
    """Moves the operation to where `error` leads. One that is done stays done: only what followed went wrong."""
    if not isinstance(error, AccountingError | Blocked):
        log.error("Operation %s met a fault of ours.", operation.pk, exc_info=error)
    if isinstance(error, UnexpectedAnswer):
        log.warning("Operation %s got an answer against the documentation: %s", operation.pk, error)
    if operation.state not in IN_OUR_HANDS:
        return
    if operation.state == State.IN_DOUBT and not isinstance(error, Blocked):
        postpone(operation, error)
        return
    outcome = outcome_of(turn, operation, error)
    with transaction.atomic():
        operation.move(
            outcome.state,
            fence=turn.fence,
            problem=outcome.problem or evidence_of(error)["sentence"],
            problem_code=outcome.code,
            **outcome.changes,
        )
        end_attempt(operation, outcome=type(error).__name__, **evidence_of(error))
        if outcome.state in Operation.NEEDS_PERSON:
            show_failure(operation)
        if outcome.found or outcome.state in Operation.NEEDS_PERSON:
            tell(turn.connection, operation, outcome.found)


def postpone(operation: Operation, error: Exception) -> None:
    """Stays in doubt and is looked for again: a look that failed says nothing."""
    after = error.after if isinstance(error, TryLater) else None
    counted = failed_again(operation, error) if isinstance(error, AccountingError) and not after else {}
    pause = after or rest_after(counted.get("failures", 0)) or backoff(operation.looks + 1)
    mine = Operation.objects.filter(pk=operation.pk, state=State.IN_DOUBT, fence=operation.fence)
    mine.update(due_at=timezone.now() + pause, **counted)
    end_attempt(operation, outcome=type(error).__name__, **evidence_of(error))


def outcome_of(turn: Turn, operation: Operation, error: Exception) -> Outcome:
    decide = next((decide for kinds, decide in table(operation) if isinstance(error, kinds)), fail)
    return decide(turn, operation, error)


Decide = Callable[[Turn, Operation, Any], Outcome]


def table(operation: Operation) -> Sequence[tuple[type | tuple[type, ...], Decide]]:
    """From error to decision, first match first. While looking nothing can have been carried out."""
    looking: Sequence[tuple[type | tuple[type, ...], Decide]] = [(AccountingError, wait)]
    sending: Sequence[tuple[type | tuple[type, ...], Decide]] = [
        ((Unclear, UnexpectedAnswer), doubt),
        (Conflict, decide_again),
        (Refused, refuse),
    ]
    return [
        (Blocked, block),
        (TryLater, wait),
        (ReconnectNeeded, park),
        (NotAllowed, forbid),
        *(sending if operation.state == State.SENDING else looking),
    ]


def wait(turn: Turn, operation: Operation, error: AccountingError) -> Outcome:
    after = error.after if isinstance(error, TryLater) else None
    if after is not None or isinstance(error, NotYet):
        pause = backoff(operation.attempts_made) if after is None else after
        return Outcome(state=State.QUEUED, changes=again(operation, pause))
    counted = failed_again(operation, error)
    pause = rest_after(counted["failures"]) or backoff(operation.attempts_made)
    return Outcome(
        state=State.QUEUED,
        changes=again(operation, pause) | counted,
        found=list(told_of(turn.connection, operation, error, counted["failures"])),
    )


def park(turn: Turn, operation: Operation, error: ReconnectNeeded) -> Outcome:
    return Outcome(state=State.QUEUED, changes={"due_at": timezone.now()})


def doubt(turn: Turn, operation: Operation, error: AccountingError) -> Outcome:
    counted = failed_again(operation, error)
    return Outcome(
        state=State.IN_DOUBT,
        changes=doubt_from(timezone.now()) | counted | {"deaths": 0},
        found=list(told_of(turn.connection, operation, error, counted["failures"])),
    )


def doubt_from(moment: datetime) -> dict[str, Any]:
    """The outcome is unknown from `moment` on; the first look follows half a minute later."""
    return {"doubt_since": moment, "due_at": moment + FIRST_LOOK, "looks": 0}


def decide_again(turn: Turn, operation: Operation, error: Conflict) -> Outcome:
    if operation.conflicts >= CONFLICTS:
        return person(turn, operation, error, state=State.BLOCKED, code=CONFLICT, sentence=CONFLICT_SENTENCE)
    return Outcome(
        state=State.QUEUED,
        changes={"conflicts": operation.conflicts + 1} | again(operation, backoff(operation.conflicts)),
    )


def refuse(turn: Turn, operation: Operation, error: Refused) -> Outcome:
    return person(turn, operation, error, state=State.REFUSED, code=REFUSED, sentence=REFUSED_SENTENCE)


def fail(turn: Turn, operation: Operation, error: Exception) -> Outcome:
    """Our own mistake. Once something was sent, it is in doubt like any write without an answer."""
    if operation.state == State.SENDING:
        return Outcome(state=State.IN_DOUBT, changes=doubt_from(timezone.now()))
    return person(turn, operation, error, state=State.FAILED, code=FAULT, sentence=FAULT_SENTENCE)


def forbid(turn: Turn, operation: Operation, error: NotAllowed) -> Outcome:
    finding = Finding(
        code=NOT_ALLOWED,
        sentence=NOT_ALLOWED_SENTENCE,
        values={"provider": turn.connection.label},
        where="connection",
        detail=error.sentence,
        error_id=error.error_id,
    )
    return Outcome(state=State.BLOCKED, code=NOT_ALLOWED, found=[(connection_subject(turn.connection), finding)])


def block(turn: Turn, operation: Operation, error: Blocked) -> Outcome:
    found = [(subject_for(turn.connection, operation, problem), finding_of(problem)) for problem in error.problems]
    return Outcome(state=State.BLOCKED, code=error.code, found=found, problem=str(error))


def person(turn: Turn, operation: Operation, error: Exception, *, state: str, code: str, sentence: str) -> Outcome:
    """Stopped until somebody looks, with one case about the operation's record."""
    evidence = evidence_of(error)
    finding = Finding(
        code=code,
        sentence=sentence,
        values={"record": operation.local_label, "provider": turn.connection.label, "operation": str(operation.pk)},
        where=SUBJECT_KINDS[operation.local_model],
        field=getattr(error, "field", ""),
        detail=evidence["sentence"],
        error_id=evidence["error_id"],
    )
    return Outcome(state=state, code=code, found=[(own_subject(operation), finding)])


REFUSED_SENTENCE = gettext_noop("%(provider)s refused %(record)s.")
CONFLICT_SENTENCE = gettext_noop("%(record)s is being changed in %(provider)s again and again. Try it later.")
NOT_ALLOWED_SENTENCE = gettext_noop("%(provider)s does not allow this connection to write.")
FAULT_SENTENCE = gettext_noop("%(record)s could not be prepared because of a fault in this program (%(operation)s).")


def again(operation: Operation, pause: timedelta) -> dict[str, Any]:
    """Back to the queue for `pause`. A send was counted when it began."""
    tries = operation.attempts_made + (operation.state == State.CLAIMED)
    return {"due_at": timezone.now() + pause, "attempts_made": tries, "deaths": 0}


def backoff(tries: int) -> timedelta:
    """Longer with every try, at random so that many do not come back at once."""
    longest = min(LONGEST_WAIT_S, BASE_WAIT_S * 2 ** min(tries, 20))
    return timedelta(seconds=max(SHORTEST_WAIT_S, random.uniform(0, longest)))  # noqa: S311


# --- the connection -------------------------------------------------------------


def settle_connection(turn: Turn, error: Exception) -> None:
    """What the error means for everything else of this connection."""
    if isinstance(error, ReconnectNeeded):
        need_reconnect(turn.connection.pk, error.sentence)
        turn.stopped = True
    if leave_alone(turn.connection, error):
        turn.stopped = True


def evidence_of(error: Exception) -> dict[str, Any]:
    """What may be kept of an error. A fault of ours shows its kind only: its text may hold anything."""
    if isinstance(error, AccountingError):
        return {"sentence": error.sentence, "status": error.status, "error_id": error.error_id}
    return {
        "sentence": str(error) if isinstance(error, Blocked) else type(error).__name__,
        "status": None,
        "error_id": "",
    }
