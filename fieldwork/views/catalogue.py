"""Materials and hour types: two lists of the same build, and their forms."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fieldwork.access import MemberRequest, office_required
from fieldwork.forms.records import HourTypeForm, MaterialForm
from fieldwork.listing import Filter, list_records
from fieldwork.models import HourType, Material
from fieldwork.views.editing import edit_record

SEARCH_IN = ("number", "name", "short_text")
FILTERS = (
    Filter(
        parameter="active",
        label=gettext_lazy("State"),
        field="active",
        choices=(("True", gettext_lazy("Active")), ("False", gettext_lazy("Not active"))),
    ),
)


@office_required
def material_list(request: MemberRequest) -> HttpResponse:
    materials = Material.objects.for_organization(request.membership.organization)
    listing = list_records(request, materials, search_in=(*SEARCH_IN, "ean"), filters=FILTERS)
    return render(request, "fieldwork/material_list.html", {"listing": listing})


@office_required
def material_create(request: MemberRequest) -> HttpResponse:
    organization = request.membership.organization
    form = MaterialForm(
        request.POST or None, organization=organization, initial={"currency": organization.currency, "unit": "st"}
    )
    return edit_record(request, form, title=_("New material"), back=reverse("fieldwork:material_list"))


@office_required
def material_edit(request: MemberRequest, pk: UUID) -> HttpResponse:
    organization = request.membership.organization
    material = get_object_or_404(Material.objects.for_organization(organization), pk=pk)
    form = MaterialForm(request.POST or None, instance=material, organization=organization)
    return edit_record(request, form, title=str(material), back=reverse("fieldwork:material_list"))


@office_required
def hour_type_list(request: MemberRequest) -> HttpResponse:
    hour_types = HourType.objects.for_organization(request.membership.organization)
    listing = list_records(request, hour_types, search_in=SEARCH_IN, filters=FILTERS)
    return render(request, "fieldwork/hour_type_list.html", {"listing": listing})


@office_required
def hour_type_create(request: MemberRequest) -> HttpResponse:
    organization = request.membership.organization
    form = HourTypeForm(
        request.POST or None, organization=organization, initial={"currency": organization.currency, "unit": "tim"}
    )
    return edit_record(request, form, title=_("New hour type"), back=reverse("fieldwork:hour_type_list"))


@office_required
def hour_type_edit(request: MemberRequest, pk: UUID) -> HttpResponse:
    organization = request.membership.organization
    hour_type = get_object_or_404(HourType.objects.for_organization(organization), pk=pk)
    form = HourTypeForm(request.POST or None, instance=hour_type, organization=organization)
    return edit_record(request, form, title=str(hour_type), back=reverse("fieldwork:hour_type_list"))
