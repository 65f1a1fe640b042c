"""Who may do what: codes, access tokens and refresh tokens, in both regimes that the vendor has had.

*rotating* (clients from before 2024): a refresh token works once and every answer brings the next one.
*reusable* (since 2024): the refresh token stays, and the answer to a refresh has none.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from urllib.parse import urlsplit
from uuid import uuid4

from accounting.providers.visma_eaccounting.sandbox.schema import Json
from accounting.providers.visma_eaccounting.sandbox.switches import ServiceSwitches
from accounting.sandbox import Clock

SCOPES = {
    "ea:api": "Use the Visma eAccounting API",
    "ea:sales": "Read and change customers, articles, orders, invoice drafts and customer invoices",
    "ea:sales_readonly": "Read customers, articles, orders and customer invoices",
    "ea:accounting": "Read and change vouchers, accounts, fiscal years and projects",
    "ea:accounting_readonly": "Read vouchers, accounts, fiscal years and projects",
    "ea:purchase": "Read and change suppliers and supplier invoices",
    "ea:purchase_readonly": "Read suppliers and supplier invoices",
    "vls:api": "Use payroll",
    "offline_access": "Stay connected when you are not signed in",
    "openid": "Know who you are",
    "profile": "Know your name",
    "email": "Know your e-mail address",
}


class TokenError(Exception):
    """The token endpoint refuses; `error` is the code of OAuth 2."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


@dataclass(frozen=True, slots=True)
class Client:
    """A program that is registered with the vendor. Without `redirect_uris` any address of this machine is good."""

    id: str
    secret: str
    redirect_uris: tuple[str, ...] = ()
    sandbox_only: bool = True

    def may_return_to(self, uri: str) -> bool:
        if self.redirect_uris:
            return uri in self.redirect_uris
        parts = urlsplit(uri)
        return parts.scheme in ("http", "https") and parts.hostname in ("127.0.0.1", "localhost", "::1")


@dataclass(eq=False, slots=True)
class Grant:
    """What one person allowed one client in one company. All tokens of it die with it."""

    client: str
    user: str
    company: str
    scopes: frozenset[str]
    revoked: bool = False


@dataclass(slots=True)
class Code:
    grant: Grant
    redirect_uri: str
    challenge: str
    method: str
    expires: datetime
    used: bool = False


@dataclass(slots=True)
class Access:
    grant: Grant
    expires: datetime
    revoked: bool = False


@dataclass(slots=True)
class Refresh:
    grant: Grant
    used_at: datetime | None = None


