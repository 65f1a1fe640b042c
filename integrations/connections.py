"""Opens the books of a connection: the installation's addresses, the connection's credentials, one company."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext as _

from accounting.auth import Auth
from accounting.errors import NotAllowed
from accounting.http import checked_url
from accounting.protocol import Ledger, Provider, webhook_of
from integrations.models import Connection
from integrations.tokens import StoredAccess


def open_ledger(connection: Connection) -> Ledger:
    """The session with the connection's books. No network yet.

    Raises NotAllowed when the installation now points to another environment than the one the books
    were pinned in.
    """
    provider = connection.ledger_provider
    site = site_of(provider)
    if connection.books is not None and connection.books.environment != environment_of(site):
        raise NotAllowed(
            _("%(books)s was connected at %(former)s, but this installation now uses %(now)s.")
            % {"books": connection.books, "former": connection.books.environment, "now": environment_of(site)}
        )
    return provider.open(site, StoredAccess(connection.pk, provider, site))


def site_of(provider: Provider) -> dict[str, str]:
    """The provider's variables, ready for use. Raises NotAllowed for an address that is not https."""
    return {
        name: checked_url(value) if name.endswith("_URL") and value else value
        for name, value in values_of(provider).items()
    }


def values_of(provider: Provider) -> dict[str, str]:
    """The provider's variables: this installation's values over the provider's defaults."""
    return {name: settings.PROVIDER_ENVIRONMENT.get(name) or default for name, default in provider.environment.items()}


def environment_of(site: Mapping[str, str]) -> str:
    """The address that tells a test environment from the real one: that of the provider's main API."""
    return next((value for name, value in site.items() if name.endswith("_API_URL")), "")


def missing_variables(provider: Provider, auth: Auth) -> list[str]:
    """The variables that this installation must still be given before anybody can connect with this login.

    The key of the webhooks is not one of them: without it calls are refused, and everything is read all the same.
    """
    others = {name for each in provider.logins for name in each.variables} - set(auth.variables)
    webhook = webhook_of(provider)
    if webhook is not None and webhook.signature is not None:
        others.add(webhook.signature.secret_variable)
    return [name for name, value in values_of(provider).items() if not value and name not in others]
