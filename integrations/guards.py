"""Refuses the network while a database transaction is open: a lock must not wait for a vendor."""

from __future__ import annotations

from django.db import connections

from accounting import http


def open_transaction() -> str | None:
    """Why the network may not be used right now, or None."""
    for connection in connections.all(initialized_only=True):
        if connection.in_atomic_block:
            return f"A transaction is open on the database {connection.alias!r}."
    return None


http.forbid_when = open_transaction
