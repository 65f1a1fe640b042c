"""Facts about a firm's own day: what waits for somebody, and what should have reached the books and did not.

Nothing here needs an error to have happened. That work is done and nothing arrives is the alarm.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import TruncDate

from accounting.types import gettext_noop
from fieldwork.models import WorkOrder
from integrations.exports import SALES
from integrations.models import Case, Connection, Licence, Operation
from integrations.sending.queueing import completed_not_sent, exportable, sends_by_itself
from integrations.watching.facts import THRESHOLDS, Fact, Judge, Level, open_page

State = Operation.State
EVENING = time(18)
FRIDAY = 4
# So many days show what is usual; fewer documents a day than this are too few to tell.
USUAL_DAYS, FEW = 28, 4

INBOX_EMPTY = gettext_noop("Nothing waits in the inbox.")
INBOX = gettext_noop("Problems that wait in the inbox: %(count)s, the oldest since %(since)s: %(first)s.")
# A stream has a name of ours, which is translated.
INBOX_STREAM = gettext_noop("Problems that wait in the inbox: %(count)s, the oldest since %(since)s: %(stream)s.")
ALL_SENT = gettext_noop("Finished work orders are sent.")
UNSENT = gettext_noop(
    "Finished work orders that have not been sent: %(count)s, the oldest of %(since)s. Each says on its page what "
    "it waits for."
)
EXPORTS_AS_USUAL = gettext_noop("As much is sent as usual.")
NOTHING_SENT = gettext_noop(
    "Nothing has been sent to %(books)s since %(day)s began, although finished work orders wait: %(count)s. Check "
    "in the settings that sending is on, and which status of a work order triggers it."
)
FEWER_SENT = gettext_noop(
    "Documents sent to %(books)s since %(day)s began: %(sent)s, where %(usual)s a day are usual. Finished work "
    "orders that wait: %(count)s."
)
LICENSED = gettext_noop("The licence is valid.")
LICENCE_ENDS = gettext_noop(
    "The licence for %(provider)s ends on %(day)s, and with it reading and sending. The administrator of this "
    "installation extends it."
)
UNLICENSED = gettext_noop(
    "There is no licence for %(provider)s today, so nothing is read or sent. The administrator of this installation "
    "adds one."
)


def firm_facts(connection: Connection, now: datetime) -> Iterator[Fact]:
    judge = Judge(subject=str(connection), now=now, connection=connection)
    yield licence(judge, connection)
    yield cases(judge, connection)
    if connection.state == Connection.State.ACTIVE:
        yield unsent(judge, connection)
    yield exports(judge, connection)


def licence(judge: Judge, connection: Connection) -> Fact:
    """By its last day; of several the latest counts, and one without a last day never ends."""
    today = judge.now.astimezone(ZoneInfo(connection.organization.time_zone)).date()
    held = Licence.objects.filter(organization=connection.organization_id, provider=connection.provider).active(today)
    ends = list(held.values_list("ends_on", flat=True))
    if not ends:
        return judge.alarm("licence", UNLICENSED, provider=connection.label)
    if None in ends:
        return judge.well("licence", LICENSED)
    last_day = max(day for day in ends if day)
    level = THRESHOLDS["licence"].level(today - last_day)
    if level is Level.OK:
        return judge.well("licence", LICENSED)
    say = judge.alarm if level is Level.ALARM else judge.warning
    return say("licence", LICENCE_ENDS, provider=connection.label, day=last_day.isoformat())


def cases(judge: Judge, connection: Connection) -> Fact:
    waiting = Case.objects.filter(connection=connection, state=Case.State.OPEN).exclude(code="reconnect_needed")
    oldest = waiting.order_by("first_seen_at").first()
    if oldest is None:
        return judge.well("cases", INBOX_EMPTY)
    return judge.aged(
        "cases",
        since=oldest.first_seen_at,
        well=INBOX_EMPTY,
        ill=INBOX_STREAM if oldest.subject_kind == "stream" else INBOX,
        remedy=open_page(gettext_noop("Open the inbox"), "integrations:inbox", for_owner=False),
        count=waiting.count(),
        first=oldest.subject_label,
        stream=oldest.subject_label,
    )


def unsent(judge: Judge, connection: Connection) -> Fact:
    """Finished, to be sent by itself, and neither in the books nor waiting in the inbox."""
    if not sends_by_itself(connection):
        return judge.well("unsent", ALL_SENT)
    waiting = unexplained(exportable(connection))
    oldest = waiting.order_by("completed_at").values_list("completed_at", flat=True).first()
    return judge.aged(
        "unsent",
        since=oldest,
        well=ALL_SENT,
        ill=UNSENT,
        remedy=open_page(gettext_noop("Show the work orders"), "fieldwork:work_order_list", for_owner=False),
        count=waiting.count() if oldest else 0,
    )


def unexplained(work_orders: QuerySet[WorkOrder]) -> QuerySet[WorkOrder]:
    """Without a document, a decision not to send them, or a problem that somebody was told of."""
    explained = (State.DONE, State.CANCELLED, State.TAKEN_BACK, State.IN_DOUBT, *Operation.NEEDS_PERSON)
    known = Operation.objects.filter(
        kind__in=SALES, local_id=OuterRef("pk"), revision=OuterRef("revision"), state__in=explained
    )
    return work_orders.exclude(Exists(known))


# --- what did not happen ----------------------------------------------------------------


def exports(judge: Judge, connection: Connection) -> Fact:
    """Whether the last working day brought documents to the books, when finished work orders were there to send.

    Looks at the work and the result only, whatever the settings between them say, except that sending is off.
    """
    zone = ZoneInfo(connection.organization.time_zone)
    day = last_working_day(judge.now.astimezone(zone))
    begin = datetime.combine(day, time.min, tzinfo=zone)
    if not sends_by_itself(connection) or not connection.connected_at or connection.connected_at >= begin:
        return judge.well("exports", EXPORTS_AS_USUAL)
    waiting = unexplained(completed_not_sent(connection.organization, connection))
    sent = documents(connection).filter(done_at__gte=begin).count()
    remedy = open_page(gettext_noop("Open the settings"), "integrations:settings", connection.pk)
    told: dict[str, Any] = {"books": connection.label, "day": day.isoformat(), "remedy": remedy}
    if not sent and (count := waiting.filter(completed_at__lt=begin).count()):
        return judge.alarm("exports", NOTHING_SENT, since=begin, count=count, **told)
    usual = usual_documents(connection, before=begin, zone=zone)
    if usual >= FEW and sent * 2 < usual and (count := waiting.count()) * 2 >= usual:
        return judge.warning("exports", FEWER_SENT, sent=sent, usual=usual, count=count, **told)
    return judge.well("exports", EXPORTS_AS_USUAL)


def last_working_day(local: datetime) -> date:
    """The last day from Monday to Friday whose evening has come."""
    day = local.date() if local.time() >= EVENING else local.date() - timedelta(days=1)
    while day.weekday() > FRIDAY:
        day -= timedelta(days=1)
    return day


def documents(connection: Connection) -> QuerySet[Operation]:
    return Operation.objects.filter(books=connection.books_id, kind__in=SALES, state=State.DONE)


def usual_documents(connection: Connection, *, before: datetime, zone: ZoneInfo) -> int:
    """How many documents a working day brings: the median of those four weeks' days that brought any."""
    recent = documents(connection).filter(done_at__lt=before, done_at__gte=before - timedelta(days=USUAL_DAYS))
    days = recent.annotate(day=TruncDate("done_at", tzinfo=zone)).values("day").annotate(count=Count("pk"))
    counts = [each["count"] for each in days.order_by("day") if each["day"].weekday() <= FRIDAY]
    return round(statistics.median(counts)) if counts else 0
