"""The catalogue of problems: what each means, where it comes from, what cures it, and what people say about that.

For the office.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fieldwork.access import MemberRequest, office_required
from integrations.explaining.catalogue import CHAPTERS, explain
from integrations.explaining.entries import Explanation
from integrations.explaining.related import related_codes, topic_of
from integrations.models import HelpVote
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
    found = known(code)
    topic = topic_of(found.code)
    mine = HelpVote.objects.filter(organization=request.membership.organization, user=request.user, code=found.code)
    context = {
        "found": found,
        "code": code,
        "title": kind_title(code),
        "related": [explain(each) for each in related_codes(found.code)],
        "topic": topic,
        "may_open": topic is not None and (not topic.is_owners or request.membership.is_owner()),
        "helpful": mine.values_list("helpful", flat=True).first(),
    }
    return render(request, "integrations/inbox_explanation.html", context)


@office_required
@require_POST
def vote(request: MemberRequest, code: str) -> HttpResponse:
    """Helpful or not: one word per person and explanation, the latest."""
    found = known(code)
    said = request.POST.get("helpful")
    if said in ("yes", "no"):
        HelpVote.objects.update_or_create(
            organization=request.membership.organization,
            user=request.user,
            code=found.code,
            defaults={"helpful": said == "yes", "at": timezone.now()},
        )
        messages.success(request, _("Thank you. It helps us to explain better."))
    return redirect("integrations:explanation", code)


def known(code: str) -> Explanation:
    found = explain(code)
    if found is None:
        raise Http404
    return found
