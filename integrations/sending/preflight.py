"""What would keep a work order from being sent, while the job is still on somebody's screen.

The same checks as before sending, on an operation that is made up for the question and not kept.
"""

from __future__ import annotations

from collections.abc import Sequence

from accounting.types import Problem
from fieldwork.models import WorkOrder
from integrations.exports import load_records
from integrations.models import Connection
from integrations.sending.preconditions import check, read_surroundings
from integrations.sending.queueing import new_operation

TO_BE_EXPECTED = {"work_order_not_completed"}


def preflight(connection: Connection, work_order: WorkOrder) -> Sequence[Problem]:
    """The problems that a person could solve now. A constant number of statements, no network."""
    record = load_records(WorkOrder._meta.label, [work_order.pk])[work_order.pk]
    operation = new_operation(connection, record, kind=connection.settings.document_kind)
    around = read_surroundings(connection, [operation], [record])
    return [each for each in check(operation, record, around).problems if each.code not in TO_BE_EXPECTED]
