"""An accounting system calls: the call is checked, noted and answered, and the next tick reads sooner.

Nothing else ever follows from a call. Forged ones find no address, repeated ones are one row, and however many
there are, a connection is read once a minute at most.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounting.hooks import Delivery, Hint, Webhook
from accounting.protocol import webhook_of
from integrations.among import among
from integrations.connections import values_of
from integrations.models import Connection, Hook, InboundEvent
from integrations.models.hook import KEPT_FOR, second_secret
from integrations.pipelines import PIPELINES

LARGEST = 64 * 1024
REST = timedelta(seconds=50)  # less than the minute between two ticks, which do not come to the second
AT_ONCE = 5000


class Unknown(Exception):
    """Nobody lives here, or the caller has not shown that it may call. The two are not told apart."""


# --- the call -------------------------------------------------------------------


def receive(connection_id: UUID, secret: str, delivery: Delivery) -> None:
    """The call is noted. Raises Unknown. At most five statements, and no network."""
    hook = Hook.objects.select_related("connection").defer("secret").filter(pk=connection_id).first()
    webhook = webhook_of(hook.connection.ledger_provider) if hook else None
    if hook is None or webhook is None or not hook.connection.is_live:
        raise Unknown
    if not (hook.knows(secret) and is_genuine(hook, webhook, delivery)):
        raise Unknown
    now = timezone.now()
    if hook.admit(now):
        note(hook, webhook.hint(delivery), delivery, now)


def is_genuine(hook: Hook, webhook: Webhook, delivery: Delivery) -> bool:
    """Whether it carries the signature, or the second secret where we asked for it."""
    if webhook.signature is not None:
        return webhook.signature.fits(delivery, signing_secrets(hook.connection, webhook))
    if not (webhook.secret_header and hook.registered_at):
        return True
    given = delivery.headers.get(webhook.secret_header.lower(), "")
    return hmac.compare_digest(given.encode(), second_secret(hook.secret).encode())


def signing_secrets(connection: Connection, webhook: Webhook) -> str:
    """The keys with which calls are signed, from the environment; empty where there is nothing to set, or not set."""
    if webhook.signature is None:
        return ""
    return values_of(connection.ledger_provider).get(webhook.signature.secret_variable, "")


def note(hook: Hook, hint: Hint, delivery: Delivery, now: datetime) -> None:
    event = printable(hint.event)
    digest = hashlib.sha256(delivery.body).hexdigest()
    row = InboundEvent(
        connection=hook.connection,
        key=printable(hint.event_id) or f"{digest}:{now:%Y%m%d%H%M}",
        event=event,
        streams=[name for name, pipeline in PIPELINES.items() if pipeline.record in hint.records],
        size=len(delivery.body),
        received_at=now,
    )
    # A repetition is the same row. Without an id it may as well be a second change, and is followed once more.
    again = [] if hint.event_id else ["heard_at"]
    InboundEvent.objects.bulk_create([row], **upserting(again))
    Hook.objects.filter(pk=hook.pk).update(last_event_at=now, last_event=event)


def upserting(fields: Sequence[str]) -> dict[str, Any]:
    if not fields:
        return {"ignore_conflicts": True}
    return {"update_conflicts": True, "unique_fields": ["connection", "key"], "update_fields": fields}


def printable(text: str) -> str:
    """What a stranger wrote, for a column of a hundred characters."""
    return "".join(letter for letter in text if letter.isprintable())[:100]


# --- what follows ---------------------------------------------------------------


def bring_forward(now: datetime) -> int:
    """How many connections are due now because of calls. Runs with every tick; none is brought forward twice within
    a minute, and what was called meanwhile waits for the next tick."""
    resting = Hook.objects.filter(followed_at__gt=now - REST).values("connection")
    waiting = InboundEvent.objects.filter(heard_at=None).exclude(connection__in=resting).order_by("received_at")
    by_connection: dict[UUID, list[Sequence[str]]] = {}
    heard = []
    for pk, connection_id, streams in waiting.values_list("pk", "connection_id", "streams")[:AT_ONCE]:
        by_connection.setdefault(connection_id, []).append(streams)
        heard.append(pk)
    wanted = [pk for pk, events in by_connection.items() if concerns(pk, events)]
    InboundEvent.objects.filter(among("id", heard)).update(heard_at=now)
    Hook.objects.filter(pk__in=wanted).update(followed_at=now)
    return Connection.objects.filter(pk__in=wanted, next_due_at__gt=now).update(next_due_at=now)


def concerns(connection_id: UUID, events: Sequence[Sequence[str]]) -> bool:
    """Whether one of them is about something that is read here."""
    connection = Connection.objects.get(pk=connection_id)
    reads = connection.ledger_provider.reads
    off = set(connection.streams.filter(enabled=False).values_list("stream", flat=True))
    read = {name for name, pipeline in PIPELINES.items() if pipeline.record in reads} - off
    return any(not streams or read & set(streams) for streams in events)


def forget_old_events() -> int:
    """How many events were older than 30 days and are gone. Runs every night."""
    deleted, _by_model = InboundEvent.objects.filter(received_at__lt=timezone.now() - KEPT_FOR).delete()
    return deleted
