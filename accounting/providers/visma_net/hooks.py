"""How the vendor's webhooks call us: signed with a key of the application, subscribed to by a person in their portal.

What stands in the body is not documented. So the name of an event is looked for where others of the same sender have
it, and a call that tells nothing is understood as "something has changed".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from accounting.answers import Malformed, Misshapen, decode
from accounting.hooks import Delivery, Encoding, Hint, Signature, Webhook
from accounting.types import ArticleRecord, CustomerRecord, ProjectRecord, Record, SalesOrderRecord, gettext_noop

SIGNATURE = Signature(
    header="x-vwd-signature-v1",
    secret_variable="VISMA_NET_WEBHOOK_SECRET",  # noqa: S106  (the name of a variable)
    encoding=Encoding.BASE64,
)
NOTIFICATION = "x-vwd-notification-id"
EVENT_HEADER = "x-vwd-event-id"
NAMES = ("event", "eventName", "eventType", "eventId", "name", "type")

# What is in an event's name, and what has perhaps changed then. A customer's invoice is not the customer.
WORDS: Mapping[str, frozenset[type[Record]]] = {
    "SALESORDER": frozenset({SalesOrderRecord}),
    "SHIPMENT": frozenset({SalesOrderRecord, ArticleRecord}),
    "INVENTORY": frozenset({ArticleRecord}),
    "PROJECT": frozenset({ProjectRecord}),
    "CUSTOMER": frozenset({CustomerRecord}),
}


def read_call(delivery: Delivery) -> Hint:
    """What a call seems to say."""
    event = next(names_in(delivery), "")
    plain = re.sub(r"[^A-Z]", "", event.upper())
    records = next((kinds for word, kinds in WORDS.items() if word in plain and "INVOICE" not in plain), frozenset())
    return Hint(event=event, event_id=delivery.headers.get(NOTIFICATION, ""), records=records)


def names_in(delivery: Delivery) -> Iterator[str]:
    """Whatever may be the event's name."""
    try:
        members = decode(delivery.body, dict[str, Any])
    except (Malformed, Misshapen):
        members = {}
    yield from (value for name in NAMES if isinstance(value := members.get(name), str) and value.strip())
    if header := delivery.headers.get(EVENT_HEADER, "").strip():
        yield header


WEBHOOK = Webhook(
    hint=read_call,
    signature=SIGNATURE,
    steps=(
        gettext_noop("Whoever owns the app opens it in the Visma Developer Portal, under Webhooks."),
        gettext_noop(
            "Subscribe to the events of customers, inventory items, projects and sales orders with this address."
        ),
        gettext_noop("Limit the subscription to the company's tenant id: another company has another address."),
        gettext_noop("Copy the signing secret into VISMA_NET_WEBHOOK_SECRET on this installation."),
        gettext_noop("An administrator of the company approves the events in the Visma App Store."),
    ),
)
