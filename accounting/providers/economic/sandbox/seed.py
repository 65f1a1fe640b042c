"""Builds the stand-in's agreements: the hand-written firm, a second one, the app's own developer agreement, and more.

What is hand-written goes through the same rules as a client's; so numbers and totals agree. Everything follows
from the seed and the day.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from accounting.providers.economic.sandbox import sale, seed_data
from accounting.providers.economic.sandbox.books import Books
from accounting.providers.economic.sandbox.fields import Json
from accounting.providers.economic.sandbox.records import (
    RECEIVES,
    customer_as_shown,
    product_as_shown,
    versioned,
)
from accounting.providers.economic.sandbox.seed_many import add_customers, add_orders, add_products, add_projects
from accounting.providers.economic.sandbox.switches import ServiceSwitches
from accounting.providers.economic.sandbox.wire import link, reference
from accounting.sandbox import Clock, Options

FIRST = 1718001
DEVELOPER = 1718900
LONG_AGO_DAYS = 30


def seed_agreements(options: Options, clock: Clock, service: ServiceSwitches) -> dict[int, Books]:
    """The agreements by number, the hand-written firm first."""
    first = agreement(FIRST, seed_data.COMPANY, clock, service, options.seed)
    fill(first)
    add_customers(first, options.customers or 0)
    add_products(first, options.articles or 0)
    add_projects(first, options.projects or 0)
    add_orders(first, options.orders or 0)
    second = agreement(FIRST + 1, seed_data.SECOND, clock, service, options.seed + 1)
    fill_second(second)
    developer = agreement(DEVELOPER, seed_data.DEVELOPER, clock, service, options.seed + 2)
    developer.switches.affiliation = "Developer"
    everybody = [first, second, *more(options, clock, service), developer]
    return {books.number: books for books in everybody}


def more(options: Options, clock: Clock, service: ServiceSwitches) -> list[Books]:
    """Small firms, so that many can work at once."""
    found = []
    for number in range(options.companies):
        company = {
            **seed_data.SECOND,
            "name": f"Vestjysk VVS {number + 1} ApS",
            "companyIdentificationNumber": cvr(number),
        }
        books = agreement(FIRST + 10 + number, company, clock, service, options.seed + 10 + number)
        fill_second(books)
        found.append(books)
    return found


def cvr(number: int) -> str:
    """A number with a valid check digit, the same for the same place."""
    weights = (2, 7, 6, 5, 4, 3, 2)
    base = 4_000_000 + number * 13
    while True:
        total = sum(int(digit) * weight for digit, weight in zip(str(base), weights, strict=True))
        if total % 11 != 1:
            return f"{base}{(11 - total % 11) % 11}"
        base += 1


def agreement(number: int, company: Json, clock: Clock, service: ServiceSwitches, seed: int) -> Books:
    """Fresh books with units, groups, terms, zones and layouts, and nothing else."""
    books = Books(number=number, clock=clock, service=service, seed=seed)
    books.company = dict(company)
    books.user = {"name": "Mette Kjær", "email": "mette@vestkystens-vvs.example", "loginId": "METTE"}
    put = {
        "units": [
            plain("unitNumber", n, "units", name=name, products=f"{link('units', n)}/products")
            for n, name in numbered(seed_data.UNITS)
        ],
        "customer-groups": [
            plain(
                "customerGroupNumber",
                n,
                "customer-groups",
                name=name,
                account=reference("accountNumber", 5600, "accounts"),
                customers=f"{link('customer-groups', n)}/customers",
            )
            for n, name in numbered(seed_data.CUSTOMER_GROUPS)
        ],
        "payment-terms": [terms(n, *of) for n, of in numbered(seed_data.TERMS)],
        "layouts": [plain("layoutNumber", n, "layouts", name=name, deleted=False) for n, name in seed_data.LAYOUTS],
        "vat-zones": [
            plain("vatZoneNumber", n, "vat-zones", name=name, enabledForCustomer=n != 5, enabledForSupplier=n < 4)
            for n, name in numbered(seed_data.ZONES)
        ],
        "vat-accounts": [
            plain("vatCode", code, "vat-accounts", name=name, ratePercentage=Decimal(rate), barred=False)
            for code, name, rate in seed_data.VAT_ACCOUNTS
        ],
        "currencies": [
            plain("code", code, "currencies", name=name, isoNumber=iso) for code, name, iso in seed_data.CURRENCIES
        ],
        "employees": [
            plain("employeeNumber", n, "employees", name=name, barred=False)
            for n, name in numbered(seed_data.EMPLOYEES)
        ],
        "product-groups": [group(*of[:3]) for of in seed_data.PRODUCT_GROUPS],
    }
    for table, records in put.items():
        for record in records:
            books.tables[table].put(record)
    books.sales_accounts = {of[0]: of[3] for of in seed_data.PRODUCT_GROUPS}
    return books


def numbered(of: Any) -> list[tuple[int, Any]]:
    return list(enumerate(of, start=1))


def plain(member: str, key: Any, table: str, **more: Any) -> Json:
    return {member: key, **more, "self": link(table, key)}


def terms(number: int, name: str, type_: str, days: int | None) -> Json:
    record = plain("paymentTermsNumber", number, "payment-terms", name=name, paymentTermsType=type_)
    return record if days is None else {"daysOfCredit": days, **record}


def group(number: int, name: str, inventory: bool) -> Json:
    own = link("product-groups", number)
    return plain(
        "productGroupNumber",
        number,
        "product-groups",
        name=name,
        salesAccounts=f"{own}/sales-accounts",
        products=f"{own}/products",
        inventoryEnabled=inventory,
    )


# --- the firm ------------------------------------------------------------------------


def fill(books: Books) -> None:
    for customer in seed_data.CUSTOMERS:
        put_customer(books, customer)
    for product in seed_data.PRODUCTS:
        put_product(books, *product)
    for place, contact in enumerate(seed_data.CONTACTS):
        put_contact(books, *contact, place=place)
    for location in seed_data.DELIVERY_LOCATIONS:
        put_location(books, *location)
    for project in seed_data.PROJECTS:
        put_project(books, *project)
    put_documents(books)


def fill_second(books: Books) -> None:
    """A few customers and products of its own."""
    for customer in seed_data.CUSTOMERS[:5]:
        put_customer(books, customer._replace(number=customer.number + 4000))
    for product in seed_data.PRODUCTS[:8]:
        put_product(books, *product)


def put_customer(books: Books, customer: seed_data.Customer) -> None:
    values: Json = {
        "customerNumber": customer.number,
        "name": customer.name,
        "currency": customer.currency,
        "customerGroup": reference("customerGroupNumber", customer.group, "customer-groups"),
        "vatZone": reference("vatZoneNumber", customer.zone, "vat-zones"),
        "paymentTerms": reference("paymentTermsNumber", customer.terms, "payment-terms"),
        "layout": reference("layoutNumber", 21, "layouts") if customer.zone == 1 else None,
        "corporateIdentificationNumber": customer.cvr,
        "address": customer.address,
        "zip": customer.zip,
        "city": customer.city,
        "country": customer.country,
        "email": customer.email,
        "telephoneAndFaxNumber": customer.phone,
        "mobilePhone": customer.mobile,
        "ean": customer.ean,
        "barred": customer.barred,
    }
    shown = customer_as_shown(values, balance=Decimal("0.00"), stamp=books.ago(LONG_AGO_DAYS + customer.number % 17))
    books.tables["customers"].put(shown)


def put_product(books: Books, number: str, name: str, group: int, unit: int, price: str, text: str) -> None:
    values = {
        "productNumber": number,
        "name": name,
        "description": text,
        "salesPrice": price,
        "costPrice": Decimal(price) / 2,
        "barred": number in seed_data.BARRED_PRODUCTS,
        "barCode": f"57{number:0>11}" if number.startswith("30") else "",
    }
    in_group = books.tables["product-groups"].get(group) or {}
    stock = None
    if in_group["inventoryEnabled"]:
        stock = {
            "available": Decimal("7.00"),
            "inStock": Decimal("9.00"),
            "orderedByCustomers": Decimal("2.00"),
            "orderedFromSuppliers": Decimal("0.00"),
            "recommendedCostPrice": Decimal(price) / 2,
            "inventoryLastUpdated": books.ago(40),
        }
    shown = product_as_shown(
        values, group=in_group, unit=books.tables["units"].get(unit), stamp=books.ago(LONG_AGO_DAYS), stock=stock
    )
    books.tables["products"].put(shown)


def put_contact(books: Books, customer: int, name: str, email: str, phone: str, *, place: int) -> None:
    mine = sum(of[0] == customer for of in seed_data.CONTACTS[:place])
    record = {
        "number": books.count("contact"),
        "customerNumber": customer,
        "userInterfaceNumber": mine + 1,
        "name": name,
        "email": email or None,
        "phone": phone,
        "notes": None,
        "eInvoiceId": None,
        "lastUpdated": books.ago(LONG_AGO_DAYS)[:-1],
        **dict.fromkeys(RECEIVES, False),
        "isDeleted": False,
        "active": True,
    }
    books.tables["contacts"].put(versioned(record))


def put_location(books: Books, customer: int, address: str, postal_code: str, city: str) -> None:
    record = {
        "number": books.count("location"),
        "customerNumber": customer,
        "userInterfaceNumber": 1,
        "address": address,
        "city": city,
        "country": "Danmark",
        "postalCode": postal_code,
        "termsOfDelivery": None,
        "eInvoiceId": None,
        "isBarred": False,
        "lastUpdated": books.ago(LONG_AGO_DAYS)[:-1],
    }
    books.tables["deliverylocations"].put(versioned(record))


def put_project(books: Books, number: int, name: str, customer: int | None, closed: bool) -> None:
    record = {
        "number": number,
        "name": name,
        "projectGroupNumber": 1,
        "customerNumber": customer,
        "isClosed": closed,
        "isBarred": False,
        "isMainProject": False,
        "lastUpdated": books.ago(LONG_AGO_DAYS)[:-1],
        "description": None,
        "deliveryDate": f"{books.today() + timedelta(days=60)}T00:00:00",
        "otherReference": None,
    }
    books.tables["projects"].put(versioned(record))


def put_documents(books: Books) -> None:
    """Each order four times: as a draft, sent, made an invoice draft, and invoiced."""
    for stage in (leave, send, invoice_draft, invoice):
        for customer, heading, lines in seed_data.ORDERS:
            stage(sale.write_sale(books, "orders/drafts", document_body(books, customer, heading, lines)), books)
    for name in ("orders/drafts", "orders/sent", "orders/archived", "invoices/drafts"):
        table = books.tables[name]
        for document in list(table.all()):
            table.put({**document, "lastUpdated": books.ago(20)})


def leave(order: Json, books: Books) -> Json:
    return order


def send(order: Json, books: Books) -> Json:
    return sale.send_order(books, order)


def invoice_draft(order: Json, books: Books) -> Json:
    return sale.upgrade_order(books, send(order, books))


def invoice(order: Json, books: Books) -> Json:
    return sale.book_draft(books, invoice_draft(order, books))


def document_body(books: Books, customer: int, heading: str, lines: Any) -> Json:
    of = books.tables["customers"].get(customer) or {}
    day = books.today() - timedelta(days=20)
    recipient = {name: of[name] for name in ("name", "address", "zip", "city", "country", "ean") if name in of}
    return {
        "date": day.isoformat(),
        "currency": of["currency"],
        "layout": {"layoutNumber": 21},
        "paymentTerms": {"paymentTermsNumber": of["paymentTerms"]["paymentTermsNumber"]},
        "customer": {"customerNumber": customer},
        "recipient": {**recipient, "vatZone": {"vatZoneNumber": of["vatZone"]["vatZoneNumber"]}},
        "delivery": {
            "address": of["address"],
            "zip": of["zip"],
            "city": of["city"],
            "country": of["country"],
            "deliveryDate": (day + timedelta(days=30)).isoformat(),
        },
        "notes": {"heading": heading},
        "references": {"other": f"Tilbud {customer}"},
        "lines": [order_line(books, *line) for line in lines],
    }


def order_line(books: Books, product: str, text: str, quantity: str, price: str, discount: str) -> Json:
    if not product:
        return {"description": text}
    unit = (books.tables["products"].get(product) or {}).get("unit")
    return {
        "description": text,
        "product": {"productNumber": product},
        "quantity": Decimal(quantity),
        "unitNetPrice": Decimal(price),
        "discountPercentage": Decimal(discount),
        **({"unit": {"unitNumber": unit["unitNumber"]}} if unit else {}),
    }
