"""Which work order a reference belongs to that is printed in the books: references are computed, so none is lost."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from fieldwork.models import WorkOrder
from integrations.among import among
from integrations.exports import name_of
from integrations.models import Connection
from integrations.recognising.references import LONGEST_NUMBER, reference_for


@dataclass(frozen=True, kw_only=True)
class Bearer:
    """One revision of a work order."""

    work_order: WorkOrder
    revision: int


def bearers_of(connection: Connection, references: Iterable[str]) -> dict[str, Bearer]:
    """By reference, the work orders that it was computed from. One statement; what is nobody's is left out."""
    wanted = set(references)
    numbers = {each.rpartition("-")[0] for each in wanted}
    numbered = among("number", numbers)
    for number in numbers:
        if len(number) == LONGEST_NUMBER:
            numbered |= Q(number__startswith=number)
    found: dict[str, Bearer] = {}
    orders = WorkOrder.objects.filter(numbered, organization=connection.organization_id)
    for work_order in orders.select_related("organization", "customer"):
        for revision in range(1, work_order.revision + 1):
            reference = reference_of_revision(connection, work_order, revision)
            if reference in wanted:
                found[reference] = Bearer(work_order=work_order, revision=revision)
    return found


def reference_of_revision(connection: Connection, work_order: WorkOrder, revision: int) -> str:
    """What was printed on the document of that revision, whatever kind of document it was."""
    return reference_for(
        work_order.organization,
        connection.pinned_books,
        kind=name_of(work_order),
        record_id=work_order.pk,
        revision=revision,
        number=work_order.number,
    )
