"""Pages of one stream, each fetched by a thread while the one before it is being written."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from django.db import connections

from accounting.errors import UnexpectedAnswer
from accounting.protocol import Ledger
from accounting.types import Page, Record


class Fetching:
    """`first` fetches here and now, `begin` starts the next page, `result` waits for it.

    The first page is fetched by the caller's own thread, so that the login is loaded before the other thread
    uses it. That one touches the database only to renew a login, on a connection of its own.
    """

    def __init__(self, ledger: Ledger, kind: type[Record], *, since: datetime | None) -> None:
        self._ledger = ledger
        self._kind = kind
        self._since = since
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="next-page")
        self._next: Future[Page[Any]] | None = None
        self._last: Page[Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown(cancel_futures=True)

    def first(self, position: str) -> Page[Any]:
        self._last = self._read(position)
        return self._last

    def begin(self, position: str) -> None:
        self._next = self._thread.submit(self._read_elsewhere, position)

    def result(self) -> Page[Any]:
        """The page that was begun. Raises UnexpectedAnswer when it is the former one again."""
        if self._next is None:
            raise RuntimeError("No page was begun.")
        page = self._next.result()
        refuse_repetition(page, self._last)
        self._last = page
        return page

    def _read(self, position: str) -> Page[Any]:
        return self._ledger.read(self._kind, since=self._since, position=position)

    def _read_elsewhere(self, position: str) -> Page[Any]:
        try:
            return self._read(position)
        finally:
            connections.close_all()  # those of this thread


def refuse_repetition(page: Page[Any], former: Page[Any] | None) -> None:
    """Books that go round in circles would keep us reading for ever."""
    if former is None:
        return
    same_place = bool(page.next_position) and page.next_position == former.next_position
    same_records = bool(page.entries) and ids_of(page) == ids_of(former)
    if same_place or same_records:
        raise UnexpectedAnswer("The accounting system sent the same page twice in a row.")


def ids_of(page: Page[Any]) -> list[str]:
    return [entry.remote_id for entry in page.entries]
