"""Where a work order stands in the books, and everything that can be done about it: the facts behind its panel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounting.types import Problem, Stage
from fieldwork.models import Membership, WorkOrder
from integrations.exports import ATTACHMENT, CHANGES, SALES, TAKING_BACK
from integrations.models import Case, Connection, Link, Operation
from integrations.presenting.attempts import Event, events_of
from integrations.presenting.panels import address_of, address_of_order, cases_of, imported_order_of
from integrations.presenting.pills import Former, document_name
from integrations.presenting.repair_places import Told, told_with_places
from integrations.repairing.declared import repair_for
from integrations.repairing.forms import RepairForm
from integrations.repairing.offers import offers_for
from integrations.repairing.repair import Repair
from integrations.sending.attaching import why_none_is_attached
from integrations.sending.preflight import preflight
from integrations.sending.queueing import is_before_cut_off, live_connection

State = Operation.State
NEED_RELEASE = ("work_order_sent_before", "work_order_sent_to_other_books", "work_order_order_stands")
CHANGEABLE = (Stage.DRAFT, Stage.ORDER)
# Where the books give drafts no number, a sentence still has to name them.
UNNUMBERED = {Stage.DRAFT: _("the draft"), Stage.ORDER: _("the order"), Stage.INVOICE: _("the invoice")}
GOES_ON = (State.QUEUED, State.CLAIMED, State.SENDING, State.IN_DOUBT)


@dataclass(frozen=True, kw_only=True)
class WorkOrderPanel:
    """`operation` is the one of the present revision, in the books of record if it is there; `elsewhere` are others of
    it in other books that came to nothing. `earlier` are documents of former revisions, `followers` what is done to
    the documents afterwards: taking back, attaching.

    `order` is the sales order of the books that it came from. `problems` would keep an open work order from being
    sent once it is completed.
    """

    work_order: WorkOrder
    connection: Connection | None
    operations: Sequence[Operation]
    operation: Operation | None
    elsewhere: Sequence[Operation]
    earlier: Sequence[Operation]
    order: Link | None
    cases: Sequence[Case]
    problems: Sequence[Problem]
    address: str

    # --- sending ----------------------------------------------------------------

    @property
    def is_before_cut_off(self) -> bool:
        """Completed before the cut-off date, so that only a release sends it."""
        connection = self.connection
        if connection is None or self.operation is not None:
            return False
        return is_before_cut_off(connection, self.work_order)

    @property
    def may_send(self) -> bool:
        """Also again, after its document was taken back."""
        if self.connection is None or not self.work_order.is_completed:
            return False
        return self.operation is None or self.operation.state == State.TAKEN_BACK

    @property
    def may_retry(self) -> bool:
        return self.operation is not None and self.operation.state in Operation.NEEDS_PERSON

    @property
    def waits_for_release(self) -> bool:
        """The books have a document for this work already; somebody who has seen it may send another."""
        return self.may_retry and any(case.code in NEED_RELEASE for case in self.cases)

    @property
    def may_exclude(self) -> bool:
        """Before anything went out. Once it was sent, only the books can take it back."""
        if self.operation is None:
            return self.connection is not None
        return self.operation.state in (State.QUEUED, State.TAKEN_BACK, *Operation.NEEDS_PERSON)

    @property
    def waits_for(self) -> str:
        """The records that are on their way to the books first. One statement, while the operation is queued."""
        if self.operation is None or self.operation.state != State.QUEUED:
            return ""
        first = self.operation.depends_on.filter(state__in=Operation.OPEN)
        return ", ".join(first.values_list("local_label", flat=True))

    @property
    def is_excluded(self) -> bool:
        return self.operation is not None and self.operation.state == State.CANCELLED

    @property
    def is_previewed(self) -> bool:
        """Whether there is a document to look at: as it would be sent, or as it was."""
        return self.connection is not None and not self.is_excluded

    @property
    def told_problems(self) -> list[Told]:
        return told_with_places(self.problems, self.work_order, self.connection)

    # --- after it was sent ------------------------------------------------------

    @cached_property
    def former(self) -> Operation | None:
        """The latest document of an earlier revision in the books of record."""
        here = (each for each in self.earlier if self.connection and each.books_id == self.connection.books_id)
        return max(here, key=lambda each: each.revision, default=None)

    @property
    def standing(self) -> Operation | Former | Link | None:
        """What the pill tells."""
        return self.operation or (Former(self.former) if self.former else self.order)

    @property
    def former_name(self) -> str:
        return spoken_of(self.former) if self.former else ""

    @property
    def is_former_changeable(self) -> bool:
        return self.former is not None and self.former.stage in CHANGEABLE

    @property
    def may_update(self) -> bool:
        """The present revision waits for the decision what becomes of the former document, which can be changed."""
        unsent = self.operation is None or self.operation.state in (State.QUEUED, *Operation.NEEDS_PERSON)
        return self.is_former_changeable and unsent and self.work_order.is_completed

    @property
    def sent(self) -> Operation | None:
        """The operation whose document stands in the books of record now."""
        done = self.operation if self.operation and self.operation.state == State.DONE else None
        return done or self.former

    @property
    def sent_name(self) -> str:
        return spoken_of(self.sent) if self.sent else ""

    @property
    def is_sent_changeable(self) -> bool:
        return self.sent is not None and self.sent.stage in CHANGEABLE

    @property
    def is_on_its_way(self) -> bool:
        """Sent, or about to be, and not certain yet."""
        return self.operation is not None and self.operation.state in (State.CLAIMED, State.SENDING, State.IN_DOUBT)

    @property
    def is_waiting(self) -> bool:
        return self.operation is not None and self.operation.state in (State.QUEUED, *Operation.NEEDS_PERSON)

    @property
    def may_take_back(self) -> bool:
        """Not while an attempt goes on or needs somebody: that one is tried again, or left, by its own buttons."""
        is_tried = self.removal is not None and self.removal.state in (*GOES_ON, *Operation.NEEDS_PERSON)
        return self.sent is not None and self.sent.stage == Stage.DRAFT and not is_tried

    @property
    def is_being_taken_back(self) -> bool:
        return self.removal is not None and self.removal.state in GOES_ON

    @cached_property
    def removal(self) -> Operation | None:
        """The attempt to take the standing document back."""
        return self.follower(TAKING_BACK)

    @cached_property
    def attachment(self) -> Operation | None:
        return self.follower(ATTACHMENT)

    def follower(self, kind: str) -> Operation | None:
        sent = self.sent
        return next(
            (each for each in self.operations if sent and each.target_id == sent.pk and each.kind == kind), None
        )

    @property
    def why_not_attached(self) -> str:
        """Why no PDF follows the document; empty when one does, or there is no document."""
        if self.connection is None or self.sent is None or self.attachment is not None:
            return ""
        return why_none_is_attached(self.connection)

    @property
    def stopped_changes(self) -> list[Operation]:
        """Changes of the document that need somebody: tried again, or left as they are."""
        return [each for each in self.operations if each.kind in CHANGES and each.state in Operation.NEEDS_PERSON]

    @cached_property
    def events(self) -> list[Event]:
        """What was done, and what came of it. One statement."""
        return events_of(self.operations)


def work_order_panel(work_order: WorkOrder, *, with_checks: bool = True) -> WorkOrderPanel:
    """`with_checks`: an open one is checked as before sending."""
    connection = live_connection(work_order.organization)
    operations = list(operations_on(work_order))
    sales = [each for each in operations if each.kind in SALES]
    present = [each for each in sales if each.revision == work_order.revision]
    in_record = [each for each in present if connection and each.books_id == connection.books_id]
    operation = next(iter(in_record or present), None)
    order = imported_order_of(connection, work_order) if operation is None else None
    is_checked = with_checks and not work_order.is_completed
    return WorkOrderPanel(
        work_order=work_order,
        connection=connection,
        operations=operations,
        operation=operation,
        elsewhere=[each for each in present if each is not operation and each.state != State.DONE],
        earlier=[each for each in sales if each is not operation and each.state == State.DONE],
        order=order,
        cases=cases_of("work_order", work_order.pk),
        problems=preflight(connection, work_order) if connection and is_checked else (),
        address=address_of(connection, operation) or address_of_order(connection, order),
    )


def operations_on(work_order: WorkOrder) -> QuerySet[Operation]:
    """Everything that was or is to be written for it, the newest revision first."""
    own = Operation.objects.filter(local_id=work_order.pk, kind__in=(*SALES, *CHANGES))
    return own.select_related("books", "asked_by", "excluded_by").order_by("-revision", "created_at")


def repairs_of(panel: WorkOrderPanel, membership: Membership) -> list[tuple[Case, RepairForm | None]]:
    """Each case with the form that repairs it where it stands, for those who may; one statement, if there are forms."""
    pairs = [(case, form_fitting(case, membership)) for case in panel.cases]
    offers = offers_for([case for case, repair in pairs if repair])
    forms = [(case, RepairForm(case, repair, offers) if repair else None) for case, repair in pairs]
    return [(case, form if form and form.is_answerable else None) for case, form in forms]


def form_fitting(case: Case, membership: Membership) -> Repair | None:
    """None also for what the buttons of the panel decide."""
    repair = repair_for(case)
    if repair is None or not membership.manages_work() or case.code in NEED_RELEASE:
        return None
    is_under_way = case.operation is not None and case.operation.state in Operation.OPEN
    return None if is_under_way or (repair.for_owner and not membership.is_owner()) else repair


def spoken_of(operation: Operation) -> str:
    """Draft 1042, or the draft: how a sentence names the document."""
    if not operation.remote_number and operation.stage in UNNUMBERED:
        return str(UNNUMBERED[Stage(operation.stage)])
    return document_name(operation.stage, operation.remote_number)
