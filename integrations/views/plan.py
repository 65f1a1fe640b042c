"""The plan of a connection: what a sync would do, looked at before it happens. The office decides, the owner starts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from fieldwork.access import MemberRequest, office_required, owner_required
from fieldwork.listing import Filter, list_records
from fieldwork.models import WorkOrder
from fieldwork.services import WorkOrderRefused
from integrations.connecting.setting_up import may_start
from integrations.installation import read_only_reason
from integrations.models import Connection, ConnectionSettings, Plan, PlanEntry
from integrations.planning import deciding
from integrations.planning.making import ask_for_plan, latest_plan
from integrations.presenting.plans import kinds_in, outgoing_rows, rows_of
from integrations.presenting.progress import is_asked_for
from integrations.receivers import exclude
from integrations.sending.queueing import live_connection
from integrations.tasks import request_sync
from integrations.views.books import own_connection
from integrations.views.records import ring
from integrations.views.runs import is_part

Direction = PlanEntry.Direction
Action = PlanEntry.Action
DECIDABLE = (Action.CREATE, Action.UPDATE, Action.BLOCKED)


@office_required
@require_GET
def plan(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The latest plan. While it is being made, the page renews itself."""
    made = Plan.objects.filter(connection=pk, connection__organization=request.membership.organization)
    found = made.select_related("connection__books", "connection__settings", "connection__organization").first()
    connection = found.connection if found else own_connection(request, pk)
    if connection.is_live and request.membership.is_owner() and not may_start(connection):
        return redirect("integrations:set_up", pk)
    context = {
        "connection": connection,
        "plan": found,
        "is_owner": request.membership.is_owner(),
        "is_live": found is not None and found.is_open and not found.is_abandoned,
        "sync_is_next": is_asked_for(connection),
        "is_overtaken": found is not None and is_overtaken(found, connection),
        **(entries_for(request, connection, found) if found is not None and not found.is_open else {}),
    }
    if is_part(request) and not context["is_live"]:
        return HttpResponse(headers={"HX-Refresh": "true"})  # the whole page, with its buttons
    return render(request, "integrations/_plan.html" if is_part(request) else "integrations/plan.html", context)


def is_overtaken(found: Plan, connection: Connection) -> bool:
    """Whether a sync has done since what the plan says would be done."""
    synced = connection.last_success_at
    return not found.is_open and synced is not None and found.finished_at is not None and synced > found.finished_at


def entries_for(request: MemberRequest, connection: Connection, found: Plan) -> dict[str, object]:
    """The plan's figures, and one page of its entries as the filters ask for them."""
    filters = [
        Filter(parameter="direction", label=_("Direction"), field="direction", choices=Direction.choices),
        Filter(parameter="kind", label=_("Kind"), field="kind", choices=kinds_in(found)),
        Filter(parameter="action", label=_("What happens"), field="action", choices=Action.choices),
    ]
    listing = list_records(request, found.entries.all(), search_in=("label",), filters=filters)
    rows = rows_of(connection, list(listing.page))
    return {
        "listing": listing,
        "rows": rows,
        "outgoing": outgoing_rows(found),
        "may_decide": any(row.may_decide for row in rows) and connection.is_live,
    }


@office_required
@require_GET
def live_plan(request: MemberRequest) -> HttpResponse:
    """The plan of the books of record."""
    connection = live_connection(request.membership.organization)
    return redirect("integrations:plan", connection.pk) if connection else redirect("integrations:books")


