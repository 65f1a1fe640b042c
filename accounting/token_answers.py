"""What a login server said: a token answer checked and reduced, and a refusal in a sentence of ours. No network."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import msgspec

from accounting.answers import Malformed, Misshapen, decode, encode, retry_after
from accounting.auth import AuthorizationCode, ClientCredentials
from accounting.errors import AccountingError, NotAllowed, ReconnectNeeded, TryLater, UnexpectedAnswer
from accounting.http import Reply
from accounting.types import gettext_noop

LIFE_WITHOUT_HINT_S = 5 * 60
LONGEST_LIFE_S = 30 * 24 * 3600
LONGEST_TOKEN = 20_000

# What a person can mend where they sign in. The provider's own `advice` for a code comes before these.
REFUSALS = {
    "invalid_grant": gettext_noop("The login server no longer accepts this login. Sign in again."),
    "invalid_tenant": gettext_noop(
        "The login server does not let this app into that company. Check that it is the right company, and that the "
        "app was approved for it."
    ),
    "invalid_scope": gettext_noop(
        "The app was not given all the permissions that it asks for. The company's administrator approves them, "
        "then connect again."
    ),
}
# Of an app that signs in by itself: it is the company's administrator who lets it in.
TENANT_REFUSALS = REFUSALS | {
    "invalid_tenant": gettext_noop(
        "The login server does not know this tenant id, or the app was not approved for it. The company's "
        "administrator approves the app; check the tenant id too."
    ),
    "unauthorized_client": gettext_noop(
        "The app was not approved for this company. The company's administrator approves it, then connect again."
    ),
    "access_denied": gettext_noop(
        "The app was not approved for this company. The company's administrator approves it, then connect again."
    ),
}


class _Denied(msgspec.Struct):
    error: str = ""


class _Granted(msgspec.Struct):
    access_token: str
    refresh_token: str | None = None
    expires_in: Any = None
    scope: Any = None


def granted(reply: Reply) -> dict[str, Any]:
    """The token answer, reduced to what we know and to the types that the library expects."""
    try:
        answer = decode(reply.body, _Granted)
    except (Malformed, Misshapen):
        answer = _Granted(access_token="")
    if not is_token(answer.access_token):
        raise UnexpectedAnswer(gettext_noop("The login server answered without a usable token."), status=reply.status)
    cleaned = {"token_type": "Bearer", "access_token": answer.access_token, "expires_in": _life(answer.expires_in)}
    if answer.refresh_token:
        cleaned["refresh_token"] = answer.refresh_token
    if isinstance(answer.scope, str) and answer.scope.strip():
        cleaned["scope"] = answer.scope
    return cleaned


def granted_as_text(reply: Reply) -> bytes:
    return encode(granted(reply))


def is_token(text: str) -> bool:
    """False for what cannot stand in a header, or is too long to be one."""
    return len(text) <= LONGEST_TOKEN and bool(re.fullmatch(r"[!-~]+", text))


def _life(seconds: object) -> int:
    """Seconds; five minutes where the answer says nothing usable."""
    if type(seconds) is int and seconds > 0:
        return min(seconds, LONGEST_LIFE_S)
    return LIFE_WITHOUT_HINT_S


def denied(reply: Reply, auth: AuthorizationCode | ClientCredentials, address: str) -> AccountingError:
    """The error that a refusal stands for: ReconnectNeeded when a person over there can mend it."""
    code = _error_code(reply.body)
    refusals = TENANT_REFUSALS if isinstance(auth, ClientCredentials) else REFUSALS
    if code in refusals:
        return ReconnectNeeded(auth.advice.get(code) or refusals[code], status=reply.status)
    if code in ("invalid_client", "unauthorized_client"):
        return NotAllowed(
            f"The client id or secret of this installation was refused by {urlsplit(address).hostname}: "
            f"check {auth.client_id_variable} and {auth.client_secret_variable}.",
            status=reply.status,
        )
    return TryLater(
        gettext_noop("The login server cannot answer right now."), after=retry_after(reply.headers), status=reply.status
    )


def _error_code(body: bytes) -> str:
    try:
        return decode(body, _Denied).error
    except (Malformed, Misshapen):
        return ""
