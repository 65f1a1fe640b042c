"""What really happened: every request, and every document that a stand-in committed.

This is the independent witness. A test compares it with what the product believes.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from threading import Lock
from typing import Any


@dataclass(kw_only=True, slots=True)
class Entry:
    """One request. `status` is what the client was sent, None when the connection broke before.

    `handled` is what the stand-in had answered, None when it never saw the request.
    """

    number: int
    at: datetime
    provider: str
    method: str
    path: str
    query: str
    body_digest: str = ""
    body_size: int = 0
    status: int | None = None
    handled: int | None = None
    seconds: float = 0
    client: str = ""
    company: str = ""
    route: str = ""
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(kw_only=True, slots=True)
class Deed:
    """One document or record that a request created, as it is now."""

    provider: str
    company: str
    kind: str
    id: str
    number: str | None
    references: dict[str, str]
    texts: list[str]
    totals: dict[str, Decimal | None]
    created_at: datetime
    request: int | None
    updates: int = 0
    removed_at: datetime | None = None
    became: str | None = None


class Journal:
    """The last requests (all are counted) in the order in which they came."""

    KEPT = 200_000

    def __init__(self) -> None:
        self._lock = Lock()
        self._entries: deque[Entry] = deque(maxlen=self.KEPT)
        self._count = 0

    def open(self, *, at: datetime, provider: str, method: str, path: str, query: str) -> Entry:
        """A new entry; its request is under way."""
        with self._lock:
            self._count += 1
            entry = Entry(number=self._count, at=at, provider=provider, method=method, path=path, query=query)
            self._entries.append(entry)
            return entry

    def entries(self) -> list[Entry]:
        with self._lock:
            return list(self._entries)

    def forget(self) -> None:
        with self._lock:
            self._entries.clear()
            self._count = 0

    def summary(self) -> dict[str, Any]:
        """Counts per method and route, and per status sent (`none` where the client got no answer)."""
        entries = self.entries()
        routes = Counter(f"{entry.method} {entry.route or entry.path}" for entry in entries)
        statuses = Counter(str(entry.status or "none") for entry in entries)
        return {"requests": self._count, "routes": dict(routes), "statuses": dict(statuses)}


def as_json(record: Entry | Deed) -> dict[str, Any]:
    """The entry or deed with its moments in ISO 8601."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asdict(record).items()}
