"""Customer invoices: booked at once, never changed afterwards, with the voucher that they make."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from stdnum import luhn

from accounting.providers.visma_eaccounting.sandbox.amounts import Totals, exchange_rate, rounded
from accounting.providers.visma_eaccounting.sandbox.books import Books
from accounting.providers.visma_eaccounting.sandbox.errors import refuse
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
from accounting.providers.visma_eaccounting.sandbox.vouchers import post_voucher

# The row of an invoice cannot ask for reverse charge; only drafts and orders can.
RULES = RowRules(quantity_places=4, reverse="")
RECEIVABLES, ROUNDING_ACCOUNT = 1510, 3740
VAT_ACCOUNTS = {Decimal(25): 2611, Decimal(12): 2621, Decimal(6): 2631}
DEBIT_INVOICE, CREDIT_INVOICE = 14, 15
COPIED = (
    "EuThirdParty",
    "IsCreditInvoice",
    "CustomerId",
    "RotReducedInvoicingType",
    "RotReducedInvoicingPropertyName",
    "RotReducedInvoicingOrgNumber",
    "RotPropertyType",
    "DeliveryDate",
    "ElectronicReference",
    "SubscriptionNumber",
    "ContractNumber",
    "EdiServiceDelivererId",
    "OurReference",
    "YourReference",
    "BuyersOrderReference",
    "InvoiceAddress1",
    "InvoiceAddress2",
    "InvoicePostalCode",
    "InvoiceCity",
    "InvoiceCountryCode",
    "DeliveryCustomerName",
    "DeliveryAddress1",
    "DeliveryAddress2",
    "DeliveryPostalCode",
    "DeliveryCity",
    "DeliveryCountryCode",
    "DeliveryMethodName",
    "DeliveryTermName",
    "DeliveryMethodCode",
    "DeliveryTermCode",
    "UsesGreenTechnology",
    "SalesDocumentAttachments",
    "IsDirectDebit",
    "SendType",
)


def create_invoice(books: Books, values: Json) -> Json:
    """A booked invoice from what a client posted. Raises Refusal."""
    customer = buyer(books, values)
    day = values["InvoiceDate"] or books.today().isoformat()
    check_invoice_date(books, customer, day)
    sale = Sale(
        books=books,
        customer=customer,
        currency=customer["CurrencyCode"] or books.currency,
        includes_vat=prices_include_vat(books, customer),
        rules=RULES,
        eu_third_party=values["EuThirdParty"],
        replace_zero_prices=values["ReplaceUnitPriceWhenZero"],
        house_work=values["RotReducedInvoicingType"],
    )
    add_rows(sale, values["Rows"])
    check_house_work(
        sale,
        values,
        property_member="RotReducedInvoicingPropertyName",
        org_number_member="RotReducedInvoicingOrgNumber",
    )
    address = ("InvoiceAddress1", "InvoiceAddress2", "InvoicePostalCode", "InvoiceCity", "InvoiceCountryCode")
    filled = {**values, **{name: values[name] or customer[name] for name in address}}
    due = values["DueDate"] or due_date(day, terms_of(books, values, customer))
    return book(sale, filled, invoice_date=day, due_date=due, created_from={})


def check_invoice_date(books: Books, customer: Json, day: str) -> None:
    """Whether an invoice may bear that date. Raises Refusal 4023, 3001, 4038 or 4026."""
    if day > books.today().isoformat() and not customer["IsFutureInvoiceDateAllowed"]:
        raise refuse(4023, f"The invoice date {day} is in the future.", field="InvoiceDate")
    books.open_period(day)


def due_date(invoice_date: str, terms: Json) -> str:
    """The invoice date plus the days of the terms."""
    return (date.fromisoformat(invoice_date) + timedelta(days=terms["NumberOfDays"])).isoformat()


def book(sale: Sale, source: Json, *, invoice_date: str, due_date: str, created_from: Json) -> Json:
    """The invoice and its voucher, both stored. Raises Refusal 4013 or 4024 with nothing stored."""
    books, customer, totals = sale.books, sale.customer, sale.totals()
    if not sale.articles:
        raise refuse(4013, "An invoice must have at least one article row.", field="Rows")
    if any(line.account is None for line in sale.articles):
        raise refuse(4024, "The article's coding has no sales account for this kind of sale.", field="Rows")
    number = books.take_number("invoice")
    voucher = post_voucher(
        books,
        day=invoice_date,
        text=f"Kundfaktura till {customer['CustomerNumber']} {customer['Name']}, {number}"[:1000],
        rows=voucher_rows(sale, source, totals),
        series="A",
        kind=CREDIT_INVOICE if source["IsCreditInvoice"] else DEBIT_INVOICE,
    )
    record = {
        **{name: source.get(name) for name in COPIED},
        **created_from,
        **parties(sale, source),
        **sums(sale, source, totals),
        "Id": books.new_id(),
        "InvoiceNumber": number,
        "InvoiceDate": invoice_date,
        "DueDate": due_date,
        "PaymentReferenceNumber": payment_reference(books, number),
        "VoucherNumber": voucher["NumberAndNumberSeries"],
        "VoucherId": voucher["Id"],
        "CreatedUtc": books.stamp(),
        "CreatedByUserId": next(iter(books.tables["users"].raw), None),
        "Rows": [invoice_row(sale, index) for index in range(len(sale.rows))],
    }
    record["ModifiedUtc"] = record["CreatedUtc"]
    record["PaymentStatus"] = payment_status(record, books.today())
    books.tables["customerinvoices"].put(record)
    note_on_customer(books, customer, record)
    return record


def parties(sale: Sale, source: Json) -> Json:
    """Who pays, in which currency, and what kind of sale it was."""
    customer = sale.customer
    reverse = any(sale.rules.reverse and row.get(sale.rules.reverse) for row in sale.rows)
    return {
        "CurrencyCode": sale.currency,
        "CurrencyRate": source.get("CurrencyRate") or exchange_rate(sale.currency),
        "CustomerNumber": customer["CustomerNumber"],
        "CustomerName": customer["Name"],
        "CustomerEmail": customer["EmailAddress"],
        "CustomerIsPrivatePerson": customer["IsPrivatePerson"],
        "InvoiceCustomerName": source.get("InvoiceCustomerName") or customer["Name"],
        "ElectronicAddress": customer["ElectronicAddress"],
        "TermsOfPaymentId": terms_of(sale.books, source, customer)["Id"],
        "IncludesVat": sale.includes_vat,
        "ReverseChargeOnConstructionServices": customer["ReverseChargeOnConstructionServices"],
        "ReversedConstructionVatInvoicing": reverse and sale.reverse_charge,
    }


def sums(sale: Sale, source: Json, totals: Totals) -> Json:
    sign = -1 if source["IsCreditInvoice"] else 1
    rate = source.get("CurrencyRate") or exchange_rate(sale.currency)
    deduction = source.get("RotReducedInvoicingAmount") or sale.deduction()
    return {
        "TotalAmount": sign * rounded(totals.total * rate),
        "TotalVatAmount": sign * rounded(totals.vat * rate),
        "TotalRoundings": sign * rounded(totals.rounding * rate),
        "TotalAmountInvoiceCurrency": sign * totals.total,
        "TotalVatAmountInvoiceCurrency": sign * totals.vat,
        "RemainingAmount": sign * rounded(totals.total * rate),
        "RemainingAmountInvoiceCurrency": sign * totals.total,
        "RotReducedInvoicingAmount": deduction,
        "Persons": persons_of(sale, source, deduction),
        "VatSpecification": [
            {
                "AmountInvoiceCurrency": sign * group.net,
                "VatAmountInvoiceCurrency": sign * group.vat,
                "VatPercent": group.percent,
            }
            for group in totals.groups
        ],
    }


def invoice_row(sale: Sale, index: int) -> Json:
    row, line = sale.rows[index], sale.lines[index]
    net, _ = amounts_of(sale, line)
    free = line is not None and not line.vat_percent
    return {**row, "AmountNoVat": net, "PercentVat": row["VatRate"], "IsVatFree": free}


def voucher_rows(sale: Sale, source: Json, totals: Totals) -> list[Json]:
    """Receivable against sales, VAT and rounding, in the company's currency."""
    rate = source.get("CurrencyRate") or exchange_rate(sale.currency)
    credits: dict[int, Decimal] = {}
    for line in sale.articles:
        net, _ = amounts_of(sale, line)
        credits[line.account or 0] = credits.get(line.account or 0, Decimal(0)) + rounded(net * rate)
    for group in totals.groups:
        if group.vat:
            account = VAT_ACCOUNTS.get(group.percent, 2611)
            credits[account] = credits.get(account, Decimal(0)) + rounded(group.vat * rate)
    total = rounded(totals.total * rate)
    # What rounding row by row leaves over goes where the rounding of the total goes.
    rest = total - sum(credits.values())
    if rest:
        credits[ROUNDING_ACCOUNT] = rest
    sign = -1 if source["IsCreditInvoice"] else 1
    return [
        one_sided(RECEIVABLES, sign * total),
        *(one_sided(account, -sign * sum_) for account, sum_ in credits.items()),
    ]


