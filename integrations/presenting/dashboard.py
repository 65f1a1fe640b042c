"""What the dashboard shows: how the day stands, what needs a person, and the first steps of a new firm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Max, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fieldwork.models import Membership, WorkOrder, WorkOrderStatus
from integrations.exports import ATTACHMENT
from integrations.models import Case, Connection, Operation, Run
from integrations.presenting.happenings import BY_MODEL
from integrations.presenting.kinds import kind_title
from integrations.presenting.set_up import Unfinished, unfinished_of
from integrations.sending.queueing import completed_not_sent, live_connection

RECENT = 8
JOBS = 10


@dataclass(frozen=True, kw_only=True)
class Step:
    """A first step: done or not, and where it is taken."""

    label: str | Promise
    help: str | Promise
    address: str
    done: bool


@dataclass(frozen=True, kw_only=True)
class Need:
    """What needs somebody: one record with its reason, or many of the same kind, which are then only counted."""

    code: str
    count: int
    case: Case | None

    @property
    def title(self) -> str:
        return kind_title(self.code)


@dataclass(frozen=True, kw_only=True)
class Recent:
    """The last that went to the books, and the page of the record that it was about."""

    operation: Operation

    @property
    def address(self) -> str:
        sort = BY_MODEL.get(self.operation.local_model)
        return reverse(sort.page, args=[self.operation.local_id]) if sort else ""


@dataclass(frozen=True, kw_only=True)
class Dashboard:
    open_work_orders: int
    not_sent: int = 0
    needs: Sequence[Need] = ()
    case_count: int = 0
    connection: Connection | None = None
    recent: Sequence[Recent] = ()
    steps: Sequence[Step] = ()
    jobs: Sequence[WorkOrder] = ()
    unfinished: Unfinished | None = None


def dashboard_for(membership: Membership) -> Dashboard:
    """The facts for this person; the office sees the firm's, a performer their own work only."""
    firm = membership.organization
    visible = WorkOrder.objects.visible_to(membership)
    to_do = visible.filter(completed_at__isnull=True, status__phase=WorkOrderStatus.Phase.OPEN)
    if not membership.manages_work():
        return Dashboard(open_work_orders=to_do.count(), jobs=next_of(to_do))
    connection = live_connection(firm)
    needs = needs_of(Case.objects.filter(organization=firm, state=Case.State.OPEN))
    # A document's PDF goes along with it and is no news of its own.
    went = Operation.objects.filter(organization=firm).exclude(kind=ATTACHMENT).order_by("-created_at")
    return Dashboard(
        open_work_orders=to_do.count(),
        not_sent=completed_not_sent(firm, connection).count(),
        needs=needs[:RECENT],
        case_count=sum(each.count for each in needs),
        connection=connection,
        recent=[Recent(operation=each) for each in went.defer("payload")[:RECENT]],
        steps=first_steps(membership, connection),
        unfinished=unfinished_of(firm) if membership.is_owner() else None,
    )


def next_of(to_do: QuerySet[WorkOrder]) -> list[WorkOrder]:
    """What a performer has to do next; what is not planned comes last."""
    planned_first = to_do.select_related("customer", "work_site", "status")
    return list(planned_first.order_by(F("planned_on").asc(nulls_last=True), "number")[:JOBS])


def needs_of(cases: QuerySet[Case]) -> list[Need]:
    """By kind, the latest first. Two statements."""
    kinds = cases.order_by().values("code").annotate(number=Count("pk"), latest=Max("last_seen_at"))
    found = sorted(kinds, key=lambda kind: kind["latest"], reverse=True)
    alone = {each.code: each for each in cases.filter(code__in=[kind["code"] for kind in found if kind["number"] == 1])}
    return [Need(code=kind["code"], count=kind["number"], case=alone.get(kind["code"])) for kind in found]


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
