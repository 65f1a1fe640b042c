"""What is read from the books, one declaration per stream. The engine knows none of them by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounting.models import ArticleCoding, TermsOfPayment, Unit
from accounting.types import (
    ArticleRecord,
    CodingRecord,
    ContactRecord,
    CustomerRecord,
    ProjectRecord,
    Record,
    SalesOrderRecord,
    TermsRecord,
    UnitRecord,
    WorkSiteRecord,
)
from fieldwork.models import ContactPerson, Customer, HourType, Material, OwnedRecord, Project, WorkSite
from integrations.among import among
from integrations.models import Connection, Link, StreamSetting
from integrations.placing.context import Context, Known
from integrations.placing.filters import filters_of, unless_left_out
from integrations.placing.matching import (
    Candidate,
    Candidates,
    find_articles,
    find_customers,
    find_projects,
    nothing_to_find,
    recognise_article,
    recognise_customer,
    recognise_project,
)
from integrations.placing.orders import find_around_orders, place_order, recognise_order
from integrations.placing.people import (
    find_around_people,
    find_around_work_sites,
    place_person,
    place_work_site,
    recognise_person,
    recognise_work_site,
)
from integrations.placing.records import (
    Around,
    Placement,
    place_article,
    place_coding,
    place_customer,
    place_project,
    place_terms,
    place_unit,
)

# Raise it when the same record would now become other rows: everything is then read and written anew.
VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Pipeline:
    """One stream, from a record of the books to rows of ours.

    `kind` names the links. `look_around` reads what the database knows of a page's records (one or two
    statements), `recognise` says which of our unlinked records one is, `place` makes rows of it. `depends_on`
    is everything besides the record that decides what it becomes, `prepare` loads what else a page will ask the
    context for. `archive` says, per model, what a record
    that vanished from the books becomes; without it vanishing means nothing. `filters` are the fields of its setting
    by which the owner may leave records out.
    """

    stream: str
    label: str | Promise
    record: type[Record]
    kind: str
    look_around: Callable[[Context, Sequence[Any]], Around]
    place: Callable[[Any, Known | None, Context, Around], Placement]
    recognise: Callable[[Any, Candidates], list[Candidate]]
    depends_on: Callable[[Context], Any] = lambda context: ()
    prepare: Callable[[Context], Any] = lambda context: ()
    archive: Mapping[type[Any], Mapping[str, Any]] | None = None
    filters: tuple[str, ...] = ()

    def rules(self, context: Context, *, overwrite: bool) -> str:
        """The digest of everything that decides what a record becomes."""
        filters = filters_of(context.filters.get(self.stream), context) if self.filters else []
        owners = [each for each in context.owners.items() if each[0].startswith(f"{self.kind}_")]
        return context.digest(of=[VERSION, overwrite, self.depends_on(context), *filters, *owners])


# --- reference data is recognised by its id -----------------------------------------


def find_mirrored(model: type[Any]) -> Callable[[Context, Sequence[Record]], Around]:
    def look_around(context: Context, records: Sequence[Record]) -> Around:
        rows: QuerySet[Any] = model.objects.filter(
            among("remote_id", [record.remote_id for record in records]), books=context.books
        )
        label = model._meta.label
        found = [Candidate(label, key, remote_id, "", False) for key, remote_id in rows.values_list("id", "remote_id")]
        return Around(candidates=Candidates(found))

    return look_around


def recognise_by_id(record: Record, candidates: Candidates) -> list[Candidate]:
    return candidates.with_number(record.remote_id)


# --- the others by their numbers and names ------------------------------------------


def around_customers(context: Context, records: Sequence[CustomerRecord]) -> Around:
    return Around(candidates=find_customers(context, records))


def around_articles(context: Context, records: Sequence[ArticleRecord]) -> Around:
    return Around(candidates=find_articles(context, records))


def around_projects(context: Context, records: Sequence[ProjectRecord]) -> Around:
    customers = {each.customer_remote_id for each in records if each.customer_remote_id}
    links = Link.objects.filter(among("remote_id", customers), books=context.books, kind="customer")
    linked = {
        ("customer", remote_id): Known(label, local_id)
        for remote_id, label, local_id in links.values_list("remote_id", "local_model", "local_id")
    }
    planned = context.planned.links if context.planned else {}
    return Around(candidates=find_projects(context, records), mentioned={**planned, **linked})


def ready_to_ask(context: Context, kind: str, models: Sequence[type[OwnedRecord]]) -> bool:
    """Loads what a long read will need to tell whether a record is one of ours; a short one asks when it has to."""
    if not context.looks_closely:
        context.unlinked(kind)
    return nothing_to_find(context, kind, models)


def articles_depend_on(context: Context) -> Any:
    return (
        context.hour_words,
        context.settings.articles_without_unit,
        context.decided_kinds,
        {remote_id: (unit.short, unit.words) for remote_id, unit in context.units.items()},
        context.vat_of_codings,
    )


INACTIVE = {"active": False}

ALL: tuple[Pipeline, ...] = (
    Pipeline(
        stream="units",
        label=_("Units"),
        record=UnitRecord,
        kind="unit",
        look_around=find_mirrored(Unit),
        place=place_unit,
        recognise=recognise_by_id,
        archive={Unit: INACTIVE},
    ),
    Pipeline(
        stream="codings",
        label=_("Article codings"),
        record=CodingRecord,
        kind="coding",
        look_around=find_mirrored(ArticleCoding),
        place=place_coding,
        recognise=recognise_by_id,
        archive={ArticleCoding: INACTIVE},
    ),
    Pipeline(
        stream="terms",
        label=_("Terms of payment"),
        record=TermsRecord,
        kind="terms",
        look_around=find_mirrored(TermsOfPayment),
        place=place_terms,
        recognise=recognise_by_id,
        archive={TermsOfPayment: INACTIVE},
    ),
    Pipeline(
        stream="customers",
        label=_("Customers"),
        record=CustomerRecord,
        kind="customer",
        look_around=around_customers,
        place=unless_left_out("customers", place_customer, recognise_customer),
        recognise=recognise_customer,
        depends_on=lambda context: context.terms,
        prepare=lambda context: (
            context.being_sent,
            context.reads_people,
            ready_to_ask(context, "customer", [Customer]),
        ),
        archive={Customer: INACTIVE},
        filters=("only_active", "only_needed"),
    ),
    Pipeline(
        stream="contacts",
        label=_("Contact persons"),
        record=ContactRecord,
        kind="contact",
        look_around=find_around_people,
        place=place_person,
        recognise=recognise_person,
        depends_on=lambda context: context.sought_customers,
        prepare=lambda context: (context.being_sent, nothing_to_find(context, "contact", [ContactPerson])),
        archive={ContactPerson: INACTIVE},
    ),
    Pipeline(
        stream="work_sites",
        label=_("Work sites"),
        record=WorkSiteRecord,
        kind="work_site",
        look_around=find_around_work_sites,
        place=place_work_site,
        recognise=recognise_work_site,
        depends_on=lambda context: context.sought_customers,
        archive={WorkSite: INACTIVE},
    ),
    Pipeline(
        stream="articles",
        label=_("Articles"),
        record=ArticleRecord,
        kind="article",
        look_around=around_articles,
        place=unless_left_out("articles", place_article, recognise_article),
        recognise=recognise_article,
        depends_on=articles_depend_on,
        prepare=lambda context: ready_to_ask(context, "article", [Material, HourType]),
        archive={Material: INACTIVE, HourType: INACTIVE},
        filters=("only_active", "articles"),
    ),
    Pipeline(
        stream="projects",
        label=_("Projects"),
        record=ProjectRecord,
        kind="project",
        look_around=around_projects,
        place=place_project,
        recognise=recognise_project,
        prepare=lambda context: nothing_to_find(context, "project", [Project]),
        archive={Project: {"status": Project.Status.FINISHED}},
    ),
    Pipeline(
        stream="sales_orders",
        label=_("Sales orders"),
        record=SalesOrderRecord,
        kind="sales_order",
        look_around=find_around_orders,
        place=unless_left_out("sales_orders", place_order, recognise_order),
        recognise=recognise_order,
        prepare=lambda context: (context.being_sent, context.open_status_id),
        filters=("starts_on",),
    ),
)

# In the order of reading: what others mention comes first.
PIPELINES: dict[str, Pipeline] = {pipeline.stream: pipeline for pipeline in ALL}


def ensure_streams(connection: Connection) -> None:
    """Every stream that the accounting system offers has its setting, switched on unless somebody said otherwise.

    Of further books nothing is read unless somebody says so, and then what is here already is left alone.
    """
    is_record = connection.is_books_of_record
    reads = connection.ledger_provider.reads
    offered = {pipeline.stream for pipeline in PIPELINES.values() if pipeline.record in reads}
    missing = offered - set(connection.streams.values_list("stream", flat=True))
    StreamSetting.objects.bulk_create(
        [
            StreamSetting(connection=connection, stream=stream, enabled=is_record, overwrite=is_record)
            for stream in PIPELINES
            if stream in missing
        ],
        ignore_conflicts=True,
    )
