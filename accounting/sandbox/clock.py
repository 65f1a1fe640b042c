"""The time as a stand-in tells it: real time plus an offset that a test may move."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from threading import Lock
from zoneinfo import ZoneInfo


class Clock:
    """Now, moved by `offset`. Nothing in a stand-in reads the computer's clock but through this."""

    def __init__(self) -> None:
        self.offset = timedelta(0)

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        return datetime.now(UTC) + self.offset

    def today(self, zone: ZoneInfo) -> date:
        """The calendar day over there."""
        return self.now().astimezone(zone).date()


class RateLimit:
    """At most `limit` requests per key and minute, counted in fixed windows; 0 is no limit."""

    WINDOW = 60.0

    def __init__(self, limit: int, clock: Clock) -> None:
        self.limit = limit
        self.refused = 0
        self.busiest = 0
        self._clock = clock
        self._lock = Lock()
        self._windows: dict[object, tuple[float, int]] = {}

    def wait(self, key: object) -> int:
        """Seconds until the next window when this request is one too many, else 0."""
        if not self.limit:
            return 0
        now = self._clock.now().timestamp()
        with self._lock:
            start, used = self._windows.get(key, (now, 0))
            if not 0 <= now - start < self.WINDOW:
                start, used = now, 0
            if used >= self.limit:
                self.refused += 1
                return max(1, round(start + self.WINDOW - now))
            self._windows[key] = (start, used + 1)
            self.busiest = max(self.busiest, used + 1)
            return 0

    def forget(self) -> None:
        """Every window starts anew."""
        with self._lock:
            self._windows.clear()
            self.refused = self.busiest = 0
