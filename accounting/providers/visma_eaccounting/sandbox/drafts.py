"""Customer invoice drafts: made, replaced, deleted, and converted into a booked invoice."""

from __future__ import annotations

from datetime import date

from accounting.providers.visma_eaccounting.sandbox.amounts import exchange_rate, rounded
from accounting.providers.visma_eaccounting.sandbox.books import Books
from accounting.providers.visma_eaccounting.sandbox.errors import refuse
from accounting.providers.visma_eaccounting.sandbox.invoices import book, check_invoice_date, due_date
from accounting.providers.visma_eaccounting.sandbox.sale import (
    RowRules,
    Sale,
    add_rows,
    amounts_of,
    buyer,
    check_house_work,
    persons_of,
    prices_include_vat,
    terms_of,
)
from accounting.providers.visma_eaccounting.sandbox.schema import Json

RULES = RowRules(quantity_places=2, reverse="ReversedConstructionServicesVatFree")
# What the draft takes from its customer when it is sent null, and what it always takes.
FROM_CUSTOMER = ("InvoiceAddress1", "InvoiceAddress2")
DELIVERY = ("DeliveryAddress1", "DeliveryAddress2", "DeliveryPostalCode", "DeliveryCity", "DeliveryCountryCode")
ALWAYS_FROM_CUSTOMER = ("InvoicePostalCode", "InvoiceCity", "InvoiceCountryCode", "CustomerNumber")


def write_draft(books: Books, values: Json, *, before: Json | None = None) -> Json:
    """The draft as it is stored: a new one, or `before` replaced. Raises Refusal."""
    sale = open_sale(books, values, before)
    check_house_work(
        sale,
        values,
        property_member="RotReducedInvoicingPropertyName",
        org_number_member="RotReducedInvoicingOrgNumber",
    )
    if values["UsesGreenTechnology"] and sale.house_work:
        raise refuse(2000, "RotReducedInvoicingType must be 0 with green technology.", field="UsesGreenTechnology")
    if values["ElectronicReference"] and sale.customer["IsPrivatePerson"]:
        raise refuse(2000, "ElectronicReference is not for private persons.", field="ElectronicReference")
    record = {**(before or {}), **values, **facts(sale, values), **sums(sale, values)}
    record["Id"] = before["Id"] if before else books.new_id()
    record["CreatedUtc"] = before["CreatedUtc"] if before else books.stamp()
    books.draft_dates[record["Id"]] = values["InvoiceDate"] or books.today().isoformat()
    record["InvoiceDate"] = shown_date(books, record["Id"], books.today())
    record["DueDate"] = values["DueDate"] or due_date(record["InvoiceDate"], terms_of(books, values, sale.customer))
    books.tables["customerinvoicedrafts"].put(record)
    return record


def open_sale(books: Books, values: Json, before: Json | None) -> Sale:
    customer = buyer(books, values)
    sale = Sale(
        books=books,
        customer=customer,
        currency=customer["CurrencyCode"] or books.currency,
        # Decided once, when the draft is made.
        includes_vat=before["IncludesVat"] if before else prices_include_vat(books, customer),
        rules=RULES,
        eu_third_party=values["EuThirdParty"],
        reverse_charge=True,
        replace_zero_prices=values["ReplaceUnitPriceWhenZero"],
        house_work=values["RotReducedInvoicingType"],
    )
    kept = frozenset(row["Id"] for row in (before or {}).get("Rows") or [])
    add_rows(sale, values["Rows"] or [], kept_ids=kept)
    return sale


def facts(sale: Sale, values: Json) -> Json:
    """What is copied from the customer."""
    customer = sale.customer
    return {
        **{name: values[name] if values[name] is not None else customer[name] for name in FROM_CUSTOMER + DELIVERY},
        **{name: customer[name] for name in ALWAYS_FROM_CUSTOMER},
        "DeliveryCustomerName": values["DeliveryCustomerName"] or (customer["DeliveryCustomerName"] or "")[:50] or None,
        "InvoiceCustomerName": customer["Name"],
        "CustomerName": customer["Name"],
        "CustomerIsPrivatePerson": customer["IsPrivatePerson"],
        "InvoiceCurrencyCode": sale.currency,
        "TermsOfPaymentId": terms_of(sale.books, values, customer)["Id"],
        "ReverseChargeOnConstructionServices": customer["ReverseChargeOnConstructionServices"],
        "IncludesVat": sale.includes_vat,
        "Rows": sale.rows,
    }


