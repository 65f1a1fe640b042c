"""Customers, contacts and products as request bodies, with just the members that we have something to say about.

An empty value is left out: the legacy host refuses a null.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec

from accounting.cleaning import rounded
from accounting.errors import Refused
from accounting.providers.economic.countries import EU, name_of
from accounting.providers.economic.remote_ids import (
    CUSTOMER_GROUP,
    GROUP,
    LAYOUT,
    TERMS,
    UNIT,
    ZONE,
    is_number,
    number_of,
)
from accounting.types import Address, ArticleDocument, Contact, CustomerDocument, gettext_noop

Json = dict[str, Any]
LARGEST_CUSTOMER_NUMBER = 999_999_999


# --- customers -------------------------------------------------------------------

CUSTOMER_MEMBERS: Mapping[str, tuple[str, ...]] = {
    "name": ("name",),
    "organisation_number": ("corporateIdentificationNumber",),
    "vat_number": ("corporateIdentificationNumber",),
    "email": ("email",),
    "phone": ("telephoneAndFaxNumber",),
    "mobile": ("mobilePhone",),
    "website": ("website",),
    "address": ("address", "zip", "city", "country"),
    "currency": ("currency",),
    "terms_remote_id": ("paymentTerms",),
    # These have no place on a customer here: people and places are records of their own.
    "number": (),
    "is_company": (),
    "delivery_name": (),
    "delivery_address": (),
    "contact": (),
    "discount_percent": (),
    "reference": (),
}
# What a replacement must repeat so as not to lose it.
CUSTOMER_KEPT = frozenset(
    {
        "barred", "address", "corporateIdentificationNumber", "pNumber", "city", "country", "creditLimit", "currency",
        "customerGroup", "customerNumber", "ean", "email", "vatZone", "layout", "name", "paymentTerms", "zip",
        "publicEntryNumber", "telephoneAndFaxNumber", "mobilePhone", "eInvoicingDisabledByDefault", "vatNumber",
        "website", "salesPerson", "priceGroup", "defaultDeliveryLocation", "attention", "customerContact",
    }
)  # fmt: skip


def customer_body(document: CustomerDocument, *, home: str, currency: str) -> Json:
    """A new customer. `home` is the country of the books; it decides the VAT zone. `currency` is never empty.

    One member holds the organisation number of whatever country; the one for VAT numbers exists in few of them.
    """
    answers, address = document.answers, document.address
    terms = document.terms_remote_id or answers.get("terms_of_payment", "")
    layout = answers.get("layout", "")
    of_persons = not document.is_company and bool(answers.get("customer_group_person"))
    group = "customer_group_person" if of_persons else "customer_group"
    return filled(
        customerNumber=int(document.number) if is_customer_number(document.number) else None,
        name=document.name,
        currency=currency,
        customerGroup={"customerGroupNumber": chosen(answers, group, CUSTOMER_GROUP)},
        vatZone={"vatZoneNumber": chosen(answers, zone_question(address.country, home), ZONE)},
        paymentTerms={"paymentTermsNumber": number_of(terms, TERMS)},
        layout={"layoutNumber": number_of(layout, LAYOUT)} if layout else None,
        corporateIdentificationNumber=document.organisation_number or document.vat_number,
        email=document.email,
        telephoneAndFaxNumber=document.phone,
        mobilePhone=document.mobile,
        website=document.website,
        **address_members(address, home=home),
    )


def is_customer_number(number: str) -> bool:
    return is_number(number) and int(number) <= LARGEST_CUSTOMER_NUMBER and not number.startswith("0")


def zone_question(country: str, home: str) -> str:
    """Which question tells the VAT zone of a customer from there."""
    if country.upper() in ("", home):
        return "vat_zone_domestic"
    return "vat_zone_eu" if country.upper() in EU else "vat_zone_abroad"


def chosen(answers: Mapping[str, str], question: str, prefix: str) -> int:
    """Raises Refused for what nobody has answered."""
    if not answers.get(question):
        raise Refused(gettext_noop("Something is not decided yet: see the settings of the connection."), field=question)
    return number_of(answers[question], prefix)


def address_members(address: Address, *, home: str) -> Json:
    return {
        "address": "\n".join(each for each in (address.street, address.street2) if each),
        "zip": address.postcode,
        "city": address.city,
        "country": name_of(address.country, home=home) if address.country else "",
    }


def filled(**members: Any) -> Json:
    return {name: value for name, value in members.items() if value not in (None, "", {}, [])}


# --- products --------------------------------------------------------------------

PRODUCT_MEMBERS: Mapping[str, tuple[str, ...]] = {
    "name": ("name",),
    "text": ("description",),
    "unit_remote_id": ("unit",),
    "coding_remote_id": ("productGroup",),
    "price": ("salesPrice",),
    "ean": ("barCode",),
    "number": (),
    "is_service": (),
    "vat_percent": (),
    "reference": (),
}
PRODUCT_KEPT = frozenset(
    {
        "productNumber", "description", "name", "costPrice", "recommendedPrice", "salesPrice", "barCode", "barred",
        "productGroup", "unit", "inventory", "departmentalDistribution",
    }
)  # fmt: skip


def coding_of(document: ArticleDocument) -> str:
    question = "coding_service" if document.is_service else "coding_goods"
    return document.coding_remote_id or document.answers.get(question, "")


def unit_of(document: ArticleDocument) -> str:
    question = "unit_service" if document.is_service else "unit_goods"
    return document.unit_remote_id or document.answers.get(question, "")


def product_body(document: ArticleDocument) -> Json:
    unit = unit_of(document)
    return filled(
        productNumber=document.number,
        name=document.name,
        description=document.text,
        productGroup={"productGroupNumber": number_of(coding_of(document), GROUP)},
        salesPrice=rounded(document.price, 2),
        barCode=document.ean,
        unit={"unitNumber": number_of(unit, UNIT)} if unit else None,
    )


# --- contacts --------------------------------------------------------------------


def kept_of(contact: Contact) -> Contact:
    """One telephone number fits; the direct one goes before the mobile."""
    return replace(contact, phone=contact.phone or contact.mobile, mobile="")


def contact_body(contact: Contact, customer: str) -> Json:
    kept = kept_of(contact)
    return filled(customerNumber=customer_number(customer), name=kept.name, email=kept.email, phone=kept.phone)


def customer_number(remote_id: str) -> int:
    """Raises Refused for an id of other books."""
    if not is_customer_number(remote_id):
        raise Refused(gettext_noop("This customer does not belong to these books."), field="customer")
    return int(remote_id)


# --- changes -----------------------------------------------------------------------


def replacement(
    current: Json, kept: frozenset[str], new: Json, members: Mapping[str, tuple[str, ...]], fields: frozenset[str]
) -> Json:
    """The object as it is, with the members behind `fields` as in `new`; what is empty there is left out.

    Raises KeyError for a field that has no place in the API: a bug of ours.
    """
    body = {name: bare(value) for name, value in current.items() if name in kept}
    for member in {member for field in fields for member in members[field]}:
        body.pop(member, None)
        if member in new:
            body[member] = new[member]
    return body


def bare(value: Any) -> Any:
    """A reference as its number alone: what else it shows is the other record's, and may not be repeated."""
    if not isinstance(value, dict):
        return value
    numbers = {name: each for name, each in value.items() if name.endswith("Number") and not isinstance(each, dict)}
    if numbers:
        return numbers
    return {name: bare(each) for name, each in value.items() if name != "self" or len(value) == 1}


def plain(struct: msgspec.Struct) -> Json:
    values: Json = msgspec.to_builtins(struct, builtin_types=(Decimal,))
    return values
