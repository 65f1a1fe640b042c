"""What a list of orders does not show: lines, delivery and project, asked for order by order.

Only of orders that may still be worked on: the others are of no use to a field-service firm, and there are many more.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import msgspec

from accounting.answers import Malformed, Misshapen, decode, encode
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

    def single(self, remote_id: str) -> bytes:
        """One order as the list would show it, with its details. Network: two GETs. Raises NotFound."""
        path = order_path(remote_id)
        whole = self._lists.orders.get(path, dict[str, Any], params={"expand": "Shipping"}).value
        customer, status = whole.get("customer") or {}, whole.get("status") or {}
        row = {
            **{
                name: whole.get(name)
                for name in ("type", "orderId", "date", "requestOn", "description", "lastModified")
            },
            "currency": whole.get("currencyId"),
            "status": status.get("description"),
            "customerId": customer.get("id"),
            "customerOrder": customer.get("order"),
            "customerRefNo": customer.get("refNo"),
            "head": {name: whole[name] for name in ("project", "shipping") if name in whole},
        }
        return b'%s,"lines":[%s]}' % (encode(row)[:-1], b",".join(self._lines(path)))

    def _with_details(self, raw: bytes, remote_id: str) -> bytes:
        path = order_path(remote_id)
        head = self._lists.orders.get(path, msgspec.Raw, params={"expand": "Shipping"}).value
        return b'%s,"head":%s,"lines":[%s]}' % (raw.rstrip()[:-1], bytes(head), b",".join(self._lines(path)))

    def _lines(self, path: str) -> list[bytes]:
        pages = self._lists.pages(Listing(path=f"{path}/lines", shape=Shape.ORDERS))
        return [bytes(line) for page in pages for line in page.rows]
