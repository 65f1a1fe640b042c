"""Orders and invoices: what a body must agree with, what the books compute, and how one becomes the next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from accounting.providers.economic.sandbox.books import Books
from accounting.providers.economic.sandbox.errors import Complaint, Place, Refusal, complain, invalid
from accounting.providers.economic.sandbox.fields import Json
from accounting.providers.economic.sandbox.records import number_in, referred
from accounting.providers.economic.sandbox.wire import link, reference

CENT = Decimal("0.01")
NUMBERS = {"orders/drafts": "orderNumber", "invoices/drafts": "draftInvoiceNumber"}
HANDLES = {"orders/drafts": "orderHandle", "invoices/drafts": "currentInvoiceHandle"}
KEPT = ("date", "currency", "delivery", "notes", "dueDate")


def cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def write_sale(books: Books, kind: str, values: Json, *, number: int | None = None) -> Json:
    """The order or invoice draft as it is stored; a new one unless `number` is that of one that is there.

    Nothing is taken over from the customer: what the body leaves out is empty.
    """
    if kind == "orders/drafts" and books.switches.inventory:
        raise Refusal(400, "EMU003", "Orders cannot be changed when the inventory module is enabled.")
    table = books.tables[kind]
    before = table.get(number)
    customer = books.existing("customers", number_in(values, "customer", "customerNumber"), member="customer")
    if customer.get("barred") and before is None:
        raise complain("customer", "EMU004", f"Customer '{customer['customerNumber']}' is barred.")
    if number is None:
        number = numbered(books, kind)
    head = head_of(books, values, before)
    lines = [line_of(books, line, place) for place, line in enumerate(values.get("lines") or [], start=1)]
    handle = handle_of(before) if before else books.count("handle", start=291)
    record = assembled(
        books,
        kind,
        number,
        handle,
        {**head, "customer": reference("customerNumber", customer["customerNumber"], "customers")},
        lines,
    )
    table.put(record)
    return record


def numbered(books: Books, kind: str) -> int:
    if kind == "orders/drafts":
        return books.next_number("orders/drafts", "orders/sent", "orders/archived", start=1)
    return books.next_number("invoices/drafts", start=366)


def handle_of(document: Json) -> int:
    soap = document.get("soap") or {}
    return int(next((each["id"] for each in soap.values() if isinstance(each, dict)), 0))


def head_of(books: Books, values: Json, before: Json | None) -> Json:
    """Everything above the lines. Raises Refusal for what does not exist or does not fit together."""
    values = {
        **{name: before[name] for name in ("date", "currency", "layout", "paymentTerms") if before and name in before},
        **values,
    }
    head: Json = {name: values[name] for name in KEPT if values.get(name)}
    books.existing("currencies", values["currency"], member="currency")
    layout = referred(books, values, "layout", "layoutNumber", "layouts")
    if layout is not None:
        head["layout"] = reference("layoutNumber", layout, "layouts")
    terms = books.existing(
        "payment-terms", number_in(values, "paymentTerms", "paymentTermsNumber"), member="paymentTerms"
    )
    said = (values.get("paymentTerms") or {}).get("paymentTermsType")
    if said and said != terms["paymentTermsType"]:
        raise complain(
            "paymentTerms.paymentTermsType",
            "E07180",
            "Payment terms type does not match the type on the payment terms specified.",
            said,
        )
    shown = ("paymentTermsNumber", "daysOfCredit", "name", "paymentTermsType", "self")
    head["paymentTerms"] = {name: terms[name] for name in shown if name in terms}
    head["dueDate"] = due(terms, values)
    recipient = dict(values["recipient"])
    zone = books.existing("vat-zones", number_in(recipient, "vatZone", "vatZoneNumber"), member="recipient.vatZone")
    head["recipient"] = {**{key: value for key, value in recipient.items() if value}, "vatZone": zone}
    head["references"] = {key: value for key, value in (values.get("references") or {}).items() if value}
    if "project" in values:
        if not books.switches.project:
            raise complain("project", "EMU005", "The Project module is required.")
        number = referred(books, values, "project", "projectNumber", "projects")
        head["project"] = reference("projectNumber", number, "projects")
    return head


def due(terms: Json, values: Json) -> str:
    """Raises Refusal where the terms leave the day to the caller and it is missing or too early."""
    day = date.fromisoformat(values["date"])
    if terms["paymentTermsType"] == "dueDate":
        if "dueDate" not in values:
            raise complain("dueDate", "E04042", "dueDate is missing a value.")
        if values["dueDate"] < values["date"]:
            raise complain("dueDate", "E04760", "dueDate is earlier than date.", values["dueDate"])
        return str(values["dueDate"])
    if terms["paymentTermsType"] == "invoiceMonth":
        day = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return (day + timedelta(days=terms.get("daysOfCredit") or 0)).isoformat()


def line_of(books: Books, line: Json, place: int) -> Json:
    """A line with what the books compute. One without a product is text."""
    at = ("lines", place - 1)
    shown: Json = {"lineNumber": place, "sortKey": line.get("sortKey") or place}
    if line.get("description"):
        shown["description"] = line["description"]
    if "product" not in line:
        wrong = [name for name in ("quantity", "unitNetPrice") if line.get(name)]
        if wrong:
            raise invalid([Complaint((*at, wrong[0]), "E04500", "No identifiers present on product.")])
        return shown
    product = product_of(books, line, at)
    if "unit" in line:
        unit_number = number_in(line, "unit", "unitNumber")
        unit = books.tables["units"].get(unit_number)
        if unit is None:
            raise invalid([Complaint((*at, "unit"), "E07100", f"Unit '{unit_number}' not found.", unit_number)])
        shown["unit"] = unit
    return {**shown, "product": product, **amounts_of(line)}


def product_of(books: Books, line: Json, at: Place) -> Json:
    """The reference to the line's product. Raises Refusal for one that cannot be sold, or a line without amount."""
    number = number_in(line, "product", "productNumber")
    product = books.tables["products"].get(number)
    if product is None:
        raise invalid([Complaint((*at, "product"), "E07090", f"Product '{number}' not found.", number)])
    if product.get("barred"):
        raise invalid([Complaint((*at, "product"), "EMU006", f"Product '{number}' is barred.", number)])
    for name, code in (("quantity", "E04730"), ("description", "E04731")):
        if line.get(name) is None:
            message = f"property {name} must have a value when product is set"
            raise invalid([Complaint((*at, name), code, message)])
    return reference("productNumber", number, "products")


