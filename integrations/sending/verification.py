"""Reads sent documents back and compares them, to the smallest coin, with what we expected.

A difference is a case for a person and never a failure: the document exists.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounting.errors import NotFound
from accounting.protocol import Ledger
from accounting.types import Receipt, SalesDocument, Stage, gettext_noop
from integrations.crash_points import reach
from integrations.exports import SALES, thaw
from integrations.models import Attempt, Operation
from integrations.sending.outcomes import Turn, settling
from integrations.trouble.cases import Finding, open_cases
from integrations.trouble.reporting import own_subject

GIVE_UP_AFTER = timedelta(days=7)
AT_ONCE = 50


def verify_unverified(turn: Turn, ledger: Ledger) -> None:
    """Documents whose reading back failed when they were sent are read back now."""
    done = Operation.objects.filter(books=turn.connection.books_id, kind__in=SALES, state=Operation.State.DONE)
    recent = done.filter(verified_at__isnull=True, done_at__gte=timezone.now() - GIVE_UP_AFTER)
    for operation in recent.exclude(payload={}).order_by("done_at")[:AT_ONCE]:
        if turn.stopped:
            return
        with settling(turn, operation):
            verify(turn, ledger, operation)


def verify(turn: Turn, ledger: Ledger, operation: Operation) -> None:
    """Network: one GET. What differs, or is not there, is in the inbox afterwards."""
    document = thaw(operation.kind, operation.payload)
    started = timezone.now()
    reach("export.before_read_back")
    findings: list[Finding] = []
    receipt = None
    try:
        receipt = ledger.fetch(receipt_of(operation))
    except NotFound:
        findings = [gone(turn, operation)]
    reach("export.after_read_back")
    if receipt is not None and isinstance(document, SalesDocument):
        findings = list(differences(turn, operation, document, receipt))
    with transaction.atomic():
        Attempt.objects.create(
            operation=operation,
            purpose=Attempt.Purpose.READ_BACK,
            worker=turn.lease.owner,
            fence=turn.fence,
            started_at=started,
            ended_at=timezone.now(),
            outcome="different" if findings else "as expected",
            evidence={finding.field: dict(finding.values) for finding in findings},
        )
        keep_totals(operation, receipt)
        open_cases(turn.connection, [(own_subject(operation), finding) for finding in findings], operation=operation)


def receipt_of(operation: Operation) -> Receipt:
    return Receipt(
        stage=Stage(operation.stage),
        remote_id=operation.remote_id,
        number=operation.remote_number,
        reference=operation.reference,
    )


def keep_totals(operation: Operation, receipt: Receipt | None) -> None:
    operation.verified_at = timezone.now()
    if receipt is not None and receipt.totals is not None:
        operation.total, operation.currency = receipt.totals.total, receipt.currency[:3]
    operation.save(update_fields=["verified_at", "total", "currency"])


def differences(turn: Turn, operation: Operation, document: SalesDocument, receipt: Receipt) -> Iterator[Finding]:
    """Where the books' document is another than ours. What they do not tell is not compared."""
    company = turn.connection.pinned_books.company()
    pairs = [
        ("currency", document.currency, receipt.currency),
        ("customer", document.customer_remote_id, receipt.customer_remote_id),
    ]
    expected = turn.connection.ledger_provider.predict(document, company)
    if expected is not None and receipt.totals is not None:
        for amount in ("net", "vat", "rounding"):
            pairs.append((amount, getattr(expected, amount), getattr(receipt.totals, amount)))
    for name, ours, theirs in pairs:
        if theirs not in ("", ours):
            yield Finding(
                code="differs",
                sentence=DIFFERS[name],
                values={"record": operation.local_label, "ours": str(ours), "theirs": str(theirs)},
                where="work_order",
                field=name,
            )


DIFFERS = {
    "currency": gettext_noop("%(record)s: the books have the currency %(theirs)s instead of %(ours)s."),
    "customer": gettext_noop("%(record)s: the books have another customer (%(theirs)s) than the one sent (%(ours)s)."),
    "net": gettext_noop("%(record)s: the books have the net amount %(theirs)s, and %(ours)s was expected."),
    "vat": gettext_noop("%(record)s: the books have VAT of %(theirs)s, and %(ours)s was expected."),
    "rounding": gettext_noop("%(record)s: the books round by %(theirs)s, and %(ours)s was expected."),
}


def gone(turn: Turn, operation: Operation) -> Finding:
    return Finding(
        code="not_there",
        sentence=gettext_noop("%(record)s was sent, but %(provider)s does not show it any more."),
        values={"record": operation.local_label, "provider": turn.connection.label},
        where="work_order",
        field="document",
    )
