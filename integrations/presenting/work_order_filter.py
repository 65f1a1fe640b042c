"""The chips of the work orders' list that tell where they stand in the books."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from fieldwork.listing import Filter
from fieldwork.models import Organization
from integrations.exports import SALES
from integrations.models import Connection, Link, Operation
from integrations.sending.queueing import cut_off, live_connection

State = Operation.State
CHOICES = (
    ("missing", _("Not in the books")),
    ("waiting", _("Waiting")),
    ("attention", _("Needs you")),
    ("sent", _("In the books")),
    ("before", _("Before the cut-off")),
    ("excluded", _("Do not send")),
)


def books_filter(organization: Organization) -> Filter | None:
    """None for a firm without books. One statement."""
    connection = live_connection(organization)
    if connection is None:
        return None
    return Filter(parameter="books", label=_("In the books"), choices=CHOICES, conditions=conditions_of(connection))


def conditions_of(connection: Connection) -> dict[str, Q]:
    """What each chip means for a work order, by the operation of its present revision."""
    own = Operation.objects.filter(kind__in=SALES, local_id=OuterRef("pk"), revision=OuterRef("revision"))
    order = Link.objects.filter(books=connection.books_id, kind="sales_order", local_id=OuterRef("pk"), gone_at=None)
    is_sent = Q(in_state(own, State.DONE)) | Q(Exists(order))
    is_before = Q(completed_at__lt=cut_off(connection)) & ~Q(Exists(own))
    is_over = in_state(own, *Operation.OPEN, *Operation.NEEDS_PERSON, State.CANCELLED, State.DONE)
    return {
        "missing": Q(completed_at__gte=cut_off(connection)) & ~Q(is_over) & ~Q(Exists(order)),
        "waiting": Q(in_state(own, *Operation.OPEN)),
        "attention": Q(in_state(own, *Operation.NEEDS_PERSON)),
        "sent": is_sent,
        "before": is_before & ~Q(Exists(order)),
        "excluded": Q(in_state(own, State.CANCELLED)),
    }


def in_state(operations: QuerySet[Operation], *states: str) -> Exists:
    return Exists(operations.filter(state__in=states))
