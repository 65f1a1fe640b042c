"""The inbox: every problem that needs a person, in groups of one kind, with who, what, why and how. For the office."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.db.models import Case as Either
from django.db.models import IntegerField, QuerySet, Value, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounting.registry import provider_for
from fieldwork.access import MemberRequest, office_required
from fieldwork.listing import Filter, list_records
from fieldwork.models import Organization
from integrations.auditing.accepting import accept, may_accept
from integrations.models import Case
from integrations.presenting.entries import Entry, entry_of, groups_of, one_form_for_all
from integrations.presenting.kinds import kind_title, subject_title
from integrations.repairing.forms import RepairForm
from integrations.repairing.likeness import Row, counts_alike, numbers_of
from integrations.repairing.offers import offers_for

# What stops everything comes before what stops one record.
STOPS_EVERYTHING = ("connection", "stream")


@office_required
@require_GET
def inbox(request: MemberRequest) -> HttpResponse:
    """A page of entries, sorted by kind: what stops everything first, then the most frequent."""
    firm = request.membership.organization
    rows = numbers_of(firm)
    counts = totals(rows, "code")
    listing = list_records(
        request, in_order(cases_of(firm), rows), search_in=("found_by",), filters=filters_for(rows, counts)
    )
    entries = entries_for(request, list(listing.page), rows)
    context = {
        "listing": listing,
        "entries": entries,
        "groups": list(groups_of(entries, counts)),
        "total": sum(counts.values()),
        "here": request.get_full_path(),
    }
    return render(request, "integrations/inbox.html", context)


@office_required
@require_GET
def entry(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One entry by itself, with the choices that only the books can tell."""
    case = get_object_or_404(cases_of(request.membership.organization), pk=pk)
    return show_entry(request, case)


def show_entry(request: MemberRequest, case: Case, filled: RepairForm | None = None) -> HttpResponse:
    """The entry alone, or just its part of the page when htmx asked for it."""
    offers = offers_for([case], in_full=True)
    alike = counts_alike([case], numbers_of(request.membership.organization))
    shown = entry_of(case, request.membership, offers, alike=alike, may_accept=may_accept(case), filled=filled)
    is_part = request.headers.get("HX-Request") == "true"
    here = request.POST.get("back") or request.path
    context = {"entry": shown, "case": case, "here": here, "kind": kind_title(case.code), "alone": not is_part}
    return render(request, "integrations/_case.html" if is_part else "integrations/inbox_entry.html", context)


def entries_for(request: MemberRequest, cases: Sequence[Case], rows: Sequence[Row]) -> list[Entry]:
    """A constant number of statements."""
    offers, alike = offers_for(cases), counts_alike(cases, rows)
    entries = [entry_of(case, request.membership, offers, alike=alike, may_accept=may_accept(case)) for case in cases]
    return one_form_for_all(entries)


@office_required
@require_POST
def accept_case(request: MemberRequest, pk: UUID) -> HttpResponse:
    """Somebody has looked at what differs in the books, and leaves it as it is."""
    case = get_object_or_404(Case.objects.filter(organization=request.membership.organization), pk=pk)
    if accept(case, by=request.user):
        messages.success(request, _("%(record)s stays as it is.") % {"record": case.subject_label})
    return redirect("integrations:inbox")


# --- which, and how many --------------------------------------------------------


def cases_of(firm: Organization) -> QuerySet[Case]:
    open_ones = Case.objects.filter(organization=firm, state=Case.State.OPEN)
    return open_ones.select_related("connection__books", "operation", "organization").defer("operation__payload")


def totals(rows: Sequence[Row], column: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        found[row[column]] = found.get(row[column], 0) + row["number"]
    return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))


def in_order(cases: QuerySet[Case], rows: Sequence[Row]) -> QuerySet[Case]:
    """By kind, as the groups stand on the page; within a kind the latest first."""
    urgent = {row["code"] for row in rows if row["subject_kind"] in STOPS_EVERYTHING}
    codes = sorted(totals(rows, "code"), key=lambda code: code not in urgent)
    places = [When(code=code, then=Value(place)) for place, code in enumerate(codes)]
    if not places:
        return cases
    place = Either(*places, default=Value(len(places)), output_field=IntegerField())
    return cases.order_by(place, "code", "-last_seen_at", "pk")


def filters_for(rows: Sequence[Row], counts: dict[str, int]) -> list[Filter]:
    """A row of chips where there is something to choose."""
    systems, subjects = totals(rows, "connection__provider"), totals(rows, "subject_kind")
    kinds = [(code, f"{kind_title(code)} {number}") for code, number in counts.items()]
    possible = [
        Filter(parameter="kind", label=gettext_lazy("Kind of problem"), field="code", choices=kinds),
        Filter(
            parameter="system",
            label=gettext_lazy("Accounting system"),
            field="connection__provider",
            choices=[(key, f"{provider_for(key).label} {number}") for key, number in systems.items()],
        ),
        Filter(
            parameter="subject",
            label=gettext_lazy("Sort of record"),
            field="subject_kind",
            choices=[(kind, f"{subject_title(kind)} {number}") for kind, number in subjects.items()],
        ),
    ]
    return [each for each in possible if len(each.choices) > 1]