def amounts_of(line: Json) -> Json:
    price, discount = Decimal(line.get("unitNetPrice") or 0), Decimal(line.get("discountPercentage") or 0)
    quantity = Decimal(line["quantity"])
    net = cents(quantity * price * (1 - discount / 100))
    return {
        "quantity": cents(quantity),
        "unitNetPrice": cents(price),
        "discountPercentage": cents(discount),
        "unitCostPrice": cents(Decimal(line.get("unitCostPrice") or 0)),
        "totalNetAmount": net,
        "marginInBaseCurrency": net,
        "marginPercentage": Decimal("100.00"),
    }


def vat_of(books: Books, lines: Sequence[Json], zone: int) -> Decimal:
    """VAT per rate on the whole document, or line by line, as the agreement's switch says."""
    sums: dict[Decimal, Decimal] = defaultdict(Decimal)
    single = Decimal(0)
    for line in lines:
        if "product" not in line:
            continue
        product = books.tables["products"].get(line["product"]["productNumber"]) or {}
        group = (product.get("productGroup") or {}).get("productGroupNumber", 0)
        rate = books.vat_rate(group, zone)
        sums[rate] += line["totalNetAmount"]
        single += cents(line["totalNetAmount"] * rate / 100)
    if books.switches.vat_rounding == "line":
        return single
    return sum((cents(amount * rate / 100) for rate, amount in sums.items()), Decimal(0))


