"""Work orders of a list: sent, never sent, or taken back, with what became of each; and what was sent in one go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from fieldwork.access import MemberRequest, office_required
from fieldwork.models import User, WorkOrder
from fieldwork.services import WorkOrderRefused
from integrations.exports import SALES
from integrations.models import Operation
from integrations.presenting.sent_lately import sent_lately
from integrations.presenting.work_orders_done import candidates_of, what_became_of
from integrations.receivers import exclude, request_export
from integrations.sending.asking import ChangeRefused, queue_taking_back
from integrations.sending.queueing import live_connection
from integrations.views.inbox_repairs import is_uuid
from integrations.views.records import ring

SESSION_KEY = "ticked_work_orders"
MOST = 500
PAGE_SIZE = 30
LIST = "fieldwork:work_order_list"

TITLES: Mapping[str, str | Promise] = {
    "send": gettext_lazy("Sent to the books"),
    "exclude": gettext_lazy("Not to be sent"),
    "take_back": gettext_lazy("Taken back from the books"),
}


@office_required
@require_POST
def carry_out(request: MemberRequest) -> HttpResponse:
    """The step for each of them by itself; what is refused keeps its reason. The worker does the rest."""
    step, reason = request.POST.get("step", ""), request.POST.get("reason", "").strip()
    work_orders = ticked(request, request.POST.getlist("work_order"))
    if step not in TITLES or not work_orders:
        messages.info(request, _("Tick the work orders first."))
        return redirect(LIST)
    if step == "exclude" and not reason:
        messages.error(request, _("Write why it is not sent."))
        return redirect(LIST)
    if step == "take_back" and "confirmed" not in request.POST:
        return ask_first(request, work_orders)
    take = STEPS[step]
    refused = {}
    for work_order in work_orders:
        try:
            take(work_order, request.user, reason)
        except (WorkOrderRefused, ChangeRefused) as refusal:
            refused[str(work_order.pk)] = str(refusal)
    request.session[SESSION_KEY] = {
        "step": step,
        "work_orders": [str(each.pk) for each in work_orders],
        "refused": refused,
    }
    ring(live_connection(request.membership.organization), request)
    return redirect("integrations:ticked_done")


def ask_first(request: MemberRequest, work_orders: list[WorkOrder]) -> HttpResponse:
    """Which drafts would go and what stays, with a tick at each that can go."""
    candidates = candidates_of(work_orders)
    going = [each for each in candidates if not each.why_not]
    context = {"going": going, "staying": [each for each in candidates if each.why_not]}
    return render(request, "integrations/work_orders_take_back.html", context)


@office_required
@require_safe
def lately(request: MemberRequest) -> HttpResponse:
    """What went to the books in one go, each with the way to undo it."""
    sendings = Paginator(sent_lately(request.membership.organization), PAGE_SIZE)
    context = {"page": sendings.get_page(request.GET.get("page"))}
    return render(request, "integrations/sent_lately.html", context)


@office_required
@require_safe
def done(request: MemberRequest) -> HttpResponse:
    """What became of those that were ticked last; looks again by itself until the last one is settled."""
    last = request.session.get(SESSION_KEY)
    if not last:
        return redirect(LIST)
    work_orders = ticked(request, last["work_orders"])
    outcome = what_became_of(work_orders, last["refused"], step=last["step"])
    context = {"title": TITLES[last["step"]], "outcome": outcome, "is_live": outcome.open > 0}
    return render(request, "integrations/work_orders_done.html", context)


def ticked(request: MemberRequest, ids: list[str]) -> list[WorkOrder]:
    """The firm's own among these."""
    mine = WorkOrder.objects.for_organization(request.membership.organization)
    chosen = [UUID(each) for each in ids if is_uuid(each)][:MOST]
    return list(mine.filter(pk__in=chosen).select_related("organization", "customer"))


# --- the steps ------------------------------------------------------------------


def send(work_order: WorkOrder, by: User, reason: str) -> None:
    request_export(work_order, by=by)


def leave_out(work_order: WorkOrder, by: User, reason: str) -> None:
    exclude(work_order, by=by, reason=reason[:200])


def take_back(work_order: WorkOrder, by: User, reason: str) -> None:
    """Asks for it only: the books are asked by the worker, one after the other."""
    sent = Operation.objects.filter(kind__in=SALES, local_id=work_order.pk, organization=work_order.organization_id)
    operation = sent.filter(state=Operation.State.DONE).order_by("-revision").first()
    if operation is None:
        raise ChangeRefused(
            _("Work order %(number)s has no draft that can be taken back.") % {"number": work_order.number}
        )
    queue_taking_back(operation, by=by)


STEPS: Mapping[str, Callable[[WorkOrder, User, str], None]] = {
    "send": send,
    "exclude": leave_out,
    "take_back": take_back,
}
