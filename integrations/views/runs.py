"""Runs: what was read when, with counts, and the live progress of what runs now. Owners only."""

from __future__ import annotations

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from fieldwork.access import MemberRequest, owner_required
from integrations.models import Connection, Run
from integrations.presenting.progress import is_asked_for, progress_of

PAGE_SIZE = 50


@owner_required
@require_GET
def runs(request: MemberRequest) -> HttpResponse:
    """The latest runs first. While something runs, or is about to, the list renews itself."""
    firm = request.membership.organization
    found = Run.objects.filter(connection__organization=firm).select_related("connection__books")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [progress_of(run) for run in page]
    connections = list(Connection.objects.filter(organization=firm).order_by("-is_books_of_record"))
    context = {
        "page": page,
        "rows": rows,
        "connection": next((each for each in connections if each.is_live), None),
        "several": len(connections) > 1,
        "is_live": any(row.is_open for row in rows) or any(map(is_asked_for, connections)),
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
