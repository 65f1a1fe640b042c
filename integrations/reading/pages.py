"""One page of records: known ones passed over, new and changed ones placed, all written in a few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import DataError, IntegrityError, transaction

from accounting.types import Batch, Entry, Page, Record, Rejected
from integrations.among import among
from integrations.models import Agreement, Change, Link
from integrations.owning.comparing import compare, keep, rules_for
from integrations.owning.own_edits import keep_own_edits
from integrations.pipelines import Pipeline
from integrations.placing.context import Context, Known
from integrations.placing.matching import Candidate, Id
from integrations.placing.objections import (
    check_of,
    look_alike,
    may_be_ours,
    name_of,
    number_taken,
    refused,
    too_long,
    unreadable,
)
from integrations.placing.records import CUSTOMER, Kept, Placed, Skipped
from integrations.placing.upsert import Target, insert, upsert
from integrations.reading.changes import CHANGE, changes_of, lost_values
from integrations.reading.ids import new_ids
from integrations.trouble.cases import Finding, Subject

LINK = Target(
    model=Link,
    columns=("remote_id", "remote_number", "local_model", "local_id", "fingerprint", "origin"),
    owned=frozenset({"remote_number", "fingerprint", "gone_at"}),
)
Translate = Callable[[Iterable[Entry]], Batch[Any]]


@dataclass(frozen=True, kw_only=True)
class Stream:
    """A pipeline at work for one connection, under the rules of this run."""

    pipeline: Pipeline
    context: Context
    rules: str
    overwrite: bool = True

    @property
    def subject_kind(self) -> str:
        """How cases name records of the books that are not ours yet."""
        return f"remote_{self.pipeline.kind}"

    def subject(self, remote_id: str, label: str = "") -> Subject:
        return Subject(kind=self.subject_kind, id=remote_id, label=label or remote_id)

    def unreadable(self, rejected: Iterable[Rejected]) -> list[tuple[Subject, Finding]]:
        return [(self.subject(each.remote_id, each.label), unreadable(each)) for each in rejected]

    def looking_closely(self) -> Stream:
        """The same, with every number and name looked up before it is written."""
        return replace(self, context=replace(self.context, looks_closely=True))

    def stamp(self, entry: Entry) -> str:
        """What the link remembers: the record's bytes and the rules under which they were read."""
        return entry.fingerprint + self.rules


class LinkRow(NamedTuple):
    remote_id: str
    fingerprint: str
    id: UUID
    local_model: str
    local_id: UUID
    gone_at: datetime | None


@dataclass(kw_only=True)
class Plan:
    """What a page amounts to: rows to write, numbers for the run, problems for the inbox.

    `well` are the records that are in order now, `linked` those that are ours, in order or not. `known` are the
    targets of which some row may exist already. `agreements` and `lost` are what the comparison with ours leaves
    behind, where ours count. `left_out` are records that are not for us: remote id, name, reason.
    """

    rows: defaultdict[Target, list[Sequence[Any]]] = field(default_factory=lambda: defaultdict(list))
    children: defaultdict[Target, list[Sequence[Any]]] = field(default_factory=lambda: defaultdict(list))
    links: list[Sequence[Any]] = field(default_factory=list)
    found: list[tuple[Subject, Finding]] = field(default_factory=list)
    well: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    known: set[Target] = field(default_factory=set)
    left_out: list[tuple[str, str, str]] = field(default_factory=list)
    agreements: list[Agreement] = field(default_factory=list)
    lost: list[Sequence[Any]] = field(default_factory=list)
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0

    def add(self, other: Plan) -> None:
        """Takes over the numbers and the problems of a part that is written already."""
        self.found += other.found
        self.well += other.well
        self.linked += other.linked
        self.created += other.created
        self.updated += other.updated
        self.unchanged += other.unchanged
        self.skipped += other.skipped


def save_page(stream: Stream, page: Page[Any]) -> Plan:
    """What the page amounted to; its rows and links are written. Call it in the transaction of the page."""
    entries = without_repetitions(page.entries)
    plan = save(stream, page.translate, entries)
    plan.found += stream.unreadable(page.rejected)
    stream.context.count_decisions()
    return plan


def plan_page(stream: Stream, page: Page[Any]) -> Plan:
    """What the page would amount to. Reads only."""
    plan = plan_entries(stream, page.translate, without_repetitions(page.entries))
    plan.found += stream.unreadable(page.rejected)
    return plan


def without_repetitions(entries: Sequence[Entry]) -> list[Entry]:
    """Each record once, as it came last: books shift records between pages while we read."""
    by_id = {entry.remote_id: entry for entry in entries}
    return list(by_id.values())


