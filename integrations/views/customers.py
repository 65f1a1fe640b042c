"""What one does with a customer towards the books: add, link, unlink, and see what went where. For the office."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounting.models import TermsOfPayment
from accounting.types import CustomerRecord
from fieldwork.access import MemberRequest, office_required
from fieldwork.models import Customer
from integrations.export import create_now
from integrations.history import note
from integrations.linking.by_hand import check, link_by_hand, take_over_link, unlink
from integrations.linking.inquiring import ReferenceRefused, alike_in_books, customer_meant
from integrations.models import Change, Connection, Link, Operation
from integrations.presenting.customers import (
    addition,
    customer_panel,
    documents_of,
    side_by_side,
    terms_for,
)
from integrations.presenting.history import events
from integrations.presenting.reference_form import ReferenceForm
from integrations.sending.queueing import live_connection, queue_records
from integrations.views.records import ring, say_what_became_of

EVENTS_PER_PAGE = 25


@office_required
@require_GET
def customer_books(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Everything about the customer and the books: where they stand, what was sent, and the history of both."""
    customer = own_customer(request, pk)
    panel = customer_panel(customer)
    changes = Change.objects.filter(subject_id=pk, organization=request.membership.organization)
    page = Paginator(changes.select_related("by"), EVENTS_PER_PAGE).get_page(request.GET.get("page"))
    label = panel.connection.label if panel.connection else ""
    context = {
        "customer": customer,
        "panel": panel,
        "documents": documents_of(panel.connection, customer) if panel.connection else [],
        "page": page,
        "events": events(page, label),
    }
    return render(request, "integrations/customer_books.html", context)


# --- adding ---------------------------------------------------------------------


