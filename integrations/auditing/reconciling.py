"""The auditor: compares what we believe with what the books hold, and says where they disagree.

It goes its own way: it lists every document of the books instead of looking for ours, needs no lease, and neither
creates, changes nor deletes anything over there. Here it writes the inbox's entries, which it also closes, and
follows documents that have moved on in the books.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from accounting.errors import AccountingError, ReconnectNeeded
from accounting.types import SalesDocumentRecord, Stage
from integrations.auditing.accepting import Found, Key, key_of, key_of_found, without_accepted
from integrations.auditing.balancing import NOT_QUEUED, OVERDUE, STOPPED_SILENTLY, balance_of, imbalances
from integrations.auditing.comparing import Comparison, compare
from integrations.auditing.discrepancies import ACCEPTABLE, MANY_GONE
from integrations.connections import open_ledger
from integrations.models import Attempt, Case, Connection, Link, Operation, Reconciliation
from integrations.tokens import need_reconnect
from integrations.trouble.breaker import leave_alone
from integrations.trouble.cases import open_cases

KEEP = timedelta(days=30)
FROM_HERE = frozenset({NOT_QUEUED, OVERDUE, STOPPED_SILENTLY})
FROM_THE_BOOKS = ACCEPTABLE | {MANY_GONE}


@dataclass(frozen=True, kw_only=True)
class Result:
    """What was compared, and what a person should know of it."""

    row: Reconciliation
    found: Sequence[Found]


def reconcile(connection: Connection, *, days: int) -> Result:
    """Network: GETs only, one per page of the books' documents and one for each that seems to be missing."""
    started = timezone.now()
    comparison, problem = ask_the_books(connection, since=started - timedelta(days=days), until=started)
    found = without_accepted(connection, [*(comparison.found if comparison else ()), *imbalances(connection)])
    with transaction.atomic():
        followed = [follow(operation, document) for operation, document in (comparison.moved if comparison else ())]
        close_what_is_over(connection, comparison, keep={key_of_found(each) for each in found})
        open_what_was_found(connection, found)
        Reconciliation.objects.filter(connection=connection, started_at__lt=started - KEEP).delete()
        row = Reconciliation.objects.create(
            connection=connection,
            days=days,
            started_at=started,
            finished_at=timezone.now(),
            documents=comparison.documents if comparison else 0,
            ours=comparison.ours if comparison else 0,
            followed=sum(followed),
            findings=len(found),
            balance=balance_of(connection).as_dict(),
            problem=problem,
        )
    return Result(row=row, found=found)


def ask_the_books(connection: Connection, *, since: datetime, until: datetime) -> tuple[Comparison | None, str]:
    """The comparison, or the reason why there is none: half a list says nothing about what is not on it."""
    try:
        return compare(connection, open_ledger(connection), since=since, until=until), ""
    except AccountingError as error:
        if isinstance(error, ReconnectNeeded):
            need_reconnect(connection.pk, error.sentence)
        leave_alone(connection, error)
        return None, str(error)


# --- documents that have moved on -----------------------------------------------


def follow(operation: Operation, document: SalesDocumentRecord) -> bool:
    """True when the operation knows the document as what it has become, which is on record as an attempt."""
    former = {"stage": operation.stage, "remote_id": operation.remote_id, "number": operation.remote_number}
    now = {"stage": document.stage.value, "remote_id": document.remote_id, "number": document.number[:100]}
    done = Operation.objects.filter(pk=operation.pk, state=Operation.State.DONE, remote_id=operation.remote_id)
    if not done.update(stage=now["stage"], remote_id=now["remote_id"], remote_number=now["number"]):
        return False
    moment = timezone.now()
    Attempt.objects.create(
        operation=operation,
        purpose=Attempt.Purpose.COMPARE,
        worker="reconcile",
        fence=operation.fence,
        started_at=moment,
        ended_at=moment,
        outcome="moved on",
        evidence={"from": former, "to": now},
    )
    if operation.stage == Stage.DRAFT:
        # A draft is gone once it is booked. An order stays, and the import goes on knowing it by its link.
        own = Link.objects.filter(books=operation.books_id, kind=operation.kind, local_id=operation.local_id)
        own.filter(remote_id=operation.remote_id).update(remote_id=now["remote_id"], remote_number=now["number"])
    return True


# --- the inbox ------------------------------------------------------------------


def open_what_was_found(connection: Connection, found: Sequence[Found]) -> None:
    by_operation = sorted(found, key=lambda each: str(each[2].pk) if each[2] else "")
    for _pk, group in groupby(by_operation, key=lambda each: each[2].pk if each[2] else None):
        some = list(group)
        open_cases(connection, [(subject, finding) for subject, finding, _ in some], operation=some[0][2])


def close_what_is_over(connection: Connection, comparison: Comparison | None, *, keep: set[Key]) -> None:
    """Entries of ours that were not found again. From the books only what they were asked about, and answered."""
    entries = Case.objects.filter(connection=connection, state=Case.State.OPEN, code__in=FROM_HERE | FROM_THE_BOOKS)
    over = [
        case.pk
        for case in entries
        if key_of(case.code, (case.subject_kind, case.subject_id), case.field, case.part) not in keep
        and is_settled(case, comparison)
    ]
    Case.objects.filter(pk__in=over).update(state=Case.State.CLOSED, closed_at=timezone.now())


def is_settled(case: Case, comparison: Comparison | None) -> bool:
    """Whether this comparison would have found it again if it were still so."""
    if case.code in FROM_HERE:
        return True
    if comparison is None:
        return False
    if case.operation_id is not None:
        return case.operation_id in comparison.judged
    return "remote_id" not in case.values or case.values["remote_id"] in comparison.settled
