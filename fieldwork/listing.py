"""A list as the user asks for it: searched, filtered by chips, one page of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as field_
from functools import reduce
from operator import or_

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fieldwork.models import Organization

PAGE_SIZE = 50

Label = str | Promise


@dataclass(frozen=True, kw_only=True)
class Filter:
    """A row of chips: `choices` are (value in the address, label), `field` is what the value is compared with.

    Where a value stands for more than a column can say, `conditions` has what it means.
    """

    parameter: str
    label: Label
    field: str = ""
    choices: Sequence[tuple[str, Label]]
    conditions: Mapping[str, Q] = field_(default_factory=dict)

    def condition(self, value: str) -> Q:
        return self.conditions[value] if self.conditions else Q(**{self.field: value})


# Rows of chips that apps above this one add to the list of work orders, each made for the firm that looks.
work_order_filters: list[Callable[[Organization], Filter | None]] = []


@dataclass(frozen=True, kw_only=True)
class Chip:
    """One choice, and the address that it leads to."""

    label: Label
    address: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One page of records, with everything that the list template shows around it."""

    page: Page
    searched: str
    chips: Sequence[tuple[Label, Sequence[Chip]]]
    hidden: Sequence[tuple[str, str]]
    page_links: Sequence[Chip]

    @property
    def is_narrowed(self) -> bool:
        """True when an empty list may only mean that nothing fits the search."""
        return bool(self.searched or self.hidden)


def list_records(
    request: HttpRequest, records: QuerySet, *, search_in: Sequence[str], filters: Sequence[Filter] = ()
) -> Listing:
    """The page that the address asks for. Two statements, whatever the number of records."""
    searched = request.GET.get("q", "").strip()
    chosen = {f.parameter: value for f in filters if (value := _chosen(request, f))}
    for f in filters:
        if f.parameter in chosen:
            records = records.filter(f.condition(chosen[f.parameter]))
    if searched:
        records = records.filter(matches(searched, search_in))
    page = Paginator(records, PAGE_SIZE).get_page(request.GET.get("page"))
    return Listing(
        page=page,
        searched=searched,
        chips=[(f.label, _chips(request, f, chosen=chosen.get(f.parameter, ""))) for f in filters if f.choices],
        hidden=list(chosen.items()),
        page_links=_page_links(request, page),
    )


def _chosen(request: HttpRequest, f: Filter) -> str:
    value = request.GET.get(f.parameter, "")
    return value if any(value == choice for choice, _label in f.choices) else ""


def matches(searched: str, fields: Iterable[str]) -> Q:
    """Every word in some field."""
    condition = Q()
    for word in searched.split():
        # SQLite ignores case for English letters only: å and Å need both spellings.
        spellings = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
        hits = [Q(**{f"{field}__icontains": spelling}) for field in fields for spelling in spellings]
        condition &= reduce(or_, hits)
    return condition


def _chips(request: HttpRequest, f: Filter, *, chosen: str) -> list[Chip]:
    choices = [("", _("All")), *f.choices]
    return [
        Chip(label=label, address=_address(request, **{f.parameter: value, "page": ""}), chosen=value == chosen)
        for value, label in choices
    ]


def _page_links(request: HttpRequest, page: Page) -> list[Chip]:
    """Links to the pages around this one; a gap has no address."""
    if page.paginator.num_pages == 1:
        return []
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return [
        Chip(
            label=str(number),
            address=_address(request, page=str(number)) if isinstance(number, int) else "",
            chosen=number == page.number,
        )
        for number in numbers
    ]


def _address(request: HttpRequest, **changes: str) -> str:
    """The address of this page with some parameters changed, or removed where empty."""
    query = request.GET.copy()
    for parameter, value in changes.items():
        query[parameter] = value
        if not value:
            del query[parameter]
    return f"{request.path}?{query.urlencode()}"
