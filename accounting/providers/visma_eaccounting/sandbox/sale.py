"""What orders, invoice drafts and invoices have in common: the buyer, the rows and their VAT, ROT and RUT.

Source: wire facts, section 5 (orders, drafts, reverse charge, ROT/RUT).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from stdnum import luhn

from accounting.providers.visma_eaccounting.sandbox.amounts import (
    Line,
    Totals,
    add_up,
    rounded,
    row_amount,
    vat_group,
)
from accounting.providers.visma_eaccounting.sandbox.books import Books
from accounting.providers.visma_eaccounting.sandbox.errors import FieldError, invalid, refuse
from accounting.providers.visma_eaccounting.sandbox.schema import Json, more_decimals

WORK_HOURS = "Cannot add rows with labour article, work type set, but with work hours < 1.00 or without work hours"
# Sales case: the member of the coding that names its account
ACCOUNTS = {
    "domestic": "DomesticSalesSubjectToVatAccountNumber",
    "exempt": "DomesticSalesVatExemptAccountNumber",
    "reverse": "DomesticSalesSubjectToReversedConstructionVatAccountNumber",
    "eu": "ForeignSalesVatExemptWithinEuAccountNumber",
    "eu with vat": "ForeignSalesSubjectToVatWithinEuAccountNumber",
    "triangular": "ForeignSalesSubjectToThirdPartySalesAccountNumber",
    "export": "ForeignSalesVatExemptOutsideEuAccountNumber",
}
TAXED = {"domestic", "eu with vat"}


@dataclass(frozen=True, slots=True)
class RowRules:
    """How one kind of document differs in its rows. `reverse` is the member that asks for reverse charge."""

    quantity_places: int
    reverse: str


@dataclass(slots=True)
class Sale:
    """A document being put together. `lines[i]` belongs to `rows[i]`, None for a text row."""

    books: Books
    customer: Json
    currency: str
    includes_vat: bool
    rules: RowRules
    eu_third_party: bool = False
    reverse_charge: bool = False
    replace_zero_prices: bool = False
    house_work: int = 0
    rows: list[Json] = field(default_factory=list)
    lines: list[Line | None] = field(default_factory=list)

    @property
    def articles(self) -> list[Line]:
        return [line for line in self.lines if line is not None]

    @property
    def foreign(self) -> bool:
        country = self.customer["InvoiceCountryCode"] or self.books.country
        return country != self.books.country or self.currency != self.books.currency

    def totals(self) -> Totals:
        to_whole = bool(self.books.switches.rounding) and self.currency == self.books.currency
        return add_up(self.articles, includes_vat=self.includes_vat, to_whole=to_whole)

    def deduction(self) -> Decimal:
        """The tax reduction on its labour rows, VAT included."""
        settings = self.books.settings["CompanyRotRutSettings"]
        percent = settings["RotReducedInvoicingPercent" if self.house_work == 1 else "RutReducedInvoicingPercent"]
        pairs = zip(self.rows, self.lines, strict=True)
        labour = [line for row, line in pairs if line is not None and row.get("IsWorkCost")]
        gross = add_up(labour, includes_vat=self.includes_vat, to_whole=False).total
        return rounded(gross * percent) if self.house_work else Decimal(0)


def amounts_of(sale: Sale, line: Line | None) -> tuple[Decimal, Decimal]:
    """A row without and with VAT."""
    if line is None:
        return Decimal(0), Decimal(0)
    group = vat_group(line.vat_percent, line.amount, includes_vat=sale.includes_vat)
    return group.net, group.net + group.vat


def buyer(books: Books, values: Json) -> Json:
    """The customer of the document. Raises Refusal when there is none."""
    return books.existing("customers", values["CustomerId"], member="CustomerId")


def prices_include_vat(books: Books, customer: Json) -> bool:
    """Prices to private persons include VAT unless the company has chosen otherwise."""
    return bool(customer["IsPrivatePerson"]) and not books.switches.show_prices_excl_vat_pc


def add_rows(sale: Sale, bodies: list[Json], *, kept_ids: frozenset[str] = frozenset()) -> None:
    """Checks the rows and computes each. Raises Refusal with everything that is wrong."""
    errors: list[FieldError] = []
    for index, body in enumerate(bodies):
        row = dict(body, Id=body["Id"] if body.get("Id") in kept_ids else sale.books.new_id())
        row["LineNumber"] = index + 1 if body.get("LineNumber") is None else body["LineNumber"]
        is_text = row["IsTextRow"] if "IsTextRow" in row else row.get("ArticleId") is None
        row["IsTextRow"] = is_text
        build = text_row if is_text else article_row
        sale.lines.append(build(sale, row, f"Rows[{index}].", errors))
        sale.rows.append(row)
    if errors:
        raise invalid(errors)
    order = sorted(range(len(sale.rows)), key=lambda index: sale.rows[index]["LineNumber"])
    sale.rows, sale.lines = [sale.rows[i] for i in order], [sale.lines[i] for i in order]


def text_row(sale: Sale, row: Json, where: str, errors: list[FieldError]) -> None:
    if not row.get("Text"):
        errors.append(FieldError(f"{where}Text", "FieldIsRequired", "A text row must have at least one character."))
    if row.get("ArticleId"):
        errors.append(FieldError(f"{where}ArticleId", "InvalidValue", "A text row cannot have an article."))
    row |= {"UnitPrice": Decimal(0), "Quantity": Decimal(0), "VatRate": None, "Amount": Decimal(0)}


def article_row(sale: Sale, row: Json, where: str, errors: list[FieldError]) -> Line | None:
    article = sale.books.tables["articles"].get(row.get("ArticleId"))
    if article is None:
        errors.append(
            FieldError(f"{where}ArticleId", "FieldIsRequired", "A row that is not text must have an article.")
        )
        return None
    check_references(sale.books, row)
    check_work(sale, row)
    fill_from_article(sale, row, article)
    check_decimals(sale, row, where, errors)
    coding = sale.books.existing("articleaccountcodings", article["CodingId"], member="CodingId")
    case = sales_case(sale, row, coding)
    percent = Decimal(coding["VatRatePercent"]) if case in TAXED else Decimal(0)
    amount = row_amount(row["UnitPrice"], row["Quantity"], row["DiscountPercentage"])
    row |= {"VatRate": percent, "VatRateId": coding["VatRate"], "Amount": amount}
    return Line(amount, percent, coding[ACCOUNTS[case]])


def fill_from_article(sale: Sale, row: Json, article: Json) -> None:
    """What the row takes from its article when the client left it out, and its echoes."""
    unit = sale.books.tables["units"].get(article["UnitId"]) or {}
    price = row["UnitPrice"]
    if price is None or (price == 0 and sale.replace_zero_prices):
        price = article["GrossPrice" if sale.includes_vat else "NetPrice"]
    row |= {
        "Text": row["Text"] or article["Name"],
        "UnitPrice": price,
        "ArticleNumber": article["Number"],
        "IsServiceArticle": article["IsServiceArticle"],
        "UnitId": article["UnitId"],
        "UnitName": unit.get("Name"),
        "UnitAbbreviation": unit.get("Abbreviation"),
        "UnitAbbreviationEnglish": unit.get("AbbreviationEnglish"),
        "PurchasePrice": article["PurchasePrice"],
        "FreightCosts": article["FreightCosts"],
    }


def check_references(books: Books, row: Json) -> None:
    """Project and cost centers of a row. Raises Refusal 2000, 5005 or 5006."""
    if row.get("ProjectId"):
        project = books.existing("projects", row["ProjectId"], member="ProjectId")
        if not books.switches.uses_project:
            raise refuse(2000, "The company does not use projects.", field="ProjectId")
        if project["Status"] == 2:
            raise refuse(5005, f"Project {project['Number']} is finished.", field="ProjectId")
    for name in ("CostCenterItemId1", "CostCenterItemId2", "CostCenterItemId3"):
        if row.get(name):
            item = books.existing("costcenteritems", row[name], member=name)
            if not item["IsActive"]:
                raise refuse(5006, f"Cost center item {item['ShortName']} is not active.", field=name)


def check_work(sale: Sale, row: Json) -> None:
    """Labour for a tax reduction needs its hours. Raises Refusal 2000."""
    if row.get("WorkCostType") and (row.get("WorkHours") or 0) < 1:
        raise refuse(2000, WORK_HOURS)
    if sale.house_work and row.get("IsWorkCost") and not row.get("WorkCostType"):
        raise refuse(2000, "A labour row must have a work type.", field="WorkCostType")


def check_decimals(sale: Sale, row: Json, where: str, errors: list[FieldError]) -> None:
    """Prices have 2 decimals (4 abroad), quantities as the document says, discounts 4."""
    places = {"UnitPrice": 4 if sale.foreign else 2, "Quantity": sale.rules.quantity_places, "DiscountPercentage": 4}
    for name, most in places.items():
        if not more_decimals(row[name], most):
            continue
        if sale.books.service.surplus_decimals == "round":
            row[name] = rounded(row[name], most)
        else:
            errors.append(FieldError(where + name, "InvalidValue", f"{name} can have at most {most} decimals."))


def sales_case(sale: Sale, row: Json, coding: Json) -> str:
    """Which VAT rule the row falls under, a key of ACCOUNTS. Raises Refusal 2000 for a baseless reverse charge."""
    if sale.rules.reverse and row[sale.rules.reverse]:
        if not (sale.customer["ReverseChargeOnConstructionServices"] and sale.books.switches.uses_reverse_charge):
            raise refuse(2000, "The customer has no reverse charge on construction services.", field=sale.rules.reverse)
        if sale.reverse_charge:
            return "reverse"
    country = sale.customer["InvoiceCountryCode"] or sale.books.country
    if country == sale.books.country or sale.customer["ForceBookkeepVat"]:
        return "domestic" if coding["VatRatePercent"] and not row.get("IsVatFree") else "exempt"
    if not (sale.books.tables["countries"].get(country) or {}).get("IsEuMember"):
        return "export"
    if not sale.customer["VatNumber"]:
        return "eu with vat" if coding["VatRatePercent"] else "eu"
    return "triangular" if sale.eu_third_party else "eu"


def check_house_work(sale: Sale, values: Json, *, property_member: str, org_number_member: str) -> None:
    """What ROT and RUT ask of a document. Raises Refusal 2000 or 4029."""
    if not sale.house_work:
        return
    if not sale.books.switches.uses_rot:
        raise refuse(2000, "The company does not use ROT and RUT.", field="RotReducedInvoicingType")
    if not sale.customer["IsPrivatePerson"]:
        raise refuse(2000, "ROT and RUT are for private persons only.", field="RotReducedInvoicingType")
    check_persons(values)
    if values["RotPropertyType"] and not values[property_member]:
        raise refuse(2000, f"{property_member} is required with RotPropertyType.", field=property_member)
    if values["RotPropertyType"] == 1 and not values[org_number_member]:
        raise refuse(2000, f"{org_number_member} is required for an apartment.", field=org_number_member)


def check_persons(values: Json) -> None:
    """Who gets the tax reduction. Raises Refusal 2000 or 4029."""
    if not values["Persons"]:
        raise refuse(2000, "Persons are required for domestic services.", field="Persons")
    for person in values["Persons"]:
        number = (person["Ssn"] or "").replace("-", "")[-10:]
        if not (len(number) == 10 and luhn.is_valid(number)):
            raise refuse(4029, f"{person['Ssn']} is not a social security number.", field="Persons")


def persons_of(sale: Sale, values: Json, deduction: Decimal) -> list[Json] | None:
    """The persons with their share of the deduction."""
    persons: list[Json] = values["Persons"] or []
    if not persons:
        return None
    share = rounded(deduction / len(persons))
    return [dict(each, Id=sale.books.new_id(), Amount=each["Amount"] or share) for each in persons]


def terms_of(books: Books, values: Json, customer: Json) -> Json:
    """The terms of payment that hold: the document's, else the customer's. Raises Refusal 2000."""
    id = values.get("TermsOfPaymentId") or customer["TermsOfPaymentId"]
    terms = books.existing("termsofpayments", id, member="TermsOfPaymentId")
    if not terms["AvailableForSales"]:
        raise refuse(2000, "The terms of payment cannot be used on sales documents.", field="TermsOfPaymentId")
    return terms
