"""Links by which somebody without an account signs in for the firm: made, mailed and taken back. Owners only."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from fieldwork.access import MemberRequest, owner_required
from integrations.connecting.inviting import invite, take_back
from integrations.connecting.keeping import Wish
from integrations.connecting.refusals import ConnectRefused
from integrations.models import Invitation
from integrations.presenting.connect_form import situation_of
from integrations.presenting.invitations import InvitationForm, message_of, send_message
from integrations.views.books import known


@owner_required
@never_cache
def make(request: MemberRequest, key: str) -> HttpResponse:
    """Asks for how long and for whom, then shows the link: once, because nobody can be told its secret again."""
    situation = situation_of(request.membership.organization, known(key))
    form = InvitationForm(request.POST or None, firm=situation.firm, asks_role=situation.beside is not None)
    context = {"situation": situation, "provider": situation.provider, "form": form, "problem": ""}
    if request.method != "POST" or not form.is_valid():
        return render(request, "integrations/invite.html", context)
    wish = Wish(organization=situation.firm, by=request.user, renew=situation.renew, as_further=form.as_further)
    try:
        invitation, secret = invite(wish, situation.provider, life=form.life, sent_to=form.cleaned_data["sent_to"])
    except ConnectRefused as refused:
        return render(request, "integrations/invite.html", {**context, "problem": str(refused)})
    address = settings.SITE_URL + reverse("integrations:authorise", args=[secret])
    message = message_of(invitation, address, language=form.cleaned_data["language"])
    if invitation.sent_to:
        tell_whether_sent(request, invitation, is_sent=send_message(message, to=invitation.sent_to))
    shown = {"invitation": invitation, "provider": situation.provider, "address": address, "message": message}
    return render(request, "integrations/invited.html", shown)


def tell_whether_sent(request: MemberRequest, invitation: Invitation, *, is_sent: bool) -> None:
    to = {"address": invitation.sent_to}
    if is_sent:
        messages.success(request, _("The link was sent to %(address)s.") % to)
    else:
        messages.warning(request, _("The mail to %(address)s could not be sent. Copy the text below instead.") % to)


@owner_required
@require_POST
def revoke(request: MemberRequest, pk: UUID) -> HttpResponse:
    mine = Invitation.objects.filter(organization=request.membership.organization).select_related("organization")
    if take_back(get_object_or_404(mine, pk=pk), by=request.user):
        messages.success(request, _("The link is taken back. Whoever has it can do nothing with it any more."))
    else:
        messages.info(request, _("The link could not be used any more already."))
    return redirect("integrations:books")
