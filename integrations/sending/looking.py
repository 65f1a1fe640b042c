"""Looks in the books for what we are about to send, or may have sent. One scan answers for a whole batch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from django.db.models import Q
from django.utils import timezone

from accounting.errors import UnexpectedAnswer
from accounting.protocol import Ledger
from accounting.types import ContactDocument, Document, Problem, Receipt, gettext_noop
from integrations.crash_points import reach
from integrations.exports import EXPORTS, SALES, Record, load_records, thaw
from integrations.models import Attempt, Connection, Link, Operation
from integrations.recognising.counterparts import read_counterparts
from integrations.recognising.duplicates import same_name
from integrations.sending.outcomes import FOUND, Blocked, Turn, settling
from integrations.sending.recording import record_done
from integrations.trouble import breaker
from integrations.trouble.reporting import SUBJECT_KINDS

EVER = datetime(2000, 1, 1, tzinfo=UTC)
MARGIN = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class Sought:
    """An operation's document, and a moment before which it cannot have come to be."""

    operation: Operation
    document: Document
    since: datetime

    @property
    def is_numbered(self) -> bool:
        return self.since == EVER


def born(operation: Operation, document: Document, record: Record | None = None) -> datetime:
    """The earliest moment at which the document may have been created.

    That of the record and not of the operation where it is known, so that a restored database finds what was
    created after its backup. What has a number of its own, or a name that is one of few, is looked for by that,
    whoever created it.
    """
    if getattr(document, "number", "") or isinstance(document, ContactDocument):
        return EVER
    return getattr(record, "created_at", operation.created_at) - MARGIN


def as_sent(connection: Connection, operation: Operation) -> Document:
    """The document as it was sent; as it would be sent now, where its own has been purged."""
    if operation.payload:
        return thaw(operation.kind, operation.payload)
    record = load_records(operation.local_model, [operation.local_id])[operation.local_id]
    known = read_counterparts(connection, [operation.local_id])
    return EXPORTS[operation.kind].build(record, operation.reference, known)


def look(turn: Turn, ledger: Ledger, sought: Iterable[Sought]) -> list[Sought]:
    """Those that the books do not have. What they have is recorded; what cannot be told is settled.

    Network: what one `find` takes, once for those with a number of their own and once for the others.
    """
    in_groups = sorted(sought, key=lambda each: each.is_numbered)
    absent: list[Sought] = []
    for _numbered, group in groupby(in_groups, key=lambda each: each.is_numbered):
        absent += look_for(turn, ledger, list(group))
    return absent


def look_for(turn: Turn, ledger: Ledger, sought: Sequence[Sought]) -> list[Sought]:
    operations = [each.operation for each in sought]
    found: Mapping[str, Sequence[Receipt]] = {}
    note_look(turn, operations)
    reach("export.before_look")
    with settling(turn, *operations):
        found = find_all(ledger, sought)
        breaker.answered(turn.connection)
        note_found(operations, found)
    reach("export.after_look")
    # A look that failed has no answer for anybody, which is not the same as an empty one.
    answered = [(each, found[each.operation.reference]) for each in sought if each.operation.reference in found]
    for each, receipts in answered:
        if receipts:
            with settling(turn, each.operation):
                recognise(each, receipts)
    return [each for each, receipts in answered if not receipts]


def find_all(ledger: Ledger, sought: Sequence[Sought]) -> Mapping[str, Sequence[Receipt]]:
    """What the books hold, by reference. A reference without an answer means that they were not searched for it."""
    found = ledger.find([each.document for each in sought], since=min(each.since for each in sought))
    if not {each.operation.reference for each in sought} <= found.keys():
        raise UnexpectedAnswer(gettext_noop("The accounting system was not searched completely."))
    return found


# --- the trace ------------------------------------------------------------------


def note_look(turn: Turn, operations: Sequence[Operation]) -> None:
    """An open attempt for each, committed before the question is asked."""
    now = timezone.now()
    Attempt.objects.bulk_create(
        Attempt(
            operation=each,
            purpose=Attempt.Purpose.LOOK,
            worker=turn.lease.owner,
            fence=turn.fence,
            started_at=now,
            evidence={"shared_by": len(operations)},
        )
        for each in operations
    )


def note_found(operations: Sequence[Operation], found: Mapping[str, Sequence[Receipt]]) -> None:
    there = [each.pk for each in operations if found[each.reference]]
    looks = Attempt.objects.filter(operation__in=operations, ended_at=None)
    now = timezone.now()
    looks.filter(operation__in=there).update(ended_at=now, outcome="found")
    looks.filter(ended_at=None).update(ended_at=now, outcome="absent")


# --- what was found -------------------------------------------------------------


def recognise(sought: Sought, receipts: Sequence[Receipt]) -> None:
    """The document is there: the operation is done. Raises Blocked when a person must say which or whose it is."""
    operation, document = sought.operation, sought.document
    if len(receipts) > 1:
        raise blocked(operation, "several_found", SEVERAL_FOUND, numbers=numbers_of(receipts))
    receipt = receipts[0]
    is_ours = operation.kind in SALES or operation.sent_at is not None
    if not is_ours:
        refuse_strangers(operation, document, receipt)
    origin = Link.Origin.EXPORTED if is_ours else Link.Origin.ADOPTED
    record_done(operation, receipt, origin=origin, document=None if operation.payload else document)


def refuse_strangers(operation: Operation, document: Document, receipt: Receipt) -> None:
    """A number alone does not make it ours: raises Blocked for another's link, and for another name."""
    others = Link.objects.filter(books=operation.books_id, kind=operation.kind, remote_id=receipt.remote_id)
    is_anothers = others.filter(~Q(local_id=operation.local_id)).exists()
    if is_anothers or not same_name(getattr(document, "name", ""), receipt.name):
        raise blocked(operation, "number_taken", NUMBER_TAKEN, numbers=numbers_of([receipt]), name=receipt.name)


def blocked(operation: Operation, what: str, sentence: str, **values: str) -> Blocked:
    problem = Problem(
        code=what,
        sentence=sentence,
        where=SUBJECT_KINDS[operation.local_model],
        values={"record": operation.local_label, **values},
    )
    return Blocked([problem], code=FOUND)


def numbers_of(receipts: Iterable[Receipt]) -> str:
    return ", ".join(each.number or each.remote_id for each in receipts)


SEVERAL_FOUND = gettext_noop(
    "%(record)s is in the books more than once: %(numbers)s. Remove all but one there, then try again."
)
NUMBER_TAKEN = gettext_noop(
    "%(record)s: in the books the number %(numbers)s belongs to “%(name)s”. Link the two, or change the number."
)
