"""How the firm wants a work order's lines to stand on its document: in which order, with which quantities and texts.

The work order keeps what was entered; only the document is shaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from fieldwork.models import HourType, Material, Organization, WorkOrder, WorkOrderLine

Kind = WorkOrderLine.Kind
LineOrder = Organization.LineOrder
MINUTES = Decimal(60)
MINUTE = Decimal(1)
# As many decimals as every accounting system takes.
HUNDREDTH = Decimal("0.01")
FIRST = {LineOrder.HOURS: Kind.HOURS, LineOrder.MATERIALS: Kind.MATERIAL}


def article_of(line: WorkOrderLine, organization: Organization) -> Material | HourType | None:
    """What the line is billed as; None for a text. A price without an article takes the firm's default."""
    return line.material or line.hour_type or (organization.default_material if line.amount else None)


def billed_quantity(line: WorkOrderLine, organization: Organization, hour_words: Iterable[str]) -> Decimal:
    """The quantity on the document: hours rounded up to full steps, everything else as it is.

    Worked time is read in whole minutes, as a third of an hour is 0.33 to one and 0.3334 to another.
    """
    step = Decimal(organization.hour_rounding)
    if not step or line.hour_type is None or line.quantity <= 0:
        return line.quantity
    if (line.unit or line.hour_type.unit).strip().lower() not in set(hour_words):
        return line.quantity
    minutes = max(MINUTE, (line.quantity * MINUTES).quantize(MINUTE, ROUND_HALF_UP))
    steps = (minutes / step).to_integral_value(ROUND_CEILING)
    return (steps * step / MINUTES).quantize(HUNDREDTH, ROUND_CEILING)


def in_order(lines: Iterable[WorkOrderLine], organization: Organization) -> Sequence[WorkOrderLine]:
    """Hours or materials first, if the firm wants it; a text stays with the line that it follows."""
    groups: list[list[WorkOrderLine]] = [[]]
    for line in lines:
        if article_of(line, organization) is not None:
            groups.append([])
        groups[-1].append(line)
    leading, *rest = groups
    first = FIRST.get(LineOrder(organization.line_order))
    if first is not None:
        rest.sort(key=lambda group: kind_of(group[0]) != first)
    return [*leading, *(line for group in rest for line in group)]


def kind_of(line: WorkOrderLine) -> str:
    return Kind.HOURS if line.hour_type else Kind.MATERIAL


def introduction(work_order: WorkOrder) -> list[str]:
    """Title and, if the firm wants it, description: the texts before the work."""
    description = work_order.description.splitlines() if work_order.organization.bills_description else []
    return [text.strip() for text in [work_order.title, *description] if text.strip()]
