"""Every document of the books against every operation of ours, and what follows from it. Reads only, here and there."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounting.errors import NotFound, UnexpectedAnswer
from accounting.protocol import Ledger
from accounting.types import Receipt, SalesDocumentRecord, Stage
from integrations.auditing.accepting import Found
from integrations.auditing.bearers import bearers_of
from integrations.auditing.discrepancies import (
    ACCEPTABLE,
    changes,
    forgotten,
    gone,
    many_gone,
    many_unknown,
    not_recorded,
    twice,
    unknown,
    unreadable,
)
from integrations.auditing.scanning import MARGIN
from integrations.auditing.tracing import Trace, Traced, trace_all
from integrations.exports import SALES
from integrations.models import Case, Connection, Operation
from integrations.trouble.cases import Finding, Subject

# What was recognised and not sent may have been there for so long.
OLDEST_FIND = timedelta(days=30)
# More missing at once than people delete: then the books show something else than they used to.
FETCH_AT_MOST = 200
# More strangers than people make by copying.
TELL_EACH = 50

State = Operation.State


@dataclass(kw_only=True)
class Comparison:
    """What the books, asked for everything since a moment, say of our operations.

    `moved` are operations whose document has become another one. `judged` are those of which all that is wrong is
    in `found`, and `settled` the ids of documents of which the same is true.
    """

    connection: Connection
    ledger: Ledger
    since: datetime
    until: datetime
    found: list[Found] = field(default_factory=list)
    moved: list[tuple[Operation, SalesDocumentRecord]] = field(default_factory=list)
    judged: set[UUID] = field(default_factory=set)
    settled: set[str] = field(default_factory=set)
    documents: int = 0
    ours: int = 0

    @property
    def provider(self) -> str:
        return self.connection.label

    def say(self, found: tuple[Subject, Finding], operation: Operation | None = None) -> None:
        self.found.append((*found, operation))

    def is_there(self, receipt: Receipt) -> bool:
        """Network: one GET. A list may leave out what a question for the id shows."""
        try:
            self.ledger.fetch(receipt)
        except NotFound:
            return False
        except UnexpectedAnswer:
            return True  # something is there that we do not understand
        return True


def compare(connection: Connection, ledger: Ledger, *, since: datetime, until: datetime) -> Comparison:
    """Network: GETs only. What it raises means that nothing may be concluded."""
    comparison = Comparison(connection=connection, ledger=ledger, since=since, until=until)
    watched = watched_documents(connection)
    traced = trace_all(connection.pinned_books, ledger, since=since - MARGIN, watched=watched)
    comparison.documents, comparison.ours = traced.count, len(traced.traces)
    for trace in traced.traces.values():
        judge(comparison, trace)
    judge_unseen(comparison, traced)
    judge_strangers(comparison, traced)
    for rejected in traced.unreadable:
        comparison.say(unreadable(rejected, comparison.provider))
    unmet = watched.keys() - traced.met
    comparison.settled = traced.met | {each for each in unmet if is_over(comparison, watched[each])}
    return comparison


# --- operations whose documents were seen ---------------------------------------


def judge(comparison: Comparison, trace: Trace) -> None:
    if trace.operation.state == State.DONE:
        judge_done(comparison, trace)
        return
    operation, latest = trace.operation, trace.latest()
    comparison.judged.add(operation.pk)
    if len(latest) > 1 and not trace.is_split():
        comparison.say(twice(operation, latest, comparison.provider), operation)
    elif operation.state == State.TAKEN_BACK and not comparison.is_there(receipt_of(operation)):
        return  # it was listed before it was taken back
    elif operation.state not in Operation.OPEN:
        comparison.say(not_recorded(operation, latest[0], comparison.provider), operation)


def judge_done(comparison: Comparison, trace: Trace) -> None:
    """Follows the document that the operation knows; others with the same reference should not be there."""
    operation, latest = trace.operation, trace.latest()
    own = [each for each in latest if trace.descends(each)]
    if not own:
        judge_others(comparison, operation, latest)
    elif len(latest) == 1:
        accept_as_current(comparison, operation, own[0])
    else:
        comparison.judged.add(operation.pk)
        # With parts of one order the operation stays with the order.
        if len(own) < len(latest) or not trace.is_split():
            comparison.say(twice(operation, latest, comparison.provider), operation)


def judge_others(comparison: Comparison, operation: Operation, others: list[SalesDocumentRecord]) -> None:
    """The document that we know was not listed, others with its reference were. Network: one GET."""
    known = receipt_of(operation)
    if comparison.is_there(known):
        # The order that our invoice was made of keeps its reference, and may be changed without the invoice.
        copies = [each for each in others if (each.stage, known.stage) != (Stage.ORDER, Stage.INVOICE)]
        if copies:
            comparison.judged.add(operation.pk)
            comparison.say(twice(operation, [known, *copies], comparison.provider), operation)
    elif len(others) == 1:
        accept_as_current(comparison, operation, others[0])
    else:
        comparison.judged.add(operation.pk)
        comparison.say(twice(operation, others, comparison.provider), operation)


def accept_as_current(comparison: Comparison, operation: Operation, document: SalesDocumentRecord) -> None:
    comparison.judged.add(operation.pk)
    there = (document.stage.value, document.remote_id, document.number[:100])
    if (operation.stage, operation.remote_id, operation.remote_number) != there:
        comparison.moved.append((operation, document))
    for found in changes(operation, document, comparison.provider):
        comparison.say(found, operation)


# --- operations whose documents were not seen -----------------------------------


def judge_unseen(comparison: Comparison, traced: Traced) -> None:
    """What was sent since then must have been listed. Network: one GET for each that was not."""
    unseen = expected(comparison).exclude(pk__in=traced.traces)
    unreadable_ids = {each.remote_id for each in traced.unreadable}
    missing = [each for each in unseen if each.remote_id not in unreadable_ids]
    if len(missing) > FETCH_AT_MOST:
        comparison.say(many_gone(comparison.connection, len(missing)))
        return
    for operation in missing:
        comparison.judged.add(operation.pk)
        if not comparison.is_there(receipt_of(operation)):
            comparison.say(gone(operation, comparison.provider), operation)


def expected(comparison: Comparison) -> QuerySet[Operation]:
    """Documents that cannot be older than the beginning of the list. Of a work order that was sent again since, the
    former document may be gone."""
    newer = Operation.objects.filter(
        books=OuterRef("books"), local_id=OuterRef("local_id"), revision__gt=OuterRef("revision"), state=State.DONE
    )
    sent = Q(sent_at__gte=comparison.since)
    recognised = Q(sent_at=None, done_at__gte=comparison.since + OLDEST_FIND)
    done = Operation.objects.filter(books=comparison.connection.books_id, kind__in=SALES, state=State.DONE)
    return done.filter(sent | recognised, ~Exists(newer), done_at__lt=comparison.until)


def receipt_of(operation: Operation) -> Receipt:
    return Receipt(
        stage=Stage(operation.stage),
        remote_id=operation.remote_id,
        number=operation.remote_number,
        reference=operation.reference,
    )


# --- documents without an operation ---------------------------------------------


def judge_strangers(comparison: Comparison, traced: Traced) -> None:
    """Documents of ours that were forgotten, as by a restore, and what carries a reference of our form."""
    connection = comparison.connection
    bearers = bearers_of(connection, [word for each in traced.strangers for word in each.references])
    nobodys = []
    for sighting in traced.strangers:
        bearer = next((bearers[word] for word in sighting.references if word in bearers), None)
        if bearer is not None:
            comparison.say(forgotten(bearer.work_order, sighting.document, comparison.provider))
        elif sighting.evident:
            nobodys.append(sighting)
    if len(nobodys) > TELL_EACH:
        comparison.say(many_unknown(connection, nobodys))
        return
    for sighting in nobodys:
        comparison.say(unknown(sighting, comparison.provider))


def watched_documents(connection: Connection) -> dict[str, Case]:
    """By remote id, the open entries about documents that have no operation."""
    cases = Case.objects.filter(connection=connection, state=Case.State.OPEN, code__in=ACCEPTABLE, operation=None)
    return {case.values["remote_id"]: case for case in cases if "remote_id" in case.values}


def is_over(comparison: Comparison, case: Case) -> bool:
    """Whether the document of the entry is gone, as far as it can be asked for. Network: one GET at most."""
    if "stage" not in case.values:
        return True
    return not comparison.is_there(Receipt(stage=Stage(case.values["stage"]), remote_id=case.values["remote_id"]))
