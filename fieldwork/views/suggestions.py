"""What text boxes offer while one types: fragments for htmx, a few records each."""

from __future__ import annotations

from itertools import chain

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from fieldwork.access import MemberRequest, member_required, office_required
from fieldwork.forms.work_orders import WorkOrderForm
from fieldwork.listing import matches
from fieldwork.models import Customer, HourType, Material, OwnedQuerySet, Project

AT_MOST = 12
FOR_THE_OFFICE = {"customers": (Customer,), "projects": (Project,)}
FOR_EVERYBODY = {"items": (HourType, Material)}


@member_required
def suggest(request: MemberRequest, kind: str) -> HttpResponse:
    """Options for a datalist: the records that fit what is typed so far."""
    models = {**FOR_THE_OFFICE, **FOR_EVERYBODY}.get(kind)
    if models is None:
        raise Http404
    if kind in FOR_THE_OFFICE and not request.membership.manages_work():
        raise PermissionDenied
    typed = _typed(request)
    found = [_fitting(model.objects.for_organization(request.membership.organization), typed) for model in models]
    return render(request, "fieldwork/_suggestions.html", {"records": list(chain(*found))[:AT_MOST]})


@office_required
def work_sites(request: MemberRequest) -> HttpResponse:
    """The field for the work site, with the places of the customer that was typed."""
    form = WorkOrderForm({"customer": request.GET.get("customer", "")}, organization=request.membership.organization)
    form.is_valid()
    return render(request, "fieldwork/_work_site_field.html", {"field": form["work_site"]})


def _typed(request: HttpRequest) -> str:
    """The text of the box that asked; htmx names it, because a form has many."""
    return request.GET.get(request.headers.get("HX-Trigger-Name", ""), request.GET.get("q", "")).strip()


def _fitting(records: OwnedQuerySet, typed: str) -> QuerySet:
    return records.filter(matches(typed, ("number", "name")))[:AT_MOST]
