"""Whether this installation can do its work: for a load balancer, which asks often."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from integrations.models import Heartbeat
from integrations.watching.facts import Judge, Level
from integrations.watching.installation_facts import tick


@dataclass(frozen=True, kw_only=True)
class Check:
    name: str
    is_ready: bool
    words: str


def readiness() -> list[Check]:
    """Database, migrations and queue, each asked only when the one before is ready."""
    checks: list[Check] = []
    try:
        for check in asked():
            checks.append(check)
            if not check.is_ready:
                break
    except DatabaseError:
        checks.append(Check(name="database", is_ready=False, words="does not answer"))
    return checks


def asked() -> Iterator[Check]:
    yield Check(name="database", is_ready=answers(), words="answers")
    missing = unapplied()
    yield Check(name="migrations", is_ready=not missing, words=f"{missing} to apply" if missing else "applied")
    moves = tick(Judge(subject="", now=timezone.now()), Heartbeat.last(Heartbeat.TICK)).level is not Level.ALARM
    yield Check(name="queue", is_ready=moves, words="moves" if moves else "stands still")


def answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def unapplied() -> int:
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
