"""The steps between the right company and Start. What is chosen in them is a draft: nothing acts on it yet.

The draft is the settings' own rows, while `saved_at` is empty. So it survives a closed browser, another person takes
over where the first one stopped, and nothing has to be copied in the end.
"""

from __future__ import annotations

from django.db import transaction

from integrations.models import Connection, ConnectionSettings, Plan

Step = ConnectionSettings.Step
ORDER: list[str] = list(Step.values)


def finish_step(connection: Connection, step: str, *, changed: bool) -> None:
    """The following step is open now. A plan that was made with other choices is forgotten."""
    settings = connection.settings
    reached = max(ORDER.index(step) + 1, ORDER.index(settings.next_step))
    with transaction.atomic():
        if changed:
            reached = min(reached, ORDER.index(Step.SAVE))
            Plan.objects.filter(connection=connection).delete()
        settings.next_step = ORDER[reached]
        ConnectionSettings.objects.filter(pk=settings.pk, saved_at=None).update(next_step=settings.next_step)


def is_open(connection: Connection, step: str) -> bool:
    """Whether everything before this step was answered."""
    return ORDER.index(step) <= ORDER.index(connection.settings.next_step)


def may_start(connection: Connection) -> bool:
    """Whether the owner has been through the settings, now or long ago."""
    return connection.settings.saved_at is not None or is_open(connection, Step.START)
