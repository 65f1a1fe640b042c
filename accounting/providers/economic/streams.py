"""Which records are read from where. A further stream is a further line of `STREAMS`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import msgspec

from accounting.answers import Malformed, Misshapen, decode
from accounting.cleaning import Unreadable
from accounting.errors import UnexpectedAnswer
from accounting.protocol import R
from accounting.providers.economic import records, resources
from accounting.providers.economic.codings import coding_page
from accounting.providers.economic.lists import Listing, ListPage, Lists, utc
from accounting.providers.economic.orders import order_page
from accounting.providers.economic.remote_ids import GROUP, TERMS, UNIT
from accounting.providers.economic.wire import CUSTOMERS, PROJECTS
from accounting.types import (
    ArticleRecord,
    Batch,
    CodingRecord,
    ContactRecord,
    CustomerRecord,
    Entry,
    Page,
    ProjectRecord,
    Record,
    Rejected,
    SalesOrderRecord,
    TermsRecord,
    UnitRecord,
    WorkSiteRecord,
    gettext_noop,
)

Read = Callable[[Lists, Listing, str], ListPage]


def legacy_page(lists: Lists, listing: Listing, position: str) -> ListPage:
    return lists.page(listing, position)


def service_page(lists: Lists, listing: Listing, position: str) -> ListPage:
    return lists.cursor_page(listing, position)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stream:
    """`key` is the member that names a record, `prefix` what our id has before it. `sort` is the order to read in,
    `tells_changes` whether the list can be narrowed to what changed. `within` is the member of a composed object
    that is the record itself."""

    path: str
    noun: str
    key: str
    resource: type[Any]
    translate: Callable[[Any], Record]
    prefix: str = ""
    sort: str = ""
    tells_changes: bool = False
    within: str = ""
    read: Read = legacy_page


STREAMS: Mapping[type[Record], Stream] = {
    UnitRecord: Stream(
        path="units",
        noun="Unit",
        key="unitNumber",
        prefix=UNIT,
        resource=resources.Unit,
        translate=records.unit_record,
    ),
    CodingRecord: Stream(
        path="product-groups",
        noun="Product group",
        key="productGroupNumber",
        prefix=GROUP,
        resource=resources.Coding,
        translate=records.coding_record,
        within="group",
        read=coding_page,
    ),
    TermsRecord: Stream(
        path="payment-terms",
        noun="Terms of payment",
        key="paymentTermsNumber",
        prefix=TERMS,
        resource=resources.Terms,
        translate=records.terms_record,
    ),
    CustomerRecord: Stream(
        path="customers",
        noun="Customer",
        key="customerNumber",
        sort="customerNumber",
        resource=resources.Customer,
        translate=records.customer_record,
        tells_changes=True,
    ),
    ContactRecord: Stream(
        path=f"{CUSTOMERS}/Contacts",
        noun="Contact",
        key="number",
        resource=resources.Contact,
        translate=records.contact_record,
        tells_changes=True,
        read=service_page,
    ),
    WorkSiteRecord: Stream(
        path=f"{CUSTOMERS}/DeliveryLocations",
        noun="Delivery location",
        key="number",
        resource=resources.DeliveryLocation,
        translate=records.work_site_record,
        tells_changes=True,
        read=service_page,
    ),
    ArticleRecord: Stream(
        path="products",
        noun="Product",
        key="productNumber",
        sort="productNumber",
        resource=resources.Product,
        translate=records.article_record,
        tells_changes=True,
    ),
    ProjectRecord: Stream(
        path=f"{PROJECTS}/Projects",
        noun="Project",
        key="number",
        resource=resources.Project,
        translate=records.project_record,
        tells_changes=True,
        read=service_page,
    ),
    SalesOrderRecord: Stream(
        path="orders",
        noun="Sales order",
        key="orderNumber",
        prefix="order",
        resource=resources.OrderWithLines,
        translate=records.order_record,
        sort="orderNumber",
        tells_changes=True,
        within="order",
        read=order_page,
    ),
}


def listing_of(stream: Stream, since: datetime | None) -> Listing:
    """The stream's list, changed since then where the API can tell; it may refuse filter and order."""
    order = {"sort": stream.sort} if stream.sort else {}
    if since is None or not stream.tells_changes:
        return Listing(f"{stream.path} all", stream.path, (order, {}) if order else ({},))
    changed = {"filter": f"lastUpdated$gte:{utc(since)}"}
    queries = ({**changed, **order}, changed, {}) if stream.read is not service_page else (changed,)
    return Listing(f"{stream.path} changed", stream.path, queries)


