"""The rules for customers, contacts and products: what a client may store, and how it then looks."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256
from typing import Any

from accounting.providers.economic.sandbox.books import Books
from accounting.providers.economic.sandbox.errors import Complaint, Refusal, complain, invalid
from accounting.providers.economic.sandbox.fields import ENCODER, Json
from accounting.providers.economic.sandbox.wire import link, reference

ZERO = Decimal("0.00")
LONGEST_CONTACT = {"name": 255, "email": 255, "phone": 50, "notes": 2000, "eInvoiceId": 50}


def number_in(values: Json, name: str, member: str) -> Any:
    """The number of a reference: given as such, or as the end of its `self`."""
    said = values.get(name) or {}
    if member not in said and isinstance(said.get("self"), str):
        end = said["self"].rstrip("/").rpartition("/")[2]
        return int(end) if end.isdigit() else end
    return said.get(member)


def referred(books: Books, values: Json, name: str, member: str, table: str) -> int | None:
    """The number that a body refers to, which must exist. None when it refers to nothing."""
    if name not in values:
        return None
    number: int | None = number_in(values, name, member)
    books.existing(table, number, member=name)
    return number


# --- customers -------------------------------------------------------------------

CUSTOMER_REFERENCES = (
    ("customerGroup", "customerGroupNumber", "customer-groups"),
    ("paymentTerms", "paymentTermsNumber", "payment-terms"),
    ("vatZone", "vatZoneNumber", "vat-zones"),
    ("layout", "layoutNumber", "layouts"),
    ("salesPerson", "employeeNumber", "employees"),
)


def write_customer(books: Books, values: Json, *, number: int | None = None) -> Json:
    """The customer as it is stored; a new one unless `number` is that of one that is there."""
    table = books.tables["customers"]
    before = table.get(number)
    if before is None:
        number = number or values.get("customerNumber") or books.next_number("customers", start=1)
        if number in table:
            raise complain("customerNumber", "E06010", "The entity cannot be created because the key already exists.")
    assert number is not None
    values = {**values, "customerNumber": number}
    books.existing("currencies", values["currency"], member="currency")
    for name, member, other in CUSTOMER_REFERENCES:
        found = referred(books, values, name, member, other)
        if found is not None:
            values[name] = reference(member, found, other)
    record = customer_as_shown(values, balance=(before or {}).get("balance", ZERO), stamp=books.stamp())
    table.put(record)
    return record


def customer_as_shown(values: Json, *, balance: Any, stamp: str) -> Json:
    number = values["customerNumber"]
    own = link("customers", number)
    shown = {name: value for name, value in values.items() if value not in ("", None) and name != "self"}
    if not shown.get("barred"):
        shown.pop("barred", None)
    return {
        **shown,
        "balance": balance,
        "dueAmount": ZERO,
        "eInvoicingDisabledByDefault": bool(values.get("eInvoicingDisabledByDefault")),
        "lastUpdated": stamp,
        "contacts": f"{own}/contacts",
        "templates": {
            "invoice": f"{own}/templates/invoice",
            "invoiceLine": f"{own}/templates/invoiceline",
            "self": f"{own}/templates",
        },
        "totals": {
            "drafts": link("invoices/totals/drafts/customers", number),
            "booked": link("invoices/totals/booked/customers", number),
            "self": f"{own}/totals",
        },
        "deliveryLocations": f"{own}/delivery-locations",
        "invoices": {"drafts": f"{own}/invoices/drafts", "booked": f"{own}/invoices/booked", "self": f"{own}/invoices"},
        "self": own,
    }


def delete_customer(books: Books, number: int) -> None:
    """Raises Refusal for one that documents refer to."""
    documents = ("orders/drafts", "orders/sent", "orders/archived", "invoices/drafts", "invoices/booked")
    if any(each["customer"]["customerNumber"] == number for name in documents for each in books.tables[name].all()):
        raise Refusal(400, "EMU001", "Customer is used and cannot be deleted.")
    books.tables["customers"].remove(number)


# --- products --------------------------------------------------------------------


def write_product(books: Books, values: Json, *, number: str | None = None) -> Json:
    table = books.tables["products"]
    if number is None and values["productNumber"] in table:
        raise complain("productNumber", "E06010", "The entity cannot be created because the key already exists.")
    group = books.existing(
        "product-groups", number_in(values, "productGroup", "productGroupNumber"), member="productGroup"
    )
    unit = None
    if "unit" in values:
        unit = books.existing("units", number_in(values, "unit", "unitNumber"), member="unit")
    before = table.get(number or values["productNumber"]) or {}
    record = product_as_shown(
        {**values, "productNumber": number or values["productNumber"]},
        group=group,
        unit=unit,
        stamp=books.stamp(),
        stock=before.get("inventory") if books.switches.inventory else None,
    )
    table.put(record)
    return record


def product_as_shown(values: Json, *, group: Json, unit: Json | None, stamp: str, stock: Json | None) -> Json:
    own = link("products", values["productNumber"])
    kept = ("productNumber", "description", "name", "barCode")
    shown: Json = {name: values[name] for name in kept if values.get(name)}
    for name in ("costPrice", "recommendedPrice", "salesPrice"):
        shown[name] = Decimal(values.get(name) or 0).quantize(Decimal("0.01"))
    shown |= {"barred": bool(values.get("barred")), "lastUpdated": stamp}
    shown["productGroup"] = {name: value for name, value in group.items() if name != "accrual"}
    if unit:
        shown["unit"] = unit
    if stock:
        shown["inventory"] = stock
    shown["invoices"] = {
        "drafts": f"{own}/invoices/drafts",
        "booked": f"{own}/invoices/booked",
        "self": f"{own}/invoices",
    }
    return {
        **shown,
        "pricing": {"currencySpecificSalesPrices": f"{own}/pricing/currency-specific-sales-prices"},
        "self": own,
    }


def delete_product(books: Books, number: str) -> None:
    documents = ("orders/drafts", "orders/sent", "invoices/drafts", "invoices/booked")
    for name in documents:
        for each in books.tables[name].all():
            if any((line.get("product") or {}).get("productNumber") == number for line in each["lines"]):
                raise Refusal(400, "EMU002", "Product is in use and cannot be deleted.")
    books.tables["products"].remove(number)


# --- contacts, as the services see them ----------------------------------------------


def write_contact(books: Books, values: Json, *, before: Json | None = None) -> Json:
    """The contact as it is stored. Raises Refusal: names are unique at a customer."""
    complaints = [
        Complaint((name,), "MaximumLengthExceeded", f"The field {name} must have at most {limit} characters.")
        for name, limit in LONGEST_CONTACT.items()
        if len(values.get(name) or "") > limit
    ]
    if not (values.get("name") or "").strip():
        complaints.append(Complaint(("name",), "RequiredValueMissing", "The Name field is required."))
    customer = values.get("customerNumber")
    if books.tables["customers"].get(customer) is None:
        complaints.append(Complaint(("customerNumber",), "CustomerNotFound", "The customer does not exist."))
    if complaints:
        raise invalid(complaints)
    siblings = [each for each in books.tables["contacts"].all() if each["customerNumber"] == customer]
    number = before["number"] if before else books.count("contact")
    same = [each for each in siblings if each["name"].casefold() == values["name"].casefold()]
    if any(each["number"] != number and not each["isDeleted"] for each in same):
        raise complain("name", "CustomerContactNameAlreadyExists", "A contact with this name already exists.")
    record = versioned(
        {
            "number": number,
            "customerNumber": customer,
            "userInterfaceNumber": before["userInterfaceNumber"] if before else len(siblings) + 1,
            "name": values["name"],
            "email": values.get("email"),
            "phone": values.get("phone"),
            "notes": values.get("notes"),
            "eInvoiceId": values.get("eInvoiceId"),
            "lastUpdated": books.stamp(),
            **{name: bool(values.get(name)) for name in RECEIVES},
            "isDeleted": False,
            "active": True,
        }
    )
    books.tables["contacts"].put(record)
    return record


RECEIVES = (
    "receiveQuotes",
    "receiveOrders",
    "receiveInvoices",
    "receiveEInvoices",
    "receiveStatementOfAccounts",
    "receiveReminders",
)


def versioned(record: Json) -> Json:
    """The record of a service with an `objectVersion` that changes with its content."""
    plain = {name: value for name, value in record.items() if name != "objectVersion"}
    return {**plain, "objectVersion": sha256(ENCODER.encode(plain)).hexdigest()[:24]}
