"""The address at which an accounting system calls us: what it is, and telling the books so where they take it."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounting.protocol import RegistersHooks
from integrations.connections import open_ledger
from integrations.models import Connection, Hook
from integrations.models.hook import second_secret


def address_of(hook: Hook) -> str:
    path = reverse("integrations:call", args=[hook.connection_id, hook.secret])
    return f"{settings.SITE_URL}{path}"


def may_register(connection: Connection) -> bool:
    """Whether the books can be told by a program. Else a person registers the address over there. No network."""
    return isinstance(open_ledger(connection), RegistersHooks)


def register(hook: Hook) -> None:
    """The books call this address from now on. Network: some requests. Raises what the books say."""
    ledger = open_ledger(hook.connection)
    if not isinstance(ledger, RegistersHooks):
        return
    events = ledger.register_hooks(address_of(hook), second_secret(hook.secret))
    hook.registered_at, hook.registered_events = timezone.now(), list(events)
    hook.save(update_fields=["registered_at", "registered_events"])


def remove(hook: Hook) -> None:
    """The books call no address of ours any more. Network: some requests. Raises what the books say."""
    ledger = open_ledger(hook.connection)
    if hook.registered_at and isinstance(ledger, RegistersHooks):
        ledger.remove_hooks()
