"""Takes a guard away, to prove that its tests notice: the look-up, the lease, or the ban on repeating a POST.

The product has no such switch. Here its functions are replaced, in a process of a test or a storm only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from accounting.client import Client
from accounting.http import Reply
from integrations import export
from integrations.models import Connection, Lease
from integrations.models.lease import LEASE
from integrations.sending import recovery

REPEATS = 3


def sabotage(guard: str) -> None:
    """Without this guard from now on; with all of them for ""."""
    if guard:
        SABOTAGES[guard]()


def look_up_off() -> None:
    """Nothing is ever found in the books."""

    def find_nothing(turn: object, ledger: object, sought: Any) -> list[Any]:
        return list(sought)

    for module in (export, recovery):
        put(module, "look", find_nothing)


def lease_off() -> None:
    """Whoever asks for the lease gets it, whoever holds it."""

    def take(connection: Connection, *, owner: str) -> Lease:
        lease, _ = Lease.objects.get_or_create(connection=connection)
        Lease.objects.filter(pk=lease.pk).update(owner=owner, expires_at=timezone.now() + LEASE)
        lease.refresh_from_db()
        return lease

    def keep(lease: Lease) -> None:
        lease.expires_at = timezone.now() + LEASE

    put(Lease, "take", take)
    put(Lease, "renew", keep)
    put(Lease, "confirm", keep)


def post_repeated() -> None:
    """The transport repeats what was not answered, as many libraries do by default."""
    once: Callable[..., Any] = Client._send

    def send(of: Client, session: Any, call: Any, seconds: float) -> Any:
        for _ in range(REPEATS):
            reply = once(of, session, call, seconds)
            if isinstance(reply, Reply) and reply.status < 500:
                break
        return reply

    put(Client, "_send", send)


def put(where: Any, name: str, instead: Callable[..., Any]) -> None:
    setattr(where, name, instead)


SABOTAGES = {"look-up": look_up_off, "lease": lease_off, "post": post_repeated}
