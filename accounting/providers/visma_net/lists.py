"""Lists of both hosts: page by page, as much as the server gives, and never for ever.

| shape      | where           | how it ends                                                                  |
|------------|-----------------|------------------------------------------------------------------------------|
| ROWS       | most of the ERP | a bare array; every row says how many there are and how many fit on a page   |
| ENVELOPE   | credit terms    | an object that says it once                                                   |
| WHOLE      | short lists     | everything at once                                                            |
| ORDERS     | sales orders    | pages are counted from zero, and the envelope says how many orders there are |

Unknown filters are ignored over there without a word, so what comes back is looked at again by whoever asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

import msgspec

from accounting.answers import Answer, Malformed, Misshapen, decode
from accounting.client import Client
from accounting.errors import NotFound, UnexpectedAnswer
from accounting.providers.visma_net.resources import Envelope, Metadata, OrderPage, WithMetadata
from accounting.types import gettext_noop

W = TypeVar("W")
ORDER_LIST = "api/v3/SalesOrders"


class Shape(Enum):
    ROWS = "rows"
    ENVELOPE = "envelope"
    WHOLE = "whole"
    ORDERS = "orders"


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """What to ask for."""

    path: str
    shape: Shape = Shape.ROWS
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ListPage:
    """`next_position` is empty on the last page."""

    rows: list[msgspec.Raw]
    next_position: str
    total: int | None
    server_time: datetime | None


class Lists:
    """The lists of one company. `page_size` is a wish; the server's answer counts."""

    def __init__(self, erp: Client, orders: Client, page_size: int) -> None:
        self.erp = erp
        self.orders = orders
        self._page_size = page_size
        self._last: dict[object, tuple[int, tuple[bytes, ...]]] = {}

    @property
    def requests(self) -> int:
        return self.erp.requests + self.orders.requests

    def page(self, listing: Listing, position: str = "", *, at_most: int = 0) -> ListPage:
        """One page. A position is the page's number and the size that was asked for: other sizes, other pages."""
        number, size = place_of(position, min(self._page_size, at_most or self._page_size))
        try:
            page = READERS[listing.shape](self, listing, number, size)
        except NotFound:
            raise UnexpectedAnswer(
                gettext_noop("There is no such list at the address of the accounting system.")
            ) from None
        self._watch(listing, number, page)
        return page

    def everything(self, listing: Listing, into: type[W]) -> Iterator[W]:
        """Every object of the list, to the last page. Raises when one of them cannot be read."""
        for page in self.pages(listing):
            for raw in page.rows:
                yield understood(raw, into)

    def pages(self, listing: Listing) -> Iterator[ListPage]:
        position = ""
        while True:
            page = self.page(listing, position)
            yield page
            if not page.next_position:
                return
            position = page.next_position

    # --- shapes ---

    def _whole(self, listing: Listing, number: int, size: int) -> ListPage:
        answer = self.erp.get(listing.path, list[msgspec.Raw], params=listing.params)
        return ListPage(answer.value, "", len(answer.value), answer.server_time)

    def _rows(self, listing: Listing, number: int, size: int) -> ListPage:
        paging = {"pageNumber": str(number), "pageSize": str(size)}
        answer = self.erp.get(listing.path, list[msgspec.Raw], params={**listing.params, **paging})
        meta = metadata_of(answer.value)
        if meta is None:
            # Nobody says how many there are: a short page is the last one.
            more, total = len(answer.value) >= size, None if answer.value or number > 1 else 0
        else:
            more, total = number * min(size, meta.max_page_size or size) < meta.total_count, meta.total_count
        return page_of(answer, answer.value, number, size, total=total, more=more and bool(answer.value))

    def _envelope(self, listing: Listing, number: int, size: int) -> ListPage:
        paging = {"pageNumber": str(number), "pageSize": str(size)}
        answer = self.erp.get(listing.path, Envelope, params={**listing.params, **paging})
        found = answer.value
        if found.page_number != number:
            raise UnexpectedAnswer(gettext_noop("The accounting system gave another page than the one asked for."))
        more = number * min(size, found.page_size or size) < found.total_count and bool(found.records)
        return page_of(answer, found.records, number, size, total=found.total_count, more=more)

    def _orders(self, listing: Listing, number: int, size: int) -> ListPage:
        paging = {"pageIndex": str(number - 1), "pageSize": str(size)}
        answer = self.orders.get(listing.path, OrderPage, params={**listing.params, **paging})
        found, total = answer.value.value, answer.value.total_count
        # The page may be smaller than the one asked for, and only the first one tells by how much.
        got = len(found)
        if total is None:
            more = got >= size
        elif got < size and number == 1 and got < total:
            return page_of(answer, found, number, got, total=total, more=got > 0)
        else:
            more = number * size < total and got > 0
        return page_of(answer, found, number, size, total=total, more=more)

    def _watch(self, listing: Listing, number: int, page: ListPage) -> None:
        """Raises UnexpectedAnswer for a list that gives the page before once more. Of one that ends nothing is kept."""
        edges = tuple(bytes(raw) for raw in (*page.rows[:1], *page.rows[-1:]))
        key = (listing.path, tuple(sorted(listing.params.items())))
        before, known = self._last.pop(key, (0, ()))
        if edges and number == before + 1 and edges == known:
            raise UnexpectedAnswer(gettext_noop("The accounting system gives the same list over and over."))
        if page.next_position:
            self._last[key] = (number, edges)


READERS: Mapping[Shape, Callable[[Lists, Listing, int, int], ListPage]] = {
    Shape.ROWS: Lists._rows,
    Shape.ENVELOPE: Lists._envelope,
    Shape.WHOLE: Lists._whole,
    Shape.ORDERS: Lists._orders,
}


def page_of(
    answer: Answer[Any], rows: list[msgspec.Raw], number: int, size: int, *, total: int | None, more: bool
) -> ListPage:
    return ListPage(rows, f"{number + 1}@{size}" if more else "", total, answer.server_time)


def place_of(position: str, page_size: int) -> tuple[int, int]:
    number, _, size = position.partition("@")
    return int(number or 1), int(size or page_size)


def metadata_of(rows: list[msgspec.Raw]) -> Metadata | None:
    """What the first row that can be read says of the whole list."""
    for raw in rows:
        try:
            return decode(bytes(raw), WithMetadata).metadata
        except (Malformed, Misshapen):
            continue
    return None


def understood(raw: msgspec.Raw | bytes, into: type[W]) -> W:
    try:
        return decode(bytes(raw), into)
    except (Malformed, Misshapen):
        raise UnexpectedAnswer(gettext_noop("The accounting system gave a list that we do not understand.")) from None
