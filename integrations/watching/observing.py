"""Looks at connections: everything that the rules judge by, in as many statements for five hundred as for one.

Each step asks one thing of all connections and adds it to what was seen of each. Nothing here judges.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Case as Either
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber, TruncDate

from accounting.registry import all_providers
from fieldwork.models import WorkOrder
from integrations.export import due_now
from integrations.exports import SALES
from integrations.models import Case, Connection, Licence, Operation, Reconciliation, Run, StreamSetting
from integrations.pipelines import PIPELINES
from integrations.sending.queueing import cut_off, is_settled, triggers_export
from integrations.watching.sighting import Sighting, Stream, Unexplained

State = Operation.State
# The conditions of so many connections stand side by side in one statement.
AT_ONCE = 500
# A read that has been going on for longer is no excuse for what is late.
LONGEST_READ = timedelta(hours=12)
# So many days show how many documents are usual.
USUAL_DAYS = 28
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def observe(connections: QuerySet[Connection], now: datetime) -> list[Sighting]:
    """What is to be seen of these connections, in their order. At most six statements; five more for each further
    five hundred.
    """
    found = see_work(connections, now)
    return [seen for start in range(0, len(found), AT_ONCE) for seen in look_closer(found[start : start + AT_ONCE])]


def look_closer(found: list[Sighting]) -> list[Sighting]:
    for step in (see_outbox, see_inbox, see_licences, see_unexplained, see_documents):
        found = list(step(found))
    return found


def see_work(connections: QuerySet[Connection], now: datetime) -> list[Sighting]:
    """The connections with who works on them, their login, what was read and what was compared."""
    runs = Run.objects.filter(connection=OuterRef("pk"))
    beating = runs.filter(started_at__gte=now - LONGEST_READ, heartbeat_at__isnull=False).order_by("-heartbeat_at")
    compared = Reconciliation.objects.filter(connection=OuterRef("pk"), problem="").order_by("-started_at")
    since_compared = runs.filter(started_at__gt=OuterRef("compared_at")).order_by("started_at")
    streams = StreamSetting.objects.filter(connection=OuterRef("pk"), enabled=True)
    stalest = streams.filter(offered(), ~stopped()).order_by(F("last_success_at").asc(nulls_first=True), "stream")
    watched = connections.select_related("organization", "books", "settings", "lease").annotate(
        heartbeat_at=Subquery(beating.values("heartbeat_at")[:1]),
        token_expires_at=F("credential__expires_at"),
        compared_at=Coalesce(Subquery(compared.values("started_at")[:1]), Value(LONG_AGO)),
        uncompared_since=Subquery(since_compared.values("started_at")[:1]),
        reads=Exists(streams),
        stalest=Subquery(stalest.values("stream")[:1]),
        stalest_success_at=Subquery(stalest.values("last_success_at")[:1]),
    )
    return [
        Sighting(
            connection=each,
            now=now,
            lease=getattr(each, "lease", None),
            heartbeat_at=each.heartbeat_at,
            token_expires_at=each.token_expires_at,
            uncompared_since=each.uncompared_since,
            reads=each.reads,
            stalest=Stream(name=each.stalest, last_success_at=each.stalest_success_at) if each.stalest else None,
        )
        for each in watched
    ]


def offered() -> Q:
    """The condition on streams that the connection's accounting system can be read for."""
    names = {
        key: [name for name, pipeline in PIPELINES.items() if pipeline.record in provider.reads]
        for key, provider in all_providers().items()
    }
    return any_of(Q(connection__provider=key, stream__in=streams) for key, streams in names.items())


def stopped() -> Q:
    """The condition on streams that wait for a person: the inbox tells of them, they are not late."""
    told = Case.objects.filter(connection=OuterRef("connection"), subject_kind="stream", subject_id=OuterRef("stream"))
    return Q(Exists(told.filter(state=Case.State.OPEN)))


# --- what waits -------------------------------------------------------------------------


def see_outbox(found: list[Sighting]) -> Iterator[Sighting]:
    """With what has been due, and what has been in doubt, for the longest."""
    active = [seen.connection for seen in found if seen.is_active]
    in_doubt = Q(books__in=[each.books_id for each in active], state=State.IN_DOUBT)
    since = Either(When(state=State.IN_DOUBT, then=F("doubt_since")), default=F("due_at"))
    waiting = Operation.objects.filter(in_doubt | due_now(*active)).only(
        "books", "state", "due_at", "doubt_since", "local_label", "reference"
    )
    first = {(each.books_id, each.state): each for each in first_of_each(waiting, "books", "state", by=since)}
    for seen in found:
        books = seen.connection.books_id
        yield replace(seen, due=first.get((books, State.QUEUED)), doubtful=first.get((books, State.IN_DOUBT)))


