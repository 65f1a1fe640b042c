"""Which records are read from where. A further stream is a further line of `STREAMS`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec

from accounting.answers import Malformed, Misshapen, decode
from accounting.cleaning import Unreadable, moment
from accounting.protocol import R
from accounting.providers.visma_net import records
from accounting.providers.visma_net.lists import ORDER_LIST, Listing, ListPage, Shape
from accounting.providers.visma_net.records import FOR_SERVICE, number_of
from accounting.providers.visma_net.resources import (
    Customer,
    Item,
    Order,
    Project,
    Resource,
    Terms,
    Unit,
    VatCategory,
)
from accounting.types import (
    ArticleRecord,
    Batch,
    CodingRecord,
    CustomerRecord,
    Entry,
    Page,
    ProjectRecord,
    Record,
    Rejected,
    SalesOrderRecord,
    TermsRecord,
    UnitRecord,
)

# What every row says of the whole list is no part of the row.
METADATA = re.compile(rb'"metadata"\s*:\s*\{[^{}]*\}')


@dataclass(frozen=True, kw_only=True, slots=True)
class Stream:
    """`ids` are the members that make up the id. `stamps` are the filters for what changed, each a read of its own:
    a pair of the filter's name and of the member that tells whether it was obeyed, empty where none does."""

    path: str
    noun: str
    resource: type[Resource]
    translate: Callable[[Any], Record]
    ids: tuple[str, ...]
    shape: Shape = Shape.ROWS
    params: tuple[tuple[str, str], ...] = ()
    stamps: tuple[tuple[str, str], ...] = ()


CHANGED = ("lastModifiedDateTime", "lastModifiedDateTime")
# Stock moves without the item being changed.
STOCK = ("availabilityLastModifiedDateTime", "")
EXPANDED = (("expandWarehouseDetail", "true"), ("expandCrossReference", "true"))

STREAMS: Mapping[type[Record], Stream] = {
    UnitRecord: Stream(
        path="v1/unitofmeasure",
        noun="Unit",
        resource=Unit,
        translate=records.unit_record,
        ids=("fromUnit",),
        shape=Shape.WHOLE,
    ),
    CodingRecord: Stream(
        path="v1/vatCategory",
        noun="VAT category",
        resource=VatCategory,
        translate=partial(records.coding_record, is_service=False),
        ids=("vatCategoryId",),
        shape=Shape.WHOLE,
    ),
    TermsRecord: Stream(
        path="v1/creditTerm",
        noun="Terms of payment",
        resource=Terms,
        translate=records.terms_record,
        ids=("termsId",),
        shape=Shape.ENVELOPE,
        stamps=(CHANGED,),
    ),
    CustomerRecord: Stream(
        path="v1/customer",
        noun="Customer",
        resource=Customer,
        translate=records.customer_record,
        ids=("number",),
        stamps=(CHANGED,),
    ),
    ArticleRecord: Stream(
        path="v1/inventory",
        noun="Item",
        resource=Item,
        translate=records.article_record,
        ids=("inventoryNumber",),
        params=EXPANDED,
        stamps=(CHANGED, STOCK),
    ),
    ProjectRecord: Stream(
        path="v1/project",
        noun="Project",
        resource=Project,
        translate=records.project_record,
        ids=("projectID",),
        stamps=(CHANGED,),
    ),
    SalesOrderRecord: Stream(
        path=ORDER_LIST,
        noun="Sales order",
        resource=Order,
        translate=records.order_record,
        ids=("type", "orderId"),
        shape=Shape.ORDERS,
        stamps=(("modifiedSince", "lastModified"),),
    ),
}


# --- questions ---------------------------------------------------------------------


def listings_of(stream: Stream, since: datetime | None) -> Sequence[tuple[Listing, str]]:
    """The lists to read one after the other, each with the member that tells when a row changed."""
    params = dict(stream.params)
    if since is None or not stream.stamps:
        return [(Listing(path=stream.path, shape=stream.shape, params=params), "")]
    return [
        (Listing(path=stream.path, shape=stream.shape, params={**params, **changed(stream, name, since)}), member)
        for name, member in stream.stamps
    ]


def changed(stream: Stream, name: str, since: datetime) -> Mapping[str, str]:
    """The filter for what changed since then, with its condition: without one the ERP ignores it."""
    if stream.shape is Shape.ORDERS:
        return {name: utc(since)}
    return {name: bare(since), f"{name}Condition": ">="}


def utc(since: datetime) -> str:
    """As the sales order service takes moments, rounded down to the second."""
    return f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def bare(since: datetime) -> str:
    """As the ERP takes moments: without a zone.

    Whether it means UTC or the company's own time is not documented. All its companies are east of Greenwich, so UTC
    taken for their own time is an hour or two early: too much is read, never too little.
    """
    return f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%S}"


# --- entries -----------------------------------------------------------------------


