"""Every sales document of the books, list by list: for an audit that asks what is there and not where ours are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec

from accounting.answers import Malformed, Misshapen, decode
from accounting.cleaning import Unreadable, moment
from accounting.providers.economic.lists import Listing, Lists
from accounting.providers.economic.receipts import FoundSale
from accounting.providers.economic.remote_ids import sale_id
from accounting.providers.economic.search import FOLLOWERS, SHELVES, changed_since, is_gone
from accounting.providers.economic.wire import Wire
from accounting.types import Batch, Receipt, Rejected, SalesDocumentRecord

MOST_WITH_ONE_TEXT = 5
NOUNS = {"order": "Sales order", "draft": "Invoice draft", "invoice": "Invoice"}


class Origins:
    """What was met of each text in `references.other`. The books do not tell what a document was made of: a later one
    with the same text was, when the earlier one is archived or gone by now."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._met: dict[str, list[tuple[str, FoundSale]]] = {}
        self._over: dict[tuple[str, int], bool] = {}

    def of(self, found: FoundSale) -> tuple[Receipt, ...]:
        """Network: one GET for an earlier document that is not archived; there is hardly ever one."""
        met = self._met.get(found.other, ()) if found.other else ()
        # What stands on many documents, a customer's own number perhaps, tells nothing about one of them.
        if len(met) > MOST_WITH_ONE_TEXT:
            return ()
        earlier = [(where, each) for where, each in met if found.stage in FOLLOWERS[each.stage]]
        return tuple(
            Receipt(stage=each.stage, remote_id=sale_id(each.stage, each.number, each.handle))
            for where, each in earlier
            if self._is_over(where, each)
        )

    def _is_over(self, where: str, found: FoundSale) -> bool:
        if (where, found.number) not in self._over:
            self._over[where, found.number] = where == "orders/archived" or is_gone(self._wire, where, found)
        return self._over[where, found.number]

    def note(self, where: str, found: FoundSale) -> None:
        if found.other and FOLLOWERS[found.stage]:
            self._met.setdefault(found.other, []).append((where, found))


def list_documents(lists: Lists, since: datetime) -> Iterator[Batch[SalesDocumentRecord]]:
    """The documents page by page, from the earliest stage to the last: what is converted meanwhile is met as the
    one or as the other. Archived orders and invoices do not tell when they changed, so older ones come along."""
    origins = Origins(lists.wire)
    for path, kind in SHELVES:
        listing, position = Listing(f"{path} listed", path, (changed_since(path, since), {})), ""
        while True:
            page = lists.page(listing, position)
            yield batch_of(path, kind, page.data, origins)
            if not page.next_position:
                break
            position = page.next_position


def batch_of(
    path: str, kind: type[FoundSale], data: Sequence[msgspec.Raw], origins: Origins
) -> Batch[SalesDocumentRecord]:
    """The documents of a page; one that cannot be read spoils no other."""
    records: list[SalesDocumentRecord] = []
    rejected: list[Rejected] = []
    for raw in data:
        try:
            found = decode(bytes(raw), kind)
            records.append(record_of(found, origins))
        except (Malformed, Misshapen, Unreadable) as error:
            known_as = id_of(kind, raw)
            rejected.append(Rejected(remote_id=known_as, sentence=f"{NOUNS[kind.stage]} {known_as}: {error}."))
        else:
            origins.note(path, found)
    return Batch(records=records, rejected=rejected)


def record_of(found: FoundSale, origins: Origins) -> SalesDocumentRecord:
    receipt = found.receipt("")
    return SalesDocumentRecord(
        remote_id=receipt.remote_id,
        stage=receipt.stage,
        number=receipt.number,
        texts=tuple(text.strip() for text in found.texts() if text and text.strip()),
        customer_remote_id=receipt.customer_remote_id,
        currency=receipt.currency,
        totals=receipt.totals,
        changed_at=moment(found.last_updated, "lastUpdated"),
        is_credit=found.is_credit,
        made_of=origins.of(found),
    )


def id_of(kind: type[FoundSale], raw: msgspec.Raw) -> str:
    """The id of a document that cannot be read, as far as that can; empty where it cannot."""
    member = "".join(word.capitalize() if place else word for place, word in enumerate(kind.numbered_by.split("_")))
    try:
        members = decode(bytes(raw), dict[str, Any])
    except (Malformed, Misshapen):
        return ""
    number, soap = members.get(member), members.get("soap")
    handles = [each.get("id") for each in soap.values() if isinstance(each, dict)] if isinstance(soap, dict) else []
    return sale_id(kind.stage, number, handles[0] if handles else None) if isinstance(number, int) else ""
