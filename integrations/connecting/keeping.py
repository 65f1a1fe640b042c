"""From tokens to a connection: whose books they open is read, and the tokens are kept with what was wanted.

Nothing is kept before the company was read, nor when it is not the one that the connection belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounting.auth import Auth, ClientCredentials, Tokens
from accounting.errors import AccountingError, ReconnectNeeded
from accounting.models import Books
from accounting.protocol import Provider
from accounting.types import Company
from fieldwork.models import Organization, User
from integrations.connecting.disconnecting import give_back
from integrations.connecting.refusals import (
    ConnectRefused,
    missing_permissions,
    refuse_closed_books,
    refuse_connected,
    refuse_other_company,
    refuse_second_system,
    refuse_strangers_books,
    refuse_unless_owner,
    refuse_unregistered,
    refuse_without_licence,
    sentence_of,
)
from integrations.connections import environment_of, site_of
from integrations.models import Connection, ConnectionSettings, Credential, Invitation
from integrations.tokens import save_tokens
from integrations.trouble.cases import close_cases


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What an owner wants of a login: a new one for the connection `renew`, or other books.

    `as_further` are books beside those of record: nothing is sent to them. With an `invitation` somebody else signs
    in for the owner.
    """

    organization: Organization
    by: User
    renew: Connection | None = None
    as_further: bool = False
    invitation: Invitation | None = None


@dataclass(frozen=True, kw_only=True)
class Connected:
    """Where a login led: `needs_confirmation` until the owner has seen the company. `missing` are the
    permissions that were asked for and not given, in words."""

    connection: Connection
    missing: tuple[str, ...] = ()

    @property
    def needs_confirmation(self) -> bool:
        return self.connection.state == Connection.State.CONFIRMING


def refuse_to_begin(wish: Wish, provider: Provider, auth: Auth) -> None:
    """Raises ConnectRefused with what must be done first, whichever way of signing in was chosen."""
    refuse_unless_owner(wish.organization, wish.by)
    refuse_without_licence(wish.organization, provider)
    if wish.renew is None and not wish.as_further:
        refuse_second_system(wish.organization)
    refuse_unregistered(provider, auth)


def keep(wish: Wish, provider: Provider, auth: Auth, tokens: Tokens) -> Connected:
    """The connection that holds the tokens now, awaiting confirmation unless it was only renewed.

    Network: the company. Raises ConnectRefused, and gives the login back, when it is not to be kept.
    """
    try:
        connection = keep_login(wish, provider, tokens, read_company(provider, auth, tokens))
    except ConnectRefused:
        give_back(provider, tokens)
        raise
    return Connected(connection=connection, missing=missing_permissions(provider, tokens))


# --- whose books ---


def read_company(provider: Provider, auth: Auth, tokens: Tokens) -> Company:
    """Whose books the login opens."""
    try:
        company = provider.open(site_of(provider), NewAccess(tokens)).company()
    except ReconnectNeeded as error:
        raise ConnectRefused(refused_at_the_door(auth, error)) from error
    except AccountingError as error:
        raise ConnectRefused(sentence_of(error)) from error
    refuse_closed_books(provider, company)
    return company


class NewAccess:
    """Tokens that are not stored yet: used as they are, never renewed."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def token(self) -> str:
        return self._tokens.access_token

    def renew(self, refused: str) -> str:
        return self._tokens.access_token


def refused_at_the_door(auth: Auth, error: ReconnectNeeded) -> str:
    """Why the books refuse a token that was given a moment ago: "sign in again" would help nobody."""
    if not isinstance(auth, ClientCredentials):
        return sentence_of(error)
    advice = _(auth.tenant_advice) if auth.tenant_advice else _("It must be the id of the company itself.")
    sentence = _("The login server accepts this tenant id, but the books let nobody in with it. %(advice)s")
    return sentence % {"advice": advice}


# --- the connection ---


def keep_login(wish: Wish, provider: Provider, tokens: Tokens, company: Company) -> Connection:
    """The connection that now holds the tokens: the renewed one, or one that awaits confirmation.

    Raises ConnectRefused when the company is not the one that the connection, or the organization, is bound to.
    """
    with transaction.atomic():
        # Two answers at the same moment, as after a double click, make one connection.
        Organization.objects.select_for_update().get(pk=wish.organization.pk)
        books = remember_company(provider, company)
        refuse_other_company(wish.renew, books)
        refuse_strangers_books(wish.organization, books)
        drop_unconfirmed(wish.organization, provider, keep=books)
        connection = find_or_add(wish, provider, books)
        if wish.invitation and wish.renew is None:
            refuse_connected(connection)
        Credential.objects.get_or_create(connection=connection)
        save_tokens(Credential.objects.filter(connection=connection), connection, tokens)
        if connection.is_live:
            renew(connection, wish.by)
        else:
            await_confirmation(connection, as_further=wish.as_further)
    return connection


def find_or_add(wish: Wish, provider: Provider, books: Books) -> Connection:
    found = Connection.objects.filter(organization=wish.organization, books=books).first()
    return found or Connection.objects.create(
        organization=wish.organization,
        provider=provider.key,
        books=books,
        connected_by=wish.by,
        is_books_of_record=not wish.as_further,
    )


def await_confirmation(connection: Connection, *, as_further: bool) -> None:
    """Books that come back in another role begin anew: the owner looks through their settings first."""
    if connection.is_books_of_record == as_further:
        connection.is_books_of_record = not as_further
        connection.streams.update(enabled=not as_further, overwrite=not as_further)
        ConnectionSettings.objects.filter(connection=connection).update(
            saved_at=None, next_step=ConnectionSettings.Step.IMPORT
        )
    connection.state = Connection.State.CONFIRMING
    connection.save(update_fields=["state", "is_books_of_record"])


def drop_unconfirmed(organization: Organization, provider: Provider, *, keep: Books) -> None:
    """Earlier logins to other companies that nobody confirmed."""
    Connection.objects.filter(
        organization=organization,
        provider=provider.key,
        state=Connection.State.CONFIRMING,
        disconnected_at__isnull=True,
    ).exclude(books=keep).delete()


def renew(connection: Connection, by: User) -> None:
    """The same company again: everything goes on where it stopped. What is paused stays paused."""
    if connection.state == Connection.State.RECONNECT:
        connection.state = Connection.State.ACTIVE
    connection.problem = ""
    connection.connected_by = by
    connection.connected_at = timezone.now()
    connection.save(update_fields=["state", "problem", "connected_by", "connected_at"])
    close_cases(connection, subject=("connection", [str(connection.pk)]))


def remember_company(provider: Provider, company: Company) -> Books:
    """The books of this company, as it describes itself now."""
    books, _created = Books.objects.update_or_create(
        provider=provider.key,
        environment=environment_of(site_of(provider)),
        remote_id=company.remote_id,
        defaults={
            "name": company.name,
            "organisation_number": company.organisation_number,
            "country": company.country,
            "currency": company.currency,
            "active": company.active,
            "features": sorted(company.features),
            "locked_until": company.locked_until,
            "private_prices_include_vat": company.private_prices_include_vat,
            "rounds_to_whole": company.rounds_to_whole,
            "read_at": timezone.now(),
        },
    )
    return books
