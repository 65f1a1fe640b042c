"""The error bodies of both hosts.

Legacy: `errors` mirrors the body that was refused, with `propertyName`, `errorMessage` and `errorCode` at each
place; of a bad query it is a list of sentences. Services: problem+json with a flat list.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from accounting.answers import ErrorDetail, Malformed, Misshapen, decode
from accounting.errors import AccountingError, Conflict, NotAllowed
from accounting.types import gettext_noop

BAD_QUERY = "bad query"
BAD_PAGE_SIZE = "E04810"
BAD_QUERY_WORDS = ("could not parse query string",)

ERRORS: dict[str, type[AccountingError]] = {
    "E06010": Conflict,  # the number exists already
    "AccessDeniedAgreementMissingModules": NotAllowed,
    "UpdateConflict": Conflict,
}

# Our names for the members that the books complain about.
FIELDS = {
    "name": "name",
    "customerNumber": "number",
    "productNumber": "number",
    "corporateIdentificationNumber": "organisation_number",
    "email": "email",
    "telephoneAndFaxNumber": "phone",
    "mobilePhone": "mobile",
    "website": "website",
    "address": "street",
    "zip": "postcode",
    "city": "city",
    "country": "country",
    "currency": "currency",
    "paymentTerms": "terms_of_payment",
    "paymentTermsNumber": "terms_of_payment",
    "customerGroup": "customer_group",
    "customerGroupNumber": "customer_group",
    "vatZone": "vat_zone_domestic",
    "layout": "layout",
    "layoutNumber": "layout",
    "productGroup": "coding",
    "unit": "unit",
    "salesPrice": "price",
    "barCode": "ean",
    "date": "dated",
    "dueDate": "terms_of_payment",
    "description": "text",
    "quantity": "quantity",
    "unitNetPrice": "unit_price",
    "discountPercentage": "discount_percent",
    "project": "project",
    "customer": "customer",
    "product": "article",
}


class LegacyError(msgspec.Struct, kw_only=True, rename="camel"):
    message: str | None = None
    msg: str | None = None
    error_code: str | None = None
    log_id: str | None = None
    http_status_code: int | None = None
    errors: Any = None


class ServiceComplaint(msgspec.Struct, kw_only=True, rename="camel"):
    message: str | None = None
    error_code: str | None = None
    property: str | None = None


class ServiceError(msgspec.Struct, kw_only=True, rename="camel"):
    title: str | None = None
    detail: str | None = None
    error_code: str | None = None
    trace_id: str | None = None
    errors: list[ServiceComplaint] | None = None
    # An older shape, still printed for conflicts.
    message: str | None = None
    log_id: str | None = None


def read_legacy_error(status: int, body: bytes) -> ErrorDetail | None:
    """What the body says; None when it is not this API's."""
    try:
        found = decode(body, LegacyError)
    except (Malformed, Misshapen):
        return None
    message = found.message or found.msg
    if message is None and found.error_code is None:
        return None
    complaints = list(complaints_in(found.errors))
    code = next((code for _, code, _ in complaints if code), found.error_code or "")
    if (message or "").casefold().startswith(BAD_QUERY_WORDS):
        code = BAD_QUERY
    return ErrorDetail(
        sentence=sentence_of([sentence for _, _, sentence in complaints], message or ""),
        field=next((FIELDS.get(name, name) for name, _, _ in complaints if name), ""),
        code=code or f"HTTP {status}",
        error_id=found.log_id or "",
        error=ERRORS.get(code),
    )


def complaints_in(errors: Any) -> Iterator[tuple[str, str, str]]:
    """Member, code and sentence of everything in the tree; plain sentences have neither."""
    if isinstance(errors, str):
        yield "", "", errors
    elif isinstance(errors, list):
        for each in errors:
            yield from complaints_in(each)
    elif isinstance(errors, dict):
        sentence = errors.get("errorMessage") or errors.get("message")
        if isinstance(sentence, str):
            name = errors.get("propertyName") or errors.get("property") or ""
            yield str(name), str(errors.get("errorCode") or ""), sentence
            return
        for value in errors.values():
            yield from complaints_in(value)


def read_service_error(status: int, body: bytes) -> ErrorDetail | None:
    """What the body says, in problem+json or, from a gateway of the vendor, in the legacy shape."""
    try:
        found = decode(body, ServiceError)
    except (Malformed, Misshapen):
        return read_legacy_error(status, body)
    if found.title is None and found.trace_id is None:
        return read_legacy_error(status, body)
    complaints = found.errors or []
    code = found.error_code or next((each.error_code for each in complaints if each.error_code), "") or ""
    name = next((each.property for each in complaints if each.property), "") or ""
    return ErrorDetail(
        sentence=sentence_of([each.message for each in complaints if each.message], found.detail or found.title or ""),
        field=FIELDS.get(name, name),
        code=BAD_QUERY if code == "BadFilterRequest" else code or f"HTTP {status}",
        error_id=found.trace_id or found.log_id or "",
        error=ERRORS.get(code),
    )


def sentence_of(complaints: list[str], message: str) -> str:
    """The single complaints where there are some, else the message."""
    said = list(dict.fromkeys(each.strip() for each in complaints if each.strip()))
    return " ".join(said) or message.strip() or gettext_noop("The accounting system refused this without a reason.")
