"""The inbox's entries about one stream's records, followed while the stream is read: repaired ones are closed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from integrations.among import among
from integrations.models import Case, Connection, Link
from integrations.reading.pages import Plan, Stream
from integrations.trouble.cases import close_cases, open_cases


@dataclass(kw_only=True)
class Followed:
    """The open cases of a stream: their codes by remote id, and which links some of them wait for."""

    connection: Connection
    subject_kind: str
    codes: defaultdict[str, set[str]]
    awaited: frozenset[tuple[str, str]] = frozenset()
    met: set[str] = field(default_factory=set)

    def something_awaited_has_come(self) -> bool:
        """True when a record that was left out for want of another could now be placed."""
        if not self.awaited:
            return False
        kinds = {kind for kind, _id in self.awaited}
        come = Q()
        for kind in kinds:
            come |= Q(among("remote_id", [key for each, key in self.awaited if each == kind]), kind=kind)
        return Link.objects.filter(come, books=self.connection.books_id).exists()

    def update(self, plan: Plan) -> None:
        """The page's problems are open cases, those that it shows to be repaired are closed."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for subject, finding in plan.found:
            found[subject.id].add(finding.code)
        self._close([key for key in plan.well if key in self.codes], keep=frozenset())
        for key, codes in found.items():
            if self.codes.get(key, codes) != codes:
                self._close([key], keep=codes)
        open_cases(self.connection, plan.found)
        self.codes.update(found)
        self.met.update(found)

    def close_unmet(self) -> None:
        """After a read of everything: nobody needs to repair what is no longer there."""
        self._close([key for key in self.codes if key not in self.met], keep=frozenset())

    def _close(self, keys: list[str], *, keep: Iterable[str]) -> None:
        if not keys:
            return
        close_cases(self.connection, subject=(self.subject_kind, keys), keep=keep)
        for key in keys:
            self.codes.pop(key, None)


def follow(stream: Stream) -> Followed:
    connection = stream.context.connection
    cases = Case.objects.filter(connection=connection, subject_kind=stream.subject_kind, state=Case.State.OPEN)
    codes: defaultdict[str, set[str]] = defaultdict(set)
    awaited = set()
    for key, code, values in cases.values_list("subject_id", "code", "values"):
        codes[key].add(code)
        if "awaits" in values:
            kind, _, remote_id = values["awaits"].partition(":")
            awaited.add((kind, remote_id))
    return Followed(connection=connection, subject_kind=stream.subject_kind, codes=codes, awaited=frozenset(awaited))
