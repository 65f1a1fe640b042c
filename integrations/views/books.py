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

from accounting.protocol import Provider
from accounting.registry import UnknownProvider, all_providers, provider_for
from fieldwork.access import MemberRequest, owner_required
from fieldwork.models import Organization
from integrations.connecting.confirming import confirm_company, decline_company
from integrations.connecting.disconnecting import disconnect, pause, resume
from integrations.connecting.flow import finish_login, start_login
from integrations.connecting.refusals import ConnectRefused
from integrations.connections import missing_variables
from integrations.installation import read_only_reason
from integrations.models import Connection, Licence
from integrations.tasks import request_sync
from integrations.watching.facts import Fact
from integrations.watching.health import health, troubles


@dataclass(frozen=True, kw_only=True)
class Card:
    """One accounting system, as the connections page shows it."""

    provider: Provider
    connection: Connection | None
    licence: Licence | None
    missing: list[str]
    blocked_by: Connection | None
    troubles: list[Fact]

    @property
    def permissions(self) -> list[str]:
        return [each.sentence for each in self.provider.logins[0].permissions]

    @property
    def may_connect(self) -> bool:
        return bool(self.licence) and not self.missing and not self.blocked_by


@owner_required
@require_GET
def books(request: MemberRequest) -> HttpResponse:
    return render(request, "integrations/books.html", {"cards": cards_for(request.membership.organization)})


def cards_for(firm: Organization) -> list[Card]:
    """A card for every provider that the registry finds."""
    connections = list(Connection.objects.filter(organization=firm).select_related("books"))
    live = next((each for each in connections if each.is_live), None)
    licences = {each.provider: each for each in Licence.objects.filter(organization=firm).active(timezone.localdate())}
    return [
        Card(
            provider=provider,
            connection=newest(each for each in connections if each.provider == provider.key),
            licence=licences.get(provider.key),
            missing=missing_variables(provider),
            blocked_by=live if live and live.provider != provider.key else None,
            troubles=troubles(health(live)) if live and live.provider == provider.key else [],
        )
        for provider in all_providers().values()
    ]


def newest(connections: Iterable[Connection]) -> Connection | None:
    """The one that counts: a live one, else the one that waits for confirmation, else the latest."""
    order: dict[str, int] = {Connection.State.CONFIRMING: 1, Connection.State.DISCONNECTED: 2}
    return min(connections, key=lambda each: (order.get(each.state, 0), -each.created_at.timestamp()), default=None)


@owner_required
@require_POST
def connect(request: MemberRequest, key: str) -> HttpResponse:
    """To the accounting system's login page. A connection that is live gets a new login for the same books."""
    provider = known(key)
    firm = request.membership.organization
    live = Connection.objects.filter(organization=firm, provider=key, state__in=Connection.LIVE).first()
    try:
        address = start_login(
            firm, provider, by=request.user, session_key=request.session.session_key or "", renew=live
        )
    except ConnectRefused as refused:
        messages.error(request, str(refused))
        return redirect("integrations:books")
    return redirect(address)


@owner_required
@require_GET
def callback(request: MemberRequest, key: str) -> HttpResponse:
    """Where the accounting system sends the owner back to."""
    provider = known(key)
    try:
        connected = finish_login(
            provider, request.GET.dict(), by=request.user, session_key=request.session.session_key or ""
        )
    except ConnectRefused as refused:
        messages.error(request, str(refused))
        return redirect("integrations:books")
    for sentence in connected.missing:
        messages.warning(request, _("This permission was not given: %(permission)s") % {"permission": _(sentence)})
    if connected.needs_confirmation:
        return redirect("integrations:confirm", connected.connection.pk)
    messages.success(request, _("%(books)s is connected again.") % {"books": connected.connection})
    request_sync(connected.connection, asked_by=request.user)
    return redirect("integrations:books")


@owner_required
def confirm(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Shows the company that the login yielded, and asks whether it is the right one."""
    connection = own_connection(request, pk)
    if connection.state != Connection.State.CONFIRMING:
        return redirect("integrations:books")
    if request.method != "POST":
        return render(request, "integrations/confirm_company.html", {"connection": connection})
    if "decline" in request.POST:
        decline_company(connection, by=request.user)
        messages.info(request, _("The login was given back. Nothing was changed."))
        return redirect("integrations:books")
    try:
        confirm_company(connection, by=request.user)
    except ConnectRefused as refused:
        messages.error(request, str(refused))
        return redirect("integrations:books")
    messages.success(request, _("Connected: %(books)s.") % {"books": connection.books})
    if connection.settings.saved_at:
        request_sync(connection, asked_by=request.user)
        return redirect("integrations:books")
    return redirect("integrations:settings", connection.pk)


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


@owner_required
def disconnect_connection(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Says what stays and what stops, and disconnects after the answer."""
    connection = own_connection(request, pk)
    if not connection.is_live:
        return redirect("integrations:books")
    if request.method != "POST":
        return render(request, "integrations/disconnect.html", {"connection": connection})
    told = disconnect(connection, by=request.user)
    messages.success(request, _("%(books)s is disconnected. What is in both systems stays.") % {"books": connection})
    if not told:
        messages.warning(
            request,
            _("%(provider)s could not be told. Remove the access there as well.") % {"provider": connection.label},
        )
    return redirect("integrations:books")


def own_connection(request: MemberRequest, pk: UUID) -> Connection:
    mine = Connection.objects.filter(organization=request.membership.organization)
    return get_object_or_404(mine.select_related("books", "organization"), pk=pk)


def known(key: str) -> Provider:
    try:
        return provider_for(key)
    except UnknownProvider:
        raise Http404 from None