class Identity:
    """The identity server's memory."""

    def __init__(self, clients: list[Client], clock: Clock, switches: ServiceSwitches) -> None:
        self.clients = {client.id: client for client in clients}
        self.refused = 0
        self._clock = clock
        self._switches = switches
        self._lock = Lock()
        self._codes: dict[str, Code] = {}
        self._access: dict[str, Access] = {}
        self._refresh: dict[str, Refresh] = {}

    @property
    def invalid_client_status(self) -> int:
        return self._switches.invalid_client_status

    def issue_code(self, grant: Grant, *, redirect_uri: str, challenge: str, method: str) -> str:
        """A code for the browser to carry home: once, within `code_lifetime`."""
        code = secrets.token_hex(32).upper()
        expires = self._clock.now() + timedelta(seconds=self._switches.code_lifetime)
        with self._lock:
            self._codes[code] = Code(grant, redirect_uri, challenge, method, expires)
        return code

    def client(self, id: str, secret: str) -> Client:
        """The client with that secret. Raises TokenError invalid_client."""
        client = self.clients.get(id)
        if client is None or not secrets.compare_digest(client.secret.encode(), secret.encode()):
            raise TokenError("invalid_client")
        return client

    def exchange(self, client: Client, form: dict[str, str]) -> Json:
        """Tokens for a code. Raises TokenError; a code that comes twice is refused."""
        with self._lock:
            code = self._codes.get(form.get("code", ""))
            if code is None or code.used or code.expires < self._clock.now() or code.grant.client != client.id:
                raise self._invalid_grant()
            code.used = True
            if code.redirect_uri != form.get("redirect_uri") or not proves(code, form.get("code_verifier", "")):
                raise self._invalid_grant()
            refresh = self._new_refresh(code.grant) if "offline_access" in code.grant.scopes else ""
            return self._answer(code.grant, refresh)

    def refresh(self, client: Client, token: str) -> Json:
        """New tokens for a refresh token. Raises TokenError invalid_grant."""
        with self._lock:
            refresh = self._refresh.get(token)
            if refresh is None or refresh.grant.revoked or refresh.grant.client != client.id:
                raise self._invalid_grant()
            if self._switches.refresh_tokens == "reusable":
                return self._answer(refresh.grant, "")
            now = self._clock.now()
            grace = timedelta(seconds=self._switches.refresh_grace)
            if refresh.used_at is not None and now - refresh.used_at >= grace:
                raise self._invalid_grant()
            refresh.used_at = refresh.used_at or now
            return self._answer(refresh.grant, self._new_refresh(refresh.grant))

    def revoke(self, client: Client, token: str) -> None:
        """The token is dead; with a refresh token all that was granted with it. Unknown ones are nobody's loss."""
        with self._lock:
            refresh, access = self._refresh.get(token), self._access.get(token)
            if refresh is not None and refresh.grant.client == client.id:
                refresh.grant.revoked = True
            if access is not None and access.grant.client == client.id:
                access.revoked = True

    def revoke_all(self, *, user: str = "") -> int:
        """Every grant (of that user) is dead, as after a change of password; gives their number."""
        with self._lock:
            every = {each.grant for each in self._access.values()} | {each.grant for each in self._refresh.values()}
            hit = [grant for grant in every if not grant.revoked and user in ("", grant.user)]
            for grant in hit:
                grant.revoked = True
            return len(hit)

    def check(self, token: str) -> Grant | None:
        """What the access token grants now, if it grants anything."""
        access = self._access.get(token)
        if access is None or access.revoked or access.grant.revoked or access.expires <= self._clock.now():
            return None
        return access.grant

    def tokens(self, grant: Grant) -> Json:
        """Tokens without the way through the browser, for a test."""
        with self._lock:
            return self._answer(grant, self._new_refresh(grant))

    def _answer(self, grant: Grant, refresh: str) -> Json:
        lifetime = self._switches.access_token_lifetime
        expires = self._clock.now() + timedelta(seconds=lifetime)
        token = web_token(grant, expires)
        self._access[token] = Access(grant, expires)
        answer = {
            "access_token": token,
            "expires_in": lifetime,
            "token_type": "Bearer",
            "scope": " ".join(sorted(grant.scopes)),
        }
        return {**answer, "refresh_token": refresh} if refresh else answer

    def _new_refresh(self, grant: Grant) -> str:
        token = secrets.token_hex(32).upper()
        self._refresh[token] = Refresh(grant)
        return token

    def _invalid_grant(self) -> TokenError:
        self.refused += 1
        return TokenError("invalid_grant")


def proves(code: Code, verifier: str) -> bool:
    """Whether the verifier belongs to the challenge, where there was one."""
    if not code.challenge:
        return True
    if code.method != "S256":
        return secrets.compare_digest(code.challenge, verifier)
    digest = hashlib.sha256(verifier.encode()).digest()
    return secrets.compare_digest(code.challenge, base64.urlsafe_b64encode(digest).decode().rstrip("="))


def web_token(grant: Grant, expires: datetime) -> str:
    """Something that looks like the real access token; nobody can verify its signature."""
    claims = {
        "iss": "https://stand-in.invalid",
        "aud": "https://stand-in.invalid/resources",
        "exp": int(expires.timestamp()),
        "client_id": grant.client,
        "scope": sorted(grant.scopes),
        "sub": grant.user,
        "customer_id": grant.company,
        "jti": uuid4().hex,
    }
    parts = [json.dumps(part, separators=(",", ":")).encode() for part in ({"alg": "RS256", "typ": "at+jwt"}, claims)]
    encoded = [base64.urlsafe_b64encode(part).decode().rstrip("=") for part in [*parts, secrets.token_bytes(32)]]
    return ".".join(encoded)
