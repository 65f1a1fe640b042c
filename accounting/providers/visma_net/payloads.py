"""Customers and items as the ERP's request bodies, every value in its wrapper.

What is not said stays as it is over there, so a new record says only what we know, and a change only what changed.
An emptied field is sent as an empty text: what a null would do is not documented.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from accounting.cleaning import rounded
from accounting.errors import Refused
from accounting.providers.visma_net.records import FOR_SERVICE
from accounting.types import Address, ArticleDocument, CustomerDocument, gettext_noop

Json = dict[str, Any]


def wrapped(value: object) -> Json:
    return {"value": value}


def merged(parts: list[Json]) -> Json:
    """One body out of several that say different members of the same objects."""
    found: Json = {}
    for part in parts:
        for name, value in part.items():
            both = isinstance(value, dict) and isinstance(found.get(name), dict)
            found[name] = merged([found[name], value]) if both else value
    return found


# --- customers -------------------------------------------------------------------


def customer_parts(document: CustomerDocument) -> Mapping[str, Json]:
    """By our field, its part of the body. A discount that a customer always gets has no place over there."""
    return {
        "name": {"name": wrapped(document.name)},
        "is_company": {},
        "organisation_number": {"corporateId": wrapped(document.organisation_number)},
        "vat_number": {"vatRegistrationId": wrapped(compact(document.vat_number))},
        "email": main_contact("email", document.email),
        "phone": main_contact("phone1", document.phone),
        "mobile": main_contact("phone2", document.mobile),
        "website": main_contact("web", document.website),
        "contact": main_contact("attention", document.contact.name),
        "address": {"mainAddress": wrapped(address_body(document.address))},
        "delivery_address": {"deliveryAddress": wrapped(address_body(document.delivery_address))},
        "delivery_name": {"deliveryContact": wrapped({"name": wrapped(document.delivery_name)})},
        "currency": {"currencyId": wrapped(document.currency)},
        "terms_remote_id": {"creditTermsId": wrapped(document.terms_remote_id)},
        "discount_percent": {},
    }


def main_contact(member: str, value: str) -> Json:
    return {"mainContact": wrapped({member: wrapped(value)})}


def address_body(address: Address) -> Json:
    """All lines of an address, so that none of another one stays between them; the country only where there is one."""
    body = {
        "addressLine1": wrapped(address.street),
        "addressLine2": wrapped(address.street2),
        "postalCode": wrapped(address.postcode),
        "city": wrapped(address.city),
    }
    return {**body, "countryId": wrapped(address.country)} if address.country else body


def compact(vat_number: str) -> str:
    """NO987654325MVA for "NO 987 654 325 MVA"."""
    return "".join(each for each in vat_number if each.isalnum()).upper()


def customer_body(document: CustomerDocument) -> Json:
    """A new customer. Without a number of ours our reference stands in its account reference, to be found again."""
    said = [field for field, value in values_of(document).items() if value]
    parts = customer_parts(document)
    return merged([numbered(document), *chosen_for(document), *(parts[field] for field in said)])


def values_of(document: CustomerDocument) -> Mapping[str, object]:
    """What there is to say of each field: an address without a single line is none."""
    return {
        **{field: getattr(document, field) for field in customer_parts(document)},
        "contact": document.contact.name,
        "address": document.address != Address(),
        "delivery_address": document.delivery_address != Address(),
        "is_company": False,
        "discount_percent": False,
    }


def numbered(document: CustomerDocument) -> Json:
    """Our number, against the books' own series where that is on; else our reference."""
    if document.number:
        return {"number": wrapped(document.number), "overrideNumberSeries": wrapped(True)}
    return {"accountReference": wrapped(document.reference)}


def chosen_for(document: CustomerDocument) -> list[Json]:
    """What the questions' answers give to a new customer, beneath what the customer itself says."""
    answers = document.answers
    klass = "" if document.is_company else answers.get("customer_class_person", "")
    klass = klass or answers.get("customer_class", "")
    terms = answers.get("terms_of_payment", "")
    zone = document.mapped.get("vat_zone_of_country", "") or answers.get("vat_zone", "")
    method = answers.get("payment_method", "")
    return [
        {"customerClassId": wrapped(klass), "overrideWithClassValues": True} if klass else {},
        {"creditTermsId": wrapped(terms)} if terms else {},
        {"vatZoneId": wrapped(zone)} if zone else {},
        {"defaultPaymentMethod": wrapped({"paymentMethodId": wrapped(method), "isDefault": wrapped(True)})}
        if method
        else {},
    ]


def customer_changes(document: CustomerDocument, fields: frozenset[str]) -> Json:
    """Just these fields. Raises Refused for the number, KeyError for a field that has no place: a bug of ours."""
    if "number" in fields:
        raise Refused(gettext_noop("The number can only be changed in the accounting system."), field="number")
    parts = customer_parts(document)
    return merged([parts[field] for field in sorted(fields)])


# --- items -----------------------------------------------------------------------


def article_parts(document: ArticleDocument) -> Mapping[str, Json]:
    category = category_of(document)
    unit = unit_of(document)
    return {
        "name": {"description": wrapped(document.name)},
        "text": {"body": wrapped(document.text)},
        "unit_remote_id": {name: wrapped(unit) for name in ("baseUnit", "salesUnit", "purchaseUnit")} if unit else {},
        "coding_remote_id": {"vatCode": wrapped(category)} if category else {},
        "price": {"defaultPrice": wrapped(price_of(document))},
        "vat_percent": {},
        "ean": {"crossReferences": [barcode(document.ean)]} if document.ean else {},
    }


def category_of(document: ArticleDocument) -> str:
    """The VAT category: what the owner mapped the rate to, else the only one of that rate, else the answer."""
    mapped = document.mapped.get("vat_category_of_rate", "")
    alone = document.coding_remote_id.removesuffix(FOR_SERVICE)
    return mapped or alone or document.answers.get("vat_category", "")


def price_of(document: ArticleDocument) -> Decimal:
    return rounded(document.price, 4)


def unit_of(document: ArticleDocument) -> str:
    return document.unit_remote_id or document.answers.get(f"unit_{kind_of(document)}", "")


def kind_of(document: ArticleDocument) -> str:
    return "service" if document.is_service else "goods"


def barcode(ean: str) -> Json:
    return {"operation": "Insert", "alternateType": wrapped("Barcode"), "alternateID": wrapped(ean)}


def article_body(document: ArticleDocument) -> Json:
    """A new item. Its class decides everything that is not said."""
    parts = article_parts(document)
    posting = document.answers.get(f"posting_class_{kind_of(document)}", "")
    head = {
        "inventoryNumber": wrapped(document.number),
        "itemClass": wrapped(document.answers.get(f"item_class_{kind_of(document)}", "")),
    }
    more = [{"postingClass": wrapped(posting)}] if posting else []
    said = ("name", "unit_remote_id", "coding_remote_id", "price", "ean", *(("text",) if document.text else ()))
    return merged([head, *more, *(parts[field] for field in said)])


def article_changes(document: ArticleDocument, fields: frozenset[str]) -> Json:
    """Just these fields. Raises Refused for the number, KeyError for a field that has no place: a bug of ours."""
    if "number" in fields:
        raise Refused(gettext_noop("The number can only be changed in the accounting system."), field="number")
    parts = article_parts(document)
    return merged([parts[field] for field in sorted(fields)])
