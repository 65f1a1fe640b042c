"""How one signs in to an accounting system, as data.

A provider declares one of these; `login.py` carries it out. `*_variable` fields
name environment variables, whose defaults the provider declares in `environment`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Permission:
    """A scope and what it lets us do, in words for the person who grants it."""

    scope: str
    sentence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AuthorizationCode:
    """OAuth 2 authorization code with PKCE, at `identity_url` + the three paths."""

    identity_variable: str
    client_id_variable: str
    client_secret_variable: str
    authorize_path: str
    token_path: str
    revoke_path: str
    permissions: Sequence[Permission]
    authorize_extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientCredentials:
    """OAuth 2 client credentials per tenant: no refresh token, a new token is fetched."""

    identity_variable: str
    client_id_variable: str
    client_secret_variable: str
    token_path: str
    permissions: Sequence[Permission]
    tenant_parameter: str


@dataclass(frozen=True, kw_only=True, slots=True)
class GrantToken:
    """A page that answers with a lasting grant token; no expiry, no refresh."""

    install_variable: str
    public_token_variable: str
    secret_token_variable: str
    token_parameter: str


Auth = AuthorizationCode | ClientCredentials | GrantToken


@dataclass(frozen=True, kw_only=True, slots=True)
class Tokens:
    """What a login yields. `expires_at` is aware; None means it does not expire.

    An empty `refresh_token` after a refresh means: keep the old one.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    expires_at: datetime | None = None
    scopes: frozenset[str] = frozenset()
