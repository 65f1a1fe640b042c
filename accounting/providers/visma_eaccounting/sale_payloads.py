"""Sales orders and invoice drafts as the API's request bodies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from accounting.cleaning import rounded
from accounting.errors import Refused
from accounting.providers.visma_eaccounting.payloads import CUSTOMER_MEMBERS, Body, fraction, printed
from accounting.providers.visma_eaccounting.prices import PriceRule, unit_price
from accounting.types import Address, DocumentLine, InvoiceDraft, SalesDocument, SalesOrder, gettext_noop

LONGEST_TEXT = 2000
ONGOING = 2
NORMAL_INVOICING = 0
CLOSING_ROW, YOUR_REFERENCE = "closing_row", "your_reference"


class RowBody(Body, kw_only=True):
    line_number: int
    is_text_row: bool
    article_id: str | None = None
    text: str | None = None
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    discount_percentage: Decimal | None = None
    project_id: str | None = None


class OrderRowBody(RowBody, kw_only=True):
    is_work_cost: bool
    eligible_for_reverse_charge_on_vat: bool


class DraftRowBody(RowBody, kw_only=True):
    reversed_construction_services_vat_free: bool


class SaleBody(Body, kw_only=True):
    customer_id: str
    eu_third_party: bool
    rot_reduced_invoicing_type: int
    rows: list[Any]
    your_reference: str | None = None
    our_reference: str | None = None
    terms_of_payment_id: str | None = None
    delivery_date: str | None = None
    delivery_customer_name: str | None = None
    delivery_address1: str | None = None
    delivery_address2: str | None = None
    delivery_postal_code: str | None = None
    delivery_city: str | None = None
    delivery_country_code: str | None = None


class OrderBody(SaleBody, kw_only=True):
    currency_code: str
    order_date: str
    status: int
    reverse_charge_on_construction_services: bool


class DraftBody(SaleBody, kw_only=True):
    invoice_date: str


SALE_MEMBERS: Mapping[str, tuple[str, ...]] = {
    "customer_remote_id": ("CustomerId",),
    "currency": ("CurrencyCode",),
    "dated": ("OrderDate", "InvoiceDate"),
    "deliver_on": ("DeliveryDate",),
    "your_reference": ("YourReference",),
    "our_reference": ("OurReference",),
    "terms_remote_id": ("TermsOfPaymentId",),
    "delivery_name": ("DeliveryCustomerName",),
    "delivery_address": CUSTOMER_MEMBERS["delivery_address"],
    "title": ("Rows",),
    "lines": ("Rows",),
    "prices_include_vat": ("Rows",),
    "reference": ("Rows", "YourReference"),
    "work_order_number": (),
    "customer_is_company": (),
}


def sale_body(document: SalesDocument, rule: PriceRule) -> SaleBody:
    """A confirmed order or an invoice draft."""
    shared: dict[str, Any] = {
        "customer_id": document.customer_remote_id,
        "eu_third_party": False,
        "rot_reduced_invoicing_type": NORMAL_INVOICING,
        "your_reference": your_reference(document) or None,
        "our_reference": document.our_reference or None,
        "terms_of_payment_id": document.terms_remote_id or None,
        "delivery_date": wire_date(document.deliver_on),
        "delivery_customer_name": document.delivery_name or None,
        **delivery_members(document.delivery_address),
    }
    if isinstance(document, SalesOrder):
        return OrderBody(
            **shared,
            rows=[order_row(number, row) for number, row in enumerate(rows_of(document, rule), start=1)],
            currency_code=document.currency,
            order_date=document.dated.isoformat(),
            status=ONGOING,
            reverse_charge_on_construction_services=False,
        )
    assert isinstance(document, InvoiceDraft)
    return DraftBody(
        **shared,
        rows=[draft_row(number, row) for number, row in enumerate(rows_of(document, rule), start=1)],
        invoice_date=document.dated.isoformat(),
    )


def your_reference(document: SalesDocument) -> str:
    """The customer's contact; with our reference before it where that is the carrier."""
    if document.answers.get("reference_carrier") != YOUR_REFERENCE:
        return document.your_reference
    return f"{document.reference} {document.your_reference}".strip()


def delivery_members(address: Address) -> dict[str, str | None]:
    """All of the address or nothing of it: what is left out is filled from the customer's own."""
    if address == Address():
        return {}
    return {
        "delivery_address1": address.street,
        "delivery_address2": address.street2,
        "delivery_postal_code": address.postcode,
        "delivery_city": address.city,
        "delivery_country_code": address.country or None,
    }


def wire_date(day: date | None) -> str | None:
    return day.isoformat() if day else None


class Row(msgspec.Struct, kw_only=True):
    """A row before it is known which kind of document it stands on."""

    text: str
    line: DocumentLine | None = None
    price: Decimal | None = None


def rows_of(document: SalesDocument, rule: PriceRule) -> Iterator[Row]:
    """The title, the lines, and our reference at the end unless another place carries it."""
    first = next(iter(document.lines), None)
    if document.title.strip() and not (first and first.is_text and first.text.strip() == document.title.strip()):
        yield from text_rows(document.title)
    for line in document.lines:
        if line.is_text:
            yield from text_rows(line.text)
            continue
        price = unit_price(line, document, rule)
        if price is None:
            raise Refused(
                gettext_noop("A line has no VAT rate, so its price cannot be converted."), field="vat_percent"
            )
        yield Row(text=line.text, line=line, price=price)
    if document.answers.get("reference_carrier", CLOSING_ROW) == CLOSING_ROW:
        yield Row(text=printed(document.reference))


def text_rows(text: str) -> Iterator[Row]:
    """A text as rows that the API takes: a long one is cut between words, a blank one is none."""
    rest = text.strip()
    while rest:
        cut = len(rest)
        if cut > LONGEST_TEXT:
            cut = max(rest.rfind("\n", 0, LONGEST_TEXT), rest.rfind(" ", 0, LONGEST_TEXT))
            cut = cut if cut > 0 else LONGEST_TEXT
        yield Row(text=rest[:cut].rstrip())
        rest = rest[cut:].lstrip()


def order_row(number: int, row: Row) -> OrderRowBody:
    return OrderRowBody(
        **row_members(number, row, quantity_places=4), is_work_cost=False, eligible_for_reverse_charge_on_vat=False
    )


def draft_row(number: int, row: Row) -> DraftRowBody:
    return DraftRowBody(**row_members(number, row, quantity_places=2), reversed_construction_services_vat_free=False)


def row_members(number: int, row: Row, *, quantity_places: int) -> dict[str, Any]:
    if row.line is None:
        return {"line_number": number, "is_text_row": True, "text": row.text}
    return {
        "line_number": number,
        "is_text_row": False,
        "article_id": row.line.article_remote_id,
        "text": row.text or None,
        "quantity": rounded(row.line.quantity, quantity_places),
        "unit_price": row.price,
        "discount_percentage": fraction(row.line.discount_percent),
        "project_id": row.line.project_remote_id or None,
    }
