"""What is read from the books, one frozen value per record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from accounting.types.company import Address, Contact
from accounting.types.documents import Receipt, Stage, Totals


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
class ContactRecord(Record):
    """A person at a customer, where the books keep several. `remote_id` names the customer too if it must."""

    customer_remote_id: str
    name: str
    email: str = ""
    phone: str = ""
    mobile: str = ""
    active: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkSiteRecord(Record):
    """A place at which a customer wants things delivered or done; `name` is empty where the books keep none."""

    customer_remote_id: str
    name: str = ""
    address: Address = Address()
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


@dataclass(frozen=True, kw_only=True, slots=True)
class SalesDocumentRecord(Record):
    """A sales document as a listing of the books shows it, in whatever stage, whoever made it.

    `texts` are all places in which a reference of ours may stand. `made_of` names (by stage and id) the order
    or draft that it came from; a draft is gone by then, an order stays. `changed_at` is empty where the books
    do not tell.
    """

    stage: Stage
    number: str = ""
    texts: tuple[str, ...] = ()
    customer_remote_id: str = ""
    currency: str = ""
    totals: Totals | None = None
    created_at: datetime | None = None
    is_credit: bool = False
    made_of: tuple[Receipt, ...] = ()
