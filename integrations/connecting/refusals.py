"""Why a connection may not be made or changed, each in a sentence for the owner."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from accounting.auth import Auth, Tokens, login_named
from accounting.errors import AccountingError
from accounting.models import Books
from accounting.protocol import Provider
from accounting.types import Company
from fieldwork.models import Membership, Organization, User
from integrations.connections import missing_variables
from integrations.models import Connection, Licence


class ConnectRefused(Exception):
    """Connecting is not possible; the text is a sentence for the owner."""


def refuse_unless_owner(organization: Organization, by: User) -> None:
    owners = Membership.objects.filter(organization=organization, role=Membership.Role.OWNER)
    if not owners.filter(user=by).exists():
        raise PermissionDenied(_("Only an owner of %(firm)s may do this.") % {"firm": organization})


def refuse_without_licence(organization: Organization, provider: Provider) -> None:
    licences = Licence.objects.filter(organization=organization, provider=provider.key)
    if not licences.active(timezone.localdate()).exists():
        raise ConnectRefused(
            _("%(firm)s has no licence for %(provider)s today.") % {"firm": organization, "provider": provider.label}
        )


def books_of_record(organization: Organization) -> Connection | None:
    """The live connection to the books that work orders go to."""
    live = Connection.objects.filter(organization=organization, is_books_of_record=True, state__in=Connection.LIVE)
    return live.select_related("books").first()


def refuse_second_system(organization: Organization) -> None:
    """One accounting system of record per organization, so that no work order is billed twice."""
    live = books_of_record(organization)
    if live:
        raise ConnectRefused(
            _(
                "%(firm)s is connected to %(books)s already. Disconnect that first: with two accounting systems, "
                "work orders could be billed twice. Or connect these as further books, to which nothing is sent."
            )
            % {"firm": organization, "books": live}
        )


def refuse_unregistered(provider: Provider, auth: Auth) -> None:
    if missing := missing_variables(provider, auth):
        raise ConnectRefused(
            _("This installation is not registered with %(provider)s yet. Whoever hosts it sets %(variables)s.")
            % {"provider": provider.label, "variables": ", ".join(missing)}
        )


def refuse_closed_books(provider: Provider, company: Company) -> None:
    if not company.active:
        raise ConnectRefused(
            _("The books of %(company)s are closed in %(provider)s.")
            % {"company": company.name, "provider": provider.label}
        )


def refuse_other_company(renewed: Connection | None, books: Books) -> None:
    """A connection is pinned to its books: its links and its queue mean nothing in others."""
    pinned = renewed.books if renewed else None
    if pinned is not None and pinned != books:
        raise ConnectRefused(
            _(
                "This login opens %(chosen)s, but the connection belongs to %(pinned)s. Nothing was changed. "
                "Reconnect and choose %(pinned)s there; to change to other books, disconnect first."
            )
            % {"chosen": books, "pinned": pinned}
        )


def refuse_connected(connection: Connection) -> None:
    """Whoever was asked to connect books gives no new login to those that are connected."""
    if connection.is_live:
        raise ConnectRefused(_("%(books)s is connected already.") % {"books": connection.books})


def refuse_strangers_books(organization: Organization, books: Books) -> None:
    """Links belong to the books: another organization's would point to its records."""
    others = Connection.objects.filter(books=books).exclude(organization=organization)
    never_confirmed = {"state": Connection.State.CONFIRMING, "disconnected_at__isnull": True}
    if others.exclude(**never_confirmed).exists():
        raise ConnectRefused(_("%(books)s belongs to another organization in this installation.") % {"books": books})


def refusal_sentence(provider: Provider, auth: Auth, error: str, description: str) -> str:
    """What the login page answered instead of a login: what to do about it, or its own words, shortened."""
    if advice := auth.advice.get(error):
        return _(advice)
    if error == "access_denied":
        return _("You did not give access to %(provider)s. Nothing was changed.") % {"provider": provider.label}
    said = f"{error}: {description}" if description else error
    return _("%(provider)s refused the login: “%(said)s”.") % {"provider": provider.label, "said": said[:200]}


def missing_permissions(provider: Provider, tokens: Tokens) -> tuple[str, ...]:
    """What was asked for and not given, in words. A login that does not tell its permissions lacks none."""
    asked = login_named(provider.logins, tokens.login).permissions
    return tuple(each.sentence for each in asked if tokens.scopes and each.scope not in tokens.scopes)


def sentence_of(error: AccountingError) -> str:
    """The error in the reader's language, with the evidence that the vendor's support asks for."""
    sentence = _(error.sentence) if error.sentence else _("The accounting system gave no reason.")
    return f"{sentence} ({error.error_id})" if error.error_id else sentence
