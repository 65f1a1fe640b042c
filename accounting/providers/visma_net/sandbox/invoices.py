"""Customer invoices: created on hold or complete, released in the background, made of orders."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from accounting.providers.visma_net.sandbox.amounts import amounts_of, line_amount, zone_of
from accounting.providers.visma_net.sandbox.books import Books
from accounting.providers.visma_net.sandbox.customers import existing
from accounting.providers.visma_net.sandbox.errors import Refusal
from accounting.providers.visma_net.sandbox.moments import erp_stamp
from accounting.providers.visma_net.sandbox.values import Json, number, text

UNRELEASED = frozenset({"Hold", "Balanced", "Scheduled", "PendingPrint", "PendingEmail", "CreditHold"})
MEMBERS = {
    "customerrefnumber": "customerRefNumber",
    "externalreference": "externalReference",
    "paymentreference": "paymentReference",
    "invoicetext": "invoiceText",
    "note": "note",
    "accountingcostref": "accountingCostRef",
}


def create_invoice(books: Books, values: Json, *, at: float | None = None) -> Json:
    """The new invoice as it is stored. Raises Refusal."""
    customer = existing(books, "customer", text(values, "customerNumber"), "Customer")
    if customer["status"] in ("OnHold", "Inactive"):
        raise Refusal(f"The customer status is '{customer['status']}'.")
    made = books.now() if at is None else at
    today = erp_stamp(made)[:10]
    record: Json = {
        "documentType": "Invoice",
        "referenceNumber": f"{books.take_number('invoice')}",
        "customer": {"number": customer["number"], "name": customer["name"]},
        "status": "Balanced",
        "hold": False,
        "documentDate": f"{today}T00:00:00",
        "currencyId": customer["currencyId"],
        "createdDateTime": erp_stamp(made),
        "location": {"countryId": "NO", "id": "Main", "name": "Primær lokasjon"},
        "branchNumber": {"number": "1", "name": books.name},
        "exchangeRate": Decimal(1),
        "invoiceLines": [],
        **({"creditTerms": customer["creditTerms"]} if customer.get("creditTerms") else {}),
    }
    return books.put("customerinvoice", applied(books, record, values, customer), at=at)


def change_invoice(books: Books, record: Json, values: Json) -> Json:
    """The invoice as it is stored after a change. Raises Refusal when it is released."""
    if record["status"] not in UNRELEASED:
        raise Refusal("The document is released and cannot be changed.")
    key = text(values, "customerNumber") or record["customer"]["number"]
    customer = existing(books, "customer", key, "Customer")
    record = {**record, "customer": {"number": customer["number"], "name": customer["name"]}}
    return books.put("customerinvoice", applied(books, record, values, customer))


def applied(books: Books, record: Json, values: Json, customer: Json) -> Json:
    changed = {**record, **{ours: text(values, name) for name, ours in MEMBERS.items() if name in values}}
    if "documentdate" in values:
        changed["documentDate"] = f"{day_of(text(values, 'documentDate'))}T00:00:00"
    if books.closed(changed["documentDate"]):
        raise Refusal(f"Financial period of {changed['documentDate'][:10]} is closed in the customer ledger.")
    if values.get("credittermsid"):
        terms = existing(books, "creditTerm", text(values, "creditTermsId"), "CreditTerms")
        changed["creditTerms"] = {"id": terms["termsId"], "description": terms["description"]}
    if not changed.get("creditTerms"):
        raise Refusal("'Terms' cannot be empty.")
    changed["documentDueDate"] = due_date(changed)
    changed = with_choices(books, changed, values)
    changed["invoiceLines"] = lines_of(books, changed["invoiceLines"], values.get("invoicelines") or [])
    return {**changed, **sums_of(books, changed, customer)}


def with_choices(books: Books, record: Json, values: Json) -> Json:
    """The invoice with what the request chose from the company's lists, and on hold or not. Raises Refusal."""
    changed = dict(record)
    if values.get("currencyid") and values["currencyid"] != changed["currencyId"]:
        if not books.switches.currency_override:
            raise Refusal("The currency of the customer cannot be overridden.")
        changed["currencyId"] = existing(books, "currency", text(values, "currencyId"), "Currency")["id"]
    if values.get("branchnumber"):
        branch = existing(books, "branch", text(values, "branchNumber"), "Branch")
        changed["branchNumber"] = {"number": branch["number"], "name": branch["name"]}
    if values.get("paymentmethodid"):
        method = existing(books, "paymentmethod", text(values, "paymentMethodId"), "PaymentMethod")
        changed["paymentMethodId"] = method["paymentMethodID"]
    if values.get("project"):
        project = existing(books, "project", text(values, "project"), "Project")
        changed["project"] = {
            "internalId": project["internalID"],
            "id": project["projectID"],
            "description": project["description"],
        }
    if "hold" in values:
        changed["hold"] = bool(values["hold"])
        changed["status"] = "Hold" if changed["hold"] else "Balanced"
    return changed


def day_of(value: str) -> str:
    try:
        return date.fromisoformat(value[:10]).isoformat()
    except ValueError:
        raise Refusal(f"'{value}' is not a date.") from None


