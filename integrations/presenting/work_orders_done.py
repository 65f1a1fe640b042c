"""Many work orders that somebody ticked: what would be taken back, and what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from accounting.types import Stage
from fieldwork.models import WorkOrder
from integrations.exports import SALES, TAKING_BACK
from integrations.models import Operation
from integrations.presenting.panels import Standing, states_of
from integrations.wording import retell

State = Operation.State
WANTED = {"send": State.DONE, "exclude": State.CANCELLED, "take_back": State.DONE}


# --- before it is taken back ----------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A work order whose document somebody wants back; `why_not` is empty while that seems possible."""

    work_order: WorkOrder
    document: Operation | None
    why_not: str


def candidates_of(work_orders: Sequence[WorkOrder]) -> list[Candidate]:
    """In the order given. Two statements for all of them."""
    documents, removals = documents_of(work_orders), removals_of(work_orders)
    return [
        Candidate(work_order=each, document=documents.get(each.pk), why_not=why_not(documents.get(each.pk), removals))
        for each in work_orders
    ]


def documents_of(work_orders: Iterable[WorkOrder]) -> dict[UUID, Operation]:
    """The document that stands in the books for each."""
    sent = Operation.objects.filter(kind__in=SALES, local_id__in=[each.pk for each in work_orders], state=State.DONE)
    return {each.local_id: each for each in sent.select_related("books").defer("payload").order_by("revision")}


def why_not(document: Operation | None, removals: Mapping[UUID, Operation]) -> str:
    if document is None:
        return _("Nothing was sent that could be taken back.")
    removal = removals.get(document.local_id)
    if removal is not None and removal.target_id == document.pk and removal.state in Operation.OPEN:
        return _("It is being taken back.")
    if document.stage != Stage.DRAFT:
        return _("It is more than a draft. Credit it in the accounting system instead.")
    return ""


# --- what became of them --------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Done:
    """One record: where it stands now, and the sentence that says why it is not where it was wanted.

    `is_open` while a worker has still to do it.
    """

    work_order: WorkOrder
    standing: Standing | None
    sentence: str
    is_open: bool
    is_done: bool

    @property
    def place(self) -> int:
        """What somebody must know stands first, what went as it was wanted last."""
        return 1 if self.is_open else 2 if self.is_done else 0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """All of them, and how many went which way."""

    rows: Sequence[Done]

    @property
    def done(self) -> int:
        return sum(each.is_done for each in self.rows)

    @property
    def open(self) -> int:
        return sum(each.is_open for each in self.rows)

    @property
    def not_done(self) -> int:
        return len(self.rows) - self.done - self.open


def what_became_of(work_orders: Sequence[WorkOrder], refused: Mapping[str, str], *, step: str) -> Outcome:
    """`refused` has, by id, why the step was not even begun. Three statements for all of them."""
    states = states_of(work_orders)
    removals = removals_of(work_orders) if step == "take_back" else {}
    rows = [
        done_with(each, states.get(each.pk), removals.get(each.pk), refused.get(str(each.pk), ""), WANTED[step])
        for each in work_orders
    ]
    return Outcome(rows=sorted(rows, key=lambda row: row.place))


def removals_of(work_orders: Iterable[WorkOrder]) -> dict[UUID, Operation]:
    """The last taking back of each."""
    found = Operation.objects.filter(kind=TAKING_BACK, local_id__in=[each.pk for each in work_orders])
    return {each.local_id: each for each in found.order_by("created_at")}


def done_with(
    work_order: WorkOrder, standing: Standing | None, removal: Operation | None, refused: str, wanted: str
) -> Done:
    doing = removal or (standing if isinstance(standing, Operation) else None)
    return Done(
        work_order=work_order,
        standing=standing,
        sentence=refused or (sentence_of(doing) if doing else ""),
        is_open=not refused and doing is not None and doing.state in Operation.OPEN,
        is_done=not refused and doing is not None and doing.state == wanted,
    )


def sentence_of(operation: Operation) -> str:
    if operation.problem and operation.state != State.DONE:
        return retell(operation.problem)
    if operation.kind == TAKING_BACK:
        is_gone = operation.state == State.DONE
        return _("It is not in the books any more.") if is_gone else _("It is being taken back.")
    if operation.state == State.CANCELLED:
        return operation.exclude_reason
    return _("It goes to the books next.") if operation.state in Operation.OPEN else ""
