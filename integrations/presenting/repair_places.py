"""The page on which a problem of the checks before sending is repaired."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Model
from django.urls import reverse

from accounting.types import Problem
from fieldwork.models import WorkOrder
from integrations.models import Connection
from integrations.repairing.beforehand import case_for, form_for, mark_of
from integrations.repairing.forms import RepairForm

RECORDS = {
    "customer": "fieldwork:customer_edit",
    "material": "fieldwork:material_edit",
    "hour_type": "fieldwork:hour_type_edit",
    "project": "fieldwork:project_edit",
}
# Decided and not typed: send it all the same, or leave it.
DECIDED = frozenset({"work_order_order_stands", "work_order_sent_before", "work_order_sent_to_other_books"})
OF_WORK_ORDER = frozenset({"work_order", "line", "invoice_draft", "sales_order"})


@dataclass(frozen=True, kw_only=True)
class Told:
    """`address` is where it is repaired, or empty; `form` repairs it where it is told, and is None where one field
    is not enough. `which` names the problem.
    """

    problem: Problem
    address: str
    form: RepairForm | None
    which: str


def told_with_places(problems: Iterable[Problem], work_order: WorkOrder, connection: Connection | None) -> list[Told]:
    """The forms show what stands in the records that the work order was read with; of others one statement each."""
    return [told(each, work_order, connection) for each in problems]


def told(problem: Problem, work_order: WorkOrder, connection: Connection | None) -> Told:
    case = case_for(problem, work_order, connection) if connection else None
    return Told(
        problem=problem,
        address=place_of(problem, work_order, connection),
        form=form_for(case, among=records_on(work_order)) if case else None,
        which=mark_of(problem),
    )


def records_on(work_order: WorkOrder) -> list[Model]:
    """The customer and the articles. Reads the lines: prefetch them."""
    articles = (line.material or line.hour_type for line in work_order.lines.all())
    return [each for each in (work_order.customer, *articles) if each is not None]


def place_of(problem: Problem, work_order: WorkOrder, connection: Connection | None) -> str:
    if problem.code in DECIDED:
        return ""
    if problem.where == "connection":
        page = "integrations:values" if problem.code == "value_not_mapped" else "integrations:settings"
        return reverse(page, args=[connection.pk]) if connection else ""
    if problem.code == "customer_looks_like_another" and work_order.customer_id:
        return reverse("integrations:add_customer", args=[work_order.customer_id])
    if problem.where in OF_WORK_ORDER:
        return reverse("fieldwork:work_order_edit", args=[work_order.pk])
    if problem.where == "customer" and work_order.customer_id:
        return reverse(RECORDS["customer"], args=[work_order.customer_id])
    return place_of_article(problem, work_order)


def place_of_article(problem: Problem, work_order: WorkOrder) -> str:
    """The material or hour type among the lines that is meant. Reads the lines: prefetch them."""
    for line in work_order.lines.all():
        item, page = (line.material, "material") if line.material else (line.hour_type, "hour_type")
        if item is not None and is_same(problem.local_id, item.pk):
            return reverse(RECORDS[page], args=[item.pk])
    return ""


def is_same(local_id: str, pk: UUID) -> bool:
    return local_id == str(pk)
