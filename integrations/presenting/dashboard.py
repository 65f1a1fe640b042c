"""What the dashboard shows: how the day stands, what needs a person, and the first steps of a new firm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fieldwork.models import Membership, WorkOrder, WorkOrderStatus
from integrations.exports import ATTACHMENT
from integrations.models import Case, Connection, Operation, Run
from integrations.presenting.set_up import Unfinished, unfinished_of
from integrations.sending.queueing import completed_not_sent, live_connection

RECENT = 8


@dataclass(frozen=True, kw_only=True)
class Step:
    """A first step: done or not, and where it is taken."""

    label: str | Promise
    help: str | Promise
    address: str
    done: bool


@dataclass(frozen=True, kw_only=True)
class Dashboard:
    open_work_orders: int
    not_sent: int
    cases: Sequence[Case]
    case_count: int
    connection: Connection | None
    recent: Sequence[Operation]
    steps: Sequence[Step]
    unfinished: Unfinished | None = None


def dashboard_for(membership: Membership) -> Dashboard:
    """The facts for this person; the office sees the firm's, a performer their own work only."""
    firm = membership.organization
    visible = WorkOrder.objects.visible_to(membership)
    open_work_orders = visible.filter(completed_at__isnull=True, status__phase=WorkOrderStatus.Phase.OPEN).count()
    if not membership.manages_work():
        return Dashboard(
            open_work_orders=open_work_orders, not_sent=0, cases=(), case_count=0, connection=None, recent=(), steps=()
        )
    connection = live_connection(firm)
    cases = Case.objects.filter(organization=firm, state=Case.State.OPEN)
    return Dashboard(
        open_work_orders=open_work_orders,
        not_sent=completed_not_sent(firm, connection).count(),
        cases=list(cases[:RECENT]),
        case_count=cases.count(),
        connection=connection,
        # A document's PDF goes along with it and is no news of its own.
        recent=list(
            Operation.objects.filter(organization=firm).exclude(kind=ATTACHMENT).order_by("-created_at")[:RECENT]
        ),
        steps=first_steps(membership, connection),
        unfinished=unfinished_of(firm) if membership.is_owner() else None,
    )


def first_steps(membership: Membership, connection: Connection | None) -> Sequence[Step]:
    """The way from nothing to the first document, or nothing once it has been walked."""
    if not membership.is_owner():
        return ()
    firm = membership.organization
    sent = Operation.objects.filter(organization=firm, state=Operation.State.DONE).exists()
    if sent:
        return ()
    books = reverse("integrations:books")
    settings = reverse("integrations:set_up", args=[connection.pk]) if connection else books
    read = connection is not None and Run.objects.filter(connection=connection, state=Run.State.DONE).exists()
    return (
        Step(
            label=_("Connect your books"),
            help=_("You sign in on the accounting system's own page. We never see your password."),
            address=books,
            done=connection is not None,
        ),
        Step(
            label=_("Choose what to import and what to send"),
            help=_("Nothing moves before you have saved the settings."),
            address=settings,
            done=connection is not None and connection.settings.saved_at is not None,
        ),
        Step(
            label=_("Read customers, articles and projects"),
            help=_("The first sync reads everything once; after that only what changed."),
            address=books,
            done=read,
        ),
        Step(
            label=_("Complete a work order"),
            help=_("It becomes an invoice draft or a sales order in the books, exactly once."),
            address=reverse("fieldwork:work_order_list"),
            done=sent,
        ),
    )
