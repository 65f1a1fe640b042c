"""Customers: the list, the company page, and the people and places on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fieldwork.access import MemberRequest, office_required
from fieldwork.forms.records import ContactPersonForm, CustomerForm, WorkSiteForm
from fieldwork.listing import Filter, list_records
from fieldwork.models import ContactPerson, Customer, WorkSite
from fieldwork.views.editing import edit_record, remove_record, save_edited

RECENT_WORK_ORDERS = 10
# Of people, work sites and projects; a customer may have hundreds.
MOST_AT_FIRST = 20
FILTERS = (
    Filter(
        parameter="kind",
        label=gettext_lazy("Kind"),
        field="is_company",
        choices=(("True", gettext_lazy("Companies")), ("False", gettext_lazy("Private persons"))),
    ),
    Filter(
        parameter="active",
        label=gettext_lazy("State"),
        field="active",
        choices=(("True", gettext_lazy("Active")), ("False", gettext_lazy("Not active"))),
    ),
)


@office_required
def customer_list(request: MemberRequest) -> HttpResponse:
    customers = Customer.objects.for_organization(request.membership.organization)
    listing = list_records(
        request,
        customers,
        search_in=("number", "name", "organisation_number", "email", "phone", "mobile", "city"),
        filters=FILTERS,
    )
    return render(request, "fieldwork/customer_list.html", {"listing": listing})


@office_required
def customer_detail(request: MemberRequest, pk: UUID) -> HttpResponse:
    """`?all=work-sites` shows all of these; of other sections only the beginning is read."""
    customer = _customer(request, pk)
    in_full = request.GET.get("all", "")
    context = {
        "customer": customer,
        "contact_persons": beginning(customer.contact_persons.all(), in_full=in_full == "contact-persons"),
        "work_sites": beginning(customer.work_sites.all(), in_full=in_full == "work-sites"),
        "projects": beginning(customer.projects.all(), in_full=in_full == "projects"),
        "work_orders": list(customer.work_orders.select_related("status")[:RECENT_WORK_ORDERS]),
    }
    return render(request, "fieldwork/customer_detail.html", context)


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """The first of many records; `is_cut` when there are more than these."""

    records: Sequence[Model]
    is_cut: bool


def beginning(records: QuerySet[Any], *, in_full: bool) -> Beginning:
    """One statement."""
    if in_full:
        return Beginning(records=list(records), is_cut=False)
    found = list(records[: MOST_AT_FIRST + 1])
    return Beginning(records=found[:MOST_AT_FIRST], is_cut=len(found) > MOST_AT_FIRST)


@office_required
def customer_create(request: MemberRequest) -> HttpResponse:
    organization = request.membership.organization
    defaults = {"country": organization.country, "currency": organization.currency}
    form = CustomerForm(request.POST or None, organization=organization, initial=defaults)
    if request.method == "POST" and form.is_valid():
        return redirect("fieldwork:customer_detail", save_edited(form, by=request.user).pk)
    back = reverse("fieldwork:customer_list")
    return render(request, "fieldwork/record_form.html", {"form": form, "title": _("New customer"), "back": back})


@office_required
def customer_edit(request: MemberRequest, pk: UUID) -> HttpResponse:
    customer = _customer(request, pk)
    form = CustomerForm(request.POST or None, instance=customer, organization=request.membership.organization)
    return edit_record(request, form, title=customer.name, back=_page_of(customer))


@office_required
def contact_person_create(request: MemberRequest, pk: UUID) -> HttpResponse:
    customer = _customer(request, pk)
    form = ContactPersonForm(request.POST or None, customer=customer)
    return edit_record(request, form, title=_("New contact person"), back=_page_of(customer))


@office_required
def contact_person_edit(request: MemberRequest, pk: UUID) -> HttpResponse:
    person = _contact_person(request, pk)
    form = ContactPersonForm(request.POST or None, instance=person, customer=person.customer)
    return edit_record(request, form, title=person.full_name, back=_page_of(person.customer))


@office_required
def contact_person_remove(request: MemberRequest, pk: UUID) -> HttpResponse:
    person = _contact_person(request, pk)
    return remove_record(
        request,
        person,
        title=_("Remove %(person)s?") % {"person": person.full_name},
        consequence=_("The person disappears from %(customer)s. Documents already written keep the name.")
        % {"customer": person.customer.name},
        back=_page_of(person.customer),
    )


@office_required
def work_site_create(request: MemberRequest, pk: UUID) -> HttpResponse:
    customer = _customer(request, pk)
    form = WorkSiteForm(request.POST or None, customer=customer, initial={"country": customer.country})
    return edit_record(request, form, title=_("New work site"), back=_page_of(customer))


@office_required
def work_site_edit(request: MemberRequest, pk: UUID) -> HttpResponse:
    site = _work_site(request, pk)
    form = WorkSiteForm(request.POST or None, instance=site, customer=site.customer)
    return edit_record(request, form, title=site.name, back=_page_of(site.customer))


@office_required
def work_site_remove(request: MemberRequest, pk: UUID) -> HttpResponse:
    site = _work_site(request, pk)
    return remove_record(
        request,
        site,
        title=_("Remove %(site)s?") % {"site": site.name},
        consequence=_(
            "The work site disappears from %(customer)s. Work orders that name it keep it from being removed."
        )
        % {"customer": site.customer.name},
        back=_page_of(site.customer),
    )


def _customer(request: MemberRequest, pk: UUID) -> Customer:
    firm = request.membership.organization
    customer = get_object_or_404(Customer.objects.for_organization(firm), pk=pk)
    customer.organization = firm  # loaded already
    return customer


def _contact_person(request: MemberRequest, pk: UUID) -> ContactPerson:
    people = ContactPerson.objects.for_organization(request.membership.organization).select_related("customer")
    return get_object_or_404(people, pk=pk)


def _work_site(request: MemberRequest, pk: UUID) -> WorkSite:
    sites = WorkSite.objects.for_organization(request.membership.organization).select_related("customer")
    return get_object_or_404(sites, pk=pk)


def _page_of(customer: Customer) -> str:
    return reverse("fieldwork:customer_detail", args=[customer.pk])
