"""Fills the stand-in's companies: the hand-written firm, as many generated records as asked for, and small firms.

The hand-written records go through the same rules as a client's. Everything follows from the seed and the day.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from accounting.providers.visma_net.sandbox import orders
from accounting.providers.visma_net.sandbox.books import Books
from accounting.providers.visma_net.sandbox.control import convert_order
from accounting.providers.visma_net.sandbox.customers import create_customer
from accounting.providers.visma_net.sandbox.inventory import create_item, set_stock
from accounting.providers.visma_net.sandbox.invoices import book, create_invoice
from accounting.providers.visma_net.sandbox.seed_data import (
    CUSTOMERS,
    FIRM,
    FIRM_ORG_NUMBER,
    INVOICES,
    ITEMS,
    ORDERS,
    PROJECTS,
    SECOND_FIRM,
    SECOND_FIRM_ORG_NUMBER,
    Customer,
    Item,
    Order,
    Project,
)
from accounting.providers.visma_net.sandbox.seed_lists import seed_lists
from accounting.providers.visma_net.sandbox.seed_many import (
    add_customers,
    add_items,
    add_orders,
    add_projects,
    org_number,
)
from accounting.providers.visma_net.sandbox.switches import ServiceSwitches
from accounting.providers.visma_net.sandbox.values import Json
from accounting.sandbox import Clock, Options

DAY = 86400


def seed_companies(options: Options, clock: Clock, service: ServiceSwitches) -> dict[str, Books]:
    """The companies by tenant id; the first is the demo firm, the others are small."""
    first = Books(name=FIRM, org_number=FIRM_ORG_NUMBER, clock=clock, service=service, seed=options.seed)
    seed_firm(first, options)
    small = [small_firm(number, options, clock, service) for number in range(1, max(2, options.companies))]
    return {books.id: books for books in (first, *small)}


def small_firm(number: int, options: Options, clock: Clock, service: ServiceSwitches) -> Books:
    """A firm with some customers and items, so that a mix-up shows."""
    name = SECOND_FIRM if number == 1 else f"{SECOND_FIRM.removesuffix(' AS')} {number} AS"
    own = SECOND_FIRM_ORG_NUMBER if number == 1 else org_number(97_700_000 + number)
    books = Books(name=name, org_number=own, clock=clock, service=service, seed=options.seed + 7919 * number)
    seed_lists(books, books.today())
    for item in ITEMS[:20]:
        seed_item(books, item)
    add_customers(books, 14)
    return books


def seed_firm(books: Books, options: Options) -> None:
    seed_lists(books, books.today())
    customers, items = CUSTOMERS[: options.customers], ITEMS[: options.articles]
    for customer in customers:
        seed_customer(books, customer)
    for item in items:
        seed_item(books, item)
    books.next_numbers["customer"] = 10100
    seed_work(books, options)
    add_customers(books, (options.customers or 0) - len(customers))
    add_items(books, (options.articles or 0) - len(items))
    add_projects(books, (options.projects or 0) - len(books.tables["project"]))
    add_orders(books, (options.orders or 0) - len(books.tables["salesorder"]))
    # Last year is closed, as it is in any firm's autumn.
    books.switches.closed_to = f"{books.today().year - 1}-12-31"


def seed_work(books: Books, options: Options) -> None:
    """Projects, orders and invoices of the customers and items that are there."""
    for project in PROJECTS[: options.projects]:
        if project.customer in books.tables["customer"]:
            seed_project(books, project)
    for order in ORDERS[: options.orders]:
        if known(books, order.customer, [number for number, *_ in order.rows]):
            seed_order(books, order)
    for customer_number, day, rows, state in INVOICES:
        if known(books, customer_number, [number for number, _ in rows]):
            seed_invoice(books, customer_number, day, rows, state)


def known(books: Books, customer: str, items: list[str]) -> bool:
    return customer in books.tables["customer"] and all(each in books.tables["inventory"] for each in items)


def seed_customer(books: Books, customer: Customer) -> None:
    street, postcode, city = customer.address
    values: Json = {
        "number": customer.number,
        "overridenumberseries": True,
        "name": customer.name,
        "status": customer.status,
        "customerclassid": customer.kind,
        "corporateid": customer.org_number,
        "mainaddress": address(street, postcode, city, customer.country),
        "maincontact": {
            "name": customer.name,
            "attention": customer.contact,
            "email": customer.email,
            "phone1": customer.phone,
        },
    }
    if customer.org_number and customer.country == "NO":
        values["vatregistrationid"] = f"{customer.org_number}MVA"
    if customer.delivery:
        values["deliveryaddress"] = address(*customer.delivery, customer.country)
    create_customer(books, values, at=books.now() - books.random.randint(30, 900) * DAY)


def address(street: str, postcode: str, city: str, country: str) -> Json:
    return {"addressline1": street, "postalcode": postcode, "city": city, "countryid": country}


def seed_item(books: Books, item: Item) -> None:
    at = books.now() - books.random.randint(20, 700) * DAY
    values: Json = {
        "inventorynumber": item.number,
        "itemclass": item.kind,
        "description": item.name,
        "defaultprice": Decimal(item.price),
        "baseunit": item.unit,
        "salesunit": item.unit,
        "vatcode": item.category,
        "status": item.status,
        "crossreferences": [{"operation": "Insert", "alternatetype": "Barcode", "alternateid": item.ean}]
        if item.ean
        else [],
    }
    create_item(books, values, at=at)
    if item.stock:
        set_stock(books, item.number, Decimal(item.stock), at=at)


def seed_project(books: Books, project: Project) -> None:
    customer = books.tables["customer"].get(project.customer) or {}
    record = {
        "internalID": books.take_number("internal"),
        "projectID": project.number,
        "customer": {"number": customer["number"], "name": customer["name"]},
        "hold": False,
        "status": project.status,
        "description": project.name,
        "startDate": f"{books.today() + timedelta(days=project.start)}T00:00:00",
        "visibility": {"visibleInSo": True, "visibleInAr": True},
        "systemTemplate": False,
        "publicId": books.new_id(),
    }
    books.put("project", record, at=books.now() - 30 * DAY)


def seed_order(books: Books, order: Order) -> None:
    at = books.now() + order.day * DAY
    command: Json = {
        "type": order.kind,
        "customer": {"id": order.customer, "order": order.order or None},
        "status": order.status,
        "date": f"{books.today() + timedelta(days=order.day)}T00:00:00",
        "description": order.description or None,
        "projectId": order.project or None,
        "orderLines": [
            {"inventoryId": number, "quantity": Decimal(quantity), "discountPercent": Decimal(discount)}
            for number, quantity, discount in order.rows
        ],
    }
    if order.place:
        street, postcode, city = order.place
        command["shipping"] = {"address": {"line1": street, "postalCode": postcode, "city": city, "countryId": "NO"}}
    record = orders.create_order(books, command, at=at)
    if order.fate == "cancel":
        orders.store(books, {**record, "status": "Cancelled"}, at=at)
    if order.fate == "convert":
        convert_order(books, record)
        made = books.tables["salesorder"].get(record["key"]) or {}
        backdate(books, made["shipments"][-1]["invoiceId"], at + 3 * DAY)
        orders.store(books, made, at=at + 3 * DAY)


def seed_invoice(books: Books, customer: str, day: int, rows: tuple[tuple[str, str], ...], state: str) -> None:
    lines = [{"operation": "Insert", "inventorynumber": number, "quantity": Decimal(each)} for number, each in rows]
    body = {"customernumber": customer, "invoicelines": lines, "hold": state == "hold"}
    record = create_invoice(books, body)
    if state == "open":
        book(books, record)
    backdate(books, record["referenceNumber"], books.now() + day * DAY)


def backdate(books: Books, number: str, at: float) -> None:
    books.put("customerinvoice", books.tables["customerinvoice"].get(number) or {}, at=at)
