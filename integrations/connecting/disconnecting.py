"""Pause, resume and disconnect: what stops moving, and what stays."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounting import login
from accounting.auth import Tokens, login_named
from accounting.errors import AccountingError
from accounting.protocol import Provider
from fieldwork.models import User
from integrations.connecting.refusals import refuse_unless_owner
from integrations.connections import site_of
from integrations.models import Connection, Credential, Lease


def pause(connection: Connection, *, by: User) -> None:
    """Nothing moves until it is resumed; what piles up waits."""
    refuse_unless_owner(connection.organization, by)
    if change_state(connection, Connection.State.ACTIVE, Connection.State.PAUSED):
        stop_worker(connection)


def resume(connection: Connection, *, by: User) -> None:
    refuse_unless_owner(connection.organization, by)
    fresh = {"next_due_at": timezone.now(), "failures": 0, "limited_since": None}
    change_state(connection, Connection.State.PAUSED, Connection.State.ACTIVE, **fresh)


def disconnect(connection: Connection, *, by: User) -> bool:
    """True when the accounting system was told as well. Data, links, settings and the queue stay.

    The login is wiped here first, so nothing can be sent even when telling them fails.
    """
    refuse_unless_owner(connection.organization, by)
    tokens = connection.credential.tokens()
    with transaction.atomic():
        connection.state = Connection.State.DISCONNECTED
        connection.disconnected_at = timezone.now()
        connection.next_due_at = None
        connection.problem = ""
        connection.save(update_fields=["state", "disconnected_at", "next_due_at", "problem"])
        wipe(connection)
        stop_worker(connection)
    return tokens is None or give_back(connection.ledger_provider, tokens)


def change_state(connection: Connection, former: str, state: str, **changes: object) -> bool:
    changed = Connection.objects.filter(pk=connection.pk, state=former).update(state=state, **changes)
    connection.refresh_from_db()
    return bool(changed)


def stop_worker(connection: Connection) -> None:
    """A worker that is on the connection loses its lease and writes nothing more after its present request."""
    Lease.objects.filter(connection=connection).update(owner="", expires_at=None, fence=F("fence") + 1)


def wipe(connection: Connection) -> None:
    """The secrets are gone; the higher version turns away a renewal that is under way."""
    Credential.objects.filter(connection=connection).update(
        secret="", expires_at=None, version=F("version") + 1, refresh_owner="", refresh_until=None
    )


def give_back(provider: Provider, tokens: Tokens) -> bool:
    """True when the accounting system has revoked the login. Failing is no reason to keep it."""
    try:
        return login.revoke(login_named(provider.logins, tokens.login), site_of(provider), tokens)
    except AccountingError:
        return False
