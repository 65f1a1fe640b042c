"""What we read of the API's objects, under the API's own names.

Every member may be missing or null and unknown members are ignored. Members that we do not use are not here. The ERP
writes `timestamp` on items and `timeStamp` on everything else.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec


class Resource(msgspec.Struct, kw_only=True, rename="camel", gc=False):
    pass


# --- lists -------------------------------------------------------------------------


class Metadata(Resource):
    total_count: int
    max_page_size: int | None = None


class WithMetadata(Resource):
    metadata: Metadata | None = None


class Envelope(msgspec.Struct, kw_only=True, rename="camel"):
    """The few lists of the ERP that are objects."""

    page_number: int
    page_size: int
    total_count: int
    records: list[msgspec.Raw]


class OrderPage(msgspec.Struct, kw_only=True, rename="camel"):
    """A page of the sales order service."""

    total_count: int | None = None
    value: list[msgspec.Raw]


# --- small records -----------------------------------------------------------------


class IdAndDescription(Resource):
    id: str | None = None
    description: str | None = None


class Unit(Resource):
    from_unit: str
    to_unit: str | None = None


class VatRate(Resource):
    vat_rate: Decimal | None = None
    group_type: str | None = None
    start_date: str | None = None


class VatLine(Resource):
    type: str | None = None
    vat_rates: list[VatRate] | None = None


class VatCategory(Resource):
    vat_category_id: str
    description: str | None = None
    active: bool | None = None
    vat_category_lines: list[VatLine] | None = None
    last_modified_date_time: str | None = None


class Terms(Resource):
    terms_id: str
    description: str | None = None
    visible_to: str | None = None
    due_date_type: str | None = None
    due_day1: int | None = msgspec.field(name="dueDay1", default=None)
    last_modified_date_time: str | None = None


# --- customers, items, projects --------------------------------------------------------


class Country(Resource):
    id: str | None = None


class PostalAddress(Resource):
    address_line1: str | None = msgspec.field(name="addressLine1", default=None)
    address_line2: str | None = msgspec.field(name="addressLine2", default=None)
    postal_code: str | None = None
    city: str | None = None
    country: Country | None = None


class ContactInfo(Resource):
    name: str | None = None
    attention: str | None = None
    email: str | None = None
    web: str | None = None
    phone1: str | None = None
    phone2: str | None = None


class Customer(Resource):
    number: str
    name: str | None = None
    status: str | None = None
    corporate_id: str | None = None
    vat_registration_id: str | None = None
    currency_id: str | None = None
    account_reference: str | None = None
    main_address: PostalAddress | None = None
    main_contact: ContactInfo | None = None
    delivery_address: PostalAddress | None = None
    delivery_contact: ContactInfo | None = None
    credit_terms: IdAndDescription | None = None
    last_modified_date_time: str | None = None


class WarehouseDetail(Resource):
    quantity_on_hand: Decimal | None = None
    available: Decimal | None = None


class CrossReference(Resource):
    alternate_type: str | None = None
    # `camel` would make Id of the vendor's ID.
    alternate_id: str | None = msgspec.field(name="alternateID", default=None)


class Item(Resource):
    inventory_number: str
    description: str | None = None
    body: str | None = None
    status: str | None = None
    type: str | None = None
    stock_item: bool | None = None
    default_price: Decimal | None = None
    base_unit: str | None = None
    sales_unit: str | None = None
    vat_code: IdAndDescription | None = None
    cross_references: list[CrossReference] | None = None
    warehouse_details: list[WarehouseDetail] | None = None
    last_modified_date_time: str | None = None


class NumberAndName(Resource):
    number: str | None = None
    name: str | None = None


class Project(Resource):
    project_id: str = msgspec.field(name="projectID")
    description: str | None = None
    status: str | None = None
    customer: NumberAndName | None = None
    start_date: str | None = None
    end_date: str | None = None
    note: str | None = None
    system_template: bool | None = None
    last_modified_date_time: str | None = None


# --- sales orders --------------------------------------------------------------------------


class ListedOrder(Resource):
    """An order in a list: without lines, its status a word."""

    type: str
    order_id: str
    status: str | None = None
    customer_id: str | None = None
    customer_order: str | None = None
    customer_ref_no: str | None = None
    currency: str | None = None
    date: str | None = None
    request_on: str | None = None
    description: str | None = None
    order_total: Decimal | None = None
    last_modified: str | None = None


class OrderAddress(Resource):
    line1: str | None = None
    line2: str | None = None
    postal_code: str | None = None
    city: str | None = None
    country: Country | None = None
    overrides_default: bool | None = None


class OrderContact(Resource):
    name: str | None = None


class Shipping(Resource):
    address: OrderAddress | None = None
    contact: OrderContact | None = None


class OrderProject(Resource):
    id: str | None = None


class OrderHead(Resource):
    """What of an order on its own is not in the list."""

    project: OrderProject | None = None
    shipping: Shipping | None = None


class LineItem(Resource):
    id: str | None = None


class OrderLine(Resource):
    line_id: int | None = None
    inventory: LineItem | None = None
    description: str | None = None
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    discount_percent: Decimal | None = None
    discount_amount: Decimal | None = None


class Order(ListedOrder, kw_only=True):
    """A listed order with what was asked for beside it; both are missing where the list said enough."""

    head: OrderHead | None = None
    lines: list[OrderLine] | None = None


# --- the company ---------------------------------------------------------------------------


class Organization(Resource):
    organization_cd: str | None = None
    name: str | None = None
    base_currency: str | None = None
    corporate_id: str | None = None
    main_address: PostalAddress | None = None
    default_country: Country | None = None
    currency: IdAndDescription | None = None


class Period(Resource):
    start_date: str | None = None
    end_date: str | None = None
    active: bool | None = None
    closed_in_customer_ledger: bool | None = None
