"""Our names for the books' records. Numbers alone would collide: 1 is a unit, a layout, an order and an invoice.

An invoice draft's number is given again once the draft is deleted. The handle, a second number that is never
given twice, therefore stands in its id where the books tell it.
"""

from __future__ import annotations

from accounting.errors import NotFound, Refused
from accounting.types import Stage, gettext_noop

UNIT, TERMS, GROUP, CUSTOMER_GROUP, ZONE, LAYOUT = "unit", "terms", "group", "customer-group", "zone", "layout"
PREFIXES = {Stage.ORDER: "order", Stage.DRAFT: "draft", Stage.INVOICE: "invoice"}


def named(prefix: str, number: int | None) -> str:
    """`unit-3`; empty for nothing."""
    return "" if number is None else f"{prefix}-{number}"


def sale_id(stage: Stage, number: int, handle: int | None = None) -> str:
    """`order-12`, `invoice-10001`, `draft-368-292`."""
    return f"{PREFIXES[stage]}-{number}" + (f"-{handle}" if handle and stage is Stage.DRAFT else "")


def number_of(remote_id: str, prefix: str) -> int:
    """The number in an id of that kind. Raises Refused for any other text."""
    kind, _, rest = remote_id.rpartition("-") if prefix != "draft" else remote_id.partition("-")
    number = rest.partition("-")[0]
    if kind != prefix or not is_number(number):
        raise Refused(gettext_noop("This does not belong to these books."))
    return int(number)


def sale_number(stage: Stage, remote_id: str) -> int:
    """The number of an order, draft or invoice. Raises NotFound for any other text."""
    try:
        return number_of(remote_id, PREFIXES[stage])
    except (Refused, KeyError):
        raise NotFound(gettext_noop("This is not in the accounting system any more.")) from None


def handle_in(remote_id: str) -> int | None:
    """The handle in a draft's id, where it has one."""
    _, _, handle = remote_id.partition("-")[2].partition("-")
    return int(handle) if is_number(handle) else None


def is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) > 0
