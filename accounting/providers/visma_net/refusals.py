"""The APIs' error bodies: a bare sentence or an older form with a fault code from the ERP, codes from the sales orders.

The vendor publishes no catalogue for the ERP, whose sentences have no code, so little is read into them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from accounting.answers import Cell, ErrorDetail, both
from accounting.errors import AccountingError, Conflict, NotAllowed
from accounting.types import gettext_noop

# Whoever forgot the version is as wrong as whoever has an old one.
TABLE: Mapping[int, Cell] = {428: both(Conflict)}
REQUEST_ID = "Ipp-Request-Id"

WRONG_TENANT = gettext_noop(
    "The login was accepted, and then the accounting system refuses it. Either access was taken back, or the tenant id "
    "is that of the customer instead of the company: you find the company's own under Visma Admin, Company, Edit, "
    "Configuration. Connect again."
)
NO_LICENCE = gettext_noop(
    "The accounting system has no licence for this company, or the tenant id is not that of the company."
)
GONE = gettext_noop("This is not in the accounting system any more.")
PERIOD_CLOSED = frozenset({"1600", "1601", "1602"})
FAULTS = frozenset({"12002", "12027"})
TAKEN = re.compile(r"already exists|finnes allerede|finns redan|findes allerede", re.IGNORECASE)
VISMA_ID = re.compile(r"^VismaId:\s*([0-9a-f-]{36})\.?\s*", re.IGNORECASE)

# Our names for what the books complain about; `orderLines[2].inventoryId` is about `inventoryId`.
FIELDS = {
    "id": "customer",
    "termsId": "terms_of_payment",
    "paymentMethodId": "payment_method",
    "preferredWarehouseId": "warehouse",
    "warehouseId": "warehouse",
    "branchId": "branch",
    "type": "order_type",
    "currencyId": "currency",
    "projectId": "project",
    "projectTaskId": "project",
    "inventoryId": "article",
    "taxCategoryId": "vat_category",
    "unitOfMeasure": "unit",
    "quantity": "quantity",
    "unitPrice": "unit_price",
    "discountPercent": "discount_percent",
    "description": "text",
    "date": "dated",
    "order": "reference",
    "refNo": "your_reference",
    "postPeriod": "dated",
}
# What the ERP's sentences name in the language of the vendor, as far as it shows what to look at.
WORDS = {
    "CustomerClass": "customer_class",
    "CreditTerms": "terms_of_payment",
    "'Terms'": "terms_of_payment",
    "VatZone": "vat_zone",
    "VAT zone": "vat_zone",
    "PaymentMethod": "payment_method",
    "ItemClass": "item_class",
    "Item Class": "item_class",
    "PostingClass": "posting_class",
    "TaxCategory": "vat_category",
    "Branch": "branch",
    "Currency": "currency",
    "Project": "project",
    "Unit '": "unit",
    "InventoryItem": "article",
    "Customer '": "customer",
}


class ValidationDetail(msgspec.Struct):
    code: str | None = None
    message: str | None = None
    parameters: dict[str, Any] | None = None


class ErrorBody(msgspec.Struct):
    """All shapes in one; which members are there tells which shape it is."""

    message: str | None = None
    capital_message: str | None = msgspec.field(name="Message", default=None)
    exception_type: str | None = msgspec.field(name="ExceptionType", default=None)
    exception_message: str | None = msgspec.field(name="ExceptionMessage", default=None)
    exception_fault_code: str | None = msgspec.field(name="ExceptionFaultCode", default=None)
    exception_message_id: str | None = msgspec.field(name="ExceptionMessageID", default=None)
    title: str | None = None
    detail: str | None = None
    status: int | None = None
    instance: str | None = None
    errors: dict[str, list[str]] | None = None
    details: list[ValidationDetail] | None = None


_decoder = msgspec.json.Decoder(ErrorBody)


def read_error(status: int, body: bytes) -> ErrorDetail | None:
    """What the body says; None when it is not one of these APIs'."""
    if status == 401:
        return ErrorDetail(sentence=WRONG_TENANT)
    if status == 404 and not body.strip():
        # A gateway would send a page.
        return ErrorDetail(sentence=GONE)
    try:
        found = _decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    if found.exception_type is not None or found.exception_message is not None:
        return of_exception(found)
    if found.title is not None or found.details is not None or found.errors is not None:
        return of_problem(found)
    said = found.message if found.message is not None else found.capital_message
    return None if said is None else of_message(said)


def of_message(said: str) -> ErrorDetail:
    """The ERP's sentence, without the number in front of it that only the vendor's support can use."""
    known = VISMA_ID.match(said)
    sentence = VISMA_ID.sub("", said).strip()
    error: type[AccountingError] | None = Conflict if TAKEN.search(sentence) else None
    field = next((ours for word, ours in WORDS.items() if word in sentence), "")
    return ErrorDetail(sentence=sentence, field=field, error_id=known[1] if known else "", error=error)


def of_exception(found: ErrorBody) -> ErrorDetail:
    code = (found.exception_fault_code or "").strip()
    refused = code in FAULTS
    return ErrorDetail(
        sentence=NO_LICENCE if refused else (found.exception_message or "").strip(),
        code=code,
        error_id=(found.exception_message_id or "").strip(),
        error=NotAllowed if refused else None,
    )


def of_problem(found: ErrorBody) -> ErrorDetail:
    """What the sales order service says: its codes where there are some, else the fields it complains about."""
    details = found.details or []
    said = [each.message for each in details] or [text for texts in (found.errors or {}).values() for text in texts]
    sentences = list(dict.fromkeys(text.strip() for text in said if text and text.strip()))
    code = next((each.code for each in details if each.code), "")
    closed = code[:4] in PERIOD_CLOSED
    return ErrorDetail(
        sentence=" ".join(sentences) or (found.detail or found.title or "").strip(),
        field=field_of(found, details),
        code=code,
        error_id=(found.instance or "").strip(),
        error=NotAllowed if closed else None,
    )


def field_of(found: ErrorBody, details: list[ValidationDetail]) -> str:
    named = [str((each.parameters or {}).get("property") or "") for each in details]
    for place in filter(None, [*named, *(found.errors or {})]):
        member = place.rpartition(".")[2]
        return FIELDS.get(member, member)
    return ""
