"""A worker's own process: sets itself up as it is told, then does jobs until it is dismissed or killed."""

from __future__ import annotations

import logging
import random
import re
import traceback
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Pipe
from typing import Any
from uuid import UUID

import django
from django.apps import apps

if not apps.ready:
    django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection as database  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounting import client, http  # noqa: E402
from fieldwork.models import WorkOrder  # noqa: E402
from fieldwork.services import complete_work_order  # noqa: E402
from integrations import crash_points, export, tasks  # noqa: E402
from integrations.connections import site_of  # noqa: E402
from integrations.models import Connection  # noqa: E402
from integrations.tokens import StoredAccess  # noqa: E402
from storm.clock import Clock  # noqa: E402
from storm.sabotage import put, sabotage  # noqa: E402

# One order of the parent: no more passes than a queue would make in a few minutes.
LONGEST_ORDER = 12
ID = re.compile(r"[0-9a-f-]{36}")


@dataclass(frozen=True, kw_only=True)
class Duty:
    """How a worker is set up. `time_limit_s` shortens the client's patience, 30 s, and its pauses likewise."""

    database: dict[str, Any]
    environment: dict[str, str]
    installation_id: str
    crash_point: str = ""
    time_limit_s: float = 0
    sabotaged: str = ""


@dataclass(kw_only=True)
class Report:
    """How the turns ended, and which requests the sending took."""

    outcomes: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)


class Tally(logging.Handler):
    """Counts the requests that sending takes, by endpoint. No page is being fetched by then."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: Counter[str] = Counter()
        self._is_sending = False

    def emit(self, record: logging.LogRecord) -> None:
        if self._is_sending and isinstance(record.args, tuple):
            method, path, *_ = record.args
            self.requests[f"{method} {ID.sub('{id}', str(path))}"] += 1

    def send_due(self, *args: Any) -> Any:
        self._is_sending = True
        try:
            return export.send_due(*args)
        finally:
            self._is_sending = False


tally = Tally()


def report_for_duty(pipe: Pipe, duty: Duty) -> None:
    """Runs until it is sent None."""
    set_up(duty)
    clock = Clock()
    with clock.running():
        while (order := pipe.recv()) is not None:
            offset, job, args = order
            clock.move_to(offset)
            pipe.send(carry_out(pipe, job, args))
    database.close()


def carry_out(pipe: Pipe, job: str, args: tuple[Any, ...]) -> tuple[bool, Any]:
    """That the job went well, and what it gave. What it raises ends the worker, after its parent was told."""
    try:
        return True, JOBS[job](*args)
    except BaseException:
        pipe.send((False, traceback.format_exc()))
        raise


def set_up(duty: Duty) -> None:
    database.close()
    database.settings_dict.update(duty.database)
    settings.PROVIDER_ENVIRONMENT = duty.environment
    settings.INSTALLATION_ID = UUID(duty.installation_id)
    settings.CRASH_POINT = duty.crash_point
    crash_points.arrivals.clear()
    if duty.time_limit_s:
        http.CONNECT_TIMEOUT_S = http.READ_TIMEOUT_S = duty.time_limit_s
        client.READ_PAUSES_S = (duty.time_limit_s / 50, duty.time_limit_s / 25)
    log = logging.getLogger(client.__name__)
    log.setLevel(logging.INFO)
    log.addHandler(tally)
    log.propagate = False
    put(tasks, "send_due", tally.send_due)
    sabotage(duty.sabotaged)


# --- jobs -----------------------------------------------------------------------


def take_turns() -> Report:
    """Turns with every connection that has something to do, like the queue's workers after a tick."""
    report = Report()
    for _ in range(LONGEST_ORDER):
        ended = [tasks.work(pk) for pk in due_connections()]
        report.outcomes.update(ended)
        if all(outcome in (tasks.Outcome.BUSY, tasks.Outcome.NOT_DUE) for outcome in ended):
            break
    report.requests, tally.requests = tally.requests, Counter()
    return report


def due_connections() -> list[UUID]:
    """Those that a tick would ring for, in any order."""
    now = timezone.now()
    due = [each.pk for each in tasks.workable(now) if tasks.is_due(each, now) or tasks.has_due_operations(each)]
    random.shuffle(due)
    return due


def complete(work_order_ids: list[UUID]) -> None:
    """These jobs are finished, as somebody would say in the office."""
    for order in WorkOrder.objects.filter(pk__in=work_order_ids).order_by("number"):
        complete_work_order(order, by=None)


def token(connection_id: UUID) -> str:
    """A valid access token."""
    connection = Connection.objects.get(pk=connection_id)
    provider = connection.ledger_provider
    return StoredAccess(connection.pk, provider, site_of(provider)).token()


def press(connection_id: UUID, times: int) -> None:
    """Somebody presses "Sync now"."""
    connection = Connection.objects.get(pk=connection_id)
    for _ in range(times):
        tasks.request_sync(connection, asked_by=None)


def work(connection_id: UUID, times: int) -> list[str]:
    """How the tasks ended that the presses had rung for."""
    return [tasks.work(connection_id) for _ in range(times)]


def arrivals() -> dict[str, int]:
    """How often each crash point was reached by this process."""
    return dict(crash_points.arrivals)


JOBS = {job.__name__: job for job in (take_turns, complete, token, press, work, arrivals)}