def due_date(record: Json) -> str:
    days = record["creditTerms"]["id"]
    start = date.fromisoformat(record["documentDate"][:10])
    return f"{start + timedelta(days=int(days) if days.isdigit() else 14)}T00:00:00"


def lines_of(books: Books, before: list[Json], said: list[Json]) -> list[Json]:
    """The lines after the operations asked for; a line without an operation is left out. Raises Refusal."""
    lines = {line["lineNumber"]: line for line in before}
    for each in said:
        operation, place = each.get("operation"), int(each.get("linenumber") or 0)
        if operation == "Insert":
            place = max(lines, default=0) + 1
            lines[place] = line_of(books, {"lineNumber": place}, each)
        elif operation == "Update" and place in lines:
            lines[place] = line_of(books, lines[place], each)
        elif operation == "Delete" and lines.pop(place, None) is None:
            raise Refusal(f"Line {place} cannot be found in the system.")
    return list(lines.values())


def line_of(books: Books, before: Json, said: Json) -> Json:
    line: Json = {"lineType": "Normal", "unitPriceInCurrency": Decimal(0), "quantity": Decimal(0), **before}
    if text(said, "inventoryNumber"):
        item = existing(books, "inventory", text(said, "inventoryNumber"), "InventoryItem")
        line |= {
            "inventoryNumber": item["inventoryNumber"],
            "description": item["description"],
            "uom": item["salesUnit"],
            "vatCode": item["vatCode"],
            "unitPriceInCurrency": Decimal(item["defaultPrice"]),
        }
    if "description" in said:
        line["description"] = text(said, "description")
    if not line.get("inventoryNumber") and not line.get("description"):
        raise Refusal("'Inventory ID' or 'Description' is needed on a line.")
    if said.get("uom"):
        line["uom"] = existing(books, "unitofmeasure", text(said, "uom"), "Unit")["fromUnit"]
    if said.get("vatcodeid"):
        category = existing(books, "vatCategory", text(said, "vatCodeId"), "TaxCategory")
        line["vatCode"] = {"id": category["vatCategoryId"], "description": category["description"]}
    line["quantity"] = number(said, "quantity", Decimal(line["quantity"]))
    line["unitPriceInCurrency"] = number(said, "unitPriceInCurrency", Decimal(line["unitPriceInCurrency"]))
    line["discountPercent"] = number(said, "discountPercent", Decimal(line.get("discountPercent", 0)))
    amount, discount = line_amount(line["quantity"], line["unitPriceInCurrency"], line["discountPercent"])
    line |= {"amountInCurrency": amount, "amount": amount, "discountAmountInCurrency": discount}
    return line | {"unitPrice": line["unitPriceInCurrency"]}


def sums_of(books: Books, record: Json, customer: Json) -> Json:
    """What the invoice comes to."""
    pairs = [
        (Decimal(line["amountInCurrency"]), (line.get("vatCode") or {}).get("id", ""))
        for line in record["invoiceLines"]
    ]
    amounts = amounts_of(books, pairs, zone_of(customer))
    taxable = sum((net for rate, net, _ in amounts.per_category.values() if rate), Decimal(0))
    members: dict[str, Any] = {
        "detailTotal": amounts.net,
        "vatTotal": amounts.vat,
        "vatTaxableTotal": taxable,
        "vatExemptTotal": amounts.net - taxable,
        "amount": amounts.total,
        "balance": amounts.total,
    }
    return {**members, **{f"{name}InCurrency": value for name, value in members.items()}, "roundingDiff": Decimal(0)}


def release(books: Books, key: str) -> None:
    """The invoice is booked. What cannot be released stays as it is."""
    record = books.tables["customerinvoice"].get(key)
    if record is not None and record["status"] in UNRELEASED and not record["hold"]:
        books.put("customerinvoice", {**record, "status": "Open", "origInvoiceDate": record["documentDate"]})
        remember(books, books.tables["customerinvoice"].get(key) or {})


def book(books: Books, record: Json) -> Json:
    """Somebody takes the invoice off hold and releases it at once."""
    released = books.put("customerinvoice", {**record, "hold": False, "status": "Balanced"})
    release(books, released["referenceNumber"])
    return books.tables["customerinvoice"].get(released["referenceNumber"]) or {}


def delete_invoice(books: Books, record: Json) -> None:
    """Raises Refusal when it is released."""
    if record["status"] not in UNRELEASED:
        raise Refusal("The document is released and cannot be deleted.")
    books.tables["customerinvoice"].remove(record["referenceNumber"])
    books.removed("customerinvoice", record["referenceNumber"])
    books.files_removed(record)


def remember(books: Books, record: Json, *, request: int | None = None) -> None:
    """Brings what we know of a client's invoice up to date, or notes a new one."""
    key = record["referenceNumber"]
    if request is None and ("customerinvoice", key) not in books.deeds:
        return
    books.created(
        "customerinvoice",
        key,
        references={name: record.get(name, "") for name in ("externalReference", "customerRefNumber")},
        texts=[line["description"] for line in record["invoiceLines"] if line.get("description")],
        totals={"amountInCurrency": record["amountInCurrency"], "vatTotalInCurrency": record["vatTotalInCurrency"]},
        request=request,
    )
