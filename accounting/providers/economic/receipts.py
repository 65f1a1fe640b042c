"""Records and documents as they stand in the books: what a look-up or a write gives back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

import msgspec

from accounting.providers.economic.remote_ids import sale_id
from accounting.providers.economic.resources import (
    ContactRef,
    CustomerRef,
    LayoutRef,
    Notes,
    References,
    Resource,
    TermsRef,
    ZoneRef,
)
from accounting.types import Receipt, Stage, Totals


class Buyer(Resource):
    """A customer with everything that a document for it must repeat."""

    customer_number: int
    name: str | None = None
    barred: bool | None = None
    corporate_identification_number: str | None = None
    email: str | None = None
    telephone_and_fax_number: str | None = None
    mobile_phone: str | None = None
    address: str | None = None
    zip: str | None = None
    city: str | None = None
    country: str | None = None
    currency: str | None = None
    ean: str | None = None
    public_entry_number: str | None = None
    website: str | None = None
    layout: LayoutRef | None = None
    payment_terms: TermsRef | None = None
    vat_zone: ZoneRef | None = None
    attention: ContactRef | None = None
    last_updated: str | None = None

    def receipt(self, reference: str) -> Receipt:
        return Receipt(
            stage=Stage.CUSTOMER,
            remote_id=str(self.customer_number),
            number=str(self.customer_number),
            name=(self.name or "").strip(),
            reference=reference,
            currency=self.currency or "",
            version=version_of(self),
        )


class FoundProduct(Resource):
    product_number: str
    name: str | None = None
    sales_price: Decimal | None = None
    barred: bool | None = None
    last_updated: str | None = None

    def receipt(self, reference: str) -> Receipt:
        return Receipt(
            stage=Stage.ARTICLE,
            remote_id=self.product_number,
            number=self.product_number,
            name=(self.name or "").strip(),
            reference=reference,
            version=version_of(self),
        )


def version_of(struct: msgspec.Struct) -> str:
    """A digest of what we know of the record. The stamp alone counts whole seconds, and the services' versions
    do not exist here."""
    values = msgspec.to_builtins(struct, builtin_types=(Decimal,))
    return hashlib.blake2b(repr(comparable(values)).encode(), digest_size=12).hexdigest()


def comparable(value: Any) -> Any:
    """Amounts without the zeros behind them: one answer writes 1.38, another 1.380000."""
    if isinstance(value, dict):
        return {name: comparable(each) for name, each in value.items()}
    return value.normalize() + 0 if isinstance(value, Decimal) else value


class Handle(Resource):
    id: int | None = None


class Handles(Resource):
    order_handle: Handle | None = None
    current_invoice_handle: Handle | None = None


class FoundSale(Resource):
    """What an order, a draft and an invoice have in common."""

    stage: ClassVar[Stage]
    path: ClassVar[str]
    numbered_by: ClassVar[str]

    customer: CustomerRef | None = None
    currency: str | None = None
    net_amount: Decimal | None = None
    vat_amount: Decimal | None = None
    gross_amount: Decimal | None = None
    references: References | None = None
    notes: Notes | None = None
    last_updated: str | None = None
    soap: Handles | None = None

    @property
    def number(self) -> int:
        return int(getattr(self, self.numbered_by))

    @property
    def handle(self) -> int | None:
        return None

    @property
    def other(self) -> str:
        """Where our reference stands, and nothing else."""
        return ((self.references.other if self.references else "") or "").strip()

    @property
    def is_credit(self) -> bool:
        """A credit note is an invoice with a negative amount, and repeats the reference of what it credits."""
        return self.net_amount is not None and self.net_amount < 0

    def texts(self) -> Iterator[str | None]:
        """Every place in which people may have copied a reference."""
        notes = self.notes or Notes()
        yield from (self.other, notes.heading, notes.text_line1, notes.text_line2)

    def receipt(self, reference: str) -> Receipt:
        customer = self.customer.customer_number if self.customer else None
        return Receipt(
            stage=self.stage,
            remote_id=sale_id(self.stage, self.number, self.handle),
            number=str(self.number),
            reference=reference,
            customer_remote_id="" if customer is None else str(customer),
            currency=self.currency or "",
            totals=totals_of(self.net_amount, self.vat_amount, self.gross_amount),
            version=version_of(self),
        )


class FoundOrder(FoundSale, kw_only=True):
    stage: ClassVar[Stage] = Stage.ORDER
    path: ClassVar[str] = "orders/drafts"
    numbered_by: ClassVar[str] = "order_number"

    order_number: int


class FoundDraft(FoundSale, kw_only=True):
    stage: ClassVar[Stage] = Stage.DRAFT
    path: ClassVar[str] = "invoices/drafts"
    numbered_by: ClassVar[str] = "draft_invoice_number"

    draft_invoice_number: int

    @property
    def handle(self) -> int | None:
        current = self.soap.current_invoice_handle if self.soap else None
        return current.id if current else None


class FoundInvoice(FoundSale, kw_only=True):
    stage: ClassVar[Stage] = Stage.INVOICE
    path: ClassVar[str] = "invoices/booked"
    numbered_by: ClassVar[str] = "booked_invoice_number"

    booked_invoice_number: int


ORDER_LISTS = ("orders/drafts", "orders/sent", "orders/archived")
KINDS: dict[Stage, type[FoundSale]] = {each.stage: each for each in (FoundOrder, FoundDraft, FoundInvoice)}


def totals_of(net: Decimal | None, vat: Decimal | None, gross: Decimal | None) -> Totals | None:
    """What the gross amount has besides net and VAT is rounding."""
    if net is None or vat is None:
        return None
    return Totals(net=net, vat=vat, rounding=Decimal(0) if gross is None else gross - net - vat)
