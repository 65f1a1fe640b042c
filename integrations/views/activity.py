"""The activity log: what came from the books and what went there, on pages and as a file. For the office."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from itertools import islice
from typing import cast

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from fieldwork.access import MemberRequest, office_required, owner_required
from fieldwork.listing import PAGE_SIZE
from fieldwork.models import Organization
from integrations.models import ConnectionSettings
from integrations.presenting.activity import DIRECTIONS, OUTCOMES, Line, lines_of
from integrations.presenting.happenings import SORTS, Asked, activity
from integrations.presenting.sheets import MARK, as_csv

AT_ONCE = 500
CHIPS = ("direction", "sort", "outcome")


class AskingForm(forms.Form):
    """What the list is narrowed to. A value that makes no sense is said beside its field and narrows nothing."""

    q = forms.CharField(label=gettext_lazy("Search"), required=False, max_length=200)
    first_day = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last_day = forms.DateField(
        label=gettext_lazy("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    direction = forms.ChoiceField(label=gettext_lazy("Direction"), required=False, choices=[("", ""), *DIRECTIONS])
    sort = forms.ChoiceField(
        label=gettext_lazy("Sort of record"),
        required=False,
        choices=[("", ""), *((each.key, each.label) for each in SORTS)],
    )
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), required=False, choices=[("", ""), *OUTCOMES])

    @property
    def asked(self) -> Asked:
        self.is_valid()
        told = self.cleaned_data
        return Asked(
            words=told.get("q", "").strip(),
            direction=told.get("direction", ""),
            sort=told.get("sort", ""),
            outcome=told.get("outcome", ""),
            first_day=told.get("first_day"),
            last_day=told.get("last_day"),
        )

    def chips(self) -> Iterator[tuple[forms.BoundField, str]]:
        """The rows of chips, each with what is chosen in it."""
        for name in CHIPS:
            yield self[name], self.cleaned_data.get(name, "")


class KeepForm(forms.ModelForm):
    class Meta:
        model = ConnectionSettings
        fields = ("keep_log_years",)


@office_required
@require_GET
def log(request: MemberRequest) -> HttpResponse:
    """A page of 50."""
    firm = request.membership.organization
    form = AskingForm(request.GET)
    asked = form.asked
    page = Paginator(activity(firm, asked), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "asked": asked,
        "page": page,
        "lines": lines_of(list(page), firm),
        "all": Asked(),
        "keep": keep_form_for(request),
    }
    return render(request, "integrations/activity.html", context)


def keep_form_for(request: MemberRequest) -> KeepForm | None:
    """With what holds for the books of record; None for those who may not change it."""
    if not request.membership.is_owner():
        return None
    settings = settings_of(request.membership.organization).order_by("-connection__is_books_of_record").first()
    return KeepForm(instance=settings) if settings else None


@owner_required
@require_POST
def keep(request: MemberRequest) -> HttpResponse:
    """For how long the log is kept, for all accounting systems of the firm."""
    form = KeepForm(request.POST)
    if form.is_valid():
        settings_of(request.membership.organization).update(**form.cleaned_data)
        messages.success(request, _("The settings are saved."))
    else:
        messages.error(request, _("Choose how long the log is kept."))
    return redirect("integrations:activity")


def settings_of(firm: Organization) -> QuerySet[ConnectionSettings]:
    return ConnectionSettings.objects.filter(connection__organization=firm)


@office_required
@require_GET
def log_as_csv(request: MemberRequest) -> HttpResponse:
    """The whole of what the page is narrowed to, sent while it is read."""
    firm = request.membership.organization
    rows = activity(firm, AskingForm(request.GET).asked).iterator(chunk_size=AT_ONCE)
    sheet = sheet_of(rows, firm, language=request.user.language, zone=timezone.get_current_timezone())
    name = f"{firm.slug}-{timezone.localdate():%Y-%m-%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    # A stream is answered like any page; only the type checker tells them apart.
    answer = StreamingHttpResponse(sheet, content_type="text/csv; charset=utf-8", headers=headers)
    return cast(HttpResponse, answer)


def sheet_of(rows: Iterator[object], firm: Organization, *, language: str, zone: tzinfo) -> Iterator[str]:
    """The file in pieces. It is read after the view has returned, when the reader's language is no longer set."""
    with translation.override(language):
        headings = as_csv(
            [[_("Time"), _("Direction"), _("Sort"), _("Number"), _("Record"), _("Outcome"), _("Details")]]
        )
    yield MARK + headings
    while piece := list(islice(rows, AT_ONCE)):
        with translation.override(language), timezone.override(zone):
            lines = as_csv(map(cells_of, lines_of(piece, firm)))
        yield lines


def cells_of(line: Line) -> Iterable[object]:
    at = f"{timezone.localtime(line.at):%Y-%m-%d %H:%M:%S}"
    return (at, line.direction_label, line.sort, line.number, line.name, line.pill.words, line.detail)
