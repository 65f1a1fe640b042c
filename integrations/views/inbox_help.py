"""The catalogue of problems: what each means, where it comes from, and what cures it. For the office."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.views.decorators.http import require_GET

from fieldwork.access import MemberRequest, office_required
from integrations.explaining.catalogue import CHAPTERS, explain
from integrations.explaining.entries import Explanation
from integrations.presenting.kinds import kind_title

Chapter = tuple[str | Promise, list[Explanation]]


@office_required
@require_GET
def catalogue(request: MemberRequest) -> HttpResponse:
    """All of them, or those in which every searched word stands."""
    searched = request.GET.get("q", "").strip()
    return render(request, "integrations/inbox_help.html", {"chapters": chapters_with(searched), "searched": searched})


def chapters_with(searched: str) -> list[Chapter]:
    words = searched.casefold().split()
    narrowed = [(title, [each for each in chapter if says_all(each, words)]) for title, chapter in CHAPTERS]
    return [(title, chapter) for title, chapter in narrowed if chapter]


def says_all(each: Explanation, words: list[str]) -> bool:
    said = f"{each.code} {each.title} {each.cause} {each.cure}".casefold()
    return all(word in said for word in words)


@office_required
@require_GET
def explanation(request: MemberRequest, code: str) -> HttpResponse:
    found = explain(code)
    if found is None:
        raise Http404
    return render(request, "integrations/inbox_explanation.html", {"found": found, "title": kind_title(code)})
