"""The connections that a command is about."""

from __future__ import annotations

from uuid import UUID

from django.core.management.base import CommandError

from integrations.models import Connection


def choose_connections(organization: str | None, connection_id: str | None) -> list[Connection]:
    """The live connections that were asked for, paused ones too. Raises CommandError when there is none."""
    found = Connection.objects.filter(state__in=Connection.LIVE, books__isnull=False)
    if organization:
        found = found.filter(organization__slug=organization)
    if connection_id:
        found = found.filter(pk=as_uuid(connection_id))
    connections = list(found.select_related("organization", "books", "settings"))
    if not connections and (organization or connection_id):
        raise CommandError("There is no such connection, or it is disconnected.")
    return connections


def as_uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise CommandError(f"{text} is not the id of a connection.") from None
