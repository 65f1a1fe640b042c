"""What the door to the network asks us: no request while a database transaction is open, because a lock must not
wait for a vendor, and nothing but reading from a copy that is not in charge."""

from __future__ import annotations

from django.db import connections

from accounting import http
from integrations.installation import read_only_reason


def open_transaction() -> str | None:
    """Why the network may not be used right now, or None."""
    for connection in connections.all(initialized_only=True):
        if connection.in_atomic_block:
            return f"A transaction is open on the database {connection.alias!r}."
    return None


http.forbid_when = open_transaction
http.refuse_writes_when = read_only_reason
