"""The inbox: every problem that needs a person, with its reason and its button. For the office."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fieldwork.access import MemberRequest, office_required
from fieldwork.models import Membership
from integrations.auditing.accepting import accept, may_accept
from integrations.models import Case, Operation

PAGE_SIZE = 50
PAGES = {
    "work_order": "fieldwork:work_order_detail",
    "customer": "fieldwork:customer_detail",
    "material": "fieldwork:material_edit",
    "hour_type": "fieldwork:hour_type_edit",
    "project": "fieldwork:project_edit",
    "contact_person": "fieldwork:contact_person_edit",
    "contact": "fieldwork:contact_person_edit",
}
# Where the owner says what the accounting system must be told.
CONNECTION_PAGES = {
    "answer_missing": "integrations:settings",
    "answer_gone": "integrations:settings",
    "value_not_mapped": "integrations:values",
}
# Where a single field is repaired.
FORMS = {"customer": "fieldwork:customer_edit"}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A case with the page where it is repaired, and whether its write can be tried again."""

    case: Case
    address: str

    @property
    def may_retry(self) -> bool:
        return self.case.operation is not None and self.case.operation.state in Operation.NEEDS_PERSON

    @property
    def may_accept(self) -> bool:
        return may_accept(self.case)


@office_required
@require_GET
def inbox(request: MemberRequest) -> HttpResponse:
    firm = request.membership.organization
    cases = Case.objects.filter(organization=firm, state=Case.State.OPEN).select_related("connection", "operation")
    page = Paginator(cases, PAGE_SIZE).get_page(request.GET.get("page"))
    entries = [Entry(case=case, address=address_of(case, request.membership)) for case in page]
    return render(request, "integrations/inbox.html", {"page": page, "entries": entries})


@office_required
@require_POST
def accept_case(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Somebody has looked at what differs in the books, and leaves it as it is."""
    case = get_object_or_404(Case.objects.filter(organization=request.membership.organization), pk=pk)
    if accept(case, by=request.user):
        messages.success(request, _("%(record)s stays as it is.") % {"record": case.subject_label})
    return redirect("integrations:inbox")


def address_of(case: Case, membership: Membership) -> str:
    """The page where the case is repaired, or empty where there is none for this person."""
    if case.subject_kind == "connection" or case.where == "connection":
        return page_of_connection(case) if membership.is_owner() else ""
    if case.where in PAGES and is_uuid(case.part):
        page = FORMS.get(case.where, PAGES[case.where]) if case.field else PAGES[case.where]
        return reverse(page, args=[case.part])
    if case.subject_kind in PAGES and is_uuid(case.subject_id):
        return reverse(PAGES[case.subject_kind], args=[case.subject_id])
    return ""


def page_of_connection(case: Case) -> str:
    page = CONNECTION_PAGES.get(case.code)
    return reverse(page, args=[case.connection_id]) if page else reverse("integrations:books")


def is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
