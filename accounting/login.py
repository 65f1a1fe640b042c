"""Signing in: the address of the login page, the exchange of its answer for tokens, and their renewal.

requests-oauthlib builds the address and speaks the exchange of a code; its automatic refresh is not
used. Every function makes at most one request, of at most 15 seconds, and never repeats it.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from accounting.addresses import checked_url
from accounting.answers import Breakdown, breakdown_error
from accounting.auth import Auth, AuthorizationCode, ClientCredentials, GrantToken, Tokens
from accounting.errors import NotAllowed, ReconnectNeeded
from accounting.http import Reply, exchange, new_session
from accounting.token_answers import denied, granted, granted_as_text, is_token
from accounting.types import gettext_noop

DEADLINE_S = 15.0

# Their debug lines hold tokens and passwords.
for _name in ("requests_oauthlib", "oauthlib"):
    logging.getLogger(_name).setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Flow:
    """The secrets of one sign-in. Keep `state` and `verifier` until the person comes back."""

    state: str = field(repr=False)
    verifier: str = field(repr=False)

    @property
    def challenge(self) -> str:
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


# --- authorization code ----------------------------------------------------------


def new_flow() -> Flow:
    return Flow(state=secrets.token_urlsafe(32), verifier=secrets.token_urlsafe(64))


def authorization_url(auth: Auth, site: Mapping[str, str], *, redirect_uri: str, flow: Flow) -> str:
    """Where to send the person. No network. Raises NotAllowed when the installation has no client id."""
    auth = _with_login_page(auth)
    address = _address(auth, site, auth.authorize_path)
    session = OAuth2Session(
        _client(auth, site)[0], redirect_uri=redirect_uri, scope=[each.scope for each in auth.permissions]
    )
    url, _ = session.authorization_url(
        _as_https(address),
        state=flow.state,
        code_challenge=flow.challenge,
        code_challenge_method="S256",
        **auth.authorize_extra,
    )
    return urlsplit(url)._replace(scheme=urlsplit(address).scheme).geturl()


def exchange_code(
    auth: Auth,
    site: Mapping[str, str],
    *,
    code: str,
    verifier: str,
    redirect_uri: str,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Tokens:
    """The tokens for the code that the login page gave.

    Raises ReconnectNeeded when the code is spent or too old, NotAllowed when this installation's client is
    refused or no refresh token is granted, TryLater when the login server is out of order.
    """
    auth = _with_login_page(auth)
    if not code:
        raise ReconnectNeeded(gettext_noop("The login page sent nothing to sign in with. Start again."))
    started = clock()
    answer = _TokenSession(auth, site, redirect_uri=redirect_uri).fetch_token(
        _as_https(_address(auth, site, auth.token_path)),
        code=code,
        code_verifier=verifier,
        auth=HTTPBasicAuth(*_client(auth, site)),
    )
    tokens = _tokens(auth, answer, started)
    if not tokens.refresh_token:
        raise NotAllowed(
            gettext_noop("The login does not outlast the hour: permission for offline access was not granted.")
        )
    return _with_scopes(auth, tokens)


# --- client credentials ----------------------------------------------------------


def fetch_for_tenant(
    auth: Auth,
    site: Mapping[str, str],
    *,
    tenant: str,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Tokens:
    """The tokens with which this installation enters that tenant's company; they keep the tenant's id.

    Raises ReconnectNeeded when the tenant does not let us in, NotAllowed when this installation's client is
    refused, TryLater when the login server is out of order.
    """
    if not isinstance(auth, ClientCredentials):
        raise TypeError(f"{type(auth).__name__} is not asked for a tenant")
    if not tenant:
        raise ReconnectNeeded(gettext_noop("There is no tenant to sign in to. Connect again."))
    client_id, client_secret = _client(auth, site)
    form = {
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_secret": client_secret,
        auth.tenant_parameter: tenant,
        "scope": " ".join(each.scope for each in auth.permissions),
    }
    started = clock()
    request = requests.Request("POST", _address(auth, site, auth.token_path), data=form)
    answer = granted(_sent(request, auth))
    answer["scope"] = answer.get("scope", "").split()
    # A refresh token is not for us: the next token is fetched like this one.
    return _with_scopes(auth, replace(_tokens(auth, answer, started), refresh_token="", tenant=tenant))


# --- grant token -----------------------------------------------------------------


def installation_url(auth: Auth, site: Mapping[str, str], *, redirect_uri: str, language: str = "") -> str:
    """Where a person adds the app and comes back from with a grant token. No network.

    Raises NotAllowed when the installation has no tokens of its own. No state comes back: bind the answer yourself.
    """
    auth = _with_grant(auth)
    if missing := [name for name in auth.variables if not site.get(name)]:
        raise _not_registered(missing)
    query = {auth.public_token_parameter: site[auth.public_token_variable], auth.redirect_parameter: redirect_uri}
    if locale := auth.locales.get(language):
        query[auth.locale_parameter] = locale
    return f"{checked_url(site[auth.install_variable])}?{urlencode(query)}"


def accept_grant(auth: Auth, answer: Mapping[str, str]) -> Tokens:
    """The tokens in what the installation page sent back: they do not expire. No network.

    Raises ReconnectNeeded when there is none, or nothing that could be one.
    """
    auth = _with_grant(auth)
    token = answer.get(auth.token_parameter, "").strip()
    if not token:
        raise ReconnectNeeded(gettext_noop("No access was given: the page sent no token. Start again."))
    if not is_token(token):
        raise ReconnectNeeded(gettext_noop("What the page sent is not a token. Start again."))
    return Tokens(access_token=token, login=auth.key)


# --- renewal and end -------------------------------------------------------------


def refresh(
    auth: Auth,
    site: Mapping[str, str],
    tokens: Tokens | None,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Tokens:
    """New tokens for the old refresh token, which stays where none comes back; empty `scopes` mean: unchanged.

    Where a tenant lets us in by ourselves, another token for the same tenant. Raises ReconnectNeeded when the
    login server refuses, or nothing can be renewed; TryLater when it is out of order (then the old refresh
    token may be spent all the same).
    """
    if isinstance(auth, ClientCredentials):
        return fetch_for_tenant(auth, site, tenant=tokens.tenant if tokens else "", clock=clock)
    if isinstance(auth, GrantToken):
        raise ReconnectNeeded(gettext_noop("The access that was given is no longer accepted. Give it again."))
    if tokens is None or not tokens.refresh_token:
        raise ReconnectNeeded(gettext_noop("There is no login to renew. Sign in again."))
    started = clock()
    answer = _TokenSession(auth, site).refresh_token(
        _as_https(_address(auth, site, auth.token_path)),
        refresh_token=tokens.refresh_token,
        auth=HTTPBasicAuth(*_client(auth, site)),
    )
    return _tokens(auth, answer, started)


def revoke(auth: Auth, site: Mapping[str, str], tokens: Tokens) -> bool:
    """True once the login is worth nothing; False where there is no such service. Raises like `refresh`."""
    if not isinstance(auth, AuthorizationCode) or not auth.revoke_path:
        return False
    token = tokens.refresh_token or tokens.access_token
    hint = "refresh_token" if tokens.refresh_token else "access_token"
    request = requests.Request(
        "POST",
        _address(auth, site, auth.revoke_path),
        data={"token": token, "token_type_hint": hint},
        auth=HTTPBasicAuth(*_client(auth, site)),
    )
    _sent(request, auth)
    return True


# --- what it stands on -----------------------------------------------------------


def _with_login_page(auth: Auth) -> AuthorizationCode:
    if not isinstance(auth, AuthorizationCode):
        raise TypeError(f"{type(auth).__name__} has no login page")
    return auth


def _with_grant(auth: Auth) -> GrantToken:
    if not isinstance(auth, GrantToken):
        raise TypeError(f"{type(auth).__name__} has no installation page")
    return auth


def _not_registered(variables: Sequence[str]) -> NotAllowed:
    return NotAllowed(f"This installation is not registered at the login server yet: set {' and '.join(variables)}.")


def _client(auth: AuthorizationCode | ClientCredentials, site: Mapping[str, str]) -> tuple[str, str]:
    """Our id and password at the login server."""
    variables = (auth.client_id_variable, auth.client_secret_variable)
    if not all(site.get(name) for name in variables):
        raise _not_registered(variables)
    return site[variables[0]], site[variables[1]]


def _address(auth: AuthorizationCode | ClientCredentials, site: Mapping[str, str], path: str) -> str:
    return f"{checked_url(site[auth.identity_variable])}/{path.lstrip('/')}"


def _as_https(address: str) -> str:
    """What oauthlib insists on, also for this machine. The request itself goes to the real address."""
    return urlsplit(address)._replace(scheme="https").geturl()


class _TokenSession(OAuth2Session):
    """requests-oauthlib behind our door: it sees a checked answer only, and no scopes to quarrel about."""

    def __init__(self, auth: AuthorizationCode, site: Mapping[str, str], *, redirect_uri: str | None = None) -> None:
        super().__init__(_client(auth, site)[0], redirect_uri=redirect_uri)
        self._auth = auth
        self._address = _address(auth, site, auth.token_path)

    def request(  # type: ignore[override]  # the library asks for tokens in this one way
        self, method: str, url: str, data: Any = None, headers: Any = None, **more: Any
    ) -> requests.Response:
        reply = _sent(requests.Request("POST", self._address, headers, data=data, auth=more["auth"]), self._auth)
        response = requests.Response()
        response.request = requests.PreparedRequest()
        response.status_code = reply.status
        response.encoding = "utf-8"
        response._content = granted_as_text(reply)
        return response


def _sent(request: requests.Request, auth: AuthorizationCode | ClientCredentials) -> Reply:
    """The successful answer to our one request. Raises what else came of it."""
    with new_session() as session:
        reply = exchange(session, request, seconds=DEADLINE_S)
    if isinstance(reply, Breakdown):
        raise breakdown_error(reply, is_write=False)
    if reply.status // 100 == 2:
        return reply
    raise denied(reply, auth, request.url)


def _tokens(auth: Auth, answer: Mapping[str, Any], started: datetime) -> Tokens:
    """Counted from before the request: rather a little too short than too long."""
    return Tokens(
        access_token=answer["access_token"],
        refresh_token=answer.get("refresh_token", ""),
        expires_at=started + timedelta(seconds=answer["expires_in"]),
        scopes=frozenset(answer.get("scope", ())),
        login=auth.key,
    )


def _with_scopes(auth: AuthorizationCode | ClientCredentials, tokens: Tokens) -> Tokens:
    """A login server that names no scopes has granted what was asked."""
    return replace(tokens, scopes=tokens.scopes or frozenset(each.scope for each in auth.permissions))
