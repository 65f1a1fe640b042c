"""The API's objects as our records. Each function raises Unreadable for what no column can hold."""

from __future__ import annotations

from decimal import Decimal

from accounting.cleaning import Unreadable, amount, code, day, line, moment, optional_amount, remote_id, text
from accounting.providers.visma_eaccounting.resources import (
    Article,
    Coding,
    Customer,
    Order,
    OrderRow,
    Project,
    Terms,
    Unit,
)
from accounting.types import (
    Address,
    ArticleRecord,
    CodingRecord,
    Contact,
    CustomerRecord,
    OrderLineRecord,
    OrderState,
    ProjectRecord,
    SalesOrderRecord,
    TermsRecord,
    UnitRecord,
)

NAME, NUMBER, PHONE, EMAIL = 200, 50, 50, 254
STREET, POSTCODE, CITY, COUNTRY, CURRENCY = 200, 20, 100, 2, 3

ORDER_STATES = {1: OrderState.DRAFT, 2: OrderState.CONFIRMED, 3: OrderState.DELIVERED, 4: OrderState.INVOICED}
ONGOING_PROJECT = 1
# Beginnings of "service" in the languages of the countries that are served.
SERVICE_WORDS = ("serv", "tjän", "tjen", "palv", "dienst")


def unit_record(unit: Unit) -> UnitRecord:
    words = (unit.abbreviation_english, unit.code, unit.abbreviation, unit.name)
    return UnitRecord(
        remote_id=remote_id(unit.id),
        name=line(unit.name or unit.abbreviation, "Name", NAME),
        abbreviation=line(unit.abbreviation or unit.name, "Abbreviation", 40),
        words=tuple(dict.fromkeys(word for each in words if (word := line(each, "Name", 60)))),
    )


def coding_record(coding: Coding) -> CodingRecord:
    return CodingRecord(
        remote_id=remote_id(coding.id),
        changed_at=moment(coding.changed_utc, "ChangedUtc"),
        name=line(coding.name, "Name", NAME),
        is_service=is_service(coding.type),
        vat_percent=vat_percent(coding.vat_rate_percent),
        active=coding.is_active is not False,
    )


def is_service(type_: str | None) -> bool:
    """Whether the coding's type is the one for services; 2 is the filter's number for it."""
    word = (type_ or "").strip().lower()
    return word == "2" or word.startswith(SERVICE_WORDS)


def vat_percent(rate: Decimal | None) -> Decimal | None:
    """Per cent. Discounts are fractions in this API, so a fraction is understood here too: no rate is below 1 %."""
    found = optional_amount(rate, "VatRatePercent")
    return found * 100 if found is not None and 0 < found < 1 else found


def terms_record(terms: Terms) -> TermsRecord:
    return TermsRecord(
        remote_id=remote_id(terms.id),
        name=line(terms.name, "Name", 100),
        days=terms.number_of_days,
        for_sales=terms.available_for_sales is not False,
    )


def customer_record(customer: Customer) -> CustomerRecord:
    return CustomerRecord(
        remote_id=remote_id(customer.id),
        changed_at=moment(customer.changed_utc, "ChangedUtc"),
        number=line(customer.customer_number, "CustomerNumber", NUMBER),
        name=needed(line(customer.name, "Name", NAME), "Name"),
        is_company=not customer.is_private_person,
        organisation_number=line(customer.corporate_identity_number, "CorporateIdentityNumber", NUMBER),
        vat_number=line(customer.vat_number, "VatNumber", NUMBER),
        email=line(customer.email_address, "EmailAddress", EMAIL),
        phone=line(customer.telephone, "Telephone", PHONE),
        mobile=line(customer.mobile_phone, "MobilePhone", PHONE),
        website=line(customer.www_address, "WwwAddress", 200),
        address=Address(
            street=line(customer.invoice_address1, "InvoiceAddress1", STREET),
            street2=line(customer.invoice_address2, "InvoiceAddress2", STREET),
            postcode=line(customer.invoice_postal_code, "InvoicePostalCode", POSTCODE),
            city=line(customer.invoice_city, "InvoiceCity", CITY),
            country=code(customer.invoice_country_code, "InvoiceCountryCode", COUNTRY),
        ),
        delivery_name=line(customer.delivery_customer_name, "DeliveryCustomerName", NAME),
        delivery_address=delivery_address(customer),
        contact=contact(customer),
        currency=code(customer.currency_code, "CurrencyCode", CURRENCY),
        discount_percent=discount_percent(customer.discount_percentage),
        terms_remote_id=remote_id(customer.terms_of_payment_id),
        note=text(customer.note, "Note"),
        active=customer.is_active is not False,
    )


