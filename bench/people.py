"""Customers with all 49 members that the accounting system sends, the same ones each time."""

from __future__ import annotations

import random
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

FIRST = [
    "Anna",
    "Erik",
    "Maria",
    "Lars",
    "Karin",
    "Anders",
    "Sara",
    "Johan",
    "Emma",
    "Per",
    "Lena",
    "Nils",
    "Eva",
    "Karl",
    "Ingrid",
    "Olof",
    "Åsa",
    "Björn",
]
LAST = [
    "Andersson",
    "Johansson",
    "Karlsson",
    "Nilsson",
    "Eriksson",
    "Larsson",
    "Olsson",
    "Persson",
    "Svensson",
    "Gustafsson",
    "Öberg",
]
TRADES = ("Bygg", "El", "Rör", "Måleri", "Konsult")
CITIES = [
    "Stockholm",
    "Göteborg",
    "Malmö",
    "Uppsala",
    "Västerås",
    "Örebro",
    "Linköping",
    "Helsingborg",
    "Jönköping",
    "Norrköping",
]
STREETS = [
    "Storgatan",
    "Kungsgatan",
    "Drottninggatan",
    "Skolgatan",
    "Industrivägen",
    "Björkvägen",
    "Ängsvägen",
    "Hamngatan",
]
BEFORE = datetime(2024, 1, 1, tzinfo=UTC)
CHANGED = datetime(2025, 9, 15, tzinfo=UTC)
NEVER_SENT = [
    "GLN",
    "DeliveryAddress2",
    "PayToAccountId",
    "EdiGlnNumber",
    "ElectronicReference",
    "EdiServiceDelivererId",
    "AutoInvoiceActivationEmailSentDate",
    "AutoInvoiceRegistrationRequestSentDate",
]
TERMS = [
    {
        "Id": str(uuid.UUID(int=days)),
        "Name": f"{days} dagar netto",
        "NameEnglish": f"{days} days net",
        "NumberOfDays": days,
        "TermsOfPaymentTypeId": 0,
        "TermsOfPaymentTypeText": "Normal",
        "AvailableForSales": True,
        "AvailableForPurchase": True,
    }
    for days in (10, 15, 20, 30, 60)
]
LABELS = [{"Id": str(uuid.UUID(int=1000 + n)), "Name": f"Etikett {n}", "Description": "Kundgrupp"} for n in range(12)]


def changed_at(number: int, version: int) -> datetime:
    """When the books say that it changed; one in a hundred changes in version 1."""
    if version and number % 100 == 0:
        return CHANGED + timedelta(seconds=number)
    return BEFORE + timedelta(seconds=number * 97 % 40_000_000)


def person(number: int, version: int = 0) -> dict[str, Any]:
    dice = random.Random(number)

    def some(share: float, value: object) -> object:
        return value if dice.random() < share else None

    first, last, city = dice.choice(FIRST), dice.choice(LAST), dice.choice(CITIES)
    is_private = dice.random() < 0.3
    name = f"{first} {last}" if is_private else f"{last} {dice.choice(TRADES)} {number} AB"
    street, mail = f"{dice.choice(STREETS)} {dice.randint(1, 120)}", f"{first}.{last}{number}@example.se".lower()
    terms = dice.choice(TERMS)
    known = {
        "Id": str(uuid.UUID(int=dice.getrandbits(128), version=4)),
        "CustomerNumber": str(1000 + number),
        "CorporateIdentityNumber": f"55{number // 10_000:04}-{number % 10_000:04}",
        "ContactPersonEmail": some(0.6, mail),
        "ContactPersonMobile": some(0.5, f"+4670{dice.randint(1000000, 9999999)}"),
        "ContactPersonName": some(0.7, f"{first} {last}"),
        "ContactPersonPhone": some(0.3, f"08-{dice.randint(100000, 999999)}"),
        "CurrencyCode": "SEK",
        "EmailAddress": mail,
        "InvoiceAddress1": street,
        "InvoiceAddress2": some(0.15, f"Box {dice.randint(1, 999)}"),
        "InvoiceCity": city,
        "InvoiceCountryCode": "SE",
        "InvoicePostalCode": f"{dice.randint(100, 999)} {dice.randint(10, 99)}",
        "DeliveryCustomerName": some(0.2, name),
        "DeliveryAddress1": some(0.2, street),
        "DeliveryCity": some(0.2, city),
        "DeliveryCountryCode": some(0.2, "SE"),
        "DeliveryPostalCode": some(0.2, "111 22"),
        "DeliveryMethodId": some(0.4, str(uuid.UUID(int=dice.randrange(6)))),
        "DeliveryTermId": some(0.4, str(uuid.UUID(int=dice.randrange(6)))),
        "Name": name,
        "Note": some(0.25, "Ring innan leverans. Nyckel finns i receptionen. " * dice.randint(1, 4)),
        "ReverseChargeOnConstructionServices": dice.random() < 0.1,
        "WebshopCustomerNumber": some(0.1, number),
        "MobilePhone": some(0.5, f"+4673{dice.randint(1000000, 9999999)}"),
        "Telephone": some(0.5, f"08-{dice.randint(100000, 999999)}"),
        "TermsOfPaymentId": terms["Id"],
        "TermsOfPayment": terms,
        "VatNumber": None if is_private else f"SE55{dice.randint(10**7, 10**8 - 1)}01",
        "WwwAddress": some(0.2, f"https://www.example{number}.se"),
        "LastInvoiceDate": some(0.7, "2024-11-01T00:00:00Z"),
        "IsPrivatePerson": is_private,
        "DiscountPercentage": some(0.2, dice.randint(0, 25) / 100),
        "ChangedUtc": f"{changed_at(number, version):%Y-%m-%dT%H:%M:%S.000Z}",
        "IsActive": dice.random() < 0.95,
        "ForceBookkeepVat": False,
        "SalesDocumentLanguage": "sv",
        "ElectronicAddress": some(0.1, f"0007:55{dice.randint(10**7, 10**8 - 1)}"),
        "EmailAddresses": [mail] if dice.random() < 0.5 else [],
        "CustomerLabels": [dice.choice(LABELS)] if dice.random() < 0.3 else [],
    }
    if version and number % 100 == 0:
        known |= {"Name": f"Ny {name}", "Telephone": "010-123456", "Note": "Changed"}
    return known | dict.fromkeys(NEVER_SENT)
