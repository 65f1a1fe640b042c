"""Sales orders with their lines: the legacy host has the heads, the services the lines of a whole page at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from accounting.providers.economic.lists import Listing, ListPage, Lists
from accounting.providers.economic.wire import QUOTES_TO_CASH

# Drafts first: one that is sent meanwhile is met as the one, the other or both.
STAGES = ("drafts", "sent")
MOST_NUMBERS = 200


class Numbered(msgspec.Struct, kw_only=True, rename="camel", gc=False):
    order_number: int | None = None


_number = msgspec.json.Decoder(Numbered)


def order_page(lists: Lists, listing: Listing, position: str) -> ListPage:
    """A page of drafts or of sent orders. A position is the stage, the page in it, and the total of both stages.

    Network: one GET for the heads and one per 1000 lines; on the first page one more to count.
    """
    stage, _, rest = position.partition(":")
    place, _, promised = rest.partition("#")
    stage = stage or STAGES[0]
    here = in_stage(listing, stage)
    page = lists.page(here, place, most=MOST_NUMBERS)
    total = int(promised) if promised else (page.total or 0) + lists.count(in_stage(listing, STAGES[1]))
    if page.next_position:
        following = f"{stage}:{page.next_position}#{total}"
    elif stage == STAGES[0] and total > (page.total or 0):
        following = f"{STAGES[1]}:#{total}"
    else:
        following = ""
    if not page.data and following:
        return order_page(lists, listing, following)
    return ListPage(with_lines(lists, stage, page.data), following, total, page.server_time)


def in_stage(listing: Listing, stage: str) -> Listing:
    return Listing(f"{listing.key} {stage}", f"orders/{stage}", listing.queries)


def with_lines(lists: Lists, stage: str, heads: list[msgspec.Raw]) -> list[msgspec.Raw]:
    numbers = [number_in(raw) for raw in heads]
    lines = lines_of(lists, stage, [number for number in numbers if number is not None])
    return [
        msgspec.Raw(
            b'{"stage":"'
            + stage.encode()
            + b'","order":'
            + bytes(raw)
            + b',"lines":['
            + b",".join(lines[number])
            + b"]}"
        )
        for number, raw in zip(numbers, heads, strict=True)
    ]


def lines_of(lists: Lists, stage: str, numbers: list[int]) -> dict[int | None, list[bytes]]:
    """The lines of these orders, as they came, by order."""
    found: dict[int | None, list[bytes]] = defaultdict(list)
    for start in range(0, len(numbers), MOST_NUMBERS):
        for raw in lists.every_item(asking_for(stage, numbers[start : start + MOST_NUMBERS])):
            found[number_in(raw)].append(bytes(raw))
    return found


def asking_for(stage: str, numbers: Iterable[int]) -> Listing:
    wanted = ",".join(map(str, numbers))
    query = {"filter": f"orderNumber$in:[{wanted}]"}
    return Listing("lines", f"{QUOTES_TO_CASH}/orders/{stage}/lines", (query,))


def number_in(raw: msgspec.Raw) -> int | None:
    try:
        return _number.decode(raw).order_number
    except msgspec.MsgspecError:
        return None