def contact(customer: Customer) -> Contact:
    return Contact(
        name=line(customer.contact_person_name, "ContactPersonName", NAME),
        email=line(customer.contact_person_email, "ContactPersonEmail", EMAIL),
        phone=line(customer.contact_person_phone, "ContactPersonPhone", PHONE),
        mobile=line(customer.contact_person_mobile, "ContactPersonMobile", PHONE),
    )


def delivery_address(of: Customer | Order) -> Address:
    return Address(
        street=line(of.delivery_address1, "DeliveryAddress1", STREET),
        street2=line(of.delivery_address2, "DeliveryAddress2", STREET),
        postcode=line(of.delivery_postal_code, "DeliveryPostalCode", POSTCODE),
        city=line(of.delivery_city, "DeliveryCity", CITY),
        country=code(of.delivery_country_code, "DeliveryCountryCode", COUNTRY),
    )


def discount_percent(fraction: Decimal | None) -> Decimal:
    """10 for the API's 0.1."""
    percent = amount(fraction, "DiscountPercentage") * 100
    if not 0 <= percent <= 100:
        raise Unreadable("DiscountPercentage", "is not between 0 and 1")
    return percent


def article_record(article: Article) -> ArticleRecord:
    barcodes = [each.barcode for each in article.barcodes or () if each.barcode]
    return ArticleRecord(
        remote_id=remote_id(article.id),
        changed_at=moment(article.changed_utc, "ChangedUtc"),
        number=needed(line(article.number, "Number", NUMBER), "Number"),
        name=needed(line(article.name, "Name", NAME), "Name"),
        text=text(article.note, "Note"),
        unit_remote_id=remote_id(article.unit_id),
        unit_name=line(article.unit_abbreviation or article.unit_name, "UnitName", 20),
        coding_remote_id=remote_id(article.coding_id),
        price=optional_amount(article.net_price, "NetPrice"),
        price_with_vat=optional_amount(article.gross_price, "GrossPrice"),
        ean=line(barcodes[0], "Barcode", 20) if barcodes else "",
        is_service=bool(article.is_service_article),
        stock_quantity=None if article.is_service_article else optional_amount(article.stock_balance, "StockBalance"),
        active=article.is_active is not False,
    )


def project_record(project: Project) -> ProjectRecord:
    return ProjectRecord(
        remote_id=remote_id(project.id),
        changed_at=moment(project.modified_utc, "ModifiedUtc"),
        number=needed(line(project.number, "Number", NUMBER), "Number"),
        name=line(project.name, "Name", NAME),
        customer_remote_id=remote_id(project.customer_id),
        starts_on=day(project.start_date, "StartDate"),
        ends_on=day(project.end_date, "EndDate"),
        notes=text(project.notes, "Notes"),
        active=project.status == ONGOING_PROJECT,
    )


def order_record(order: Order) -> SalesOrderRecord:
    return SalesOrderRecord(
        remote_id=remote_id(order.id),
        changed_at=moment(order.modified_utc, "ModifiedUtc"),
        number="" if order.number is None else str(order.number),
        state=ORDER_STATES.get(order.status or 0, OrderState.UNKNOWN),
        customer_remote_id=needed(remote_id(order.customer_id), "CustomerId"),
        currency=code(order.currency_code, "CurrencyCode", CURRENCY),
        ordered_on=day(order.order_date, "OrderDate"),
        deliver_on=day(order.delivery_date, "DeliveryDate"),
        your_reference=line(order.your_reference, "YourReference", 100),
        our_reference=line(order.our_reference, "OurReference", 100),
        delivery_name=line(order.delivery_customer_name, "DeliveryCustomerName", NAME),
        delivery_address=delivery_address(order),
        prices_include_vat=bool(order.includes_vat),
        lines=tuple(order_line(row, number) for number, row in enumerate(order.rows or (), start=1)),
    )


def order_line(row: OrderRow, number: int) -> OrderLineRecord:
    said = text(row.text, f"Rows[{number}].Text", 2000)
    if row.is_text_row or not remote_id(row.article_id):
        return OrderLineRecord(text=said)
    if row.is_discount_in_fixed_amount and row.discount_fixed_amount:
        raise Unreadable(
            f"Rows[{number}].DiscountFixedAmount", "is a sum; only a discount in per cent can be taken over"
        )
    return OrderLineRecord(
        article_remote_id=remote_id(row.article_id),
        text=said,
        quantity=amount(row.quantity, f"Rows[{number}].Quantity"),
        unit_price=amount(row.unit_price, f"Rows[{number}].UnitPrice"),
        discount_percent=discount_percent(row.discount_percentage),
        project_remote_id=remote_id(row.project_id),
    )


def needed(value: str, field: str) -> str:
    if not value:
        raise Unreadable(field, "is empty")
    return value
