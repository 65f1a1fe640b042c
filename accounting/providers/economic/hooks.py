"""How the accounting system calls us: what we register, and what a call says.

There is no signature and no id of an event. What we ask for as a header of our own, and the body, come back as we
wrote them; the address is a secret of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from accounting.answers import Malformed, Misshapen, decode
from accounting.errors import Refused
from accounting.hooks import Delivery, Hint, Webhook
from accounting.providers.economic.lists import Listing, Lists, understood
from accounting.providers.economic.wire import WEBHOOKS
from accounting.types import (
    ArticleRecord,
    ContactRecord,
    CustomerRecord,
    ProjectRecord,
    Record,
    SalesOrderRecord,
    WorkSiteRecord,
    gettext_noop,
)

NAME = "Fieldledger"
SECRET_HEADER = "X-Fieldledger-Secret"  # noqa: S105  (the name of a header)
# What has perhaps changed after each event. Which events there are is not fully documented, so they are asked for.
EVENTS: Mapping[str, frozenset[type[Record]]] = {
    "CUSTOMER_UPDATED": frozenset({CustomerRecord, ContactRecord, WorkSiteRecord}),
    "PRODUCT_UPDATED": frozenset({ArticleRecord}),
    "PROJECT_UPDATED": frozenset({ProjectRecord}),
    "ORDER_UPDATED": frozenset({SalesOrderRecord}),
}


class EventType(msgspec.Struct, kw_only=True):
    name: str | None = None


class Registered(msgspec.Struct, kw_only=True, rename="camel"):
    event_type: str
    name: str | None = None
    object_version: str | None = None


class Said(msgspec.Struct, kw_only=True):
    event: str = ""


def read_call(delivery: Delivery) -> Hint:
    """What a call seems to say. Of one that a person set up by hand nothing is known."""
    try:
        event = decode(delivery.body, Said).event
    except (Malformed, Misshapen):
        event = ""
    if event not in EVENTS:
        return Hint()
    return Hint(event=event, records=EVENTS[event])


WEBHOOK = Webhook(
    hint=read_call,
    secret_header=SECRET_HEADER,
    steps=(
        gettext_noop("Open All settings, Extensions, Web hooks; it takes a SuperUser."),
        gettext_noop("Add one for “Customer updated”, “Product updated”, “Project updated” and “Order updated” each."),
        gettext_noop("Enter this address as the URL, and leave the content empty."),
    ),
)


def register(lists: Lists, address: str, secret: str) -> Sequence[str]:
    """The events at which the books call the address from now on. One registration per event is possible."""
    wire = lists.wire
    offered = {each.name for each in wire.get_service(f"{WEBHOOKS}/EventTypes", list[EventType]).value}
    events = [event for event in EVENTS if event in offered]
    if not events:
        raise Refused(gettext_noop("The accounting system offers no calls that would help."))
    present = {each.event_type: each for each in registered(lists)}
    for event in events:
        body = registration(event, address, secret)
        if event in present:
            wire.put_service(f"{WEBHOOKS}/webhooks", {**body, "objectVersion": present[event].object_version or ""})
        else:
            # Without a key: registering again, after having removed it, must not be answered from memory.
            wire.post_service(f"{WEBHOOKS}/webhooks", body, msgspec.Raw)
    return events


def remove(lists: Lists) -> None:
    """None of our registrations is left; those of others are not ours to take."""
    for each in list(registered(lists)):
        if each.name == NAME:
            lists.wire.delete_hook(each.event_type)


def registered(lists: Lists) -> Sequence[Registered]:
    """What this app has registered in the agreement."""
    listing = Listing("webhooks", f"{WEBHOOKS}/webhooks", ({},))
    return [understood(raw, Registered) for raw in lists.every_item(listing)]


def registration(event: str, address: str, secret: str) -> dict[str, object]:
    return {
        "eventType": event,
        "name": NAME,
        "url": address,
        "contentType": "application/json",
        "postData": f'{{"event": "{event}"}}',
        "customHeaders": [{"key": SECRET_HEADER, "value": secret}],
        "isDisabled": False,
    }
