"""Customers, articles and sales documents as they stand in the books: what a look-up or a write gives back."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar, Protocol

from accounting.cleaning import remote_id
from accounting.providers.visma_eaccounting.resources import Resource
from accounting.types import Receipt, Stage, Totals


class TextRow(Resource):
    is_text_row: bool | None = None
    text: str | None = None


class Found(Protocol):
    """An object that may be one of ours."""

    path: ClassVar[str]
    stage: ClassVar[Stage]

    def texts(self) -> Iterator[str | None]:
        """Every place in which our reference may stand."""
        ...

    def receipt(self, reference: str) -> Receipt: ...


class FoundCustomer(Resource):
    path: ClassVar[str] = "customers"
    stage: ClassVar[Stage] = Stage.CUSTOMER

    id: str
    customer_number: str | None = None
    name: str | None = None
    currency_code: str | None = None
    note: str | None = None
    changed_utc: str | None = None

    def texts(self) -> Iterator[str | None]:
        yield self.note

    def receipt(self, reference: str) -> Receipt:
        return Receipt(
            stage=self.stage,
            remote_id=remote_id(self.id),
            number=(self.customer_number or "").strip(),
            name=(self.name or "").strip(),
            reference=reference,
            currency=self.currency_code or "",
            version=self.changed_utc or "",
        )


class FoundArticle(Resource):
    path: ClassVar[str] = "articles"
    stage: ClassVar[Stage] = Stage.ARTICLE

    id: str
    number: str | None = None
    name: str | None = None
    changed_utc: str | None = None

    def texts(self) -> Iterator[str | None]:
        yield from ()

    def receipt(self, reference: str) -> Receipt:
        return Receipt(
            stage=self.stage,
            remote_id=remote_id(self.id),
            number=(self.number or "").strip(),
            name=(self.name or "").strip(),
            reference=reference,
            version=self.changed_utc or "",
        )


class FoundSale(Resource):
    """What a draft, an order and an invoice have in common."""

    id: str
    customer_id: str | None = None
    your_reference: str | None = None
    is_credit_invoice: bool | None = None
    rows: list[TextRow] | None = None
    created_utc: str | None = None

    def texts(self) -> Iterator[str | None]:
        yield self.your_reference
        yield from (row.text for row in self.rows or () if row.is_text_row)

    def descends_from(self) -> Iterator[str]:
        """The ids of the documents that this one was made of."""
        yield from ()


class FoundDraft(FoundSale):
    path: ClassVar[str] = "customerinvoicedrafts"
    stage: ClassVar[Stage] = Stage.DRAFT

    invoice_currency_code: str | None = None
    total_amount: Decimal | None = None
    total_vat_amount: Decimal | None = None
    total_roundings: Decimal | None = None

    def receipt(self, reference: str) -> Receipt:
        return Receipt(
            stage=self.stage,
            remote_id=remote_id(self.id),
            reference=reference,
            customer_remote_id=remote_id(self.customer_id),
            currency=self.invoice_currency_code or "",
            totals=totals_of(self.total_amount, self.total_vat_amount, self.total_roundings),
        )


class FoundOrder(FoundSale):
    path: ClassVar[str] = "orders"
    stage: ClassVar[Stage] = Stage.ORDER

    number: int | None = None
    currency_code: str | None = None
    amount: Decimal | None = None
    vat_amount: Decimal | None = None
    roundings_amount: Decimal | None = None
    modified_utc: str | None = None

    def receipt(self, reference: str) -> Receipt:
        return Receipt(
            stage=self.stage,
            remote_id=remote_id(self.id),
            number="" if self.number is None else str(self.number),
            reference=reference,
            customer_remote_id=remote_id(self.customer_id),
            currency=self.currency_code or "",
            totals=totals_of(self.amount, self.vat_amount, self.roundings_amount),
            version=self.modified_utc or "",
        )


class FoundInvoice(FoundSale):
    path: ClassVar[str] = "customerinvoices"
    stage: ClassVar[Stage] = Stage.INVOICE

    invoice_number: int | None = None
    currency_code: str | None = None
    total_amount_invoice_currency: Decimal | None = None
    total_vat_amount_invoice_currency: Decimal | None = None
    # In the company's currency, where alone totals are rounded.
    total_roundings: Decimal | None = None
    created_from_order_id: str | None = None
    created_from_draft_id: str | None = None
    modified_utc: str | None = None

    def receipt(self, reference: str) -> Receipt:
        return Receipt(
            stage=self.stage,
            remote_id=remote_id(self.id),
            number="" if self.invoice_number is None else str(self.invoice_number),
            reference=reference,
            customer_remote_id=remote_id(self.customer_id),
            currency=self.currency_code or "",
            totals=totals_of(
                self.total_amount_invoice_currency, self.total_vat_amount_invoice_currency, self.total_roundings
            ),
            version=self.modified_utc or "",
        )

    def descends_from(self) -> Iterator[str]:
        yield from filter(None, (remote_id(self.created_from_order_id), remote_id(self.created_from_draft_id)))


Sale = FoundDraft | FoundOrder | FoundInvoice
KINDS: dict[Stage, type[Found]] = {
    each.stage: each for each in (FoundCustomer, FoundArticle, FoundDraft, FoundOrder, FoundInvoice)
}


def totals_of(total: Decimal | None, vat: Decimal | None, rounding: Decimal | None) -> Totals | None:
    """The API's total is what the customer pays: VAT and rounding are in it."""
    if total is None or vat is None:
        return None
    rounded_by = rounding or Decimal(0)
    return Totals(net=total - vat - rounded_by, vat=vat, rounding=rounded_by)
