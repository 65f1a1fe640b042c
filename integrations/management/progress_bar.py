"""How far a run has come, on one line of a terminal."""

from __future__ import annotations

from typing import TextIO

from integrations.models import Run

WIDTH = 30


class ProgressBar:
    """Draws over its own line. Says nothing where nobody watches: in a pipe, a log or a test."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._watched = stream.isatty()

    def show(self, run: Run) -> None:
        if not self._watched:
            return
        share = min(1.0, run.read / run.total) if run.total else 1.0
        bar = "█" * round(WIDTH * share)
        self._stream.write(f"\r\x1b[K{run.stream:<14} {bar:<{WIDTH}} {run.read} of {run.total or run.read}")
        self._stream.flush()

    def close(self) -> None:
        if self._watched:
            self._stream.write("\r\x1b[K")
