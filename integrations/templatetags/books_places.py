"""What belongs to which books: a panel on a record's page, and small marks in lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django import template
from django.db.models import Model
from django.template.context import Context
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounting.models import Books
from fieldwork.models import Organization
from integrations.models import Link
from integrations.presenting.places import Place, marks_of, places_among, places_of

register = template.Library()


@register.inclusion_tag("integrations/_places_panel.html", takes_context=True)
def books_places_panel(context: Context, record: Model) -> dict[str, Any]:
    """Every book that the record stands in, as a panel of its own; nothing when it stands in none."""
    membership = context["request"].membership
    return {"places": places_of(record, membership.organization) if membership else ()}


@register.simple_tag(takes_context=True)
def books_places(context: Context, record: Model, besides: Books | None = None) -> Sequence[Place]:
    """The other books that the record stands in."""
    return places_of(record, context["request"].membership.organization, besides=besides)


@register.simple_tag
def books_places_among(links: Iterable[Link], firm: Organization) -> Sequence[Place]:
    """The places that these links name, which were read with their books."""
    return places_among(links, firm)


@register.simple_tag(takes_context=True)
def books_marks_for(context: Context, records: Iterable[Model]) -> Mapping[UUID, Sequence[str]]:
    """In which books the records of a list stand, fetched once; empty while there is only one set of books."""
    return marks_of(records, context["request"].membership.organization)


@register.simple_tag
def books_marks(record: Model, marks: Mapping[UUID, Sequence[str]]) -> SafeString:
    """The names of the books behind one row."""
    names = dict.fromkeys(marks.get(record.pk, ()))
    return format_html_join(" ", '<span class="pill grey">{}</span>', ((name,) for name in names))
