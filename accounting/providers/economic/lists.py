"""Lists of both hosts: page by page on the legacy one, from cursor to cursor on the services; never for ever."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from accounting.answers import Answer, Malformed, Misshapen, decode
from accounting.errors import NotFound, Refused, UnexpectedAnswer
from accounting.providers.economic.refusals import BAD_PAGE_SIZE, BAD_QUERY
from accounting.providers.economic.resources import CursorPage, Envelope
from accounting.providers.economic.wire import Wire
from accounting.types import gettext_noop

W = TypeVar("W")

CAUTIOUS_SIZE = 100


@dataclass(frozen=True, slots=True)
class Listing:
    """What to ask for. The vendor's notes on what can be filtered by are wrong in places, so `queries` go from the
    best to the plainest, and a refused one is not tried again. `key` names the kind of question."""

    key: str
    path: str
    queries: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class ListPage:
    data: list[msgspec.Raw]
    next_position: str
    total: int | None
    server_time: datetime | None


def utc(moment: datetime) -> str:
    """As the API writes moments, rounded down to the second: reading twice is harmless, missing is not."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


class Lists:
    """The lists of one agreement. `page_size` is a wish; the server's answer counts."""

    def __init__(self, wire: Wire, page_size: int) -> None:
        self.wire = wire
        self._page_size = page_size
        self._level: dict[str, int] = {}

    # --- the legacy host ---

    def page(self, listing: Listing, position: str = "", *, most: int = 1000) -> ListPage:
        """One page. A position is the page's number, from 0, and the size that was asked for."""
        skip, size = place_of(position, min(self._page_size, most))
        answer = self._ask(listing, skip, size)
        pagination = answer.value.pagination
        if pagination.skip_pages != skip:
            raise UnexpectedAnswer(gettext_noop("The accounting system gave another page than the one asked for."))
        goes_on = bool(answer.value.collection) and (skip + 1) * pagination.page_size < pagination.results
        asked = size if pagination.page_size >= size else pagination.page_size
        return ListPage(
            data=answer.value.collection,
            next_position=f"{skip + 1}@{asked}" if goes_on else "",
            total=pagination.results,
            server_time=answer.server_time,
        )

    def count(self, listing: Listing) -> int:
        """How many there are. Network: one GET of one record."""
        return self._ask(listing, 0, 1).value.pagination.results

    def everything(self, listing: Listing, into: type[W]) -> Iterator[W]:
        """Every object of the list, to the last page. Raises when one of them cannot be read."""
        position = ""
        while True:
            page = self.page(listing, position)
            for raw in page.data:
                yield understood(raw, into)
            if not page.next_position:
                return
            position = page.next_position

    def refuses_filter(self, listing: Listing) -> bool:
        """Whether this kind of question is now answered with everything."""
        return self._level.get(listing.key, 0) + 1 == len(listing.queries) > 1

    def _ask(self, listing: Listing, skip: int, size: int) -> Answer[Envelope]:
        while True:
            level = self._level.get(listing.key, 0)
            params = {**listing.queries[level], "skippages": str(skip), "pagesize": str(size)}
            try:
                return self.wire.get(listing.path, Envelope, params=params)
            except NotFound:
                raise UnexpectedAnswer(
                    gettext_noop("There is no such list at the address of the accounting system.")
                ) from None
            except Refused as error:
                if error.code == BAD_PAGE_SIZE and size > CAUTIOUS_SIZE and not skip:
                    size = self._page_size = CAUTIOUS_SIZE
                elif error.code == BAD_QUERY and level + 1 < len(listing.queries):
                    self._level[listing.key] = level + 1
                else:
                    raise

    # --- the services ---

    def cursor_page(self, listing: Listing, position: str = "") -> ListPage:
        """One page. A position is the cursor and the total that was counted at the start."""
        cursor, _, promised = position.partition("@")
        query = listing.queries[0]
        total = int(promised) if promised else None
        if not position:
            total = self.wire.get_service(f"{listing.path}/count", int, params=query).value
        params = {**query, **({"cursor": cursor} if cursor else {})}
        answer = self.wire.get_service(listing.path, CursorPage, params=params)
        following = answer.value.cursor or ""
        if following and following == cursor:
            raise UnexpectedAnswer(gettext_noop("The accounting system gives the same list over and over."))
        return ListPage(
            data=answer.value.items,
            next_position=f"{following}@{total}" if following else "",
            total=total,
            server_time=answer.server_time,
        )

    def every_item(self, listing: Listing) -> Iterator[msgspec.Raw]:
        """Every object of a service's list, to the last page, as it came."""
        cursor = ""
        while True:
            params = {**listing.queries[0], **({"cursor": cursor} if cursor else {})}
            found = self.wire.get_service(listing.path, CursorPage, params=params).value
            yield from found.items
            if not found.cursor:
                return
            if found.cursor == cursor:
                raise UnexpectedAnswer(gettext_noop("The accounting system gives the same list over and over."))
            cursor = found.cursor


def place_of(position: str, page_size: int) -> tuple[int, int]:
    skip, _, size = position.partition("@")
    return int(skip or 0), int(size or page_size)


def understood(raw: msgspec.Raw, into: type[W]) -> W:
    try:
        return decode(bytes(raw), into)
    except (Malformed, Misshapen):
        raise UnexpectedAnswer(gettext_noop("The accounting system gave a list that we do not understand.")) from None
