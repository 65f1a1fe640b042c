"""Which records are read from where. A further stream is a further line of `STREAMS`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

import msgspec

from accounting.answers import Malformed, Misshapen, decode
from accounting.cleaning import Unreadable, remote_id
from accounting.errors import UnexpectedAnswer
from accounting.protocol import R
from accounting.providers.visma_eaccounting import records
from accounting.providers.visma_eaccounting.lists import Listing, ListPage
from accounting.providers.visma_eaccounting.resources import (
    Article,
    Coding,
    Customer,
    Identified,
    Order,
    Project,
    Resource,
    Terms,
    Unit,
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


@dataclass(frozen=True, kw_only=True, slots=True)
class Stream:
    """`changed` is the member that tells when a record changed; empty where there is none."""

    path: str
    noun: str
    resource: type[Resource]
    translate: Callable[[Any], Record]
    changed: str = ""


STREAMS: Mapping[type[Record], Stream] = {
    UnitRecord: Stream(path="units", noun="Unit", resource=Unit, translate=records.unit_record),
    CodingRecord: Stream(
        path="articleaccountcodings",
        noun="Article coding",
        resource=Coding,
        translate=records.coding_record,
        changed="ChangedUtc",
    ),
    TermsRecord: Stream(
        path="termsofpayments", noun="Terms of payment", resource=Terms, translate=records.terms_record
    ),
    CustomerRecord: Stream(
        path="customers", noun="Customer", resource=Customer, translate=records.customer_record, changed="ChangedUtc"
    ),
    ArticleRecord: Stream(
        path="articles", noun="Article", resource=Article, translate=records.article_record, changed="ChangedUtc"
    ),
    ProjectRecord: Stream(
        path="projects", noun="Project", resource=Project, translate=records.project_record, changed="ModifiedUtc"
    ),
    SalesOrderRecord: Stream(
        path="orders", noun="Sales order", resource=Order, translate=records.order_record, changed="ModifiedUtc"
    ),
}


def listing_of(stream: Stream, since: datetime | None) -> Listing:
    """The stream's list, changed since then where the API can tell; it may refuse filter and order."""
    order = {"$orderby": "Id"}
    if since is None or not stream.changed:
        return Listing(f"{stream.path} all", stream.path, (order, {}))
    changed = {"$filter": f"{stream.changed} ge {utc(since)}"}
    return Listing(f"{stream.path} changed", stream.path, ({**changed, **order}, changed, {}))


def utc(moment: datetime) -> str:
    """As the API writes moments, rounded down to the second: reading twice is harmless, missing is not."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def page_of(kind: type[R], stream: Stream, found: ListPage, requests: int) -> Page[R]:
    """The page with its entries, not yet understood."""
    entries = [entry_of(raw) for raw in found.data]
    return Page(
        entries=[entry for entry in entries if entry.remote_id],
        translate=partial(translate, kind, stream),
        next_position=found.next_position,
        total=found.total,
        server_time=found.server_time,
        rejected=[
            Rejected(remote_id="", field="Id", sentence=f"A {stream.noun.lower()} without an id was left out.")
            for entry in entries
            if not entry.remote_id
        ],
        requests=requests,
    )


def record_of(kind: type[R], stream: Stream, raw: msgspec.Raw) -> R:
    """The one record. Raises UnexpectedAnswer with the reason when it cannot be read."""
    batch = translate(kind, stream, [entry_of(raw)])
    if batch.rejected:
        raise UnexpectedAnswer(batch.rejected[0].sentence)
    return batch.records[0]


_identify = msgspec.json.Decoder(Identified)


def entry_of(raw: msgspec.Raw) -> Entry:
    body = bytes(raw)
    try:
        found = remote_id(_identify.decode(body).id)
    except msgspec.MsgspecError:
        found = ""
    return Entry(found, hashlib.blake2b(body, digest_size=16).hexdigest(), body)


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
    label = label_of(entry)
    return Rejected(remote_id=entry.remote_id, field=field, label=label, sentence=f"{stream.noun} {label}: {reason}.")


def label_of(entry: Entry) -> str:
    """How people know a record that we could not read: its number and name, else its id."""
    try:
        members = decode(entry.raw, dict[str, Any])
    except (Misshapen, Malformed):
        return entry.remote_id
    known = (members.get("CustomerNumber") or members.get("Number"), members.get("Name"))
    return " ".join(" ".join(str(each).split())[:60] for each in known if each).strip() or entry.remote_id
