"""Our records without a link, held beside those that are being read: whoever may be one of them is asked about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from accounting.types import ArticleRecord, CustomerRecord, Record
from integrations.models import Connection, Link, LinkDecision
from integrations.recognising.facts import MODELS, facts_here, facts_there
from integrations.recognising.pairing import Comparable, Pair, Pool, is_strong


class Unlinked:
    """Of one kind, for one set of books. `told_apart` are pairs of which a person said that they are two."""

    def __init__(
        self, facts: Iterable[tuple[str, Comparable]] = (), told_apart: Iterable[tuple[str, UUID]] = ()
    ) -> None:
        self._labels: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._pool = Pool(self._named(facts))
        self._told_apart = {(remote_id, str(local_id)) for remote_id, local_id in told_apart}
        self._taken: set[str] = set()

    @property
    def is_empty(self) -> bool:
        return not self._pool.size

    def are_two(self, remote_id: str, local_id: UUID | str) -> bool:
        return (remote_id, str(local_id)) in self._told_apart

    def take(self, local_id: UUID | str) -> None:
        """It has found its counterpart."""
        self._taken.add(str(local_id))

    def strong(self, record: Record, *, label: str) -> list[Pair]:
        """Those of ours, of that model, that the record probably is: by their ids in `theirs`, the surest first."""
        if self.is_empty or not isinstance(record, CustomerRecord | ArticleRecord):
            return []
        pairs = (pair for pair in self._pool.like(facts_there(record)) if self._labels[pair.theirs] == label)
        return [pair for pair in pairs if is_strong(pair) and self._is_open(pair)]

    def name_of(self, local_id: str) -> str:
        return self._names[local_id]

    def _named(self, facts: Iterable[tuple[str, Comparable]]) -> Iterator[Comparable]:
        for label, each in facts:
            self._labels[each.key] = label
            self._names[each.key] = f"{each.number} {each.name}".strip()
            yield each

    def _is_open(self, pair: Pair) -> bool:
        return pair.theirs not in self._taken and not self.are_two(pair.ours, pair.theirs)


def read_unlinked(connection: Connection, kind: str) -> Unlinked:
    """All of ours without a link. A constant number of statements; memory grows with their number."""
    if kind not in MODELS:
        return Unlinked()
    apart = LinkDecision.objects.filter(
        books=connection.books_id, kind=kind, verdict=LinkDecision.Verdict.DIFFERENT
    ).values_list("remote_id", "local_id")
    return Unlinked(without_link(connection, kind), apart)


def without_link(connection: Connection, kind: str) -> Iterator[tuple[str, Comparable]]:
    linked = Exists(Link.objects.filter(books=connection.books_id, kind=kind, local_id=OuterRef("pk")))
    condition = Q(~linked, active=True)
    ours = facts_here(connection.organization_id, kind, condition=condition)
    return ((label, facts) for label, _pk, _active, facts in ours)
