"""What is done in the inbox: repair one, all alike, try again, leave out. For the office."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from fieldwork.access import MemberRequest, office_required
from integrations.exports import CHANGES
from integrations.models import Case, Connection, Operation
from integrations.queue import enqueue
from integrations.repairing.carrying_out import Result, alike_to, repair_all, repair_one, try_again
from integrations.repairing.deciding import EXCLUDE
from integrations.repairing.declared import REPAIRS
from integrations.repairing.forms import RepairForm
from integrations.repairing.offers import offers_for
from integrations.repairing.repair import Repair
from integrations.repairing.rules import repair_all_alike
from integrations.revising import give_up
from integrations.tasks import request_sync, work
from integrations.views.inbox import cases_of, show_entry

# More than anybody ticks, less than a request can carry out.
MOST_AT_ONCE = 500
# Where these buttons stand.
PAGES = ("/inbox/", "/work-orders/")


@office_required
@require_POST
def repair(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Carries out what was typed or chosen, for this case or for all alike; what does not hold is said beside it."""
    case = Case.objects.filter(organization=request.membership.organization, pk=pk).first()
    if case is None:
        raise Http404
    if case.state != Case.State.OPEN:
        messages.info(request, _("%(record)s was repaired meanwhile.") % {"record": case.subject_label})
        return back(request)
    case = get_object_or_404(cases_of(request.membership.organization), pk=pk)
    chosen = chosen_repair(request, case)
    form = RepairForm(case, chosen, offers_for([case], in_full=True), request.POST)
    if form.is_valid():
        try:
            result = carry_out(request, form)
        except ValidationError as error:
            form.refuse(error)
        else:
            say(request, case, result)
            go_on(request, case.connection, chosen)
            return back(request)
    return show_entry(request, case, form)


def chosen_repair(request: MemberRequest, case: Case) -> Repair:
    """The repair that the form was made for. One that does not fit, or that is not this person's, is refused."""
    chosen = REPAIRS.get(request.POST.get("repair", ""))
    if chosen is None or not chosen.fits(case):
        raise Http404
    if chosen.for_owner and not request.membership.is_owner():
        raise PermissionDenied(_("Only the owner answers this."))
    return chosen


def carry_out(request: MemberRequest, form: RepairForm) -> Result:
    case, chosen = form.case, form.repair
    if request.POST.get("for") == "all" and alike_to(case, chosen):
        return repair_all_alike(case, chosen, form.decision, by=request.user)
    return repair_one(case, chosen, form.decision, by=request.user)


@office_required
@require_POST
def retry_many(request: MemberRequest) -> HttpResponse:
    """Everything ticked, or everything of a kind, gets another turn."""
    cases = meant(request)
    stopped = Operation.objects.filter(cases__in=cases, state__in=Operation.NEEDS_PERSON).distinct()
    number = try_again(list(stopped.values_list("pk", flat=True)[:MOST_AT_ONCE]), by=request.user)
    if not number:
        messages.info(request, _("Nothing of that can be tried again. Tick the entries that were not sent."))
        return back(request)
    said = ngettext("%(number)s record is tried again.", "%(number)s records are tried again.", number)
    messages.success(request, said % {"number": number})
    ring(request, (case.connection for case in cases))
    return back(request)


@office_required
@require_POST
def leave_many(request: MemberRequest) -> HttpResponse:
    """Changes that stopped, ticked or of a kind, are given up: in the books everything stays as it is."""
    stopped = Operation.objects.filter(cases__in=meant(request), state__in=Operation.NEEDS_PERSON, kind__in=CHANGES)
    operations = list(stopped.distinct()[:MOST_AT_ONCE])
    for operation in operations:
        give_up(operation)
    if not operations:
        messages.info(request, _("Nothing of that can be left as it is. Tick what was to be changed in the books."))
        return back(request)
    number = len(operations)
    said = ngettext(
        "%(number)s record stays as it is in the books.",
        "%(number)s records stay as they are in the books.",
        number,
    )
    messages.success(request, said % {"number": number})
    return back(request)


@office_required
@require_POST
def exclude_many(request: MemberRequest) -> HttpResponse:
    """Everything ticked is never sent, for the same reason."""
    reason = request.POST.get("reason", "").strip()
    cases = [case for case in meant(request)[:MOST_AT_ONCE] if EXCLUDE.fits(case)]
    if not reason:
        messages.error(request, _("Write why it is not sent."))
        return back(request)
    if not cases:
        messages.info(request, _("Tick the work orders that are not to be sent."))
        return back(request)
    result = repair_all(cases, EXCLUDE, reason[:200], by=request.user, asked_by=request.user)
    said = ngettext("%(number)s work order is never sent.", "%(number)s work orders are never sent.", result.closed)
    messages.success(request, said % {"number": result.closed})
    return back(request)


def meant(request: MemberRequest) -> QuerySet[Case]:
    """The firm's own open cases that were ticked, or all of the kind whose button was pressed."""
    mine = cases_of(request.membership.organization)
    if kind := request.POST.get("kind", ""):
        return mine.filter(code=kind)
    return mine.filter(pk__in=[pk for pk in request.POST.getlist("case") if is_uuid(pk)])


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


# --- afterwards -----------------------------------------------------------------


def say(request: MemberRequest, case: Case, result: Result) -> None:
    """What became of it, proven: what is closed is repaired, what is not still waits."""
    repaired = ngettext("%(number)s entry is repaired.", "%(number)s entries are repaired.", result.closed)
    goes = ngettext(
        "%(number)s record goes to the books next.", "%(number)s records go to the books next.", result.released
    )
    waits = ngettext("%(number)s entry still waits.", "%(number)s entries still wait.", result.still_open)
    parts = [(repaired, result.closed), (goes, result.released), (waits, result.still_open)]
    told = " ".join(sentence % {"number": number} for sentence, number in parts if number)
    level = messages.success if result.closed or result.released else messages.info
    level(request, f"{case.subject_label}: {told}" if told else case.subject_label)
    if result.released and case.connection.state != Connection.State.ACTIVE:
        pause = _("%(books)s is not connected at the moment, or paused. What waits is sent as soon as that is over.")
        messages.warning(request, pause % {"books": case.connection.label})


def go_on(request: MemberRequest, connection: Connection, chosen: Repair) -> None:
    """Wakes a worker, so that it happens now and not at the next sync."""
    if connection.state != Connection.State.ACTIVE:
        return
    if chosen.reads_books:
        request_sync(connection, asked_by=request.user)
    else:
        ring(request, [connection])


def ring(request: MemberRequest, connections: Iterable[Connection]) -> None:
    for pk in {each.pk for each in connections if each.state == Connection.State.ACTIVE}:
        enqueue(work, pk, request.user.pk)


def back(request: MemberRequest) -> HttpResponse:
    """The page of the inbox, or of the work order, that the button stood on, read anew."""
    address = request.POST.get("back", "")
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    address = address if is_ours and address.startswith(PAGES) else reverse("integrations:inbox")
    if request.headers.get("HX-Request") == "true":
        return HttpResponseClientRedirect(address)
    return redirect(address)