def save(stream: Stream, translate: Translate, entries: Sequence[Entry], *, again: bool = True) -> Plan:
    """The plan of these entries, written. A record that the database refuses is found by halving, and left out."""
    plan = plan_entries(stream, translate, entries)
    try:
        with transaction.atomic():
            write(stream, plan)
    except (IntegrityError, DataError) as error:
        stream = stream.looking_closely()
        if len(entries) > 1:
            middle = len(entries) // 2
            plan = save(stream, translate, entries[:middle])
            plan.add(save(stream, translate, entries[middle:]))
            return plan
        # Once more: somebody may have saved a record with the same number in this very moment.
        return save(stream, translate, entries, again=False) if again else without(stream, entries[0], error)
    return plan


def without(stream: Stream, entry: Entry, error: Exception) -> Plan:
    """The plan of a record that stays out, because the database does not take it."""
    return Plan(found=[(stream.subject(entry.remote_id), refused(error))])


def write(stream: Stream, plan: Plan) -> None:
    books = {"books_id": stream.context.books.pk, "kind": stream.pipeline.kind, "gone_at": None}
    changes = changes_of(plan.rows, plan.children, plan.known)
    for target, rows in [*plan.rows.items(), *plan.children.items()]:
        put = upsert if target in plan.known else insert
        put(target, rows, same=owner_columns(target, stream.context))
    put = upsert if LINK in plan.known else insert
    put(LINK, plan.links, same=books)
    keep(plan.agreements)
    insert(
        CHANGE, [*changes, *plan.lost], same={**owner_columns(CHANGE, stream.context), "source": Change.Source.BOOKS}
    )


def owner_columns(target: Target, context: Context) -> Mapping[str, UUID]:
    """To whom the rows belong. Rows with a parent belong to that."""
    if target.parent:
        return {}
    owners = {"organization_id": context.organization_id, "books_id": context.books.pk}
    return {name: owner for name, owner in owners.items() if target.has(name)}


# --- planning ------------------------------------------------------------------------


def plan_entries(stream: Stream, translate: Translate, entries: Sequence[Entry]) -> Plan:
    plan = Plan()
    links = known_links(stream, entries)
    plan.linked += links
    rules = stream.rules
    changed = {
        entry.remote_id: entry
        for entry in entries
        if (link := links.get(entry.remote_id)) is None or link[1] != entry.fingerprint + rules or link[5] is not None
    }
    plan.unchanged = len(entries) - len(changed)
    if not changed:
        return plan
    batch = translate(changed.values())
    plan.found += stream.unreadable(batch.rejected)
    if batch.records:
        Placing(stream, plan, links, changed, batch.records).place_all()
        respect_owners(stream, plan)
    return plan


def respect_owners(stream: Stream, plan: Plan) -> None:
    """The rows as they shall be where something was changed here, or the books do not decide about every field."""
    context = stream.context
    if CUSTOMER in plan.known and context.was_edited_here:
        plan.rows[CUSTOMER] = list(keep_own_edits(CUSTOMER, plan.rows[CUSTOMER], context.owners))
    for target in list(plan.rows) if context.owners else []:
        rules = rules_for(context.connection, target, context.owners)
        if rules is None:
            continue
        compared = compare(rules, plan.rows[target], new_ids())
        plan.rows[target] = list(compared.rows)
        plan.agreements += compared.agreements
        plan.lost += lost_values(target.label, compared.lost)
        for place, link in enumerate(plan.links):
            if (finding := compared.conflicts.get(link[4])) is not None:
                # Without a stamp the next read of everything looks at it again.
                plan.links[place] = (*link[:5], "", *link[6:])
                plan.well = [each for each in plan.well if each != link[1]]
                plan.found.append((stream.subject(link[1], f"{link[2]} {finding.values['record']}".strip()), finding))


def known_links(stream: Stream, entries: Sequence[Entry]) -> dict[str, tuple[Any, ...]]:
    """The fields of LinkRow by remote id; plain tuples, because most of them are only compared.

    In a first read there are none. A record that comes on two pages then breaks a constraint, and is looked for.
    """
    if stream.context.nothing_linked and not stream.context.looks_closely:
        return {}
    rows = Link.objects.filter(
        among("remote_id", [entry.remote_id for entry in entries]),
        books=stream.context.books,
        kind=stream.pipeline.kind,
    ).values_list("remote_id", "fingerprint", "id", "local_model", "local_id", "gone_at")
    return {row[0]: row for row in rows}


