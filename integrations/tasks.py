"""What workers do: every minute find the connections with something to do, and take a turn with one of them.

Tasks carry ids only and may run twice, late or never. What is due stands in the database; the lease lets one
worker at a time do it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounting.errors import NotAllowed
from fieldwork.models import User
from integrations.connecting.answers import check_answers
from integrations.connections import open_ledger
from integrations.crash_points import reach
from integrations.export import due_operations, send_due
from integrations.exports import FAMILIES
from integrations.hearing import bring_forward
from integrations.installation import is_in_charge
from integrations.linking.kept import compare_again
from integrations.models import Connection, Heartbeat, Lease, LeaseLost, Licence, Operation, Run
from integrations.models.lease import left_by_the_dead
from integrations.pipelines import PIPELINES, Pipeline, ensure_streams
from integrations.queue import enqueue
from integrations.repairing.rules import apply_rules
from integrations.sending.queueing import queue_new_records
from integrations.sync import Reader, nobody, read_stream
from integrations.trouble import breaker
from integrations.trouble.cases import Finding, Subject, open_cases
from integrations.trouble.patience import streams_given_up

# Well inside the queue's time limit: a first import goes on in the next turn.
TURN_S = 240
# When the books did not say how long to wait.
PAUSE = timedelta(minutes=2)
ANOTHER_INSTALLATION = gettext_noop("This connection belongs to another environment of the accounting system.")


class Outcome(StrEnum):
    DONE = "done"
    UNFINISHED = "unfinished"
    WAITING = "waiting"
    RECONNECT = "reconnect"
    NOT_ALLOWED = "not allowed"
    BUSY = "busy"
    NOT_DUE = "not due"


@dataclass(kw_only=True)
class Turn:
    """What one worker did for one connection."""

    outcome: Outcome
    runs: list[Run] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)


# --- the tasks --------------------------------------------------------------------------


def tick() -> int:
    """How many connections were handed to workers. Runs every minute, and leaves a sign of life."""
    now = timezone.now()
    bring_forward(now)
    due = [each.pk for each in workable(now) if is_due(each, now) or has_due_operations(each)]
    for pk in due:
        enqueue(work, pk)
    Heartbeat.beat(Heartbeat.TICK)
    return len(due)


def work(connection_id: UUID | str, asked_by_id: UUID | str | None = None) -> str:
    """One turn with the connection, if there is still something to do."""
    reach("queue.task_taken")
    now = timezone.now()
    connection = workable(now).filter(pk=connection_id).first()
    if connection is None:
        return Outcome.NOT_DUE
    reading = is_due(connection, now)
    if not reading and not has_due_operations(connection):
        return Outcome.NOT_DUE
    asked_by = User.objects.filter(pk=asked_by_id).first() if asked_by_id else None
    left_out = set() if asked_by else streams_given_up(connection)
    streams = [name for name in PIPELINES if name not in left_out] if reading else []
    turn = take_turn(connection, streams=streams, asked_by=asked_by, deadline=time.monotonic() + TURN_S)
    if turn.outcome is Outcome.UNFINISHED:
        enqueue(work, connection.pk, asked_by_id if asked_by else None)
    elif any(run.created or run.updated or run.archived or run.rejected for run in turn.runs):
        compare_again(connection.pk)
    return turn.outcome


def request_sync(connection: Connection, *, asked_by: User | None) -> None:
    """The connection is due now, and a worker is told. Asking again before it begins changes nothing.

    Asked for while a turn is under way, another one follows it.
    """
    Connection.objects.filter(pk=connection.pk).update(next_due_at=timezone.now())
    enqueue(work, connection.pk, asked_by.pk if asked_by else None)


# --- what is due ------------------------------------------------------------------------


def workable(now: datetime, *, even_unsaved: bool = False) -> QuerySet[Connection]:
    """Connections that may be worked on: active, licensed, not told to wait, their settings seen by the owner.

    None at all from a copy that is not in charge.
    """
    if not is_in_charge():
        return Connection.objects.none()
    licences = Licence.objects.active(timezone.localdate()).filter(
        organization=OuterRef("organization"), provider=OuterRef("provider")
    )
    found = Connection.objects.filter(
        Exists(licences), Q(wait_until=None) | Q(wait_until__lte=now), state=Connection.State.ACTIVE
    )
    if not even_unsaved:
        found = found.filter(settings__saved_at__isnull=False)
    return found.select_related("organization", "books", "settings")


def is_due(connection: Connection, now: datetime) -> bool:
    """Whether its time has come, or a worker died in the middle of it."""
    if connection.next_due_at is None or connection.next_due_at <= now:
        return True
    return Lease.objects.filter(left_by_the_dead(now), connection=connection).exists()


def has_due_operations(connection: Connection) -> bool:
    """True when something waits to be sent or looked for, and its time has come."""
    doubtful = Operation.objects.filter(books=connection.books_id, state=Operation.State.IN_DOUBT)
    if doubtful.filter(due_at__lte=timezone.now()).exists():
        return True
    return any(due_operations(connection, family).exists() for family in FAMILIES)


# --- one turn ---------------------------------------------------------------------------


def take_turn(
    connection: Connection,
    *,
    streams: Sequence[str],
    full: bool = False,
    asked_by: User | None = None,
    report: Callable[[Run], None] = nobody,
    deadline: float = float("inf"),
) -> Turn:
    """Reads these streams, then sends what is due. BUSY, and nothing done, while another worker holds the lease."""
    lease = Lease.take(connection, owner=uuid4().hex)
    if lease is None:
        return Turn(outcome=Outcome.BUSY)
    reach("queue.leased")
    try:
        reader = Reader(
            connection=connection,
            ledger=open_ledger(connection),
            lease=lease,
            asked_by=asked_by,
            report=report,
            deadline=deadline,
        )
        return read_and_send(reader, streams, full=full)
    except LeaseLost:
        return Turn(outcome=Outcome.BUSY)
    except NotAllowed as error:
        return refuse(connection, error)
    finally:
        lease.release()


def refuse(connection: Connection, error: NotAllowed) -> Turn:
    """The books of this connection are not those that this installation talks to."""
    schedule(connection, timezone.now() + connection.settings.interval)
    finding = Finding(code="not_allowed", sentence=ANOTHER_INSTALLATION, where="connection", detail=error.sentence)
    open_cases(connection, [(Subject(kind="connection", id=str(connection.pk), label=str(connection)), finding)])
    return Turn(outcome=Outcome.NOT_ALLOWED)


def read_and_send(reader: Reader, streams: Sequence[str], *, full: bool) -> Turn:
    connection = reader.connection
    if breaker.is_open(connection) and not breaker.is_back(connection, reader.ledger):
        return Turn(outcome=Outcome.WAITING)
    turn = Turn(outcome=Outcome.DONE)
    if streams:
        # Before anything else: a turn that a fault ends is not begun again every minute.
        schedule(connection, timezone.now() + connection.settings.interval)
        ensure_streams(connection)
        turn.runs = read_streams(reader, streams, full=full)
        turn.outcome = outcome_of(connection, turn.runs)
    if turn.outcome is Outcome.DONE:
        queue_new_records(connection)
        turn.operations = send_due(connection, reader.lease, reader.ledger)
        if any(each.state == Operation.State.REFUSED for each in turn.operations):
            # Perhaps because of something that was chosen and is no longer there: then that is what is told.
            check_answers(connection, reader.ledger)
        if apply_rules(connection):
            turn.operations += send_due(connection, reader.lease, reader.ledger)
        turn.outcome = outcome_of(connection, turn.runs)
    conclude(connection, turn)
    reach("queue.turn_over")
    return turn


def read_streams(reader: Reader, streams: Sequence[str], *, full: bool) -> list[Run]:
    """The runs, until one has to wait."""
    runs: list[Run] = []
    for pipeline in enabled(reader.connection, streams):
        runs.append(read_stream(reader, pipeline, full=full))
        if runs[-1].state in Run.OPEN:
            break
    return runs


def enabled(connection: Connection, streams: Sequence[str]) -> list[Pipeline]:
    """Of these streams those that are offered and not switched off, in the order of reading."""
    off = set(connection.streams.filter(enabled=False).values_list("stream", flat=True))
    reads = connection.ledger_provider.reads
    return [
        pipeline
        for name, pipeline in PIPELINES.items()
        if name in streams and name not in off and pipeline.record in reads
    ]


def outcome_of(connection: Connection, runs: Sequence[Run]) -> Outcome:
    connection.refresh_from_db(fields=["state", "wait_until"])
    if connection.state == Connection.State.RECONNECT:
        return Outcome.RECONNECT
    if connection.is_waiting(timezone.now()) or any(run.state == Run.State.WAITING for run in runs):
        return Outcome.WAITING
    if any(run.state == Run.State.RUNNING for run in runs):
        return Outcome.UNFINISHED
    return Outcome.DONE


def conclude(connection: Connection, turn: Turn) -> None:
    """When the connection is due next. A request that came meanwhile stands."""
    now = timezone.now()
    if turn.outcome is Outcome.UNFINISHED:
        schedule(connection, now)
    elif turn.outcome is Outcome.WAITING and turn.runs:
        schedule(connection, (connection.wait_until if connection.is_waiting(now) else None) or now + PAUSE)
    elif turn.outcome is Outcome.DONE and turn.runs:
        Connection.objects.filter(pk=connection.pk).update(last_success_at=now, problem="")


def schedule(connection: Connection, moment: datetime) -> None:
    Connection.objects.filter(pk=connection.pk).update(next_due_at=moment)
