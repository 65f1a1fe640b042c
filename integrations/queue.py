"""The doorbell: rings a worker. What there is to do, the database knows."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django_q.tasks import async_task

if TYPE_CHECKING:
    from collections.abc import Callable


def enqueue(task: Callable[..., object], *ids: UUID | str | None) -> None:
    """A worker runs the task with these ids soon: perhaps twice, late or never, once what is here is committed."""
    name = f"{task.__module__}.{task.__qualname__}"
    texts = [str(each) if each else None for each in ids]
    transaction.on_commit(lambda: async_task(name, *texts, group=task.__name__))
