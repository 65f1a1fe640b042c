"""Which sales documents of the books are which of our operations: by their ids, and by the references on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.db.models import Q

from accounting.models import Books
from accounting.protocol import Ledger
from accounting.types import Rejected, SalesDocumentRecord, Stage
from integrations.among import among
from integrations.auditing.scanning import Sheet, Sighting, scan
from integrations.exports import SALES
from integrations.models import Operation


@dataclass(kw_only=True)
class Trace:
    """An operation and every document that is it, was it, or carries its reference. By remote id."""

    operation: Operation
    documents: dict[str, SalesDocumentRecord] = field(default_factory=dict)

    def latest(self) -> list[SalesDocumentRecord]:
        """The documents as they now stand: what became something else is told as that alone."""
        former = {origin.remote_id for each in self.documents.values() for origin in each.made_of}
        return [each for remote_id, each in self.documents.items() if remote_id not in former]

    def descends(self, document: SalesDocumentRecord) -> bool:
        """Whether it is the document that the operation knows, or was made of it, perhaps over others."""
        origins, known = {document.remote_id}, self.operation.remote_id
        ahead = [document]
        while ahead:
            for origin in ahead.pop().made_of:
                if origin.remote_id not in origins and origin.remote_id in self.documents:
                    ahead.append(self.documents[origin.remote_id])
                origins.add(origin.remote_id)
        return known in origins

    def is_split(self) -> bool:
        """Whether they are parts of one document of ours: an order delivered and invoiced bit by bit."""
        origins = [
            {origin.remote_id for origin in each.made_of if origin.stage is Stage.ORDER} for each in self.latest()
        ]
        return len(origins) > 1 and bool(set.intersection(*origins))


@dataclass(kw_only=True)
class Traced:
    """What a scan of the books came to. `strangers` carry what may be a reference, and no operation has it.

    `met` are those of the ids asked about that the scan has seen.
    """

    traces: dict[UUID, Trace] = field(default_factory=dict)
    strangers: list[Sighting] = field(default_factory=list)
    unreadable: list[Rejected] = field(default_factory=list)
    met: set[str] = field(default_factory=set)
    count: int = 0


def trace_all(books: Books, ledger: Ledger, *, since: datetime, watched: Collection[str] = ()) -> Traced:
    """Network: one GET per page of the books. Memory grows with the number of our documents, not of theirs."""
    traced = Traced()
    for sheet in scan(ledger, since=since):
        take_sheet(traced, books, sheet)
        traced.met.update(each.document.remote_id for each in sheet.sightings if each.document.remote_id in watched)
    return traced


def take_sheet(traced: Traced, books: Books, sheet: Sheet) -> None:
    """Two statements for a page of any size. The operations are read after the documents, so a document that was
    sent meanwhile finds its operation."""
    by_id, by_reference = operations_of(books, sheet.sightings)
    for sighting in sheet.sightings:
        ours = [
            *chain.from_iterable(by_id.get(each, ()) for each in sighting.remote_ids),
            *chain.from_iterable(by_reference.get(each, ()) for each in sighting.references),
        ]
        for operation in ours:
            trace = traced.traces.setdefault(operation.pk, Trace(operation=operation))
            trace.documents[sighting.document.remote_id] = sighting.document
        if not ours and sighting.references:
            traced.strangers.append(sighting)
    traced.unreadable += sheet.unreadable
    traced.count += sheet.count


def operations_of(
    books: Books, sightings: Iterable[Sighting]
) -> tuple[dict[str, list[Operation]], dict[str, list[Operation]]]:
    """The operations that these documents may belong to, by remote id and by reference."""
    sightings = list(sightings)
    ids = {remote_id for each in sightings for remote_id in each.remote_ids}
    references = {reference for each in sightings for reference in each.references}
    return (
        grouped(operations_where(books, among("remote_id", ids)), "remote_id"),
        grouped(operations_where(books, among("reference", references)), "reference") if references else {},
    )


def operations_where(books: Books, condition: Q) -> list[Operation]:
    return list(Operation.objects.filter(condition, books=books, kind__in=SALES))


def grouped(operations: Iterable[Operation], member: str) -> dict[str, list[Operation]]:
    found: dict[str, list[Operation]] = {}
    for operation in operations:
        found.setdefault(getattr(operation, member), []).append(operation)
    return found
