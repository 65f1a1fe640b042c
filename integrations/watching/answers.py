"""Once a day: do the books still know what was answered to the provider's questions?"""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone

from accounting.errors import NotAllowed
from integrations.connecting.answers import check_answers
from integrations.connections import open_ledger
from integrations.models import Connection
from integrations.queue import enqueue
from integrations.tasks import workable


def check_all_answers() -> int:
    """How many connections are asked, each in a task of its own. Runs every night."""
    answered = workable(timezone.now()).filter(answers__isnull=False).distinct()
    due = list(answered.values_list("pk", flat=True))
    for pk in due:
        enqueue(check_answers_of, pk)
    return len(due)


def check_answers_of(connection_id: UUID | str) -> int | None:
    """How many answers the books have lost; None when they may not be asked now, as the sync itself will tell."""
    connection: Connection | None = workable(timezone.now()).filter(pk=connection_id).first()
    if connection is None:
        return None
    try:
        ledger = open_ledger(connection)
    except NotAllowed:
        return None
    return len(check_answers(connection, ledger))
