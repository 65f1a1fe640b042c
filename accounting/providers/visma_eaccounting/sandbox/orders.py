"""Sales orders: draft (1), ongoing (2, numbered), shipped (3), invoiced (4)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from accounting.providers.visma_eaccounting.sandbox.amounts import Line, add_up, row_amount
from accounting.providers.visma_eaccounting.sandbox.books import Books
from accounting.providers.visma_eaccounting.sandbox.errors import refuse
from accounting.providers.visma_eaccounting.sandbox.invoices import book, check_invoice_date, due_date
from accounting.providers.visma_eaccounting.sandbox.sale import (
    RowRules,
    Sale,
    add_rows,
    buyer,
    check_house_work,
    persons_of,
    prices_include_vat,
    terms_of,
)
from accounting.providers.visma_eaccounting.sandbox.schema import Json

DRAFT, ONGOING, SHIPPED, INVOICED = 1, 2, 3, 4
STATES = {DRAFT: "a draft", ONGOING: "ongoing", SHIPPED: "shipped", INVOICED: "invoiced"}
RULES = RowRules(quantity_places=4, reverse="EligibleForReverseChargeOnVat")
FROM_CUSTOMER = (
    "InvoiceAddress1",
    "InvoiceAddress2",
    "InvoicePostalCode",
    "InvoiceCity",
    "InvoiceCountryCode",
    "DeliveryAddress1",
    "DeliveryAddress2",
    "DeliveryPostalCode",
    "DeliveryCity",
    "DeliveryCountryCode",
    "DeliveryCustomerName",
)


def write_order(books: Books, values: Json, *, before: Json | None = None) -> Json:
    """The order as it is stored: a new one, or `before` replaced. Raises Refusal."""
    check_state(values["Status"], before)
    if values["CurrencyCode"] not in books.tables["currencies"]:
        raise refuse(2000, f"There is no currency {values['CurrencyCode']}.", field="CurrencyCode")
    books.fiscal_year(values["OrderDate"])
    sale = open_sale(books, values, before)
    check_house_work(
        sale,
        values,
        property_member="HouseWorkPropertyName",
        org_number_member="HouseWorkCorporateIdentityNumber",
    )
    record = {**(before or {}), **values, **facts(sale, values), **sums(sale, values)}
    if record["Amount"] < 0:
        raise refuse(2000, "The total of an order cannot be negative.", field="Rows")
    stamp = books.stamp()
    record |= {"Id": before["Id"] if before else books.new_id(), "ModifiedUtc": stamp}
    record["CreatedUtc"] = before["CreatedUtc"] if before else stamp
    record["Number"] = numbered(books, record, before)
    books.tables["orders"].put(record)
    return record


def check_state(status: int, before: Json | None) -> None:
    """An order is made as draft or ongoing; later states come by its actions only. Raises Refusal 2000 or 4002."""
    if before is None:
        if status not in (DRAFT, ONGOING):
            raise refuse(2000, "A new order is a draft (1) or ongoing (2).", field="Status")
        return
    if before["Status"] >= SHIPPED:
        raise refuse(4002, f"The order is {STATES[before['Status']]} and cannot be changed.")
    if status not in (before["Status"], ONGOING):
        raise refuse(2000, f"The order is {STATES[before['Status']]}; Status cannot become {status}.", field="Status")


def numbered(books: Books, record: Json, before: Json | None) -> int | None:
    """A draft has no number; it gets one when it becomes ongoing and keeps it."""
    had = before["Number"] if before else None
    if record["Status"] == DRAFT or had is not None:
        return had
    return books.take_number("order")


def open_sale(books: Books, values: Json, before: Json | None) -> Sale:
    customer = buyer(books, values)
    if values["ReverseChargeOnConstructionServices"] and not customer["ReverseChargeOnConstructionServices"]:
        raise refuse(
            2000,
            "The customer has no reverse charge on construction services.",
            field="ReverseChargeOnConstructionServices",
        )
    sale = Sale(
        books=books,
        customer=customer,
        currency=values["CurrencyCode"],
        includes_vat=before["IncludesVat"] if before else prices_include_vat(books, customer),
        rules=RULES,
        eu_third_party=values["EuThirdParty"],
        reverse_charge=values["ReverseChargeOnConstructionServices"],
        house_work=values["RotReducedInvoicingType"],
    )
    kept = frozenset(row["Id"] for row in (before or {}).get("Rows") or [])
    add_rows(sale, values["Rows"] or [], kept_ids=kept)
    return sale


def facts(sale: Sale, values: Json) -> Json:
    """What is copied from the customer where the client sent null."""
    customer = sale.customer
    return {
        **{name: values[name] if values[name] is not None else customer[name] for name in FROM_CUSTOMER},
        "InvoiceCustomerName": values["InvoiceCustomerName"] or customer["Name"],
        "CustomerNumber": customer["CustomerNumber"],
        "CustomerName": customer["Name"],
        "CustomerIsPrivatePerson": customer["IsPrivatePerson"],
        "TermsOfPaymentId": terms_of(sale.books, values, customer)["Id"],
        "IncludesVat": sale.includes_vat,
        "Rows": sale.rows,
    }


def sums(sale: Sale, values: Json) -> Json:
    """The computed amounts, ordered and delivered; what the client sent for them is not looked at."""
    totals = sale.totals()
    delivered = delivered_lines(sale)
    to_whole = bool(sale.books.switches.rounding) and sale.currency == sale.books.currency
    shipped = add_up(delivered, includes_vat=sale.includes_vat, to_whole=to_whole)
    deduction = values["HouseWorkAmount"] or sale.deduction()
    percent = sale.books.settings["CompanyRotRutSettings"]["RotReducedInvoicingPercent"]
    return {
        "Amount": totals.total,
        "VatAmount": totals.vat,
        "RoundingsAmount": totals.rounding,
        "DeliveredAmount": shipped.total,
        "DeliveredVatAmount": shipped.vat,
        "DeliveredRoundingsAmount": shipped.rounding,
        "HouseWorkAmount": deduction,
        "RotReducedInvoicingPercent": percent if sale.house_work else Decimal(0),
        "Persons": persons_of(sale, values, deduction),
    }


def delivered_lines(sale: Sale) -> list[Line]:
    """The rows as far as they are delivered."""
    pairs = zip(sale.rows, sale.lines, strict=True)
    return [
        replace(line, amount=row_amount(row["UnitPrice"], row["DeliveredQuantity"], row["DiscountPercentage"]))
        for row, line in pairs
        if line is not None
    ]


def confirm(books: Books, order: Json) -> Json:
    """The draft as an ongoing order with a number. Raises Refusal 4002."""
    require(order, DRAFT)
    return store(books, {**order, "Status": ONGOING, "Number": books.take_number("order")})


def ship(books: Books, order: Json) -> Json:
    """The ongoing order shipped today, everything delivered. Raises Refusal 4002."""
    require(order, ONGOING)
    rows = [{**row, "DeliveredQuantity": row["DeliveredQuantity"] or row["Quantity"]} for row in order["Rows"] or []]
    sale = open_sale(books, {**order, "Rows": rows}, order)
    shipped = {"Status": SHIPPED, "ShippedDateTime": books.today().isoformat(), "Rows": sale.rows}
    return store(books, {**order, **shipped, **sums(sale, order)})


def take_back(books: Books, order: Json) -> Json:
    """The shipped order ongoing again. Raises Refusal 4002."""
    require(order, SHIPPED)
    rows = [{**row, "DeliveredQuantity": Decimal(0)} for row in order["Rows"] or []]
    sale = open_sale(books, {**order, "Rows": rows}, order)
    back = {"Status": ONGOING, "ShippedDateTime": None, "Rows": sale.rows}
    return store(books, {**order, **back, **sums(sale, order)})


def convert_order(books: Books, order: Json, *, other_costs: Decimal | None) -> Json:
    """The invoice of a shipped order, booked today. Raises Refusal."""
    require(order, SHIPPED)
    day = books.today().isoformat()
    customer = buyer(books, order)
    check_invoice_date(books, customer, day)
    rows = [{**row, "Quantity": row["DeliveredQuantity"]} for row in order["Rows"] or []]
    sale = open_sale(books, {**order, "Rows": rows}, order)
    source = {
        **order,
        "IsCreditInvoice": False,
        "RotReducedInvoicingPropertyName": order["HouseWorkPropertyName"],
        "RotReducedInvoicingOrgNumber": order["HouseWorkCorporateIdentityNumber"],
    }
    due = due_date(day, terms_of(books, order, customer))
    created_from = {"CreatedFromOrderId": order["Id"], "WorkHouseOtherCosts": other_costs}
    invoice = book(sale, source, invoice_date=day, due_date=due, created_from=created_from)
    store(books, {**order, "Status": INVOICED})
    return invoice


def require(order: Json, state: int) -> None:
    if order["Status"] != state:
        raise refuse(4002, f"The order is {STATES[order['Status']]}; only {STATES[state]} order can do this.")


def store(books: Books, order: Json) -> Json:
    changed = {**order, "ModifiedUtc": books.stamp()}
    books.tables["orders"].put(changed)
    return changed
