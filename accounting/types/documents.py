"""What is written to the books, and how it then stands there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as field_
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from accounting.types.company import Address, Contact


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """Anything written to the books.

    `reference` is ours, deterministic, printed where people look for a work-order
    number; a look-up compares it exactly.
    """

    kind: ClassVar[str] = ""
    reference: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerDocument(Document):
    """A customer to create or update. An empty `number` lets the books assign one.

    An empty `terms_remote_id` leaves the terms of payment to the answers. `mapped` holds, by the provider's kinds
    of values, what those of the customer were mapped to.
    """

    kind: ClassVar[str] = "customer"
    number: str = ""
    name: str
    is_company: bool
    organisation_number: str = ""
    vat_number: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""
    website: str = ""
    address: Address = Address()
    delivery_name: str = ""
    delivery_address: Address = Address()
    contact: Contact = Contact()
    currency: str = ""
    discount_percent: Decimal = Decimal(0)
    terms_remote_id: str = ""
    answers: Mapping[str, str] = field_(default_factory=dict)
    mapped: Mapping[str, str] = field_(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleDocument(Document):
    """An article to create. `price` excludes VAT; `vat_percent` is ours, the coding decides over there."""

    kind: ClassVar[str] = "article"
    number: str
    name: str
    text: str = ""
    is_service: bool
    unit_remote_id: str = ""
    coding_remote_id: str = ""
    price: Decimal
    vat_percent: Decimal
    ean: str = ""
    answers: Mapping[str, str] = field_(default_factory=dict)
    mapped: Mapping[str, str] = field_(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactDocument(Document):
    """A person at a customer, to create or update, where the books keep several."""

    kind: ClassVar[str] = "contact"
    customer_remote_id: str
    contact: Contact

    @property
    def name(self) -> str:
        return self.contact.name


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentLine:
    """A line of an order or invoice. Without `article_remote_id` it is a text line.

    `unit_price` excludes VAT unless the document says otherwise. `local_id` is our
    line's id, so that a problem can be shown next to it.
    """

    article_remote_id: str = ""
    text: str = ""
    quantity: Decimal = Decimal(0)
    unit: str = ""
    unit_price: Decimal = Decimal(0)
    vat_percent: Decimal | None = None
    discount_percent: Decimal = Decimal(0)
    project_remote_id: str = ""
    local_id: str = ""

    @property
    def is_text(self) -> bool:
        return not self.article_remote_id


@dataclass(frozen=True, kw_only=True, slots=True)
class SalesDocument(Document):
    """What a sales order and an invoice draft have in common.

    `prices_include_vat` says what our unit prices are; `customer_is_company` lets the
    provider decide what it must send. `work_order_number` is for people.
    """

    customer_remote_id: str
    customer_is_company: bool = True
    work_order_number: str
    currency: str
    dated: date
    deliver_on: date | None = None
    your_reference: str = ""
    our_reference: str = ""
    title: str = ""
    terms_remote_id: str = ""
    delivery_name: str = ""
    delivery_address: Address = Address()
    prices_include_vat: bool = False
    lines: tuple[DocumentLine, ...]
    answers: Mapping[str, str] = field_(default_factory=dict)
    mapped: Mapping[str, str] = field_(default_factory=dict)

    @property
    def article_lines(self) -> list[DocumentLine]:
        """Without the texts."""
        return [line for line in self.lines if not line.is_text]


@dataclass(frozen=True, kw_only=True, slots=True)
class SalesOrder(SalesDocument):
    kind: ClassVar[str] = "sales_order"


@dataclass(frozen=True, kw_only=True, slots=True)
class InvoiceDraft(SalesDocument):
    kind: ClassVar[str] = "invoice_draft"


@dataclass(frozen=True, kw_only=True, slots=True)
class AttachmentDocument(Document):
    """A PDF for a document that is in the books already. `reference` is that document's, and part of `name`.

    `name` has letters of ASCII, digits, "-", "_" and its ending, so that every accounting system keeps it as it is.
    """

    kind: ClassVar[str] = "attachment"
    name: str
    data: bytes = field_(repr=False)


class Stage(StrEnum):
    """Where a document stands in the books."""

    CUSTOMER = "customer"
    CONTACT = "contact"
    ARTICLE = "article"
    ORDER = "order"
    DRAFT = "draft"
    INVOICE = "invoice"


@dataclass(frozen=True, kw_only=True, slots=True)
class Totals:
    """Document totals in its currency: `total` = net + vat + rounding, what the customer pays."""

    net: Decimal
    vat: Decimal
    rounding: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        return self.net + self.vat + self.rounding


@dataclass(frozen=True, kw_only=True, slots=True)
class Receipt:
    """A document or record as it exists in the books.

    `name` is that of a customer, contact or article, so that one found by a number can be told from
    another that merely has the same number.
    """

    stage: Stage
    remote_id: str
    number: str = ""
    name: str = ""
    reference: str = ""
    customer_remote_id: str = ""
    currency: str = ""
    totals: Totals | None = None
    version: str = ""
