"""The first page after signing in, and the answer that says the process is alive."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from fieldwork.access import MemberRequest, member_required
from integrations.dashboard import dashboard_for


@member_required
def dashboard(request: MemberRequest) -> HttpResponse:
    return render(request, "integrations/dashboard.html", {"board": dashboard_for(request.membership)})


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Alive: this process answers. It asks nothing else, so that a slow database does not get it restarted."""
    return HttpResponse("ok\n", content_type="text/plain")
