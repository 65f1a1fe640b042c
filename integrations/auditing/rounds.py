"""When books are compared: what changed lately every hour, everything every night, each connection in a task of its
own."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from integrations.auditing.reconciling import reconcile
from integrations.models import Connection
from integrations.queue import enqueue
from integrations.tasks import workable

RECENT_DAYS = 7
LONG_AGO_DAYS = 400


def audit_recent() -> int:
    """How many connections are compared now, for the last week. Runs every hour."""
    return audit_all(RECENT_DAYS)


def audit_long_ago() -> int:
    """How many connections are compared now, for more than a year. Runs every night."""
    return audit_all(LONG_AGO_DAYS)


def audit_all(days: int) -> int:
    due = list(workable(timezone.now()).values_list("pk", flat=True))
    for pk in due:
        enqueue(audit, pk, str(days))
    return len(due)


def audit(connection_id: UUID | str, days: str) -> int | None:
    """How many findings there are; None when the connection may not be used any more."""
    connection: Connection | None = workable(timezone.now()).filter(pk=connection_id).first()
    return None if connection is None else len(reconcile(connection, days=int(days)).found)
