"""What health consists of: facts, each well or not, about one subject, with a sentence and a way out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from integrations.models import Connection
from integrations.wording import fill_in


class Level(IntEnum):
    OK = 0
    WARNING = 1
    ALARM = 2

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Threshold:
    """From which age on something is a warning, and from which an alarm; None: never."""

    warning: timedelta | None
    alarm: timedelta | None

    def level(self, age: timedelta) -> Level:
        if self.alarm is not None and age >= self.alarm:
            return Level.ALARM
        if self.warning is not None and age >= self.warning:
            return Level.WARNING
        return Level.OK


def minutes(warning: int | None, alarm: int | None) -> Threshold:
    return Threshold(
        None if warning is None else timedelta(minutes=warning), None if alarm is None else timedelta(minutes=alarm)
    )


# The one table. A check runs every five minutes, and somebody is to know of a stop within a quarter of an hour.
THRESHOLDS: Mapping[str, Threshold] = {
    "tick": minutes(3, 10),
    "queue": minutes(5, 10),
    "encryption": minutes(None, 0),
    "messages": minutes(15, 60),
    "watchdog": minutes(30, 120),
    "login": minutes(None, 0),
    "reading": minutes(10, 30),  # beyond the interval of the connection
    "limited": minutes(5, 10),
    "sending": minutes(5, 10),
    "in_doubt": minutes(40, 60),  # the last look is after half an hour
    "worker": minutes(5, 10),  # beyond the end of the lease
    "token": minutes(30, 60),  # beyond its expiry and the interval
    "compared": minutes(3 * 60, 26 * 60),
    "cases": minutes(0, 60),
    "unsent": minutes(60, None),
    "exports": minutes(None, 0),
    "licence": Threshold(timedelta(days=-10), timedelta(days=-3)),  # before its last day
}
# Facts that only whoever runs the installation can do something about.
FOR_OPERATOR = frozenset({"tick", "queue", "encryption", "messages", "watchdog", "worker"})
# Facts that follow from a queue that stands still; one alarm for the cause is enough.
FOLLOW_FROM_QUEUE = frozenset({"reading", "limited", "sending", "in_doubt", "worker", "token", "compared"})


@dataclass(frozen=True, kw_only=True)
class Remedy:
    """The button: a page to open, or with `is_action` a step to take at once. `roles` may press it."""

    label: str
    address: str
    is_action: bool = False
    for_owner: bool = True


@dataclass(frozen=True, kw_only=True)
class Fact:
    """`text` is a translatable sentence with named places for `values`, and for `since` as %(since)s.

    `age` in seconds is what the level was judged by, for those who draw curves.
    """

    code: str
    level: Level
    subject: str
    text: str
    values: Mapping[str, Any] = field(default_factory=dict)
    since: datetime | None = None
    age: float | None = None
    organization_id: UUID | None = None
    connection_id: UUID | None = None
    remedy: Remedy | None = None

    @property
    def key(self) -> str:
        """What makes it the same problem as at the last look."""
        return f"{self.code}:{self.connection_id or ''}"

    @property
    def sentence(self) -> str:
        return in_words(self.text, self.values, self.since)

    @property
    def is_well(self) -> bool:
        return self.level is Level.OK

    @property
    def for_operator(self) -> bool:
        return self.code in FOR_OPERATOR


def in_words(text: str, values: Mapping[str, Any], since: datetime | None) -> str:
    """The sentence in the reader's language and time zone."""
    shown = {"since": date_format(timezone.localtime(since), "SHORT_DATETIME_FORMAT") if since else ""}
    return fill_in(text, shown | dict(values))


@dataclass(frozen=True, kw_only=True)
class Judge:
    """Makes the facts about one subject, at one moment."""

    subject: str
    now: datetime
    connection: Connection | None = None

    def well(self, code: str, text: str, *, age: float | None = None, **values: Any) -> Fact:
        return self._fact(code, Level.OK, text, values, age=age)

    def aged(
        self,
        code: str,
        *,
        since: datetime | None,
        well: str,
        ill: str,
        judged_from: datetime | None = None,
        remedy: Remedy | None = None,
        **values: Any,
    ) -> Fact:
        """Judged by how long ago `since` was, or `judged_from` where that is later. Nothing since is well."""
        if since is None:
            return self.well(code, well)
        age = self.now - max(since, judged_from or since)
        level = THRESHOLDS[code].level(age)
        if level is Level.OK:
            return self.well(code, well, age=age.total_seconds())
        return self._fact(code, level, ill, values, since=since, age=age.total_seconds(), remedy=remedy)

    def alarm(
        self, code: str, text: str, *, since: datetime | None = None, remedy: Remedy | None = None, **values: Any
    ) -> Fact:
        return self._fact(code, Level.ALARM, text, values, since=since, remedy=remedy)

    def warning(self, code: str, text: str, *, remedy: Remedy | None = None, **values: Any) -> Fact:
        return self._fact(code, Level.WARNING, text, values, remedy=remedy)

    def _fact(self, code: str, level: Level, text: str, values: Mapping[str, Any], **more: Any) -> Fact:
        about = self.connection
        return Fact(
            code=code,
            level=level,
            subject=self.subject,
            text=text,
            values=values,
            organization_id=about.organization_id if about else None,
            connection_id=about.pk if about else None,
            **more,
        )


def open_page(label: str, name: str, *args: Any, for_owner: bool = True) -> Remedy:
    return Remedy(label=label, address=reverse(name, args=args), for_owner=for_owner)


def take_step(label: str, name: str, *args: Any) -> Remedy:
    return Remedy(label=label, address=reverse(name, args=args), is_action=True)
