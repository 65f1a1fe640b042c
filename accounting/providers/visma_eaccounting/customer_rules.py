"""What these books would refuse about a new customer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from stdnum.eu import vat as eu_vat
from stdnum.se import orgnr, personnummer

from accounting.providers.visma_eaccounting.payloads import compact
from accounting.types import Company, CustomerDocument, Document, Problem, Rule, gettext_noop

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
VAT_NUMBER = re.compile(r"[A-Z]{2}[A-Z0-9]{8,12}")

# Field of ours: how long it may be, and what is said of a longer one.
Lengths = Mapping[str, tuple[int, str]]

LENGTHS: Lengths = {
    "name": (50, gettext_noop("The name “%(name)s” is longer than %(limit)s characters.")),
    "number": (16, gettext_noop("The customer number of “%(name)s” is longer than %(limit)s characters.")),
    "organisation_number": (20, gettext_noop("The organisation number of “%(name)s” is too long (%(limit)s at most).")),
    "vat_number": (20, gettext_noop("The VAT number of “%(name)s” is longer than %(limit)s characters.")),
    "email": (255, gettext_noop("The e-mail address of “%(name)s” is longer than %(limit)s characters.")),
    "phone": (50, gettext_noop("The phone number of “%(name)s” is longer than %(limit)s characters.")),
    "mobile": (50, gettext_noop("The mobile number of “%(name)s” is longer than %(limit)s characters.")),
    "website": (255, gettext_noop("The website of “%(name)s” is longer than %(limit)s characters.")),
    "delivery_name": (100, gettext_noop("The delivery name of “%(name)s” is longer than %(limit)s characters.")),
}
ADDRESS_LENGTHS: Lengths = {
    "street": (50, gettext_noop("The street of “%(name)s” is longer than %(limit)s characters.")),
    "street2": (50, gettext_noop("The second street line of “%(name)s” is longer than %(limit)s characters.")),
    "postcode": (10, gettext_noop("The postcode of “%(name)s” is longer than %(limit)s characters.")),
    "city": (50, gettext_noop("The city of “%(name)s” is longer than %(limit)s characters.")),
}
DELIVERY_LENGTHS: Lengths = {
    "street": (50, gettext_noop("The delivery street of “%(name)s” is longer than %(limit)s characters.")),
    "street2": (50, gettext_noop("The second delivery line of “%(name)s” is longer than %(limit)s characters.")),
    "postcode": (10, gettext_noop("The delivery postcode of “%(name)s” is longer than %(limit)s characters.")),
    "city": (50, gettext_noop("The delivery city of “%(name)s” is longer than %(limit)s characters.")),
}
CONTACT_LENGTHS: Lengths = {
    "name": (100, gettext_noop("The contact person's name at “%(name)s” is longer than %(limit)s characters.")),
    "email": (255, gettext_noop("The contact person's e-mail address at “%(name)s” is too long (%(limit)s at most).")),
    "phone": (50, gettext_noop("The contact person's phone number at “%(name)s” is too long (%(limit)s at most).")),
    "mobile": (50, gettext_noop("The contact person's mobile number at “%(name)s” is too long (%(limit)s at most).")),
}


def customer_is_complete(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, CustomerDocument):
        return
    needed = {
        "name": (document.name, gettext_noop("The customer has no name.")),
        "postcode": (document.address.postcode, gettext_noop("“%(name)s” has no postcode.")),
        "city": (document.address.city, gettext_noop("“%(name)s” has no city.")),
    }
    for field, (value, sentence) in needed.items():
        if not value.strip():
            yield problem(f"{field}_missing", sentence, document, field)


def customer_fits(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, CustomerDocument):
        return
    yield from too_long(document, document, LENGTHS)
    yield from too_long(document, document.address, ADDRESS_LENGTHS)
    yield from too_long(document, document.delivery_address, DELIVERY_LENGTHS, prefix="delivery_")
    yield from too_long(document, document.contact, CONTACT_LENGTHS, prefix="contact_")


def too_long(document: CustomerDocument, part: object, lengths: Lengths, *, prefix: str = "") -> Iterator[Problem]:
    for name, (limit, sentence) in lengths.items():
        if len(getattr(part, name)) > limit:
            yield problem(f"{prefix}{name}_too_long", sentence, document, prefix + name, limit=str(limit))


def terms_are_chosen(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, CustomerDocument):
        return
    if not document.terms_remote_id and not document.answers.get("terms_of_payment"):
        yield Problem(
            code="terms_unanswered",
            sentence=gettext_noop("Choose the terms of payment for new customers."),
            where="connection",
            field="terms_of_payment",
        )


def organisation_number_is_valid(document: Document, company: Company) -> Iterator[Problem]:
    """Swedish numbers have a check digit. A sole trader is a company with a personal number."""
    if not isinstance(document, CustomerDocument):
        return
    number = document.organisation_number
    swedish = (document.address.country or company.country).upper() == "SE"
    if number and swedish and not (orgnr.is_valid(number) or personnummer.is_valid(number)):
        sentence = gettext_noop("“%(number)s” of “%(name)s” is not a Swedish organisation number or personal number.")
        yield problem("organisation_number_invalid", sentence, document, "organisation_number", number=number)


def vat_number_is_valid(document: Document, company: Company) -> Iterator[Problem]:
    """The books ask the EU's register about every VAT number; what has the wrong form or check digit is not in it."""
    if not isinstance(document, CustomerDocument):
        return
    number = document.vat_number
    if number and not is_vat_number(number):
        sentence = gettext_noop("“%(number)s” of “%(name)s” is not a VAT number: two letters, then 8 to 12 characters.")
        yield problem("vat_number_invalid", sentence, document, "vat_number", number=number)
    if number and not (document.address.country or company.country):
        sentence = gettext_noop("“%(name)s” has a VAT number and therefore needs a country.")
        yield problem("country_missing", sentence, document, "country")


