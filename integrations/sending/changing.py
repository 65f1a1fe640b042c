"""An intended change of what is in the books: look → SENDING, committed → one request → DONE → look again.

What is changed is known by its id, so nothing is searched for: each verb looks whether the books show already
what it wants. `updating.py`, `persons.py`, `removing.py` and `attaching.py` say how.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone

from accounting.protocol import Ledger
from accounting.types import Receipt, gettext_noop
from integrations.crash_points import reach
from integrations.exports import ATTACHMENT, CHANGES, CONTACT_UPDATE, CUSTOMER_UPDATE, TAKING_BACK
from integrations.models import Attempt, Connection, Operation
from integrations.sending.attaching import attachment_change
from integrations.sending.committing import commit_intention
from integrations.sending.looking import note_look
from integrations.sending.outcomes import PRECONDITIONS, Blocked, Turn, settling
from integrations.sending.persons import person_change
from integrations.sending.removing import removal_change
from integrations.sending.sights import Sight
from integrations.sending.updating import customer_change
from integrations.sending.verification import AT_ONCE, GIVE_UP_AFTER
from integrations.trouble import breaker
from integrations.trouble.cases import Finding, open_cases
from integrations.trouble.reporting import SUBJECT_KINDS, close_cases_of, end_attempt, own_subject

State = Operation.State


class Change(Protocol):
    """One change, made of our rows. `look` and `send` ask the books, `record` writes here what follows from it."""

    def look(self, ledger: Ledger) -> Sight:
        """How the books stand to it now. Network: GETs. Raises Blocked when it cannot be made any more."""
        ...

    def send(self, ledger: Ledger, sight: Sight) -> Receipt:
        """What the books have afterwards. Network: one write."""
        ...

    def record(self, receipt: Receipt) -> None: ...


VERBS: Mapping[str, Callable[[Connection, Operation], Change | None]] = {
    CUSTOMER_UPDATE: customer_change,
    CONTACT_UPDATE: person_change,
    TAKING_BACK: removal_change,
    ATTACHMENT: attachment_change,
}


def change_of(connection: Connection, operation: Operation) -> Change | None:
    """None when there is nothing left to change. Raises Blocked with everything that stands in the way."""
    return VERBS[operation.kind](connection, operation)


def send_changes(turn: Turn, ledger: Ledger, batch: Sequence[Operation]) -> None:
    """None of the batch is ours afterwards: each is done, stopped, or waits again."""
    turn.lease.renew()
    for operation in batch:
        if turn.is_over:
            break
        with settling(turn, operation):
            carry_out(turn, ledger, operation)
    Operation.objects.filter(books=turn.connection.books_id, fence=turn.fence).unclaim()


def carry_out(turn: Turn, ledger: Ledger, operation: Operation) -> None:
    """Network: a look, and one write unless the books show it already. Raises what they say."""
    change = change_of(turn.connection, operation)
    if change is None:
        operation.move(State.SUPERSEDED, fence=turn.fence)
        return
    sight = look_at(turn, ledger, operation, change)
    if sight.is_there:
        finish(operation, change, sight.receipt, verified_at=timezone.now())
        return
    commit_intention(turn, operation, payload=sight.payload, evidence=sight.evidence)
    receipt = change.send(ledger, sight)
    reach("change.after_request")
    breaker.answered(turn.connection)
    finish(operation, change, receipt)
    reach("change.done_committed")


def look_at(turn: Turn, ledger: Ledger, operation: Operation, change: Change) -> Sight:
    """The look, with an attempt as its trace."""
    note_look(turn, [operation])
    reach("change.before_look")
    sight = change.look(ledger)
    breaker.answered(turn.connection)
    end_attempt(operation, outcome="found" if sight.is_there else "absent", evidence=dict(sight.evidence))
    reach("change.after_look")
    return sight


def finish(operation: Operation, change: Change, receipt: Receipt, **verified: Any) -> None:
    """All that follows, in one transaction. Raises LeaseLost when the operation is not ours any more."""
    with transaction.atomic():
        operation.move(
            State.DONE,
            fence=operation.fence,
            stage=receipt.stage,
            remote_id=receipt.remote_id,
            remote_number=receipt.number[:100],
            done_at=timezone.now(),
            doubt_since=None,
            problem="",
            problem_code="",
            **verified,
        )
        end_attempt(operation, outcome="done")
        change.record(receipt)
        close_cases_of(operation)
        reach("change.recording")


def look_for_change(turn: Turn, ledger: Ledger, operation: Operation) -> bool:
    """Whether a change without an answer has arrived; then it is done."""
    change = change_of(turn.connection, operation)
    if change is None:
        return False
    sight = look_at(turn, ledger, operation, change)
    if sight.is_there:
        finish(operation, change, sight.receipt, verified_at=timezone.now())
    return sight.is_there


# --- on again, and afterwards ---------------------------------------------------


def requeue_changes(turn: Turn) -> None:
    """Changes whose preconditions hold now wait for their turn again."""
    own = Operation.objects.filter(books=turn.connection.books_id, kind__in=CHANGES)
    for operation in own.filter(state=State.BLOCKED, problem_code=PRECONDITIONS).order_by("due_at")[:AT_ONCE]:
        if may_go_on(turn.connection, operation):
            Operation.objects.filter(pk=operation.pk, problem_code=PRECONDITIONS).requeue(timezone.now())
            close_cases_of(operation)


def may_go_on(connection: Connection, operation: Operation) -> bool:
    try:
        change_of(connection, operation)
    except Blocked:
        return False
    return True


def verify_changes(turn: Turn, ledger: Ledger) -> None:
    """What was sent is looked at once more. Books that do not show it are a case, and never a failure."""
    done = Operation.objects.filter(books=turn.connection.books_id, kind__in=CHANGES, state=State.DONE)
    recent = done.filter(verified_at__isnull=True, done_at__gte=timezone.now() - GIVE_UP_AFTER)
    for operation in recent.order_by("done_at")[:AT_ONCE]:
        if turn.stopped:
            return
        with settling(turn, operation):
            verify_change(turn, ledger, operation)


def verify_change(turn: Turn, ledger: Ledger, operation: Operation) -> None:
    started = timezone.now()
    sight = seen_again(turn, ledger, operation)
    with transaction.atomic():
        Attempt.objects.create(
            operation=operation,
            purpose=Attempt.Purpose.READ_BACK,
            worker=turn.lease.owner,
            fence=turn.fence,
            started_at=started,
            ended_at=timezone.now(),
            outcome="as expected" if sight else "different",
        )
        Operation.objects.filter(pk=operation.pk).update(verified_at=timezone.now())
        if not sight:
            open_cases(turn.connection, [(own_subject(operation), not_shown(turn, operation))], operation=operation)


def seen_again(turn: Turn, ledger: Ledger, operation: Operation) -> bool:
    """Whether the books show it, or nothing is left to be shown."""
    try:
        change = change_of(turn.connection, operation)
        return change is None or change.look(ledger).is_there
    except Blocked:
        return False


def not_shown(turn: Turn, operation: Operation) -> Finding:
    return Finding(
        code="change_not_shown",
        sentence=NOT_SHOWN,
        values={"record": operation.local_label, "provider": turn.connection.label},
        where=SUBJECT_KINDS[operation.local_model],
    )


NOT_SHOWN = gettext_noop(
    "%(provider)s took what was changed of %(record)s without an objection, but does not show it. Look there."
)
