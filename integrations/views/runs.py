"""Runs: what was read when, with counts, and the live progress of what runs now. Owners only."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from fieldwork.access import MemberRequest, owner_required
from integrations.models import Run
from integrations.presenting.progress import is_asked_for, progress_of
from integrations.sending.queueing import live_connection

PAGE_SIZE = 50


@owner_required
@require_GET
def runs(request: MemberRequest) -> HttpResponse:
    """The latest runs first. While something runs, or is about to, the list renews itself."""
    firm = request.membership.organization
    page = Paginator(Run.objects.filter(connection__organization=firm), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [progress_of(run) for run in page]
    connection = live_connection(firm)
    context = {
        "page": page,
        "rows": rows,
        "connection": connection,
        "is_live": any(row.is_open for row in rows) or is_asked_for(connection),
    }
    return render(request, "integrations/_runs.html" if is_part(request) else "integrations/runs.html", context)


@owner_required
@require_GET
def run(request: MemberRequest, pk: UUID) -> HttpResponse:
    mine = Run.objects.filter(connection__organization=request.membership.organization)
    found = get_object_or_404(mine.select_related("connection__books", "asked_by"), pk=pk)
    context = {"row": progress_of(found)}
    return render(request, "integrations/_run.html" if is_part(request) else "integrations/run.html", context)


def is_part(request: MemberRequest) -> bool:
    """True when htmx renews the live part of a page that is there already."""
    return request.headers.get("HX-Request") == "true"
