"""What these books would refuse, known before anything is sent. All of it is pure: document and company, no network.

Source of the limits: the vendor's OpenAPI document (maxLength, minimum, maximum, required) and its error codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from stdnum.eu import vat as eu_vat
from stdnum.se import orgnr, personnummer

from accounting.providers.visma_eaccounting.payloads import coding_of, compact, unit_of
from accounting.providers.visma_eaccounting.sales_rules import SALES_RULES
from accounting.types import (
    ArticleDocument,
    Company,
    CustomerDocument,
    Document,
    Problem,
    Rule,
    gettext_noop,
)

LARGEST_PRICE = Decimal(99_000_000)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
VAT_NUMBER = re.compile(r"[A-Z]{2}[A-Z0-9]{8,12}")

MISSING = gettext_noop("“%(name)s” has no %(what)s, and the accounting system needs it.")
TOO_LONG = gettext_noop("%(what)s of “%(name)s” has %(length)s characters; the accounting system takes %(limit)s.")

# Field of ours: how it is called, and how long it may be.
CUSTOMER_LENGTHS: Mapping[str, tuple[str, int]] = {
    "name": (gettext_noop("The name"), 50),
    "number": (gettext_noop("The customer number"), 16),
    "organisation_number": (gettext_noop("The organisation number"), 20),
    "vat_number": (gettext_noop("The VAT number"), 20),
    "email": (gettext_noop("The e-mail address"), 255),
    "phone": (gettext_noop("The phone number"), 50),
    "mobile": (gettext_noop("The mobile number"), 50),
    "website": (gettext_noop("The website"), 255),
    "delivery_name": (gettext_noop("The delivery name"), 100),
}
ADDRESS_LENGTHS: Mapping[str, tuple[str, int]] = {
    "street": (gettext_noop("The street"), 50),
    "street2": (gettext_noop("The second line of the street"), 50),
    "postcode": (gettext_noop("The postcode"), 10),
    "city": (gettext_noop("The city"), 50),
    "country": (gettext_noop("The country"), 2),
}
CONTACT_LENGTHS: Mapping[str, tuple[str, int]] = {
    "name": (gettext_noop("The contact person's name"), 100),
    "email": (gettext_noop("The contact person's e-mail address"), 255),
    "phone": (gettext_noop("The contact person's phone number"), 50),
    "mobile": (gettext_noop("The contact person's mobile number"), 50),
}
ARTICLE_LENGTHS: Mapping[str, tuple[str, int]] = {
    "number": (gettext_noop("The article number"), 40),
    "name": (gettext_noop("The name"), 50),
    "text": (gettext_noop("The text"), 4000),
}


# --- customers -------------------------------------------------------------------


def customer_is_complete(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, CustomerDocument):
        return
    needed = {
        "name": (document.name, gettext_noop("name")),
        "postcode": (document.address.postcode, gettext_noop("postcode")),
        "city": (document.address.city, gettext_noop("city")),
    }
    for field, (value, what) in needed.items():
        if not value.strip():
            values = {"name": document.name, "what": what}
            yield Problem(code=f"{field}_missing", sentence=MISSING, where="customer", field=field, values=values)


def customer_fits(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, CustomerDocument):
        return
    yield from too_long(document, CUSTOMER_LENGTHS, document.name, "customer")
    yield from too_long(document.address, ADDRESS_LENGTHS, document.name, "customer")
    yield from too_long(document.delivery_address, ADDRESS_LENGTHS, document.name, "customer", prefix="delivery_")
    yield from too_long(document.contact, CONTACT_LENGTHS, document.name, "customer", prefix="contact_")


def too_long(
    of: object, lengths: Mapping[str, tuple[str, int]], name: str, where: str, *, prefix: str = ""
) -> Iterator[Problem]:
    """A problem per field that is longer than the books allow."""
    for field, (what, limit) in lengths.items():
        length = len(getattr(of, field))
        if length > limit:
            yield Problem(
                code=f"{prefix}{field}_too_long",
                sentence=TOO_LONG,
                where=where,
                field=f"{prefix}{field}",
                values={"what": what, "name": name, "length": str(length), "limit": str(limit)},
            )


def customer_terms_are_chosen(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, CustomerDocument):
        return
    if not document.terms_remote_id and not document.answers.get("terms_of_payment"):
        yield Problem(
            code="terms_unanswered",
            sentence=gettext_noop("Choose the terms of payment for new customers."),
            where="connection",
            field="terms_of_payment",
        )


def customer_numbers_are_valid(document: Document, company: Company) -> Iterator[Problem]:
    """Check digits: the books verify Swedish organisation and personal numbers, and every VAT number."""
    if not isinstance(document, CustomerDocument):
        return
    country = (document.address.country or company.country).upper()
    number = document.organisation_number
    checker = orgnr if document.is_company else personnummer
    # A sole trader is a company whose organisation number is a personal number.
    if number and country == "SE" and not (checker.is_valid(number) or personnummer.is_valid(number)):
        yield Problem(
            code="organisation_number_invalid",
            sentence=gettext_noop("“%(number)s” of “%(name)s” is not a Swedish organisation or personal number."),
            where="customer",
            field="organisation_number",
            values={"number": number, "name": document.name},
        )
    if document.vat_number and not is_vat_number(document.vat_number):
        yield Problem(
            code="vat_number_invalid",
            sentence=gettext_noop(
                "“%(number)s” of “%(name)s” is not a VAT number: two letters, then 8 to 12 characters."
            ),
            where="customer",
            field="vat_number",
            values={"number": document.vat_number, "name": document.name},
        )


def is_vat_number(number: str) -> bool:
    """Whether it has the form of one, and the right check digits if its country is in the EU."""
    plain = compact(number)
    if not VAT_NUMBER.fullmatch(plain):
        return False
    return not has_eu_country(plain) or bool(eu_vat.is_valid(plain))


def has_eu_country(vat_number: str) -> bool:
    country = {"EL": "GR"}.get(vat_number[:2], vat_number[:2])
    return country.lower() in eu_vat.MEMBER_STATES


def customer_addresses_are_possible(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, CustomerDocument):
        return
    for field, value in {"email": document.email, "contact_email": document.contact.email}.items():
        if value and not EMAIL.fullmatch(value):
            yield Problem(
                code=f"{field}_invalid",
                sentence=gettext_noop("“%(value)s” of “%(name)s” is not an e-mail address."),
                where="customer",
                field=field,
                values={"value": value, "name": document.name},
            )
    yield from customer_codes_are_possible(document)


def customer_codes_are_possible(document: CustomerDocument) -> Iterator[Problem]:
    codes = {
        "country": (document.address.country, 2),
        "delivery_country": (document.delivery_address.country, 2),
        "currency": (document.currency, 3),
    }
    for field, (value, length) in codes.items():
        if value and not (value.isascii() and value.isalpha() and len(value) == length):
            yield Problem(
                code=f"{field}_invalid",
                sentence=gettext_noop("“%(value)s” of “%(name)s” must be a code of %(length)s letters."),
                where="customer",
                field=field,
                values={"value": value, "name": document.name, "length": str(length)},
            )
    if not 0 <= document.discount_percent <= 100:
        yield Problem(
            code="discount_out_of_range",
            sentence=gettext_noop("The discount of “%(name)s” must be between 0 and 100 %%."),
            where="customer",
            field="discount_percent",
            values={"name": document.name},
        )


# --- articles --------------------------------------------------------------------


def article_is_complete(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, ArticleDocument):
        return
    name = document.name or document.number
    needed = {"number": (document.number, gettext_noop("number")), "name": (document.name, gettext_noop("name"))}
    for field, (value, what) in needed.items():
        if not value.strip():
            values = {"name": name, "what": what}
            yield Problem(
                code=f"article_{field}_missing", sentence=MISSING, where="article", field=field, values=values
            )
    yield from too_long(document, ARTICLE_LENGTHS, name, "article")


def article_price_is_possible(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, ArticleDocument):
        return
    if not 0 <= document.price * (1 + document.vat_percent / 100) <= LARGEST_PRICE:
        yield Problem(
            code="price_out_of_range",
            sentence=gettext_noop("The price of “%(name)s” must be between 0 and %(limit)s."),
            where="article",
            field="price",
            values={"name": document.name, "limit": str(LARGEST_PRICE)},
        )


def article_questions_are_answered(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, ArticleDocument):
        return
    kind = "service" if document.is_service else "goods"
    if not coding_of(document):
        yield Problem(
            code="coding_unanswered",
            sentence=gettext_noop("Choose the article coding for “%(name)s”, or one for all new articles of its kind."),
            where="connection",
            field=f"coding_{kind}",
            values={"name": document.name},
        )
    if not unit_of(document):
        yield Problem(
            code="unit_unanswered",
            sentence=gettext_noop("“%(name)s” has no unit that the accounting system knows. Choose one."),
            where="article",
            field="unit",
            values={"name": document.name},
        )


# --- everything ------------------------------------------------------------------


def company_is_active(document: Document, company: Company) -> Iterator[Problem]:
    if not company.active:
        yield Problem(
            code="company_inactive",
            sentence=gettext_noop("%(company)s cannot be written to: the company is inactive or read-only."),
            where="connection",
            values={"company": company.name},
        )


RULES: tuple[Rule, ...] = (
    company_is_active,
    customer_is_complete,
    customer_fits,
    customer_terms_are_chosen,
    customer_numbers_are_valid,
    customer_addresses_are_possible,
    article_is_complete,
    article_price_is_possible,
    article_questions_are_answered,
    *SALES_RULES,
)
