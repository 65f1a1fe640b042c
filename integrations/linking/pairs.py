"""Our records without a link beside those of the books: who is certainly, likely or not at all one of theirs.

Theirs are known from imports, as records of ours with a link; from entries of the inbox that ask who somebody is; and
before the first sync from its plan. Everything is read at once, a constant number of statements.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q

from integrations.linking.rereading import STREAMS
from integrations.models import Case, Connection, Link, LinkDecision, PlanEntry
from integrations.recognising.facts import facts_here, from_texts, made_of
from integrations.recognising.pairing import Comparable, Pair, Pool, Sorted, compare, sort

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
        if ours not in self.ours or theirs not in self.theirs:
            return None
        pair = compare(self.ours[ours], self.theirs[theirs])
        return pair if pair.grade and self.fits(pair) else None

    def pairs(self, ours: str, theirs: Iterable[str]) -> list[Pair]:
        """Those of theirs whom ours still may be, the surest first."""
        found = (pair for each in theirs if (pair := self.pair(ours, each)))
        return sorted(found, key=lambda pair: pair.weight, reverse=True)

    def candidates(self, ours: str) -> list[Pair]:
        """All whom ours may be, the surest first."""
        return [pair for pair in Pool(self.theirs.values()).like(self.ours[ours]) if self.fits(pair)]

    def group(self, name: str) -> list[tuple[str, Sequence[Pair]]]:
        """The keys that are "certain", "likely" or "none", with their candidates, in the order of the names."""
        found: dict[str, Sequence[Pair]] = {}
        if name == "certain":
            found |= {pair.ours: (pair,) for pair in self.sorted.certain}
        elif name == "likely":
            found |= self.sorted.likely
        else:
            found |= dict.fromkeys(self.sorted.without, ())
        return sorted(found.items(), key=lambda row: (self.ours[row[0]].name.casefold(), row[0]))

    def local_label(self, key: str) -> str:
        return named(self.ours[key])

    def remote_label(self, remote_id: str) -> str:
        return named(self.theirs[remote_id])


def named(facts: Comparable) -> str:
    return f"{facts.number} {facts.name}".strip()


@dataclass(frozen=True, kw_only=True)
class Few:
    """What is looked at when not everything is: ids of ours and of theirs."""

    ours: frozenset[UUID]
    theirs: frozenset[str]


def both_sides(connection: Connection, kind: str, few: Few | None = None) -> Both:
    """Four statements for customers, five for articles, which have two models; of few records likewise."""
    links = read_links(connection, kind, few)
    coming = list(not_here_yet(connection, kind, few))
    wanted = None if few is None else ids_among(few, links, coming)
    ours: dict[str, Comparable] = {}
    models: dict[str, str] = {}
    theirs: dict[str, Comparable] = {}
    holders: dict[str, UUID] = {}
    their_models: dict[str, str] = {}
    for model, pk, active, facts in facts_here(connection.organization_id, kind, condition=wanted):
        link = links.get(pk)
        if link is None:
            if active:
                ours[facts.key], models[facts.key] = facts, model
        elif not link.is_gone and active:
            theirs[link.remote_id] = replace(facts, key=link.remote_id, number=link.number or facts.number)
            holders[link.remote_id], their_models[link.remote_id] = pk, model
    known = {link.remote_id for link in links.values()}
    for each in coming:
        if each.remote_id not in known and (like := each.facts(kind, ours)) is not None:
            theirs[like.key] = like
    return Both(
        kind=kind,
        ours=ours,
        models=models,
        theirs=theirs,
        holders=holders,
        their_models=their_models,
        apart=told_apart(connection, kind, few),
    )


class Held(NamedTuple):
    """What is compared of a link."""

    remote_id: str
    number: str
    is_gone: bool


def read_links(connection: Connection, kind: str, few: Few | None) -> dict[UUID, Held]:
    links = Link.objects.filter(books=connection.books_id, kind=kind)
    if few is not None:
        links = links.filter(Q(local_id__in=few.ours) | Q(remote_id__in=few.theirs))
    rows = links.values_list("local_id", "remote_id", "remote_number", "gone_at")
    return {local_id: Held(remote_id, number, gone is not None) for local_id, remote_id, number, gone in rows}


def ids_among(few: Few, links: Mapping[UUID, Held], coming: Iterable[Coming]) -> Q:
    """The condition on records of ours: those meant, those that hold the others, and those recognised in the others."""
    recognised = {each.local_id for each in coming if each.local_id is not None}
    return Q(pk__in=few.ours | links.keys() | recognised)


def told_apart(connection: Connection, kind: str, few: Few | None) -> frozenset[tuple[str, str]]:
    decisions = LinkDecision.objects.filter(
        books=connection.books_id, kind=kind, verdict=LinkDecision.Verdict.DIFFERENT
    )
    if few is not None:
        decisions = decisions.filter(local_id__in=few.ours)
    return frozenset(
        (str(local_id), remote_id) for local_id, remote_id in decisions.values_list("local_id", "remote_id")
    )


# --- theirs that are no records of ours ------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Coming:
    """A record of the books that has none of ours yet: whom the import asks about or, before the first sync, who
    would come with it. `local_id` when one of ours was recognised in it: then `texts` is what would change."""

    remote_id: str
    texts: Mapping[str, Any]
    local_id: UUID | None = None

    def facts(self, kind: str, ours: Mapping[str, Comparable]) -> Comparable | None:
        if self.local_id is None:
            return from_texts(kind, self.remote_id, self.texts)
        one = ours.get(str(self.local_id))
        return changed(kind, self.remote_id, one, self.texts) if one else None


def not_here_yet(connection: Connection, kind: str, few: Few | None) -> Iterator[Coming]:
    if connection.settings.saved_at is None:
        return planned(connection, kind, few)
    return asked_about(connection, kind, few)


def asked_about(connection: Connection, kind: str, few: Few | None) -> Iterator[Coming]:
    """Whom the import left out, because they may be one of ours."""
    cases = Case.objects.filter(connection=connection, subject_kind=f"remote_{kind}", code=ASKED, state=Case.State.OPEN)
    if few is not None:
        cases = cases.filter(subject_id__in=few.theirs)
    for remote_id, values in cases.order_by().values_list("subject_id", "values"):
        yield Coming(remote_id=remote_id, texts=values)


def planned(connection: Connection, kind: str, few: Few | None) -> Iterator[Coming]:
    """Who would come with the first sync, as its plan says."""
    entries = PlanEntry.objects.filter(
        plan__connection=connection, direction=PlanEntry.Direction.IN, kind=STREAMS[kind]
    ).exclude(remote_id="")
    if few is not None:
        entries = entries.filter(remote_id__in=few.theirs)
    columns = ("remote_id", "local_id", "action", "changes", "reasons")
    for remote_id, local_id, action, changes, reasons in entries.values_list(*columns).iterator(chunk_size=2000):
        asked = next((each["values"] for each in reasons if each["code"] == ASKED), None)
        values = {field.rpartition(".")[2]: after for field, _before, after, *_kind in changes}
        if asked is not None:
            yield Coming(remote_id=remote_id, texts=asked)
        elif action == PlanEntry.Action.CREATE:
            yield Coming(remote_id=remote_id, texts=values)
        elif action == PlanEntry.Action.UPDATE and local_id is not None:
            yield Coming(remote_id=remote_id, texts=values, local_id=local_id)


def changed(kind: str, remote_id: str, ours: Comparable, values: Mapping[str, Any]) -> Comparable:
    """The one of the books in whom one of ours was recognised: like ours, but for what would change."""
    names = [name for name in ours.__dataclass_fields__ if name != "key"]
    kept = {name: getattr(ours, name) for name in names}
    new = {name: value for name, value in values.items() if name in kept and name != "is_company"}
    return made_of(kind, remote_id, {**kept, **new})
