"""What of a customer goes over to the books once they are there: updated information, a reference person."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounting.errors import AccountingError
from fieldwork.access import MemberRequest, office_required
from fieldwork.models import ContactPerson, Customer
from fieldwork.views.editing import save_edited
from integrations.export import create_now
from integrations.models import Connection, Operation
from integrations.presenting.customer_update import Update, update_of
from integrations.presenting.customers import customer_panel
from integrations.presenting.people import keeps_persons
from integrations.presenting.person_form import ReferencePersonForm
from integrations.revising import preview_customer_update, update_customer_now
from integrations.sending.asking import ChangeRefused
from integrations.sending.queueing import live_connection
from integrations.views.customers import own_customer, without_books
from integrations.views.records import ring, say_what_became_of


@office_required
def update_customer(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Shows what would be overwritten over there, field by field, and does it after the answer.

    When somebody has changed a value meanwhile, here or there, it asks again and shows both.
    """
    customer = own_customer(request, pk)
    connection = live_connection(customer.organization)
    if connection is None:
        return without_books(request, customer)
    seal = request.POST.get("seal", "") if request.method == "POST" else ""
    update = foreseen(request, connection, customer, seal=seal)
    if update is None:
        return redirect("fieldwork:customer_detail", pk)
    if request.method != "POST" or update.is_stale or not seal or not update.rows:
        return render(
            request,
            "integrations/customer_update.html",
            {"customer": customer, "connection": connection, "update": update},
        )
    return send(request, connection, customer, [each.row.field for each in update.rows])


def foreseen(request: MemberRequest, connection: Connection, customer: Customer, *, seal: str) -> Update | None:
    """What would change; None when that cannot be told, and the person has been told why."""
    try:
        return update_of(customer, preview_customer_update(connection, customer), seal=seal)
    except ChangeRefused as refused:
        messages.error(request, str(refused))
    except AccountingError as error:
        values = {"provider": connection.label, "reason": _(error.sentence)}
        messages.error(
            request, _("%(provider)s could not be asked: %(reason)s Nothing was changed; try again later.") % values
        )
    return None


def send(request: MemberRequest, connection: Connection, customer: Customer, fields: list[str]) -> HttpResponse:
    try:
        operation = update_customer_now(connection, customer, fields, by=request.user)
    except ChangeRefused as refused:
        messages.error(request, str(refused))
    else:
        say_whether_updated(request, connection, operation)
    return redirect("fieldwork:customer_detail", customer.pk)


def say_whether_updated(request: MemberRequest, connection: Connection, operation: Operation) -> None:
    values = {"record": operation.local_label, "provider": connection.label}
    if operation.state == Operation.State.DONE:
        messages.success(request, _("%(record)s is up to date in %(provider)s.") % values)
    elif operation.state in Operation.NEEDS_PERSON:
        messages.error(request, _("%(record)s was not updated in %(provider)s. The reason stands below.") % values)
    else:
        messages.info(request, _("%(record)s is updated in %(provider)s as soon as it can be.") % values)
        ring(connection, request)


# --- the reference person -------------------------------------------------------


@office_required
def reference_person(request: MemberRequest, pk: UUID) -> HttpResponse:
    """A new reference person, who goes to the books with the next update, or at once."""
    customer = own_customer(request, pk)
    panel = customer_panel(customer)
    form = ReferencePersonForm(request.POST or None, customer=customer)
    if request.method == "POST" and form.is_valid():
        person = save_edited(form, by=request.user)
        assert isinstance(person, ContactPerson)
        if "send" in request.POST and panel.connection is not None and panel.is_linked:
            return send_person(request, panel.connection, customer, person)
        messages.success(request, _("%(person)s is the reference person now.") % {"person": person})
        return redirect("fieldwork:customer_detail", pk)
    context = {
        "customer": customer,
        "panel": panel,
        "form": form,
        "back": reverse("fieldwork:customer_detail", args=[pk]),
    }
    return render(request, "integrations/customer_person.html", context)


def send_person(
    request: MemberRequest, connection: Connection, customer: Customer, person: ContactPerson
) -> HttpResponse:
    """On the customer's own record, or as a record of its own where the books keep such."""
    if not keeps_persons(connection):
        return send(request, connection, customer, ["contact"])
    say_what_became_of(create_now(connection, person, by=request.user), connection, request)
    return redirect("fieldwork:customer_detail", customer.pk)
