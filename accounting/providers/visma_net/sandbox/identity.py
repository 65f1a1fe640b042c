"""Who may do what: tokens for a tenant that lets the app in, and codes and refresh tokens for a person.

A *company tenant* is a company's own id. A *customer tenant* stands above the companies: it gets a token too, and that
token is refused everywhere.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from urllib.parse import urlsplit
from uuid import uuid4

from accounting.providers.visma_net.sandbox.switches import ServiceSwitches
from accounting.providers.visma_net.sandbox.values import Json
from accounting.sandbox import Clock

RIGHTS = ("read", "create", "update", "delete")
SERVICE_SCOPES = {f"vismanet_erp_service_api:{right}": f"ERP: {right}, by the app itself" for right in RIGHTS}
PERSON_SCOPES = {f"vismanet_erp_interactive_api:{right}": f"ERP: {right}, on your behalf" for right in RIGHTS}
ORDER_SCOPES = {
    "visma.net.erp.salesorder:read": "Sales orders: read",
    "visma.net.erp.salesorder:write": "Sales orders: create, change and delete",
}
OTHER_SCOPES = {
    "offline_access": "Stay connected when you are not signed in",
    "openid": "Know who you are",
    "profile": "Know your name",
    "email": "Know your e-mail address",
}
SCOPES = {**SERVICE_SCOPES, **PERSON_SCOPES, **ORDER_SCOPES, **OTHER_SCOPES}
ALL_SERVICE_SCOPES = " ".join([*SERVICE_SCOPES, *ORDER_SCOPES])


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

    def may_return_to(self, uri: str) -> bool:
        if self.redirect_uris:
            return uri in self.redirect_uris
        parts = urlsplit(uri)
        return parts.scheme in ("http", "https") and parts.hostname in ("127.0.0.1", "localhost", "::1")


@dataclass(eq=False, slots=True)
class Grant:
    """What one client may do in one tenant, by itself or for a person. All tokens of it die with it."""

    client: str
    tenant: str
    scopes: frozenset[str]
    user: str = ""
    revoked: bool = False


@dataclass(slots=True)
class Code:
    grant: Grant
    redirect_uri: str
    challenge: str
    expires: datetime
    used: bool = False


@dataclass(slots=True)
class Refresh:
    grant: Grant
    used_at: datetime | None = None


@dataclass(slots=True)
class Identity:
    """The login server's memory. `lets_in` gives the error with which a tenant does not, or nothing."""

    clients: dict[str, Client]
    clock: Clock
    switches: ServiceSwitches
    lets_in: Callable[[Grant], str]
    refused: int = 0
    _lock: Lock = field(default_factory=Lock)
    _codes: dict[str, Code] = field(default_factory=dict)
    _access: dict[str, tuple[Grant, datetime]] = field(default_factory=dict)
    _refresh: dict[str, Refresh] = field(default_factory=dict)

    def client(self, id: str, secret: str) -> Client:
        """The client with that secret. Raises TokenError invalid_client."""
        client = self.clients.get(id)
        if client is None or not secrets.compare_digest(client.secret.encode(), secret.encode()):
            raise TokenError("invalid_client")
        return client

    def for_tenant(self, client: Client, form: dict[str, str]) -> Json:
        """A token for a tenant that lets the app in; there is no refresh token. Raises TokenError."""
        scopes = frozenset(form.get("scope", "").split())
        tenant = form.get("tenant_id", "").strip().lower()
        if not scopes or not scopes <= SERVICE_SCOPES.keys() | ORDER_SCOPES.keys():
            raise TokenError("invalid_scope")
        grant = Grant(client.id, tenant, scopes)
        if error := self.lets_in(grant):
            raise TokenError(error)
        return self.tokens(grant)

    def issue_code(self, grant: Grant, *, redirect_uri: str, challenge: str) -> str:
        """A code for the browser to carry home: once, within `code_lifetime`."""
        code = secrets.token_hex(32).upper()
        expires = self.clock.now() + timedelta(seconds=self.switches.code_lifetime)
        with self._lock:
            self._codes[code] = Code(grant, redirect_uri, challenge, expires)
        return code

    def exchange(self, client: Client, form: dict[str, str]) -> Json:
        """Tokens for a code. Raises TokenError; a code that comes twice is refused."""
        with self._lock:
            code = self._codes.get(form.get("code", ""))
            if code is None or code.used or code.expires < self.clock.now() or code.grant.client != client.id:
                raise self._invalid_grant()
            code.used = True
            if code.redirect_uri != form.get("redirect_uri") or not proves(code, form.get("code_verifier", "")):
                raise self._invalid_grant()
            if error := self.lets_in(code.grant):
                raise TokenError(error)
            return self._answer(code.grant)

    def refresh(self, client: Client, token: str) -> Json:
        """New tokens for a refresh token. Raises TokenError invalid_grant."""
        with self._lock:
            refresh = self._refresh.get(token)
            if refresh is None or refresh.grant.revoked or refresh.grant.client != client.id:
                raise self._invalid_grant()
            if self.switches.refresh_tokens == "re-use":
                return {**self._answer(refresh.grant, refreshable=False), "refresh_token": token}
            now, grace = self.clock.now(), timedelta(seconds=self.switches.refresh_grace)
            if refresh.used_at is not None and now - refresh.used_at >= grace:
                raise self._invalid_grant()
            refresh.used_at = refresh.used_at or now
            return self._answer(refresh.grant)

    def revoke_all(self, *, tenant: str = "") -> int:
        """Every grant (in that tenant) is dead; gives their number."""
        with self._lock:
            every = {grant for grant, _ in self._access.values()} | {each.grant for each in self._refresh.values()}
            hit = [grant for grant in every if not grant.revoked and tenant in ("", grant.tenant)]
            for grant in hit:
                grant.revoked = True
            return len(hit)

    def check(self, token: str) -> Grant | None:
        """What the access token grants now, if it grants anything."""
        found = self._access.get(token)
        if found is None or found[0].revoked or found[1] <= self.clock.now():
            return None
        return found[0]

    def tokens(self, grant: Grant) -> Json:
        with self._lock:
            return self._answer(grant)

    def _answer(self, grant: Grant, *, refreshable: bool = True) -> Json:
        lifetime = self.switches.access_token_lifetime
        expires = self.clock.now() + timedelta(seconds=lifetime)
        token = web_token(grant, expires, self.switches.tenant_claim)
        self._access[token] = (grant, expires)
        answer = {
            "access_token": token,
            "expires_in": lifetime,
            "token_type": "Bearer",
            "scope": " ".join(sorted(grant.scopes)),
        }
        if not grant.user or not refreshable or "offline_access" not in grant.scopes:
            return answer
        refresh = secrets.token_hex(32).upper()
        self._refresh[refresh] = Refresh(grant)
        return {**answer, "refresh_token": refresh}

    def _invalid_grant(self) -> TokenError:
        self.refused += 1
        return TokenError("invalid_grant")


def proves(code: Code, verifier: str) -> bool:
    """Whether the verifier belongs to the challenge, where there was one."""
    if not code.challenge:
        return True
    digest = hashlib.sha256(verifier.encode()).digest()
    return secrets.compare_digest(code.challenge, base64.urlsafe_b64encode(digest).decode().rstrip("="))


def web_token(grant: Grant, expires: datetime, tenant_claim: str) -> str:
    """Something that looks like the real access token; nobody can verify its signature."""
    claims = {
        "iss": "https://stand-in.invalid",
        "exp": int(expires.timestamp()),
        "client_id": grant.client,
        "scope": sorted(grant.scopes),
        "jti": uuid4().hex,
        **({"sub": grant.user} if grant.user else {}),
        **({tenant_claim: grant.tenant} if tenant_claim else {}),
    }
    parts = [json.dumps(part, separators=(",", ":")).encode() for part in ({"alg": "RS256", "typ": "at+jwt"}, claims)]
    encoded = [base64.urlsafe_b64encode(part).decode().rstrip("=") for part in [*parts, secrets.token_bytes(32)]]
    return ".".join(encoded)
