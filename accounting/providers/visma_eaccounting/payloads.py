"""Customers and articles as the API's request bodies, with just the members that we have something to say about."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from accounting.cleaning import rounded
from accounting.types import ArticleDocument, CustomerDocument


class Body(msgspec.Struct, kw_only=True, rename="pascal", omit_defaults=True):
    """A request body; what is None is not sent."""


# --- customers -------------------------------------------------------------------


class CustomerBody(Body, kw_only=True):
    name: str
    is_private_person: bool
    is_active: bool
    terms_of_payment_id: str
    invoice_postal_code: str
    invoice_city: str
    invoice_address1: str | None = None
    invoice_address2: str | None = None
    invoice_country_code: str | None = None
    customer_number: str | None = None
    corporate_identity_number: str | None = None
    vat_number: str | None = None
    email_address: str | None = None
    telephone: str | None = None
    mobile_phone: str | None = None
    www_address: str | None = None
    contact_person_name: str | None = None
    contact_person_email: str | None = None
    contact_person_phone: str | None = None
    contact_person_mobile: str | None = None
    delivery_customer_name: str | None = None
    delivery_address1: str | None = None
    delivery_address2: str | None = None
    delivery_postal_code: str | None = None
    delivery_city: str | None = None
    delivery_country_code: str | None = None
    currency_code: str | None = None
    discount_percentage: Decimal | None = None
    note: str | None = None


CUSTOMER_MEMBERS: Mapping[str, tuple[str, ...]] = {
    "number": ("CustomerNumber",),
    "name": ("Name",),
    "is_company": ("IsPrivatePerson",),
    "organisation_number": ("CorporateIdentityNumber",),
    "vat_number": ("VatNumber",),
    "email": ("EmailAddress",),
    "phone": ("Telephone",),
    "mobile": ("MobilePhone",),
    "website": ("WwwAddress",),
    "address": ("InvoiceAddress1", "InvoiceAddress2", "InvoicePostalCode", "InvoiceCity", "InvoiceCountryCode"),
    "delivery_name": ("DeliveryCustomerName",),
    "delivery_address": (
        "DeliveryAddress1",
        "DeliveryAddress2",
        "DeliveryPostalCode",
        "DeliveryCity",
        "DeliveryCountryCode",
    ),
    "contact": ("ContactPersonName", "ContactPersonEmail", "ContactPersonPhone", "ContactPersonMobile"),
    "currency": ("CurrencyCode",),
    "discount_percent": ("DiscountPercentage",),
    "terms_remote_id": ("TermsOfPaymentId",),
}


def customer_body(document: CustomerDocument) -> CustomerBody:
    """A new customer. Without a number of ours its note carries our reference, so that it can be found again."""
    delivery = document.delivery_address
    return CustomerBody(
        name=document.name,
        is_private_person=not document.is_company,
        is_active=True,
        terms_of_payment_id=document.terms_remote_id or document.answers.get("terms_of_payment", ""),
        invoice_address1=document.address.street or None,
        invoice_address2=document.address.street2 or None,
        invoice_postal_code=document.address.postcode,
        invoice_city=document.address.city,
        invoice_country_code=document.address.country or None,
        customer_number=document.number or None,
        corporate_identity_number=document.organisation_number or None,
        vat_number=compact(document.vat_number) or None,
        email_address=document.email or None,
        telephone=document.phone or None,
        mobile_phone=document.mobile or None,
        www_address=document.website or None,
        contact_person_name=document.contact.name or None,
        contact_person_email=document.contact.email or None,
        contact_person_phone=document.contact.phone or None,
        contact_person_mobile=document.contact.mobile or None,
        delivery_customer_name=document.delivery_name or None,
        delivery_address1=delivery.street or None,
        delivery_address2=delivery.street2 or None,
        delivery_postal_code=delivery.postcode or None,
        delivery_city=delivery.city or None,
        delivery_country_code=delivery.country or None,
        currency_code=document.currency or None,
        discount_percentage=fraction(document.discount_percent),
        note=None if document.number else printed(document.reference),
    )


def compact(vat_number: str) -> str:
    """SE556677889901 for "SE 556677-8899 01"."""
    return "".join(each for each in vat_number if each.isalnum()).upper()


def fraction(percent: Decimal) -> Decimal | None:
    """0.1000 for 10 %, nothing for none."""
    return rounded(percent / 100, 4) if percent else None


def printed(reference: str) -> str:
    """Our reference as people read it on paper."""
    return f"Ref. {reference}"


# --- articles --------------------------------------------------------------------


class BarcodeBody(Body, kw_only=True):
    barcode: str


class ArticleBody(Body, kw_only=True):
    is_active: bool
    number: str
    name: str
    coding_id: str
    unit_id: str
    net_price: Decimal
    gross_price: Decimal
    note: str | None = None
    barcodes: list[BarcodeBody] | None = None


ARTICLE_MEMBERS: Mapping[str, tuple[str, ...]] = {
    "number": ("Number",),
    "name": ("Name",),
    "text": ("Note",),
    "unit_remote_id": ("UnitId",),
    # Both prices must agree with the coding's VAT rate, so they change together.
    "coding_remote_id": ("CodingId", "NetPrice", "GrossPrice"),
    "price": ("NetPrice", "GrossPrice"),
    "ean": ("Barcodes",),
}


def coding_of(document: ArticleDocument) -> str:
    question = "coding_service" if document.is_service else "coding_goods"
    return document.coding_remote_id or document.answers.get(question, "")


def unit_of(document: ArticleDocument) -> str:
    question = "unit_service" if document.is_service else "unit_goods"
    return document.unit_remote_id or document.answers.get(question, "")


def article_body(document: ArticleDocument, coding_id: str, vat_percent: Decimal) -> ArticleBody:
    """A new article with that coding, whose VAT rate decides the gross price."""
    return ArticleBody(
        is_active=True,
        number=document.number,
        name=document.name,
        coding_id=coding_id,
        unit_id=unit_of(document),
        net_price=rounded(document.price, 4),
        gross_price=rounded(document.price * (1 + vat_percent / 100), 4),
        note=document.text or None,
        barcodes=[BarcodeBody(barcode=document.ean)] if document.ean else None,
    )


# --- changes -----------------------------------------------------------------------


def changed_members(body: Body, members: Mapping[str, tuple[str, ...]], fields: frozenset[str]) -> dict[str, Any]:
    """The members behind `fields` with their new values; what we say nothing about becomes null.

    Raises KeyError for a field that has no place in the API: a bug of ours.
    """
    values = msgspec.to_builtins(body, builtin_types=(Decimal,))
    wanted = {member for field in fields for member in members[field]}
    return {member: values.get(member) for member in body.__struct_encode_fields__ if member in wanted}