def sums(sale: Sale, values: Json) -> Json:
    """The computed amounts; a credit draft has negative ones."""
    totals, sign = sale.totals(), -1 if values["IsCreditInvoice"] else 1
    rate = exchange_rate(sale.currency)
    deduction = values["RotReducedInvoicingAmount"] or sale.deduction()
    limit = sale.books.settings["CompanyRotRutSettings"]["RotReducedInvoicingMaxAmount"]
    persons = persons_of(sale, values, deduction)
    return {
        "TotalAmount": sign * totals.total,
        "TotalVatAmount": sign * totals.vat,
        "TotalRoundings": sign * totals.rounding,
        "TotalAmountBaseCurrency": sign * rounded(totals.total * rate),
        "TotalVatAmountBaseCurrency": sign * rounded(totals.vat * rate),
        "RotReducedInvoicingAmount": deduction,
        "MaxAllowedTaxReductionAmount": limit * len(persons or ()),
        "Persons": persons,
    }


def shown_date(books: Books, id: str, today: date) -> str:
    """The invoice date that a draft shows: today, or its own where the company keeps it."""
    return own_date(books, id) if books.switches.keep_original_draft_date else today.isoformat()


def own_date(books: Books, id: str) -> str:
    """The date that the draft was given, today for one that was given none."""
    return books.draft_dates.setdefault(id, books.today().isoformat())


def on_day(books: Books, draft: Json, today: date) -> Json | None:
    """The draft as it looks on that day."""
    shown = shown_date(books, draft["Id"], today)
    return None if draft["InvoiceDate"] == shown else {**draft, "InvoiceDate": shown}


def convert_draft(books: Books, draft: Json, expected: Json | None, *, keep_date: bool) -> Json:
    """The booked invoice; the draft is gone. Raises Refusal."""
    keep = keep_date or books.switches.keep_original_draft_date
    day = own_date(books, draft["Id"]) if keep else books.today().isoformat()
    customer = buyer(books, draft)
    check_invoice_date(books, customer, day)
    sale = open_sale(books, draft, draft)
    if expected:
        check_expected(sale, draft, expected)
    due = due_date(day, terms_of(books, draft, customer))
    invoice = book(sale, draft, invoice_date=day, due_date=due, created_from={"CreatedFromDraftId": draft["Id"]})
    books.tables["customerinvoicedrafts"].remove(draft["Id"])
    return invoice


def check_expected(sale: Sale, draft: Json, expected: Json) -> None:
    """The totals that the client expects, where it said any. Raises Refusal 2000."""
    pairs = {
        "TotalAmountInvoiceCurrency": "TotalAmount",
        "TotalVatAmountInvoiceCurrency": "TotalVatAmount",
        "TotalRoundingsInvoiceCurrency": "TotalRoundings",
    }
    for theirs, ours in pairs.items():
        if expected.get(theirs) is not None and expected[theirs] != draft[ours]:
            raise refuse(2000, f"{theirs} is {draft[ours]}, not {expected[theirs]}.", field=theirs)
    lines = {row["LineNumber"]: line for row, line in zip(sale.rows, sale.lines, strict=True)}
    for row in expected.get("Rows") or []:
        line = lines.get(row["LineNumber"])
        if line is None:
            raise refuse(2000, f"There is no row with LineNumber {row['LineNumber']}.", field="Rows")
        net, gross = amounts_of(sale, line)
        for name, amount in (("TotalAmountNoVatInvoiceCurrency", net), ("TotalAmountIncVatInvoiceCurrency", gross)):
            if row.get(name) is not None and row[name] != amount:
                raise refuse(2000, f"Row {row['LineNumber']}: {name} is {amount}, not {row[name]}.", field="Rows")
