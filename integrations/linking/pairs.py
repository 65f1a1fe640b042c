"""Our records without a link beside those of the books: who is certainly, likely or not at all one of theirs.

Theirs are known from imports, as records of ours with a link; from entries of the inbox that ask who somebody is; and
before the first sync from its plan. Everything is read at once, a constant number of statements.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from uuid import UUID

from integrations.linking.rereading import STREAMS
from integrations.models import Case, Connection, Link, LinkDecision, PlanEntry
from integrations.recognising.facts import facts_here, from_texts, made_of
from integrations.recognising.pairing import Comparable, Pair, Pool, Sorted, sort

ASKED = "look_alike"


@dataclass(frozen=True, kw_only=True)
class Both:
    """Records of one kind on both sides. `ours` have no link, with their models; `holders` are records of ours, by
    the id in the books to which they are linked, `their_models` those of the holders."""

    kind: str
    ours: Mapping[str, Comparable]
    models: Mapping[str, str]
    theirs: Mapping[str, Comparable]
    holders: Mapping[str, UUID]
    their_models: Mapping[str, str]
    apart: frozenset[tuple[str, str]]

    @cached_property
    def sorted(self) -> Sorted:
        return sort(self.ours.values(), Pool(self.theirs.values()), fits=self.fits)

    def fits(self, pair: Pair) -> bool:
        """Nobody has said that they are two, and what is hours there does not become goods here."""
        if (pair.ours, pair.theirs) in self.apart:
            return False
        return self.their_models.get(pair.theirs, self.models[pair.ours]) == self.models[pair.ours]

    def pair(self, ours: str, theirs: str) -> Pair | None:
        """The two, if they are still to be decided about."""
        pairs = [*self.sorted.certain, *(pair for pairs in self.sorted.likely.values() for pair in pairs)]
        return next((pair for pair in pairs if (pair.ours, pair.theirs) == (ours, theirs)), None)

    def local_label(self, key: str) -> str:
        return named(self.ours[key])

    def remote_label(self, remote_id: str) -> str:
        return named(self.theirs[remote_id])


def named(facts: Comparable) -> str:
    return f"{facts.number} {facts.name}".strip()


def both_sides(connection: Connection, kind: str) -> Both:
    """Five statements for customers, six for articles, which have two models."""
    links = Link.objects.filter(books=connection.books_id, kind=kind)
    linked = {
        local_id: (remote_id, number, gone)
        for local_id, remote_id, number, gone in links.values_list("local_id", "remote_id", "remote_number", "gone_at")
    }
    ours: dict[str, Comparable] = {}
    models: dict[str, str] = {}
    theirs: dict[str, Comparable] = {}
    holders: dict[str, UUID] = {}
    their_models: dict[str, str] = {}
    for model, pk, active, facts in facts_here(connection.organization_id, kind):
        link = linked.get(pk)
        if link is None:
            if active:
                ours[facts.key], models[facts.key] = facts, model
        elif link[2] is None and active:
            theirs[link[0]] = replace(facts, key=link[0], number=link[1] or facts.number)
            holders[link[0]], their_models[link[0]] = pk, model
    known = {remote_id for remote_id, _number, _gone in linked.values()}
    for facts in not_here_yet(connection, kind, ours):
        if facts.key not in known:
            theirs[facts.key] = facts
    return Both(
        kind=kind,
        ours=ours,
        models=models,
        theirs=theirs,
        holders=holders,
        their_models=their_models,
        apart=told_apart(connection, kind),
    )


def told_apart(connection: Connection, kind: str) -> frozenset[tuple[str, str]]:
    decisions = LinkDecision.objects.filter(
        books=connection.books_id, kind=kind, verdict=LinkDecision.Verdict.DIFFERENT
    )
    return frozenset(
        (str(local_id), remote_id) for local_id, remote_id in decisions.values_list("local_id", "remote_id")
    )


# --- theirs that are no records of ours ------------------------------------------


def not_here_yet(connection: Connection, kind: str, ours: Mapping[str, Comparable]) -> Iterator[Comparable]:
    if connection.settings.saved_at is None:
        yield from planned(connection, kind, ours)
    else:
        yield from asked_about(connection, kind)


def asked_about(connection: Connection, kind: str) -> Iterator[Comparable]:
    """Whom the import left out, because they may be one of ours."""
    cases = Case.objects.filter(connection=connection, subject_kind=f"remote_{kind}", code=ASKED, state=Case.State.OPEN)
    for remote_id, values in cases.values_list("subject_id", "values"):
        yield from_texts(kind, remote_id, values)


def planned(connection: Connection, kind: str, ours: Mapping[str, Comparable]) -> Iterator[Comparable]:
    """Who would come with the first sync, as its plan says."""
    entries = PlanEntry.objects.filter(
        plan__connection=connection, direction=PlanEntry.Direction.IN, kind=STREAMS[kind]
    ).exclude(remote_id="")
    columns = ("remote_id", "local_id", "action", "changes", "reasons")
    for remote_id, local_id, action, changes, reasons in entries.values_list(*columns).iterator(chunk_size=2000):
        asked = next((each["values"] for each in reasons if each["code"] == ASKED), None)
        values = {field.rpartition(".")[2]: after for field, _before, after, *_kind in changes}
        if asked is not None:
            yield from_texts(kind, remote_id, asked)
        elif action == PlanEntry.Action.CREATE:
            yield from_texts(kind, remote_id, values)
        elif action == PlanEntry.Action.UPDATE and str(local_id) in ours:
            yield changed(kind, remote_id, ours[str(local_id)], values)


def changed(kind: str, remote_id: str, ours: Comparable, values: Mapping[str, Any]) -> Comparable:
    """The one of the books in whom one of ours was recognised: like ours, but for what would change."""
    names = [name for name in ours.__dataclass_fields__ if name != "key"]
    kept = {name: getattr(ours, name) for name in names}
    new = {name: value for name, value in values.items() if name in kept and name != "is_company"}
    return made_of(kind, remote_id, {**kept, **new})
