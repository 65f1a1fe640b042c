"""Lists of the API: page by page, as much as the server gives, and never for ever."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import msgspec

from accounting.answers import Answer, Malformed, Misshapen, decode
from accounting.cleaning import Unreadable, moment
from accounting.client import Client
from accounting.errors import NotFound, Refused, UnexpectedAnswer
from accounting.providers.visma_eaccounting.refusals import BAD_QUERY
from accounting.providers.visma_eaccounting.resources import Envelope
from accounting.types import gettext_noop

W = TypeVar("W")


@dataclass(frozen=True, slots=True)
class Listing:
    """What to ask for. Which filters and orders the API knows is not documented for every member, so
    `queries` go from the best to the plainest, and a refused one is not tried again. `key` names the kind
    of question."""

    key: str
    path: str
    queries: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class ListPage:
    data: list[msgspec.Raw]
    next_position: str
    total: int
    server_time: datetime | None


@dataclass(slots=True)
class Walk:
    """What is remembered of a list being read, to notice when it runs in circles."""

    promised_pages: int
    number: int
    edges: tuple[bytes, ...]


class Lists:
    """The lists of one company. `page_size` is a wish; the server's answer counts."""

    def __init__(self, client: Client, page_size: int) -> None:
        self._client = client
        self._page_size = page_size
        self._level: dict[str, int] = {}
        self._walks: dict[str, Walk] = {}

    def page(self, listing: Listing, position: str = "") -> ListPage:
        """One page. A position is the page's number and the size that was asked for: other sizes, other pages."""
        number, size = place_of(position, self._page_size)
        paging = {"$page": str(number), "$pagesize": str(size)}
        answer = self._ask(listing, paging)
        meta = answer.value.meta
        if meta.current_page != number:
            raise UnexpectedAnswer(gettext_noop("The accounting system gave another page than the one asked for."))
        self._watch(listing, number, answer.value)
        return ListPage(
            data=answer.value.data,
            next_position=f"{number + 1}@{size}" if number < meta.total_number_of_pages else "",
            total=meta.total_number_of_results,
            server_time=server_time(answer),
        )

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

    def _ask(self, listing: Listing, paging: Mapping[str, str]) -> Answer[Envelope]:
        while True:
            level = self._level.get(listing.key, 0)
            try:
                return self._client.get(listing.path, Envelope, params={**listing.queries[level], **paging})
            except NotFound:
                raise UnexpectedAnswer(
                    gettext_noop("There is no such list at the address of the accounting system.")
                ) from None
            except Refused as error:
                if error.code not in BAD_QUERY or level + 1 == len(listing.queries):
                    raise
                self._level[listing.key] = level + 1

    def _watch(self, listing: Listing, number: int, envelope: Envelope) -> None:
        """Raises UnexpectedAnswer for a list that repeats itself or outgrows what it promised."""
        edges = tuple(bytes(raw) for raw in (*envelope.data[:1], *envelope.data[-1:]))
        walk = self._walks.get(listing.key)
        if walk is None or number <= walk.number:
            walk = self._walks[listing.key] = Walk(envelope.meta.total_number_of_pages, number, ())
        repeats = number == walk.number + 1 and bool(edges) and edges == walk.edges
        if repeats or number > walk.promised_pages * 1.1 + 10:
            raise UnexpectedAnswer(gettext_noop("The accounting system gives the same list over and over."))
        walk.number, walk.edges = number, edges


def place_of(position: str, page_size: int) -> tuple[int, int]:
    number, _, size = position.partition("@")
    return int(number or 1), int(size or page_size)


def understood(raw: msgspec.Raw, into: type[W]) -> W:
    try:
        return decode(bytes(raw), into)
    except (Malformed, Misshapen):
        raise UnexpectedAnswer(gettext_noop("The accounting system gave a list that we do not understand.")) from None


def server_time(answer: Answer[Envelope]) -> datetime | None:
    """The clock that changes are stamped by, else that of the web server."""
    try:
        return moment(answer.value.meta.server_time_utc, "ServerTimeUtc") or answer.server_time
    except Unreadable:
        return answer.server_time
