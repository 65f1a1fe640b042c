"""A later revision of a work order written over the document of a former one, while that can still be changed."""

from __future__ import annotations

from accounting.errors import NotFound
from accounting.protocol import Ledger
from accounting.types import Receipt, gettext_noop
from integrations.models import Operation
from integrations.sending.outcomes import Turn
from integrations.sending.sights import stopped
from integrations.sending.verification import receipt_of

# What a revision brings. The date, the terms of payment and our reference stay as the office has them over there.
REVISED = frozenset(
    {
        "reference",
        "customer_remote_id",
        "customer_is_company",
        "work_order_number",
        "your_reference",
        "title",
        "deliver_on",
        "delivery_name",
        "delivery_address",
        "prices_include_vat",
        "lines",
    }
)


def document_to_change(turn: Turn, ledger: Ledger, operation: Operation) -> Receipt | None:
    """The document as it stands in the books; None for an operation that creates its own. Network: one GET.

    Raises Blocked when it is gone: then it was booked or removed, and a person decides.
    """
    former = operation.target
    if former is None:
        return None
    if former.state != Operation.State.DONE:
        raise gone(turn, operation, former)
    try:
        return ledger.fetch(receipt_of(former))
    except NotFound:
        raise gone(turn, operation, former) from None


def gone(turn: Turn, operation: Operation, former: Operation) -> Exception:
    return stopped(
        operation,
        "document_not_changeable",
        GONE,
        document=f"{former.stage} {former.remote_number or former.remote_id}",
        provider=turn.connection.label,
    )


GONE = gettext_noop(
    "%(record)s: %(document)s can no longer be updated, because it is not there any more. It was booked or removed in "
    "%(provider)s. Credit it there, or send the work order as a new document."
)
