"""What text boxes offer while one types: fragments for htmx, a few records each."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from fieldwork.access import MemberRequest, member_required, office_required
from fieldwork.forms.work_orders import WorkOrderForm
from fieldwork.listing import matches
from fieldwork.models import Customer, HourType, Material, Organization, OwnedQuerySet, Project

AT_MOST = 12


@member_required
def suggest(request: MemberRequest, kind: str) -> HttpResponse:
    """Options for a datalist: what fits the text typed so far."""
    find = {**FOR_THE_OFFICE, **FOR_EVERYBODY}.get(kind)
    if find is None:
        raise Http404
    if kind in FOR_THE_OFFICE and not request.membership.manages_work():
        raise PermissionDenied
    found = find(request.membership.organization, _typed(request))
    return render(request, "fieldwork/_suggestions.html", {"suggestions": found[:AT_MOST]})


@office_required
def work_sites(request: MemberRequest) -> HttpResponse:
    """The field for the work site, with the places of the customer that was typed."""
    form = WorkOrderForm({"customer": request.GET.get("customer", "")}, organization=request.membership.organization)
    form.is_valid()
    return render(request, "fieldwork/_work_site_field.html", {"field": form["work_site"]})


def _typed(request: HttpRequest) -> str:
    """The text of the box that asked; htmx names it, because a form has many."""
    return request.GET.get(request.headers.get("HX-Trigger-Name", ""), request.GET.get("q", "")).strip()


def _customers(organization: Organization, typed: str) -> list[str]:
    return _named(Customer.objects.for_organization(organization).filter(active=True), typed)


def _materials(organization: Organization, typed: str) -> list[str]:
    return _named(Material.objects.for_organization(organization).filter(active=True), typed)


def _projects(organization: Organization, typed: str) -> list[str]:
    return _named(Project.objects.for_organization(organization), typed)


def _terms_of_payment(organization: Organization, typed: str) -> list[str]:
    """The terms that customers have already: a new spelling of one would need a mapping of its own."""
    customers = Customer.objects.for_organization(organization).exclude(terms_of_payment="")
    fitting = customers.filter(matches(typed, ("terms_of_payment",))).order_by("terms_of_payment")
    return list(fitting.values_list("terms_of_payment", flat=True).distinct()[:AT_MOST])


def _items(organization: Organization, typed: str) -> list[str]:
    models: tuple[type[HourType] | type[Material], ...] = (HourType, Material)
    active: list[OwnedQuerySet] = [model.objects.for_organization(organization).filter(active=True) for model in models]
    return list(chain.from_iterable(_named(items, typed) for items in active))


def _named(records: QuerySet, typed: str) -> list[str]:
    return [str(record) for record in records.filter(matches(typed, ("number", "name")))[:AT_MOST]]


Find = Callable[[Organization, str], list[str]]
FOR_THE_OFFICE: dict[str, Find] = {"customers": _customers, "projects": _projects, "terms": _terms_of_payment}
FOR_EVERYBODY: dict[str, Find] = {"items": _items, "materials": _materials}
