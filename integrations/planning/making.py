"""A look ahead, made by a worker and kept: every page's entries as they come, so that memory stays flat.

Nothing but the plan's own rows is written. A worker that dies leaves a plan that is abandoned after a few minutes.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounting.errors import AccountingError
from accounting.types import gettext_noop
from fieldwork.models import User
from integrations.linking.kept import compare_again
from integrations.models import Connection, Plan, PlanEntry, Run
from integrations.pipelines import PIPELINES
from integrations.planning.rehearsing import Rehearsal, rehearse
from integrations.queue import enqueue
from integrations.tasks import TURN_S, enabled

COUNTED = ("read", "created", "updated", "unchanged", "archived", "skipped", "rejected")
NOT_ALL = gettext_noop("There was not enough time to read everything. What stands here is right, but more would come.")


class Superseded(Exception):
    """Another plan has been asked for: this one is gone."""


def latest_plan(connection: Connection) -> Plan | None:
    return Plan.objects.filter(connection=connection).first()


def ask_for_plan(connection: Connection, *, by: User | None) -> Plan:
    """The plan that is being made, or a new one, of which a worker is told. Former ones are gone then."""
    latest = latest_plan(connection)
    if latest is not None and latest.is_open and not latest.is_abandoned:
        return latest
    now = timezone.now()
    with transaction.atomic():
        Plan.objects.filter(Q(connection=connection) | Q(expires_at__lte=now)).delete()
        plan = Plan.objects.create(
            connection=connection,
            asked_by=by,
            is_first=connection.settings.saved_at is None,
            expires_at=now + Plan.GOOD_FOR,
        )
    enqueue(make_plan, plan.pk)
    return plan


def make_plan(plan_id: UUID | str) -> str:
    """The state of the plan after a worker has made it, unless another one is at it."""
    plan_id = UUID(str(plan_id))
    now = timezone.now()
    fresh = Q(state=Plan.State.WAITING) | Q(state=Plan.State.COMPUTING, heartbeat_at__lt=now - Plan.SILENT_FOR)
    if not Plan.objects.filter(fresh, pk=plan_id).update(state=Plan.State.COMPUTING, heartbeat_at=now):
        return "not due"
    connections = Connection.objects.select_related("organization", "books", "settings")
    connection = connections.get(plans=plan_id)
    PlanEntry.objects.filter(plan=plan_id).delete()
    keeping = Keeping(plan_id=plan_id)
    try:
        told = rehearse(
            connection,
            enabled(connection, list(PIPELINES)),
            report=keeping.report,
            tell=keeping.tell,
            deadline=time.monotonic() + TURN_S,
        )
    except Superseded:
        return "superseded"
    except AccountingError as error:  # the books of another installation
        told = Rehearsal(error=error)
    state = keeping.finish(told)
    compare_again(connection.pk)
    return state


@dataclass(kw_only=True)
class Keeping:
    """The plan's rows while it is made. Raises Superseded when the plan is gone."""

    plan_id: UUID
    runs: dict[str, dict[str, Any]] = field(default_factory=dict)
    positions: count[int] = field(default_factory=count)

    def report(self, run: Run) -> None:
        figures = {name: getattr(run, name) for name in COUNTED}
        self.runs[run.stream] = {"stream": run.stream, "total": run.total, **figures}
        self._change(runs=list(self.runs.values()), heartbeat_at=timezone.now())

    def tell(self, entries: list[PlanEntry]) -> None:
        for entry in entries:
            entry.plan_id = self.plan_id
            entry.position = next(self.positions)
        with transaction.atomic():
            self._change(heartbeat_at=timezone.now())
            PlanEntry.objects.bulk_create(entries, batch_size=500)

    def finish(self, told: Rehearsal) -> str:
        state = Plan.State.FAILED if told.error else Plan.State.DONE
        tally = [
            {
                "kind": each.kind,
                "action": each.action,
                "count": each.count,
                "net": {currency: str(amount) for currency, amount in each.net.items()},
                "total": {currency: str(amount) for currency, amount in each.total.items()},
            }
            for each in told.figures.values()
        ]
        problem = str(told.error) if told.error else "" if told.is_complete else NOT_ALL
        Plan.objects.filter(pk=self.plan_id).update(
            state=state, finished_at=timezone.now(), tally=tally, problem=problem
        )
        return state

    def _change(self, **changes: Any) -> None:
        if not Plan.objects.filter(pk=self.plan_id).update(**changes):
            raise Superseded
