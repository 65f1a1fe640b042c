"""Facts about the installation as a whole: whether the queue moves, secrets can be read and messages leave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from django.db.models import Count, Min
from django.utils import timezone
from django_q.models import OrmQ

from accounting.types import gettext_noop
from fieldwork.models import Organization
from integrations.models import Connection, Notice, Operation
from integrations.watching.canary import can_be_read
from integrations.watching.facts import Fact, Judge
from integrations.watching.signs import Signs

# Clocks of two machines may differ by that much.
ASKEW = timedelta(minutes=5)

TICKS = gettext_noop("The task queue works.")
NEVER_TICKED = gettext_noop(
    "The task queue has never run, so nothing is read or sent. Writes that wait: %(waiting)s. Whoever runs this "
    "installation starts it: manage.py qcluster"
)
STOPPED = gettext_noop(
    "The task queue has stood still since %(since)s: nothing is read or sent. Writes that wait: %(waiting)s. "
    "Whoever runs this installation restarts it: manage.py qcluster"
)
CLOCK = gettext_noop(
    "The last sign of life of the task queue lies in the future: a clock was set back, or the clocks of two machines "
    "differ. Whoever runs this installation sets them right."
)
QUEUE_SHORT = gettext_noop("No task waits for long.")
QUEUE_LONG = gettext_noop(
    "Tasks that wait in the queue: %(count)s, the oldest since %(since)s. Whoever runs this installation restarts "
    "the queue, or gives it more workers: QUEUE_WORKERS"
)
KEYS_FIT = gettext_noop("Stored logins can be decrypted.")
KEYS_DO_NOT_FIT = gettext_noop(
    "Stored logins cannot be decrypted: FIELD_ENCRYPTION_KEYS does not hold the key they were encrypted with. Put "
    "the former key behind the new one."
)
MESSAGES_LEAVE = gettext_noop("Messages about alarms are delivered.")
MESSAGES_STAY = gettext_noop(
    "Mails about alarms that could not be delivered: %(count)s, the oldest since %(since)s. Check EMAIL_URL and the "
    "mail server."
)
WATCHDOG_RUNS = gettext_noop("The watchdog runs.")
NO_WATCHDOG = gettext_noop("No watchdog is set up: nobody would be told if the task queue stopped.")
WATCHDOG_STOPPED = gettext_noop("The watchdog has not run since %(since)s. Check its timer or cron line.")


def installation_facts(signs: Signs, now: datetime) -> Iterator[Fact]:
    judge = Judge(subject="Fieldledger", now=now)
    yield tick(judge, signs.tick_at)
    yield encryption(judge, signs.canary)
    yield queue(judge)
    yield messages(judge)
    yield watchdog(judge, signs.watchdog_at)


def installation_seen_by(firm: Organization, signs: Signs, now: datetime) -> Iterator[Fact]:
    """What of it concerns a firm, which is told its own numbers and nobody else's."""
    judge = Judge(subject="Fieldledger", now=now)
    yield tick(judge, signs.tick_at, firm=firm)
    yield encryption(judge, signs.canary)


def tick(judge: Judge, last: datetime | None, *, firm: Organization | None = None) -> Fact:
    """End to end: the tick is scheduled, queued and run by a worker, who leaves its sign. `last` is the latest."""
    if last is not None and last > judge.now + ASKEW:
        return judge.alarm("tick", CLOCK)
    since = last or waiting_for_first_tick()
    ill = STOPPED if last else NEVER_TICKED
    fact = judge.aged("tick", since=since, well=TICKS, ill=ill)
    return fact if fact.is_well else replace(fact, values={"waiting": writes_waiting(firm)})


def waiting_for_first_tick() -> datetime | None:
    """When the first connection was set up; before that there is nothing to do, and no queue is missed."""
    active = Connection.objects.filter(state=Connection.State.ACTIVE, settings__saved_at__isnull=False)
    first: datetime | None = active.aggregate(first=Min("settings__saved_at"))["first"]
    return first


def writes_waiting(firm: Organization | None) -> int:
    waiting = Operation.objects.filter(state=Operation.State.QUEUED)
    return (waiting.filter(organization=firm) if firm else waiting).count()


def queue(judge: Judge) -> Fact:
    """What no worker has taken up. A queue on Redis shows nothing here; its standing still shows in the tick."""
    waiting = OrmQ.objects.filter(lock__lte=timezone.now()).aggregate(count=Count("pk"), oldest=Min("lock"))
    count, oldest = waiting["count"], waiting["oldest"]
    return judge.aged("queue", since=oldest, well=QUEUE_SHORT, ill=QUEUE_LONG, count=count)


def encryption(judge: Judge, canary: str | None) -> Fact:
    if can_be_read(canary):
        return judge.well("encryption", KEYS_FIT)
    return judge.alarm("encryption", KEYS_DO_NOT_FIT)


def messages(judge: Judge) -> Fact:
    """Mails only: a firm's own webhook is that firm's business."""
    stuck = Notice.objects.filter(
        channel=Notice.Channel.MAIL, sent_at=None, tries__gt=0, created_at__gte=judge.now - Notice.DELIVERABLE_FOR
    )
    found = stuck.aggregate(count=Count("pk"), oldest=Min("created_at"))
    return judge.aged("messages", since=found["oldest"], well=MESSAGES_LEAVE, ill=MESSAGES_STAY, count=found["count"])


def watchdog(judge: Judge, last: datetime | None) -> Fact:
    if last is None:
        return judge.well("watchdog", NO_WATCHDOG)
    return judge.aged("watchdog", since=last, well=WATCHDOG_RUNS, ill=WATCHDOG_STOPPED)
