"""What is gone from the books after a full read: archived here, never deleted, and not believed in masses."""

from __future__ import annotations

import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from accounting.models import Mirrored
from integrations.among import among
from integrations.models import Link, Run
from integrations.reading.pages import Stream
from integrations.trouble.cases import Finding, Subject, close_cases, open_cases

ALWAYS_BELIEVED = 10
LARGEST_SHARE = 5  # at most a fifth of the records
SHARD = 20_000  # ids in memory at once
PORTION = 500
MANY_MISSING = "many_records_missing"


class Seen:
    """The linked records that a full read has met, as marks of four bytes: memory and pauses stay cheap.

    Two records may share a mark and hide each other: of 100,000 records, one vanished in 40,000 goes unnoticed.
    """

    def __init__(self, marks: bytes = b"") -> None:
        self._marks = array("I", marks)

    def add(self, remote_ids: Iterable[str]) -> None:
        self._marks.extend(mark_of(remote_id) for remote_id in remote_ids)

    def to_bytes(self) -> bytes:
        return self._marks.tobytes()

    def __len__(self) -> int:
        return len(self._marks)

    def shards(self) -> Iterator[tuple[int, int, frozenset[int]]]:
        """The marks in portions: number, how many there are, and the marks whose remainder is that number."""
        count = 1 + len(self._marks) // SHARD
        for number in range(count):
            yield number, count, frozenset(mark for mark in self._marks if mark % count == number)


class Vanished(NamedTuple):
    id: UUID
    remote_id: str
    local_model: str
    local_id: UUID


class Missing(NamedTuple):
    """Records of ours whose counterparts a full read has not met, and whether that may be true."""

    records: list[Vanished]
    is_believed: bool


def mark_of(remote_id: str) -> int:
    return zlib.crc32(remote_id.encode())


def archive_vanished(stream: Stream, run: Run, seen: Seen) -> int:
    """How many records of ours were archived because theirs are gone."""
    if stream.pipeline.archive is None:
        return 0
    alive = living_links(stream)
    count = alive.count()
    subject = Subject(kind="stream", id=stream.pipeline.stream, label=str(stream.pipeline.label))
    if count == len(seen):
        close_cases(run.connection, subject=(subject.kind, [subject.id]), codes=[MANY_MISSING])
        return 0
    missing = find_missing(stream, run, seen, linked=count)
    if missing is None:
        return 0  # records moved while we read: the next full read will tell
    if not missing.is_believed:
        open_cases(run.connection, [(subject, many_missing(run, count))])
        return 0
    close_cases(run.connection, subject=(subject.kind, [subject.id]), codes=[MANY_MISSING])
    return archive(stream, missing.records)


def find_missing(stream: Stream, run: Run, seen: Seen, *, linked: int) -> Missing | None:
    """What a full read has not met of the `linked` records; None when the books moved meanwhile. Writes nothing."""
    if run.total is not None and run.read < run.total:
        return None
    limit = max(ALWAYS_BELIEVED, linked // LARGEST_SHARE)
    unmet = not_seen(living_links(stream).filter(created_at__lt=run.started_at), seen)
    records = list(islice(unmet, limit + 1))
    return Missing(records=records, is_believed=len(records) <= limit and (not records or bool(run.read)))


def living_links(stream: Stream) -> QuerySet[Link]:
    return Link.objects.filter(books=stream.context.books, kind=stream.pipeline.kind, gone_at=None)


def not_seen(links: QuerySet[Link], seen: Seen) -> Iterator[Vanished]:
    rows = links.values_list(*Vanished._fields)
    for number, count, marks in seen.shards():
        for row in rows.iterator(chunk_size=2000):
            mark = mark_of(row[1])
            if mark % count == number and mark not in marks:
                yield Vanished(*row)


def archive(stream: Stream, missing: Sequence[Vanished]) -> int:
    """Their links are marked as gone, our records take on the pipeline's archived state.

    Of further books only their own reference data: what else they lose may well be in the books of record.
    """
    by_model: defaultdict[str, list[UUID]] = defaultdict(list)
    for each in missing:
        by_model[each.local_model].append(each.local_id)
    is_record = stream.context.connection.is_books_of_record
    for model, changes in (stream.pipeline.archive or {}).items():
        if not is_record and not issubclass(model, Mirrored):
            continue
        for portion in portions(by_model[model._meta.label]):
            model.objects.filter(among("id", portion)).update(**changes)
    for portion in portions([each.id for each in missing]):
        Link.objects.filter(among("id", portion)).update(gone_at=timezone.now())
    return len(missing)


def portions(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    return (ids[start : start + PORTION] for start in range(0, len(ids), PORTION))


def many_missing(run: Run, linked: int) -> Finding:
    return Finding(
        code=MANY_MISSING,
        sentence=gettext_noop(
            "The accounting system showed just %(read)s records, although %(linked)s of yours come from there. "
            "Nothing was archived. Check that the right company and permissions are used, then read everything again."
        ),
        values={"read": str(run.read), "linked": str(linked)},
        where="connection",
    )
