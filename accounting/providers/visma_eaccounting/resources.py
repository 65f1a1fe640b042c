"""What we read of the API's objects, under the API's own names.

Every member may be missing or null and unknown members are ignored: the vendor only ever adds,
and older companies leave out what newer ones send as null. Members that we do not use are not here.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec


class Resource(msgspec.Struct, kw_only=True, rename="pascal", gc=False):
    pass


class Identified(Resource):
    """Just enough of any object to know which one it is."""

    id: str | None = None


class Meta(Resource):
    current_page: int
    total_number_of_pages: int
    total_number_of_results: int
    server_time_utc: str | None = None


class Envelope(msgspec.Struct, kw_only=True, rename="pascal"):
    """Any list. The objects stay bytes until somebody asks for them."""

    meta: Meta
    data: list[msgspec.Raw]


class Unit(Resource):
    id: str
    name: str | None = None
    code: str | None = None
    abbreviation: str | None = None
    abbreviation_english: str | None = None


class Coding(Resource):
    """`type` is a word in the company's language; which words there are is not documented."""

    id: str
    name: str | None = None
    type: str | None = None
    is_active: bool | None = None
    vat_rate_percent: Decimal | None = None
    changed_utc: str | None = None


class Terms(Resource):
    id: str
    name: str | None = None
    number_of_days: int | None = None
    available_for_sales: bool | None = None


class Customer(Resource):
    id: str
    customer_number: str | None = None
    name: str | None = None
    is_private_person: bool | None = None
    is_active: bool | None = None
    corporate_identity_number: str | None = None
    vat_number: str | None = None
    email_address: str | None = None
    telephone: str | None = None
    mobile_phone: str | None = None
    www_address: str | None = None
    invoice_address1: str | None = None
    invoice_address2: str | None = None
    invoice_postal_code: str | None = None
    invoice_city: str | None = None
    invoice_country_code: str | None = None
    delivery_customer_name: str | None = None
    delivery_address1: str | None = None
    delivery_address2: str | None = None
    delivery_postal_code: str | None = None
    delivery_city: str | None = None
    delivery_country_code: str | None = None
    contact_person_name: str | None = None
    contact_person_email: str | None = None
    contact_person_phone: str | None = None
    contact_person_mobile: str | None = None
    currency_code: str | None = None
    discount_percentage: Decimal | None = None
    terms_of_payment_id: str | None = None
    note: str | None = None
    changed_utc: str | None = None


class Barcode(Resource):
    barcode: str | None = None


class Article(Resource):
    id: str
    number: str | None = None
    name: str | None = None
    note: str | None = None
    is_active: bool | None = None
    is_service_article: bool | None = None
    net_price: Decimal | None = None
    gross_price: Decimal | None = None
    coding_id: str | None = None
    unit_id: str | None = None
    unit_name: str | None = None
    unit_abbreviation: str | None = None
    stock_balance: Decimal | None = None
    barcodes: list[Barcode] | None = None
    changed_utc: str | None = None


class Project(Resource):
    id: str
    number: str | None = None
    name: str | None = None
    customer_id: str | None = None
    start_date: str | None = None
    end_date: str | None = None
    notes: str | None = None
    status: int | None = None
    modified_utc: str | None = None


class OrderRow(Resource):
    is_text_row: bool | None = None
    article_id: str | None = None
    text: str | None = None
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    discount_percentage: Decimal | None = None
    is_discount_in_fixed_amount: bool | None = None
    discount_fixed_amount: Decimal | None = None
    project_id: str | None = None


class Order(Resource):
    id: str
    number: int | None = None
    status: int | None = None
    customer_id: str | None = None
    currency_code: str | None = None
    order_date: str | None = None
    delivery_date: str | None = None
    your_reference: str | None = None
    our_reference: str | None = None
    delivery_customer_name: str | None = None
    delivery_address1: str | None = None
    delivery_address2: str | None = None
    delivery_postal_code: str | None = None
    delivery_city: str | None = None
    delivery_country_code: str | None = None
    includes_vat: bool | None = None
    rows: list[OrderRow] | None = None
    modified_utc: str | None = None


class CompanySettings(Resource):
    name: str
    company_identifier: str | None = None
    corporate_identity_number: str | None = None
    country_code: str | None = None
    currency_code: str | None = None
    company_status: int | None = None
    product_variant: int | None = None
    activated_modules: list[str] | None = None
    uses_project: bool | None = None
    uses_cost_center: bool | None = None
    uses_rot_reduced_invoicing: bool | None = None
    uses_reverse_construction_vat: bool | None = None
    # `pascal` would make Pc of the vendor's PC.
    show_prices_excl_vat_pc: bool | None = msgspec.field(name="ShowPricesExclVatPC", default=None)
    domestic_currency_rounding: int | None = None
    accounting_locked_to: str | None = None
