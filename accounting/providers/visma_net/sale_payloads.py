"""Sales orders and customer invoices as request bodies: plain for the one service, wrapped for the other.

Neither has rows of mere text. On an order they stand in its note, on an invoice in the text above its lines. Our
reference stands where the lists show it: the customer's order number of an order, the external reference of an invoice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from accounting.cleaning import rounded
from accounting.errors import Refused
from accounting.providers.visma_net.payloads import Json, wrapped
from accounting.providers.visma_net.prices import unit_price
from accounting.providers.visma_net.records import USUAL_TYPE
from accounting.types import Address, DocumentLine, InvoiceDraft, SalesDocument, SalesOrder, gettext_noop

PLACES = 6


def texts_of(document: SalesDocument) -> list[str]:
    """The rows of text, without the title that is said elsewhere."""
    said = [line.text.strip() for line in document.lines if line.is_text and line.text.strip()]
    return said[1:] if said and said[0] == document.title.strip() else said


def project_of(document: SalesDocument) -> str:
    """The project of the whole document: over there a line cannot have one of its own."""
    return next((line.project_remote_id for line in document.lines if line.project_remote_id), "")


def wire_day(day: date) -> str:
    return f"{day.isoformat()}T00:00:00"


def price_of(line: DocumentLine, document: SalesDocument) -> Decimal:
    """Raises Refused when the price cannot be converted."""
    price = unit_price(line, document)
    if price is None:
        raise Refused(gettext_noop("A line has no VAT rate, so its price cannot be converted."), field="vat_percent")
    return price


# --- orders ----------------------------------------------------------------------


def order_body(document: SalesOrder) -> Json:
    """A new order. Raises Refused for a price that cannot be converted."""
    parts = order_parts(document)
    answers = document.answers
    status = answers.get("order_status") or "Open"
    command: Json = {"type": answers.get("order_type") or USUAL_TYPE, "status": status}
    if branch := answers.get("branch"):
        command["branchId"] = branch
    if method := answers.get("payment_method_of_sales"):
        command["paymentSettings"] = {"paymentMethodId": method}
    if warehouse := answers.get("warehouse"):
        command["shipping"] = {"preferredWarehouseId": warehouse}
    for field in order_fields(document):
        command = deeper(command, parts[field])
    return {**command, "orderLines": order_lines(document)}


def order_fields(document: SalesOrder) -> Iterator[str]:
    """The fields that have something to say."""
    yield from ("customer_remote_id", "reference", "dated", "currency")
    said = {
        "your_reference": document.your_reference,
        "deliver_on": document.deliver_on,
        "title": document.title,
        "terms_remote_id": document.terms_remote_id,
        "delivery_address": document.delivery_address != Address(),
        "lines": texts_of(document) or project_of(document),
    }
    yield from (field for field, value in said.items() if value)


def order_parts(document: SalesOrder) -> Mapping[str, Json]:
    """By our field, its part of an order's head. What is in the delivery goes together: nothing of it is filled in.

    An order without an address of its own is delivered where the customer's orders are, so then nothing is said.
    """
    project = project_of(document)
    delivery = delivery_of(document) if document.delivery_address != Address() else {}
    return {
        "customer_remote_id": {"customer": {"id": document.customer_remote_id}},
        "reference": {"customer": {"order": document.reference}},
        "your_reference": {"customer": {"refNo": document.your_reference}},
        "terms_remote_id": {"customer": {"termsId": document.terms_remote_id or None}},
        "dated": {"date": wire_day(document.dated)},
        "deliver_on": {"requestOn": wire_day(document.deliver_on) if document.deliver_on else None},
        "currency": {"currencyId": document.currency},
        "title": {"description": document.title.strip()},
        "lines": {"note": "\n".join(texts_of(document)), **({"projectId": project} if project else {})},
        "delivery_address": delivery,
        "delivery_name": delivery,
        "our_reference": {},
        "work_order_number": {},
        "customer_is_company": {},
        "prices_include_vat": {},
    }


def delivery_of(document: SalesOrder) -> Json:
    place = document.delivery_address
    address = {
        "line1": place.street,
        "line2": place.street2,
        "postalCode": place.postcode,
        "city": place.city,
        "countryId": place.country or None,
    }
    named = {"contact": {"name": document.delivery_name}} if document.delivery_name else {}
    return {"shipping": {"address": address, **named}}


def deeper(command: Json, part: Json) -> Json:
    """The command with the part in it; objects are joined."""
    joined = dict(command)
    for name, value in part.items():
        both = isinstance(value, dict) and isinstance(joined.get(name), dict)
        joined[name] = {**joined[name], **value} if both else value
    return joined


def order_changes(document: SalesOrder, fields: frozenset[str]) -> Json:
    """Just these fields of the head. Raises KeyError for a field that has no place: a bug of ours."""
    parts = order_parts(document)
    command: Json = {}
    for field in sorted(fields):
        command = deeper(command, parts[field])
    return command


def order_lines(document: SalesOrder) -> list[Json]:
    return [order_line(line, document) for line in document.article_lines]


def order_line(line: DocumentLine, document: SalesOrder) -> Json:
    """A line with a price of its own. No item may have a negative quantity there, so the price is negative instead."""
    sign = -1 if line.quantity < 0 else 1
    body: Json = {
        "inventoryId": line.article_remote_id,
        "quantity": rounded(abs(line.quantity), PLACES),
        "unitPrice": price_of(line, document) * sign,
        "hasManualPrice": True,
        **({"description": line.text.strip()} if line.text.strip() else {}),
    }
    if line.discount_percent:
        body |= {"discountPercent": rounded(line.discount_percent, PLACES), "hasManualDiscount": True}
    return body


# --- invoices ----------------------------------------------------------------------


def invoice_body(document: InvoiceDraft) -> Json:
    """A new invoice, on hold. Raises Refused for a price that cannot be converted."""
    parts = invoice_parts(document)
    body: Json = {"hold": wrapped(True)}
    if branch := document.answers.get("branch"):
        body["branchNumber"] = wrapped(branch)
    if method := document.answers.get("payment_method_of_sales"):
        body["paymentMethodId"] = wrapped(method)
    for field in invoice_fields(document):
        body |= parts[field]
    return {**body, "invoiceLines": [invoice_line(line, document) for line in document.article_lines]}


def invoice_fields(document: InvoiceDraft) -> Iterator[str]:
    """The fields that have something to say."""
    yield from ("customer_remote_id", "reference", "dated", "currency")
    said = {
        "your_reference": document.your_reference,
        "terms_remote_id": document.terms_remote_id,
        "title": invoice_text(document),
        "project": project_of(document),
    }
    yield from (field for field, value in said.items() if value)


def invoice_text(document: InvoiceDraft) -> str:
    """What is printed above the lines: the title, the rows of text, and where the work was done."""
    place = document.delivery_address
    city = " ".join(filter(None, (place.postcode, place.city)))
    where = ", ".join(filter(None, (document.delivery_name, place.street, place.street2, city)))
    return "\n".join(filter(None, (document.title.strip(), *texts_of(document), where)))


def invoice_parts(document: InvoiceDraft) -> Mapping[str, Json]:
    text = {"invoiceText": wrapped(invoice_text(document))}
    return {
        "customer_remote_id": {"customerNumber": wrapped(document.customer_remote_id)},
        "reference": {"externalReference": wrapped(document.reference)},
        "your_reference": {"customerRefNumber": wrapped(document.your_reference)},
        "terms_remote_id": {"creditTermsId": wrapped(document.terms_remote_id)},
        "dated": {"documentDate": wrapped(wire_day(document.dated))},
        "currency": {"currencyId": wrapped(document.currency)},
        "title": text,
        "delivery_address": text,
        "delivery_name": text,
        "lines": text,
        "project": {"project": wrapped(project_of(document))},
        "deliver_on": {},
        "our_reference": {},
        "work_order_number": {},
        "customer_is_company": {},
        "prices_include_vat": {},
    }


def invoice_changes(document: InvoiceDraft, fields: frozenset[str], line_numbers: list[int]) -> Json:
    """Just these fields; with the lines, all of them in the place of those of these numbers."""
    parts, body = invoice_parts(document), dict[str, Any]()
    for field in sorted(fields):
        body |= parts[field]
    if not fields & {"lines", "prices_include_vat"}:
        return body
    gone = [{"operation": "Delete", "lineNumber": wrapped(number)} for number in line_numbers]
    return {**body, "invoiceLines": [*gone, *(invoice_line(line, document) for line in document.article_lines)]}


def invoice_line(line: DocumentLine, document: InvoiceDraft) -> Json:
    body: Json = {
        "operation": "Insert",
        "inventoryNumber": wrapped(line.article_remote_id),
        "quantity": wrapped(rounded(line.quantity, PLACES)),
        "unitPriceInCurrency": wrapped(price_of(line, document)),
        **({"description": wrapped(line.text.strip())} if line.text.strip() else {}),
    }
    if line.discount_percent:
        discount = wrapped(rounded(line.discount_percent, PLACES))
        body |= {"discountPercent": discount, "manualDiscount": wrapped(True)}
    return body
