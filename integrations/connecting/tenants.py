"""Into a company that has let this installation's app in: no page to go to, the tenant's id is enough."""

from __future__ import annotations

from accounting import login
from accounting.auth import Auth
from accounting.errors import AccountingError
from accounting.protocol import Provider
from integrations.connecting.keeping import Connected, Wish, keep, refuse_to_begin
from integrations.connecting.refusals import ConnectRefused, sentence_of
from integrations.connections import site_of
from integrations.models import Connection, Credential


def enter(wish: Wish, provider: Provider, auth: Auth, *, tenant: str) -> Connected:
    """The connection to that tenant's books, awaiting confirmation unless it was only renewed.

    Network: one token, then the company. Raises ConnectRefused.
    """
    refuse_to_begin(wish, provider, auth)
    try:
        tokens = login.fetch_for_tenant(auth, site_of(provider), tenant=tenant)
    except AccountingError as error:
        raise ConnectRefused(sentence_of(error)) from error
    return keep(wish, provider, auth, tokens)


def held_login(connection: Connection | None) -> tuple[str, str]:
    """By which login a connection was made, and for which tenant; empty where nothing is known."""
    credential = Credential.objects.filter(connection=connection).first() if connection else None
    tokens = credential.tokens() if credential else None
    return (tokens.login, tokens.tenant) if tokens else ("", "")
