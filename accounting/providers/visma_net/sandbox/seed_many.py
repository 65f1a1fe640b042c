"""As many more customers, items, projects and orders as a benchmark asks for, believable and quickly made."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from accounting.providers.visma_net.sandbox import orders
from accounting.providers.visma_net.sandbox.books import Books
from accounting.providers.visma_net.sandbox.customers import address, contact, with_class
from accounting.providers.visma_net.sandbox.inventory import with_class as with_item_class
from accounting.providers.visma_net.sandbox.moments import erp_stamp
from accounting.providers.visma_net.sandbox.values import ENCODER, Json

DAY = 86400


def words(text: str) -> list[str]:
    return text.split()


FIRST = [
    "Ingrid",
    "Lars",
    "Nora",
    "Ole",
    "Emma",
    "Jakob",
    "Sofie",
    "Henrik",
    "Maja",
    "Magnus",
    "Ida",
    "Erik",
    "Thea",
    "Sindre",
    "Kaja",
    "Even",
    "Hanne",
    "Trygve",
]
LAST = [
    "Hansen",
    "Johansen",
    "Olsen",
    "Larsen",
    "Andersen",
    "Pedersen",
    "Nilsen",
    "Berg",
    "Haugen",
    "Dahl",
    "Moen",
    "Strand",
    "Solberg",
    "Lie",
    "Bakke",
]
TRADES = [
    "Bygg",
    "Regnskap",
    "Rør",
    "Transport",
    "Frisør",
    "Eiendom",
    "Maling",
    "Catering",
    "Hage",
    "Regulering",
    "Data",
    "Fisk",
    "Trelast",
    "Reklame",
]
STREETS = [
    "Storgata",
    "Kirkegata",
    "Skolegata",
    "Strandveien",
    "Parkveien",
    "Fjellveien",
    "Myrveien",
    "Havnegata",
    "Industriveien",
]
TOWNS = (("7010", "Trondheim"), ("0150", "Oslo"), ("5003", "Bergen"), ("4006", "Stavanger"), ("9008", "Tromsø"))
GOODS = [
    "Kabel",
    "Stikkontakt",
    "Bryter",
    "Automat",
    "Sikring",
    "Armatur",
    "Kanal",
    "Koblingsboks",
    "Relé",
    "Sensor",
    "Skinne",
    "Klemme",
    "Lampe",
]
SIZES = ("3G1,5", "3G2,5", "16 A", "10 A", "IP44", "IP65", "hvit", "grå", "16 mm", "20 mm")


def org_number(serial: int) -> str:
    """A Norwegian organisation number: eight digits and a check digit; the next possible one."""
    while True:
        digits = f"{serial:08d}"
        check = -sum(int(d) * w for d, w in zip(digits, (3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
        if check != 10:
            return f"{digits}{check}"
        serial += 10_000_000


def plain(word: str) -> str:
    """The word in ASCII, as it stands in an address."""
    written = word.lower().replace("ø", "o").replace("æ", "ae").replace("å", "a")
    return unicodedata.normalize("NFKD", written).encode("ascii", "ignore").decode()


def add_customers(books: Books, count: int) -> None:
    """Generated customers, two companies to one person."""
    random, table = books.random, books.tables["customer"]
    now = books.now()
    bases = {
        id: with_class(
            books, {"status": "Active", "currencyId": books.currency}, books.tables["customerClass"].get(id) or {}
        )
        for id in ("KUNDE", "PRIVAT")
    }

    def rendered() -> Iterator[tuple[str, bytes, float]]:
        for index in range(count):
            person = index % 3 == 2
            number, at = str(books.take_number("customer")), now - random.randint(DAY, 700 * DAY) - random.random()
            members = person_members(books, index) if person else company_members(books, index)
            record: Json = {
                "internalId": books.take_number("internal"),
                "number": number,
                **bases["PRIVAT" if person else "KUNDE"],
                **members,
                "status": "Active" if random.random() > 0.03 else "Inactive",
                "createdDateTime": erp_stamp(at - 100 * DAY),
                "lastModifiedDateTime": erp_stamp(at),
                "timeStamp": books.new_version(),
            }
            yield number, ENCODER.encode(record), at

    table.load(rendered())


def company_members(books: Books, index: int) -> Json:
    random = books.random
    name, trade = random.choice(LAST), random.choice(TRADES)
    number = org_number(80_000_000 + index)
    return {
        "name": f"{name} {trade} {index % 997 + 1} AS",
        "corporateId": number,
        "vatRegistrationId": f"{number}MVA",
        **sides(
            books,
            f"faktura.{plain(name)}{index}@{plain(trade)}.example",
            f"73 99 {index % 100:02d} 10",
            random.choice(FIRST),
        ),
    }


def person_members(books: Books, index: int) -> Json:
    random = books.random
    first, last = random.choice(FIRST), random.choice(LAST)
    email = f"{plain(first)}.{plain(last)}{index}@post.example"
    return {"name": f"{first} {last}", **sides(books, email, f"900 20 {index % 900 + 100}", "")}


def sides(books: Books, email: str, phone: str, attention: str) -> Json:
    """The addresses and contacts, all alike."""
    town = books.random.choice(TOWNS)
    street = f"{books.random.choice(STREETS)} {books.random.randint(1, 140)}"
    place = address({}, {"addressline1": street, "postalcode": town[0], "city": town[1]})
    person = contact({}, {"email": email, "phone1": phone, "attention": attention})
    return {
        f"{side}{part}": value
        for side in ("main", "invoice", "delivery")
        for part, value in (("Address", place), ("Contact", person))
    }


def add_items(books: Books, count: int) -> None:
    """Generated items, one in ten by the hour."""
    random, table = books.random, books.tables["inventory"]
    now = books.now()
    bases = {id: with_item_class(books, {"status": "Active"}, id) for id in ("LAGER", "ARBEID")}

    def rendered() -> Iterator[tuple[str, bytes, float]]:
        for index in range(count):
            hours = index % 10 == 9
            number, at = f"G{index + 1:06d}", now - random.randint(DAY, 600 * DAY) - random.random()
            name = f"{random.choice(GOODS)} {random.choice(SIZES)}, serie {index % 900 + 100}"
            record: Json = {
                "inventoryId": books.take_number("internal"),
                "inventoryNumber": number,
                **bases["ARBEID" if hours else "LAGER"],
                "description": f"Arbeid {name}" if hours else name,
                "defaultPrice": Decimal(random.randint(500, 900000)) / 100,
                "crossReferences": [],
                "lastModifiedDateTime": erp_stamp(at),
                "timestamp": books.new_version(),
            }
            if not hours:
                books.availability[number] = at
                quantity = Decimal(random.randint(0, 300))
                held = {"quantityOnHand": quantity, "available": quantity, "availableForShipment": quantity}
                record["warehouseDetails"] = [
                    {"isDefault": True, "warehouse": "1", **held, "lastModifiedDateTime": erp_stamp(at)}
                ]
            yield number, ENCODER.encode(record), at

    table.load(rendered())


def add_projects(books: Books, count: int) -> None:
    """Generated projects, one in four finished."""
    random, table = books.random, books.tables["project"]
    now, today = books.now(), books.today()
    customers = [(record["number"], record["name"]) for record in books.tables["customer"].all()]

    def rendered() -> Iterator[tuple[str, bytes, float]]:
        for index in range(count if customers else 0):
            at = now - random.randint(DAY, 500 * DAY) - random.random()
            number, name = random.choice(customers)
            record: Json = {
                "internalID": books.take_number("internal"),
                "projectID": f"P{index + 1:06d}",
                "customer": {"number": number, "name": name},
                "hold": False,
                "status": "Completed" if index % 4 == 3 else "Active",
                "description": f"{random.choice(TRADES)}, {name}",
                "startDate": f"{today - timedelta(days=random.randint(1, 700))}T00:00:00",
                "visibility": {"visibleInSo": True},
                "systemTemplate": False,
                "lastModifiedDateTime": erp_stamp(at),
                "timeStamp": books.new_version(),
            }
            yield record["projectID"], ENCODER.encode(record), at

    table.load(rendered())


def add_orders(books: Books, count: int) -> None:
    """Generated orders, open, with one to five lines."""
    random = books.random
    customers = [each["number"] for each in books.tables["customer"].all() if each["status"] == "Active"]
    items = [each["inventoryNumber"] for each in books.tables["inventory"].all() if each["status"] == "Active"]
    for _ in range(count if customers and items else 0):
        lines = [
            {"inventoryId": item, "quantity": Decimal(random.randint(1, 40)) / 2}
            for item in random.sample(items, min(len(items), random.randint(1, 5)))
        ]
        command = {"type": "SO", "customer": {"id": random.choice(customers)}, "status": "Open", "orderLines": lines}
        orders.create_order(books, command, at=books.now() - DAY * random.randint(1, 90))
