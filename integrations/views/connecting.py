"""From "Connect" to the confirmed company, and back: the pages and addresses of signing in. Owners only."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounting.auth import Auth, AuthorizationCode, ClientCredentials, login_named
from accounting.protocol import Provider
from fieldwork.access import MemberRequest, owner_required
from integrations.connecting.confirming import confirm_company, decline_company
from integrations.connecting.disconnecting import disconnect
from integrations.connecting.flow import finish_login, grant_in, put_away, start_login
from integrations.connecting.inviting import invitation_that_led_to
from integrations.connecting.keeping import Connected, Wish
from integrations.connecting.refusals import ConnectRefused
from integrations.connecting.tenants import enter, held_login
from integrations.exports import SALES
from integrations.models import Connection, Operation
from integrations.presenting.connect_form import LoginForm, Situation, situation_of
from integrations.tasks import request_sync
from integrations.views import guests
from integrations.views.books import known, own_connection
from integrations.views.departing import depart, forget_state, kept_state

# --- the way there ---


@owner_required
@require_GET
def ways(request: MemberRequest, key: str) -> HttpResponse:
    """The ways to sign in to this accounting system, and what each needs."""
    return show_ways(request, situation_of(request.membership.organization, known(key)))


def show_ways(
    request: MemberRequest,
    situation: Situation,
    bound: tuple[Auth, LoginForm] | None = None,
    *,
    problem: str = "",
) -> HttpResponse:
    context = {
        "situation": situation,
        "provider": situation.provider,
        "ways": situation.ways(bound),
        "tried": bound[0].key if bound else "",
        "problem": problem,
    }
    return render(request, "integrations/connect.html", context)


@owner_required
@require_POST
def connect(request: MemberRequest, key: str) -> HttpResponse:
    """Signs in, or leads to the page where one does. A live connection gets a new login for the same books.

    A mere button names no login: then the usual one is meant, and what it asks for is asked on a page.
    """
    situation = situation_of(request.membership.organization, known(key))
    named = request.POST.get("login")
    auth = situation.chosen(named)
    form = situation.form(auth, request.POST if named else {"tenant": held_login(situation.renew)[1]})
    if not form.is_valid():
        return show_ways(request, situation, (auth, form) if named else None)
    wish = Wish(organization=situation.firm, by=request.user, renew=situation.renew, as_further=form.as_further)
    try:
        if isinstance(auth, ClientCredentials):
            return arrive(request, enter(wish, situation.provider, auth, tenant=form.given_tenant))
        session_key = request.session.session_key or ""
        return depart(situation.provider, start_login(wish, situation.provider, auth, session_key=session_key))
    except ConnectRefused as refused:
        if named:
            return show_ways(request, situation, (auth, form), problem=str(refused))
        messages.error(request, str(refused))
        return redirect("integrations:books")


# --- the way back ---


@login_not_required  # else the address, with a token in it, would stand in that of our own login page
@require_GET
def callback(request: MemberRequest, key: str) -> HttpResponse:
    """Where the accounting system sends the owner back to. A lasting token leaves the address before anything else."""
    provider = known(key)
    if guests.is_meant(request, provider):
        return guests.come_back(request, provider)
    if token := grant_in(provider, request.GET):
        return put_token_away(request, provider, token)
    return finish(request, provider)


def put_token_away(request: MemberRequest, provider: Provider, token: str) -> HttpResponse:
    """To the same address without the token, which waits with the login it belongs to; without one it is dropped."""
    try:
        if not request.user.is_authenticated:
            raise ConnectRefused(_("You were signed out meanwhile. Sign in and start again with Connect."))
        session_key = request.session.session_key or ""
        put_away(provider, token, state=kept_state(request, provider), by=request.user, session_key=session_key)
    except ConnectRefused as refused:
        messages.error(request, str(refused))
        return redirect("integrations:books")
    return redirect("integrations:callback", provider.key)


@owner_required
def finish(request: MemberRequest, provider: Provider) -> HttpResponse:
    """The login is exchanged for the company that it opens."""
    answer = request.GET.dict()
    answer.setdefault("state", kept_state(request, provider))
    session_key = request.session.session_key or ""
    try:
        response = arrive(request, finish_login(provider, answer, by=request.user, session_key=session_key))
    except ConnectRefused as refused:
        messages.error(request, str(refused))
        response = redirect("integrations:books")
    forget_state(response, provider)
    return response


def arrive(request: MemberRequest, connected: Connected) -> HttpResponse:
    """To the question whether it is the right company, or, after a renewal, back to work."""
    for sentence in connected.missing:
        messages.warning(request, _("This permission was not given: %(permission)s") % {"permission": _(sentence)})
    if connected.needs_confirmation:
        return redirect("integrations:confirm", connected.connection.pk)
    messages.success(request, connected_again(connected.connection))
    if connected.connection.settings.saved_at is None:
        return redirect("integrations:set_up", connected.connection.pk)
    request_sync(connected.connection, asked_by=request.user)
    return redirect("integrations:books")


def connected_again(connection: Connection) -> str:
    """With what had piled up meanwhile, all of which goes now."""
    waiting = Operation.objects.filter(books=connection.books_id, kind__in=SALES, state=Operation.State.QUEUED).count()
    again = _("%(books)s is connected again.") % {"books": connection}
    if not waiting or connection.state != Connection.State.ACTIVE:
        return again
    goes = ngettext(
        "%(number)s work order that waited goes there now.",
        "%(number)s work orders that waited go there now.",
        waiting,
    )
    return f"{again} {goes % {'number': waiting}}"


# --- the right company? ---


@owner_required
def confirm(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Shows the company that the login yielded, and asks whether it is the right one."""
    connection = own_connection(request, pk)
    if connection.state != Connection.State.CONFIRMING:
        return redirect("integrations:books")
    if request.method != "POST":
        context = {"connection": connection, "invitation": invitation_that_led_to(connection)}
        return render(request, "integrations/confirm_company.html", context)
    if "decline" in request.POST:
        told = decline_company(connection, by=request.user)
        messages.info(
            request, _("The login was given back. Nothing was changed.") if told else _("Nothing was changed.")
        )
        warn_unless_told(request, connection, told=told)
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
    return redirect("integrations:set_up", connection.pk)


# --- away ---


@owner_required
def disconnect_connection(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Says what stays and what stops, and disconnects after the answer."""
    connection = own_connection(request, pk)
    if not connection.is_live:
        return redirect("integrations:books")
    if request.method != "POST":
        auth = login_named(connection.ledger_provider.logins, held_login(connection)[0])
        context = {"connection": connection, "can_be_told": isinstance(auth, AuthorizationCode) and auth.revoke_path}
        return render(request, "integrations/disconnect.html", context)
    told = disconnect(connection, by=request.user)
    messages.success(request, _("%(books)s is disconnected. What is in both systems stays.") % {"books": connection})
    warn_unless_told(request, connection, told=told)
    return redirect("integrations:books")


def warn_unless_told(request: MemberRequest, connection: Connection, *, told: bool) -> None:
    if not told:
        sentence = _("%(provider)s could not be told. Remove the access there as well.")
        messages.warning(request, sentence % {"provider": connection.label})
