"""Who is who of very many records, compared by a worker and kept, so that the page need not compare them at each look.

What is kept is a help to find the rows of a page, never the truth: what is shown or linked is compared again by itself
(`pairs.Few`). A firm with few records has nothing kept: comparing all of them costs less than keeping it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, F, Max, Q, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from integrations.among import among
from integrations.linking.pairs import ASKED, Both, Few, both_sides
from integrations.linking.rereading import STREAMS
from integrations.models import Case, Connection, Link, LinkDecision, Pairing, PairingRow, PlanEntry, Run
from integrations.queue import enqueue
from integrations.recognising.facts import MODELS

# Of ours, of links and of what the import asks about. So many are compared within the time that a page may take.
FEW = 1000
# How long a worker may take. After that the page compares them itself.
PATIENCE = timedelta(minutes=1)
# What nobody has looked at for so long is left as it is.
INTEREST = timedelta(days=7)
A_DAY = timedelta(days=1)
# A comparison that was begun and not finished is thrown away after this time.
LEFT_OVER = timedelta(hours=1)
BATCH = 1000
# Candidates of one record by whose names it is found; the page shows as many.
MOST_CANDIDATES = 5
Group = PairingRow.Group
COMPARED, OF_BOOKS = ("ours", "asked", "planned"), ("links", "asked", "planned")


class Seen(NamedTuple):
    """A part of what a comparison is computed from: how many there are, and when the last of them changed."""

    what: str
    number: int
    also: int
    at: str


@dataclass(frozen=True, kw_only=True)
class Basis:
    """Two that are equal give the same comparison. `size` is how many records take part, `theirs` how many of the books
    are known."""

    text: str
    size: int
    theirs: int


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The comparison that is kept, whether nothing has changed since, and whether anybody of the books is known."""

    pairing: Pairing
    is_fresh: bool
    nothing_known: bool


def kept_pairing(connection: Connection, kind: str) -> Kept | None:
    """The comparison to take the rows of a page from; None for few records. Two statements, if it is up to date.

    One that is out of date is asked for anew, once a minute at most. If nothing is kept, or no worker has come, it is
    made here.
    """
    basis = basis_of(connection, kind)
    if basis.size <= FEW:
        return None
    pairing = current(connection, kind).first()
    now = timezone.now()
    if pairing is None or (pairing.asked_at is not None and pairing.asked_at < now - PATIENCE):
        pairing = keep(connection, kind, basis)
    note_look(pairing, now)
    is_fresh = pairing.basis == basis.text
    if not is_fresh and pairing.made_at < now - PATIENCE and ask(pairing):
        enqueue(compare_again, connection.pk)
    return Kept(pairing=pairing, is_fresh=is_fresh, nothing_known=not basis.theirs)


def current(connection: Connection, kind: str) -> QuerySet[Pairing]:
    return Pairing.objects.filter(connection=connection, kind=kind, is_current=True)


def note_look(pairing: Pairing, now: datetime) -> None:
    """Once a day."""
    if pairing.looked_at is None or pairing.looked_at < now - A_DAY:
        Pairing.objects.filter(pk=pairing.pk).update(looked_at=now)


def ask(pairing: Pairing) -> bool:
    """Whether nobody had asked yet."""
    return bool(Pairing.objects.filter(pk=pairing.pk, asked_at=None).update(asked_at=timezone.now()))


def compare_again(connection_id: UUID | str) -> int:
    """How many kinds were compared. A worker's task: after a read, and when somebody has found it out of date."""
    found = Connection.objects.select_related("organization", "books", "settings").filter(pk=connection_id).first()
    return sum(refresh(found, kind) for kind in STREAMS) if found and found.is_live else 0


def refresh(connection: Connection, kind: str) -> bool:
    """Whether it was compared anew: nothing was kept, or it is out of date and somebody looks at it these days."""
    basis = basis_of(connection, kind)
    kept = current(connection, kind)
    if basis.size <= FEW:
        kept.delete()
        return False
    pairing = kept.first()
    if pairing is not None and (pairing.basis == basis.text or not is_of_interest(pairing)):
        return False
    keep(connection, kind, basis)
    return True


def is_of_interest(pairing: Pairing) -> bool:
    return pairing.looked_at is not None and pairing.looked_at > timezone.now() - INTEREST


# --- keeping --------------------------------------------------------------------


def keep(connection: Connection, kind: str, basis: Basis) -> Pairing:
    """The new comparison, in the place of the former one. Of two workers at the same time one is enough."""
    of_kind = Pairing.objects.filter(connection=connection, kind=kind)
    of_kind.filter(is_current=False, made_at__lt=timezone.now() - LEFT_OVER).delete()
    both = both_sides(connection, kind)
    looked_at = of_kind.filter(is_current=True).values_list("looked_at", flat=True).first()
    made = Pairing.objects.create(connection=connection, kind=kind, basis=basis.text, looked_at=looked_at)
    rows = rows_for(made, both)
    while portion := list(islice(rows, BATCH)):  # small transactions: others write as well
        PairingRow.objects.bulk_create(portion)
    try:
        with transaction.atomic():
            of_kind.filter(is_current=True).delete()
            of_kind.filter(pk=made.pk).update(is_current=True)
    except IntegrityError:
        made.delete()
        made = of_kind.get(is_current=True)
    count_rows(made)
    return made


