"""A work order's document: looked at before it is sent, and changed or taken back afterwards. For the office."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounting.types import SalesDocument
from fieldwork.access import MemberRequest, office_required
from fieldwork.models import WorkOrder
from integrations.exports import CHANGES, thaw, work_orders_to_send
from integrations.models import Operation
from integrations.presenting.documents import differences, preview_of
from integrations.presenting.work_orders import WorkOrderPanel, work_order_panel
from integrations.repairing.beforehand import case_for, form_for, mark_of, save_beforehand
from integrations.revising import give_up, take_back, update_document
from integrations.sending.asking import ChangeRefused
from integrations.sending.preflight import preflight
from integrations.sending.queueing import live_connection
from integrations.views.records import own_operation, ring

DETAIL = "fieldwork:work_order_detail"


@office_required
@require_safe
def preview(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The exact document, with the totals that the accounting system will compute."""
    work_order = document_of(request, pk)
    connection = live_connection(work_order.organization)
    if connection is None:
        messages.error(request, _("No accounting system is connected. Connect one under Books."))
        return redirect(DETAIL, pk)
    shown = preview_of(connection, work_order)
    return render(request, "integrations/work_order_preview.html", {"work_order": work_order, "preview": shown})


@office_required
@require_POST
def repair_beforehand(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One field of a customer or an article, typed beside what would be refused. What does not hold is shown again."""
    work_order = own_work_order(request, pk)
    connection = live_connection(work_order.organization)
    which = request.POST.get("which", "")
    found = [each for each in preflight(connection, work_order) if mark_of(each) == which] if connection else []
    case = case_for(found[0], work_order, connection) if connection and found else None
    form = form_for(case, request.POST) if case else None
    if case is None or form is None:
        messages.info(request, _("That was repaired meanwhile."))
        return redirect(DETAIL, pk)
    if form.is_valid():
        try:
            save_beforehand(case, form.decision, work_order, by=request.user)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("It is saved."))
            return redirect(DETAIL, pk)
    context = {"work_order": work_order, "case": case, "form": form, "which": which}
    return render(request, "integrations/work_order_repair.html", context)


# --- over the former document ---------------------------------------------------


@office_required
def update(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Shows what of the former revision's document would be overwritten, and does it after the answer."""
    work_order = own_work_order(request, pk)
    panel = work_order_panel(work_order, with_checks=False)
    if panel.connection is None or panel.former is None or not panel.may_update:
        messages.error(request, _("Work order %(number)s has no document that can be updated now.") % named(work_order))
        return redirect(DETAIL, pk)
    if request.method == "POST" and request.POST.get("revision") == str(work_order.revision):
        return carry_out_update(request, work_order, panel)
    if request.method == "POST":
        messages.warning(request, _("The work order was changed meanwhile. Please look again."))
    shown = preview_of(panel.connection, document_of(request, pk))
    former = as_it_stands(panel.former)
    context = {
        "work_order": work_order,
        "panel": panel,
        "preview": shown,
        "differences": differences(former, shown.document) if former else None,
    }
    return render(request, "integrations/work_order_update.html", context)


def as_it_stands(former: Operation) -> SalesDocument | None:
    """The document as we sent it; None for one whose text was not kept."""
    document = thaw(former.kind, former.payload) if former.payload else None
    return document if isinstance(document, SalesDocument) else None


def carry_out_update(request: MemberRequest, work_order: WorkOrder, panel: WorkOrderPanel) -> HttpResponse:
    values = {**named(work_order), "document": capfirst(panel.former_name)}
    try:
        operation = update_document(work_order, by=request.user)
    except ChangeRefused as refused:
        messages.error(request, str(refused))
        return redirect(DETAIL, work_order.pk)
    if operation.state == Operation.State.DONE:
        messages.success(request, _("%(document)s now shows work order %(number)s as it is here.") % values)
    elif operation.state in Operation.NEEDS_PERSON:
        messages.error(request, _("%(document)s was not updated. The reason stands below.") % values)
    else:
        messages.info(request, _("%(document)s is updated as soon as it can be.") % values)
        ring(live_connection(work_order.organization), request)
    return redirect(DETAIL, work_order.pk)


# --- taken back -----------------------------------------------------------------


@office_required
def take_back_document(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Asks first, and then removes the draft from the books while they allow it."""
    work_order = own_work_order(request, pk)
    panel = work_order_panel(work_order, with_checks=False)
    if panel.sent is None or not panel.may_take_back:
        messages.error(request, _("Work order %(number)s has no draft that can be taken back.") % named(work_order))
        return redirect(DETAIL, pk)
    if request.method != "POST":
        context = {"work_order": work_order, "panel": panel}
        return render(request, "integrations/work_order_take_back.html", context)
    values = {**named(work_order), "document": capfirst(panel.sent_name)}
    try:
        removal = take_back(panel.sent, by=request.user)
    except ChangeRefused as refused:
        messages.error(request, str(refused))
        return redirect(DETAIL, pk)
    if removal.state == Operation.State.DONE:
        messages.success(request, _("%(document)s is taken back: it is not in the books any more.") % values)
    elif removal.state in Operation.NEEDS_PERSON:
        messages.error(request, _("%(document)s was not taken back. The reason stands below.") % values)
    else:
        messages.info(request, _("%(document)s is taken back as soon as it can be.") % values)
        ring(live_connection(work_order.organization), request)
    return redirect(DETAIL, pk)


# --- a change that stopped ------------------------------------------------------


@office_required
@require_POST
def leave_as_it_is(request: MemberRequest, pk: UUID) -> HttpResponse:
    """What could not be changed in the books is left, and nobody is asked about it any more."""
    operation = own_operation(request, pk)
    if operation.kind in CHANGES:
        give_up(operation)
        messages.success(request, _("%(record)s is left as it is in the books.") % {"record": operation.local_label})
    return redirect(DETAIL, operation.local_id)


# --- both -----------------------------------------------------------------------


def own_work_order(request: MemberRequest, pk: UUID) -> WorkOrder:
    mine = WorkOrder.objects.for_organization(request.membership.organization)
    work_order = get_object_or_404(mine.select_related("customer", "status"), pk=pk)
    work_order.organization = request.membership.organization
    return work_order


def document_of(request: MemberRequest, pk: UUID) -> WorkOrder:
    """The work order with everything that its document is made of."""
    return get_object_or_404(work_orders_to_send(), organization=request.membership.organization, pk=pk)


def named(work_order: WorkOrder) -> dict[str, str]:
    return {"number": work_order.number}
