"""From "Connect" to the company that the login yields, and from a refused login back to a live connection.

Only owners may. A flow is bound to the person, the browser session, the organization and the provider, lasts
ten minutes and is used once: it is marked used before the code leaves. The books' company is read before
anything is kept; `confirming` shows it before anything moves.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounting import login
from accounting.auth import Tokens
from accounting.errors import AccountingError
from accounting.models import Books
from accounting.protocol import Provider
from accounting.types import Company
from fieldwork.models import Organization, User
from integrations.connecting.disconnecting import give_back
from integrations.connecting.refusals import (
    ConnectRefused,
    missing_permissions,
    refusal_sentence,
    refuse_closed_books,
    refuse_other_company,
    refuse_second_system,
    refuse_strangers_books,
    refuse_unless_owner,
    refuse_without_licence,
    sentence_of,
)
from integrations.connections import environment_of, missing_variables, site_of
from integrations.models import Connection, Credential, LoginFlow
from integrations.tokens import save_tokens
from integrations.trouble.cases import close_cases

FLOW_LIFE = timedelta(minutes=10)
KEEP_FLOWS = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Connected:
    """Where a login led: `needs_confirmation` until the owner has seen the company. `missing` are the
    permissions that were asked for and not given, in words."""

    connection: Connection
    missing: tuple[str, ...] = ()

    @property
    def needs_confirmation(self) -> bool:
        return self.connection.state == Connection.State.CONFIRMING


# --- to the accounting system's login page ---


def start_login(
    organization: Organization, provider: Provider, *, by: User, session_key: str, renew: Connection | None = None
) -> str:
    """The address of the login page. `renew` names the connection that is to get a new login.

    Raises ConnectRefused with what must be done first.
    """
    refuse_unless_owner(organization, by)
    refuse_without_licence(organization, provider)
    if renew is None:
        refuse_second_system(organization)
    if missing := missing_variables(provider):
        raise ConnectRefused(
            _("This installation is not registered with %(provider)s yet. Whoever hosts it sets %(variables)s.")
            % {"provider": provider.label, "variables": ", ".join(missing)}
        )
    flow = login.new_flow()
    try:
        address = login.authorization_url(
            provider.logins[0], site_of(provider), redirect_uri=redirect_uri(provider), flow=flow
        )
    except AccountingError as error:
        raise ConnectRefused(sentence_of(error)) from error
    now = timezone.now()
    LoginFlow.objects.filter(expires_at__lt=now - KEEP_FLOWS).delete()
    LoginFlow.objects.create(
        state_hash=digest(flow.state),
        verifier=flow.verifier,
        provider=provider.key,
        organization=organization,
        user=by,
        session_hash=digest(session_key),
        connection=renew,
        expires_at=now + FLOW_LIFE,
    )
    return address


def redirect_uri(provider: Provider) -> str:
    """Where the accounting system sends the person back to; registered with it, one per provider."""
    return settings.SITE_URL + reverse("integrations:callback", args=[provider.key])


# --- and back ---


def finish_login(provider: Provider, answer: Mapping[str, str], *, by: User, session_key: str) -> Connected:
    """The connection after the login page's answer, awaiting confirmation unless it was only renewed.

    Network: the code exchange, then the company. Raises ConnectRefused.
    """
    flow = use_flow(provider, answer.get("state", ""), by=by, session_key=session_key)
    if refused := answer.get("error"):
        raise ConnectRefused(refusal_sentence(provider, refused, answer.get("error_description", "")))
    tokens = exchange_code(provider, flow, answer.get("code", ""))
    try:
        connection = keep_login(flow, provider, tokens, read_company(provider, tokens))
    except ConnectRefused:
        give_back(provider, tokens)
        raise
    return Connected(connection=connection, missing=missing_permissions(provider, tokens))


def exchange_code(provider: Provider, flow: LoginFlow, code: str) -> Tokens:
    try:
        return login.exchange_code(
            provider.logins[0],
            site_of(provider),
            code=code,
            verifier=flow.verifier,
            redirect_uri=redirect_uri(provider),
        )
    except AccountingError as error:
        raise ConnectRefused(sentence_of(error)) from error


def read_company(provider: Provider, tokens: Tokens) -> Company:
    """Whose books the login opens."""
    try:
        company = provider.open(site_of(provider), NewAccess(tokens)).company()
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


def use_flow(provider: Provider, state: str, *, by: User, session_key: str) -> LoginFlow:
    """The flow of this state, now used up. Raises ConnectRefused for anybody but the one who started it."""
    now = timezone.now()
    mine = LoginFlow.objects.filter(
        state_hash=digest(state),
        provider=provider.key,
        user=by,
        session_hash=digest(session_key),
        expires_at__gt=now,
        used_at__isnull=True,
    )
    flow = mine.select_related("organization", "connection__books").first()
    if flow is None or not mine.update(used_at=now):
        raise ConnectRefused(
            _("This sign-in has expired, was used already, or was started by somebody else. Start again with Connect.")
        )
    refuse_unless_owner(flow.organization, by)
    return flow


def keep_login(flow: LoginFlow, provider: Provider, tokens: Tokens, company: Company) -> Connection:
    """The connection that now holds the tokens: the renewed one, or one that awaits confirmation.

    Raises ConnectRefused when the company is not the one that the connection, or the organization, is bound to.
    """
    with transaction.atomic():
        books = remember_company(provider, company)
        refuse_other_company(flow, books)
        refuse_strangers_books(flow.organization, books)
        drop_unconfirmed(flow.organization, provider, keep=books)
        connection = Connection.objects.filter(organization=flow.organization, books=books).first()
        if connection is None:
            connection = Connection.objects.create(
                organization=flow.organization, provider=provider.key, books=books, connected_by=flow.user
            )
        Credential.objects.get_or_create(connection=connection)
        save_tokens(Credential.objects.filter(connection=connection), connection, tokens)
        if connection.is_live:
            renew(connection, flow.user)
        else:
            connection.state = Connection.State.CONFIRMING
            connection.save(update_fields=["state"])
    return connection


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


def digest(text: str) -> str:
    """What is stored of a secret that is only compared."""
    return hashlib.sha256(text.encode()).hexdigest()
