"""What is in a document that would be sent, field by field, and what the books will make of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from accounting.types import (
    ArticleDocument,
    CustomerDocument,
    Document,
    DocumentLine,
    SalesDocument,
    gettext_noop,
)
from fieldwork.models import WorkOrder
from integrations.exports import CUSTOMER_UPDATE, Record, thaw
from integrations.models import Operation, PlanEntry
from integrations.planning.fields import LINE, Change, as_text, change
from integrations.sending.preconditions import Surroundings

OF_CUSTOMER = ("number", "name", "organisation_number", "vat_number", "email", "phone", "mobile", "website")
OF_ADDRESS = ("street", "street2", "postcode", "city", "country")
OF_ARTICLE = ("number", "name", "price", "vat_percent", "ean")
CUSTOMER, ARTICLE, ORDER = "fieldwork.Customer", "fieldwork.Material", "fieldwork.WorkOrder"


def describe(entry: PlanEntry, operation: Operation, document: Document, record: Record, around: Surroundings) -> None:
    """The fields of the document, with those that it would replace, and its predicted totals."""
    if isinstance(document, SalesDocument):
        former = operation.target
        replaced = thaw(former.kind, former.payload) if former is not None and former.payload else None
        replaced = replaced if isinstance(replaced, SalesDocument) else None
        customer = (
            [change(f"{ORDER}.customer", "", record.customer)] if isinstance(record, WorkOrder) and not replaced else []
        )
        entry.changes = [*customer, *fields_of_sale(document, replaced)]
        totals = around.connection.ledger_provider.predict(document, around.creation.known.company)
        if totals is not None:
            entry.net, entry.total, entry.currency = totals.net, totals.total, document.currency[:3]
    elif isinstance(document, CustomerDocument):
        entry.changes = list(fields_of_customer(document))
    elif isinstance(document, ArticleDocument):
        values = {name: getattr(document, name) for name in OF_ARTICLE}
        entry.changes = [change(f"{ARTICLE}.{name}", "", value) for name, value in values.items() if value]


def fields_of_customer(document: CustomerDocument) -> Iterator[Change]:
    given = {name: getattr(document, name) for name in OF_CUSTOMER}
    given |= {name: getattr(document.address, name) for name in OF_ADDRESS}
    return (change(f"{CUSTOMER}.{name}", "", value) for name, value in given.items() if value)


def fields_of_change(operation: Operation, record: Record) -> Iterator[Change]:
    """What an update would bring. What stands over there now, only the books know."""
    if operation.kind != CUSTOMER_UPDATE:
        return
    for name in operation.fields:
        for part in OF_ADDRESS if name == "address" else (name,):
            if value := getattr(record, part, ""):
                yield change(f"{CUSTOMER}.{part}", "", value)


def fields_of_sale(document: SalesDocument, former: SalesDocument | None) -> Iterator[Change]:
    """Of a new document everything, of one that is written over another just what differs."""
    before = former.your_reference if former else ""
    if former is None or before != document.your_reference:
        yield change(f"{ORDER}.your_reference", before, document.your_reference)
    if former is None:
        yield change(gettext_noop("Our reference"), "", document.reference)
        yield from map(new_line, filter(is_billed, document.lines))
        return
    pairs = zip_longest(
        map(line_told, filter(is_billed, former.lines)), map(line_told, filter(is_billed, document.lines))
    )
    for old, new in pairs:
        if old != new:
            yield change(gettext_noop("Line"), old or "", new or "")


def is_billed(line: DocumentLine) -> bool:
    return bool(line.quantity)


def new_line(line: DocumentLine) -> Change:
    figures = (line.quantity, line.unit, line.unit_price, line.discount_percent or "")
    return [gettext_noop("Line"), "", line.text, LINE, *map(as_text, figures)]


def line_told(line: DocumentLine) -> str:
    return f"{line.text}: {as_text(line.quantity)} {line.unit} × {as_text(line.unit_price)}"