def is_vat_number(number: str) -> bool:
    """Whether it has the form of one and, for a country of the EU, the right check digits."""
    plain = compact(number)
    if not VAT_NUMBER.fullmatch(plain):
        return False
    country = {"el": "gr"}.get(plain[:2].lower(), plain[:2].lower())
    return country not in eu_vat.MEMBER_STATES or bool(eu_vat.is_valid(plain))


def addresses_are_possible(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, CustomerDocument):
        return
    sentence = gettext_noop("“%(value)s” of “%(name)s” is not an e-mail address.")
    for field, value in {"email": document.email, "contact_email": document.contact.email}.items():
        if value and not EMAIL.fullmatch(value):
            yield problem(f"{field}_invalid", sentence, document, field, value=value)


def codes_are_possible(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, CustomerDocument):
        return
    codes = {
        "country": (document.address.country, 2),
        "delivery_country": (document.delivery_address.country, 2),
        "currency": (document.currency, 3),
    }
    sentence = gettext_noop("“%(value)s” of “%(name)s” must be a code of %(length)s letters.")
    for field, (value, length) in codes.items():
        if value and not (value.isascii() and value.isalpha() and len(value) == length):
            yield problem(f"{field}_invalid", sentence, document, field, value=value, length=str(length))


def discount_is_possible(document: Document, company: Company) -> Iterator[Problem]:
    if isinstance(document, CustomerDocument) and not 0 <= document.discount_percent <= 100:
        sentence = gettext_noop("The discount of “%(name)s” must be between 0 and 100 %%.")
        yield problem("discount_out_of_range", sentence, document, "discount_percent")


def problem(code: str, sentence: str, document: CustomerDocument, field: str, **values: str) -> Problem:
    return Problem(
        code=code, sentence=sentence, where="customer", field=field, values={"name": document.name, **values}
    )


CUSTOMER_RULES: tuple[Rule, ...] = (
    customer_is_complete,
    customer_fits,
    terms_are_chosen,
    organisation_number_is_valid,
    vat_number_is_valid,
    addresses_are_possible,
    codes_are_possible,
    discount_is_possible,
)
