"""What became of writes without an answer: looked for until they are found, or cannot come any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone

from accounting.protocol import Ledger
from integrations.crash_points import reach
from integrations.exports import CHANGE, FAMILIES, kinds_of
from integrations.models import Attempt, LeaseLost, Operation
from integrations.sending.changing import look_for_change
from integrations.sending.looking import Sought, as_sent, born, look
from integrations.sending.outcomes import FIRST_LOOK, Blocked, Turn, settle, settling
from integrations.trouble.patience import DEATHS, WORKER_DIED, apart, count_deaths, deadly, is_deadly, rest_after

State = Operation.State
SETTLE = (FIRST_LOOK, timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30))
AT_ONCE = 50
SHARED_FROM, SHARED = timedelta(minutes=10), timedelta(minutes=5)


def sweep(turn: Turn) -> None:
    """Takes in what a worker that is gone left behind: whoever holds the lease is the only one alive.

    What was claimed waits again. What was being sent may have arrived, and is in doubt. What one worker after
    the other died of waits for a person.
    """
    now = timezone.now()
    left = Operation.objects.filter(books=turn.connection.books_id)
    count_deaths(left)
    Attempt.objects.filter(operation__books=turn.connection.books_id, ended_at=None).update(
        ended_at=now, outcome="lost"
    )
    give_up_deadly(turn, left.filter(state__in=(State.CLAIMED, State.IN_DOUBT)))
    left.unclaim()
    left.doubt(now, first_look=now + FIRST_LOOK)


def give_up_deadly(turn: Turn, left: QuerySet[Operation]) -> None:
    """Those that so many workers have died of are stopped, with a case."""
    for operation in left.filter(deaths__gte=DEATHS):
        Operation.objects.filter(pk=operation.pk, state=operation.state).update(fence=turn.fence)
        settle(turn, operation, Blocked([deadly(operation)], code=WORKER_DIED))


def look_in_doubt(turn: Turn, ledger: Ledger) -> list[Operation]:
    """The operations in doubt that were looked for: done when found, else in doubt until the last look."""
    looked: list[Operation] = []
    kinds = set(due_for_a_look(turn).order_by().values_list("kind", flat=True).distinct())
    for family in (each for each in FAMILIES if kinds & set(kinds_of(each))):
        look_at = look_for_changes if family == CHANGE else look_for_documents
        for operations in apart(take_over(turn, family)):
            if turn.stopped:
                return looked
            look_at(turn, ledger, operations)
            looked += operations
    return looked


def due_for_a_look(turn: Turn) -> QuerySet[Operation]:
    doubtful = Operation.objects.filter(books=turn.connection.books_id, state=State.IN_DOUBT)
    return doubtful.filter(due_at__lte=timezone.now())


def look_for_documents(turn: Turn, ledger: Ledger, operations: Sequence[Operation]) -> None:
    started = timezone.now()
    for each in look(turn, ledger, seek(turn, operations)):
        with settling(turn, each.operation):
            conclude(each.operation, looked_at=started)


def look_for_changes(turn: Turn, ledger: Ledger, operations: Sequence[Operation]) -> None:
    for operation in operations:
        if turn.stopped:
            return
        started = timezone.now()
        with settling(turn, operation):
            if not look_for_change(turn, ledger, operation):
                conclude(operation, looked_at=started)


def take_over(turn: Turn, family: str) -> list[Operation]:
    """Operations of the family whose next look is due, under our fence."""
    operations = list(due_for_a_look(turn).filter(kind__in=kinds_of(family)).order_by("due_at")[:AT_ONCE])
    doubtful = Operation.objects.filter(books=turn.connection.books_id, state=State.IN_DOUBT)
    doubtful.filter(pk__in=[each.pk for each in operations]).update(fence=turn.fence)
    for each in operations:
        each.fence = turn.fence
    if operations:
        reach("export.doubt_taken_over")
    return operations


def seek(turn: Turn, operations: Sequence[Operation]) -> list[Sought]:
    """The documents as they were sent."""
    found: list[Sought] = []
    for operation in operations:
        with settling(turn, operation):
            document = as_sent(turn.connection, operation)
            found.append(Sought(operation=operation, document=document, since=born(operation, document)))
    return found


def conclude(operation: Operation, *, looked_at: datetime) -> None:
    """Not found. After the last look it cannot come any more and is sent again; before that it is looked for again.

    Raises Blocked instead of sending again what workers died of.
    """
    since = operation.doubt_since or looked_at
    later = [pause for pause in SETTLE if pause > looked_at - since]
    if not later:
        if is_deadly(operation):
            raise Blocked([deadly(operation)], code=WORKER_DIED)
        due_at = timezone.now() + (rest_after(operation.failures) or timedelta(0))
        operation.move(State.QUEUED, fence=operation.fence, due_at=due_at, doubt_since=None, looks=0)
        reach("export.doubt_settled")
        return
    mine = Operation.objects.filter(pk=operation.pk, state=State.IN_DOUBT, fence=operation.fence)
    if not mine.update(due_at=next_look(since, later[0]), looks=operation.looks + 1):
        raise LeaseLost(f"operation {operation.pk} is no longer in doubt")


def next_look(since: datetime, pause: timedelta) -> datetime:
    """After the pause; after a long one at the next full five minutes, so that many share one look."""
    moment = since + pause
    return moment if pause < SHARED_FROM else moment + (datetime.min.replace(tzinfo=UTC) - moment) % SHARED
