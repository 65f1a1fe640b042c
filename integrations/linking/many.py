"""Links for many records at once, the refusal of candidates, and the way back from each. No network."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from fieldwork.models import Customer, User, WorkOrderLine
from integrations.among import among
from integrations.history import change_of
from integrations.linking.by_hand import take_over_link, unlink
from integrations.linking.inquiring import ReferenceRefused
from integrations.linking.pairs import ASKED, Both
from integrations.linking.rereading import read_again
from integrations.models import Agreement, Change, Connection, Link, LinkDecision, Operation
from integrations.recognising.facts import LABELS
from integrations.recognising.pairing import Pair
from integrations.sending.queueing import UNSENT
from integrations.trouble.cases import close_cases

PORTION = 500
Verdict = LinkDecision.Verdict


@dataclass(kw_only=True)
class Accepted:
    """How many pairs are linked now, and why the others are not."""

    count: int = 0
    refused: list[str] = field(default_factory=list)


def accept(connection: Connection, both: Both, pairs: Sequence[Pair], *, by: User) -> Accepted:
    """Ours are linked to theirs. A link that a record of ours held before goes over, and is given back by undoing."""
    accepted = Accepted()
    fresh = [pair for pair in pairs if pair.theirs not in both.holders]
    for start in range(0, len(fresh), PORTION):
        accepted.count += link_new(connection, both, fresh[start : start + PORTION], by=by)
    for pair in pairs:
        if pair.theirs in both.holders:
            take_over(connection, both, pair, accepted, by=by)
    return accepted


# --- theirs that had no link ------------------------------------------------------


def link_new(connection: Connection, both: Both, pairs: Sequence[Pair], *, by: User) -> int:
    """How many were linked. A constant number of statements; who was faster keeps what he has."""
    wanted = {pair.theirs: new_link(connection, both, pair) for pair in pairs}
    with transaction.atomic():
        Link.objects.bulk_create(wanted.values(), ignore_conflicts=True)
        stored = Link.objects.filter(among("id", [link.pk for link in wanted.values()]))
        links = list(stored)
        remember(connection, both, [(str(link.local_id), link.remote_id) for link in links], Verdict.SAME, by=by)
        note_links(connection, links, by=by)
        settle(connection, both.kind, links)
    return len(links)


def new_link(connection: Connection, both: Both, pair: Pair) -> Link:
    return Link(
        books=connection.pinned_books,
        kind=both.kind,
        remote_id=pair.theirs,
        remote_number=both.theirs[pair.theirs].number[:100],
        local_model=both.models[pair.ours],
        local_id=UUID(pair.ours),
        origin=Link.Origin.PERSON,
    )


def note_links(connection: Connection, links: Sequence[Link], *, by: User) -> None:
    """In the history of the customers."""
    customers = Customer.objects.filter(among("id", [each.local_id for each in links])).in_bulk()
    changes = (
        change_of(
            customers[link.local_id],
            source=Change.Source.HERE,
            what=Change.What.LINKED,
            fields={"remote_number": ("", link.remote_number), "remote_id": ("", link.remote_id)},
            books=connection.books,
            by=by,
        )
        for link in links
        if link.local_id in customers
    )
    Change.objects.bulk_create(each for each in changes if each is not None)


def settle(connection: Connection, kind: str, links: Iterable[Link]) -> None:
    """What waited for this decision goes on: creations, which find the link, and entries of the inbox."""
    links = list(links)
    waiting = Operation.objects.filter(
        among("local_id", [each.local_id for each in links]), books=connection.books_id, kind=kind
    )
    now = timezone.now()
    waiting.filter(state__in=UNSENT).update(due_at=now)
    waiting.requeue(now)
    close_cases(connection, subject=(f"remote_{kind}", [each.remote_id for each in links]), codes=[ASKED])


# --- theirs that another record of ours is linked to ---------------------------------


def take_over(connection: Connection, both: Both, pair: Pair, accepted: Accepted, *, by: User) -> None:
    """The link goes over; the record that had it is put away when nothing was ever done with it."""
    link = Link.objects.filter(books=connection.books_id, kind=both.kind, remote_id=pair.theirs).first()
    former_id = both.holders[pair.theirs]
    if link is None or link.local_id != former_id:
        return
    if both.kind == "customer":
        try:
            take_over_link(connection, Customer.objects.get(pk=UUID(pair.ours)), link, by=by)
        except ReferenceRefused as refused:
            accepted.refused.append(str(refused))
            return
    else:
        with transaction.atomic():
            mine = Link.objects.filter(pk=link.pk, local_id=former_id)
            mine.update(local_id=UUID(pair.ours), local_model=both.models[pair.ours], origin=Link.Origin.PERSON)
            remember(connection, both, [(pair.ours, pair.theirs)], Verdict.SAME, by=by, former_id=former_id)
    LinkDecision.objects.filter(
        books=connection.books_id, kind=both.kind, remote_id=pair.theirs, local_id=UUID(pair.ours)
    ).update(remote_label=both.remote_label(pair.theirs)[:300])
    put_away(LABELS[link.local_model], former_id)
    accepted.count += 1


def put_away(model: type[models.Model], former_id: UUID) -> None:
    """Not deleted: undoing brings it back. One that is in use stays as it is."""
    former: Any = model._default_manager.filter(pk=former_id).first()
    if former is not None and not is_used(former):
        model._default_manager.filter(pk=former_id).update(active=False)


def is_used(record: models.Model) -> bool:
    if isinstance(record, Customer):
        return record.work_orders.exists() or record.projects.exists() or record.work_sites.exists()
    field_name = "hour_type" if record._meta.model_name == "hourtype" else "material"
    return WorkOrderLine.objects.filter(**{field_name: record.pk}).exists()


# --- two after all --------------------------------------------------------------


def refuse(connection: Connection, both: Both, ours: str, *, by: User) -> int:
    """None of the candidates is this one of ours. How many there were; they come in as records of their own."""
    remote_ids = [pair.theirs for pair in both.candidates(ours)]
    with transaction.atomic():
        remember(connection, both, [(ours, each) for each in remote_ids], Verdict.DIFFERENT, by=by)
        close_cases(connection, subject=(f"remote_{both.kind}", remote_ids), codes=[ASKED])
        waiting = Operation.objects.filter(books=connection.books_id, kind=both.kind, local_id=UUID(ours))
        waiting.requeue(timezone.now())
        read_again(connection, both.kind)
    return len(remote_ids)


def undo(connection: Connection, decision: LinkDecision, *, by: User) -> None:
    """Ours and theirs are two again, and stay so. Raises ReferenceRefused while it is being sent.

    Who had the link before gets it back; where nobody had, theirs comes in as a record of its own.
    """
    model: Any = LABELS[decision.local_model]
    if decision.kind == "customer":
        unlink(connection, Customer.objects.get(pk=decision.local_id), by=by)
    else:
        give_back(connection, decision)
    model._default_manager.filter(pk=decision.former_id).update(active=True)
    LinkDecision.objects.filter(pk=decision.pk).update(verdict=Verdict.DIFFERENT, by=by, at=timezone.now())
    read_again(connection, decision.kind)


def give_back(connection: Connection, decision: LinkDecision) -> None:
    link = Link.objects.filter(
        books=connection.books_id, kind=decision.kind, local_id=decision.local_id, remote_id=decision.remote_id
    )
    Agreement.objects.filter(books=connection.books_id, local_id=decision.local_id).delete()
    if decision.former_id is None:
        link.delete()
        return
    former = next(
        (model for model in LABELS.values() if model._default_manager.filter(pk=decision.former_id).exists()), None
    )
    if former is None:
        link.delete()
    else:
        link.update(local_id=decision.former_id, local_model=former._meta.label, origin=Link.Origin.IMPORTED)


# --- remembered -----------------------------------------------------------------


def remember(
    connection: Connection,
    both: Both,
    pairs: Sequence[tuple[str, str]],
    verdict: str,
    *,
    by: User,
    former_id: UUID | None = None,
) -> None:
    """What the person has said of each pair of ours and theirs."""
    books, now = connection.pinned_books, timezone.now()
    if verdict == Verdict.SAME:
        ids = [UUID(ours) for ours, _theirs in pairs]
        old = LinkDecision.objects.filter(among("local_id", ids), books=books, kind=both.kind, verdict=Verdict.SAME)
        old.delete()
    LinkDecision.objects.bulk_create(
        (
            LinkDecision(
                books=books,
                kind=both.kind,
                remote_id=theirs,
                remote_label=both.remote_label(theirs)[:300],
                local_model=both.models[ours],
                local_id=UUID(ours),
                local_label=both.local_label(ours)[:300],
                former_id=former_id,
                verdict=verdict,
                by=by,
                at=now,
            )
            for ours, theirs in pairs
        ),
        update_conflicts=True,
        unique_fields=["local_id", "remote_id", "books", "kind"],
        update_fields=["remote_label", "local_label", "former_id", "verdict", "by", "at"],
    )