class Placing:
    """The records of a page on their way into a plan, in the order of the page."""

    def __init__(
        self,
        stream: Stream,
        plan: Plan,
        links: Mapping[str, tuple[Any, ...]],
        entries: Mapping[str, Entry],
        records: Sequence[Record],
    ) -> None:
        self.stream = stream
        self.plan = plan
        self.links = links
        self.entries = entries
        self.records = records
        self.around = stream.pipeline.look_around(stream.context, records)
        self.candidates = self.around.candidates
        self.ids = new_ids()

    def place_all(self) -> None:
        place, context, around, links = self.stream.pipeline.place, self.stream.context, self.around, self.links
        for record in self.records:
            row = links.get(record.remote_id)
            link = LinkRow(*row) if row else None
            known = Known(link.local_model, link.local_id) if link else None
            placement = place(record, known, context, around)
            if isinstance(placement, Placed):
                self.take(record, placement, link)
            elif isinstance(placement, Finding):
                self.leave_out(record, placement)
            elif isinstance(placement, Skipped):
                self.plan.skipped += 1
                self.plan.left_out.append((record.remote_id, self.subject(record).label, placement.reason))
                self.plan.well.append(record.remote_id)
            elif isinstance(placement, Kept) and link:
                self.keep(record, link)

    def take(self, record: Record, placed: Placed, link: LinkRow | None) -> None:
        """A row of ours becomes what the record says: the linked one, one that is recognised, or a new one."""
        if problem := too_long(placed):
            self.leave_out(record, problem)
        elif link is not None:
            if self.stream.overwrite:
                self.write(record, placed, link.local_id, link)
            else:
                self.keep(record, link)
        else:
            self.take_unlinked(record, placed)

    def take_unlinked(self, record: Record, placed: Placed) -> None:
        """One of ours that is recognised, a question while somebody of ours is too much alike, else a new one."""
        label, unlinked = placed.target.label, self.stream.context.unlinked(self.stream.pipeline.kind)
        found = () if self.candidates.is_empty else self.stream.pipeline.recognise(record, self.candidates)
        alike = [each for each in found if each.label == label and not unlinked.are_two(record.remote_id, each.id)]
        sent = self.candidates.on_its_way(name_of(record)) if not alike else []
        if len(alike) > 1 or sent:
            self.leave_out(record, look_alike(record, alike or sent))
        elif alike:
            unlinked.take(alike[0].id)
            self.adopt(record, placed, alike[0])
        elif strong := unlinked.strong(record, label=label):
            self.leave_out(record, may_be_ours(record, strong, unlinked))
        else:
            self.write(record, placed, next(self.ids), None)

    def adopt(self, record: Record, placed: Placed, ours: Candidate) -> None:
        self.candidates.take(ours)
        if self.stream.overwrite and placed.target.owned:
            self.write(record, placed, ours.id, None, adopted=True)
        else:
            self.link(record, ours.label, ours.id, None, Link.Origin.ADOPTED)
            self.plan.updated += 1

    def write(
        self, record: Record, placed: Placed, local_id: Id, link: LinkRow | None, *, adopted: bool = False
    ) -> None:
        target, values, children = placed
        check = check_of(target)
        problem = None
        if check.number is not None:
            number = values[check.number]
            if holder := self.candidates.holder(target.label, number, besides=local_id):
                problem = number_taken(record, number, holder, comes=check.may_lack_number)
                if not check.may_lack_number:
                    self.leave_out(record, problem)
                    return
                values = (*values[: check.number], "", *values[check.number + 1 :])
            else:
                self.candidates.give_number(target.label, number, to=local_id, name=name_of(record))
        self.plan.rows[target].append((local_id, *values))
        for child, child_values in children:
            self.plan.children[child].append((next(self.ids), local_id, *child_values))
        origin = Link.Origin.ADOPTED if adopted else Link.Origin.IMPORTED
        self.link(record, target.label, local_id, link, origin)
        if link is not None or adopted:
            self.plan.updated += 1
            self.plan.known.update((target, *(child for child, _values in children)))
        else:
            self.plan.created += 1
        if problem:
            self.plan.found.append((self.subject(record), problem))
        else:
            self.plan.well.append(record.remote_id)

    def keep(self, record: Record, link: LinkRow) -> None:
        """Ours stays as it is; only the link remembers that this change has been seen."""
        self.link(record, link.local_model, link.local_id, link, Link.Origin.IMPORTED)
        self.plan.unchanged += 1
        self.plan.well.append(record.remote_id)

    def link(self, record: Record, label: str, local_id: Id, link: LinkRow | None, origin: str) -> None:
        stamp = self.stream.stamp(self.entries[record.remote_id])
        number = getattr(record, "number", "")
        if link is None:
            self.plan.linked.append(record.remote_id)
        else:
            self.plan.known.add(LINK)
        self.plan.links.append(
            (link.id if link else next(self.ids), record.remote_id, number, label, local_id, stamp, origin)
        )

    def leave_out(self, record: Record, problem: Finding) -> None:
        self.plan.found.append((self.subject(record), problem))

    def subject(self, record: Record) -> Subject:
        label = f"{getattr(record, 'number', '')} {name_of(record)}".strip()
        return self.stream.subject(record.remote_id, label)
