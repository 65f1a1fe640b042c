"""The page of a copy that is not in charge: what that means, and how it takes over. Owners only."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fieldwork.access import MemberRequest, owner_required
from integrations.installation import is_in_charge, owner_of_database, take_over
from integrations.models import Connection


@owner_required
@require_http_methods(["GET", "POST"])
def take_over_page(request: MemberRequest) -> HttpResponse:
    """Says what becomes of the other installation, and takes over after the answer."""
    if is_in_charge():
        return redirect("integrations:books")
    if request.method == "POST" and "other_is_stopped" in request.POST:
        take_over(by=request.user, who=request.user.get_username())
        messages.success(request, _("This copy is in charge now. Every connection is paused until you resume it."))
        return redirect("integrations:books")
    firm = request.membership.organization
    context = {
        "former": owner_of_database(),
        "connections": Connection.objects.filter(organization=firm, state__in=Connection.LIVE).select_related("books"),
        "failed": request.method == "POST",
    }
    return render(request, "integrations/take_over.html", context)
