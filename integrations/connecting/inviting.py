"""A link for somebody without an account here, say the accountant, who signs in to the books for the firm.

The link holds a secret of which we keep the hash. Opening it uses nothing up; coming back from the accounting system
does, once. Until then every step looks again whether the link still holds: whoever made it is an owner, nobody took
it back, the firm may still connect. Why one does not hold is told to nobody who only has the link: `Gone`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext as _

from accounting.auth import Auth, ClientCredentials
from accounting.protocol import Provider
from fieldwork.models import User
from integrations.connecting.flow import Departure, digest, finish_login, put_away, start_login
from integrations.connecting.keeping import Connected, Wish, refuse_to_begin
from integrations.connecting.refusals import ConnectRefused, refuse_unless_owner
from integrations.connecting.tenants import enter
from integrations.connections import missing_variables
from integrations.models import Connection, Invitation, LoginFlow
from integrations.models.hook import hashed
from integrations.models.invitation import InvitationQuerySet

# Of one firm to one accounting system. Whoever needs more has lost track.
MOST_OPEN = 10


class Gone(Exception):
    """The link does not hold: unknown, used, too old, taken back, or no longer possible. Nobody is told which."""


@dataclass(frozen=True, kw_only=True)
class Guest:
    """A browser in which a link was opened. `key` is known to that browser alone."""

    invitation_id: str
    key: str = field(repr=False)


# --- the owner's side -----------------------------------------------------------


def invite(wish: Wish, provider: Provider, *, life: timedelta, sent_to: str = "") -> tuple[Invitation, str]:
    """The invitation and its secret, which nobody can be told again. Raises ConnectRefused."""
    refuse_to_begin(wish, provider, usual_login(provider))
    former = Invitation.objects.open(timezone.now()).filter(organization=wish.organization, provider=provider.key)
    if former.count() >= MOST_OPEN:
        raise ConnectRefused(
            _("There are %(count)s open links to %(provider)s already. Take one back first.")
            % {"count": MOST_OPEN, "provider": provider.label}
        )
    invitation = Invitation(
        organization=wish.organization,
        provider=provider.key,
        connection=wish.renew,
        as_further=wish.as_further,
        made_by=wish.by,
        expires_at=timezone.now() + life,
        sent_to=sent_to,
    )
    secret = invitation.new_secret()
    invitation.save(force_insert=True)
    return invitation, secret


def usual_login(provider: Provider) -> Auth:
    """The first login for which this installation is registered, else the first."""
    logins = provider.logins
    return next((each for each in logins if not missing_variables(provider, each)), logins[0])


def take_back(invitation: Invitation, *, by: User) -> bool:
    """True when it was still open."""
    refuse_unless_owner(invitation.organization, by)
    mine = Invitation.objects.open(timezone.now()).filter(pk=invitation.pk)
    return bool(mine.update(revoked_at=timezone.now(), revoked_by=by))


# --- the guest's side -----------------------------------------------------------


def open_link(secret: str) -> Guest:
    """The browser's own key to what this link allows. Raises Gone."""
    invitation = holding(Invitation.objects.filter(secret_hash=hashed(secret)))
    return Guest(invitation_id=str(invitation.pk), key=secrets.token_urlsafe(32))


def invitation_of(guest: Guest | None) -> Invitation:
    """What the guest was invited to. Raises Gone as soon as it does not hold any more."""
    if guest is None:
        raise Gone
    return holding(Invitation.objects.filter(pk=guest.invitation_id))


def holding(invitations: InvitationQuerySet) -> Invitation:
    """The one of these that holds."""
    known = invitations.open(timezone.now())
    invitation = known.select_related(
        "organization", "made_by", "connection__books", "connection__settings", "connection__organization"
    ).first()
    if invitation is None or invitation.made_by is None or not invitation.made_by.is_active:
        raise Gone
    if invitation.connection is not None and not invitation.connection.is_live:
        raise Gone
    try:
        refuse_to_begin(wish_of(invitation), invitation.ledger_provider, usual_login(invitation.ledger_provider))
    except (ConnectRefused, PermissionDenied):
        raise Gone from None
    return invitation


def wish_of(invitation: Invitation) -> Wish:
    """What the owner wanted who made it."""
    return Wish(
        organization=invitation.organization,
        by=made_by(invitation),
        renew=invitation.connection,
        as_further=invitation.as_further,
        invitation=invitation,
    )


def made_by(invitation: Invitation) -> User:
    """In whose name the guest acts."""
    if invitation.made_by is None:
        raise Gone
    return invitation.made_by


def set_out(invitation: Invitation, auth: Auth, guest: Guest) -> Departure:
    """To the accounting system's page, bound to the guest's browser. Raises Gone and ConnectRefused. No network."""
    if not invitation.set_out():
        raise Gone
    return start_login(wish_of(invitation), invitation.ledger_provider, auth, session_key=guest.key)


def enter_as_guest(invitation: Invitation, auth: ClientCredentials, *, tenant: str) -> Connected:
    """Into a company that has let the app in. Network: one token, then the company. Raises Gone and ConnectRefused."""
    if not invitation.set_out():
        raise Gone
    with claimed(invitation):
        return led_to(invitation, enter(wish_of(invitation), invitation.ledger_provider, auth, tenant=tenant))


def is_guests(provider: Provider, state: str) -> bool:
    """Whether somebody set out with a link and this state, and not an owner."""
    flows = LoginFlow.objects.filter(state_hash=digest(state), provider=provider.key, invitation__isnull=False)
    return bool(state) and flows.exists()


def put_away_for(guest: Guest | None, provider: Provider, token: str, *, state: str) -> None:
    """Like `put_away`. Raises Gone and ConnectRefused."""
    invitation = invitation_of(guest)
    by, key = made_by(invitation), guest.key if guest else ""
    put_away(provider, token, state=state, by=by, session_key=key, invitation=invitation)


def come_back(guest: Guest | None, provider: Provider, answer: Mapping[str, str]) -> Connected:
    """Like `finish_login`: the link is used up, unless nothing came of it. Raises Gone and ConnectRefused."""
    invitation = invitation_of(guest)
    by, key = made_by(invitation), guest.key if guest else ""
    with claimed(invitation):
        finished = finish_login(provider, answer, by=by, session_key=key, invitation=invitation)
        return led_to(invitation, finished)


@contextmanager
def claimed(invitation: Invitation) -> Iterator[None]:
    """The link is used up before anything leaves, and open again when the login was refused."""
    if not invitation.claim():
        raise Gone
    try:
        yield
    except ConnectRefused:
        invitation.give_back()
        raise


def led_to(invitation: Invitation, connected: Connected) -> Connected:
    Invitation.objects.filter(pk=invitation.pk).update(led_to=connected.connection)
    return connected


def invitation_that_led_to(connection: Connection) -> Invitation | None:
    """By which link a company that awaits confirmation came."""
    used = Invitation.objects.filter(led_to=connection, used_at__isnull=False)
    return used.select_related("made_by").order_by("-used_at").first()