def see_inbox(found: list[Sighting]) -> Iterator[Sighting]:
    """With the open entries of the inbox; that the login was refused counts apart."""
    waiting = Case.objects.filter(connection__in=[seen.connection.pk for seen in found], state=Case.State.OPEN)
    named = waiting.only("connection", "subject_kind", "subject_label", "first_seen_at")
    kinds = named.annotate(is_login=Either(When(code="reconnect_needed", then=True), default=False))
    counted = kinds.annotate(count=Window(Count("pk"), partition_by=["connection", "is_login"]))
    first = {
        (each.connection_id, each.is_login): each
        for each in first_of_each(counted, "connection", "is_login", by=F("first_seen_at"))
    }
    for seen in found:
        login, oldest = (first.get((seen.connection.pk, is_login)) for is_login in (True, False))
        yield replace(
            seen,
            refused_since=login.first_seen_at if login else None,
            oldest_case=oldest,
            cases=oldest.count if oldest else 0,
        )


def first_of_each(rows: QuerySet[Any], *group: str, by: Any) -> QuerySet[Any]:
    """Of the rows that agree in `group`, the one that comes first in the order of `by`."""
    return rows.annotate(place=Window(RowNumber(), partition_by=list(group), order_by=[by, "pk"])).filter(place=1)


def see_licences(found: list[Sighting]) -> Iterator[Sighting]:
    """With every licence that the firm ever had for this accounting system."""
    held: dict[tuple[UUID, str], list[Licence]] = defaultdict(list)
    for licence in Licence.objects.filter(organization__in=[seen.connection.organization_id for seen in found]):
        held[licence.organization_id, licence.provider].append(licence)
    for seen in found:
        yield replace(seen, licences=held[seen.connection.organization_id, seen.connection.provider])


# --- what was done, and what came of it -------------------------------------------------


def see_unexplained(found: list[Sighting]) -> Iterator[Sighting]:
    """With the finished work orders that did not reach the books, where they should by themselves."""
    senders = [seen for seen in found if seen.sends_by_itself]
    told = {row.pop("organization"): Unexplained(**row) for row in unexplained(senders)} if senders else {}
    for seen in found:
        firm = seen.connection.organization_id if seen.sends_by_itself else None
        yield replace(seen, unexplained=told.get(firm, Unexplained()))


def unexplained(senders: Sequence[Sighting]) -> Iterable[dict[str, Any]]:
    """A row for each firm that has such work orders, completed on or after its cut-off date."""
    completed = any_of(
        Q(organization=seen.connection.organization_id, completed_at__gte=cut_off(seen.connection)) for seen in senders
    )
    before = any_of(
        Q(organization__time_zone=name, completed_at__lt=alike[0].day_began) for name, alike in by_zone(senders).items()
    )
    explained = (State.DONE, State.CANCELLED, State.TAKEN_BACK, State.IN_DOUBT, *Operation.NEEDS_PERSON)
    known = Operation.objects.filter(
        kind__in=SALES, local_id=OuterRef("pk"), revision=OuterRef("revision"), state__in=explained
    )
    rows = WorkOrder.objects.filter(completed, ~Q(Exists(known))).order_by().values("organization")
    counted = rows.annotate(
        oldest=Min("completed_at", filter=triggers_export()),
        to_send=Count("pk", filter=triggers_export()),
        waiting=Count("pk", filter=~is_settled()),
        waiting_before=Count("pk", filter=before & ~is_settled()),
    )
    return [dict(row) for row in counted]


def see_documents(found: list[Sighting]) -> Iterator[Sighting]:
    """With the documents that reached the books day by day, where finished work orders wait."""
    waiting = [seen for seen in found if seen.could_send and seen.unexplained.waiting]
    by_books: dict[UUID | None, dict[date, int]] = defaultdict(dict)
    if waiting:
        for books, day, count in documents_by_day(waiting):
            by_books[books][day] = count
    for seen in found:
        yield replace(seen, documents=by_books[seen.connection.books_id])


def documents_by_day(waiting: Sequence[Sighting]) -> QuerySet[Operation, tuple[Any, ...]]:
    """Books, a day in the firm's own time zone, and how many documents."""
    recent, days = [], []
    for alike in by_zone(waiting).values():
        of_them = Q(books__in=[seen.connection.books_id for seen in alike])
        recent.append(of_them & Q(done_at__gte=alike[0].day_began - timedelta(days=USUAL_DAYS)))
        days.append(When(of_them, then=TruncDate("done_at", tzinfo=alike[0].zone)))
    done = Operation.objects.filter(any_of(recent), kind__in=SALES, state=State.DONE).order_by()
    return done.annotate(day=Either(*days)).values_list("books", "day").annotate(count=Count("pk"))


def by_zone(found: Sequence[Sighting]) -> Mapping[str, list[Sighting]]:
    """Those of each time zone, in which the last working day began at the same moment. There are few."""
    alike: dict[str, list[Sighting]] = defaultdict(list)
    for seen in found:
        alike[seen.connection.organization.time_zone].append(seen)
    return alike


def any_of(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions)