def page_of(
    kind: type[R],
    stream: Stream,
    found: ListPage,
    *,
    rows: Iterable[bytes],
    next_position: str,
    total: int | None,
    requests: int,
) -> Page[R]:
    """The page with its entries, not yet understood."""
    entries = entries_of(kind, stream, rows)
    return Page(
        entries=[entry for entry in entries if entry.remote_id],
        translate=partial(translate, kind, stream),
        next_position=next_position,
        total=total,
        server_time=found.server_time,
        rejected=[
            Rejected(
                remote_id="", field=stream.ids[-1], sentence=f"A {stream.noun.lower()} without a number was left out."
            )
            for entry in entries
            if not entry.remote_id
        ],
        requests=requests,
    )


def entries_of(kind: type[Record], stream: Stream, rows: Iterable[bytes]) -> list[Entry]:
    entries = [entry_of(stream, raw) for raw in rows]
    if kind is UnitRecord:
        return units_of(entries)
    if kind is CodingRecord:
        return [*entries, *(as_service(entry) for entry in entries if entry.remote_id)]
    return entries


def entry_of(stream: Stream, raw: bytes) -> Entry:
    body = METADATA.sub(b'"metadata":0', raw)
    return Entry(id_of(stream, body), hashlib.blake2b(body, digest_size=16).hexdigest(), body)


def id_of(stream: Stream, body: bytes) -> str:
    try:
        found = IDENTIFY[stream.ids].decode(body)
    except msgspec.MsgspecError:
        return ""
    parts = [number_of(getattr(found, name)) for name in stream.ids]
    return "/".join(parts) if all(parts) else ""


IDENTIFY: Mapping[tuple[str, ...], msgspec.json.Decoder[Any]] = {
    stream.ids: msgspec.json.Decoder(msgspec.defstruct("Identified", [(name, str) for name in stream.ids]))
    for stream in STREAMS.values()
}


def units_of(entries: Iterable[Entry]) -> list[Entry]:
    """Each unit once: the list is one of conversions, with a row per pair, and some units are only converted to."""
    found: dict[str, Entry] = {}
    others: dict[str, None] = {}
    for entry in entries:
        found.setdefault(entry.remote_id, entry)
        try:
            others[number_of(decode(entry.raw, Unit).to_unit)] = None
        except (Malformed, Misshapen):
            continue
    stream = STREAMS[UnitRecord]
    lone = (msgspec.json.encode({"fromUnit": name}) for name in others if name and name not in found)
    return [*found.values(), *(entry_of(stream, raw) for raw in lone)]


def as_service(entry: Entry) -> Entry:
    return Entry(entry.remote_id + FOR_SERVICE, entry.fingerprint, entry.raw)


def is_recent(raw: bytes, member: str, since: datetime) -> bool:
    """False for a row that says itself that it is older: then the filter was ignored over there."""
    try:
        said = decode(raw, dict[str, Any]).get(member)
        stamp = moment(said, member) if isinstance(said, str) else None
    except (Malformed, Misshapen, Unreadable):
        return True
    # A moment without a zone is read as UTC, and so never as earlier than it was.
    return stamp is None or stamp >= since.replace(microsecond=0)


# --- records -----------------------------------------------------------------------


def translate(kind: type[R], stream: Stream, entries: Iterable[Entry]) -> Batch[R]:
    """The entries as records; a bad one is rejected with its reason and spoils no other."""
    understood: list[R] = []
    rejected: list[Rejected] = []
    for entry in entries:
        try:
            record = record_of(stream, entry)
        except Unreadable as error:
            rejected.append(rejection(stream, entry, error.field, str(error)))
        except (Misshapen, Malformed) as error:
            field = str(error).rpartition("$.")[2].rstrip("`") if "$." in str(error) else ""
            rejected.append(rejection(stream, entry, field, f"{field or 'it'} has another form than documented"))
        else:
            assert isinstance(record, kind)
            understood.append(record)
    return Batch(records=understood, rejected=rejected)


def record_of(stream: Stream, entry: Entry) -> Record:
    found = decode(entry.raw, stream.resource)
    if isinstance(found, VatCategory):
        return records.coding_record(found, is_service=entry.remote_id.endswith(FOR_SERVICE))
    return stream.translate(found)


def rejection(stream: Stream, entry: Entry, field: str, reason: str) -> Rejected:
    label = label_of(entry)
    return Rejected(remote_id=entry.remote_id, field=field, label=label, sentence=f"{stream.noun} {label}: {reason}.")


def label_of(entry: Entry) -> str:
    """How people know a record that we could not read: its number and name."""
    try:
        members = decode(entry.raw, dict[str, Any])
    except (Misshapen, Malformed):
        return entry.remote_id
    name = members.get("name") or members.get("customerName") or members.get("description")
    return f"{entry.remote_id} {str(name)[:60]}" if name else entry.remote_id
