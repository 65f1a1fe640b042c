"""What every company has: terms, units, VAT, classes, order types, periods, branches and warehouses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from accounting.providers.visma_net.sandbox.books import Books
from accounting.providers.visma_net.sandbox.values import Json

LONG_AGO = 900 * 86400

TERMS = (
    ("10", "10 dager netto", 10),
    ("14", "14 dager netto", 14),
    ("30", "30 dager netto", 30),
    ("KONT", "Kontant", 0),
)
UNITS = ("STK", "M", "TIME", "RULL", "KM", "M2", "KG", "LTR", "SETT", "DAG")
CONVERSIONS = (("RULL", "M", "Multiply", 50), ("DAG", "TIME", "Multiply", "7.5"))
CATEGORIES = (
    ("3", "Utgående mva 25 %", "25"),
    ("31", "Utgående mva 15 %", "15"),
    ("33", "Utgående mva 12 %", "12"),
    ("0", "Uten mva", "0"),
)
ZONES = (("01", "Innenlands avgiftspliktig"), ("02", "Innenlands avgiftsfri"), ("06", "Eksport"))
METHODS = (
    ("1", "Bankinnbetaling", "DirectDeposit", True),
    ("2", "Kontant", "CashOrCheck", True),
    ("9", "Gammel giro", "CashOrCheck", False),
)
CLASSES = (
    ("KUNDE", "Bedriftskunder", "01", False, "1"),
    ("PRIVAT", "Privatkunder", "01", False, "1"),
    ("UTLAND", "Utenlandske kunder", "06", False, "1"),
    ("ØVRIG", "Øvrige kunder, mva-sone kreves", "", True, ""),
)
ITEM_CLASSES = (
    ("LAGER", "Lagervarer", "FinishedGoodItem"),
    ("VARE", "Varer uten lager", "NonStockItem"),
    ("ARBEID", "Arbeidstimer", "LaborItem"),
    ("TJENESTE", "Tjenester", "ServiceItem"),
)
ORDER_TYPES = (
    ("SO", "Salgsordre", "SalesOrder", True),
    ("SA", "Serviceordre", "SalesOrder", True),
    ("QT", "Tilbud", "Quote", True),
    ("CM", "Kreditnota", "CreditMemo", True),
    ("IN", "Faktura", "Invoice", False),
)
BRANCHES = (("1", "Trondheim", True), ("2", "Stjørdal", True), ("9", "Levanger (nedlagt)", False))
WAREHOUSES = (("1", "Hovedlager", True), ("BIL1", "Servicebil 1", True), ("GML", "Gammelt lager", False))
CURRENCIES = (("NOK", "Norske kroner", True), ("SEK", "Svenske kroner", False), ("EUR", "Euro", False))


def seed_lists(books: Books, today: date) -> None:
    """The company's lists, as they have been for years."""
    start = books.now() - LONG_AGO

    def put(table: str, record: Json) -> None:
        books.put(table, record, at=start)

    country = {"id": "NO", "name": "Norge"}
    place = {
        "addressId": 1,
        "addressLine1": "Nyhavna 14",
        "postalCode": "7042",
        "city": "Trondheim",
        "country": country,
    }
    put("organization", organization(books, place))
    for number, name, active in BRANCHES:
        put("branch", branch(books, number, name, active=active, place=place))
    for record in lists_of(start):
        put(*record)
    for year in (today.year - 1, today.year, today.year + 1):
        for month in range(1, 13):
            put("financialPeriod", period(year, month, today.year))


def organization(books: Books, place: Json) -> Json:
    return {
        "organizationCd": "1",
        "name": books.name,
        "organizationType": "WithBranches",
        "baseCurrency": books.currency,
        "mainAddress": place,
        "corporateId": books.org_number,
        "vatRegistrationId": f"{books.org_number}MVA",
        "defaultCountry": place["country"],
        "currency": {
            "id": books.currency,
            "description": "Norske kroner",
            "isBaseCurrency": True,
            "decimalPrecision": 2,
        },
        "branches": [{"number": number, "name": name} for number, name, _ in BRANCHES],
    }


def branch(books: Books, number: str, name: str, *, active: bool, place: Json) -> Json:
    return {
        "branchId": int(number),
        "number": number,
        "name": f"{books.name}, {name}",
        "isMainBranch": number == "1",
        "isActive": active,
        "corporateId": books.org_number,
        "mainAddress": place,
        "currency": {"id": books.currency, "description": "Norske kroner"},
    }


