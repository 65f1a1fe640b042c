"""What came from the books and what went there, record by record, newest first: which happened.

No table of its own: links, the history, the inbox and the outbox already know it, and one statement joins them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import and_, or_
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fieldwork.listing import matches
from fieldwork.models import (
    ContactPerson,
    Customer,
    HourType,
    Material,
    Organization,
    OwnedRecord,
    Project,
    WorkOrder,
    WorkSite,
)
from integrations.models import Case, Change, Connection, Link, Operation
from integrations.owning.comparing import CODE as BOTH_CHANGED

IN, OUT = "in", "out"
NEW, LINKED, CHANGED, GONE, LEFT_OUT, SENT, WAITING, NEEDS_YOU, NOT_SENT = (
    "new",
    "linked",
    "changed",
    "gone",
    "left_out",
    "sent",
    "waiting",
    "needs_you",
    "not_sent",
)
State = Operation.State
STATES_OF: Mapping[str, tuple[str, ...]] = {
    SENT: (State.DONE, State.TAKEN_BACK),
    WAITING: Operation.OPEN,
    NEEDS_YOU: Operation.NEEDS_PERSON,
    NOT_SENT: (State.CANCELLED, State.SUPERSEDED),
}


@dataclass(frozen=True, kw_only=True)
class Sort:
    """One kind of record: its label, page and columns; `remote` is what the inbox calls it over there."""

    key: str
    label: str | Promise
    model: type[OwnedRecord]
    page: str
    number: str
    name: tuple[str, ...]
    remote: str

    @property
    def model_label(self) -> str:
        return self.model._meta.label


SORTS = (
    Sort(
        key="customer",
        label=_("Customers"),
        model=Customer,
        page="fieldwork:customer_detail",
        number="number",
        name=("name",),
        remote="remote_customer",
    ),
    Sort(
        key="material",
        label=_("Materials"),
        model=Material,
        page="fieldwork:material_edit",
        number="number",
        name=("name",),
        remote="remote_article",
    ),
    Sort(
        key="hour_type",
        label=_("Hour types"),
        model=HourType,
        page="fieldwork:hour_type_edit",
        number="number",
        name=("name",),
        remote="remote_article",
    ),
    Sort(
        key="project",
        label=_("Projects"),
        model=Project,
        page="fieldwork:project_edit",
        number="number",
        name=("name",),
        remote="remote_project",
    ),
    Sort(
        key="work_order",
        label=_("Work orders"),
        model=WorkOrder,
        page="fieldwork:work_order_detail",
        number="number",
        name=("title",),
        remote="remote_sales_order",
    ),
    Sort(
        key="person",
        label=_("Contact persons"),
        model=ContactPerson,
        page="fieldwork:contact_person_edit",
        number="",
        name=("first_name", "last_name"),
        remote="remote_contact",
    ),
    Sort(
        key="work_site",
        label=_("Work sites"),
        model=WorkSite,
        page="fieldwork:work_site_edit",
        number="",
        name=("name",),
        remote="remote_work_site",
    ),
)
BY_MODEL = {sort.model_label: sort for sort in SORTS}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the list is narrowed to; empty means all. The days are the reader's own, both included."""

    words: str = ""
    direction: str = ""
    sort: str = ""
    outcome: str = ""
    first_day: date | None = None
    last_day: date | None = None

    @property
    def sorts(self) -> tuple[Sort, ...]:
        return tuple(each for each in SORTS if self.sort in ("", each.key))


class Row(NamedTuple):
    """One happening as the database tells it. `record` is of ours, or the entry of the inbox itself."""

    at: datetime
    outcome: str
    id: UUID
    model: str
    record: UUID
    name: str
    number: str
    kind: str
    state: str
    stage: str


# --- which happened --------------------------------------------------------------------


def activity(firm: Organization, asked: Asked) -> QuerySet[Any, Any]:
    """Rows in the form of `Row`, newest first; two statements."""
    mixed = had_another_firm(firm)
    parts = [part for source in SOURCES if (part := source(firm, asked, mixed)) is not None]
    if not parts:
        return Link.objects.none().values_list("pk")
    joined = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    return joined.order_by("-log_at", "log_id")


def arrivals(firm: Organization, asked: Asked, mixed: bool) -> QuerySet[Any, Any] | None:
    """Records that came and became one of ours, or were found to be one."""
    origins = {NEW: Link.Origin.IMPORTED, LINKED: Link.Origin.ADOPTED}
    if asked.direction == OUT or asked.outcome not in ("", *origins):
        return None
    wanted = [origin for outcome, origin in origins.items() if asked.outcome in ("", outcome)]
    rows = links_of(firm, asked, mixed).filter(origin__in=wanted).annotate(log_at=F("created_at"))
    return columns(within(rows, asked), outcome=F("origin"), number=F("remote_number"))


def departures(firm: Organization, asked: Asked, mixed: bool) -> QuerySet[Any, Any] | None:
    """Records that are not in the books any more."""
    if asked.direction == OUT or asked.outcome not in ("", GONE):
        return None
    rows = links_of(firm, asked, mixed).exclude(gone_at=None).annotate(log_at=F("gone_at"))
    return columns(within(rows, asked), outcome=text(GONE), number=F("remote_number"))


