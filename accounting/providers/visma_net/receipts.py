"""Customers, items and sales documents as they stand in the books: what a look-up or a write gives back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from accounting.providers.visma_net.records import number_of
from accounting.providers.visma_net.resources import ListedOrder, NumberAndName, Resource
from accounting.types import Receipt, Stage, Totals

# An invoice is booked in these; in all others it can still be changed and taken back.
BOOKED = frozenset({"Open", "Closed", "Voided"})
DRAFTS = frozenset(
    {"Hold", "Balanced", "Scheduled", "PendingPrint", "PendingEmail", "CreditHold", "CcHold", "Reserved"}
)
WORDS = re.compile(r"[\w-]+")


class FoundCustomer(Resource):
    number: str
    name: str | None = None
    currency_id: str | None = None
    account_reference: str | None = None
    time_stamp: str | None = None

    def receipt(self, reference: str) -> Receipt:
        return Receipt(
            stage=Stage.CUSTOMER,
            remote_id=number_of(self.number),
            number=number_of(self.number),
            name=(self.name or "").strip(),
            reference=reference,
            currency=self.currency_id or "",
            version=self.time_stamp or "",
        )


class FoundItem(Resource):
    inventory_number: str
    description: str | None = None
    timestamp: str | None = None

    def receipt(self, reference: str) -> Receipt:
        return Receipt(
            stage=Stage.ARTICLE,
            remote_id=number_of(self.inventory_number),
            number=number_of(self.inventory_number),
            name=(self.description or "").strip(),
            reference=reference,
            version=self.timestamp or "",
        )


# --- orders ----------------------------------------------------------------------


class FoundOrder(ListedOrder, kw_only=True):
    """An order as a list shows it: without VAT, and so without totals."""

    @property
    def remote_id(self) -> str:
        return f"{number_of(self.type)}/{number_of(self.order_id)}"

    def texts(self) -> Iterator[str | None]:
        """Every place in which our reference may stand."""
        yield from (self.customer_order, self.customer_ref_no, self.description)

    def receipt(self, reference: str) -> Receipt:
        return Receipt(
            stage=Stage.ORDER,
            remote_id=self.remote_id,
            number=number_of(self.order_id),
            reference=reference,
            customer_remote_id=number_of(self.customer_id),
            currency=self.currency or "",
        )


class OrderTotals(Resource):
    order_total: Decimal | None = None
    tax_total: Decimal | None = None


class OrderCustomer(Resource):
    id: str | None = None
    order: str | None = None
    ref_no: str | None = None


class WholeOrder(Resource):
    """An order on its own."""

    type: str
    order_id: str
    customer: OrderCustomer | None = None
    description: str | None = None
    currency_id: str | None = None
    totals: OrderTotals | None = None
    version: str | None = None

    @property
    def remote_id(self) -> str:
        return f"{number_of(self.type)}/{number_of(self.order_id)}"

    def texts(self) -> Iterator[str | None]:
        if self.customer:
            yield from (self.customer.order, self.customer.ref_no)
        yield self.description

    def sums(self) -> Totals | None:
        found = self.totals
        if found is None or found.order_total is None or found.tax_total is None:
            return None
        return Totals(net=found.order_total - found.tax_total, vat=found.tax_total)

    def receipt(self, reference: str) -> Receipt:
        return Receipt(
            stage=Stage.ORDER,
            remote_id=self.remote_id,
            number=number_of(self.order_id),
            reference=reference,
            customer_remote_id=number_of(self.customer.id) if self.customer else "",
            currency=self.currency_id or "",
            totals=self.sums(),
            version=self.version or "",
        )


class Shipment(Resource):
    invoice_id: str | None = None


# --- invoices --------------------------------------------------------------------


class InvoiceLine(Resource):
    line_number: int | None = None
    so_order_type: str | None = None
    so_order_nbr: str | None = None


class FoundInvoice(Resource):
    """A customer invoice. It keeps its number from hold to closed; its status tells whether it is still a draft."""

    reference_number: str
    document_type: str | None = None
    status: str | None = None
    customer: NumberAndName | None = None
    external_reference: str | None = None
    customer_ref_number: str | None = None
    invoice_text: str | None = None
    currency_id: str | None = None
    amount_in_currency: Decimal | None = None
    vat_total_in_currency: Decimal | None = None
    detail_total_in_currency: Decimal | None = None
    rounding_diff: Decimal | None = None
    invoice_lines: list[InvoiceLine] | None = None
    created_date_time: str | None = None
    last_modified_date_time: str | None = None
    time_stamp: str | None = None

    @property
    def is_credit(self) -> bool:
        return self.document_type == "CreditNote"

    @property
    def stage(self) -> Stage:
        # What we do not know is not ours to change.
        return Stage.DRAFT if self.status in DRAFTS else Stage.INVOICE

    def texts(self) -> Iterator[str | None]:
        yield from (self.external_reference, self.customer_ref_number)

    def orders(self) -> Iterator[str]:
        """The ids of the orders that it was made of, each once."""
        yield from dict.fromkeys(
            f"{number_of(line.so_order_type)}/{number_of(line.so_order_nbr)}"
            for line in self.invoice_lines or ()
            if number_of(line.so_order_type) and number_of(line.so_order_nbr)
        )

    def sums(self) -> Totals | None:
        total, vat = self.amount_in_currency, self.vat_total_in_currency
        if total is None or vat is None:
            return None
        rounding = self.rounding_diff or Decimal(0)
        return Totals(net=total - vat - rounding, vat=vat, rounding=rounding)

    def receipt(self, reference: str) -> Receipt:
        return Receipt(
            stage=self.stage,
            remote_id=number_of(self.reference_number),
            number=number_of(self.reference_number),
            reference=reference,
            customer_remote_id=number_of(self.customer.number) if self.customer else "",
            currency=self.currency_id or "",
            totals=self.sums(),
            version=self.time_stamp or "",
        )


Sale = FoundOrder | WholeOrder | FoundInvoice


def carries(found: Sale, reference: str) -> bool:
    """Whether our reference stands on it as a whole word: 1187-K7Q2M9 is not in 21187-K7Q2M9 nor in 1187-K7Q2M9-2."""
    return bool(reference) and any(is_word_of(reference, text) for text in found.texts() if text)


def is_word_of(reference: str, text: str) -> bool:
    return text.strip() == reference or reference in WORDS.findall(text)
