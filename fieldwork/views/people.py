"""The person who is signed in: how pages look to them, and for which firm they work right now."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fieldwork.access import MemberRequest, choose_organization, member_required
from fieldwork.forms.records import PersonForm
from fieldwork.models import Membership
from fieldwork.views.editing import edit_record


@member_required
def profile(request: MemberRequest) -> HttpResponse:
    form = PersonForm(request.POST or None, instance=request.user)
    return edit_record(request, form, title=_("My settings"), back=reverse("fieldwork:profile"))


@member_required
@require_POST
def organization_choose(request: MemberRequest) -> HttpResponse:
    """Switches the session to another of the person's own organizations."""
    slug = request.POST.get("organization", "")
    membership = Membership.objects.filter(user=request.user, organization__slug=slug).first()
    if membership is None:
        raise Http404
    choose_organization(request, membership)
    return redirect("/")
