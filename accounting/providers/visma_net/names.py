"""How records are known: their ids in paths, in documents and in our links.

Our links hold the *number* of a customer, item or project and not its internal id. The books know every record by both,
but what we write and read says numbers throughout: an order, its lines and an invoice name customer, item and project
by number, on both hosts, and no list answers for many internal ids at once. With internal ids each order read and each
document sent would cost a request per record on it. An internal id survives a renumbering and a number does not: then
the record comes as a new one, is recognised by its organisation number or e-mail, and what would still be sent to the
old number is refused by the books. Nothing over there is ever deleted, so a number comes to mean somebody else only
where a person renumbers two records on purpose.

A sales order's id is its type and its number (`SO/000223`), because the type is part of the key over there. A customer
invoice has its number from the first day, on hold as well as released.
"""

from __future__ import annotations

import base64
import re
from urllib.parse import quote, unquote, urlsplit

PLAIN = re.compile(r"[\w ._~!$'()*,;=@-]*\w[\w ._~!$'()*,;=@-]*", re.UNICODE)
RESERVED = re.compile(r"[:/?#\[\]@&*+;%\\]")


def segment(id: str) -> str:
    """The id as one segment of a path. What a path could be mistaken for is written as the API wants it: `b64(…)`."""
    if PLAIN.fullmatch(id) and not RESERVED.search(id):
        return quote(id, safe="")
    return f"b64({base64.urlsafe_b64encode(id.encode()).decode().rstrip('=')})"


def order_path(remote_id: str) -> str:
    kind, _, number = remote_id.partition("/")
    return f"api/v3/SalesOrders/{segment(kind)}/{segment(number)}"


def last_segments(location: str, count: int) -> str:
    """The id at the end of an address, of that many segments; empty when there is none.

    Only the end is believed: the address itself has been seen with another scheme and an older host.
    """
    parts = [unquote(part) for part in urlsplit(location).path.rstrip("/").split("/")]
    found = parts[-count:]
    return "/".join(plain(part) for part in found) if len(parts) > count and all(found) else ""


def plain(part: str) -> str:
    """The id out of a segment."""
    if not (part.startswith("b64(") and part.endswith(")")):
        return part
    coded = part[4:-1]
    return base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode(errors="replace")
