"""Decisions of the inbox that are made again for new entries: listed with their use, switched off, forgotten."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fieldwork.access import MemberRequest, office_required
from integrations.models import RepairRule
from integrations.presenting.rules import in_words
from integrations.repairing.declared import REPAIRS
from integrations.repairing.rules import forget, switch
from integrations.tasks import request_sync

PAGE_SIZE = 50


@office_required
@require_GET
def rules(request: MemberRequest) -> HttpResponse:
    mine = RepairRule.objects.filter(organization=request.membership.organization)
    page = Paginator(mine.select_related("connection", "by"), PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [(rule, in_words(rule)) for rule in page]
    return render(request, "integrations/inbox_rules.html", {"page": page, "rows": rows})


@office_required
@require_POST
def switch_rule(request: MemberRequest, pk: UUID) -> HttpResponse:
    """On or off, as the button says; pressed twice it stays what it became."""
    rule = own_rule(request, pk)
    on = request.POST.get("on") == "yes"
    if switch(rule, on=on):
        said = _("From now on this is decided again.") if on else _("New entries of this kind wait for a person again.")
        messages.success(request, said)
        read_again(request, rule)
    return redirect("integrations:rules")


@office_required
@require_POST
def delete_rule(request: MemberRequest, pk: UUID) -> HttpResponse:
    rule = own_rule(request, pk)
    forget(rule)
    messages.success(request, _("The rule is deleted. What it decided stays as it is."))
    read_again(request, rule)
    return redirect("integrations:rules")


def own_rule(request: MemberRequest, pk: UUID) -> RepairRule:
    mine = RepairRule.objects.filter(organization=request.membership.organization)
    return get_object_or_404(mine.select_related("connection"), pk=pk)


def read_again(request: MemberRequest, rule: RepairRule) -> None:
    """What an import decides by the rule is read anew."""
    if REPAIRS[rule.repair].reads_books and rule.connection.state == rule.connection.State.ACTIVE:
        request_sync(rule.connection, asked_by=request.user)
