"""The API's error bodies and codes.

Almost every failure is HTTP 400, so the code decides. Codes 5003 to 5007 are about the data, not about
the server: a server error is known by its status alone.
"""

from __future__ import annotations

import re
from datetime import timedelta

import msgspec

from accounting.answers import ErrorDetail
from accounting.errors import AccountingError, Conflict, NotAllowed, NotFound
from accounting.providers.visma_eaccounting.resources import Resource
from accounting.types import gettext_noop

BAD_QUERY = frozenset({"6000", "6001"})

ERRORS: dict[int, type[AccountingError]] = {
    3000: NotFound,
    3003: NotAllowed,  # approval permission
    4000: Conflict,  # the number exists already
    4003: NotAllowed,  # start-up guide
    4004: NotAllowed,  # company not active
    4006: NotAllowed,  # scopes
    4007: NotAllowed,  # permission
    4009: NotAllowed,  # product variant
    4011: NotAllowed,  # signed-in user
    4012: NotAllowed,  # licence agreement
    4019: NotAllowed,  # read-only user
    4026: NotAllowed,  # locked period
    4034: NotAllowed,  # sandbox client
    4038: NotAllowed,  # locked year
}

# Our names for the members that the books complain about; `Rows[3].Text` is about `Text`.
FIELDS = {
    "Name": "name",
    "CustomerNumber": "number",
    "Number": "number",
    "CorporateIdentityNumber": "organisation_number",
    "VatNumber": "vat_number",
    "EmailAddress": "email",
    "Telephone": "phone",
    "MobilePhone": "mobile",
    "WwwAddress": "website",
    "InvoiceAddress1": "street",
    "InvoiceAddress2": "street2",
    "InvoicePostalCode": "postcode",
    "InvoiceCity": "city",
    "InvoiceCountryCode": "country",
    "CurrencyCode": "currency",
    "TermsOfPaymentId": "terms_of_payment",
    "CodingId": "coding",
    "UnitId": "unit",
    "NetPrice": "price",
    "GrossPrice": "price",
    "OrderDate": "dated",
    "InvoiceDate": "dated",
    "YourReference": "your_reference",
    "OurReference": "our_reference",
    "Text": "text",
    "Quantity": "quantity",
    "UnitPrice": "unit_price",
    "DiscountPercentage": "discount_percent",
}
FIELDS_OF_CODES = {
    3001: "dated",
    4008: "organisation_number",
    4023: "dated",
    4025: "vat_number",
    4026: "dated",
    4038: "dated",
    5005: "project",
}

_EXCEPTION = re.compile(r"^\w*Exception\s*-\s*")
_WAIT = re.compile(r"Try again in (\d{1,5}) second", re.IGNORECASE)


class Complaint(Resource):
    field: str | None = None
    message: str | None = None


class ErrorBody(Resource):
    error_code: int | None = None
    developer_error_message: str | None = None
    error_id: str | None = None
    errors: list[Complaint] | None = None


_decoder = msgspec.json.Decoder(ErrorBody)


def read_error(status: int, body: bytes) -> ErrorDetail | None:
    """What the body says; None when it is not this API's."""
    if status == 404 and not body.strip():
        # Some resources answer so, by the vendor's own description; a gateway would send a page.
        return ErrorDetail(sentence=gettext_noop("This is not in the accounting system any more."))
    try:
        found = _decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if found.error_code is None and found.developer_error_message is None:
        return None
    return detail_of(found)


def detail_of(found: ErrorBody) -> ErrorDetail:
    code = found.error_code or 0
    message = found.developer_error_message or ""
    wait = _WAIT.search(message)
    return ErrorDetail(
        sentence=sentence_of(found.errors or [], message),
        field=field_of(found.errors or [], code),
        code=str(code) if code else "",
        error_id=found.error_id or "",
        error=ERRORS.get(code),
        after=timedelta(seconds=int(wait[1])) if wait else None,
    )


def sentence_of(complaints: list[Complaint], message: str) -> str:
    """The single complaints where there are some, else the message without its technical beginning."""
    said = list(dict.fromkeys(each.message.strip() for each in complaints if each.message and each.message.strip()))
    return " ".join(said) or _EXCEPTION.sub("", message).strip()


def field_of(complaints: list[Complaint], code: int) -> str:
    for each in complaints:
        if each.field:
            member = each.field.rpartition(".")[2]
            return FIELDS.get(member, member)
    return FIELDS_OF_CODES.get(code, "")