def rows_for(pairing: Pairing, both: Both) -> Iterator[PairingRow]:
    for group in Group.values:
        for place, (key, pairs) in enumerate(both.group(group)):
            names = [both.local_label(key), *(both.remote_label(each.theirs) for each in pairs[:MOST_CANDIDATES])]
            yield PairingRow(
                pairing=pairing,
                group=group,
                place=place,
                local_id=UUID(key),
                remote_ids=[each.theirs for each in pairs],
                words="\n".join(names).casefold(),
            )


def count_rows(pairing: Pairing) -> None:
    found = dict(pairing.rows.order_by().values_list("group").annotate(number=Count("pk")))
    pairing.certain, pairing.likely, pairing.nobody = (found.get(group, 0) for group in Group.values)
    pairing.save(update_fields=["certain", "likely", "nobody"])


# --- what was decided since -----------------------------------------------------


def strike_out(connection: Connection, kind: str, linked: Collection[UUID]) -> None:
    """Those who have found their counterpart do not stand on the page any more."""
    for pairing in current(connection, kind):
        pairing.rows.filter(among("local_id", linked)).delete()
        count_rows(pairing)


def strike_candidates(connection: Connection, kind: str, ours: UUID) -> None:
    """None of them was this one."""
    for pairing in current(connection, kind):
        pairing.rows.filter(local_id=ours).update(group=Group.NONE, remote_ids=[])
        count_rows(pairing)


def with_candidates(connection: Connection, kind: str, ours: UUID) -> Both:
    """This one of ours and everybody whom it may be, as they are now."""
    row = PairingRow.objects.filter(pairing__in=current(connection, kind), local_id=ours).first()
    if row is None:
        return both_sides(connection, kind)
    return both_sides(connection, kind, Few(ours=frozenset({ours}), theirs=frozenset(row.remote_ids)))


# --- of what it is computed -----------------------------------------------------


def basis_of(connection: Connection, kind: str) -> Basis:
    """One statement."""
    first, *others = parts_of(connection, kind)
    seen = sorted(Seen(*row) for row in first.union(*others, all=True))
    is_first = connection.settings.saved_at is None
    text = "; ".join([f"{is_first}", *(" ".join(map(str, each)) for each in seen)])
    return Basis(text=text, size=number_of(seen, COMPARED), theirs=number_of(seen, OF_BOOKS))


def number_of(seen: Iterable[Seen], what: Collection[str]) -> int:
    return sum(each.number for each in seen if each.what in what)


def parts_of(connection: Connection, kind: str) -> Iterator[QuerySet[Any, Any]]:
    links = Link.objects.filter(books=connection.books_id, kind=kind)
    yield counted("links", links, also=Count("gone_at"), at=Max("created_at"))
    yield counted("gone", links.exclude(gone_at=None), at=Max("gone_at"))
    for model in MODELS[kind]:
        ours: QuerySet[Any] = model._default_manager.all()
        ours = ours.filter(organization=connection.organization_id)
        yield counted("ours", ours, also=Count("pk", filter=Q(active=True)), at=Max("updated_at"))
    cases = Case.objects.filter(connection=connection, subject_kind=f"remote_{kind}", code=ASKED, state=Case.State.OPEN)
    yield counted("asked", cases, at=Max("last_seen_at"))
    told = LinkDecision.objects.filter(books=connection.books_id, kind=kind)
    yield counted("told", told, also=Count("pk", filter=Q(verdict=LinkDecision.Verdict.DIFFERENT)), at=Max("at"))
    runs = Run.objects.filter(connection=connection, stream=STREAMS[kind])
    written = Coalesce(Sum(F("created") + F("updated") + F("archived") + F("rejected")), 0)
    yield counted("read", runs.filter(read__gt=0), also=written)
    if connection.settings.saved_at is None:
        entries = PlanEntry.objects.filter(plan__connection=connection, direction="in", kind=STREAMS[kind])
        yield counted("planned", entries, at=Max("plan__finished_at"))


NOTHING = Value("", TextField())


def counted(what: str, rows: QuerySet[Any, Any], *, also: Any = None, at: Any = None) -> QuerySet[Any, Any]:
    moment = NOTHING if at is None else Coalesce(Cast(at, TextField()), NOTHING)
    told = (
        rows.order_by()
        .values(seen_what=Value(what, TextField()))
        .annotate(seen_number=Count("pk"), seen_also=Value(0) if also is None else also)
    )
    return told.annotate(seen_at=moment).values_list("seen_what", "seen_number", "seen_also", "seen_at")