def assembled(books: Books, kind: str, number: int, handle: int, head: Json, lines: list[Json]) -> Json:
    net = sum((line.get("totalNetAmount", Decimal(0)) for line in lines), Decimal("0.00"))
    vat = vat_of(books, lines, head["recipient"]["vatZone"]["vatZoneNumber"])
    own = link(kind, number)
    record: Json = {
        NUMBERS[kind]: number,
        "soap": {HANDLES[kind]: {"id": handle}},
        "templates": {"self": f"{own}/templates"},
        "lines": lines,
        **head,
        "exchangeRate": Decimal("100.000000"),
        "netAmount": net,
        "netAmountInBaseCurrency": net,
        "grossAmount": net + vat,
        "grossAmountInBaseCurrency": net + vat,
        "marginInBaseCurrency": net,
        "marginPercentage": Decimal("100.00"),
        "vatAmount": vat,
        "roundingAmount": Decimal("0.00"),
        "costPriceInBaseCurrency": Decimal("0.00"),
        "attachment": f"{own}/attachment",
        "pdf": {"download": f"{own}/pdf"},
        "lastUpdated": books.stamp(),
        "self": own,
    }
    if not books.service.handles:
        del record["soap"]
    if kind == "invoices/drafts":
        record["templates"]["bookingInstructions"] = f"{own}/templates/booking-instructions"
    return record


# --- from one stage to the next --------------------------------------------------------


def send_order(books: Books, order: Json) -> Json:
    """The order as it is registered as sent: nobody changes it any more."""
    return moved(books, order, "orders/drafts", "orders/sent")


def reopen_order(books: Books, order: Json) -> Json:
    return moved(books, order, "orders/sent", "orders/drafts")


def moved(books: Books, order: Json, source: str, target: str) -> Json:
    books.tables[source].remove(order["orderNumber"])
    shown = {**order, "lastUpdated": books.stamp(), "self": link(target, order["orderNumber"])}
    books.tables[target].put(shown)
    deed = books.deeds.pop((source, order["orderNumber"]), None)
    if deed is not None:
        books.deeds[target, order["orderNumber"]] = deed
    return shown


def upgrade_order(books: Books, order: Json) -> Json:
    """The invoice draft made of an order. A sent order is archived, a draft is gone."""
    number = order["orderNumber"]
    source = "orders/sent" if number in books.tables["orders/sent"] else "orders/drafts"
    if source == "orders/sent":
        moved(books, order, source, "orders/archived")
    else:
        books.tables[source].remove(number)
    layout = order.get("layout") or reference("layoutNumber", books.tables["layouts"].keys[0], "layouts")
    draft = write_sale(books, "invoices/drafts", {**order, "layout": layout})
    if source == "orders/drafts":
        books.removed(source, number, became=str(draft["draftInvoiceNumber"]))
    return draft


def book_draft(books: Books, draft: Json, *, with_number: int | None = None) -> Json:
    """The booked invoice; the draft is gone, and the invoice does not say which one it was."""
    lines = [line for line in draft["lines"] if "product" in line]
    if not lines:
        raise Refusal(400, "E09020", "An invoice without a product number cannot be booked.")
    for line in lines:
        product = books.tables["products"].get(line["product"]["productNumber"]) or {}
        if product.get("barred"):
            raise Refusal(400, "EMU006", f"Product '{product['productNumber']}' is barred.")
    number = with_number or books.next_number("invoices/booked", start=10001)
    if number in books.tables["invoices/booked"]:
        raise Refusal(400, "E06010", "The entity cannot be created because the key already exists.")
    own = link("invoices/booked", number)
    gone = {
        "draftInvoiceNumber",
        "soap",
        "templates",
        "attachment",
        "lastUpdated",
        "marginInBaseCurrency",
        "marginPercentage",
        "costPriceInBaseCurrency",
        "self",
    }
    record = {
        "bookedInvoiceNumber": number,
        **{name: value for name, value in draft.items() if name not in gone},
        "remainder": draft["grossAmount"],
        "remainderInBaseCurrency": draft["grossAmountInBaseCurrency"],
        "pdf": {"download": f"{own}/pdf"},
        "sent": f"{own}/sent",
        "self": own,
    }
    books.tables["invoices/booked"].put(record)
    books.tables["invoices/drafts"].remove(draft["draftInvoiceNumber"])
    books.removed("invoices/drafts", draft["draftInvoiceNumber"], became=str(number))
    return record
