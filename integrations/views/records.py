"""What one does with a single record towards the books: send, leave out, try again, add. For the office."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from fieldwork.access import MemberRequest, office_required
from fieldwork.models import ContactPerson, User, WorkOrder
from fieldwork.services import WorkOrderRefused
from integrations.export import create_now
from integrations.models import Connection, Operation
from integrations.presenting.people import people_of
from integrations.queue import enqueue
from integrations.receivers import exclude, include_again, release, request_export, retry
from integrations.sending.queueing import live_connection
from integrations.tasks import work


@office_required
@require_POST
def send_work_order(request: MemberRequest, pk: UUID) -> HttpResponse:
    sent = _("Work order %(number)s goes to the books next.")
    return step(request, pk, lambda order: request_export(order, by=request.user), done=sent)


@office_required
@require_POST
def release_work_order(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Sends one in spite of the cut-off date."""
    sent = _("Work order %(number)s goes to the books next.")
    return step(request, pk, lambda order: release(order, by=request.user), done=sent)


@office_required
@require_POST
def exclude_work_order(request: MemberRequest, pk: UUID) -> HttpResponse:
    reason = request.POST.get("reason", "").strip()
    done = _("Work order %(number)s is never sent.")
    return step(request, pk, lambda order: exclude_for(order, reason, by=request.user), done=done)


def exclude_for(work_order: WorkOrder, reason: str, *, by: User) -> None:
    if not reason:
        raise WorkOrderRefused(_("Write why it is not sent."))
    exclude(work_order, by=by, reason=reason)


@office_required
@require_POST
def include_work_order(request: MemberRequest, pk: UUID) -> HttpResponse:
    done = _("Work order %(number)s is sent after all.")
    return step(request, pk, lambda order: include_again(order, by=request.user), done=done)


def step(request: MemberRequest, pk: UUID, take: Callable[[WorkOrder], object], *, done: str) -> HttpResponse:
    """Takes the step, says what became of it, and shows the work order again."""
    mine = WorkOrder.objects.for_organization(request.membership.organization)
    work_order = get_object_or_404(mine.select_related("organization"), pk=pk)
    try:
        take(work_order)
    except WorkOrderRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done % {"number": work_order.number})
        ring(live_connection(work_order.organization), request)
    return redirect("fieldwork:work_order_detail", pk)


@office_required
@require_POST
def retry_operation(request: MemberRequest, pk: UUID) -> HttpResponse:
    operation = own_operation(request, pk)
    retry(operation, by=request.user)
    messages.success(request, _("%(record)s is tried again.") % {"record": operation.local_label})
    ring(live_connection(operation.organization), request)
    return redirect(back_to(request))


@office_required
@require_POST
def add_contact_person(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Adds the person at their customer in the books, where those keep several."""
    persons = ContactPerson.objects.for_organization(request.membership.organization)
    person = get_object_or_404(persons.select_related("customer__organization"), pk=pk)
    people = people_of(person.customer, [person])
    if people is None or not people.may_add(person):
        messages.error(request, _("%(record)s cannot be added to the books now.") % {"record": person})
    elif operation := people.operations.get(person.pk):
        retry(operation, by=request.user)
        ring(people.connection, request)
        messages.success(request, _("%(record)s is tried again.") % {"record": person})
    else:
        say_what_became_of(create_now(people.connection, person, by=request.user), people.connection, request)
    return redirect("fieldwork:customer_detail", person.customer_id)


def say_what_became_of(operation: Operation, connection: Connection, request: MemberRequest) -> None:
    values = {"record": operation.local_label, "provider": connection.label, "number": operation.remote_number}
    if operation.state == Operation.State.DONE and operation.local_model == ContactPerson._meta.label:
        messages.success(request, _("%(record)s is in %(provider)s.") % values)
    elif operation.state == Operation.State.DONE:
        messages.success(request, _("%(record)s is in %(provider)s, with the number %(number)s.") % values)
    elif operation.state in Operation.NEEDS_PERSON:
        messages.error(request, _("%(record)s is not in %(provider)s yet. The reason stands below.") % values)
    else:
        messages.info(request, _("%(record)s goes to %(provider)s as soon as it can.") % values)


def own_operation(request: MemberRequest, pk: UUID) -> Operation:
    mine = Operation.objects.filter(organization=request.membership.organization)
    return get_object_or_404(mine.select_related("organization"), pk=pk)


def ring(connection: Connection | None, request: MemberRequest) -> None:
    """Wakes a worker, so that what was asked for happens now and not at the next sync."""
    if connection is not None and connection.state == Connection.State.ACTIVE:
        enqueue(work, connection.pk, request.user.pk)


def back_to(request: MemberRequest) -> str:
    """The page of ours that the button stood on."""
    referer = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure())
    return referer if is_ours else "integrations:inbox"
