"""What these books would refuse about a new customer, as far as it is documented."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from stdnum.no import orgnr

from accounting.types import Company, CustomerDocument, Document, Problem, Rule, gettext_noop

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

# Field of ours: how long it may be, and what is said of a longer one.
Lengths = Mapping[str, tuple[int, str]]

LENGTHS: Lengths = {
    "name": (255, gettext_noop("The name “%(name)s” is longer than %(limit)s characters.")),
    "number": (30, gettext_noop("The customer number of “%(name)s” is longer than %(limit)s characters.")),
    "email": (255, gettext_noop("The e-mail address of “%(name)s” is longer than %(limit)s characters.")),
    "phone": (50, gettext_noop("The phone number of “%(name)s” is longer than %(limit)s characters.")),
    "mobile": (50, gettext_noop("The mobile number of “%(name)s” is longer than %(limit)s characters.")),
}
ADDRESS_LENGTHS: Lengths = {
    "street": (50, gettext_noop("The street of “%(name)s” is longer than %(limit)s characters.")),
    "street2": (50, gettext_noop("The second street line of “%(name)s” is longer than %(limit)s characters.")),
    "postcode": (20, gettext_noop("The postcode of “%(name)s” is longer than %(limit)s characters.")),
    "city": (50, gettext_noop("The city of “%(name)s” is longer than %(limit)s characters.")),
}


def customer_has_name(document: Document, company: Company) -> Iterator[Problem]:
    if isinstance(document, CustomerDocument) and not document.name.strip():
        yield problem("name_missing", gettext_noop("The customer has no name."), document, "name")


def customer_fits(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, CustomerDocument):
        return
    yield from too_long(document, document, LENGTHS)
    yield from too_long(document, document.address, ADDRESS_LENGTHS)
    yield from too_long(document, document.delivery_address, ADDRESS_LENGTHS, prefix="delivery_")


def too_long(document: CustomerDocument, part: object, lengths: Lengths, *, prefix: str = "") -> Iterator[Problem]:
    for name, (limit, sentence) in lengths.items():
        if len(getattr(part, name)) > limit:
            yield problem(f"{prefix}{name}_too_long", sentence, document, prefix + name, limit=str(limit))


def class_is_chosen(document: Document, company: Company) -> Iterator[Problem]:
    if isinstance(document, CustomerDocument) and not document.answers.get("customer_class"):
        yield Problem(
            code="customer_class_unanswered",
            sentence=gettext_noop("Choose the customer class for new customers."),
            where="connection",
            field="customer_class",
        )


def organisation_number_is_valid(document: Document, company: Company) -> Iterator[Problem]:
    """Norwegian numbers have a check digit."""
    if not isinstance(document, CustomerDocument):
        return
    number = document.organisation_number
    norwegian = (document.address.country or company.country).upper() == "NO"
    if number and norwegian and document.is_company and not orgnr.is_valid(number):
        sentence = gettext_noop("“%(number)s” of “%(name)s” is not a Norwegian organisation number.")
        yield problem("organisation_number_invalid", sentence, document, "organisation_number", number=number)


def addresses_are_possible(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, CustomerDocument):
        return
    if document.email and not EMAIL.fullmatch(document.email):
        sentence = gettext_noop("“%(value)s” of “%(name)s” is not an e-mail address.")
        yield problem("email_invalid", sentence, document, "email", value=document.email)


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


def problem(code: str, sentence: str, document: CustomerDocument, field: str, **values: str) -> Problem:
    return Problem(
        code=code, sentence=sentence, where="customer", field=field, values={"name": document.name, **values}
    )


CUSTOMER_RULES: tuple[Rule, ...] = (
    customer_has_name,
    customer_fits,
    class_is_chosen,
    organisation_number_is_valid,
    addresses_are_possible,
    codes_are_possible,
)
