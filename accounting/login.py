"""Signing in: the address of the login page, and the exchange of its answer for tokens.

requests-oauthlib builds the address and speaks the exchange; its automatic refresh is not
used. Every function makes at most one request, of at most 15 seconds, and never repeats it.
"""

from __future__ import annotations

import base64
import hashlib
import logging
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec
import requests
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from accounting.addresses import checked_url
from accounting.answers import Breakdown, Malformed, Misshapen, breakdown_error, decode, encode, retry_after
from accounting.auth import Auth, AuthorizationCode, Tokens
from accounting.errors import NotAllowed, ReconnectNeeded, TryLater, UnexpectedAnswer
from accounting.http import Reply, exchange, new_session
from accounting.types import gettext_noop

DEADLINE_S = 15.0
LIFE_WITHOUT_HINT_S = 5 * 60
LONGEST_LIFE_S = 30 * 24 * 3600

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
    tokens = _tokens(answer, started)
    if not tokens.refresh_token:
        raise NotAllowed(
            gettext_noop("The login does not outlast the hour: permission for offline access was not granted.")
        )
    # A login server that names no scopes has granted what was asked.
    return replace(tokens, scopes=tokens.scopes or frozenset(each.scope for each in auth.permissions))


def refresh(
    auth: Auth,
    site: Mapping[str, str],
    tokens: Tokens | None,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Tokens:
    """New tokens for the old refresh token, which stays where none comes back; empty `scopes` mean: unchanged.

    Raises ReconnectNeeded when the login server refuses it, TryLater when it is out of order (then the
    old one may be spent all the same).
    """
    auth = _with_login_page(auth)
    if tokens is None or not tokens.refresh_token:
        raise ReconnectNeeded(gettext_noop("There is no login to renew. Sign in again."))
    started = clock()
    answer = _TokenSession(auth, site).refresh_token(
        _as_https(_address(auth, site, auth.token_path)),
        refresh_token=tokens.refresh_token,
        auth=HTTPBasicAuth(*_client(auth, site)),
    )
    return _tokens(answer, started)


def revoke(auth: Auth, site: Mapping[str, str], tokens: Tokens) -> None:
    """The login is worth nothing from now on. Raises like `refresh`; does nothing where there is no such service."""
    if not isinstance(auth, AuthorizationCode) or not auth.revoke_path:
        return
    token = tokens.refresh_token or tokens.access_token
    hint = "refresh_token" if tokens.refresh_token else "access_token"
    request = requests.Request(
        "POST",
        _address(auth, site, auth.revoke_path),
        data={"token": token, "token_type_hint": hint},
        auth=HTTPBasicAuth(*_client(auth, site)),
    )
    _sent(request, auth)


# --- what it stands on -----------------------------------------------------------


def _with_login_page(auth: Auth) -> AuthorizationCode:
    if not isinstance(auth, AuthorizationCode):
        raise TypeError(f"{type(auth).__name__} has no login page")
    return auth


def _client(auth: AuthorizationCode, site: Mapping[str, str]) -> tuple[str, str]:
    """Our id and password at the login server."""
    variables = (auth.client_id_variable, auth.client_secret_variable)
    if not all(site.get(name) for name in variables):
        raise NotAllowed(f"This installation is not registered at the login server yet: set {' and '.join(variables)}.")
    return site[variables[0]], site[variables[1]]


def _address(auth: AuthorizationCode, site: Mapping[str, str], path: str) -> str:
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
        response._content = _checked(reply)
        return response


def _sent(request: requests.Request, auth: AuthorizationCode) -> Reply:
    """The successful answer to our one request. Raises what else came of it."""
    with new_session() as session:
        reply = exchange(session, request, seconds=DEADLINE_S)
    if isinstance(reply, Breakdown):
        raise breakdown_error(reply, is_write=False)
    if reply.status // 100 == 2:
        return reply
    match _error_code(reply.body):
        case "invalid_grant":
            raise ReconnectNeeded(
                gettext_noop("The login server no longer accepts this login. Sign in again."), status=reply.status
            )
        case "invalid_client" | "unauthorized_client":
            raise NotAllowed(
                f"The client id or secret of this installation was refused by {urlsplit(request.url).hostname}: "
                f"check {auth.client_id_variable} and {auth.client_secret_variable}.",
                status=reply.status,
            )
    raise TryLater(
        gettext_noop("The login server cannot answer right now."), after=retry_after(reply.headers), status=reply.status
    )


class _Denied(msgspec.Struct):
    error: str = ""


def _error_code(body: bytes) -> str:
    try:
        return decode(body, _Denied).error
    except (Malformed, Misshapen):
        return ""


class _Granted(msgspec.Struct):
    access_token: str
    refresh_token: str | None = None
    expires_in: Any = None
    scope: Any = None


def _checked(reply: Reply) -> bytes:
    """The token answer, reduced to what we know and to the types that the library expects."""
    try:
        granted = decode(reply.body, _Granted)
    except (Malformed, Misshapen):
        granted = _Granted(access_token="")
    # What cannot stand in a header is no token.
    if not re.fullmatch(r"[!-~]+", granted.access_token):
        raise UnexpectedAnswer(gettext_noop("The login server answered without a usable token."), status=reply.status)
    cleaned = {"token_type": "Bearer", "access_token": granted.access_token, "expires_in": _life(granted.expires_in)}
    if granted.refresh_token:
        cleaned["refresh_token"] = granted.refresh_token
    if isinstance(granted.scope, str) and granted.scope.strip():
        cleaned["scope"] = granted.scope
    return encode(cleaned)


def _life(seconds: object) -> int:
    """Seconds; five minutes where the answer says nothing usable."""
    if type(seconds) is int and seconds > 0:
        return min(seconds, LONGEST_LIFE_S)
    return LIFE_WITHOUT_HINT_S


def _tokens(answer: Mapping[str, Any], started: datetime) -> Tokens:
    """Counted from before the request: rather a little too short than too long."""
    return Tokens(
        access_token=answer["access_token"],
        refresh_token=answer.get("refresh_token", ""),
        expires_at=started + timedelta(seconds=answer["expires_in"]),
        scopes=frozenset(answer.get("scope", ())),
    )
