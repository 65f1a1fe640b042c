"""Which of our values is which record of the books. Owners only."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounting.protocol import maps_of
from fieldwork.access import MemberRequest, owner_required
from integrations.connecting.questions import choices_of
from integrations.presenting.values_form import ValueForms
from integrations.views.books import own_connection


@owner_required
def edit(request: MemberRequest, pk: UUID) -> HttpResponse:
    """All kinds of values on one page. Nothing is sent to further books, so they have none."""
    connection = own_connection(request, pk)
    if not (connection.is_live and connection.is_books_of_record):
        return redirect("integrations:books")
    choices = choices_of(connection, [kind.key for kind in maps_of(connection.ledger_provider)])
    forms = ValueForms(connection, choices, request.POST if request.method == "POST" else None)
    failed = request.method == "POST" and not forms.is_valid()
    if request.method != "POST" or failed:
        context = {"connection": connection, "forms": forms, "choices": choices, "failed": failed}
        return render(request, "integrations/values.html", context)
    forms.save()
    messages.success(request, _("The values are saved."))
    return redirect("integrations:values", connection.pk)
