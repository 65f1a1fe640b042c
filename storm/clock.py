"""The one clock of a storm: real time plus an offset that only grows, here and in every worker."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import time_machine


class Clock:
    """Moves the time of this process, and with it that of the stand-in served in it."""

    def __init__(self) -> None:
        self.offset = timedelta(0)
        self._traveller: time_machine.Traveller | None = None

    def advance(self, by: timedelta) -> None:
        """Later by `by` from now on."""
        self.move_to(self.offset + by)

    def move_to(self, offset: timedelta) -> None:
        if self._traveller is None:
            raise RuntimeError("The clock does not run yet.")
        self._traveller.shift(offset - self.offset)
        self.offset = offset

    @contextmanager
    def running(self) -> Iterator[Clock]:
        with time_machine.travel(datetime.now(UTC) + self.offset, tick=True) as traveller:
            self._traveller = traveller
            try:
                yield self
            finally:
                self._traveller = None
