"""Looks in the books for what we may have written already.

Customers and items are known by their number, or a new customer by our reference in its account reference. Invoices can
be asked for by their external reference. Orders cannot, so the customer's orders that changed since are read and
compared. An order that was invoiced is told as its invoice alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from accounting.client import Client
from accounting.errors import NotFound
from accounting.providers.visma_net.lists import ORDER_LIST, Listing, Lists, Shape
from accounting.providers.visma_net.names import order_path, segment
from accounting.providers.visma_net.receipts import (
    FoundCustomer,
    FoundInvoice,
    FoundItem,
    FoundOrder,
    Shipment,
    WholeOrder,
    carries,
)
from accounting.providers.visma_net.streams import STREAMS, bare, entry_of, translate, utc
from accounting.types import ArticleDocument, CustomerDocument, CustomerRecord, Document, Receipt, SalesDocument

T = TypeVar("T")
Hit = tuple[str, Receipt]

# Of more customers it is less work to read everybody's orders once.
CUSTOMERS_ASKED_ONE_BY_ONE = 10


def find_all(lists: Lists, documents: Sequence[Document], since: datetime) -> dict[str, list[Receipt]]:
    """By reference, everything there is of the documents."""
    found: dict[str, list[Receipt]] = {document.reference: [] for document in documents}
    for reference, receipt in (
        *find_customers(lists, [each for each in documents if isinstance(each, CustomerDocument)], since),
        *find_items(lists.erp, [each for each in documents if isinstance(each, ArticleDocument)]),
        *find_sales(lists, [each for each in documents if isinstance(each, SalesDocument)], since),
    ):
        found[reference].append(receipt)
    return found


# --- customers and items -----------------------------------------------------------


def find_customers(lists: Lists, documents: Sequence[CustomerDocument], since: datetime) -> Iterator[Hit]:
    for document in documents:
        if document.number:
            found = present(lists.erp, f"v1/customer/{segment(document.number)}", FoundCustomer)
            if found is not None:
                yield document.reference, found.receipt(document.reference)
    wanted = {document.reference for document in documents if not document.number}
    if wanted:
        params = {"createdDateTime": bare(since), "createdDateTimeCondition": ">="}
        for each in lists.everything(Listing(path="v1/customer", params=params), FoundCustomer):
            reference = (each.account_reference or "").strip()
            if reference in wanted:
                yield reference, each.receipt(reference)


def find_items(erp: Client, documents: Sequence[ArticleDocument]) -> Iterator[Hit]:
    for document in documents:
        found = present(erp, f"v1/inventory/{segment(document.number)}", FoundItem)
        if found is not None:
            yield document.reference, found.receipt(document.reference)


def present(client: Client, path: str, into: type[T]) -> T | None:
    """The record, or nothing where the books say that there is none."""
    try:
        return client.get(path, into).value
    except NotFound:
        return None


# --- sales -----------------------------------------------------------------------


def find_sales(lists: Lists, documents: Sequence[SalesDocument], since: datetime) -> Iterator[Hit]:
    """Orders first and invoices last: an order that is invoiced meanwhile is met as the one or as the other."""
    if not documents:
        return
    orders = find_orders(lists, documents, since)
    invoices = {reference: find_invoices(lists, reference) for reference in orders}
    for reference, own in orders.items():
        made = {invoice.reference_number: invoice for invoice in invoices[reference]}
        for order in own:
            made |= {invoice.reference_number: invoice for invoice in invoices_of(lists, order)}
        invoiced = {order_id for invoice in made.values() for order_id in invoice.orders()}
        receipts = [invoice.receipt(reference) for invoice in made.values()]
        receipts += [order.receipt(reference) for order in own if order.remote_id not in invoiced]
        for receipt in receipts:
            yield reference, receipt


def find_orders(lists: Lists, documents: Sequence[SalesDocument], since: datetime) -> dict[str, list[WholeOrder]]:
    """By reference, the orders that carry it, whatever their type and state."""
    carriers: dict[str, dict[str, FoundOrder]] = {document.reference: {} for document in documents}
    for order in recent_orders(lists, {document.customer_remote_id for document in documents}, since):
        for reference, own in carriers.items():
            if carries(order, reference):
                own[order.remote_id] = order
    found: dict[str, list[WholeOrder]] = {}
    for reference, orders in carriers.items():
        whole = [present(lists.orders, order_path(each), WholeOrder) for each in orders]
        found[reference] = [each for each in whole if each is not None]
    return found


def recent_orders(lists: Lists, customers: set[str], since: datetime) -> Iterator[FoundOrder]:
    """The customers' orders that changed since then; everybody's where there are many to ask about."""
    some = sorted(customers) if len(customers) <= CUSTOMERS_ASKED_ONE_BY_ONE else [""]
    for customer in some:
        params = {"modifiedSince": utc(since), **({"customerId": customer} if customer else {})}
        yield from lists.everything(Listing(path=ORDER_LIST, shape=Shape.ORDERS, params=params), FoundOrder)


def find_invoices(lists: Lists, reference: str) -> list[FoundInvoice]:
    """The invoices with that external reference, on hold or booked.

    The filter may be ignored over there, so every row is looked at. A credit note repeats what it credits.
    """
    listing = Listing(path="v1/customerinvoice", params={"externalReference": reference})
    found = lists.everything(listing, FoundInvoice)
    return [each for each in found if carries(each, reference) and not each.is_credit]


def invoices_of(lists: Lists, order: WholeOrder) -> list[FoundInvoice]:
    """The invoices that an order was made into, by its shipments: they need not carry our reference."""
    shipments = present(lists.orders, f"{order_path(order.remote_id)}/shipment", list[Shipment]) or []
    numbers = dict.fromkeys(number for each in shipments if (number := (each.invoice_id or "").strip()))
    found = (present(lists.erp, f"v1/customerinvoice/{segment(number)}", FoundInvoice) for number in numbers)
    return [each for each in found if each is not None and not each.is_credit]


# --- alike -----------------------------------------------------------------------


def find_like(lists: Lists, document: CustomerDocument) -> list[CustomerRecord]:
    """Whoever has the number, organisation number or e-mail; a customer that cannot be read is nobody's likeness.

    A filter may be ignored over there, so it is asked for a page at most, and every row is looked at.
    """
    marks = {
        "corporateId": [document.organisation_number, "".join(filter(str.isdigit, document.organisation_number))],
        "email": [document.email],
    }
    rows: list[bytes] = []
    if document.number:
        known = present(lists.erp, f"v1/customer/{segment(document.number)}", msgspec.Raw)
        rows += [bytes(known)] if known is not None else []
    for name, forms in marks.items():
        for form in dict.fromkeys(filter(None, forms)):
            rows += map(bytes, lists.page(Listing(path="v1/customer", params={name: form})).rows)
    stream = STREAMS[CustomerRecord]
    found = translate(CustomerRecord, stream, [entry_of(stream, raw) for raw in rows]).records
    return list({each.remote_id: each for each in found if is_like(each, document)}.values())


def is_like(record: CustomerRecord, document: CustomerDocument) -> bool:
    def digits(text: str) -> str:
        return "".join(filter(str.isdigit, text))

    pairs = (
        (record.number, document.number),
        (digits(record.organisation_number), digits(document.organisation_number)),
        (record.email.lower(), document.email.lower()),
    )
    return any(theirs == ours != "" for theirs, ours in pairs)
