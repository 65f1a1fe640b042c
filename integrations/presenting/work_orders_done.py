"""What became of many work orders that somebody ticked, each by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from fieldwork.models import WorkOrder
from integrations.exports import TAKING_BACK
from integrations.models import Operation
from integrations.presenting.panels import Standing, states_of
from integrations.wording import retell

State = Operation.State


@dataclass(frozen=True, kw_only=True)
class Done:
    """One record: where it stands now, and the sentence that says why it is not where it was wanted.

    `is_open` while a worker has still to do it.
    """

    work_order: WorkOrder
    standing: Standing | None
    sentence: str
    is_open: bool


def what_became_of(work_orders: Sequence[WorkOrder], refused: Mapping[str, str], *, step: str) -> list[Done]:
    """`refused` has, by id, why the step was not even begun. Three statements for all of them."""
    states = states_of(work_orders)
    removals = removals_of(work_orders) if step == "take_back" else {}
    return [
        done_with(each, states.get(each.pk), removals.get(each.pk), refused.get(str(each.pk), ""))
        for each in work_orders
    ]


def removals_of(work_orders: Iterable[WorkOrder]) -> dict[UUID, Operation]:
    """The last taking back of each."""
    found = Operation.objects.filter(kind=TAKING_BACK, local_id__in=[each.pk for each in work_orders])
    return {each.local_id: each for each in found.order_by("created_at")}


def done_with(work_order: WorkOrder, standing: Standing | None, removal: Operation | None, refused: str) -> Done:
    doing = removal or (standing if isinstance(standing, Operation) else None)
    is_open = not refused and doing is not None and doing.state in Operation.OPEN
    sentence = refused or (sentence_of(doing) if doing else "")
    return Done(work_order=work_order, standing=standing, sentence=sentence, is_open=is_open)


def sentence_of(operation: Operation) -> str:
    if operation.problem and operation.state != State.DONE:
        return retell(operation.problem)
    if operation.kind == TAKING_BACK:
        is_gone = operation.state == State.DONE
        return _("It is not in the books any more.") if is_gone else _("It is being taken back.")
    if operation.state == State.CANCELLED:
        return operation.exclude_reason
    return _("It goes to the books next.") if operation.state in Operation.OPEN else ""
