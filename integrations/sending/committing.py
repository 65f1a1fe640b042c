"""The intention to write, committed before the first byte leaves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounting.http import WRITE_DEADLINE_S
from accounting.types import gettext_noop
from integrations.crash_points import reach
from integrations.models import Attempt, Operation
from integrations.sending.outcomes import Turn
from integrations.trouble import breaker

TIME_TO_SEND = timedelta(seconds=WRITE_DEADLINE_S + 15)


def commit_intention(
    turn: Turn, operation: Operation, *, payload: Mapping[str, Any], evidence: Mapping[str, Any] | None = None
) -> None:
    """Afterwards the request may be made, once. Raises LeaseLost, or NotYet when too little time is left for it."""
    reach("export.before_sending")
    with transaction.atomic(durable=True):
        turn.lease.renew()
        operation.move(
            Operation.State.SENDING,
            fence=turn.fence,
            sent_at=timezone.now(),
            attempts_made=operation.attempts_made + 1,
            payload=payload,
        )
        note_send(turn, operation, evidence or {})
    reach("export.sending_committed")
    if turn.lease.expires_at is None or turn.lease.expires_at - timezone.now() < TIME_TO_SEND:
        raise breaker.NotYet(gettext_noop("There was not enough time left to send it safely."))
    reach("export.before_request")


def note_send(turn: Turn, operation: Operation, evidence: Mapping[str, Any]) -> None:
    """An open attempt: it ends with the answer, or as lost."""
    Attempt.objects.create(
        operation=operation,
        purpose=Attempt.Purpose.SEND,
        worker=turn.lease.owner,
        fence=turn.fence,
        started_at=timezone.now(),
        evidence=dict(evidence),
    )