def one_sided(account: int, amount: Decimal) -> Json:
    """A voucher row: debit when positive, credit when negative."""
    side, other = ("DebitAmount", "CreditAmount") if amount >= 0 else ("CreditAmount", "DebitAmount")
    return {"AccountNumber": account, side: abs(amount), other: Decimal(0)}


def payment_reference(books: Books, number: int) -> str:
    """The OCR number, empty where the company does not use it."""
    if not books.switches.uses_payment_reference:
        return ""
    return f"{number}{luhn.calc_check_digit(str(number))}"


def payment_status(invoice: Json, today: date) -> int:
    """0 paid, 1 unpaid, 2 overdue."""
    if not invoice["RemainingAmountInvoiceCurrency"]:
        return 0
    return 2 if invoice["DueDate"] < today.isoformat() else 1


def on_day(invoice: Json, today: date) -> Json | None:
    """The invoice as it looks on that day; falling due does not count as a modification."""
    status = payment_status(invoice, today)
    return None if invoice["PaymentStatus"] == status else {**invoice, "PaymentStatus": status}


def note_on_customer(books: Books, customer: Json, invoice: Json) -> None:
    """The customer's own figures; they are no change of the customer."""
    customer["LastInvoiceDate"] = max(customer["LastInvoiceDate"] or "", invoice["InvoiceDate"])
    customer["UnpaidInvoicesAmount"] += invoice["RemainingAmount"]
    books.tables["customers"].put(customer)
