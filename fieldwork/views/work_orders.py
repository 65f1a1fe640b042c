"""Work orders: the list, the page of one, its form, and the steps that it takes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from fieldwork.access import MemberRequest, member_required, office_required
from fieldwork.forms.work_orders import BLANK_LINES, LineFormSet, WorkOrderForm, WorkReportForm
from fieldwork.listing import Filter, list_records, work_order_filters
from fieldwork.models import Customer, WorkOrder, WorkOrderLine, WorkOrderStatus
from fieldwork.services import (
    WorkOrderRefused,
    change_work_order,
    complete_work_order,
    create_work_order,
    reopen_work_order,
    set_status,
)

LINES_PREFIX = "lines"


@member_required
def work_order_list(request: MemberRequest) -> HttpResponse:
    organization = request.membership.organization
    statuses = WorkOrderStatus.objects.for_organization(organization)
    of_status = Filter(
        parameter="status",
        label=gettext_lazy("Status"),
        field="status",
        choices=[(str(status.pk), status.name) for status in statuses],
    )
    further = (make(organization) for make in work_order_filters)
    listing = list_records(
        request,
        _work_orders(request).select_related("customer", "status", "assigned_to").prefetch_related("lines"),
        search_in=("number", "title", "customer__name", "customer__number", "your_reference", "project__number"),
        filters=[of_status, *(each for each in further if each)],
    )
    context = {"listing": listing, "work_orders": list(listing.page.object_list)}
    return render(request, "fieldwork/work_order_list.html", context)


@member_required
def work_order_detail(request: MemberRequest, pk: UUID) -> HttpResponse:
    lines = WorkOrderLine.objects.select_related("material", "hour_type", "performed_by")
    orders = _work_orders(request).select_related(
        "organization", "customer", "work_site", "project", "status", "assigned_to", "completed_by"
    )
    work_order = get_object_or_404(orders.prefetch_related(Prefetch("lines", queryset=lines)), pk=pk)
    context = {
        "work_order": work_order,
        "statuses": WorkOrderStatus.objects.for_organization(request.membership.organization),
        "may_manage": request.membership.manages_work(),
    }
    return render(request, "fieldwork/work_order_detail.html", context)


@office_required
def work_order_create(request: MemberRequest, customer: UUID | None = None) -> HttpResponse:
    """The form for a new work order; `customer` is filled in when one comes from the customer's page."""
    organization = request.membership.organization
    work_order = WorkOrder(organization=organization)
    if customer:
        work_order.customer = get_object_or_404(Customer.objects.for_organization(organization), pk=customer)
    form = WorkOrderForm(request.POST or None, instance=work_order, organization=organization)
    lines = LineFormSet(_line_data(request), organization=organization, lines=[], prefix=LINES_PREFIX)
    if _is_ready(request, form, lines):
        try:
            create_work_order(work_order, lines=lines.kept_lines())
        except WorkOrderRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Work order %(number)s is created.") % {"number": work_order.number})
            return redirect(_page_of(work_order))
    context = {"title": _("New work order"), "back": reverse("fieldwork:work_order_list")}
    return _render_form(request, form, lines, context)


@member_required
def work_order_edit(request: MemberRequest, pk: UUID) -> HttpResponse:
    work_order = get_object_or_404(_work_orders(request), pk=pk)
    if work_order.is_completed:
        return _before_editing_completed(request, work_order)
    organization = request.membership.organization
    form_class = WorkOrderForm if request.membership.manages_work() else WorkReportForm
    form = form_class(request.POST or None, instance=work_order, organization=organization)
    stored = work_order.lines.select_related("material", "hour_type")
    lines = LineFormSet(_line_data(request), organization=organization, lines=stored, prefix=LINES_PREFIX)
    if _is_ready(request, form, lines):
        try:
            change_work_order(
                work_order, fields=list(form.fields), lines=lines.kept_lines(), removed=lines.removed_lines()
            )
        except WorkOrderRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Work order %(number)s is saved.") % {"number": work_order.number})
            return redirect(_page_of(work_order))
    context = {"title": str(work_order), "work_order": work_order, "back": _page_of(work_order)}
    return _render_form(request, form, lines, context)


def _before_editing_completed(request: MemberRequest, work_order: WorkOrder) -> HttpResponse:
    """The office is told what follows and opens it again; performers are told who does."""
    if request.membership.manages_work():
        return redirect("fieldwork:work_order_reopen", work_order.pk)
    completed = _("Work order %(number)s is completed, and may be billed already. Ask the office to open it again.")
    messages.warning(request, completed % {"number": work_order.number})
    return redirect(_page_of(work_order))


@member_required
@require_POST
def work_order_complete(request: MemberRequest, pk: UUID) -> HttpResponse:
    work_order = get_object_or_404(_work_orders(request), pk=pk)
    try:
        completed = complete_work_order(work_order, by=request.user)
    except WorkOrderRefused as refused:
        messages.error(request, str(refused))
        return redirect(_page_of(work_order))
    done = _("Work order %(number)s is completed.") if completed else _("Work order %(number)s was completed already.")
    messages.success(request, done % {"number": work_order.number})
    return redirect(_page_of(work_order))


@office_required
def work_order_reopen(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Asks first, because a completed work order may be in the books already."""
    work_order = get_object_or_404(_work_orders(request).select_related("organization", "status"), pk=pk)
    if request.method == "POST":
        if reopen_work_order(work_order):
            messages.success(request, _("Work order %(number)s is open again.") % {"number": work_order.number})
        return redirect("fieldwork:work_order_edit", pk)
    return render(request, "fieldwork/work_order_reopen.html", {"work_order": work_order})


@office_required
@require_POST
def work_order_set_status(request: MemberRequest, pk: UUID) -> HttpResponse:
    work_order = get_object_or_404(_work_orders(request), pk=pk)
    choice = forms.ModelChoiceField(WorkOrderStatus.objects.for_organization(request.membership.organization))
    try:
        status = choice.clean(request.POST.get("status"))
        set_status(work_order, status, request.user)
    except forms.ValidationError:
        messages.error(request, _("Choose a status from the list."))
    except WorkOrderRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Work order %(number)s is now: %(status)s.") % _named(work_order, status))
    return redirect(_page_of(work_order))


def _named(work_order: WorkOrder, status: WorkOrderStatus) -> dict[str, str]:
    return {"number": work_order.number, "status": status.name}


def _work_orders(request: MemberRequest) -> QuerySet[WorkOrder]:
    return WorkOrder.objects.visible_to(request.membership)


def _page_of(work_order: WorkOrder) -> str:
    return reverse("fieldwork:work_order_detail", args=[work_order.pk])


def _line_data(request: MemberRequest) -> Any:
    """What was posted, with more blank lines when the button for them was pressed."""
    if request.method != "POST":
        return None
    data = request.POST.copy()
    if "more_lines" in data:
        total = data.get(f"{LINES_PREFIX}-TOTAL_FORMS", "")
        data[f"{LINES_PREFIX}-TOTAL_FORMS"] = str((int(total) if total.isdecimal() else 0) + BLANK_LINES)
    return data


def _is_ready(request: MemberRequest, form: forms.ModelForm, lines: Any) -> bool:
    """True when everything typed is right and it was not merely more lines that were asked for."""
    if request.method != "POST" or "more_lines" in request.POST:
        return False
    valid = [form.is_valid(), lines.is_valid()]
    return all(valid)


def _render_form(request: MemberRequest, form: forms.ModelForm, lines: Any, context: dict[str, Any]) -> HttpResponse:
    return render(request, "fieldwork/work_order_form.html", {"form": form, "lines": lines, **context})
