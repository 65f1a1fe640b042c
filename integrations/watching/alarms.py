"""Alarms: told once when a problem begins, once a day while it lasts, and once when it is over.

Two checks may run at the same time: which of them begins, repeats or ends an alarm, the database decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from integrations.models import Alarm, Connection, Notice, Operation
from integrations.watching.facts import Fact, Level
from integrations.watching.notices import write_notices

REPEATED = timedelta(days=1)
# Gone for two checks: what comes and goes is one problem, not many.
GONE_FOR = timedelta(minutes=8)


def follow(facts: Sequence[Fact]) -> None:
    """The open alarms are those that `facts` call for; what there is to say about it waits to be delivered."""
    now = timezone.now()
    open_alarms = {alarm.key: alarm for alarm in Alarm.objects.filter(over_at=None).select_related("organization")}
    for fact in facts:
        alarm = open_alarms.get(fact.key)
        if fact.level is Level.ALARM and alarm is not None:
            see_again(alarm, fact, now)
        elif fact.level is Level.ALARM:
            begin(fact, now)
    well = {fact.key for fact in facts if fact.level is not Level.ALARM}
    for alarm in open_alarms.values():
        if alarm.seen_at < now - GONE_FOR and (alarm.key in well or is_pointless(alarm)):
            end(alarm, now)


def begin(fact: Fact, now: datetime) -> None:
    with transaction.atomic():
        alarm, is_new = Alarm.objects.get_or_create(
            key=fact.key,
            over_at=None,
            defaults={
                "code": fact.code,
                "organization_id": fact.organization_id,
                "connection_id": fact.connection_id,
                "for_operator": fact.for_operator,
                "begun_at": now,
                "told_at": now,
                **as_seen(fact, now),
            },
        )
        if is_new:
            write_notices(alarm, Notice.Kind.BEGUN, now)


def see_again(alarm: Alarm, fact: Fact, now: datetime) -> None:
    """It lasts. Once a day that is said again, with what the problem is by now."""
    Alarm.objects.filter(pk=alarm.pk, over_at=None).update(**as_seen(fact, now))
    if alarm.told_at > now - REPEATED:
        return
    with transaction.atomic():
        if Alarm.objects.filter(pk=alarm.pk, over_at=None, told_at=alarm.told_at).update(told_at=now):
            write_notices(alarm, Notice.Kind.REMINDER, now)


def end(alarm: Alarm, now: datetime) -> None:
    """It is over. What was still to be said of its beginning need not be said any more."""
    with transaction.atomic():
        if not Alarm.objects.filter(pk=alarm.pk, over_at=None).update(over_at=now):
            return
        Notice.objects.filter(alarm=alarm, sent_at=None).delete()
        write_notices(alarm, Notice.Kind.OVER, now)


def as_seen(fact: Fact, now: datetime) -> dict[str, object]:
    return {
        "subject": fact.subject[:300],
        "text": fact.text,
        "values": dict(fact.values),
        "since": fact.since,
        "seen_at": now,
        "piled_up": writes_waiting(fact),
    }


def writes_waiting(fact: Fact) -> int:
    """What waits to be written to the books that the fact is about."""
    waiting = Operation.objects.filter(state__in=Operation.OPEN)
    if fact.connection_id is not None:
        waiting = waiting.filter(books__connections=fact.connection_id)
    return waiting.count()


def is_pointless(alarm: Alarm) -> bool:
    """Its connection was disconnected: nobody waits for anything any more."""
    if alarm.connection_id is None:
        return False
    return not Connection.objects.filter(pk=alarm.connection_id, state__in=Connection.LIVE).exists()
