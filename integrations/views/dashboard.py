"""The first page after signing in."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from fieldwork.access import MemberRequest, member_required
from integrations.presenting.dashboard import dashboard_for


@member_required
def dashboard(request: MemberRequest) -> HttpResponse:
    return render(request, "integrations/dashboard.html", {"board": dashboard_for(request.membership)})
