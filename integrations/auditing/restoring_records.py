"""Links of customers, articles, projects, orders and reference data, recognised as an import would recognise them.

What an import would create is left to the import: here no row of ours comes or changes but links.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from uuid import UUID

from accounting.protocol import Ledger
from accounting.types import CustomerRecord, Record
from fieldwork.models import Customer
from integrations.among import among
from integrations.exports import reference_of
from integrations.models import Connection, Link
from integrations.pipelines import PIPELINES, Pipeline
from integrations.placing.context import Context, Known
from integrations.placing.matching import Candidate
from integrations.placing.records import Around, Placed

AT_ONCE = 500


@dataclass(kw_only=True)
class Restored:
    """One stream: records read, links made, links that were there, and records that nothing here is.

    `unclear` are records that several of ours may be, with their numbers and names.
    """

    stream: str
    read: int = 0
    linked: int = 0
    known: int = 0
    new: int = 0
    unclear: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class Restoring:
    """One stream on its way. `taken` are records of ours that have found theirs, also where nothing is written."""

    pipeline: Pipeline
    context: Context
    writes: bool
    result: Restored
    taken: set[UUID | str] = field(default_factory=set)
    later: list[Record] = field(default_factory=list)
    by_reference: dict[str, Candidate] = field(default_factory=dict)

    @property
    def connection(self) -> Connection:
        return self.context.connection


def restore_stream(connection: Connection, ledger: Ledger, pipeline: Pipeline, *, writes: bool) -> Iterator[Restored]:
    """The stream's state after each page. Network: one GET per page of everything there is.

    A record with the number of ours is surely that one and comes first; who is known by other signs only comes
    after the last page, so that nobody takes another's place.
    """
    context = Context(connection=connection, looks_closely=True)
    restoring = Restoring(pipeline=pipeline, context=context, writes=writes, result=Restored(stream=pipeline.stream))
    if pipeline.record is CustomerRecord:
        restoring.by_reference = unnumbered_customers(connection)
    for records in pages_of(restoring, ledger):
        restore(restoring, records, only_sure=True)
        yield restoring.result
    rest = iter(restoring.later)
    while some := list(islice(rest, AT_ONCE)):
        restore(restoring, some, only_sure=False)
    yield restoring.result


def offered(connection: Connection) -> list[Pipeline]:
    """Everything that the accounting system can be asked for, in the order of reading, switched on or not."""
    reads = connection.ledger_provider.reads
    return [pipeline for pipeline in PIPELINES.values() if pipeline.record in reads]


def pages_of(restoring: Restoring, ledger: Ledger) -> Iterator[list[Record]]:
    """Page by page the records that have no link yet."""
    position = ""
    while True:
        page = ledger.read(restoring.pipeline.record, since=None, position=position)
        entries = {each.remote_id: each for each in page.entries}
        linked = set(links_of(restoring).filter(among("remote_id", entries)).values_list("remote_id", flat=True))
        restoring.result.read += len(entries)
        restoring.result.known += len(linked)
        yield list(page.translate(each for key, each in entries.items() if key not in linked).records)
        if not page.next_position:
            return
        position = page.next_position


def links_of(restoring: Restoring) -> Any:
    return Link.objects.filter(books=restoring.connection.books_id, kind=restoring.pipeline.kind)


def unnumbered_customers(connection: Connection) -> dict[str, Candidate]:
    """By the reference that stands in their note over there: customers of ours that the books numbered."""
    label = Customer._meta.label
    customers = Customer.objects.filter(organization=connection.organization_id, number="")
    return {
        reference_of(each, connection.pinned_books): Candidate(label, each.pk, "", each.name, linked=False)
        for each in customers.select_related("organization")
    }


# --- recognising ----------------------------------------------------------------


def restore(restoring: Restoring, records: Sequence[Record], *, only_sure: bool) -> None:
    """Links for those that are recognised; with `only_sure` the others wait."""
    if not records:
        return
    around = restoring.pipeline.look_around(restoring.context, records)
    links: list[Link] = []
    for record in records:
        alike = candidates_for(restoring, record, around)
        if len(alike) == 1 and (is_sure(record, alike[0]) or not only_sure):
            restoring.taken.add(alike[0].id)
            around.candidates.take(alike[0])
            links.append(link_for(restoring, record, alike[0]))
        elif only_sure:
            restoring.later.append(record)
        elif alike:
            restoring.result.unclear.append(f"{getattr(record, 'number', '')} {getattr(record, 'name', '')}".strip())
        else:
            restoring.result.new += 1
    restoring.result.linked += len(links)
    if restoring.writes:
        Link.objects.bulk_create(links)


def candidates_for(restoring: Restoring, record: Record, around: Around) -> list[Candidate]:
    """Who of ours it is, or may be."""
    if found := [restoring.by_reference[word] for word in words_on(record) if word in restoring.by_reference]:
        return [each for each in found if each.id not in restoring.taken][:1]
    recognised = restoring.pipeline.recognise(record, around.candidates)
    alike = [each for each in recognised if each.id not in restoring.taken]
    return of_its_kind(restoring, record, alike, around) if len(alike) > 1 else alike


def words_on(record: Record) -> list[str]:
    return record.note.split() if isinstance(record, CustomerRecord) else []


def of_its_kind(restoring: Restoring, record: Record, alike: Sequence[Candidate], around: Around) -> list[Candidate]:
    """Of a material and an hour type with one number the one that the record would become."""
    known: Known | None = None
    placed = restoring.pipeline.place(record, known, restoring.context, around)
    label = placed.target.label if isinstance(placed, Placed) else ""
    return [each for each in alike if each.label == label] or list(alike)


def is_sure(record: Record, candidate: Candidate) -> bool:
    """Whether it has the number, or for reference data the id, that we know it by."""
    return candidate.number in (getattr(record, "number", None) or record.remote_id, record.remote_id)


def link_for(restoring: Restoring, record: Record, candidate: Candidate) -> Link:
    """Without a fingerprint: the next import reads the record as if it had changed."""
    return Link(
        books=restoring.connection.pinned_books,
        kind=restoring.pipeline.kind,
        remote_id=record.remote_id,
        remote_number=getattr(record, "number", "")[:100],
        local_model=candidate.label,
        local_id=candidate.id,
        origin=Link.Origin.ADOPTED,
    )


def still_unlinked(results: Iterable[Restored]) -> int:
    return sum(each.new + len(each.unclear) for each in results)
