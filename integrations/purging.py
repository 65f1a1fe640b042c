"""The log does not grow for ever: what is older than the firm wants to keep is deleted, every night.

Nothing by which we know what was sent is ever deleted: operations and links stay, else something could be sent twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from fieldwork.api.idempotency import purge_answers
from integrations.models import Attempt, Case, Change, Connection, ConnectionSettings, Operation, Reconciliation, Run

# With leap years: rather a day too long than one too short.
YEAR = timedelta(days=366)
AT_ONCE = 1000
OVER = (
    Operation.State.DONE,
    Operation.State.CANCELLED,
    Operation.State.SUPERSEDED,
    Operation.State.TAKEN_BACK,
)


def purge_all() -> int:
    """How many rows of all firms, and answers to programs, were too old and are gone. Runs every night."""
    kept = Connection.objects.filter(settings__isnull=False).select_related("settings")
    return purge_answers() + sum(sum(purge(each).values()) for each in kept)


def purge(connection: Connection) -> dict[str, int]:
    """How many rows of each kind are gone. In small steps, so that nobody waits for the table."""
    return {name: delete(rows) for name, rows in too_old(connection).items()}


def too_old(connection: Connection) -> dict[str, QuerySet[Any]]:
    """What would go, by kind; nothing where the log is kept for ever."""
    years = connection.settings.keep_log_years
    if years == ConnectionSettings.KeepLog.EVER:
        return {}
    limit = timezone.now() - years * YEAR
    return {
        "runs": old_runs(connection, limit),
        "attempts": old_attempts(connection, limit),
        "inbox entries": old_cases(connection, limit),
        "comparisons": Reconciliation.objects.filter(connection=connection, finished_at__lt=limit),
        "changes": Change.objects.filter(
            organization=connection.organization_id, books=connection.books_id, at__lt=limit
        ),
    }


def old_runs(connection: Connection, limit: datetime) -> QuerySet[Run]:
    """Those that are over. The latest of each stream stays, however old: it says when that was read."""
    later = Run.objects.filter(
        connection=OuterRef("connection"), stream=OuterRef("stream"), started_at__gt=OuterRef("started_at")
    )
    return Run.objects.filter(Exists(later), connection=connection, finished_at__lt=limit)


def old_attempts(connection: Connection, limit: datetime) -> QuerySet[Attempt]:
    """Those of operations that are over: what is under way is judged by its attempts."""
    return Attempt.objects.filter(
        operation__organization=connection.organization_id,
        operation__books=connection.books_id,
        operation__state__in=OVER,
        ended_at__lt=limit,
    )


def old_cases(connection: Connection, limit: datetime) -> QuerySet[Case]:
    """Those that are solved. What somebody has accepted stays, else the same finding would come again."""
    return Case.objects.filter(
        connection=connection, state=Case.State.CLOSED, closed_at__lt=limit, accepted_at__isnull=True
    )


def delete(rows: QuerySet[Any]) -> int:
    deleted = 0
    for pks in pieces(rows):
        deleted += rows.model.objects.filter(pk__in=pks).delete()[0]
    return deleted


def pieces(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """The ids as they are now: rows that become old meanwhile go tomorrow."""
    ids = iter(list(rows.order_by().values_list("pk", flat=True)))
    while piece := list(islice(ids, AT_ONCE)):
        yield piece
