"""Who decides about a field, and which of two values is right."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fieldwork.access import MemberRequest, office_required, owner_required
from integrations.models import Case
from integrations.owning.comparing import CODE
from integrations.owning.deciding import Side, decide
from integrations.presenting.conflicts import chosen, parts_of
from integrations.presenting.owners_form import OwnersForm
from integrations.views.books import own_connection
from integrations.views.inbox_repairs import back


@owner_required
def owners(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One choice per group of fields. The next read looks at every record anew."""
    connection = own_connection(request, pk)
    if not connection.is_live:
        return redirect("integrations:books")
    form = OwnersForm(connection, request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "integrations/owners.html", {"connection": connection, "form": form})
    form.save()
    messages.success(request, _("The settings are saved. They hold from the next sync on."))
    return redirect("integrations:owners", connection.pk)


@office_required
@require_POST
def decide_case(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Ours or theirs, as the button says, or field by field. Pressed twice, or by two people, the first one counts."""
    cases = Case.objects.filter(organization=request.membership.organization)
    case = get_object_or_404(cases.select_related("connection", "organization"), pk=pk)
    side = request.POST.get("side", "")
    each = chosen(parts_of(case), request.POST) if side == "each" else {}
    if case.code != CODE:
        messages.error(request, _("There is nothing to choose between."))
    elif each is None:
        messages.error(request, _("Choose one of the two for each field."))
    elif not each and side not in set(Side):
        messages.error(request, _("Choose one of the two."))
    elif decide(case, Side.OURS if each else Side(side), request.user, but=each):
        messages.success(request, _("%(record)s is decided.") % {"record": case.subject_label})
    else:
        messages.info(request, _("%(record)s was decided meanwhile.") % {"record": case.subject_label})
    return back(request)