def lists_of(start: float) -> list[tuple[str, Json]]:
    """Table and record of everything that needs nothing else."""
    found: list[tuple[str, Json]] = [
        (
            "currency",
            {"id": id, "description": name, "isBaseCurrency": base, "decimalPrecision": 2, "isUsedForAccounting": True},
        )
        for id, name, base in CURRENCIES
    ]
    found += [("creditTerm", terms(id, name, days)) for id, name, days in TERMS]
    found += [("unitofmeasure", unit(code, code, "Multiply", 1)) for code in UNITS]
    found += [("vatCategory", category(id, name, rate)) for id, name, rate in CATEGORIES]
    found += [("vatZone", {"id": id, "description": name, "defaultVatCategory": "3"}) for id, name in ZONES]
    found += [
        (
            "paymentmethod",
            {
                "paymentMethodID": id,
                "active": active,
                "meansOfPayment": means,
                "description": name,
                "useInAP": False,
                "details": [],
            },
        )
        for id, name, means, active in METHODS
    ]
    found += [("customerClass", customer_class(*each)) for each in CLASSES]
    found += [
        ("itemClass", {"type": type_, "attributes": [], "id": id, "description": name})
        for id, name, type_ in ITEM_CLASSES
    ]
    found += [
        ("itemPostClass", {"id": id, "description": name})
        for id, name in (("VARE", "Varesalg"), ("TJEN", "Tjenestesalg"))
    ]
    found += [
        (
            "salesordertype",
            {"orderType": id, "active": active, "description": name, "behavior": behavior, "defaultOperation": "Issue"},
        )
        for id, name, behavior, active in ORDER_TYPES
    ]
    found += [
        ("warehouse", {"warehouseID": id, "active": active, "description": name, "locations": []})
        for id, name, active in WAREHOUSES
    ]
    return found


def terms(id: str, name: str, days: int) -> Json:
    return {
        "termsId": id,
        "description": name,
        "visibleTo": "All",
        "dueDateType": "FixedNumberOfDays",
        "dueDay1": days,
        "discountDay": 0,
        "discountPercent": Decimal(0),
    }


def unit(from_unit: str, to_unit: str, how: str, rate: int | str) -> Json:
    return {
        "fromUnit": from_unit,
        "toUnit": to_unit,
        "unitMultDiv": how,
        "unitRate": Decimal(rate),
        "supplementaryMeasureUnit": "None",
    }


def category(id: str, name: str, rate: str) -> Json:
    since = "2018-01-01T00:00:00"
    older = [{"revisionID": "2004", "vatRate": Decimal(24), "groupType": "Output", "startDate": "2001-01-01T00:00:00"}]
    rates = [{"revisionID": "2018", "vatRate": Decimal(rate), "groupType": "Output", "startDate": since}]
    lines: list[Any] = [
        {
            "vatId": id,
            "description": name,
            "type": "Vat",
            "calculateOn": "ItemAmount",
            "vatRates": [*(older if id == "3" else []), *rates],
        },
        {
            "vatId": "52",
            "description": "Eksport",
            "type": "Vat",
            "calculateOn": "ItemAmount",
            "vatRates": [{**rates[0], "vatRate": Decimal(0)}],
        },
    ]
    return {
        "vatCategoryId": id,
        "description": name,
        "active": True,
        "excludeListedTaxes": False,
        "vatCategoryLines": lines,
    }


def customer_class(id: str, name: str, zone: str, needs_zone: bool, method: str) -> Json:
    return {
        "id": id,
        "description": name,
        "requiredTaxzoneId": needs_zone,
        "attributes": [],
        **({"taxZoneId": zone} if zone else {}),
        **({"paymentMethodId": method} if method else {}),
    }


def period(year: int, month: int, this_year: int) -> Json:
    """A month; the vendor's end is the first day of the next one."""
    last = date(year + month // 12, month % 12 + 1, 1)
    closed = year < this_year
    return {
        "year": year,
        "period": f"{year}{month:02d}",
        "startDate": f"{date(year, month, 1)}T00:00:00",
        "endDate": f"{last}T00:00:00",
        "description": f"{month:02d}-{year}",
        "active": True,
        **dict.fromkeys(CLOSINGS, closed),
    }


CLOSINGS = (
    "closedInSupplierLedger", "closedInCustomerLedger", "closedInInventoryManagement", "closedInGeneralLedger",
    "closedInCashManagement", "closedInFixedAssets",
)  # fmt: skip
