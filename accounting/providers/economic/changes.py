"""Reading one record back and replacing it, with an eye on numbers: what was deleted leaves its number to others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from accounting.answers import Answer
from accounting.errors import Conflict, NotFound, Refused
from accounting.providers.economic.payloads import (
    CUSTOMER_KEPT,
    CUSTOMER_MEMBERS,
    PRODUCT_KEPT,
    PRODUCT_MEMBERS,
    Json,
    contact_body,
    customer_number,
    replacement,
)
from accounting.providers.economic.receipts import KINDS, ORDER_LISTS, Buyer, FoundProduct, FoundSale
from accounting.providers.economic.remote_ids import handle_in, is_number, sale_number
from accounting.providers.economic.resources import Contact
from accounting.providers.economic.sale_payloads import changed_sale
from accounting.providers.economic.search import contact_receipt, facts
from accounting.providers.economic.wire import CUSTOMERS, Wire, path_to
from accounting.types import ContactDocument, Document, Receipt, Stage, gettext_noop

GONE = gettext_noop("This is not in the accounting system any more.")
ANOTHER = gettext_noop("This is not in the accounting system any more; another document has its number now.")
RENAMED = gettext_noop("Under this number the accounting system now has “%s”.")
RESURRECTED = gettext_noop("This was deleted in the accounting system while it was being changed. Look at it there.")
CHANGED = gettext_noop("This was changed in the accounting system meanwhile.")
CONTACTS = gettext_noop("Contact persons are records of their own in the accounting system. Leave them out here.")
CONTACT_FIELDS = frozenset({"contact", "customer_remote_id", "reference"})


def fetch(wire: Wire, receipt: Receipt) -> Receipt:
    """The record as it is now. Raises NotFound or Conflict when the number is another's by now."""
    match receipt.stage:
        case Stage.CUSTOMER:
            number = customer_number(receipt.remote_id)
            return same_record(wire.get(path_to("customers", number), Buyer).value, receipt)
        case Stage.ARTICLE:
            return same_record(wire.get(path_to("products", receipt.remote_id), FoundProduct).value, receipt)
        case Stage.CONTACT:
            contact = wire.get_service(contact_path(receipt), Contact).value
            if contact.is_deleted:
                raise NotFound(GONE)
            return contact_receipt(contact, receipt.reference)
    _, raw = raw_sale(wire, receipt)
    return receipt_of_sale(raw, receipt)


def same_record(found: Buyer | FoundProduct, receipt: Receipt) -> Receipt:
    """Raises Conflict when it has another name than the receipt knows."""
    if receipt.name and facts(found.name) != facts(receipt.name):
        raise Conflict(RENAMED % found.name)
    return found.receipt(receipt.reference)


def contact_path(receipt: Receipt) -> str:
    if not is_number(receipt.remote_id):
        raise NotFound(GONE)
    return f"{CUSTOMERS}/Contacts/{receipt.remote_id}"


# --- sales documents ---------------------------------------------------------------


def raw_sale(wire: Wire, receipt: Receipt) -> tuple[str, Json]:
    """The list in which the document is, and the document. An order is looked for in all three stages."""
    number = sale_number(receipt.stage, receipt.remote_id)
    paths = ORDER_LISTS if receipt.stage is Stage.ORDER else (KINDS[receipt.stage].path,)
    for path in paths[:-1]:
        try:
            return path, wire.get(path_to(path, number), Json).value
        except NotFound:
            continue
    return paths[-1], wire.get(path_to(paths[-1], number), Json).value


def receipt_of_sale(raw: Json, receipt: Receipt) -> Receipt:
    """Raises NotFound when the number belongs to another document than the receipt's.

    The same handle makes it the same, whatever it says. Where no handle is known, our reference must stand on it; a
    booked invoice keeps its number for ever.
    """
    kind = KINDS[receipt.stage]
    found: FoundSale = msgspec.convert(raw, kind, strict=False)
    known = handle_in(receipt.remote_id) if receipt.stage is Stage.DRAFT else None
    if known and found.handle and known != found.handle:
        raise NotFound(ANOTHER)
    carries = found.other == receipt.reference
    is_same = bool(known and found.handle) or receipt.stage is Stage.INVOICE
    if receipt.reference and not carries and not is_same:
        raise NotFound(ANOTHER)
    return found.receipt(receipt.reference if carries else "")


