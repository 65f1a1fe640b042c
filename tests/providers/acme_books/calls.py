"""Acme Books call an address when something has changed: unsigned, unless a test wants them signed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from accounting.hooks import Delivery, Encoding, Hint, Signature, Webhook
from accounting.types import ArticleRecord, CustomerRecord

from .ledger import FakeLedger

RECORDS = {"customer.changed": CustomerRecord, "article.changed": ArticleRecord}


class Told(msgspec.Struct):
    event: str = ""
    id: str = ""


def hint(delivery: Delivery) -> Hint:
    try:
        told = msgspec.json.decode(delivery.body, type=Told)
    except msgspec.DecodeError:
        return Hint()
    known = RECORDS.get(told.event)
    return Hint(event=told.event, event_id=told.id, records=frozenset({known} if known else ()))


CALLS = Webhook(
    hint=hint,
    secret_header="X-Acme-Secret",
    steps=["Acme Books: Extra, Webhooks.", "Webhooks: *"],
)
SIGNED = Webhook(
    hint=hint,
    signature=Signature(header="X-Acme-Signature", secret_variable="ACME_BOOKS_SIGNING_KEY", encoding=Encoding.HEX),
)


class CallingLedger(FakeLedger):
    """One that takes the address from a program."""

    def register_hooks(self, address: str, secret: str) -> Sequence[str]:
        self._meet("register_hooks").called = (address, secret)
        return sorted(RECORDS)

    def remove_hooks(self) -> None:
        self._meet("remove_hooks").called = None
