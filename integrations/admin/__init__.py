"""The admin of the integrations: what may be configured, and every row to look at. Never a secret."""

from __future__ import annotations

from integrations.admin import (
    accounting,
    alarms,
    changes,
    connections,
    customers,
    decisions,
    in_books,
    mapping,
    outbox,
    owning,
    people,
    queue,
    runs,
)

__all__ = [
    "accounting",
    "alarms",
    "changes",
    "connections",
    "customers",
    "decisions",
    "in_books",
    "mapping",
    "outbox",
    "owning",
    "people",
    "queue",
    "runs",
]
