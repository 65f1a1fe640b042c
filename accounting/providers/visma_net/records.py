"""The API's objects as our records. Each function raises Unreadable for what no column can hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal

from accounting.cleaning import Unreadable, amount, code, day, line, moment, optional_amount, text
from accounting.providers.visma_net.resources import (
    ContactInfo,
    Customer,
    Item,
    Order,
    OrderLine,
    PostalAddress,
    Project,
    Shipping,
    Terms,
    Unit,
    VatCategory,
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
CHANGED = "lastModifiedDateTime"

ORDER_STATES = {
    "Hold": OrderState.DRAFT,
    "PendingApproval": OrderState.DRAFT,
    "Open": OrderState.CONFIRMED,
    "BackOrder": OrderState.CONFIRMED,
    "Shipping": OrderState.CONFIRMED,
    "CreditHold": OrderState.CONFIRMED,
    "Completed": OrderState.DELIVERED,
    "Invoiced": OrderState.INVOICED,
}
SERVICES = frozenset({"LaborItem", "ServiceItem"})
GONE_ITEMS = frozenset({"Inactive", "NoSales", "MarkedForDeletion"})
OPEN_PROJECTS = frozenset({"Active", "Planned"})
FOR_SERVICE = "/service"
USUAL_TYPE = "SO"


def number_of(value: str | None) -> str:
    """A number as it serves for an id: trimmed, in its own case."""
    return (value or "").strip()


def unit_record(unit: Unit) -> UnitRecord:
    name = line(unit.from_unit, "fromUnit", 40)
    return UnitRecord(remote_id=number_of(unit.from_unit), name=name, abbreviation=name, words=(name,))


def coding_record(category: VatCategory, *, is_service: bool) -> CodingRecord:
    """A VAT category, which goods and services have in common; so each comes twice, under two ids."""
    name = line(category.description, "description", NAME) or number_of(category.vat_category_id)
    return CodingRecord(
        remote_id=number_of(category.vat_category_id) + (FOR_SERVICE if is_service else ""),
        changed_at=moment(category.last_modified_date_time, CHANGED),
        name=name,
        is_service=is_service,
        vat_percent=vat_percent(category),
        active=category.active is not False,
    )


def vat_percent(category: VatCategory) -> Decimal | None:
    """The rate at home: the highest of the output rates in force, as export and exemption stand beside it at zero."""
    today, found = datetime.now(UTC).date(), []
    for each in category.vat_category_lines or ():
        rates = [
            (begun, optional_amount(rate.vat_rate, "vatRate"))
            for rate in each.vat_rates or ()
            if rate.group_type in (None, "Output") and (begun := day(rate.start_date, "startDate") or date.min) <= today
        ]
        if rates and (rate := max(rates, key=lambda pair: pair[0])[1]) is not None:
            found.append(rate)
    return max(found, default=None)


def terms_record(terms: Terms) -> TermsRecord:
    id = number_of(terms.terms_id)
    by_days = terms.due_date_type in (None, "FixedNumberOfDays")
    return TermsRecord(
        remote_id=id,
        changed_at=moment(terms.last_modified_date_time, CHANGED),
        name=line(terms.description, "description", 100) or line(id, "termsId", 100),
        days=terms.due_day1 if by_days else None,
        for_sales=(terms.visible_to or "All") in ("All", "Customer", "Customers"),
    )


def customer_record(customer: Customer) -> CustomerRecord:
    info = customer.main_contact or ContactInfo()
    main, delivery = (
        address(customer.main_address, "mainAddress"),
        address(customer.delivery_address, "deliveryAddress"),
    )
    delivery_name = line((customer.delivery_contact or ContactInfo()).name, "deliveryContact.name", NAME)
    name = needed(line(customer.name, "name", NAME), "name")
    return CustomerRecord(
        remote_id=number_of(customer.number),
        changed_at=moment(customer.last_modified_date_time, CHANGED),
        number=line(customer.number, "number", NUMBER),
        name=name,
        is_company=bool(number_of(customer.corporate_id) or number_of(customer.vat_registration_id)),
        organisation_number=line(customer.corporate_id, "corporateId", NUMBER),
        vat_number=line(customer.vat_registration_id, "vatRegistrationId", NUMBER),
        email=line(info.email, "mainContact.email", EMAIL),
        phone=line(info.phone1, "mainContact.phone1", PHONE),
        mobile=line(info.phone2, "mainContact.phone2", PHONE),
        website=line(info.web, "mainContact.web", 200),
        address=main,
        # Where nothing else was said the books repeat the main address.
        delivery_name=delivery_name if delivery != main and delivery_name != name else "",
        delivery_address=delivery if delivery != main else Address(),
        contact=Contact(name=line(info.attention, "mainContact.attention", NAME)),
        currency=code(customer.currency_id, "currencyId", CURRENCY),
        terms_remote_id=number_of(customer.credit_terms.id) if customer.credit_terms else "",
        active=customer.status not in ("Inactive",),
    )


def address(found: PostalAddress | None, field: str) -> Address:
    if found is None:
        return Address()
    return Address(
        street=line(found.address_line1, f"{field}.addressLine1", STREET),
        street2=line(found.address_line2, f"{field}.addressLine2", STREET),
        postcode=line(found.postal_code, f"{field}.postalCode", POSTCODE),
        city=line(found.city, f"{field}.city", CITY),
        country=code(found.country.id if found.country else "", f"{field}.country", COUNTRY),
    )


def article_record(item: Item) -> ArticleRecord:
    unit = item.sales_unit or item.base_unit
    barcodes = [each.alternate_id for each in item.cross_references or () if each.alternate_type == "Barcode"]
    number = line(item.inventory_number, "inventoryNumber", NUMBER)
    is_service = item.type in SERVICES
    category = number_of(item.vat_code.id) if item.vat_code else ""
    return ArticleRecord(
        remote_id=number_of(item.inventory_number),
        changed_at=moment(item.last_modified_date_time, CHANGED),
        number=number,
        name=line(item.description, "description", NAME) or number,
        text=text(item.body, "body"),
        unit_remote_id=number_of(unit),
        unit_name=line(unit, "salesUnit", 20),
        coding_remote_id=category + (FOR_SERVICE if category and is_service else ""),
        price=optional_amount(item.default_price, "defaultPrice"),
        ean=line(next(filter(None, barcodes), ""), "crossReferences", 20),
        is_service=is_service,
        stock_quantity=stock_quantity(item),
        active=item.status not in GONE_ITEMS,
    )


def stock_quantity(item: Item) -> Decimal | None:
    """What can still be taken, in all warehouses together; nothing for what is not kept in stock."""
    if not item.stock_item:
        return None
    held: Iterable[Decimal | None] = (
        each.quantity_on_hand if each.available is None else each.available for each in item.warehouse_details or ()
    )
    return optional_amount(sum((each for each in held if each is not None), Decimal(0)), "warehouseDetails")


def project_record(project: Project) -> ProjectRecord:
    return ProjectRecord(
        remote_id=number_of(project.project_id),
        changed_at=moment(project.last_modified_date_time, CHANGED),
        number=line(project.project_id, "projectID", NUMBER),
        name=line(project.description, "description", NAME),
        customer_remote_id=number_of(project.customer.number) if project.customer else "",
        starts_on=day(project.start_date, "startDate"),
        ends_on=day(project.end_date, "endDate"),
        notes=text(project.note, "note"),
        active=project.status in OPEN_PROJECTS and not project.system_template,
    )


def order_record(order: Order) -> SalesOrderRecord:
    """An order; one that is none of this kind (a quote, a credit note) or was called off is of unknown state.

    It has lines only where they were asked for: those of a finished order are of no use to anybody.
    """
    shipping = (order.head.shipping if order.head else None) or Shipping()
    project = number_of(order.head.project.id) if order.head and order.head.project else ""
    own = shipping.address is not None and bool(shipping.address.overrides_default)
    return SalesOrderRecord(
        remote_id=f"{number_of(order.type)}/{number_of(order.order_id)}",
        changed_at=moment(order.last_modified, "lastModified"),
        number=order_number(order),
        state=ORDER_STATES.get(order.status or "", OrderState.UNKNOWN) if order.lines is not None else finished(order),
        customer_remote_id=needed(number_of(order.customer_id), "customerId"),
        currency=code(order.currency, "currency", CURRENCY),
        ordered_on=day(order.date, "date"),
        deliver_on=day(order.request_on, "requestOn"),
        your_reference=line(order.customer_ref_no, "customerRefNo", 100),
        our_reference=line(order.customer_order, "customerOrder", 100),
        delivery_name=line(shipping.contact.name, "shipping.contact.name", NAME) if own and shipping.contact else "",
        delivery_address=order_address(shipping) if own else Address(),
        lines=tuple(order_line(each, place, project) for place, each in enumerate(order.lines or (), start=1)),
    )


def order_number(order: Order) -> str:
    """The number that people say. Each type may count for itself, so an unusual type is part of it."""
    number = line(order.order_id, "orderId", NUMBER)
    return number if order.type == USUAL_TYPE else f"{line(order.type, 'type', 10)} {number}"


def finished(order: Order) -> OrderState:
    """The state of an order whose lines nobody asked for: it is not to be worked on."""
    state = ORDER_STATES.get(order.status or "", OrderState.UNKNOWN)
    return state if state in (OrderState.DELIVERED, OrderState.INVOICED, OrderState.DRAFT) else OrderState.UNKNOWN


def order_address(shipping: Shipping) -> Address:
    found = shipping.address
    assert found is not None
    return Address(
        street=line(found.line1, "shipping.address.line1", STREET),
        street2=line(found.line2, "shipping.address.line2", STREET),
        postcode=line(found.postal_code, "shipping.address.postalCode", POSTCODE),
        city=line(found.city, "shipping.address.city", CITY),
        country=code(found.country.id if found.country else "", "shipping.address.country", COUNTRY),
    )


def order_line(row: OrderLine, place: int, project: str) -> OrderLineRecord:
    where = f"orderLines[{place}]"
    said = text(row.description, f"{where}.description", 2000)
    item = number_of(row.inventory.id) if row.inventory else ""
    if not item:
        return OrderLineRecord(text=said)
    percent = amount(row.discount_percent, f"{where}.discountPercent")
    if not percent and row.discount_amount:
        raise Unreadable(f"{where}.discountAmount", "is a sum; only a discount in per cent can be taken over")
    if not 0 <= percent <= 100:
        raise Unreadable(f"{where}.discountPercent", "is not between 0 and 100")
    return OrderLineRecord(
        article_remote_id=item,
        text=said,
        quantity=amount(row.quantity, f"{where}.quantity"),
        unit_price=amount(row.unit_price, f"{where}.unitPrice"),
        discount_percent=percent,
        project_remote_id=project,
    )


def needed(value: str, field: str) -> str:
    if not value:
        raise Unreadable(field, "is empty")
    return value
