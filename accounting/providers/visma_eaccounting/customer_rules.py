"""What these books would refuse about a new customer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum.eu import vat as eu_vat
from stdnum.se import orgnr, personnummer

from accounting.providers.visma_eaccounting.payloads import compact
from accounting.rules.customers import no_code, no_email, problem, too_long
from accounting.types import Company, CustomerDocument, Document, Problem, Rule, gettext_noop

VAT_NUMBER = re.compile(r"[A-Z]{2}[A-Z0-9]{8,12}")

# Field of ours: how long it may be.
LENGTHS = {
    "name": 50,
    "number": 16,
    "organisation_number": 20,
    "vat_number": 20,
    "email": 255,
    "phone": 50,
    "mobile": 50,
    "website": 255,
    "delivery_name": 100,
}
ADDRESS_LENGTHS = {"street": 50, "street2": 50, "postcode": 10, "city": 50}
CONTACT_LENGTHS = {"name": 100, "email": 255, "phone": 50, "mobile": 50}


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
    yield from too_long(document, document.delivery_address, ADDRESS_LENGTHS, prefix="delivery_")
    yield from too_long(document, document.contact, CONTACT_LENGTHS, prefix="contact_")


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
    if isinstance(document, CustomerDocument):
        yield from no_email(document, email=document.email, contact_email=document.contact.email)


def codes_are_possible(document: Document, company: Company) -> Iterator[Problem]:
    if isinstance(document, CustomerDocument):
        yield from no_code(
            document, 2, country=document.address.country, delivery_country=document.delivery_address.country
        )
        yield from no_code(document, 3, currency=document.currency)


def discount_is_possible(document: Document, company: Company) -> Iterator[Problem]:
    if isinstance(document, CustomerDocument) and not 0 <= document.discount_percent <= 100:
        sentence = gettext_noop("The discount of “%(name)s” must be between 0 and 100 %%.")
        yield problem("discount_out_of_range", sentence, document, "discount_percent")


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
