"""In which books a record stands, where a firm has several: its links, with their role and their address over there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounting.models import Books
from accounting.registry import UnknownProvider, provider_for
from accounting.types import Receipt, Stage
from fieldwork.models import Organization
from integrations.among import among
from integrations.connections import values_of
from integrations.models import Connection, Link

STAGES = {
    "customer": Stage.CUSTOMER,
    "article": Stage.ARTICLE,
    "sales_order": Stage.ORDER,
    "invoice_draft": Stage.DRAFT,
}
RECORD, FURTHER, FORMER = _("Books of record"), _("Further books"), _("Not connected any more")


@dataclass(frozen=True, kw_only=True)
class Place:
    """One record in one set of books. `address` is where a person sees it, or empty."""

    link: Link
    label: str
    role: str | Promise
    address: str

    @property
    def books(self) -> Books:
        return self.link.books


def places_of(record: Model, firm: Organization, *, besides: Books | None = None) -> Sequence[Place]:
    """Where the record stands; `besides` are books that the page shows anyway. Two statements at most."""
    links = Link.objects.filter(local_id=record.pk, local_model=record._meta.label).select_related("books")
    return places_among(links.exclude(books=besides) if besides else links, firm)


def places_among(links: Iterable[Link], firm: Organization) -> Sequence[Place]:
    """The same by what was read already, with its books. One statement, if there are any."""
    found = sorted(links, key=lambda link: link.created_at)
    roles = roles_of(firm) if found else {}
    return [
        Place(link=link, label=label_of(link.books), role=roles.get(link.books_id, FORMER), address=address_of(link))
        for link in found
    ]


def roles_of(firm: Organization) -> dict[UUID, str | Promise]:
    """What the books of each live connection are to the firm."""
    live = Connection.objects.filter(organization=firm, state__in=Connection.LIVE)
    return {each.books_id: RECORD if each.is_books_of_record else FURTHER for each in live if each.books_id}


def label_of(books: Books) -> str:
    """The accounting system's name; of one that this installation no longer knows, its key."""
    try:
        return provider_for(books.provider).label
    except UnknownProvider:
        return books.provider


def address_of(link: Link) -> str:
    stage = STAGES.get(link.kind)
    if stage is None or link.gone_at:
        return ""
    try:
        provider = provider_for(link.books.provider)
    except UnknownProvider:
        return ""
    return provider.link(values_of(provider), Receipt(stage=stage, remote_id=link.remote_id, number=link.remote_number))


def marks_of(records: Iterable[Model], firm: Organization) -> Mapping[UUID, Sequence[str]]:
    """The accounting systems that each record of a list stands in; nothing while the firm has only one set of books.

    Two statements for the whole list.
    """
    books = {each.pk: label_of(each) for each in Books.objects.filter(connections__organization=firm).distinct()}
    if len(books) < 2:
        return {}
    ids = [record.pk for record in records]
    links = Link.objects.filter(among("local_id", ids), books__in=list(books), gone_at=None).order_by("created_at")
    marks: defaultdict[UUID, list[str]] = defaultdict(list)
    for local_id, books_id in links.values_list("local_id", "books"):
        marks[local_id].append(books[books_id])
    return marks
