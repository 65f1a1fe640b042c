"""Generated records, as many as asked for, written straight to the wire's bytes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from accounting.providers.economic.sandbox import sale
from accounting.providers.economic.sandbox.books import Books
from accounting.providers.economic.sandbox.fields import ENCODER, Json
from accounting.providers.economic.sandbox.records import customer_as_shown, product_as_shown, versioned
from accounting.providers.economic.sandbox.wire import reference

FIRST_NUMBER = 20_001
FIRST = ("Anne", "Bo", "Carsten", "Dorte", "Erik", "Freja", "Gitte", "Henning", "Ida", "Jørgen", "Kirsten", "Lars")
LAST = ("Andersen", "Bak", "Christensen", "Dam", "Eriksen", "Frost", "Graversen", "Holm", "Iversen", "Jensen", "Kjær")
TRADES = ("Byg", "Ejendomme", "Landbrug", "Maskiner", "Camping", "Smede", "Fisk", "Transport", "Møbler", "Mejeri")
STREETS = ("Kongensgade", "Skolegade", "Nørregade", "Strandbygade", "Engvej", "Møllevej", "Østergade", "Ringvejen")
TOWNS = (("6700", "Esbjerg"), ("6715", "Esbjerg N"), ("6760", "Ribe"), ("6800", "Varde"), ("6840", "Oksbøl"))
GOODS = ("Vinkel", "Muffe", "Kuglehane", "Rør", "Nippel", "Pakning", "Ventil", "Afløb", "Rosette", "Bøjning")
SIZES = ("10 mm", "15 mm", "22 mm", "28 mm", "35 mm", "½”", "¾”", "1”", "DN50", "DN110")
HOURS, PIECES = 2, 1


def add_customers(books: Books, count: int) -> None:
    """Generated customers, every third a private person, one in 33 barred."""
    random = books.random
    groups = {number: reference("customerGroupNumber", number, "customer-groups") for number in (1, 2)}
    zone = reference("vatZoneNumber", 1, "vat-zones")
    all_terms = [reference("paymentTermsNumber", number, "payment-terms") for number in (1, 2, 3)]
    layout = reference("layoutNumber", 21, "layouts")
    stamps = [books.ago(60 + days) for days in range(400)]

    def rendered() -> Iterator[tuple[int, bytes, str]]:
        for index in range(count):
            number, stamp = FIRST_NUMBER + index, stamps[index % 400]
            private = index % 3 == 2
            town = random.choice(TOWNS)
            values = {
                "customerNumber": number,
                **(person(random, index) if private else company(random, index)),
                "currency": "DKK",
                "customerGroup": groups[2 if private else 1],
                "vatZone": zone,
                "paymentTerms": random.choice(all_terms),
                "layout": layout,
                "address": f"{random.choice(STREETS)} {random.randint(1, 140)}",
                "zip": town[0],
                "city": town[1],
                "country": "Danmark",
                "barred": index % 33 == 32,
            }
            yield number, ENCODER.encode(customer_as_shown(values, balance=0, stamp=stamp)), stamp

    if count:
        books.tables["customers"].load(rendered())


def company(random: Random, index: int) -> Json:
    name, trade = random.choice(LAST), random.choice(TRADES)
    return {
        "name": f"{name} {trade} {index % 9973 + 1} {'A/S' if index % 4 else 'ApS'}",
        "corporateIdentificationNumber": f"{30_000_000 + index}",
        "email": f"faktura.{plain(name)}{index}@{plain(trade)}.example",
        "telephoneAndFaxNumber": f"75 0{index % 10} {index // 10 % 100:02d} {index // 1000 % 100:02d}",
    }


def person(random: Random, index: int) -> Json:
    first, last = random.choice(FIRST), random.choice(LAST)
    return {
        "name": f"{first} {last}",
        "email": f"{plain(first)}.{plain(last)}{index}@post.example",
        "mobilePhone": f"20 0{index % 10} {index // 10 % 100:02d} {index // 1000 % 100:02d}",
    }


def plain(word: str) -> str:
    """The word in ASCII, as it stands in an address."""
    said = word.lower().replace("ø", "oe").replace("æ", "ae").replace("å", "aa")
    return unicodedata.normalize("NFKD", said).encode("ascii", "ignore").decode()


def add_products(books: Books, count: int) -> None:
    """Generated products, one in ten by the hour."""
    random = books.random
    groups = {number: books.tables["product-groups"].get(number) or {} for number in (1, 2)}
    units = {number: books.tables["units"].get(number) for number in (HOURS, PIECES)}
    stamps = [books.ago(60 + days) for days in range(400)]

    def rendered() -> Iterator[tuple[str, bytes, str]]:
        for index in range(count):
            number, hours, stamp = f"G{index + 1:06d}", index % 10 == 9, stamps[index % 400]
            name = f"{random.choice(GOODS)} {random.choice(SIZES)}, serie {index % 900 + 100}"
            price = Decimal(random.randint(500, 900_000)) / 100
            values = {
                "productNumber": number,
                "name": f"Arbejde {name}" if hours else name,
                "salesPrice": price,
                "costPrice": price / 2,
            }
            group, unit = groups[2 if hours else 1], units[HOURS if hours else PIECES]
            yield (
                number,
                ENCODER.encode(product_as_shown(values, group=group, unit=unit, stamp=stamp, stock=None)),
                stamp,
            )

    if count:
        books.tables["products"].load(rendered())


def add_projects(books: Books, count: int) -> None:
    """Generated projects, one in four closed."""
    random, customers = books.random, list(books.tables["customers"].keys)
    stamp = books.ago(60)[:-1]
    start = int(books.tables["projects"].keys[-1]) + 1

    def rendered() -> Iterator[tuple[int, bytes, str]]:
        for number in range(start, start + count):
            record = {
                "number": number,
                "name": f"{random.choice(TRADES)} {random.choice(STREETS)} {number}",
                "projectGroupNumber": 1,
                "customerNumber": random.choice(customers),
                "isClosed": number % 4 == 3,
                "isBarred": False,
                "isMainProject": False,
                "lastUpdated": stamp,
            }
            yield number, ENCODER.encode(versioned(record)), stamp

    if count:
        books.tables["projects"].load(rendered())


def add_orders(books: Books, count: int) -> None:
    """Generated orders, sent, with one to five lines."""
    if not count:
        return
    random, table = books.random, books.tables["orders/sent"]
    customers = list(books.tables["customers"].keys)
    products = [
        (each["productNumber"], each["name"], each["salesPrice"], each.get("unit"))
        for each in books.tables["products"].all()
        if not each["barred"]
    ]
    day, stamp = books.today() - timedelta(days=40), books.ago(40)
    number = books.next_number("orders/drafts", "orders/sent", "orders/archived")
    zone = books.tables["vat-zones"].get(1) or {}
    terms = reference(
        "paymentTermsNumber", 2, "payment-terms", daysOfCredit=14, name="Netto 14 dage", paymentTermsType="net"
    )
    for index in range(count):
        customer = random.choice(customers)
        chosen = random.sample(products, min(len(products), random.randint(1, 5)))
        lines = [generated_line(random, place, *product) for place, product in enumerate(chosen, start=1)]
        head = {
            "date": day.isoformat(),
            "dueDate": (day + timedelta(days=14)).isoformat(),
            "currency": "DKK",
            "paymentTerms": terms,
            "recipient": {"name": f"Kunde {customer}", "vatZone": zone},
            "customer": reference("customerNumber", customer, "customers"),
            "references": {},
        }
        order = sale.assembled(books, "orders/drafts", number + index, books.count("handle", start=291), head, lines)
        table.put({**order, "lastUpdated": stamp})


def generated_line(random: Random, place: int, number: str, name: str, price: Any, unit: Json | None) -> Json:
    quantity = Decimal(random.randint(1, 40)) / 2
    return {
        "lineNumber": place,
        "sortKey": place,
        "description": name,
        "product": reference("productNumber", number, "products"),
        **({"unit": unit} if unit else {}),
        "quantity": sale.cents(quantity),
        "unitNetPrice": sale.cents(Decimal(price)),
        "discountPercentage": Decimal("0.00"),
        "unitCostPrice": Decimal("0.00"),
        "totalNetAmount": sale.cents(quantity * Decimal(price)),
    }
