"""A page from the books against what is here, where not simply the books decide.

Each column has three values: theirs, ours, and what both last agreed on. Who differs from that has changed it. Without
such a value, as right after the owner changed the setting, nobody can tell who: then it is as if both had.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_noop

from integrations.among import among
from integrations.history import told
from integrations.models import Agreement, Change, Connection, StreamSetting
from integrations.owning.groups import GROUPS, Group, Owner
from integrations.placing.upsert import Target
from integrations.trouble.cases import Finding

CODE = "both_changed"
OURS, THEIRS = "ours_", "theirs_"


@dataclass(kw_only=True)
class Compared:
    """What comes of it: rows as they shall be written, agreements to keep, what somebody must decide, and for the
    history the columns in which theirs lost, by our id."""

    rows: list[tuple[Any, ...]] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    conflicts: dict[UUID, Finding] = field(default_factory=dict)
    lost: dict[UUID, tuple[str, dict[str, list[str]]]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Who decides about the columns of one table, and how to find them in its rows."""

    connection: Connection
    target: Target
    groups: tuple[tuple[Group, str], ...]

    @property
    def columns(self) -> list[str]:
        return [column for group, _owner in self.groups for column in group.columns]

    @property
    def units(self) -> Iterator[tuple[str, Sequence[str]]]:
        """What is decided about as one: the owner and the columns."""
        for group, owner in self.groups:
            yield from ((owner, part) for part in ([group.columns] if group.as_one else [(c,) for c in group.columns]))

    def place(self, column: str) -> int:
        return self.target.row_columns.index(column)


def rules_for(connection: Connection, target: Target, owners: Mapping[str, str]) -> Rules | None:
    """None where the books decide about all of it."""
    groups = tuple(
        (each, owner)
        for each in GROUPS
        if target.model in each.models and (owner := owners.get(each.key, Owner.BOOKS)) != Owner.BOOKS
    )
    return Rules(connection=connection, target=target, groups=groups) if groups else None


def compare(rules: Rules, rows: Sequence[Sequence[Any]], new_ids: Iterator[str]) -> Compared:
    """Two statements, and a third where the newest is wanted and both have changed something."""
    known = [row[0] for row in rows if isinstance(row[0], UUID)]
    model, books = rules.target.model, rules.connection.books_id
    here = {
        pk: values
        for pk, *values in model._default_manager.filter(among("id", known)).values_list("id", *rules.columns)
    }
    kept = {each.local_id: each for each in Agreement.objects.filter(among("local_id", known), books=books)}
    done = Compared()
    disputed: list[Disputed] = []
    for row in rows:
        agreement = kept.get(row[0])
        ours = dict(zip(rules.columns, here[row[0]], strict=True)) if row[0] in here else None
        disputed.append(
            Disputed(rules=rules, row=list(row), ours=ours, agreed=dict(agreement.agreed if agreement else {}))
        )
        disputed[-1].pk = agreement.pk if agreement else next(new_ids)
        disputed[-1].before = (dict(agreement.agreed), dict(agreement.pending)) if agreement else None
        disputed[-1].settle_plain()
    newest = edits_of([each.row[0] for each in disputed if each.wants_newest], rules)
    for each in disputed:
        each.settle_newest(newest.get(each.row[0], {}))
        each.tell(done)
    return done


def keep(agreements: Sequence[Agreement]) -> None:
    """In one statement, or a few on SQLite; in none while nothing is agreed anew."""
    if agreements:
        Agreement.objects.bulk_create(
            agreements, update_conflicts=True, unique_fields=["id"], update_fields=["agreed", "pending", "at"]
        )


