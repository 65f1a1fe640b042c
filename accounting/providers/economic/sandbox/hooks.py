"""Registrations of calls: one per event and agreement, with at most five headers of one's own.

The real service takes https only; here the own machine may also be called without. Nothing is called by the
stand-in itself: `{"resource": "webhooks", "action": "call"}` at the control desk gives the request to make.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from accounting.providers.economic.sandbox.books import Books
from accounting.providers.economic.sandbox.call import Call, Result
from accounting.providers.economic.sandbox.errors import Complaint, Refusal, invalid, not_found
from accounting.providers.economic.sandbox.fields import ENCODER, Json
from accounting.providers.economic.sandbox.records import versioned

EVENT_TYPES = {
    "CUSTOMER_UPDATED": ("OLDNUMBER", "NEWNUMBER"),
    "PRODUCT_UPDATED": ("OLDNUMBER", "NEWNUMBER"),
    "PROJECT_UPDATED": ("OLDNUMBER", "NEWNUMBER"),
    "ORDER_UPDATED": ("OLDNUMBER", "NEWNUMBER"),
    "INVOICE_BOOKED": ("INVOICENO",),
    "JOURNAL_BOOKED": ("DAYBOOKNO", "FROMSERIALNO", "TOSERIALNO"),
}
LONGEST = {"name": 100, "url": 1000, "contentType": 50, "postData": 4000}
MOST_HEADERS = 5


def event_types(call: Call) -> Result:
    shown = [
        {"name": name, "description": name.replace("_", " ").capitalize(), "mergeFields": merge_fields(fields)}
        for name, fields in EVENT_TYPES.items()
    ]
    return Result(200, ENCODER.encode(shown))


def merge_fields(fields: tuple[str, ...]) -> list[Json]:
    return [{"fieldName": field, "description": field.capitalize()} for field in fields]


def listing(call: Call) -> Result:
    """All of them: there are never more than a page holds."""
    table = call.books.tables["webhooks"]
    return Result(200, b'{"items":[' + b",".join(table.raw[key] for key in table.keys) + b"]}")


def existing(call: Call) -> Json:
    record = call.books.tables["webhooks"].get(call.args["event"])
    if record is None:
        raise not_found()
    return record


def read(call: Call) -> Result:
    return Result(200, existing(call))


def create(call: Call) -> Result:
    body = call.json()
    if body.get("eventType") in call.books.tables["webhooks"]:
        raise invalid([Complaint(("eventType",), "WebhookAlreadyExistsForEventType", "There is one for this event.")])
    record = write(call.books, body)
    return Result(201, {"eventType": record["eventType"]}, location=f"/webhooks/{record['eventType']}")


def replace(call: Call) -> Result:
    """Only with the `objectVersion` of the present state."""
    body = call.json()
    before = call.books.tables["webhooks"].get(body.get("eventType"))
    if before is None:
        raise not_found()
    if body.get("objectVersion") != before["objectVersion"]:
        text = "The resource has been updated by another user"
        raise Refusal(409, "UpdateConflict", text, lines=[text])
    write(call.books, body)
    return Result(204)


def delete(call: Call) -> Result:
    call.books.tables["webhooks"].remove(existing(call)["eventType"])
    return Result(call.books.service.deleted_status)


def write(books: Books, body: Json) -> Json:
    """The registration as it is stored. Raises Refusal."""
    complaints = [
        Complaint((name,), "MaximumLengthExceeded", f"The field {name} must have at most {limit} characters.")
        for name, limit in LONGEST.items()
        if len(body.get(name) or "") > limit
    ]
    for name in ("eventType", "name", "url", "contentType"):
        if not body.get(name):
            complaints.append(Complaint((name,), "RequiredValueMissing", f"The {name} field is required."))
    if body.get("eventType") not in EVENT_TYPES:
        complaints.append(Complaint(("eventType",), "WebhookInvalidType", "There is no such event."))
    if not may_be_called(str(body.get("url"))):
        complaints.append(Complaint(("url",), "WebhookInvalidUrlScheme", "The URL must begin with https."))
    if len(body.get("customHeaders") or []) > MOST_HEADERS:
        complaints.append(Complaint(("customHeaders",), "WebhookCustomHeadersTooMany", "At most five headers."))
    if complaints:
        raise invalid(complaints)
    members = ("eventType", "name", "url", "contentType", "postData", "customHeaders")
    record = versioned(
        {
            **{name: body.get(name) for name in members},
            "isDisabled": bool(body.get("isDisabled")),
            "lastDisabledDate": None,
            "lastUpdated": books.stamp().rstrip("Z"),
        }
    )
    books.tables["webhooks"].put(record)
    return record


def may_be_called(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme == "https":
        return bool(parts.hostname)
    try:
        local = parts.hostname == "localhost" or ip_address(parts.hostname or "").is_loopback
    except ValueError:
        local = False
    return parts.scheme == "http" and local


def call_of(record: Json, values: Json) -> Json:
    """The request that the service would make: address, headers, and the body with its merge fields filled in."""
    body = str(record["postData"] or "")
    for field in EVENT_TYPES[record["eventType"]]:
        body = body.replace(f"[{field}]", str(values.get(field, "")))
    headers: dict[str, Any] = {each["key"]: each["value"] for each in record["customHeaders"] or []}
    return {"url": record["url"], "headers": {"Content-Type": record["contentType"], **headers}, "body": body}
