"""What runs by itself, and how often. Written here and nowhere else: a schedule names a function that is run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db.models.signals import post_migrate
from django.utils import timezone


@dataclass(frozen=True, kw_only=True)
class Periodic:
    name: str
    task: str
    minutes: int
    first_at: time | None = None


SCHEDULES = (
    Periodic(name="tick", task="integrations.tasks.tick", minutes=1),
    Periodic(name="compare recent", task="integrations.auditing.rounds.audit_recent", minutes=60),
    Periodic(
        name="compare all", task="integrations.auditing.rounds.audit_long_ago", minutes=24 * 60, first_at=time(2, 10)
    ),
    Periodic(
        name="check answers",
        task="integrations.watching.answers.check_all_answers",
        minutes=24 * 60,
        first_at=time(3, 40),
    ),
    Periodic(
        name="forget events", task="integrations.hearing.forget_old_events", minutes=24 * 60, first_at=time(4, 20)
    ),
    Periodic(name="forget the old log", task="integrations.purging.purge_all", minutes=24 * 60, first_at=time(4, 40)),
    Periodic(name="look after", task="integrations.watching.rounds.look_after", minutes=5),
)


def ensure_schedules(**_: Any) -> None:
    """The queue's schedules are exactly these. Those that are there keep their next time."""
    Schedule = apps.get_model("django_q", "Schedule")
    Schedule.objects.exclude(name__in=[each.name for each in SCHEDULES]).delete()
    for each in SCHEDULES:
        said = {"func": each.task, "schedule_type": "I", "minutes": each.minutes, "repeats": -1}
        rows = list(Schedule.objects.filter(name=each.name).order_by("pk"))
        if not rows:
            Schedule.objects.create(name=each.name, next_run=first_run(each), **said)
            continue
        Schedule.objects.filter(pk=rows[0].pk).update(**said)
        Schedule.objects.filter(pk__in=[row.pk for row in rows[1:]]).delete()


def first_run(periodic: Periodic) -> datetime:
    """Now, or the next time it is that time of the day here."""
    now = timezone.localtime()
    if periodic.first_at is None:
        return now
    today = now.replace(hour=periodic.first_at.hour, minute=periodic.first_at.minute, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)


def connect() -> None:
    """After each `migrate`, as soon as the queue's own tables are there."""
    post_migrate.connect(ensure_schedules, sender=apps.get_app_config("django_q"))
