"""What these books would refuse about a new customer, as far as it is documented."""

from __future__ import annotations

from collections.abc import Iterator

from stdnum.no import orgnr

from accounting.rules.customers import no_code, no_email, problem, too_long
from accounting.types import Company, CustomerDocument, Document, Problem, Rule, gettext_noop

# Field of ours: how long it may be.
LENGTHS = {"name": 255, "number": 30, "email": 255, "phone": 50, "mobile": 50}
ADDRESS_LENGTHS = {"street": 50, "street2": 50, "postcode": 20, "city": 50}


def customer_has_name(document: Document, company: Company) -> Iterator[Problem]:
    if isinstance(document, CustomerDocument) and not document.name.strip():
        yield problem("name_missing", gettext_noop("The customer has no name."), document, "name")


def customer_fits(document: Document, company: Company) -> Iterator[Problem]:
    if not isinstance(document, CustomerDocument):
        return
    yield from too_long(document, document, LENGTHS)
    yield from too_long(document, document.address, ADDRESS_LENGTHS)
    yield from too_long(document, document.delivery_address, ADDRESS_LENGTHS, prefix="delivery_")


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
    if isinstance(document, CustomerDocument):
        yield from no_email(document, email=document.email)


def codes_are_possible(document: Document, company: Company) -> Iterator[Problem]:
    if isinstance(document, CustomerDocument):
        yield from no_code(
            document, 2, country=document.address.country, delivery_country=document.delivery_address.country
        )
        yield from no_code(document, 3, currency=document.currency)


CUSTOMER_RULES: tuple[Rule, ...] = (
    customer_has_name,
    customer_fits,
    class_is_chosen,
    organisation_number_is_valid,
    addresses_are_possible,
    codes_are_possible,
)
