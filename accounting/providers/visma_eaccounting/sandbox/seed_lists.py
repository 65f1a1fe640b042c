"""Fills the lists that a company has from the start: users, units, terms, codings, accounts, years, settings."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from importlib.resources import files

from accounting.providers.visma_eaccounting.sandbox import drafts, invoices
from accounting.providers.visma_eaccounting.sandbox.books import Books
from accounting.providers.visma_eaccounting.sandbox.company import put_account
from accounting.providers.visma_eaccounting.sandbox.people import PEOPLE
from accounting.providers.visma_eaccounting.sandbox.schema import Json
from accounting.providers.visma_eaccounting.sandbox.seed_books import (
    ACCOUNT_TYPES,
    CODINGS,
    COST_CENTERS,
    COUNTRIES,
    CURRENCIES,
    DELIVERY_METHODS,
    DELIVERY_TERMS,
    LOST_UNIT,
    TERMS,
    TERMS_TYPES,
    UNITS,
    VAT_CODES,
    Coding,
    Terms,
)

VAT_CODE_OF_ACCOUNT = {"2611": "10", "2621": "11", "2631": "12", "2641": "48", "3041": "05", "3051": "05", "3231": "41"}
BLOCKED = {"1510", "2440"}


@dataclass(slots=True)
class Ids:
    """Ids by the key or number that the seed data uses."""

    units: dict[str, str] = field(default_factory=dict)
    terms: dict[str, str] = field(default_factory=dict)
    codings: dict[str, str] = field(default_factory=dict)
    customers: dict[str, str] = field(default_factory=dict)
    articles: dict[str, str] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)


def seed_lists(books: Books, today: date, *, company: int) -> Ids:
    """Fills every list of the company, the first or second; gives the ids that other records refer to."""
    ids = Ids()
    seed_sales_lists(books, ids, today)
    seed_people(books, company)
    seed_names(books, today)
    seed_years(books, today)
    books.settings = settings(books, ids)
    books.tables["customerinvoicedrafts"].on_day = lambda record, day: drafts.on_day(books, record, day)
    books.tables["customerinvoices"].on_day = invoices.on_day
    return ids


def put(books: Books, table: str, values: Json) -> str:
    """Stores the record under a new id, which it gives."""
    id = books.new_id()
    books.tables[table].put({"Id": id, **values})
    return id


def seed_sales_lists(books: Books, ids: Ids, today: date) -> None:
    for key, unit in UNITS.items():
        names = {"Name": unit.name, "Code": unit.code, "Abbreviation": unit.abbreviation}
        ids.units[key] = put(books, "units", {**names, "AbbreviationEnglish": unit.english})
    ids.units[LOST_UNIT] = put(books, "units", {})
    for key, terms in TERMS.items():
        ids.terms[key] = put(books, "termsofpayments", terms_values(terms))
    for key, coding in CODINGS.items():
        changed = f"{today.year - 2}-01-02T08:00:00Z"
        ids.codings[key] = put(books, "articleaccountcodings", {**coding_values(coding), "ChangedUtc": changed})


def terms_values(terms: Terms) -> Json:
    return {
        "Name": terms.name,
        "NameEnglish": terms.english,
        "NumberOfDays": terms.days,
        "TermsOfPaymentTypeId": terms.type,
        "TermsOfPaymentTypeText": TERMS_TYPES[terms.type],
        "AvailableForSales": terms.for_sales,
        "AvailableForPurchase": terms.for_purchase,
    }


def coding_values(coding: Coding) -> Json:
    taxed, reverse, exempt, eu, eu_taxed, triangular, export = coding.accounts
    return {
        "Name": coding.name,
        "NameEnglish": coding.english,
        "Type": "Service" if coding.service else "Goods",
        "VatRate": f"{coding.percent}%",
        "IsActive": True,
        "VatRatePercent": Decimal(coding.percent),
        "DomesticSalesSubjectToVatAccountNumber": taxed,
        "DomesticSalesSubjectToReversedConstructionVatAccountNumber": reverse,
        "DomesticSalesVatExemptAccountNumber": exempt,
        "ForeignSalesVatExemptWithinEuAccountNumber": eu,
        "ForeignSalesSubjectToVatWithinEuAccountNumber": eu_taxed,
        "ForeignSalesSubjectToThirdPartySalesAccountNumber": triangular,
        "ForeignSalesVatExemptOutsideEuAccountNumber": export,
    }


def seed_people(books: Books, company: int) -> None:
    """The users of the company."""
    for person in PEOPLE:
        if company in person.companies:
            names = {"Email": person.email, "FirstName": person.first_name, "LastName": person.last_name}
            put(books, "users", {**names, "IsActive": True, "IsConsultant": person.consultant, "DaysSinceSignup": 900})


def seed_names(books: Books, today: date) -> None:
    """Lists that are hardly more than names."""
    for code, name, english, member in COUNTRIES:
        books.tables["countries"].put({"Code": code, "Name": name, "NameEnglish": english, "IsEuMember": member})
    for currency in CURRENCIES:
        books.tables["currencies"].put({"Code": currency})
    for name, english, code in DELIVERY_METHODS:
        put(books, "deliverymethods", {"Name": name, "NameEnglish": english, "Code": code})
    for name, english, code in DELIVERY_TERMS:
        put(books, "deliveryterms", {"Name": name, "NameEnglish": english, "Code": code, "Editable": True})
    for number, (name, active, items) in enumerate(COST_CENTERS, 1):
        center = put(books, "costcenters", {"Name": name, "Number": number, "IsActive": active, "Items": []})
        kept = []
        for short, long, in_use in items:
            item = {"CostCenterId": center, "ShortName": short, "Name": long, "IsActive": in_use}
            id = put(books, "costcenteritems", {**item, "CreatedUtc": f"{today.year - 2}-01-02T08:00:00Z"})
            kept.append(books.tables["costcenteritems"].get(id))
        center_record = {"Id": center, "Name": name, "Number": number, "IsActive": active, "Items": kept}
        books.tables["costcenters"].put(center_record)


def seed_years(books: Books, today: date) -> None:
    """Three fiscal years, the oldest locked, each with its accounts; and the VAT codes."""
    codes = {}
    for code in VAT_CODES:
        accounts = dict(zip(("AccountNumber1", "AccountNumber2", "AccountNumber3"), code.accounts, strict=True))
        record = {"Code": code.code, "Description": code.description, "VatRate": Decimal(code.percent)}
        codes[code.code] = (put(books, "vatcodes", {**record, "RelatedAccounts": accounts}), code.description)
    chart = list(csv.reader((files(__package__) / "accounts.csv").read_text("utf-8").splitlines()))
    for year in (today.year - 2, today.year - 1, today.year):
        id = put(
            books,
            "fiscalyears",
            {
                "StartDate": f"{year}-01-01",
                "EndDate": f"{year}-12-31",
                "IsLockedForAccounting": year == today.year - 2,
                "BookkeepingMethod": 0,
            },
        )
        for number, name in chart:
            put_account(books, account(number, name, id, codes, made=f"{year}-01-01T00:00:00Z"))
    books.switches.locked_to = f"{today.year - 2}-12-31"


def account(number: str, name: str, year: str, codes: dict[str, tuple[str, str]], *, made: str) -> Json:
    kind, description = next((kind, text) for highest, kind, text in ACCOUNT_TYPES if int(number) <= highest)
    vat_code = codes.get(VAT_CODE_OF_ACCOUNT.get(number, ""))
    return {
        "Name": name,
        "Number": number,
        "VatCodeId": vat_code[0] if vat_code else None,
        "VatCodeDescription": vat_code[1] if vat_code else None,
        "FiscalYearId": year,
        "Type": kind,
        "TypeDescription": description,
        "ModifiedUtc": made,
        "CreatedUtc": made,
        "IsActive": True,
        "AllowTransactionText": True,
        "IsProjectAllowed": number >= "3000",
        "IsCostCenterAllowed": number >= "3000",
        "IsBlockedForManualBooking": number in BLOCKED,
    }


def settings(books: Books, ids: Ids) -> Json:
    digits = books.org_number.replace("-", "")
    return {
        "Name": books.name,
        "Email": "kontor@bergstrom-lind.se",
        "Phone": "031-390 06 40",
        "Address1": "Ringögatan 14",
        "PostalCode": "417 07",
        "City": "Göteborg",
        "Website": "https://bergstrom-lind.example",
        "OurReference": "Anna Bergström",
        "TermsOfPaymentId": ids.terms["30"],
        "VatCode": f"SE{digits}01",
        "BankGiro": "991-0064",
        "AccountNumberDigits": 4,
        "AccountingLockInterval": 1,
        "TaxDeclarationDate": {"Month": 12, "Day": 12},
        "TypeOfBusiness": 1,
        "VatPeriod": 3,
        "CompanyText": {
            "CustomerInvoiceTextDomestic": "Tack för förtroendet! Dröjsmålsränta enligt räntelagen.",
            "OrderTextDomestic": "Arbetet utförs enligt AB-U.",
        },
        "UseAutomaticVatCalculation": True,
        "CompanyRotRutSettings": {
            "RutMaxAmountForPersBelow65Year": Decimal(75000),
            "RutMaxAmountForPersOver65Year": Decimal(75000),
            "RutReducedInvoicingPercent": Decimal("0.5"),
            "RotReducedInvoicingMaxAmount": Decimal(50000),
            "RotReducedInvoicingPercent": Decimal("0.3"),
        },
        "UsesTransactionText": True,
        "LatePaymentFee": Decimal(60),
        "AutoInvoice": {"AutoInvoiceActivationStatus": 2, "AutoInvoiceInboundStatus": 1},
        "ApprovalSettings": {},
        "CompanyGreenTechnologySettings": {
            "GreenTechnologyDeductionMaxAmount": Decimal(50000),
            "SollarCellDiscountPercentage": Decimal("0.15"),
        },
    }
