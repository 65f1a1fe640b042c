"""What went to the books in one go, so that it can be taken back in one go."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from accounting.types import Stage
from fieldwork.models import Organization
from integrations.exports import SALES
from integrations.models import Operation

State = Operation.State
# A worker takes its turns every quarter of an hour; what lies closer together went out in the same one.
PAUSE = timedelta(minutes=5)
LOOKS_BACK = timedelta(days=31)
MOST = 500


@dataclass(frozen=True, kw_only=True)
class Sending:
    """Documents that went out in one go to the same books, the latest first."""

    operations: Sequence[Operation]

    @property
    def began(self) -> datetime | None:
        return self.operations[-1].done_at

    @property
    def books(self) -> str:
        return str(self.operations[0].books)

    @property
    def drafts(self) -> Sequence[Operation]:
        """Those that are drafts still, as far as we know."""
        return [each for each in self.operations if each.state == State.DONE and each.stage == Stage.DRAFT]

    @property
    def taken_back(self) -> int:
        return sum(each.state == State.TAKEN_BACK for each in self.operations)

    @property
    def currency(self) -> str:
        return self.operations[0].currency

    @property
    def total(self) -> Decimal | None:
        """None where they have no currency in common."""
        if any(each.currency != self.currency for each in self.operations):
            return None
        return sum((each.total for each in self.operations if each.total is not None), Decimal(0))


def sent_lately(firm: Organization) -> list[Sending]:
    """Those of the last month, the latest first. One statement."""
    sent = Operation.objects.filter(organization=firm, kind__in=SALES, state__in=(State.DONE, State.TAKEN_BACK))
    recent = sent.filter(done_at__gte=timezone.now() - LOOKS_BACK).select_related("books")
    return list(in_one_go(recent.defer("payload").order_by("-done_at", "-pk")[:MOST]))


def in_one_go(operations: Iterable[Operation]) -> Iterator[Sending]:
    """The operations, which come latest first, cut where a pause or other books lie between two."""
    together: list[Operation] = []
    for each in operations:
        if together and not follows(each, together[-1]):
            yield Sending(operations=together)
            together = []
        together.append(each)
    if together:
        yield Sending(operations=together)


def follows(earlier: Operation, later: Operation) -> bool:
    if earlier.books_id != later.books_id or earlier.done_at is None or later.done_at is None:
        return False
    return later.done_at - earlier.done_at <= PAUSE