def page_of(kind: type[R], stream: Stream, found: ListPage, requests: int) -> Page[R]:
    """The page with its entries, not yet understood."""
    identify = partial(entry_of, stream, decoder_of(stream))
    entries = [identify(raw) for raw in found.data]
    return Page(
        entries=[entry for entry in entries if entry.remote_id],
        translate=partial(translate, kind, stream),
        next_position=found.next_position,
        total=found.total,
        server_time=found.server_time,
        rejected=[
            Rejected(remote_id="", field=stream.key, sentence=f"A {stream.noun.lower()} without a number was left out.")
            for entry in entries
            if not entry.remote_id
        ],
        requests=requests,
    )


# --- which one it is -------------------------------------------------------------------


def decoder_of(stream: Stream) -> msgspec.json.Decoder[Any]:
    """Reads of an object just which one it is."""
    if stream not in _decoders:
        member = msgspec.defstruct("Numbered", [("key", int | str | None, None)], rename={"key": stream.key})
        if stream.within:
            member = msgspec.defstruct("Within", [("key", member)], rename={"key": stream.within})
        _decoders[stream] = msgspec.json.Decoder(member)
    return _decoders[stream]


_decoders: dict[Stream, msgspec.json.Decoder[Any]] = {}


def entry_of(stream: Stream, decoder: msgspec.json.Decoder[Any], raw: msgspec.Raw) -> Entry:
    body = bytes(raw)
    try:
        found = decoder.decode(body).key
        number = getattr(found, "key", found)
    except msgspec.MsgspecError:
        number = None
    remote_id = "" if number is None else str(number).strip()
    if remote_id and stream.prefix:
        remote_id = f"{stream.prefix}-{remote_id}"
    return Entry(remote_id, hashlib.blake2b(body, digest_size=16).hexdigest(), body)


# --- what it says ------------------------------------------------------------------------


def translate(kind: type[R], stream: Stream, entries: Iterable[Entry]) -> Batch[R]:
    """The entries as records; a bad one is rejected with its reason and spoils no other."""
    understood: list[R] = []
    rejected: list[Rejected] = []
    for entry in entries:
        try:
            record = stream.translate(decode(entry.raw, stream.resource))
        except Unreadable as error:
            rejected.append(rejection(stream, entry, error.field, str(error)))
        except (Misshapen, Malformed) as error:
            field = str(error).rpartition("$.")[2].rstrip("`") if "$." in str(error) else ""
            rejected.append(rejection(stream, entry, field, f"{field or 'it'} has another form than documented"))
        else:
            assert isinstance(record, kind)
            understood.append(record)
    return Batch(records=understood, rejected=rejected)


def rejection(stream: Stream, entry: Entry, field: str, reason: str) -> Rejected:
    label = label_of(stream, entry)
    return Rejected(remote_id=entry.remote_id, field=field, label=label, sentence=f"{stream.noun} {label}: {reason}.")


def label_of(stream: Stream, entry: Entry) -> str:
    """How people know a record that we could not read: its number and name, else its id."""
    try:
        members = decode(entry.raw, dict[str, Any])
    except (Misshapen, Malformed):
        return entry.remote_id
    members = members.get(stream.within) or members
    known = (members.get(stream.key), members.get("name"))
    return " ".join(" ".join(str(each).split())[:60] for each in known if each).strip() or entry.remote_id


def refuse_unknown(kind: type[Record]) -> Stream:
    """The stream of a kind. Raises UnexpectedAnswer for one that these books do not have: a bug of the caller."""
    try:
        return STREAMS[kind]
    except KeyError:
        raise UnexpectedAnswer(gettext_noop("The accounting system has no such records.")) from None