# --- replacing -----------------------------------------------------------------------


def update(wire: Wire, receipt: Receipt, document: Document, fields: frozenset[str], new: Json) -> Receipt:
    """The record with `fields` as in `new`, everything else as it is."""
    if receipt.stage is Stage.CUSTOMER and "contact" in fields:
        raise Refused(CONTACTS, field="contact")
    path, current = current_of(wire, receipt)
    key = key_of(receipt)
    kind: type[Buyer | FoundProduct | FoundSale]
    if receipt.stage is Stage.CUSTOMER:
        kind, body = Buyer, replacement(current, CUSTOMER_KEPT, new, CUSTOMER_MEMBERS, fields)
    elif receipt.stage is Stage.ARTICLE:
        kind, body = FoundProduct, replacement(current, PRODUCT_KEPT, new, PRODUCT_MEMBERS, fields)
    else:
        kind, body = KINDS[receipt.stage], changed_sale(current, new, fields)
    answer = wire.put(path_to(path, key), body, kind)
    refuse_resurrection(wire, path, answer, current)
    return answer.value.receipt(document.reference)


def refuse_resurrection(wire: Wire, path: str, answer: Answer[Any], current: Json) -> None:
    """A PUT makes anew what went between our look and it. Raises Conflict then; a draft whose handle proves that it
    is another one is taken back first."""
    if answer.status != 201:
        return
    before = soap_of(msgspec.convert(current, FoundSale, strict=False))
    now = soap_of(answer.value)
    if before and now and before != now:
        wire.delete_just_created(path, answer.value.number)
    raise Conflict(RESURRECTED)


def soap_of(found: object) -> int | None:
    """The number of a sales document that is never given again, whatever it is called."""
    soap = found.soap if isinstance(found, FoundSale) else None
    handles = (soap.order_handle, soap.current_invoice_handle) if soap else ()
    return next((each.id for each in handles if each), None)


def current_of(wire: Wire, receipt: Receipt) -> tuple[str, Json]:
    """Where it lies and how it is. Raises Conflict for another version, Refused for what cannot be changed."""
    if receipt.stage is Stage.INVOICE:
        raise Refused(gettext_noop("A booked invoice cannot be changed."))
    if receipt.stage in (Stage.CUSTOMER, Stage.ARTICLE):
        path = "customers" if receipt.stage is Stage.CUSTOMER else "products"
        raw = wire.get(path_to(path, key_of(receipt)), Json).value
        kind: type[Buyer | FoundProduct] = Buyer if receipt.stage is Stage.CUSTOMER else FoundProduct
        present: Receipt = msgspec.convert(raw, kind, strict=False).receipt("")
    else:
        path, raw = raw_sale(wire, receipt)
        present = receipt_of_sale(raw, receipt)
        if path not in (ORDER_LISTS[0], KINDS[Stage.DRAFT].path):
            raise Refused(gettext_noop("The order was sent to the customer and cannot be changed."))
    if receipt.version and receipt.version != present.version:
        raise Conflict(CHANGED)
    return path, raw


def key_of(receipt: Receipt) -> int | str:
    if receipt.stage is Stage.ARTICLE:
        return receipt.remote_id
    if receipt.stage is Stage.CUSTOMER:
        return customer_number(receipt.remote_id)
    return sale_number(receipt.stage, receipt.remote_id)


def update_contact(wire: Wire, receipt: Receipt, document: ContactDocument, fields: frozenset[str]) -> Receipt:
    """Names the version that it read; the books refuse every other with a conflict."""
    if unknown := fields - CONTACT_FIELDS:
        raise KeyError(*unknown)
    current: Mapping[str, object] = wire.get_service(contact_path(receipt), Json).value
    if receipt.version and receipt.version != current.get("objectVersion"):
        raise Conflict(CHANGED)
    new = contact_body(document.contact, document.customer_remote_id) if "contact" in fields else {}
    cleared = dict.fromkeys(("email", "phone")) if "contact" in fields else {}
    body = {name: value for name, value in {**current, **cleared, **new}.items() if value is not None}
    wire.put_service(f"{CUSTOMERS}/Contacts", body)
    return fetch(wire, receipt)
