"""Every sales document of the books, list by list: for an audit that asks what is there and not where ours are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from accounting.answers import Malformed, Misshapen, decode
from accounting.cleaning import Unreadable, moment, remote_id
from accounting.errors import NotAllowed
from accounting.providers.visma_eaccounting.lists import Listing, Lists
from accounting.providers.visma_eaccounting.receipts import FoundDraft, FoundInvoice, FoundOrder, Sale
from accounting.providers.visma_eaccounting.streams import entry_of, utc
from accounting.types import Batch, Receipt, Rejected, SalesDocumentRecord, Stage


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """One list of sales documents; `noun` is for people."""

    listing: Listing
    kind: type[Sale]
    noun: str


def shelves(since: datetime) -> Sequence[Shelf]:
    """Drafts first and invoices last: what is converted meanwhile is met as the one or as the other.

    Drafts do not tell when they were changed, so all of them come.
    """
    changed = {"$filter": f"ModifiedUtc ge {utc(since)}"}
    plain = {"modifiedSinceUtc": utc(since)}
    return (
        Shelf(listing=Listing("drafts listed", FoundDraft.path, ({},)), kind=FoundDraft, noun="Invoice draft"),
        Shelf(listing=Listing("orders listed", FoundOrder.path, (changed, {})), kind=FoundOrder, noun="Sales order"),
        Shelf(listing=Listing("invoices listed", FoundInvoice.path, (plain, {})), kind=FoundInvoice, noun="Invoice"),
    )


def list_documents(
    lists: Lists, since: datetime, *, orders_are_off: Callable[[], bool]
) -> Iterator[Batch[SalesDocumentRecord]]:
    """The documents page by page. Where the company cannot have orders there are none; any other refusal is raised."""
    for shelf in shelves(since):
        try:
            yield from pages_of(lists, shelf)
        except NotAllowed:
            if shelf.kind is not FoundOrder or not orders_are_off():
                raise


def pages_of(lists: Lists, shelf: Shelf) -> Iterator[Batch[SalesDocumentRecord]]:
    position = ""
    while True:
        page = lists.page(shelf.listing, position)
        yield batch_of(shelf, page.data)
        if not page.next_position:
            return
        position = page.next_position


def batch_of(shelf: Shelf, data: Sequence[msgspec.Raw]) -> Batch[SalesDocumentRecord]:
    """The documents of a page; one that cannot be read spoils no other."""
    records: list[SalesDocumentRecord] = []
    rejected: list[Rejected] = []
    for raw in data:
        try:
            records.append(record_of(decode(bytes(raw), shelf.kind)))
        except (Malformed, Misshapen, Unreadable) as error:
            known_as = entry_of(raw).remote_id
            rejected.append(Rejected(remote_id=known_as, sentence=f"{shelf.noun} {known_as}: {error}."))
    return Batch(records=records, rejected=rejected)


def record_of(found: Sale) -> SalesDocumentRecord:
    receipt = found.receipt("")
    return SalesDocumentRecord(
        remote_id=receipt.remote_id,
        stage=receipt.stage,
        number=receipt.number,
        texts=tuple(text.strip() for text in found.texts() if text and text.strip()),
        customer_remote_id=receipt.customer_remote_id,
        currency=receipt.currency,
        totals=receipt.totals,
        created_at=moment(found.created_utc, "CreatedUtc"),
        changed_at=moment(receipt.version, "ModifiedUtc"),
        is_credit=bool(found.is_credit_invoice),
        made_of=tuple(ancestors(found)),
    )


def ancestors(found: Sale) -> Iterator[Receipt]:
    if isinstance(found, FoundInvoice):
        for stage, id in ((Stage.ORDER, found.created_from_order_id), (Stage.DRAFT, found.created_from_draft_id)):
            if known := remote_id(id):
                yield Receipt(stage=stage, remote_id=known)
