"""API keys: who has which, a new one, and taking one back. Owners only."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from fieldwork.access import MemberRequest, owner_required
from fieldwork.forms.keys import ApiKeyForm
from fieldwork.models import ApiKey


@owner_required
@require_safe
def api_keys(request: MemberRequest) -> HttpResponse:
    """Those in force first, the newest of them on top."""
    found = ApiKey.objects.for_organization(request.membership.organization).select_related("made_by", "revoked_by")
    keys = sorted(found, key=lambda key: not key.is_in_force)
    return render(request, "fieldwork/api_keys.html", {"keys": keys})


@owner_required
@never_cache
def api_key_create(request: MemberRequest) -> HttpResponse:
    """The key is on the page that answers, and never again: it stands in no address, session or message."""
    form = ApiKeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        key, text = ApiKey.make(request.membership.organization, by=request.user, **form.new_key())
        return render(request, "fieldwork/api_key_made.html", {"key": key, "text": text})
    back = reverse("fieldwork:api_keys")
    return render(request, "fieldwork/api_key_form.html", {"form": form, "title": _("New API key"), "back": back})


@owner_required
def api_key_revoke(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Asks first, because a program stops at once."""
    key = get_object_or_404(ApiKey.objects.for_organization(request.membership.organization), pk=pk)
    if request.method == "POST":
        key.revoke(by=request.user)
        messages.success(request, _("%(key)s opens nothing any more.") % {"key": key})
        return redirect("fieldwork:api_keys")
    context = {
        "title": _("Revoke %(key)s?") % {"key": key.name},
        "consequence": _(
            "The program that uses it is refused from now on. What it has written stays. This cannot be undone: "
            "make a new key for it."
        ),
        "action": _("Revoke"),
        "back": reverse("fieldwork:api_keys"),
    }
    return render(request, "fieldwork/confirm.html", context)
