"""What crosses the seam between the engine and a provider: plain frozen values.

Records are what we read from the books, documents what we write to them. Money is
`Decimal`, moments are aware, dates are the company's local dates, discounts are
per cent (10 means 10 %), texts are trimmed. `remote_id` is the provider's own
identifier, opaque to us.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as field_
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Generic, TypeVar


@dataclass(frozen=True, kw_only=True, slots=True)
class Company:
    """One accounting company as its books describe it.

    `features` holds our words for what is switched on: orders, projects, vouchers,
    cost_centers, house_work, reverse_charge. `locked_until` is the last locked day.
    """

    remote_id: str
    name: str
    organisation_number: str
    country: str
    currency: str
    active: bool = True
    features: frozenset[str] = frozenset()
    locked_until: date | None = None
    private_prices_include_vat: bool = False
    rounds_to_whole: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    street: str = ""
    street2: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """The reference person. The books hold one name; we hold two and join them."""

    name: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""


def gettext_noop(sentence: str) -> str:
    """The sentence itself, marked so that the translators' tools collect it."""
    return sentence


# --- records: what is read -------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """Anything read from the books. `changed_at` is the server's stamp where it has one."""

    remote_id: str
    changed_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitRecord(Record):
    """`words` are all names the books know the unit by, for recognising hours."""

    name: str
    abbreviation: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class CodingRecord(Record):
    """The account coding of an article: goods or service, and its VAT rate in per cent."""

    name: str
    is_service: bool
    vat_percent: Decimal | None = None
    active: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class TermsRecord(Record):
    name: str
    days: int | None = None
    for_sales: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class CustomerRecord(Record):
    number: str
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
    note: str = ""
    active: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleRecord(Record):
    """An article: `price` excludes VAT, `price_with_vat` includes it where the books say so.

    `unit_remote_id` is empty when the article has no unit.
    """

    number: str
    name: str
    text: str = ""
    unit_remote_id: str = ""
    unit_name: str = ""
    coding_remote_id: str = ""
    price: Decimal | None = None
    price_with_vat: Decimal | None = None
    currency: str = ""
    ean: str = ""
    is_service: bool = False
    stock_quantity: Decimal | None = None
    active: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectRecord(Record):
    number: str
    name: str
    customer_remote_id: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    notes: str = ""
    active: bool = True


class OrderState(StrEnum):
    DRAFT = "draft"
    CONFIRMED = "confirmed"
    DELIVERED = "delivered"
    INVOICED = "invoiced"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderLineRecord:
    """A line of a sales order; a text line has neither article nor quantity."""

    article_remote_id: str = ""
    text: str = ""
    quantity: Decimal = Decimal(0)
    unit_price: Decimal = Decimal(0)
    discount_percent: Decimal = Decimal(0)
    project_remote_id: str = ""

    @property
    def is_text(self) -> bool:
        return not self.article_remote_id


@dataclass(frozen=True, kw_only=True, slots=True)
class SalesOrderRecord(Record):
    number: str
    state: OrderState
    customer_remote_id: str
    currency: str = ""
    ordered_on: date | None = None
    deliver_on: date | None = None
    your_reference: str = ""
    our_reference: str = ""
    delivery_name: str = ""
    delivery_address: Address = Address()
    prices_include_vat: bool = False
    lines: tuple[OrderLineRecord, ...] = ()


# --- pages: how records arrive ---------------------------------------------

R_co = TypeVar("R_co", bound=Record, covariant=True)


@dataclass(frozen=True, slots=True)
class Entry:
    """One record as it came, not yet understood.

    `fingerprint` changes whenever the record's bytes change, so an entry whose
    fingerprint we already hold need not be read at all. `raw` belongs to the provider.
    """

    remote_id: str
    fingerprint: str
    raw: bytes = field_(default=b"", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rejected:
    """One record that could not be understood, with a sentence a person can act on."""

    remote_id: str
    sentence: str
    field: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch(Generic[R_co]):
    records: Sequence[R_co]
    rejected: Sequence[Rejected] = ()


@dataclass(frozen=True, kw_only=True)
class Page(Generic[R_co]):
    """One page of a stream: entries now, records when asked.

    `next_position` is empty on the last page. `server_time` is the *server's* clock when
    it answered, `total` the number of records it promises for the whole read.
    `translate` reads the given entries; what it cannot read comes back as rejected.
    """

    entries: Sequence[Entry]
    translate: Callable[[Iterable[Entry]], Batch[R_co]]
    next_position: str = ""
    total: int | None = None
    server_time: datetime | None = None
    rejected: Sequence[Rejected] = ()
    requests: int = 1


# --- documents: what is written --------------------------------------------


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

    An empty `terms_remote_id` leaves the terms of payment to the answers.
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


@dataclass(frozen=True, kw_only=True, slots=True)
class SalesOrder(SalesDocument):
    kind: ClassVar[str] = "sales_order"


@dataclass(frozen=True, kw_only=True, slots=True)
class InvoiceDraft(SalesDocument):
    kind: ClassVar[str] = "invoice_draft"


class Stage(StrEnum):
    """Where a document stands in the books."""

    CUSTOMER = "customer"
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

    `name` is that of a customer or article, so that one found by a number can be told from
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


# --- questions and rules ----------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """What a provider must be told before it can be sent anything.

    `needed_for` names document kinds; an unanswered question blocks just those.
    Without `choices_from` the answer is free text. `advice` is shown beneath it.
    """

    key: str
    label: str
    needed_for: frozenset[str]
    has_choices: bool = True
    required: bool = True
    advice: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """Why a document cannot be sent. `code` is stable, `where` and `field` point to the repair.

    `where` is one of customer, work_order, line, article, connection; `local_id` names
    the line or article when there are several. `sentence` is a translatable text with
    named places, filled from `values` after translation.
    """

    code: str
    sentence: str
    where: str
    field: str = ""
    local_id: str = ""
    values: Mapping[str, str] = field_(default_factory=dict)

    def __str__(self) -> str:
        return self.sentence % self.values


Rule = Callable[[Document, Company], Iterable[Problem]]
