"""Projects: the list and the form."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fieldwork.access import MemberRequest, office_required
from fieldwork.forms.records import ProjectForm
from fieldwork.listing import Filter, list_records
from fieldwork.models import Project, WorkOrder
from fieldwork.views.editing import edit_record

FILTERS = (Filter(parameter="status", label=gettext_lazy("Status"), field="status", choices=Project.Status.choices),)


@office_required
def project_list(request: MemberRequest) -> HttpResponse:
    projects = Project.objects.for_organization(request.membership.organization).select_related("customer")
    # Counted for the rows that are shown. Joined, all work orders of the firm would be counted first.
    counted = WorkOrder.objects.filter(project=OuterRef("pk")).order_by().values("project").annotate(count=Count("pk"))
    listing = list_records(
        request,
        projects.annotate(work_order_count=Coalesce(Subquery(counted.values("count")), 0)).order_by("number"),
        search_in=("number", "name", "customer__name"),
        filters=FILTERS,
    )
    return render(request, "fieldwork/project_list.html", {"listing": listing})


@office_required
def project_create(request: MemberRequest) -> HttpResponse:
    form = ProjectForm(request.POST or None, organization=request.membership.organization)
    return edit_record(request, form, title=_("New project"), back=reverse("fieldwork:project_list"))


@office_required
def project_edit(request: MemberRequest, pk: UUID) -> HttpResponse:
    organization = request.membership.organization
    project = get_object_or_404(Project.objects.for_organization(organization), pk=pk)
    form = ProjectForm(request.POST or None, instance=project, organization=organization)
    return edit_record(request, form, title=str(project), back=reverse("fieldwork:project_list"))
