"""Pages for somebody without an account who got a link: what is asked, the way to sign in, and thanks. Open to all.

The link's address is left at once: it is exchanged for a signed cookie, so that its secret stands in no page's
address, in no Referer and in nobody's view. Whatever is wrong with a link, the answer is the same page.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from accounting.auth import Auth, ClientCredentials
from accounting.protocol import Provider
from integrations.connecting import inviting
from integrations.connecting.flow import grant_in
from integrations.connecting.inviting import Gone, Guest
from integrations.connecting.keeping import Connected
from integrations.connecting.refusals import ConnectRefused
from integrations.models import Connection, Invitation
from integrations.presenting.connect_form import LoginForm, Situation
from integrations.tasks import request_sync
from integrations.views.departing import depart, forget_state, kept_state

GUEST, THANKED = "invited", "authorised"
# Time to read the page and to find one's password; the link itself lasts longer.
STAY_S = 3600


# --- in ---------------------------------------------------------------------------


@login_not_required
@require_GET
@never_cache
def open_link(request: HttpRequest, secret: str) -> HttpResponse:
    """To the page, at an address without the secret."""
    try:
        guest = inviting.open_link(secret)
    except Gone:
        return gone(request)
    answer = redirect("integrations:authorise_here")
    keep(answer, GUEST, f"{guest.invitation_id}.{guest.key}")
    answer["Referrer-Policy"] = "no-referrer"
    return answer


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """Who asks, what the app will be allowed, what must be in place, and the button to the accounting system."""
    guest = guest_in(request)
    try:
        invitation = inviting.invitation_of(guest)
        return go(request, invitation, guest) if guest and request.method == "POST" else show(request, invitation)
    except Gone:
        return gone(request)


def go(request: HttpRequest, invitation: Invitation, guest: Guest) -> HttpResponse:
    """Signs in, or leads to the page where one does. Raises Gone."""
    situation = situation_of(invitation)
    auth = situation.chosen(request.POST.get("login"))
    form = situation.form(auth, request.POST)
    if not form.is_valid():
        return show(request, invitation, (auth, form))
    try:
        if isinstance(auth, ClientCredentials):
            return thank(invitation, inviting.enter_as_guest(invitation, auth, tenant=form.given_tenant))
        return depart(situation.provider, inviting.set_out(invitation, auth, guest))
    except ConnectRefused as refused:
        return show(request, invitation, (auth, form), problem=str(refused))


def show(
    request: HttpRequest, invitation: Invitation, bound: tuple[Auth, LoginForm] | None = None, *, problem: str = ""
) -> HttpResponse:
    situation = situation_of(invitation)
    context = {
        "invitation": invitation,
        "provider": situation.provider,
        "ways": situation.ways(bound),
        "tried": bound[0].key if bound else "",
        "problem": problem,
    }
    return render(request, "integrations/authorise.html", context)


def situation_of(invitation: Invitation) -> Situation:
    """As of somebody new: nothing that the firm has typed before is shown."""
    return Situation(
        provider=invitation.ledger_provider, firm=invitation.organization, renew=None, beside=None, begun=None
    )


# --- and back ---------------------------------------------------------------------


def is_meant(request: HttpRequest, provider: Provider) -> bool:
    """Whether who comes back to the callback had set out with a link."""
    state = request.GET.get("state") or kept_state(request, provider)
    if inviting.is_guests(provider, state):
        return True
    return not request.user.is_authenticated and guest_in(request) is not None


def come_back(request: HttpRequest, provider: Provider) -> HttpResponse:
    """The login is kept, and the guest thanked. A lasting token leaves the address before anything else."""
    guest = guest_in(request)
    answer = request.GET.dict()
    answer.setdefault("state", kept_state(request, provider))
    try:
        if token := grant_in(provider, answer):
            inviting.put_away_for(guest, provider, token, state=answer["state"])
            return redirect("integrations:callback", provider.key)
        invitation = inviting.invitation_of(guest)
        response = thank(invitation, inviting.come_back(guest, provider, answer))
    except Gone:
        response = gone(request)
    except ConnectRefused as refused:
        response = try_again(request, guest, str(refused))
    forget_state(response, provider)
    return response


def try_again(request: HttpRequest, guest: Guest | None, problem: str) -> HttpResponse:
    """The page once more with what went wrong, as long as the link holds."""
    try:
        return show(request, inviting.invitation_of(guest), problem=problem)
    except Gone:
        return gone(request)


def thank(invitation: Invitation, connected: Connected) -> HttpResponse:
    """A renewed login goes on by itself; a new company waits for the owner."""
    connection = connected.connection
    if not connected.needs_confirmation and connection.settings.saved_at is not None:
        request_sync(connection, asked_by=invitation.made_by)
    answer = redirect("integrations:authorised")
    keep(answer, THANKED, str(connection.pk))
    answer.delete_cookie(GUEST, samesite="Lax")
    return answer


@login_not_required
@require_GET
@never_cache
def thanks(request: HttpRequest) -> HttpResponse:
    """The company that was authorised, for the browser that did it."""
    kept = request.get_signed_cookie(THANKED, default="", salt=THANKED, max_age=STAY_S)
    connection = Connection.objects.filter(pk=kept).select_related("books").first() if kept else None
    return render(request, "integrations/authorised.html", {"connection": connection}) if connection else gone(request)


def gone(request: HttpRequest) -> HttpResponse:
    """Unknown, used, too old or taken back: always this."""
    answer = render(request, "integrations/authorise_gone.html", status=404)
    answer["Referrer-Policy"] = "no-referrer"
    return answer


# --- what the browser keeps ---------------------------------------------------------


def keep(answer: HttpResponse, name: str, value: str) -> None:
    """Signed. For all addresses, because the accounting system's page leads back to another one than it left."""
    secure = settings.SESSION_COOKIE_SECURE
    answer.set_signed_cookie(name, value, salt=name, max_age=STAY_S, secure=secure, httponly=True, samesite="Lax")


def guest_in(request: HttpRequest) -> Guest | None:
    """Whom this browser opened a link for; None without one, and for a cookie that is not ours."""
    kept = request.get_signed_cookie(GUEST, default="", salt=GUEST, max_age=STAY_S) or ""
    invitation_id, _dot, key = kept.partition(".")
    return Guest(invitation_id=invitation_id, key=key) if key else None
