"""What a person has seen and leaves as it is: the same finding does not come back, another one does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from django.utils import timezone

from fieldwork.models import User
from integrations.auditing.discrepancies import ACCEPTABLE
from integrations.models import Case, Connection, Operation
from integrations.trouble.cases import Finding, Subject, kept

# Records of the books that did not come in as they stand there, and may stay out.
LEFT_OUT = frozenset({"foreign_currency", "number_taken", "unreadable"})
# What may change about an accepted finding without making it another one.
NAMES = ("record", "provider")

Found = tuple[Subject, Finding, Operation | None]
Key = tuple[str, ...]
T = TypeVar("T")


def may_accept(case: Case) -> bool:
    return case.state == Case.State.OPEN and case.code in ACCEPTABLE | LEFT_OUT


def accept(case: Case, *, by: User) -> bool:
    """True when this call closed the entry for good."""
    now = timezone.now()
    mine = Case.objects.filter(pk=case.pk, state=Case.State.OPEN, code__in=ACCEPTABLE | LEFT_OUT)
    return bool(mine.update(state=Case.State.CLOSED, closed_at=now, accepted_by=by, accepted_at=now))


def without_accepted(connection: Connection, found: Iterable[Found]) -> list[Found]:
    """The findings that nobody has accepted yet, just as they are."""
    accepted = Case.objects.filter(connection=connection, accepted_at__isnull=False, code__in=ACCEPTABLE)
    known = {
        key_of(case.code, (case.subject_kind, case.subject_id), case.field, case.part): essence(case.values)
        for case in accepted.order_by("accepted_at")
    }
    return [each for each in found if known.get(key_of_found(each)) != essence(each[1].values)]


def key_of_found(found: Found) -> Key:
    subject, finding, _operation = found
    return key_of(finding.code, (subject.kind, subject.id), finding.field, finding.part)


def key_of(code: str, subject: tuple[str, str], field: str, part: str) -> Key:
    return code, *subject, field, part


def essence(values: Mapping[str, str]) -> dict[str, str]:
    """As an entry keeps it."""
    return {name: kept(value) for name, value in values.items() if name not in NAMES}
