"""From us to the books: every intended write is looked for, then sent once.

    sweep → look for what is in doubt → claim → preconditions → what it depends on → look → SENDING, committed
    → one request → DONE → read back

Whoever calls holds the connection's lease; each step below may be the last one of this process, and the next
turn goes on from what the database says.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from uuid import uuid4

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounting.errors import Unclear
from accounting.protocol import Ledger
from accounting.types import gettext_noop
from fieldwork.models import User
from integrations.connections import open_ledger
from integrations.crash_points import reach
from integrations.exports import CHANGES, FAMILIES, SALES, Standing, freeze, kinds_of
from integrations.installation import is_in_charge
from integrations.models import Connection, Lease, LeaseLost, Link, Operation, let_go
from integrations.sending.changing import requeue_changes, send_changes, verify_changes
from integrations.sending.committing import commit_intention
from integrations.sending.existing import is_there_already
from integrations.sending.looking import Sought, look
from integrations.sending.outcomes import Turn, settling
from integrations.sending.preparing import prepare, requeue_unblocked
from integrations.sending.queueing import follow_settings, is_to_be_sent, queue_records
from integrations.sending.recording import record_done
from integrations.sending.recovery import look_in_doubt, sweep
from integrations.sending.revising import REVISED, document_to_change
from integrations.sending.verification import verify_unverified
from integrations.trouble import breaker
from integrations.trouble.patience import ALONE

log = logging.getLogger(__name__)

State = Operation.State
BATCH = 50


def send_due(connection: Connection, lease: Lease, ledger: Ledger) -> list[Operation]:
    """The operations that were worked on, as they are now. Raises LeaseLost when another worker has taken over.

    Network: in batches of up to 50, one look for the batch, then one create and one reading back per document.
    """
    turn = Turn(connection=connection, lease=lease)
    if not may_send(connection):
        return []
    sweep(turn)
    follow_settings(connection)
    requeue_unblocked(turn)
    requeue_changes(turn)
    worked = look_in_doubt(turn, ledger)
    while batch := next_batch(turn):
        send_claimed(turn, ledger, batch)
        worked += batch
        if any(each.kind not in (*SALES, *CHANGES) and each.state == State.DONE for each in batch):
            requeue_unblocked(turn)
    verify_unverified(turn, ledger)
    verify_changes(turn, ledger)
    connection.refresh_from_db(fields=["state", "wait_until", "problem"])
    return list(Operation.objects.filter(pk__in={each.pk for each in worked}))


def may_send(connection: Connection) -> bool:
    """Whether the connection is active now and need not wait, and this installation is in charge."""
    connection.refresh_from_db(fields=["state", "wait_until", "failures", "limited_since"])
    if breaker.is_open(connection):  # a read has to try first whether the books are back
        return False
    if connection.state != Connection.State.ACTIVE or connection.is_waiting(timezone.now()):
        return False
    return is_in_charge()


# --- claiming -------------------------------------------------------------------


def next_batch(turn: Turn) -> list[Operation]:
    """The next operations of one family, ours from now on: customers and articles before what needs them.

    What fails again and again comes last and alone, so that it does not take the others with it.
    """
    if turn.is_over:
        return []
    if not (kinds := kinds_due(turn)):
        return []
    for which, size in ((~ALONE, BATCH), (ALONE, 1)):
        for family in (each for each in FAMILIES if kinds & set(kinds_of(each))):
            due = due_operations(turn.connection, family).filter(which).exclude(pk__in=turn.worn_out)
            if pks := list(due.order_by("due_at", "created_at", "pk").values_list("pk", flat=True)[:size]):
                turn.claims.update(pks)
                claimed = Operation.objects.claim(pks, fence=turn.fence)
                reach("export.claimed")
                return claimed
    return []


def kinds_due(turn: Turn) -> set[str]:
    """Of what there is something due. Mostly nothing, which one statement tells instead of one for each family."""
    due = Operation.objects.filter(due_now(turn.connection)).exclude(pk__in=turn.worn_out)
    return set(due.order_by().values_list("kind", flat=True).distinct())


def due_operations(connection: Connection, family: str) -> QuerySet[Operation]:
    return Operation.objects.filter(due_now(connection), kind__in=kinds_of(family))


def due_now(*connections: Connection) -> Q:
    """The condition on operations of these books that wait, are due and may be sent, and depend on nothing that is
    still on its way. Nothing is sent to further books.
    """
    books = [each.books_id for each in connections if each.is_books_of_record]
    unfinished = Operation.objects.filter(dependents=OuterRef("pk"), state__in=Operation.OPEN)
    waiting = Q(books__in=books, state=State.QUEUED, due_at__lte=timezone.now()) & ~Q(Exists(unfinished))
    return waiting & let_go(*connections) & (~Q(kind__in=SALES) | is_to_be_sent())


# --- sending --------------------------------------------------------------------


def send_batch(turn: Turn, ledger: Ledger, batch: Sequence[Operation]) -> None:
    """None of the batch is ours afterwards: each is done, stopped, or waits again."""
    turn.lease.renew()
    ready = prepare(turn, batch)
    reach("export.prepared")
    for sought in look(turn, ledger, ready):
        if turn.is_over:
            break
        with settling(turn, sought.operation):
            send(turn, ledger, sought)
    Operation.objects.filter(books=turn.connection.books_id, fence=turn.fence).unclaim()


def send(turn: Turn, ledger: Ledger, sought: Sought) -> None:
    """One request, after the intention to make it was committed; none for a customer who turns out to be there. Raises
    what the books say."""
    operation, document = sought.operation, sought.document
    if is_there_already(turn, ledger, sought):
        return
    former = document_to_change(turn, ledger, operation)
    commit_intention(turn, operation, payload=freeze(document))
    receipt = ledger.create(document) if former is None else ledger.update(former, document, REVISED)
    reach("export.after_request")
    breaker.answered(turn.connection)
    if not receipt.remote_id:
        raise Unclear(gettext_noop("The accounting system did not tell under which id it was stored."))
    record_done(operation, receipt, origin=Link.Origin.EXPORTED)
    reach("export.done_committed")


# --- one of them, now -----------------------------------------------------------


def create_now(connection: Connection, record: Standing, *, by: User | None) -> Operation:
    """The operation that creates the customer, person or article in the books: tried at once when no worker is busy
    there, else left to the worker. Pressed twice, it is the same operation.
    """
    [operation] = queue_records(connection, [record], by=by)
    Operation.objects.filter(pk=operation.pk).requeue(timezone.now(), asked_by=by)
    return try_now(connection, operation)


def try_now(connection: Connection, operation: Operation) -> Operation:
    """The operation after a try, if it waits for its turn and no worker is busy there."""
    lease = Lease.take(connection, owner=uuid4().hex) if may_send(connection) else None
    if lease is not None:
        try:
            send_alone(Turn(connection=connection, lease=lease), operation)
        except LeaseLost:
            log.info("Operation %s is left to the worker that took over.", operation.pk)
        finally:
            lease.release()
    operation.refresh_from_db()
    return operation


def send_alone(turn: Turn, operation: Operation) -> None:
    """The operation, if it waits for its turn and nobody holds it back."""
    if batch := Operation.objects.filter(let_go(turn.connection)).claim([operation.pk], fence=turn.fence):
        with settling(turn, *batch):
            send_claimed(turn, open_ledger(turn.connection), batch)


def send_claimed(turn: Turn, ledger: Ledger, batch: Sequence[Operation]) -> None:
    """A batch of one family."""
    step = send_changes if batch[0].kind in CHANGES else send_batch
    step(turn, ledger, batch)
