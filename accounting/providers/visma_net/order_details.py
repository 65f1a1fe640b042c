"""What a list of orders does not show: lines, delivery and project, asked for order by order.

Only of orders that may still be worked on: the others are of no use to a field-service firm, and there are many more.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import msgspec

from accounting.answers import Malformed, Misshapen, decode
from accounting.errors import NotFound
from accounting.providers.visma_net.lists import Listing, Lists, Shape
from accounting.providers.visma_net.names import order_path
from accounting.providers.visma_net.questions import ORDER_TYPES
from accounting.providers.visma_net.records import ORDER_STATES, number_of
from accounting.providers.visma_net.resources import Resource
from accounting.types import OrderState

WORKED_ON = frozenset(word for word, state in ORDER_STATES.items() if state is OrderState.CONFIRMED)


class OrderType(Resource):
    order_type: str
    behavior: str | None = None


class Known(Resource):
    type: str
    order_id: str
    status: str | None = None


class OrderDetails:
    """Completes the rows of one session's order lists."""

    def __init__(self, lists: Lists) -> None:
        self._lists = lists

    @cached_property
    def _types(self) -> frozenset[str]:
        """The types that are orders; quotes and credit notes stand in the same list."""
        types = self._lists.everything(ORDER_TYPES, OrderType)
        return frozenset(each.order_type for each in types if each.behavior == "SalesOrder")

    def complete(self, rows: list[msgspec.Raw]) -> Iterator[bytes]:
        """The rows with their details. Network: two GETs for each order that may be worked on."""
        for raw in map(bytes, rows):
            try:
                found = decode(raw, Known)
            except (Malformed, Misshapen):
                # It is rejected by its own name when it is read.
                yield raw
                continue
            if found.status not in WORKED_ON or found.type not in self._types:
                yield raw
                continue
            try:
                yield self._with_details(raw, f"{number_of(found.type)}/{number_of(found.order_id)}")
            except NotFound:
                # Deleted since the list was made.
                continue

    def _with_details(self, raw: bytes, remote_id: str) -> bytes:
        path = order_path(remote_id)
        head = self._lists.orders.get(path, msgspec.Raw, params={"expand": "Shipping"}).value
        lines = [
            bytes(line)
            for page in self._lists.pages(Listing(path=f"{path}/lines", shape=Shape.ORDERS))
            for line in page.rows
        ]
        return b'%s,"head":%s,"lines":[%s]}' % (raw.rstrip()[:-1], bytes(head), b",".join(lines))
