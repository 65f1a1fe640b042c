"""As many more customers, articles, projects and orders as a benchmark asks for, believable and quickly made."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from stdnum import luhn

from accounting.providers.visma_eaccounting.sandbox.amounts import rounded
from accounting.providers.visma_eaccounting.sandbox.articles import described
from accounting.providers.visma_eaccounting.sandbox.books import Books
from accounting.providers.visma_eaccounting.sandbox.moments import PER_SECOND, ticks_of, write_ticks
from accounting.providers.visma_eaccounting.sandbox.orders import ONGOING, write_order
from accounting.providers.visma_eaccounting.sandbox.schema import ENCODER, Json, complete, read, schema
from accounting.providers.visma_eaccounting.sandbox.seed_books import CODINGS
from accounting.providers.visma_eaccounting.sandbox.seed_lists import Ids


def words(text: str) -> list[str]:
    return text.split()


FIRST = words(
    "Anna Erik Maria Lars Karin Anders Sara Johan Emma Per Linnea Oskar Elsa Nils Astrid Gustav Ebba Hugo Alma"
)
LAST = words(
    "Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Lindberg Lindqvist "
    "Sandberg Holm Ekström Bergman Wallin Åkesson Östlund Söderberg Hedlund Nyberg Forsberg Blom Sjögren Åberg"
)
TRADES = words(
    "Bygg Måleri Snickeri Åkeri Bageri Mekaniska Fastigheter Trädgård Konsult Optik Verkstad Plåt Mark Transport "
    "Restaurang Blommor Städ Data Redovisning Tryckeri"
)
HOUSES = words(
    "Björken Eken Linden Rönnen Syrenen Ängen Fyren Havet Berget Ljungen Tallen Granen Liljan Vallmon Ekorren"
)
STREETS = words("Storgatan Kungsgatan Skolgatan Ringvägen Industrigatan Hamngatan Parkvägen Bruksgatan Björkvägen")
TOWNS = (
    ("411 05", "Göteborg"),
    ("431 37", "Mölndal"),
    ("434 32", "Kungsbacka"),
    ("441 30", "Alingsås"),
    ("503 30", "Borås"),
    ("451 50", "Uddevalla"),
    ("432 44", "Varberg"),
    ("461 30", "Trollhättan"),
    ("662 31", "Åmål"),
    ("541 30", "Skövde"),
)
GOODS = words(
    "Kopparrör PEX-rör Avloppsrör Kulventil Pressvinkel T-rör Golvbrunn Blandare Termostat Radiator Pump Kabel Uttag "
    "Strömställare Säkring Armatur Kabelränna Kopplingsdosa Rörklammer Packning Filter Expansionskärl Givare Relä"
)
SIZES = ("12 mm", "15 mm", "22 mm", "28 mm", "35 mm", "50 mm", "75 mm", "110 mm", "3G1,5", "5G6", "16 A", "IP65", "vit")
UNITS = words("st st st st m m förp tim kg l")


def new_id(random: Random) -> str:
    return str(UUID(int=random.getrandbits(128), version=4))


def moments(random: Random, today: date, days: int) -> Iterator[int]:
    """Ticks of random moments in those last days, with none to seven digits of a second."""
    start = ticks_of(datetime.combine(today, datetime.min.time(), tzinfo=UTC))
    while True:
        digits = random.randint(0, 7)
        whole = random.randint(1, days * 86400) * PER_SECOND
        yield start - whole + random.randint(0, 10**digits - 1) * 10 ** (7 - digits)


def add_customers(books: Books, today: date, count: int) -> None:
    """Generated customers, two companies to one person."""
    random, table = books.random, books.tables["customers"]
    terms = [record for record in books.tables["termsofpayments"].all() if record["AvailableForSales"]][:4]
    base = complete(table.schema, read(table.schema, {"IsActive": True}, []))
    ticks = moments(random, today, 700)

    def rendered() -> Iterator[tuple[str, bytes, int]]:
        for index in range(count):
            id, at = new_id(random), next(ticks)
            person = index % 3 == 2
            members = person_members(random, index) if person else company_members(random, index)
            chosen = random.choice(terms)
            town = random.choice(TOWNS)
            members |= {
                "Id": id,
                "CustomerNumber": str(books.take_number("customer")),
                "InvoiceAddress1": f"{random.choice(STREETS)} {random.randint(1, 140)}",
                "InvoicePostalCode": town[0],
                "InvoiceCity": town[1],
                "InvoiceCountryCode": "SE",
                "CurrencyCode": "SEK",
                "IsPrivatePerson": person,
                "IsActive": random.random() > 0.03,
                "TermsOfPaymentId": chosen["Id"],
                "TermsOfPayment": chosen,
                "ChangedUtc": write_ticks(at),
            }
            yield id, ENCODER.encode({**base, **members}), at

    table.load(rendered())


def company_members(random: Random, index: int) -> Json:
    number = f"5597{index:05d}"[-9:] if index < 100_000 else f"{559000000 + index}"
    digits = number + luhn.calc_check_digit(number)
    name, trade = random.choice(LAST), random.choice(TRADES)
    full = (
        f"Brf {random.choice(HOUSES)} {index % 97 + 1}" if index % 7 == 3 else f"{name}s {trade} {index % 997 + 1} AB"
    )
    return {
        "Name": full[:50],
        "CorporateIdentityNumber": f"{digits[:6]}-{digits[6:]}",
        "VatNumber": f"SE{digits}01",
        "EmailAddress": f"faktura.{plain(name)}{index}@{plain(trade)}.example",
        "Telephone": f"031-390 06 {index % 50:02d}",
        "ContactPersonName": f"{random.choice(FIRST)} {name}",
    }


def person_members(random: Random, index: int) -> Json:
    first, last = random.choice(FIRST), random.choice(LAST)
    born = date(1940, 1, 1) + timedelta(days=random.randint(0, 23000))
    digits = f"{born:%y%m%d}{980 + index % 20}"
    return {
        "Name": f"{first} {last}",
        "CorporateIdentityNumber": f"{digits[:6]}-{digits[6:]}{luhn.calc_check_digit(digits)}",
        "EmailAddress": f"{plain(first)}.{plain(last)}{index}@post.example",
        "MobilePhone": f"070-174 06 {index % 95 + 5:02d}",
    }


def plain(word: str) -> str:
    """The word in ASCII, as it stands in an address."""
    return unicodedata.normalize("NFKD", word).encode("ascii", "ignore").decode().lower()


def add_articles(books: Books, today: date, count: int, ids: Ids) -> None:
    """Generated articles, one in ten by the hour."""
    random, table = books.random, books.tables["articles"]
    base = complete(table.schema, read(table.schema, {"IsActive": True}, []))
    units = {key: books.existing("units", id, member="UnitId") for key, id in ids.units.items()}
    codings = {
        key: books.existing("articleaccountcodings", ids.codings[key], member="CodingId")
        for key in ("goods25", "service25")
    }
    ticks = moments(random, today, 600)

    def rendered() -> Iterator[tuple[str, bytes, int]]:
        for index in range(count):
            id, at, key = new_id(random), next(ticks), random.choice(UNITS)
            coding = "service25" if key == "tim" else "goods25"
            net = Decimal(random.randint(500, 900000)) / 100
            name = f"{random.choice(GOODS)} {random.choice(SIZES)}, serie {index % 900 + 100}"
            values = {"StockBalance": Decimal(random.randint(0, 300)), "PurchasePrice": rounded(net * Decimal("0.6"))}
            members = {
                "Id": id,
                "Number": f"G{index + 1:06d}",
                "Name": f"Arbete {name}"[:50] if key == "tim" else name[:50],
                "NetPrice": net,
                "GrossPrice": rounded(net * (1 + Decimal(CODINGS[coding].percent) / 100)),
                "CodingId": ids.codings[coding],
                "UnitId": ids.units[key],
                "ChangedUtc": write_ticks(at),
                "CreatedUtc": write_ticks(at - 400 * 86400 * PER_SECOND),
                **values,
                **described(values, codings[coding], units[key]),
            }
            yield id, ENCODER.encode({**base, **members}), at

    table.load(rendered())


def add_projects(books: Books, today: date, count: int) -> None:
    """Generated projects, one in four finished."""
    random, table = books.random, books.tables["projects"]
    customers = [(record["Id"], record["Name"]) for record in books.tables["customers"].all()]
    ticks = moments(random, today, 500)

    def rendered() -> Iterator[tuple[str, bytes, int]]:
        for index in range(count if customers else 0):
            id, at = new_id(random), next(ticks)
            customer, name = random.choice(customers)
            start = today - timedelta(days=random.randint(1, 700))
            members = {
                "Id": id,
                "Number": f"P{index + 1:06d}",
                "Name": f"{random.choice(TRADES)}, {name}",
                "StartDate": start.isoformat(),
                "CustomerId": customer,
                "CustomerName": name,
                "Status": 2 if index % 4 == 3 else 1,
                "ModifiedUtc": write_ticks(at),
            }
            yield id, ENCODER.encode(complete(table.schema, members)), at

    table.load(rendered())


def add_orders(books: Books, count: int) -> None:
    """Generated orders, ongoing, with one to five rows."""
    random, of = books.random, schema("OrderApi")
    customers = [each["Id"] for each in books.tables["customers"].all() if each["CurrencyCode"] == "SEK"]
    articles = [(each["Id"], each["NetPrice"]) for each in books.tables["articles"].all() if each["IsActive"]]
    for _ in range(count if customers and articles else 0):
        rows = [
            {
                "LineNumber": number,
                "IsTextRow": False,
                "IsWorkCost": False,
                "EligibleForReverseChargeOnVat": False,
                "ArticleId": article,
                "UnitPrice": price,
                "Quantity": Decimal(random.randint(1, 40)) / 2,
            }
            for number, (article, price) in enumerate(
                random.sample(articles, min(len(articles), random.randint(1, 5))), 1
            )
        ]
        body = {
            "CustomerId": random.choice(customers),
            "CurrencyCode": "SEK",
            "OrderDate": books.today().isoformat(),
            "Status": ONGOING,
            "EuThirdParty": False,
            "RotReducedInvoicingType": 0,
            "ReverseChargeOnConstructionServices": False,
            "YourReference": f"{random.choice(FIRST)} {random.choice(LAST)}",
            "Rows": rows,
        }
        write_order(books, read(of, body, []))