@dataclass(kw_only=True)
class Disputed:
    """One row on its way: what stays open goes to `both`."""

    rules: Rules
    row: list[Any]
    ours: Mapping[str, Any] | None
    agreed: dict[str, str]
    pk: UUID | str = ""
    before: tuple[dict[str, str], dict[str, str]] | None = None
    both: list[tuple[str, Sequence[str]]] = field(default_factory=list)
    pending: dict[str, str] = field(default_factory=dict)
    lost: dict[str, list[str]] = field(default_factory=dict)

    def theirs(self, column: str) -> str:
        return told(self.row[self.rules.place(column)])

    def own(self, column: str) -> str:
        return told(self.ours[column]) if self.ours is not None else self.theirs(column)

    @property
    def wants_newest(self) -> bool:
        return any(owner == Owner.NEWEST for owner, _columns in self.both)

    def settle_plain(self) -> None:
        """What can be told by comparing alone."""
        for owner, columns in self.rules.units:
            theirs_changed = any(self.theirs(each) != self.agreed.get(each) for each in columns)
            ours_changed = any(self.own(each) != self.agreed.get(each) for each in columns)
            if all(self.theirs(each) == self.own(each) for each in columns):
                self.agree(columns)
            elif owner == Owner.OURS:
                self.keep_ours(columns)
            elif theirs_changed and ours_changed:
                self.both.append((owner, columns))
            elif theirs_changed:
                self.agree(columns)
            else:
                self.keep_ours(columns)

    def settle_newest(self, edited: Mapping[str, datetime]) -> None:
        """What both changed: the later one, or somebody is asked."""
        for owner, columns in self.both:
            if owner == Owner.ASK:
                self.pending |= {each: self.theirs(each) for each in columns}
                self.keep_ours(columns)
            elif any(each in edited for each in columns):
                self.lost |= {each: [self.theirs(each), self.own(each)] for each in columns}
                self.agreed |= {each: self.theirs(each) for each in columns}
                self.keep_ours(columns)
            else:
                self.agree(columns)

    def agree(self, columns: Sequence[str]) -> None:
        self.agreed |= {each: self.theirs(each) for each in columns}

    def keep_ours(self, columns: Sequence[str]) -> None:
        if self.ours is not None:
            for each in columns:
                self.row[self.rules.place(each)] = self.ours[each]

    def tell(self, done: Compared) -> None:
        done.rows.append(tuple(self.row))
        if self.before != (self.agreed, self.pending):
            kept = Agreement(
                books=self.rules.connection.pinned_books,
                local_id=UUID(str(self.row[0])),
                agreed=self.agreed,
                pending=self.pending,
            )
            kept.pk = UUID(str(self.pk))
            done.agreements.append(kept)
        name = str(self.row[self.rules.place("name")])
        if self.pending:
            done.conflicts[self.row[0]] = self.finding(name)
        if self.lost:
            changed = {column: pair for column, pair in self.lost.items() if pair[0] != pair[1]}
            done.lost[self.row[0]] = (name, changed)

    def finding(self, name: str) -> Finding:
        differ = {each: theirs for each, theirs in self.pending.items() if theirs != self.own(each)}
        values = {THEIRS + each: theirs for each, theirs in differ.items()}
        values |= {OURS + each: self.own(each) for each in differ}
        return Finding(
            code=CODE,
            sentence=gettext_noop("%(record)s was changed here and in %(books)s. Which one is right?"),
            values={**values, "record": name, "books": self.rules.connection.label, "model": self.rules.target.label},
            where="owner",
            part=str(self.row[0]),
        )


def edits_of(ids: Sequence[Any], rules: Rules) -> dict[UUID, dict[str, datetime]]:
    """When each column of these was last changed here, if that was after the books had been read the last time.

    What was changed there came after that read, or it would have come with it. So an edit of ours from before is
    the older one. Of two within the same quarter of an hour ours is taken for the newer one.
    """
    if not ids:
        return {}
    stream = rules.groups[0][0].stream
    read = StreamSetting.objects.filter(connection=rules.connection, stream=stream).values("last_success_at")
    edits = Change.objects.filter(among("local_id", ids), source=Change.Source.HERE, at__gt=read[:1])
    found: dict[UUID, dict[str, datetime]] = {}
    for pk, fields, at in edits.order_by("at").values_list("local_id", "fields", "at"):
        found.setdefault(pk, {}).update(dict.fromkeys(fields, at))
    return found