@office_required
def add_customer(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Shows who may be the same before anything is created, and the terms of payment; then adds the customer.

    Adding is refused while somebody looks alike, unless the person has seen them and says so.
    """
    customer = own_customer(request, pk)
    connection = live_connection(customer.organization)
    if connection is None:
        return without_books(request, customer)
    if is_known(connection, customer):
        return redirect("fieldwork:customer_detail", pk)
    chosen = request.POST.get("terms")
    if request.method == "POST" and "all_the_same" in request.POST:
        return create(request, connection, customer, all_the_same=True)
    found = addition(connection, customer, alike_in_books(connection, customer), chosen=chosen)
    if request.method == "POST" and not found.is_doubtful:
        return create(request, connection, customer)
    return render(
        request,
        "integrations/customer_add.html",
        {"customer": customer, "connection": connection, "addition": found},
    )


def is_known(connection: Connection, customer: Customer) -> bool:
    """Whether the customer is in the books, or on the way there: then there is nothing to ask. One statement."""
    here = {"books": connection.books_id, "kind": "customer", "local_id": OuterRef("pk")}
    on_the_way = Operation.objects.filter(state__in=(*Operation.OPEN, Operation.State.DONE), **here)
    known = Exists(Link.objects.filter(**here)) | Exists(on_the_way)
    return Customer.objects.filter(known, pk=customer.pk).exists()


def create(
    request: MemberRequest, connection: Connection, customer: Customer, *, all_the_same: bool = False
) -> HttpResponse:
    choose_terms(request, connection, customer)
    if all_the_same:
        [operation] = queue_records(connection, [customer], by=request.user)
        Operation.objects.filter(pk=operation.pk).update(released=True)
    say_what_became_of(create_now(connection, customer, by=request.user), connection, request)
    return redirect("fieldwork:customer_detail", customer.pk)


def choose_terms(request: MemberRequest, connection: Connection, customer: Customer) -> None:
    """The customer's terms of payment from now on are those that were chosen in the form, by their name."""
    remote_id = request.POST.get("terms", "")
    terms = list(TermsOfPayment.objects.filter(books=connection.books_id, active=True, for_sales=True))
    if remote_id == terms_for(connection, customer, terms):
        return
    former = customer.terms_of_payment
    customer.terms_of_payment = next((each.name for each in terms if each.remote_id == remote_id), "")
    customer.save(update_fields=["terms_of_payment", "updated_at"])
    fields = {"terms_of_payment": (former, customer.terms_of_payment)}
    note(customer, source=Change.Source.HERE, fields=fields, by=request.user)


# --- linking --------------------------------------------------------------------


@office_required
def link_customer(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Takes a reference, shows whom it means, and links after the question whether that is right."""
    customer = own_customer(request, pk)
    connection = live_connection(customer.organization)
    if connection is None:
        return without_books(request, customer)
    typed = request.POST if request.method == "POST" else request.GET if "reference" in request.GET else None
    form = ReferenceForm(typed)
    record = meant(connection, customer, form) if typed is not None and form.is_valid() else None
    context = {"customer": customer, "connection": connection, "form": form}
    if record is None:
        return render(request, "integrations/customer_link.html", context)
    if request.method != "POST":
        return render(
            request,
            "integrations/customer_link_confirm.html",
            {**context, "record": record, "rows": side_by_side(customer, record)},
        )
    if "confirm" not in request.POST:
        return redirect(f"{request.path}?{urlencode({'reference': record.remote_id})}")
    return link_and_tell(request, connection, customer, record)


def meant(connection: Connection, customer: Customer, form: ReferenceForm) -> CustomerRecord | None:
    """The customer of the books whom the reference means; None when the form says why not."""
    try:
        record = customer_meant(connection, form.cleaned_data["reference"])
        check(connection, customer, record)
    except ReferenceRefused as refused:
        holder = refused.holder
        form.refuse(refused, address=reverse("fieldwork:customer_detail", args=[holder.pk]) if holder else "")
        return None
    return record


@office_required
@require_POST
def use_counterpart(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Links to the one who looked alike, instead of creating another; from another customer of ours if need be."""
    customer = own_customer(request, pk)
    connection = live_connection(customer.organization)
    if connection is None:
        return without_books(request, customer)
    remote_id = request.POST.get("remote_id", "")
    link = Link.objects.filter(books=connection.books_id, kind="customer", remote_id=remote_id).first()
    try:
        if link is not None and link.local_id != pk:
            take_over_link(connection, customer, link, by=request.user)
            return linked(request, connection, customer, link.remote_number)
        record = customer_meant(connection, remote_id)
    except ReferenceRefused as refused:
        messages.error(request, str(refused))
        return redirect("integrations:add_customer", pk)
    return link_and_tell(request, connection, customer, record)


def link_and_tell(
    request: MemberRequest, connection: Connection, customer: Customer, record: CustomerRecord
) -> HttpResponse:
    try:
        link_by_hand(connection, customer, record, by=request.user)
    except ReferenceRefused as refused:
        messages.error(request, str(refused))
        return redirect("fieldwork:customer_detail", customer.pk)
    return linked(request, connection, customer, record.number)


def linked(request: MemberRequest, connection: Connection, customer: Customer, number: str) -> HttpResponse:
    values = {"customer": customer.name, "provider": connection.label, "number": number}
    messages.success(request, _("%(customer)s is linked to %(number)s in %(provider)s.") % values)
    ring(connection, request)
    return redirect("fieldwork:customer_detail", customer.pk)


@office_required
def unlink_customer(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Says what stays and what follows, and unlinks after the answer."""
    customer = own_customer(request, pk)
    panel = customer_panel(customer)
    if panel.connection is None or not panel.is_linked:
        return redirect("fieldwork:customer_detail", pk)
    if request.method != "POST":
        return render(request, "integrations/customer_unlink.html", {"customer": customer, "panel": panel})
    try:
        unlink(panel.connection, customer, by=request.user)
    except ReferenceRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("%(customer)s is unlinked. Nothing else was changed.") % {"customer": customer})
    return redirect("fieldwork:customer_detail", pk)


# --- what they share ------------------------------------------------------------


def own_customer(request: MemberRequest, pk: UUID) -> Customer:
    firm = request.membership.organization
    customer = get_object_or_404(Customer.objects.for_organization(firm), pk=pk)
    customer.organization = firm
    return customer


def without_books(request: MemberRequest, customer: Customer) -> HttpResponse:
    messages.error(request, _("No accounting system is connected. Connect one under Books."))
    return redirect("fieldwork:customer_detail", customer.pk)
