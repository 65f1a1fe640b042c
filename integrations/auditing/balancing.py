"""Whether every work order that was accepted for the books has ended well, still waits, or needs somebody who knows.

Everything here is counted from our own database, and without the queries by which the export chooses its work.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from fieldwork.models import WorkOrder, WorkOrderStatus
from integrations.exports import SALES
from integrations.models import Case, Connection, Operation
from integrations.trouble.cases import Finding, Subject
from integrations.trouble.reporting import SUBJECT_KINDS, connection_subject, own_subject

NOT_QUEUED = "not_queued"
OVERDUE = "overdue"
STOPPED_SILENTLY = "stopped_silently"

# A completed work order is queued at once, or in the next turn after the settings allow it.
GRACE = timedelta(hours=1)
# How long an operation may wait, be on its way or be in doubt before somebody should know. Every pause of ours is
# shorter.
LONGEST_WAIT = timedelta(hours=24)
LONGEST_SENDING = timedelta(hours=1)
LONGEST_DOUBT = timedelta(hours=12)

State = Operation.State
WENT_OUT = (State.SENDING, State.IN_DOUBT, State.DONE)
Found = tuple[Subject, Finding, Operation | None]


@dataclass(frozen=True, kw_only=True)
class Balance:
    """The work orders that were accepted for these books, by what became of them."""

    accepted: int
    done: int
    waiting: int
    needs_person: int
    left_out: int

    @property
    def is_even(self) -> bool:
        return self.accepted == self.done + self.waiting + self.needs_person + self.left_out

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def balance_of(connection: Connection) -> Balance:
    """`needs_person` counts only what the inbox shows: what stopped silently is missing in the sum."""
    states = Counter(sales(connection).values_list("state", flat=True))
    return Balance(
        accepted=sum(states.values()),
        done=states[State.DONE],
        waiting=sum(states[each] for each in Operation.OPEN),
        needs_person=sum(states[each] for each in Operation.NEEDS_PERSON)
        - stopped_silently(connection).filter(kind__in=SALES).count(),
        left_out=states[State.CANCELLED] + states[State.SUPERSEDED] + states[State.TAKEN_BACK],
    )


def imbalances(connection: Connection) -> Iterator[Found]:
    """What should be on its way and is not, waits too long, or stopped without telling anybody."""
    now = timezone.now()
    yield from ((*found, None) for found in not_queued(connection, now))
    if is_moving(connection, now):
        yield from ((*found, None) for found in overdue(connection, now))
    for operation in stopped_silently(connection):
        yield own_subject(operation), silent(operation), operation


def is_moving(connection: Connection, now: datetime) -> bool:
    """Whether anything could be sent at all. Where not, that is told elsewhere, and waiting is what it should do."""
    is_live = connection.state == Connection.State.ACTIVE and connection.is_books_of_record
    return is_live and not connection.is_waiting(now)


def sales(connection: Connection) -> QuerySet[Operation]:
    return Operation.objects.filter(books=connection.books_id, kind__in=SALES)


# --- never queued ---------------------------------------------------------------


def not_queued(connection: Connection, now: datetime) -> Iterator[tuple[Subject, Finding]]:
    if not is_moving(connection, now):
        return
    for work_order in unqueued(connection, now):
        yield (
            Subject(kind="work_order", id=str(work_order.pk), label=str(work_order)),
            Finding(
                code=NOT_QUEUED,
                sentence=NOT_QUEUED_SENTENCE,
                values={"record": str(work_order), "provider": connection.label},
                where="work_order",
            ),
        )


def unqueued(connection: Connection, now: datetime) -> QuerySet[WorkOrder]:
    """Completed work orders that the settings send by themselves, and that no outbox has."""
    settings, firm = connection.settings, connection.organization
    sends_by_itself = settings.export_work_orders and settings.saved_at is not None
    if not sends_by_itself or not connection.is_books_of_record:
        return WorkOrder.objects.none()
    first = datetime.combine(settings.cut_off_date, time.min, tzinfo=ZoneInfo(firm.time_zone))
    steps = WorkOrderStatus.objects.filter(organization=firm, triggers_export=True)
    standing = Q(status__in=steps) if steps.exists() else Q()
    done_long_enough = Q(completed_at__gte=first, completed_at__lt=now - GRACE, updated_at__lt=now - GRACE)
    known = Operation.objects.filter(
        Q(books=connection.books_id) | Q(state__in=WENT_OUT),
        local_id=OuterRef("pk"),
        revision=OuterRef("revision"),
        kind__in=SALES,
    )
    return WorkOrder.objects.filter(standing, done_long_enough, ~Exists(known), organization=firm)


# --- too late -------------------------------------------------------------------


def overdue(connection: Connection, now: datetime) -> Iterator[tuple[Subject, Finding]]:
    """One entry for all of them: many at once have one reason."""
    late = too_late(connection, now)
    oldest = late.first()
    if oldest is None:
        return
    since = timezone.localtime(oldest.doubt_since or oldest.due_at, ZoneInfo(connection.organization.time_zone))
    values = {
        "count": str(late.count()),
        "provider": connection.label,
        "record": oldest.local_label,
        "since": f"{since:%Y-%m-%d %H:%M}",
    }
    yield (
        connection_subject(connection),
        Finding(code=OVERDUE, sentence=OVERDUE_SENTENCE, values=values, where="connection"),
    )


def too_late(connection: Connection, now: datetime) -> QuerySet[Operation]:
    """What is past its deadline, the oldest first. What waits for a person, or for a status, is not late."""
    late = (
        Q(state__in=(State.QUEUED, State.CLAIMED), due_at__lt=now - LONGEST_WAIT)
        | Q(state=State.SENDING, sent_at__lt=now - LONGEST_SENDING)
        | Q(state=State.IN_DOUBT, doubt_since__lt=now - LONGEST_DOUBT)
    )
    unfinished = Operation.objects.filter(dependents=OuterRef("pk")).exclude(state=State.DONE)
    parked = Q(state=State.QUEUED, asked_by=None) & ~standing_to_be_sent(connection)
    found = Operation.objects.filter(late, books=connection.books_id).exclude(parked)
    return found.exclude(Exists(unfinished)).order_by("due_at")


def standing_to_be_sent(connection: Connection) -> Q:
    """Work orders in a status that is sent, and everything that is no work order."""
    steps = WorkOrderStatus.objects.filter(organization=connection.organization_id)
    if not steps.filter(triggers_export=True).exists():
        return Q(pk__isnull=False)
    sending = steps.filter(Q(triggers_export=True) | Q(set_after_failure=True))
    standing = WorkOrder.objects.filter(pk=OuterRef("local_id"), status__in=sending)
    return ~Q(kind__in=SALES) | Q(Exists(standing))


# --- without a word -------------------------------------------------------------


def stopped_silently(connection: Connection) -> QuerySet[Operation]:
    """What waits for a person whom nobody told: it has no entry, and the connection has none that would explain it."""
    told = Case.objects.filter(operation=OuterRef("pk"), state=Case.State.OPEN).exclude(code=STOPPED_SILENTLY)
    explained = Case.objects.filter(connection=connection, subject_kind="connection", state=Case.State.OPEN)
    if explained.exclude(code=OVERDUE).exists():
        return Operation.objects.none()
    stopped = Operation.objects.filter(books=connection.books_id, state__in=Operation.NEEDS_PERSON)
    return stopped.filter(~Exists(told))


def silent(operation: Operation) -> Finding:
    return Finding(
        code=STOPPED_SILENTLY,
        sentence=SILENT_SENTENCE,
        values={"record": operation.local_label},
        where=SUBJECT_KINDS[operation.local_model],
        detail=operation.problem,
    )


NOT_QUEUED_SENTENCE = gettext_noop(
    "%(record)s is completed and should go to %(provider)s, but it was never queued. Send it from its page."
)
OVERDUE_SENTENCE = gettext_noop(
    "%(count)s writes to %(provider)s wait longer than they should. The oldest is %(record)s, since %(since)s."
)
SILENT_SENTENCE = gettext_noop("%(record)s stopped on its way to the books, and no entry said so. Try it again.")
