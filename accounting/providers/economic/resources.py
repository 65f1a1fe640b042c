"""What we read of the API's objects, under the API's own names.

Every member may be missing or null and unknown members are ignored. Members that we do not use are not here.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec


class Resource(msgspec.Struct, kw_only=True, rename="camel", gc=False):
    pass


# --- lists ---------------------------------------------------------------------------


class Pagination(Resource):
    skip_pages: int
    page_size: int
    results: int


class Envelope(msgspec.Struct, kw_only=True):
    """A list of the legacy host. The objects stay bytes until somebody asks for them."""

    collection: list[msgspec.Raw]
    pagination: Pagination


class CursorPage(msgspec.Struct, kw_only=True):
    """A list of the services. Without `cursor` it is the last."""

    items: list[msgspec.Raw]
    cursor: str | None = None


# --- references ------------------------------------------------------------------------


class CustomerRef(Resource):
    customer_number: int | None = None


class TermsRef(Resource):
    payment_terms_number: int | None = None


class GroupRef(Resource):
    customer_group_number: int | None = None


class ZoneRef(Resource):
    vat_zone_number: int | None = None


class LayoutRef(Resource):
    layout_number: int | None = None


class ContactRef(Resource):
    customer_contact_number: int | None = None


class ProjectRef(Resource):
    project_number: int | None = None


class UnitRef(Resource):
    unit_number: int | None = None
    name: str | None = None


class ProductGroupRef(Resource):
    product_group_number: int | None = None
    name: str | None = None
    inventory_enabled: bool | None = None


# --- legacy records ----------------------------------------------------------------------


class Unit(Resource):
    unit_number: int
    name: str | None = None


class Terms(Resource):
    payment_terms_number: int
    name: str | None = None
    days_of_credit: int | None = None
    payment_terms_type: str | None = None


class ProductGroup(Resource):
    product_group_number: int
    name: str | None = None
    inventory_enabled: bool | None = None


class VatAccountRef(Resource):
    vat_code: str | None = None


class Account(Resource):
    vat_account: VatAccountRef | None = None


class SalesAccount(Resource):
    sales_account: Account | None = None
    vat_zone: ZoneRef | None = None


class VatAccount(Resource):
    vat_code: str
    rate_percentage: Decimal | None = None


class Coding(msgspec.Struct, kw_only=True, rename="camel"):
    """A product group with the rate of its account for domestic sales; put together from three lists."""

    group: ProductGroup
    vat_percent: Decimal | None = None


class Layout(Resource):
    layout_number: int
    name: str | None = None
    deleted: bool | None = None


class Zone(Resource):
    vat_zone_number: int
    name: str | None = None
    enabled_for_customer: bool | None = None


class CustomerGroup(Resource):
    customer_group_number: int
    name: str | None = None


class Customer(Resource):
    customer_number: int
    name: str | None = None
    barred: bool | None = None
    corporate_identification_number: str | None = None
    vat_number: str | None = None
    ean: str | None = None
    email: str | None = None
    telephone_and_fax_number: str | None = None
    mobile_phone: str | None = None
    website: str | None = None
    address: str | None = None
    zip: str | None = None
    city: str | None = None
    country: str | None = None
    currency: str | None = None
    payment_terms: TermsRef | None = None
    last_updated: str | None = None


class Inventory(Resource):
    available: Decimal | None = None
    in_stock: Decimal | None = None


class Product(Resource):
    product_number: str
    name: str | None = None
    description: str | None = None
    bar_code: str | None = None
    barred: bool | None = None
    sales_price: Decimal | None = None
    unit: UnitRef | None = None
    product_group: ProductGroupRef | None = None
    inventory: Inventory | None = None
    last_updated: str | None = None


class Delivery(Resource):
    address: str | None = None
    zip: str | None = None
    city: str | None = None
    country: str | None = None
    delivery_date: str | None = None


class References(Resource):
    other: str | None = None


class Notes(Resource):
    heading: str | None = None
    text_line1: str | None = None
    text_line2: str | None = None


class Order(Resource):
    order_number: int
    date: str | None = None
    currency: str | None = None
    net_amount: Decimal | None = None
    customer: CustomerRef | None = None
    delivery: Delivery | None = None
    references: References | None = None
    project: ProjectRef | None = None
    last_updated: str | None = None


class OrderLine(Resource):
    """A line of an order as the services show it."""

    order_number: int
    user_interface_number: int | None = None
    number: int | None = None
    product_number: str | None = None
    description: str | None = None
    quantity: Decimal | None = None
    unit_net_price: Decimal | None = None
    discount_percentage: Decimal | None = None


class OrderWithLines(msgspec.Struct, kw_only=True):
    """`stage` is the list in which it was met."""

    stage: str
    order: Order
    lines: list[OrderLine]


# --- records of the services ---------------------------------------------------------------


class Contact(Resource):
    number: int
    customer_number: int | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    is_deleted: bool | None = None
    active: bool | None = None
    last_updated: str | None = None
    object_version: str | None = None


class DeliveryLocation(Resource):
    number: int
    customer_number: int | None = None
    address: str | None = None
    postal_code: str | None = None
    city: str | None = None
    country: str | None = None
    is_barred: bool | None = None
    last_updated: str | None = None


class Project(Resource):
    number: int
    name: str | None = None
    customer_number: int | None = None
    is_closed: bool | None = None
    is_barred: bool | None = None
    is_main_project: bool | None = None
    description: str | None = None
    delivery_date: str | None = None
    last_updated: str | None = None


# --- the agreement -------------------------------------------------------------------------


class AgreementType(Resource):
    name: str | None = None


class CompanyDetails(Resource):
    name: str | None = None
    country: str | None = None
    company_identification_number: str | None = None


class Settings(Resource):
    base_currency: str | None = None


class Module(Resource):
    name: str | None = None


class Self(Resource):
    agreement_number: int
    agreement_type: AgreementType | None = None
    company: CompanyDetails | None = None
    company_affiliation: str | None = None
    settings: Settings | None = None
    modules: list[Module] | None = None