@office_required
@require_POST
def make(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Asks for a plan; pressed twice, it is the same one."""
    connection = own_connection(request, pk)
    if connection.state != Connection.State.ACTIVE:
        messages.error(request, _("%(books)s is not connected at the moment.") % {"books": connection})
        return redirect("integrations:books")
    if not may_start(connection):
        messages.error(request, _("The owner has not been through the settings yet. The plan depends on them."))
        return redirect("integrations:plan", connection.pk)
    ask_for_plan(connection, by=request.user)
    return redirect("integrations:plan", connection.pk)


@owner_required
@require_POST
def start(request: MemberRequest, pk: UUID) -> HttpResponse:
    """The owner has seen what would happen: from now on everything runs by itself."""
    connection = own_connection(request, pk)
    if reason := read_only_reason():
        messages.error(request, _(reason))
        return redirect("integrations:plan", connection.pk)
    found = latest_plan(connection)
    is_ready = found is not None and found.state == Plan.State.DONE and may_start(connection)
    if connection.state != Connection.State.ACTIVE or not is_ready:
        messages.error(request, _("Look at the plan first: it is not ready yet."))
        return redirect("integrations:plan", connection.pk)
    ConnectionSettings.objects.filter(connection=connection, saved_at=None).update(saved_at=timezone.now())
    request_sync(connection, asked_by=request.user)
    messages.success(request, _("Started. From now on everything runs by itself."))
    return redirect("integrations:runs")


# --- decisions ------------------------------------------------------------------


@office_required
@require_POST
def decide(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Holds, lets go, approves or excludes the ticked entries, or all that fit the filters."""
    connection = own_connection(request, pk)
    found = latest_plan(connection)
    if found is None or str(found.pk) != request.POST.get("plan"):
        messages.error(request, _("There is a newer plan. Look at it, then decide."))
        return redirect("integrations:plan", connection.pk)
    deed = DEEDS.get(request.POST.get("deed", ""))
    entries = list(chosen(request, found))
    if deed is None or not entries:
        messages.error(request, _("Tick what it is about first."))
    elif connection.is_live:
        deed(request, connection, entries)
        ring(connection if connection.settings.saved_at else None, request)
    return redirect(back_to_list(request, connection))


def chosen(request: MemberRequest, found: Plan) -> QuerySet[PlanEntry]:
    """Entries that go out and can still be decided about."""
    going = found.entries.filter(direction=Direction.OUT, action__in=DECIDABLE, local_id__isnull=False)
    if "everything" in request.POST:
        return going.filter(action__in=(Action.CREATE, Action.UPDATE))
    return going.filter(pk__in=[each for each in request.POST.getlist("entry") if is_uuid(each)])


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def hold(request: MemberRequest, connection: Connection, entries: Sequence[PlanEntry]) -> None:
    decided = deciding.hold(connection, entries, by=request.user)
    told = ngettext("%(count)s record is held back.", "%(count)s records are held back.", decided.count)
    messages.success(request, told % {"count": decided.count})
    if decided.too_late:
        late = ngettext(
            "%(count)s record was on its way already.", "%(count)s records were on their way already.", decided.too_late
        )
        messages.warning(request, late % {"count": decided.too_late})


def release(request: MemberRequest, connection: Connection, entries: Sequence[PlanEntry]) -> None:
    decided = deciding.let_go(connection, entries)
    told = ngettext("%(count)s record is no longer held.", "%(count)s records are no longer held.", decided.count)
    messages.success(request, told % {"count": decided.count})


def approve(request: MemberRequest, connection: Connection, entries: Sequence[PlanEntry]) -> None:
    if "everything" in request.POST:
        entries = deciding.not_held(connection, entries)
    decided = deciding.approve(connection, entries, by=request.user)
    told = ngettext("%(count)s record is approved.", "%(count)s records are approved.", decided.count)
    messages.success(request, told % {"count": decided.count})


def leave_out(request: MemberRequest, connection: Connection, entries: Sequence[PlanEntry]) -> None:
    """Work orders only: customers and articles go along with what needs them."""
    reason = request.POST.get("reason", "").strip()
    if not reason:
        messages.error(request, _("Write why it is not sent."))
        return
    ids = [entry.local_id for entry in entries if entry.local_id and entry.local_model == WorkOrder._meta.label]
    orders = WorkOrder.objects.for_organization(request.membership.organization).filter(pk__in=ids)
    excluded = 0
    for order in orders.select_related("organization"):
        try:
            exclude(order, by=request.user, reason=reason)
        except WorkOrderRefused as refused:
            messages.error(request, str(refused))
        else:
            excluded += 1
    told = ngettext("%(count)s work order is never sent.", "%(count)s work orders are never sent.", excluded)
    messages.success(request, told % {"count": excluded})
    if len(ids) < len(entries):
        messages.info(request, _("Customers and articles cannot be left out for good. Hold them instead."))


Deed = Callable[[MemberRequest, Connection, Sequence[PlanEntry]], None]
DEEDS: dict[str, Deed] = {"hold": hold, "release": release, "approve": approve, "exclude": leave_out}


def back_to_list(request: MemberRequest, connection: Connection) -> str:
    """The page of the plan with the filters that it had."""
    address = reverse("integrations:plan", args=[connection.pk])
    query = request.POST.get("query", "")
    wanted = f"{address}?{query}"
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if query and is_ours and "\n" not in query else address
