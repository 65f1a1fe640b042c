"""The answer to "Is this the right company?": the connection goes live, or the login is given back."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fieldwork.models import User
from integrations.connecting.disconnecting import give_back, wipe
from integrations.connecting.refusals import (
    ConnectRefused,
    refuse_second_system,
    refuse_unless_owner,
    refuse_without_licence,
)
from integrations.models import Connection, ConnectionSettings, Invitation
from integrations.pipelines import ensure_streams


def confirm_company(connection: Connection, *, by: User) -> None:
    """Yes: the connection is live, pinned to these books. Nothing is synced before its settings are saved.

    Raises ConnectRefused.
    """
    refuse_unless_owner(connection.organization, by)
    refuse_without_licence(connection.organization, connection.ledger_provider)
    if connection.state != Connection.State.CONFIRMING:
        return
    now = timezone.now()
    try:
        with transaction.atomic():
            Connection.objects.filter(pk=connection.pk, state=Connection.State.CONFIRMING).update(
                state=Connection.State.ACTIVE,
                connected_by=by,
                connected_at=now,
                disconnected_at=None,
                problem="",
                # Connected before: go on at once. New: the settings say what and when.
                next_due_at=now if connection.disconnected_at else None,
            )
            ConnectionSettings.objects.get_or_create(connection=connection)
            ensure_streams(connection)
            # They were for this; else an old link would open a door again after a later disconnect.
            others = Invitation.objects.open(now).filter(organization=connection.organization, connection=None)
            others.filter(provider=connection.provider).update(revoked_at=now, revoked_by=by)
    except IntegrityError:
        if connection.is_books_of_record:
            refuse_second_system(connection.organization)
        raise ConnectRefused(_("%(books)s is connected already.") % {"books": connection.books}) from None
    connection.refresh_from_db()


def decline_company(connection: Connection, *, by: User) -> bool:
    """No: the login is forgotten, and given back; True when the accounting system was told.

    A connection that was live before keeps its data and settings.
    """
    refuse_unless_owner(connection.organization, by)
    if connection.state != Connection.State.CONFIRMING:
        return True
    tokens = connection.credential.tokens()
    if connection.disconnected_at:
        wipe(connection)
        connection.state = Connection.State.DISCONNECTED
        connection.save(update_fields=["state"])
    else:
        connection.delete()
    return tokens is None or give_back(connection.ledger_provider, tokens)
