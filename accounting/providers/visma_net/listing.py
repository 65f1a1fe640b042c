"""Every sales document of the books, list by list: for an audit that asks what is there and not where ours are."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import datetime

from accounting.answers import Malformed, Misshapen, decode
from accounting.cleaning import Unreadable, moment
from accounting.providers.visma_net.lists import ORDER_LIST, Listing, Lists, Shape
from accounting.providers.visma_net.names import order_path
from accounting.providers.visma_net.receipts import FoundInvoice, FoundOrder, Sale, WholeOrder
from accounting.providers.visma_net.search import present
from accounting.providers.visma_net.streams import bare, is_recent, utc
from accounting.types import Batch, Receipt, Rejected, SalesDocumentRecord, Stage

Read = Callable[[Lists, bytes], SalesDocumentRecord]


def list_documents(lists: Lists, since: datetime) -> Iterator[Batch[SalesDocumentRecord]]:
    """The documents page by page, orders first: one that is invoiced meanwhile is met as the one or as the other.

    Drafts and invoices are one list, and an invoice keeps its number when it is booked.
    """
    orders = Listing(path=ORDER_LIST, shape=Shape.ORDERS, params={"modifiedSince": utc(since)})
    changed = {"lastModifiedDateTime": bare(since), "lastModifiedDateTimeCondition": ">="}
    invoices = Listing(path="v1/customerinvoice", params=changed)
    yield from batches(lists, orders, "lastModified", since, read_order)
    yield from batches(lists, invoices, "lastModifiedDateTime", since, read_invoice)


def batches(
    lists: Lists, listing: Listing, stamp: str, since: datetime, read: Read
) -> Iterator[Batch[SalesDocumentRecord]]:
    """The list's pages; a document that cannot be read spoils no other."""
    for page in lists.pages(listing):
        records: list[SalesDocumentRecord] = []
        rejected: list[Rejected] = []
        for raw in map(bytes, page.rows):
            if not is_recent(raw, stamp, since):
                continue
            try:
                records.append(read(lists, raw))
            except (Malformed, Misshapen, Unreadable) as error:
                known_as = name_of(raw)
                rejected.append(Rejected(remote_id=known_as, sentence=f"Sales document {known_as}: {error}."))
        yield Batch(records=records, rejected=rejected)


def name_of(raw: bytes) -> str:
    """The id of a document that could not be read, as far as it can be told."""
    try:
        members = decode(raw, dict[str, object])
    except (Malformed, Misshapen):
        return ""
    order = [members.get(name) for name in ("type", "orderId")]
    if all(isinstance(part, str) for part in order):
        return "/".join(map(str, order))
    return str(members.get("referenceNumber") or "")


def read_order(lists: Lists, raw: bytes) -> SalesDocumentRecord:
    """The list knows an order's total without its VAT, so one that may be ours is asked for by itself."""
    listed = decode(raw, FoundOrder)
    whole = present(lists.orders, order_path(listed.remote_id), WholeOrder) if listed.customer_order else None
    record = record_of(whole or listed)
    return record if listed.last_modified is None else changed_at(record, listed.last_modified, "lastModified")


def read_invoice(lists: Lists, raw: bytes) -> SalesDocumentRecord:
    found = decode(raw, FoundInvoice)
    return changed_at(record_of(found), found.last_modified_date_time, "lastModifiedDateTime")


def changed_at(record: SalesDocumentRecord, stamp: str | None, field: str) -> SalesDocumentRecord:
    return dataclasses.replace(record, changed_at=moment(stamp, field))


def record_of(found: Sale) -> SalesDocumentRecord:
    receipt = found.receipt("")
    created = found.created_date_time if isinstance(found, FoundInvoice) else None
    made_of = found.orders() if isinstance(found, FoundInvoice) else ()
    return SalesDocumentRecord(
        remote_id=receipt.remote_id,
        stage=receipt.stage,
        number=receipt.number,
        texts=tuple(text.strip() for text in found.texts() if text and text.strip()),
        customer_remote_id=receipt.customer_remote_id,
        currency=receipt.currency,
        totals=receipt.totals,
        # The sales order service does not tell when an order was made.
        created_at=moment(created, "createdDateTime"),
        is_credit=isinstance(found, FoundInvoice) and found.is_credit,
        made_of=tuple(Receipt(stage=Stage.ORDER, remote_id=each) for each in made_of),
    )
