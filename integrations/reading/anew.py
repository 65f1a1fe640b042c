"""When a stream is read as a whole again though nothing has changed: only so is noticed what the books have lost.

Each stream of each connection has its own night within the interval and its own minute of that night, made of its
ids: a thousand connections do not read everything in the same hour.
"""

from __future__ import annotations

import zlib
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from integrations.models import Connection, Run, StreamSetting

# From midnight in the firm's time zone. Who missed the night of a stream, or was stopped, has the next one.
NIGHT = 5 * 60


def is_time_to_read_anew(connection: Connection, setting: StreamSetting, now: datetime) -> bool:
    """One statement in the night in which the stream is due, and none at any other time."""
    days = connection.settings.full_read_days
    if not days or connection.last_success_at is None:
        return False
    zone = ZoneInfo(connection.organization.time_zone)
    due = last_due(connection, setting.stream, now.astimezone(zone), days=days)
    if due is None or (setting.last_full_at is not None and setting.last_full_at >= due):
        return False
    return not is_in_the_way(connection, setting, now.astimezone(zone))


def last_due(connection: Connection, stream: str, here: datetime, *, days: int) -> datetime | None:
    """The last moment at which the stream's turn came; None by day, and at night before its minute."""
    mark = zlib.crc32(f"{connection.pk}:{stream}".encode())
    minute, night = mark % NIGHT, mark // NIGHT
    if not minute <= here.hour * 60 + here.minute < NIGHT:
        return None
    nights_ago = (here.date().toordinal() - night) % days
    return datetime.combine(
        here.date() - timedelta(days=nights_ago), time(minute // 60, minute % 60), tzinfo=here.tzinfo
    )


def is_in_the_way(connection: Connection, setting: StreamSetting, here: datetime) -> bool:
    """A run that is open ends first, whatever it reads; one that failed tonight is not repeated until the morning."""
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    failed = Q(state=Run.State.FAILED, full=True, started_at__gte=midnight)
    runs = Run.objects.filter(connection=connection, stream=setting.stream)
    return runs.filter(failed | Q(state__in=Run.OPEN)).exists()
