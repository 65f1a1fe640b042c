"""The connections page: one card per accounting system, and the buttons on it. Owners only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounting.auth import ClientCredentials
from accounting.protocol import Provider
from accounting.registry import UnknownProvider, all_providers, provider_for
from fieldwork.access import MemberRequest, owner_required
from integrations.connecting.answers import OpenQuestions, open_questions
from integrations.connecting.disconnecting import pause, resume
from integrations.connections import missing_variables
from integrations.installation import read_only_reason
from integrations.models import Connection, Licence
from integrations.tasks import request_sync
from integrations.watching.facts import Fact
from integrations.watching.health import FirmHealth, firm_health, troubles


@dataclass(frozen=True, kw_only=True)
class Card:
    """One accounting system, as the connections page shows it. `beside` are the books of record in another one."""

    provider: Provider
    connection: Connection | None
    licence: Licence | None
    missing: list[str]
    beside: Connection | None
    troubles: list[Fact]
    had_licence: bool

    @property
    def is_of_record(self) -> bool:
        return self.connection is not None and self.connection.is_live and self.connection.is_books_of_record

    @property
    def open_questions(self) -> OpenQuestions:
        """What keeps documents from being sent; nothing before the settings were saved."""
        live = self.connection if self.connection and self.connection.is_live else None
        return open_questions(live) if live and live.settings.saved_at else OpenQuestions()

    @property
    def permissions(self) -> list[str]:
        """What one is asked to allow, where there is only one way to sign in."""
        [first, *others] = self.provider.logins
        return [] if others else [each.sentence for each in first.permissions]

    @property
    def may_connect(self) -> bool:
        return bool(self.licence) and not self.missing

    @property
    def may_try(self) -> bool:
        """A trial is for who has never had a licence."""
        return not self.had_licence

    @property
    def has_other_ways(self) -> bool:
        return len(self.provider.logins) > 1 or isinstance(self.provider.logins[0], ClientCredentials)


@owner_required
@require_GET
def books(request: MemberRequest) -> HttpResponse:
    health = firm_health(request, request.membership.organization)
    return render(request, "integrations/books.html", {"cards": cards_for(health)})


def cards_for(health: FirmHealth) -> list[Card]:
    """A card for every provider that is found: the books of record, others in use, those that may be tried."""
    firm = health.firm
    known = Connection.objects.filter(organization=firm).prefetch_related("answers")
    connections = list(known.select_related("books", "organization", "settings", "connected_by"))
    record = next((each for each in connections if each.is_live and each.is_books_of_record), None)
    all_licences = list(Licence.objects.filter(organization=firm))
    today = timezone.localdate()
    licences = {each.provider: each for each in all_licences if each.is_active(today)}
    had = {each.provider for each in all_licences}
    cards = [
        card_for(
            provider,
            newest(each for each in connections if each.provider == provider.key),
            licences.get(provider.key),
            record,
            health,
            had_licence=provider.key in had,
        )
        for provider in all_providers().values()
    ]
    return sorted(cards, key=lambda card: (not card.is_of_record, card.connection is None, card.licence is None))


def card_for(
    provider: Provider,
    connection: Connection | None,
    licence: Licence | None,
    record: Connection | None,
    health: FirmHealth,
    *,
    had_licence: bool,
) -> Card:
    is_live = connection is not None and connection.is_live
    missing = [missing_variables(provider, auth) for auth in provider.logins]
    return Card(
        provider=provider,
        connection=connection,
        licence=licence,
        missing=min(missing, key=len),
        beside=record if record and not is_live and record.provider != provider.key else None,
        troubles=troubles(health.of(connection)) if connection and is_live else [],
        had_licence=had_licence,
    )


def newest(connections: Iterable[Connection]) -> Connection | None:
    """The one that counts: a live one, else the one that waits for confirmation, else the latest."""
    order: dict[str, int] = {Connection.State.CONFIRMING: 1, Connection.State.DISCONNECTED: 2}
    return min(connections, key=lambda each: (order.get(each.state, 0), -each.created_at.timestamp()), default=None)


@owner_required
@require_POST
def sync_now(request: MemberRequest, pk: UUID) -> HttpResponse:
    connection = own_connection(request, pk)
    if reason := read_only_reason():
        messages.error(request, _(reason))
        return redirect("integrations:books")
    if connection.state != Connection.State.ACTIVE:
        messages.error(request, _("%(books)s is not connected at the moment.") % {"books": connection})
        return redirect("integrations:books")
    if connection.settings.saved_at is None:
        messages.info(request, _("Look at the plan first, then press Start."))
        return redirect("integrations:plan", connection.pk)
    request_sync(connection, asked_by=request.user)
    return redirect("integrations:runs")


@owner_required
@require_POST
def pause_connection(request: MemberRequest, pk: UUID) -> HttpResponse:
    connection = own_connection(request, pk)
    pause(connection, by=request.user)
    messages.success(request, _("%(books)s is paused. What is finished meanwhile waits.") % {"books": connection})
    return redirect("integrations:books")


@owner_required
@require_POST
def resume_connection(request: MemberRequest, pk: UUID) -> HttpResponse:
    connection = own_connection(request, pk)
    resume(connection, by=request.user)
    if connection.state == Connection.State.ACTIVE:
        request_sync(connection, asked_by=request.user)
    messages.success(request, _("%(books)s goes on.") % {"books": connection})
    return redirect("integrations:books")


def own_connection(request: MemberRequest, pk: UUID) -> Connection:
    mine = Connection.objects.filter(organization=request.membership.organization)
    return get_object_or_404(mine.select_related("books", "organization", "settings"), pk=pk)


def known(key: str) -> Provider:
    try:
        return provider_for(key)
    except UnknownProvider:
        raise Http404 from None
