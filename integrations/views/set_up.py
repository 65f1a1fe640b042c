"""The set-up, from the right company to the plan of the first sync: a page for each step. Owners only.

What a step was told is stored at once, so that it survives whatever ends the visit; nothing acts on it before Start.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from fieldwork.access import MemberRequest, owner_required
from integrations.connecting.answers import follow_new_answers, open_questions
from integrations.connecting.questions import choices_for
from integrations.connecting.setting_up import ORDER, finish_step, is_open
from integrations.models import Connection, ConnectionSettings
from integrations.planning.making import ask_for_plan
from integrations.presenting.set_up import address_of, next_step, summary_of
from integrations.presenting.settings_form import NOTHING_ASKED, ConnectionForms
from integrations.views.books import own_connection

Step = ConnectionSettings.Step
# Where a step's buttons lead, counted in steps.
WAYS = {"next": 1, "back": -1}


@owner_required
@require_GET
def go_on(request: MemberRequest, pk: UUID) -> HttpResponse:
    """To the step where the set-up stopped, or to the settings when it is over."""
    connection = own_connection(request, pk)
    if connection.state == Connection.State.CONFIRMING:
        return redirect("integrations:confirm", pk)
    if not connection.is_live:
        return redirect("integrations:books")
    if connection.settings.saved_at:
        return redirect("integrations:settings", pk)
    return redirect(address_of(connection.ledger_provider, connection, next_step(connection)))


@owner_required
def choose(request: MemberRequest, pk: UUID, step: str) -> HttpResponse:
    """One step's section of the settings, the same as on the page of all settings."""
    connection = own_connection(request, pk)
    if not is_here(connection, step):
        return redirect("integrations:set_up", pk)
    prefetch_related_objects([connection], "answers")
    choices = choices_for(connection) if step == Step.EXPORT and connection.is_books_of_record else NOTHING_ASKED
    data = request.POST if request.method == "POST" else None
    forms = ConnectionForms(connection, choices, data, sections=[step])
    if data is None or not forms.is_valid():
        context = {
            "connection": connection,
            "step": step,
            "back": neighbour(connection, step, "back"),
            "forms": forms,
            "choices": choices,
            "failed": data is not None,
        }
        return render(request, "integrations/set_up.html", context)
    changed = forms.has_changed()
    forms.save()
    if step == Step.EXPORT:
        follow_new_answers(connection)
    finish_step(connection, step, changed=changed)
    return redirect(neighbour(connection, step, data.get("go", "")))


@owner_required
def save(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Everything that was chosen. Saving it asks for the plan of the first sync, and still moves nothing."""
    connection = own_connection(request, pk)
    if not is_here(connection, Step.SAVE):
        return redirect("integrations:set_up", pk)
    if request.method == "POST":
        finish_step(connection, Step.SAVE, changed=False)
        if connection.state == Connection.State.ACTIVE:
            ask_for_plan(connection, by=request.user)
        return redirect("integrations:plan", pk)
    prefetch_related_objects([connection], "answers")
    context = {
        "connection": connection,
        "summary": summary_of(connection),
        "open_questions": open_questions(connection),
    }
    return render(request, "integrations/set_up_save.html", context)


def is_here(connection: Connection, step: str) -> bool:
    """Whether the set-up is under way and has come this far."""
    return connection.is_live and connection.settings.saved_at is None and is_open(connection, step)


def neighbour(connection: Connection, step: str, way: str) -> str:
    """The address of the step before or after; whoever wants to go on later comes to the connections."""
    if way == "later":
        return reverse("integrations:books")
    place = ORDER.index(step) + WAYS.get(way, 1)
    return address_of(connection.ledger_provider, connection, ORDER[place] if place >= 0 else "connect")
