"""What these books would refuse about a new customer or contact."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from stdnum.dk import cpr, cvr

from accounting.providers.economic.payloads import is_customer_number, zone_question
from accounting.types import Company, ContactDocument, CustomerDocument, Document, Problem, Rule, gettext_noop

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

# Field of ours: how long it may be, and what is said of a longer one.
Lengths = Mapping[str, tuple[int, str]]

LENGTHS: Lengths = {
    "name": (255, gettext_noop("The name “%(name)s” is longer than %(limit)s characters.")),
    "organisation_number": (40, gettext_noop("The organisation number of “%(name)s” is too long (%(limit)s at most).")),
    "vat_number": (40, gettext_noop("The VAT number of “%(name)s” is longer than %(limit)s characters.")),
    "email": (255, gettext_noop("The e-mail address of “%(name)s” is longer than %(limit)s characters.")),
    "phone": (255, gettext_noop("The phone number of “%(name)s” is longer than %(limit)s characters.")),
    "mobile": (50, gettext_noop("The mobile number of “%(name)s” is longer than %(limit)s characters.")),
    "website": (255, gettext_noop("The website of “%(name)s” is longer than %(limit)s characters.")),
}
ADDRESS_LENGTHS: Lengths = {
    "street": (254, gettext_noop("The street of “%(name)s” is longer than %(limit)s characters.")),
    "street2": (254, gettext_noop("The second street line of “%(name)s” is longer than %(limit)s characters.")),
    "postcode": (30, gettext_noop("The postcode of “%(name)s” is longer than %(limit)s characters.")),
    "city": (50, gettext_noop("The city of “%(name)s” is longer than %(limit)s characters.")),
}
CONTACT_LENGTHS: Lengths = {
    "name": (255, gettext_noop("The contact person's name “%(name)s” is longer than %(limit)s characters.")),
    "email": (255, gettext_noop("The e-mail address of “%(name)s” is longer than %(limit)s characters.")),
    "phone": (50, gettext_noop("The phone number of “%(name)s” is longer than %(limit)s characters.")),
    "mobile": (50, gettext_noop("The mobile number of “%(name)s” is longer than %(limit)s characters.")),
}

QUESTIONS = {
    "customer_group": gettext_noop("Choose the customer group for new customers."),
    "terms_of_payment": gettext_noop("Choose the terms of payment for new customers."),
    "vat_zone_domestic": gettext_noop("Choose the VAT zone for customers at home."),
    "vat_zone_eu": gettext_noop("“%(name)s” is in another country of the EU: choose the VAT zone for such customers."),
    "vat_zone_abroad": gettext_noop("“%(name)s” is outside the EU: choose the VAT zone for such customers."),
}


def customer_is_complete(document: Document, company: Company) -> Iterator[Problem]:
    if isinstance(document, CustomerDocument) and not document.name.strip():
        yield problem("name_missing", gettext_noop("The customer has no name."), document, "name")


def customer_fits(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, CustomerDocument):
        return
    yield from too_long(document, document, LENGTHS)
    yield from too_long(document, document.address, ADDRESS_LENGTHS)


def number_is_possible(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, CustomerDocument) or not document.number or is_customer_number(document.number):
        return
    sentence = gettext_noop(
        "The number %(number)s of “%(name)s” cannot be a customer number: only whole numbers from 1 to 999999999 can. "
        "Without a number the accounting system gives one."
    )
    yield problem("number_invalid", sentence, document, "number", number=document.number)


def questions_are_answered(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, CustomerDocument):
        return
    zone = zone_question(document.address.country, company.country)
    for question in ("customer_group", "terms_of_payment", zone):
        given = document.terms_remote_id if question == "terms_of_payment" else ""
        if not (given or document.answers.get(question)):
            yield Problem(
                code=f"{question}_unanswered",
                sentence=QUESTIONS[question],
                where="connection",
                field=question,
                values={"name": document.name},
            )


def organisation_number_is_valid(document: Document, company: Company) -> Iterator[Problem]:
    """Danish numbers have a check digit. A person's number has no business in these books."""
    if not isinstance(document, CustomerDocument):
        return
    number = document.organisation_number
    danish = (document.address.country or company.country).upper() == "DK"
    if not number or not danish or cvr.is_valid(number):
        return
    if not document.is_company and cpr.is_valid(number):
        sentence = gettext_noop(
            "“%(name)s” has a personal number. Remove it: it would stand on documents, and nobody needs it there."
        )
        yield problem("personal_number", sentence, document, "organisation_number")
        return
    sentence = gettext_noop("“%(number)s” of “%(name)s” is not a Danish CVR number.")
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
    sentence = gettext_noop("“%(value)s” of “%(name)s” must be a code of %(length)s letters.")
    for field, (value, length) in {
        "country": (document.address.country, 2),
        "currency": (document.currency, 3),
    }.items():
        if value and not (value.isascii() and value.isalpha() and len(value) == length):
            yield problem(f"{field}_invalid", sentence, document, field, value=value, length=str(length))


def contact_is_possible(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, ContactDocument):
        return
    if not document.contact.name.strip():
        yield contact_problem("contact_name_missing", gettext_noop("The contact person has no name."), document, "name")
    for field, (limit, sentence) in CONTACT_LENGTHS.items():
        if len(getattr(document.contact, field)) > limit:
            yield contact_problem(f"contact_{field}_too_long", sentence, document, field, limit=str(limit))


def too_long(document: CustomerDocument, part: object, lengths: Lengths) -> Iterator[Problem]:
    for name, (limit, sentence) in lengths.items():
        if len(getattr(part, name)) > limit:
            yield problem(f"{name}_too_long", sentence, document, name, limit=str(limit))


def problem(code: str, sentence: str, document: CustomerDocument, field: str, **values: str) -> Problem:
    return Problem(
        code=code, sentence=sentence, where="customer", field=field, values={"name": document.name, **values}
    )


def contact_problem(code: str, sentence: str, document: ContactDocument, field: str, **values: str) -> Problem:
    said = {"name": document.contact.name, **values}
    return Problem(code=code, sentence=sentence, where="customer", field=f"contact_{field}", values=said)


CUSTOMER_RULES: tuple[Rule, ...] = (
    customer_is_complete,
    customer_fits,
    number_is_possible,
    questions_are_answered,
    organisation_number_is_valid,
    addresses_are_possible,
    codes_are_possible,
    contact_is_possible,
)
