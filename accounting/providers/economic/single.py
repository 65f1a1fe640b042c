"""One record by its id, as the lists would have brought it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from accounting.errors import NotFound, UnexpectedAnswer
from accounting.protocol import R
from accounting.providers.economic.codings import rates_of, with_rate
from accounting.providers.economic.lists import Lists
from accounting.providers.economic.orders import with_lines
from accounting.providers.economic.receipts import ORDER_LISTS
from accounting.providers.economic.remote_ids import is_number
from accounting.providers.economic.streams import Stream, decoder_of, entry_of, refuse_unknown, service_page, translate
from accounting.providers.economic.wire import path_to
from accounting.types import CodingRecord, Record, SalesOrderRecord, gettext_noop

Fetch = Callable[[Lists, Stream, int | str], msgspec.Raw]


def record_of(lists: Lists, kind: type[R], remote_id: str) -> R:
    """Network: one GET; of a product group and an order some more.

    Raises NotFound for an id that these books cannot have, UnexpectedAnswer for what cannot be read.
    """
    stream = refuse_unknown(kind)
    raw = FETCHES.get(kind, plain)(lists, stream, key_in(stream, remote_id))
    batch = translate(kind, stream, [entry_of(stream, decoder_of(stream), raw)])
    if batch.rejected:
        raise UnexpectedAnswer(batch.rejected[0].sentence)
    return batch.records[0]


def key_in(stream: Stream, remote_id: str) -> int | str:
    """What stands in a path for the id. Raises NotFound."""
    prefix = f"{stream.prefix}-" if stream.prefix else ""
    key = remote_id.strip().removeprefix(prefix)
    if key and stream.key == "productNumber":
        return key
    if not remote_id.strip().startswith(prefix) or not is_number(key):
        raise NotFound(gettext_noop("This is not in the accounting system any more."))
    return int(key)


def plain(lists: Lists, stream: Stream, key: int | str) -> msgspec.Raw:
    if stream.read is service_page:
        return lists.wire.get_service(f"{stream.path}/{key}", msgspec.Raw).value
    return lists.wire.get(path_to(stream.path, key), msgspec.Raw).value


def coding(lists: Lists, stream: Stream, key: int | str) -> msgspec.Raw:
    return with_rate(lists, plain(lists, stream, key), rates_of(lists))


def order(lists: Lists, stream: Stream, key: int | str) -> msgspec.Raw:
    """From whichever of the three lists has it."""
    for path in ORDER_LISTS[:-1]:
        try:
            head = lists.wire.get(path_to(path, key), msgspec.Raw).value
        except NotFound:
            continue
        return with_lines(lists, path.partition("/")[2], [head])[0]
    head = lists.wire.get(path_to(ORDER_LISTS[-1], key), msgspec.Raw).value
    return with_lines(lists, "archived", [head])[0]


FETCHES: Mapping[type[Record], Fetch] = {CodingRecord: coding, SalesOrderRecord: order}
