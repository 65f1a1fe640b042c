"""The settings of a connection. Owners only."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from fieldwork.access import MemberRequest, owner_required
from integrations.connecting.answers import follow_new_answers, open_questions
from integrations.connecting.questions import choices_for
from integrations.presenting.hook_panel import hook_panel
from integrations.presenting.settings_form import ConnectionForms
from integrations.views.books import own_connection


@owner_required
def edit(request: MemberRequest, pk: UUID) -> HttpResponse:
    """All sections on one page. Before anything was started, the set-up asks for them step by step."""
    connection = own_connection(request, pk)
    if not connection.is_live:
        return redirect("integrations:books")
    if connection.settings.saved_at is None:
        return redirect("integrations:set_up", pk)
    prefetch_related_objects([connection], "answers")
    choices = choices_for(connection)
    forms = ConnectionForms(connection, choices, request.POST if request.method == "POST" else None)
    failed = request.method == "POST" and not forms.is_valid()
    if request.method != "POST" or failed:
        context = {
            "connection": connection,
            "forms": forms,
            "choices": choices,
            "failed": failed,
            "open_questions": open_questions(connection),
            "calls": hook_panel(connection),
        }
        return render(request, "integrations/settings.html", context)
    forms.save()
    follow_new_answers(connection)
    messages.success(request, _("The settings are saved."))
    return redirect("integrations:books")
