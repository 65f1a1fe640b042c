"""About a customer: what is too long, and what has not the form that it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from accounting.types import CustomerDocument, Problem, gettext_noop

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
TOO_LONG: Mapping[str, str] = {
    "name": gettext_noop("The name “%(name)s” is longer than %(limit)s characters."),
    "number": gettext_noop("The customer number of “%(name)s” is longer than %(limit)s characters."),
    "organisation_number": gettext_noop("The organisation number of “%(name)s” is too long (%(limit)s at most)."),
    "vat_number": gettext_noop("The VAT number of “%(name)s” is longer than %(limit)s characters."),
    "email": gettext_noop("The e-mail address of “%(name)s” is longer than %(limit)s characters."),
    "phone": gettext_noop("The phone number of “%(name)s” is longer than %(limit)s characters."),
    "mobile": gettext_noop("The mobile number of “%(name)s” is longer than %(limit)s characters."),
    "website": gettext_noop("The website of “%(name)s” is longer than %(limit)s characters."),
    "street": gettext_noop("The street of “%(name)s” is longer than %(limit)s characters."),
    "street2": gettext_noop("The second street line of “%(name)s” is longer than %(limit)s characters."),
    "postcode": gettext_noop("The postcode of “%(name)s” is longer than %(limit)s characters."),
    "city": gettext_noop("The city of “%(name)s” is longer than %(limit)s characters."),
    "delivery_name": gettext_noop("The delivery name of “%(name)s” is longer than %(limit)s characters."),
    "delivery_street": gettext_noop("The delivery street of “%(name)s” is longer than %(limit)s characters."),
    "delivery_street2": gettext_noop("The second delivery line of “%(name)s” is longer than %(limit)s characters."),
    "delivery_postcode": gettext_noop("The delivery postcode of “%(name)s” is longer than %(limit)s characters."),
    "delivery_city": gettext_noop("The delivery city of “%(name)s” is longer than %(limit)s characters."),
    "contact_name": gettext_noop("The contact person's name at “%(name)s” is longer than %(limit)s characters."),
    "contact_email": gettext_noop("The contact person's e-mail address at “%(name)s” is too long (%(limit)s at most)."),
    "contact_phone": gettext_noop("The contact person's phone number at “%(name)s” is too long (%(limit)s at most)."),
    "contact_mobile": gettext_noop("The contact person's mobile number at “%(name)s” is too long (%(limit)s at most)."),
}


def too_long(
    document: CustomerDocument, part: object, limits: Mapping[str, int], *, prefix: str = ""
) -> Iterator[Problem]:
    """About the fields of `part`: the document itself, one of its addresses or its contact."""
    for name, limit in limits.items():
        field = prefix + name
        if len(getattr(part, name)) > limit:
            yield problem(f"{field}_too_long", TOO_LONG[field], document, field, limit=str(limit))


def no_email(document: CustomerDocument, **values: str) -> Iterator[Problem]:
    sentence = gettext_noop("“%(value)s” of “%(name)s” is not an e-mail address.")
    for field, value in values.items():
        if value and not EMAIL.fullmatch(value):
            yield problem(f"{field}_invalid", sentence, document, field, value=value)


def no_code(document: CustomerDocument, length: int, **values: str) -> Iterator[Problem]:
    """Countries have two letters, currencies three."""
    sentence = gettext_noop("“%(value)s” of “%(name)s” must be a code of %(length)s letters.")
    for field, value in values.items():
        if value and not is_code(value, length):
            yield problem(f"{field}_invalid", sentence, document, field, value=value, length=str(length))


def is_code(value: str, length: int) -> bool:
    return value.isascii() and value.isalpha() and len(value) == length


def problem(code: str, sentence: str, document: CustomerDocument, field: str, **values: str) -> Problem:
    return Problem(
        code=code, sentence=sentence, where="customer", field=field, values={"name": document.name, **values}
    )
