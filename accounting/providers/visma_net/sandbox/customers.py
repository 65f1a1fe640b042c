"""Customers: the rules that the ERP applies to a new or changed one."""

from __future__ import annotations

from collections.abc import Mapping

from accounting.providers.visma_net.sandbox.books import Books
from accounting.providers.visma_net.sandbox.errors import Refusal
from accounting.providers.visma_net.sandbox.moments import erp_stamp
from accounting.providers.visma_net.sandbox.values import Json, text

STATUSES = ("Active", "OnHold", "CreditHold", "Inactive", "OneTime")
COUNTRIES = {
    "NO": "Norge", "SE": "Sverige", "DK": "Danmark", "FI": "Finland", "DE": "Tyskland", "NL": "Nederland",
    "GB": "Storbritannia", "IS": "Island", "PL": "Polen", "EE": "Estland",
}  # fmt: skip
SIDES = ("main", "invoice", "delivery")


def create_customer(books: Books, values: Json, *, at: float | None = None) -> Json:
    """The new customer as it is stored. Raises Refusal."""
    if not text(values, "name"):
        raise Refusal("'Customer Name' cannot be empty.")
    number = new_number(books, values)
    made = books.now() if at is None else at
    record: Json = {
        "internalId": books.take_number("internal"),
        "number": number,
        "status": "Active",
        "currencyId": books.currency,
        "createdDateTime": erp_stamp(made),
        "location": {"countryId": "NO", "id": "Main", "name": "Primær lokasjon"},
        "creditVerification": "Disabled",
        "statementType": "OpenItem",
        "printInvoices": False,
        "acceptAutoInvoices": True,
        "sendInvoicesByEmail": True,
    }
    chosen = existing(books, "customerClass", text(values, "customerClassId") or "KUNDE", "CustomerClass")
    return books.put("customer", applied(books, with_class(books, record, chosen), values), at=at)


def new_number(books: Books, values: Json) -> str:
    """The customer's number: from the series, unless it may and does say its own. Raises Refusal."""
    wanted = text(values, "number").strip()
    automatic = books.switches.customer_numbers == "auto"
    if automatic and not (wanted and values.get("overridenumberseries")):
        return str(books.take_number("customer"))
    if not wanted:
        raise Refusal("'Customer ID' cannot be empty.")
    if wanted in books.tables["customer"]:
        raise Refusal(f"Another customer with the number '{wanted}' already exists.")
    return wanted


def with_class(books: Books, record: Json, chosen: Json) -> Json:
    """What the class gives to a customer that says nothing else."""
    terms = books.tables["creditTerm"].get(CLASS_TERMS.get(chosen["id"], ""))
    zone = books.tables["vatZone"].get(chosen.get("taxZoneId") or "")
    return {
        **record,
        "customerClass": {"id": chosen["id"], "description": chosen["description"]},
        **({"creditTerms": {"id": terms["termsId"], "description": terms["description"]}} if terms else {}),
        **({"vatZone": {"id": zone["id"], "description": zone["description"]}} if zone else {}),
        **({"defaultPaymentMethodId": chosen["paymentMethodId"]} if chosen.get("paymentMethodId") else {}),
    }


# The terms that a class gives; the description of a class does not show them.
CLASS_TERMS = {"KUNDE": "14", "PRIVAT": "10", "UTLAND": "30"}


def applied(books: Books, record: Json, values: Json) -> Json:
    """The record with what the request says; what it leaves out stays. Raises Refusal."""
    changed = {**record, **plain_members(values)}
    if changed["status"] not in STATUSES:
        raise Refusal(f"'{changed['status']}' is not a valid status.")
    if "customerclassid" in values and values["customerclassid"] != record["customerClass"]["id"]:
        changed = with_class(
            books, changed, existing(books, "customerClass", text(values, "customerClassId"), "CustomerClass")
        )
    if values.get("credittermsid"):
        terms = existing(books, "creditTerm", text(values, "creditTermsId"), "CreditTerms")
        changed["creditTerms"] = {"id": terms["termsId"], "description": terms["description"]}
    if values.get("vatzoneid"):
        zone = existing(books, "vatZone", text(values, "vatZoneId"), "VatZone")
        changed["vatZone"] = {"id": zone["id"], "description": zone["description"]}
    if isinstance(method := values.get("defaultpaymentmethod"), dict):
        found = existing(books, "paymentmethod", text(method, "paymentMethodId"), "PaymentMethod")
        changed["defaultPaymentMethodId"] = found["paymentMethodID"]
    if changed["currencyId"] not in books.tables["currency"]:
        raise Refusal(f"Currency '{changed['currencyId']}' cannot be found in the system.")
    klass = books.tables["customerClass"].get(changed["customerClass"]["id"]) or {}
    if klass.get("requiredTaxzoneId") and not changed.get("vatZone"):
        raise Refusal("'Customer VAT zone' cannot be empty: the customer class requires it.")
    return with_sides(books, changed, values)


MEMBERS = {
    "name": "name",
    "status": "status",
    "accountreference": "accountReference",
    "corporateid": "corporateId",
    "vatregistrationid": "vatRegistrationId",
    "currencyid": "currencyId",
    "gln": "gln",
}


def plain_members(values: Json) -> Json:
    return {ours: text(values, name) for name, ours in MEMBERS.items() if name in values}


def with_sides(books: Books, record: Json, values: Json) -> Json:
    """The three addresses and contacts: invoice and delivery follow the main one until they are given their own."""
    changed = dict(record)
    for side in SIDES:
        for part, build in (("Address", address), ("Contact", contact)):
            name = f"{side}{part}"
            before, said = record.get(name), values.get(name.lower())
            follows = side != "main" and (before is None or before == record.get(f"main{part}"))
            base = changed.get(f"main{part}") if follows else before
            changed[name] = build(base or {}, said if isinstance(said, dict) else {})
    return changed


def address(before: Json, said: Json) -> Json:
    country = text(said, "countryId", (before.get("country") or {}).get("id", "NO")) or "NO"
    if country not in COUNTRIES:
        raise Refusal(f"Country '{country}' cannot be found in the system.")
    return {
        "addressId": before.get("addressId", 0),
        **{name: text(said, name, before.get(name, "")) for name in ADDRESS},
        "country": {"id": country, "name": COUNTRIES[country]},
    }


def contact(before: Json, said: Json) -> Json:
    return {
        "contactId": before.get("contactId", 0),
        **{name: text(said, name, before.get(name, "")) for name in CONTACT},
    }


ADDRESS = ("addressLine1", "addressLine2", "addressLine3", "postalCode", "city")
CONTACT = ("name", "attention", "email", "web", "phone1", "phone2", "fax")


def existing(books: Books, table: str, key: str, noun: str) -> Json:
    """The record that a request refers to. Raises Refusal."""
    record = books.tables[table].get(key)
    if record is None:
        raise Refusal(f"{noun} '{key}' cannot be found in the system.")
    return record


def references_of(record: Json) -> Mapping[str, str]:
    return {"accountReference": record.get("accountReference", ""), "name": record.get("name", "")}
