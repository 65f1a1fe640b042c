"""What a person says to records of a plan: hold, let go, approve. It stands for the record, not for the plan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from fieldwork.models import User
from integrations.among import among
from integrations.exports import CHANGES
from integrations.models import Connection, Operation, PlanEntry, SendDecision

State = Operation.State
Verdict = SendDecision.Verdict
GONE_OUT = (State.CLAIMED, State.SENDING, State.IN_DOUBT, State.DONE)
HELD_BACK = gettext_noop("Held back until somebody lets it go in the plan.")


@dataclass(frozen=True, kw_only=True)
class Decided:
    """How many records the decision is about now, and how many were on their way or in the books already."""

    count: int
    too_late: int = 0


def hold(connection: Connection, entries: Sequence[PlanEntry], *, by: User) -> Decided:
    """None of them is sent, in this revision or a later one, until somebody lets it go."""
    late = gone_out(connection, entries)
    held = [entry for entry in entries if (entry.local_id, entry.revision) not in late]
    with transaction.atomic():
        decide(connection, held, Verdict.HELD, by=by)
        say(connection, held, HELD_BACK)
    return Decided(count=len(held), too_late=len(entries) - len(held))


def not_held(connection: Connection, entries: Sequence[PlanEntry]) -> list[PlanEntry]:
    """Those that nobody holds back: what is approved all at once does not end a hold."""
    held = SendDecision.objects.filter(
        among("local_id", [entry.local_id for entry in entries]), books=connection.books_id, verdict=Verdict.HELD
    )
    ids = set(held.values_list("local_id", flat=True))
    return [entry for entry in entries if entry.local_id not in ids]


def approve(connection: Connection, entries: Sequence[PlanEntry], *, by: User) -> Decided:
    """Each is sent as soon as nothing else stands in its way. A hold is over."""
    with transaction.atomic():
        decide(connection, entries, Verdict.APPROVED, by=by)
        say(connection, entries, "")
    return Decided(count=len(entries))


def let_go(connection: Connection, entries: Sequence[PlanEntry]) -> Decided:
    """Holds and approvals of these records are taken back."""
    ids = [entry.local_id for entry in entries]
    with transaction.atomic():
        SendDecision.objects.filter(among("local_id", ids), books=connection.books_id).delete()
        say(connection, entries, "")
    return Decided(count=len(entries))


def gone_out(connection: Connection, entries: Iterable[PlanEntry]) -> set[tuple[object, int]]:
    """Records, with their revision, that can no longer be held back."""
    mine = Operation.objects.filter(among("local_id", [entry.local_id for entry in entries]), state__in=GONE_OUT)
    creations = mine.filter(books=connection.books_id).exclude(kind__in=CHANGES)
    return set(creations.values_list("local_id", "revision"))


def decide(connection: Connection, entries: Iterable[PlanEntry], verdict: str, *, by: User) -> None:
    now = timezone.now()
    decisions = {
        entry.local_id: SendDecision(
            books=connection.pinned_books,
            local_id=entry.local_id,
            revision=entry.revision,
            verdict=verdict,
            by=by,
            at=now,
        )
        for entry in entries
        if entry.local_id is not None
    }
    SendDecision.objects.bulk_create(
        decisions.values(),
        update_conflicts=True,
        unique_fields=["local_id", "books"],
        update_fields=["revision", "verdict", "by", "at"],
        batch_size=500,
    )


def say(connection: Connection, entries: Iterable[PlanEntry], problem: str) -> None:
    """Their own pages say what they wait for."""
    waiting = Operation.objects.filter(among("local_id", [entry.local_id for entry in entries]), state=State.QUEUED)
    mine = waiting.filter(books=connection.books_id)
    if not problem:
        mine = mine.filter(problem=HELD_BACK)
    mine.update(problem=problem)
