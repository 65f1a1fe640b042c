"""What these books would refuse about a new customer or contact."""

from __future__ import annotations

from collections.abc import Iterator

from stdnum.dk import cpr, cvr

from accounting.providers.economic.payloads import is_customer_number, zone_question
from accounting.rules.customers import TOO_LONG, no_code, no_email, problem, too_long
from accounting.types import Company, ContactDocument, CustomerDocument, Document, Problem, Rule, gettext_noop

# Field of ours: how long it may be.
LENGTHS = {
    "name": 255,
    "organisation_number": 40,
    "vat_number": 40,
    "email": 255,
    "phone": 255,
    "mobile": 50,
    "website": 255,
}
ADDRESS_LENGTHS = {"street": 254, "street2": 254, "postcode": 30, "city": 50}
CONTACT_LENGTHS = {
    "name": (255, gettext_noop("The contact person's name “%(name)s” is longer than %(limit)s characters.")),
    "email": (255, TOO_LONG["email"]),
    "phone": (50, TOO_LONG["phone"]),
    "mobile": (50, TOO_LONG["mobile"]),
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
    if isinstance(document, CustomerDocument):
        yield from no_email(document, email=document.email)


def codes_are_possible(document: Document, company: Company) -> Iterator[Problem]:
    if isinstance(document, CustomerDocument):
        yield from no_code(document, 2, country=document.address.country)
        yield from no_code(document, 3, currency=document.currency)


def contact_is_possible(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, ContactDocument):
        return
    if not document.contact.name.strip():
        yield contact_problem("contact_name_missing", gettext_noop("The contact person has no name."), document, "name")
    for field, (limit, sentence) in CONTACT_LENGTHS.items():
        if len(getattr(document.contact, field)) > limit:
            yield contact_problem(f"contact_{field}_too_long", sentence, document, field, limit=str(limit))


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
