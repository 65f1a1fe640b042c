"""The API's objects as our records. Each function raises Unreadable for what no column can hold."""

from __future__ import annotations

import re
from decimal import Decimal

from stdnum.dk import cpr

from accounting.cleaning import Unreadable, amount, code, day, line, moment, optional_amount, text
from accounting.providers.economic.countries import code_of
from accounting.providers.economic.remote_ids import GROUP, TERMS, UNIT, named, sale_id
from accounting.providers.economic.resources import (
    Coding,
    Contact,
    Customer,
    Delivery,
    DeliveryLocation,
    OrderLine,
    OrderWithLines,
    Product,
    Project,
    Terms,
    Unit,
)
from accounting.types import (
    Address,
    ArticleRecord,
    CodingRecord,
    ContactRecord,
    CustomerRecord,
    OrderLineRecord,
    OrderState,
    ProjectRecord,
    SalesOrderRecord,
    Stage,
    TermsRecord,
    UnitRecord,
    WorkSiteRecord,
)

NAME, NUMBER, PHONE, EMAIL = 200, 50, 50, 254
STREET, POSTCODE, CITY = 200, 20, 100

ORDER_STATES = {"drafts": OrderState.DRAFT, "sent": OrderState.CONFIRMED, "archived": OrderState.INVOICED}
NET, AT_ONCE = "net", frozenset({"paidInCash", "prepaid", "creditcard"})
# Parts of what Scandinavian firms call services, work and hours.
SERVICE_WORDS = ("ydelse", "service", "tjene", "tjän", "arbejd", "arbete", "arbeid", "timer", "timme", "løn", "montør")
COMPANY_FORMS = re.compile(
    r"\b(a/s|aps|i/s|k/s|p/s|ivs|a\.?m\.?b\.?a|smba|fmba|ab|as|asa|hb|kb|oy|gmbh|ug|kg|ltd|inc|bv|b\.v\.|nv|sa|srl|"
    r"kommune|forening|andelsboligforening|ejerforening(en)?|fonden|menighedsråd)(?!\w)",
    re.IGNORECASE,
)


def unit_record(unit: Unit) -> UnitRecord:
    name = needed(line(unit.name, "name", NAME), "name")
    return UnitRecord(
        remote_id=named(UNIT, unit.unit_number),
        name=name,
        abbreviation=line(unit.name, "name", 40),
        words=(name,),
    )


def coding_record(coding: Coding) -> CodingRecord:
    """A product group: with the customer's VAT zone it decides account and VAT."""
    name = line(coding.group.name, "name", NAME)
    return CodingRecord(
        remote_id=named(GROUP, coding.group.product_group_number),
        name=name,
        is_service=not coding.group.inventory_enabled and is_service(name),
        vat_percent=optional_amount(coding.vat_percent, "ratePercentage"),
    )


def is_service(name: str) -> bool:
    """Whether a name sounds like services. Nothing in these books says it."""
    return any(word in name.casefold() for word in SERVICE_WORDS)


def terms_record(terms: Terms) -> TermsRecord:
    """`days` only where the books count them from the invoice's date."""
    days = {NET: terms.days_of_credit, **dict.fromkeys(AT_ONCE, 0)}.get(terms.payment_terms_type or "")
    return TermsRecord(
        remote_id=named(TERMS, terms.payment_terms_number),
        name=line(terms.name, "name", 100),
        days=days if days is not None and days >= 0 else None,
    )


# --- customers -------------------------------------------------------------------


def customer_record(customer: Customer) -> CustomerRecord:
    """One field holds the whole address, line by line; another perhaps several e-mail addresses."""
    name = needed(line(customer.name, "name", NAME), "name")
    number = line(customer.corporate_identification_number, "corporateIdentificationNumber", NUMBER)
    street, street2 = address_lines(customer.address)
    return CustomerRecord(
        remote_id=str(customer.customer_number),
        changed_at=moment(customer.last_updated, "lastUpdated"),
        number=str(customer.customer_number),
        name=name,
        is_company=is_company(name, number, customer),
        organisation_number=number,
        vat_number=line(customer.vat_number, "vatNumber", NUMBER),
        email=line(first_address(customer.email), "email", EMAIL),
        phone=line(customer.telephone_and_fax_number, "telephoneAndFaxNumber", PHONE),
        mobile=line(customer.mobile_phone, "mobilePhone", PHONE),
        website=line(customer.website, "website", 200),
        address=Address(
            street=line(street, "address", STREET),
            street2=line(street2, "address", STREET),
            postcode=line(customer.zip, "zip", POSTCODE),
            city=line(customer.city, "city", CITY),
            country=code_of(customer.country),
        ),
        currency=code(customer.currency, "currency", 3),
        terms_remote_id=named(TERMS, customer.payment_terms.payment_terms_number if customer.payment_terms else None),
        active=not customer.barred,
    )


def is_company(name: str, number: str, customer: Customer) -> bool:
    """These books do not say it. A company has a number that is not a person's, or a name that says so."""
    if customer.ean or customer.vat_number:
        return True
    if number:
        return not cpr.is_valid(number)
    return COMPANY_FORMS.search(name) is not None


def first_address(said: str | None) -> str:
    """Several e-mail addresses may stand in one field, with a blank between."""
    found = re.split(r"[\s;,]+", (said or "").strip())
    return found[0]


def address_lines(said: str | None) -> tuple[str, str]:
    """Street, and whatever stands on the lines below."""
    lines = [each.strip() for each in (said or "").splitlines() if each.strip()]
    return (lines[0] if lines else "", ", ".join(lines[1:]))


