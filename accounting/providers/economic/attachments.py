"""The file of a draft: these books keep one PDF for each, and no name for it."""

from __future__ import annotations

import hashlib
import re

from accounting.client import form_with_file
from accounting.errors import NotFound, Refused
from accounting.providers.economic.changes import raw_sale, receipt_of_sale
from accounting.providers.economic.receipts import KINDS, ORDER_LISTS
from accounting.providers.economic.remote_ids import sale_number
from accounting.providers.economic.wire import Wire, file_of
from accounting.types import AttachmentDocument, Receipt, Stage, gettext_noop

DRAFTS = (ORDER_LISTS[0], KINDS[Stage.DRAFT].path)
NAME = re.compile(rb"\n% ([\w.-]+\.pdf)\n")

NO_DRAFT = gettext_noop("Only an order that is not sent, or an invoice draft, can have a file over there.")
ANOTHER_FILE = gettext_noop("The document has another file already, and the accounting system keeps only one.")
NO_FILE = gettext_noop("The document has no such file.")


def files_of(wire: Wire, receipt: Receipt) -> dict[str, str]:
    """The name by the id, where there is a file; an empty name for a file that is not of ours.

    Nothing of what has left its draft: of that no file can be asked for. Network: up to four GETs.
    """
    place = draft_of(wire, receipt)
    data = file_at(wire, *place) if place else None
    return {} if data is None else {id_of(data): name_in(data)}


def put_file(wire: Wire, receipt: Receipt, attachment: AttachmentDocument) -> str:
    """The id of the file. Network: some GETs and one POST. Raises Refused where somebody's file would be replaced."""
    place = draft_of(wire, receipt)
    if place is None:
        raise Refused(NO_DRAFT)
    if file_at(wire, *place) is not None:
        raise Refused(ANOTHER_FILE)
    data = with_name(attachment.data, attachment.name)
    wire.post_file(*place, form_with_file(attachment.name, data))
    return id_of(data)


def remove_file(wire: Wire, receipt: Receipt, file_id: str) -> None:
    """Raises NotFound when the document has another file, or none."""
    place = draft_of(wire, receipt)
    data = file_at(wire, *place) if place else None
    if place is None or data is None or id_of(data) != file_id:
        raise NotFound(NO_FILE)
    wire.delete_file(*place)


def draft_of(wire: Wire, receipt: Receipt) -> tuple[str, int] | None:
    """The list in which the draft lies, and its number there; None for what is no draft any more.

    Raises NotFound when the document is gone, or its number is another's by now.
    """
    table, raw = raw_sale(wire, receipt)
    receipt_of_sale(raw, receipt)
    return (table, sale_number(receipt.stage, receipt.remote_id)) if table in DRAFTS else None


def file_at(wire: Wire, table: str, number: int) -> bytes | None:
    try:
        return wire.get(file_of(table, number), bytes).value
    except NotFound:
        return None


# --- the name, within the file --------------------------------------------------------


def with_name(pdf: bytes, name: str) -> bytes:
    """The PDF with its name as a comment before its last lines, which are repeated, so that it stays a PDF."""
    end = pdf.rfind(b"startxref")
    return pdf.rstrip() + b"\n% " + name.encode("ascii") + b"\n" + pdf[end:]


def name_in(pdf: bytes) -> str:
    found = NAME.findall(pdf)
    return found[-1].decode("ascii") if found else ""


def id_of(data: bytes) -> str:
    """A digest: what somebody put in the place of ours is another file."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()
