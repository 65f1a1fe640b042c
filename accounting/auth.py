"""How one signs in to an accounting system, as data.

A provider declares one or more of these; `login.py` carries them out. `*_variable` fields name environment
variables, whose defaults the provider declares in `environment`. `key` tells the logins of one provider apart
and is stored with the tokens. `label` and `preparations` are for the page on which the owner chooses:
what the login is called, and what must be done beforehand. `advice` gives the provider's own sentence
for an error code of the login server.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from accounting.types import gettext_noop


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
    key: str = "authorization_code"
    label: str = gettext_noop("Sign in with your own account")
    preparations: Sequence[str] = ()
    advice: Mapping[str, str] = field(default_factory=dict)

    @property
    def variables(self) -> tuple[str, ...]:
        """What this installation must be given before anybody can sign in like this."""
        return (self.identity_variable, self.client_id_variable, self.client_secret_variable)


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientCredentials:
    """OAuth 2 client credentials per tenant: no refresh token, a new token is fetched for the same tenant.

    One token is asked for with all permissions at once, whichever hosts they are for. The tenant's id is a UUID.
    """

    identity_variable: str
    client_id_variable: str
    client_secret_variable: str
    token_path: str
    permissions: Sequence[Permission]
    tenant_parameter: str
    tenant_label: str = gettext_noop("Tenant id")
    tenant_advice: str = ""
    key: str = "client_credentials"
    label: str = gettext_noop("Let the app in for the whole company")
    preparations: Sequence[str] = ()
    advice: Mapping[str, str] = field(default_factory=dict)

    @property
    def variables(self) -> tuple[str, ...]:
        """What this installation must be given before anybody can sign in like this."""
        return (self.identity_variable, self.client_id_variable, self.client_secret_variable)


@dataclass(frozen=True, kw_only=True, slots=True)
class GrantToken:
    """A page that answers with a lasting grant token; no expiry, no refresh, no state that comes back.

    `locales` maps our languages to what the page calls them.
    """

    install_variable: str
    public_token_variable: str
    secret_token_variable: str
    token_parameter: str
    public_token_parameter: str = "public_token"  # noqa: S105  (the name of a parameter)
    redirect_parameter: str = "redirect_uri"
    locale_parameter: str = "locale"
    locales: Mapping[str, str] = field(default_factory=dict)
    permissions: Sequence[Permission] = ()
    key: str = "grant_token"
    label: str = gettext_noop("Add the app in the accounting system")
    preparations: Sequence[str] = ()
    advice: Mapping[str, str] = field(default_factory=dict)

    @property
    def variables(self) -> tuple[str, ...]:
        """What this installation must be given before anybody can sign in like this."""
        return (self.install_variable, self.public_token_variable, self.secret_token_variable)


Auth = AuthorizationCode | ClientCredentials | GrantToken


@dataclass(frozen=True, kw_only=True, slots=True)
class Tokens:
    """What a login yields. `expires_at` is aware; None means it does not expire.

    An empty `refresh_token`, `tenant` or `login` after a refresh means: keep the old one. `login` is the `key` of
    the login that they came from; empty: the provider's first. `tenant` is whom the next token is fetched for.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    expires_at: datetime | None = None
    scopes: frozenset[str] = frozenset()
    tenant: str = ""
    login: str = ""


def login_named(logins: Sequence[Auth], key: str) -> Auth:
    """The login of that key. An empty or unknown one means the first: a provider may have had no other then."""
    return next((each for each in logins if each.key == key), logins[0])
