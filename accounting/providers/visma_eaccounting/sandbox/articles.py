"""Articles and projects: their numbers, prices and dates."""

from __future__ import annotations

from decimal import Decimal

from accounting.providers.visma_eaccounting.sandbox.amounts import rounded
from accounting.providers.visma_eaccounting.sandbox.books import Books
from accounting.providers.visma_eaccounting.sandbox.customers import conflict
from accounting.providers.visma_eaccounting.sandbox.errors import refuse
from accounting.providers.visma_eaccounting.sandbox.schema import Json

# Computing the gross price from the net price may differ by one öre.
TOLERANCE = Decimal("0.01")
STAMPS = ("StockBalanceManuallyChangedUtc", "PurchasePriceManuallyChangedUtc", "FreightCostsManuallyChangedUtc")
GOODS, SERVICE = 1, 2


def write_article(books: Books, values: Json, *, before: Json | None = None) -> Json:
    """The article as it is stored: a new one, or `before` replaced. Raises Refusal."""
    coding = books.existing("articleaccountcodings", values["CodingId"], member="CodingId")
    unit = books.existing("units", values["UnitId"], member="UnitId")
    check_prices(values, coding)
    check_number(books, "articles", values["Number"], before)
    stamp = books.stamp()
    record = {
        **{name: before[name] for name in STAMPS if before},
        **values,
        **described(values, coding, unit),
        "Id": before["Id"] if before else books.new_id(),
        "PurchasePrice": rounded(values["PurchasePrice"]),
        "CreatedUtc": before["CreatedUtc"] if before else stamp,
        "ChangedUtc": stamp,
    }
    books.tables["articles"].put(record)
    return record


def described(values: Json, coding: Json, unit: Json | None) -> Json:
    """What an article shows of its coding, unit and stock."""
    service = coding["Type"] == "Service"
    balance = values.get("StockBalance") or Decimal(0)
    return {
        "CodingName": coding["Name"],
        "UnitName": unit["Name"] if unit else None,
        "UnitAbbreviation": unit["Abbreviation"] if unit else None,
        "IsServiceArticle": service,
        "ShowStockInformation": not service,
        "StockBalanceAvailable": balance,
        "StockValue": rounded(balance * (values.get("PurchasePrice") or Decimal(0))),
    }


def check_prices(values: Json, coding: Json) -> None:
    """Net and gross price must agree with the VAT rate of the coding. Raises Refusal 2000."""
    factor = 1 + Decimal(coding["VatRatePercent"]) / 100
    if abs(values["NetPrice"] * factor - values["GrossPrice"]) > TOLERANCE:
        gross = rounded(values["NetPrice"] * factor)
        raise refuse(2000, f"GrossPrice must be NetPrice with the coding's VAT, {gross}.", field="GrossPrice")


def check_number(books: Books, table: str, number: str, before: Json | None) -> None:
    """Raises Refusal 4000 when another record has the number."""
    others = [id for id in books.tables[table].equal("Number", number) if before is None or id != before["Id"]]
    if others:
        raise conflict(books, f"The number {number} exists already.", "Number")


def write_project(books: Books, values: Json, *, before: Json | None = None) -> Json:
    """The project as it is stored: a new one, or `before` replaced. Raises Refusal."""
    if not books.switches.uses_project:
        raise refuse(4002, "The company does not use projects.")
    customer = books.existing("customers", values["CustomerId"], member="CustomerId") if values["CustomerId"] else None
    check_number(books, "projects", values["Number"], before)
    if values["EndDate"] and values["EndDate"] < values["StartDate"]:
        raise refuse(2000, "EndDate must not be before StartDate.", field="EndDate")
    record = {
        **values,
        "Id": before["Id"] if before else books.new_id(),
        "CustomerName": customer["Name"] if customer else None,
        "ModifiedUtc": books.stamp(),
    }
    books.tables["projects"].put(record)
    return record
