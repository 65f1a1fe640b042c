"""To the accounting system's own page and back, for logins that have one.

A flow is bound to the person, the browser session, the organization and the provider, lasts ten minutes and is
used once: it is marked used before anything leaves. Where the page brings our state back, it names the flow. Where
it brings nothing back but a lasting token, a cookie names the flow, and the token is put away, encrypted, before
anything is done with it: so it is gone from the browser's address at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounting import login
from accounting.auth import Auth, AuthorizationCode, GrantToken, Tokens, login_named
from accounting.errors import AccountingError
from accounting.protocol import Provider
from fieldwork.models import User
from integrations.connecting.keeping import Connected, Wish, keep, refuse_to_begin
from integrations.connecting.refusals import ConnectRefused, refusal_sentence, refuse_unless_owner, sentence_of
from integrations.connections import site_of
from integrations.models import Invitation, LoginFlow

FLOW_LIFE = timedelta(minutes=10)
KEEP_FLOWS = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Departure:
    """Where to send the person. `keepsake` is what their browser keeps for us, where the page brings nothing back."""

    address: str
    keepsake: str = field(default="", repr=False)


# --- to the accounting system's page ---


def start_login(wish: Wish, provider: Provider, auth: Auth, *, session_key: str) -> Departure:
    """The way to the page on which access is given. No network.

    Raises ConnectRefused with what must be done first.
    """
    refuse_to_begin(wish, provider, auth)
    flow = login.new_flow()
    try:
        address = address_of(provider, auth, flow)
    except AccountingError as error:
        raise ConnectRefused(sentence_of(error)) from error
    now = timezone.now()
    LoginFlow.objects.filter(expires_at__lt=now - KEEP_FLOWS).delete()
    # A token that was put away and never fetched lasts longer than the flow that it came with.
    LoginFlow.objects.filter(expires_at__lt=now).update(verifier="")
    brings_state_back = isinstance(auth, AuthorizationCode)
    LoginFlow.objects.create(
        state_hash=digest(flow.state),
        verifier=flow.verifier if brings_state_back else "",
        provider=provider.key,
        login=auth.key,
        organization=wish.organization,
        user=wish.by,
        session_hash=digest(session_key),
        connection=wish.renew,
        as_further=wish.as_further,
        invitation=wish.invitation,
        expires_at=now + FLOW_LIFE,
    )
    return Departure(address=address, keepsake="" if brings_state_back else flow.state)


def address_of(provider: Provider, auth: Auth, flow: login.Flow) -> str:
    site, back = site_of(provider), redirect_uri(provider)
    if isinstance(auth, GrantToken):
        return login.installation_url(auth, site, redirect_uri=back, language=(get_language() or "")[:2])
    return login.authorization_url(auth, site, redirect_uri=back, flow=flow)


def redirect_uri(provider: Provider) -> str:
    """Where the accounting system sends the person back to; registered with it, one per provider."""
    return settings.SITE_URL + reverse("integrations:callback", args=[provider.key])


# --- and back ---


def grant_in(provider: Provider, answer: Mapping[str, str]) -> str:
    """The lasting token that stands in the address, or empty."""
    names = [auth.token_parameter for auth in provider.logins if isinstance(auth, GrantToken)]
    return next((answer[name] for name in names if answer.get(name)), "")


def put_away(
    provider: Provider, token: str, *, state: str, by: User, session_key: str, invitation: Invitation | None = None
) -> None:
    """The token waits with the flow that it belongs to, encrypted. Raises ConnectRefused when there is none."""
    flows = open_flows(provider, state, by=by, session_key=session_key, invitation=invitation)
    if not flows.filter(verifier="").update(verifier=token):
        raise expired()


def finish_login(
    provider: Provider, answer: Mapping[str, str], *, by: User, session_key: str, invitation: Invitation | None = None
) -> Connected:
    """The connection after the page's answer, awaiting confirmation unless it was only renewed.

    Network: the exchange of a code, then the company. Raises ConnectRefused.
    """
    flow = use_flow(provider, answer.get("state", ""), by=by, session_key=session_key, invitation=invitation)
    auth = login_named(provider.logins, flow.login)
    if refused := answer.get("error"):
        raise ConnectRefused(refusal_sentence(provider, auth, refused, answer.get("error_description", "")))
    wish = Wish(
        organization=flow.organization,
        by=by,
        renew=flow.connection,
        as_further=flow.as_further,
        invitation=invitation,
    )
    try:
        tokens = tokens_from(provider, auth, flow, answer)
    except AccountingError as error:
        raise ConnectRefused(sentence_of(error)) from error
    finally:
        LoginFlow.objects.filter(pk=flow.pk).update(verifier="")
    return keep(wish, provider, auth, tokens)


def tokens_from(provider: Provider, auth: Auth, flow: LoginFlow, answer: Mapping[str, str]) -> Tokens:
    if isinstance(auth, GrantToken):
        return login.accept_grant(auth, {auth.token_parameter: flow.verifier})
    return login.exchange_code(
        auth,
        site_of(provider),
        code=answer.get("code", ""),
        verifier=flow.verifier,
        redirect_uri=redirect_uri(provider),
    )


def use_flow(
    provider: Provider, state: str, *, by: User, session_key: str, invitation: Invitation | None = None
) -> LoginFlow:
    """The flow of this state, now used up. Raises ConnectRefused for anybody but the one who started it."""
    mine = open_flows(provider, state, by=by, session_key=session_key, invitation=invitation)
    flow = mine.select_related("organization", "connection__books").first()
    if flow is None or not mine.update(used_at=timezone.now()):
        raise expired()
    refuse_unless_owner(flow.organization, by)
    return flow


def open_flows(
    provider: Provider, state: str, *, by: User, session_key: str, invitation: Invitation | None
) -> QuerySet[LoginFlow]:
    """The flow of this state, if it is this person's and can still be used."""
    return LoginFlow.objects.filter(
        state_hash=digest(state),
        provider=provider.key,
        user=by,
        session_hash=digest(session_key),
        invitation=invitation,
        expires_at__gt=timezone.now(),
        used_at__isnull=True,
    )


def expired() -> ConnectRefused:
    return ConnectRefused(
        _("This sign-in has expired, was used already, or was started by somebody else. Start again with Connect.")
    )


def digest(text: str) -> str:
    """What is stored of a secret that is only compared."""
    return hashlib.sha256(text.encode()).hexdigest()