def links_of(firm: Organization, asked: Asked, mixed: bool) -> QuerySet[Link]:
    """Those of this firm's own records; `mixed` when its books may hold another firm's as well."""
    found = Link.objects.filter(books__in=firm.connections.values("books"))
    found = found.filter(local_model__in=[each.model_label for each in asked.sorts])
    if mixed:
        found = found.filter(is_one_of(firm, asked.sorts, record="local_id", model="local_model"))
    for word in asked.words.split():
        ours = is_one_of(firm, asked.sorts, record="local_id", model="local_model", word=word)
        found = found.filter(ours | matches(word, ["remote_number"]))
    return found


def had_another_firm(firm: Organization) -> bool:
    """Whether some of its books were another firm's before: to look at each record costs, and is rarely needed."""
    others = Connection.objects.exclude(organization=firm).exclude(books=None)
    return others.filter(books__in=firm.connections.exclude(books=None).values("books")).exists()


def is_one_of(firm: Organization, sorts: Sequence[Sort], *, record: str, model: str = "", word: str = "") -> Q:
    """Whether the column `record` names one of the firm's records, which has the word in its number or name."""

    def of(sort: Sort) -> Q:
        rows = rows_of(sort, firm)
        if word:
            rows = rows.filter(matches(word, [name for name in (sort.number, *sort.name) if name]))
        found = Q(**{f"{record}__in": rows.values("pk")})
        return found & Q(**{model: sort.model_label}) if model else found

    return reduce(or_, map(of, sorts))


def rows_of(sort: Sort, firm: Organization) -> QuerySet[Any]:
    return sort.model.objects.for_organization(firm)


def changes(firm: Organization, asked: Asked, mixed: bool) -> QuerySet[Any, Any] | None:
    """What a read has overwritten here."""
    if asked.direction == OUT or asked.outcome not in ("", CHANGED):
        return None
    rows = Change.objects.filter(organization=firm, source=Change.Source.BOOKS)
    rows = rows.filter(local_model__in=[each.model_label for each in asked.sorts])
    customers = tuple(each for each in SORTS if each.model is Customer)
    for word in asked.words.split():
        rows = rows.filter(matches(word, ["label"]) | is_one_of(firm, customers, record="subject_id", word=word))
    rows = rows.annotate(log_at=F("at"))
    return columns(within(rows, asked), outcome=text(CHANGED), name=F("label"))


def left_out(firm: Organization, asked: Asked, mixed: bool) -> QuerySet[Any, Any] | None:
    """Records of the books that could not become ours: while they need somebody, and when that is over."""
    states = {NEEDS_YOU: Case.State.OPEN, LEFT_OUT: Case.State.CLOSED}
    if asked.direction == OUT or asked.outcome not in ("", *states):
        return None
    rows = Case.objects.filter(organization=firm, subject_kind__in={each.remote for each in asked.sorts})
    rows = rows.filter(state__in=[state for outcome, state in states.items() if asked.outcome in ("", outcome)])
    # Who was asked which of two values is right has decided: that record came in.
    rows = rows.exclude(code=BOTH_CHANGED, state=Case.State.CLOSED)
    if asked.words:
        rows = rows.filter(matches(asked.words, ["found_by", "subject_label"]))
    rows = rows.annotate(log_at=F("last_seen_at"))
    return columns(
        within(rows, asked),
        outcome=F("state"),
        model=F("subject_kind"),
        record=F("pk"),
        name=F("subject_label"),
        kind=F("code"),
    )


def outbox(firm: Organization, asked: Asked, mixed: bool) -> QuerySet[Any, Any] | None:
    """What was, is or shall be written to the books, at the time of the last that happened to it."""
    if asked.direction == IN or asked.outcome not in ("", *STATES_OF):
        return None
    rows = Operation.objects.filter(organization=firm, local_model__in=[each.model_label for each in asked.sorts])
    if asked.outcome:
        rows = rows.filter(state__in=STATES_OF[asked.outcome])
    if asked.words:
        rows = rows.filter(matches(asked.words, ["local_label", "remote_number", "reference"]))
    rows = rows.annotate(log_at=Coalesce("done_at", "sent_at", "created_at"))
    return columns(
        within(rows, asked),
        outcome=text(OUT),
        name=F("local_label"),
        number=F("remote_number"),
        kind=F("kind"),
        state=F("state"),
        stage=F("stage"),
    )


SOURCES: Sequence[Callable[[Organization, Asked, bool], QuerySet[Any, Any] | None]] = (
    arrivals,
    departures,
    changes,
    left_out,
    outbox,
)
NAMES = tuple(f"log_{name}" for name in Row._fields)


def columns(rows: QuerySet[Any, Any], **told: Any) -> QuerySet[Any, Any]:
    """The columns of `Row`, whatever the table; `log_at` is there already."""
    usual = {"id": F("pk"), "model": F("local_model"), "record": F("local_id")}
    chosen = {name: told.get(name) or usual.get(name) or text("") for name in Row._fields if name != "at"}
    return rows.order_by().annotate(**{f"log_{name}": each for name, each in chosen.items()}).values_list(*NAMES)


def text(value: str) -> Value:
    return Value(value, output_field=CharField())


def within(rows: QuerySet[Any, Any], asked: Asked) -> QuerySet[Any, Any]:
    zone = timezone.get_current_timezone()
    limits: list[Q] = []
    if asked.first_day:
        limits.append(Q(log_at__gte=datetime.combine(asked.first_day, time.min, zone)))
    if asked.last_day:
        limits.append(Q(log_at__lt=datetime.combine(asked.last_day + timedelta(days=1), time.min, zone)))
    return rows.filter(reduce(and_, limits)) if limits else rows