def contact_record(contact: Contact) -> ContactRecord:
    return ContactRecord(
        remote_id=str(contact.number),
        changed_at=moment(contact.last_updated, "lastUpdated"),
        customer_remote_id=required_number(contact.customer_number, "customerNumber"),
        name=needed(line(contact.name, "name", NAME), "name"),
        email=line(first_address(contact.email), "email", EMAIL),
        phone=line(contact.phone, "phone", PHONE),
        active=not contact.is_deleted and contact.active is not False,
    )


def work_site_record(location: DeliveryLocation) -> WorkSiteRecord:
    """It has no name of its own, just the address."""
    street, street2 = address_lines(location.address)
    return WorkSiteRecord(
        remote_id=str(location.number),
        changed_at=moment(location.last_updated, "lastUpdated"),
        customer_remote_id=required_number(location.customer_number, "customerNumber"),
        address=Address(
            street=line(street, "address", STREET),
            street2=line(street2, "address", STREET),
            postcode=line(location.postal_code, "postalCode", POSTCODE),
            city=line(location.city, "city", CITY),
            country=code_of(location.country),
        ),
        active=not location.is_barred,
    )


# --- articles and projects -----------------------------------------------------------


def article_record(product: Product) -> ArticleRecord:
    unit, group, stock = product.unit, product.product_group, product.inventory
    barcode = (product.bar_code or "").strip()
    return ArticleRecord(
        remote_id=product.product_number,
        changed_at=moment(product.last_updated, "lastUpdated"),
        number=needed(line(product.product_number, "productNumber", NUMBER), "productNumber"),
        name=needed(line(product.name, "name", NAME), "name"),
        text=text(product.description, "description"),
        unit_remote_id=named(UNIT, unit.unit_number if unit else None),
        unit_name=line(unit.name, "unit", 20) if unit and len(unit.name or "") <= 20 else "",
        coding_remote_id=named(GROUP, group.product_group_number if group else None),
        price=optional_amount(product.sales_price, "salesPrice"),
        # Any barcode may stand there; what is no EAN does not fit and is not needed.
        ean=line(barcode, "barCode", 20) if len(barcode) <= 20 else "",
        is_service=bool(group and not group.inventory_enabled and is_service(group.name or "")),
        stock_quantity=optional_amount(stock.available if stock.available is not None else stock.in_stock, "inventory")
        if stock
        else None,
        active=not product.barred,
    )


def project_record(project: Project) -> ProjectRecord:
    """A main project is only a heading over others and takes no work."""
    return ProjectRecord(
        remote_id=str(project.number),
        changed_at=moment(project.last_updated, "lastUpdated"),
        number=str(project.number),
        name=needed(line(project.name, "name", NAME), "name"),
        customer_remote_id="" if project.customer_number is None else str(project.customer_number),
        ends_on=day(project.delivery_date, "deliveryDate"),
        notes=text(project.description, "description"),
        active=not (project.is_closed or project.is_barred or project.is_main_project),
    )


# --- orders --------------------------------------------------------------------------


def order_record(found: OrderWithLines) -> SalesOrderRecord:
    """There is no "confirmed" in these books: an order counts as that once it was registered as sent."""
    order, delivery = found.order, found.order.delivery or Delivery()
    if not found.lines and order.net_amount:
        raise Unreadable("lines", "were not there when they were asked for")
    project = "" if order.project is None or order.project.project_number is None else str(order.project.project_number)
    street, street2 = address_lines(delivery.address)
    lines = sorted(found.lines, key=lambda each: (each.user_interface_number or 0, each.number or 0))
    return SalesOrderRecord(
        remote_id=sale_id(Stage.ORDER, order.order_number),
        changed_at=moment(order.last_updated, "lastUpdated"),
        number=str(order.order_number),
        state=ORDER_STATES.get(found.stage, OrderState.UNKNOWN),
        customer_remote_id=required_number(order.customer.customer_number if order.customer else None, "customer"),
        currency=code(order.currency, "currency", 3),
        ordered_on=day(order.date, "date"),
        deliver_on=day(delivery.delivery_date, "delivery.deliveryDate"),
        our_reference=line(order.references.other if order.references else None, "references.other", 250),
        delivery_address=Address(
            street=line(street, "delivery.address", STREET),
            street2=line(street2, "delivery.address", STREET),
            postcode=line(delivery.zip, "delivery.zip", POSTCODE),
            city=line(delivery.city, "delivery.city", CITY),
            country=code_of(delivery.country),
        ),
        lines=tuple(order_line(each, place, project) for place, each in enumerate(lines, start=1)),
    )


def order_line(found: OrderLine, place: int, project: str) -> OrderLineRecord:
    said = text(found.description, f"lines[{place}].description", 2500)
    if not found.product_number:
        return OrderLineRecord(text=said)
    discount = amount(found.discount_percentage, f"lines[{place}].discountPercentage")
    if not Decimal(0) <= discount <= 100:
        raise Unreadable(f"lines[{place}].discountPercentage", "is not between 0 and 100")
    return OrderLineRecord(
        article_remote_id=found.product_number,
        text=said,
        quantity=amount(found.quantity, f"lines[{place}].quantity"),
        unit_price=amount(found.unit_net_price, f"lines[{place}].unitNetPrice"),
        discount_percent=discount,
        project_remote_id=project,
    )


def needed(value: str, field: str) -> str:
    if not value:
        raise Unreadable(field, "is empty")
    return value


def required_number(value: int | None, field: str) -> str:
    if value is None:
        raise Unreadable(field, "is empty")
    return str(value)
