"""`manage.py sync`: reads the books and sends what is due, now and in this process."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounting.errors import ReconnectNeeded
from integrations.installation import read_only_reason
from integrations.management.progress_bar import ProgressBar
from integrations.models import Connection, Operation, Run
from integrations.pipelines import PIPELINES
from integrations.planning.rehearsing import Figures, Rehearsal, rehearse
from integrations.tasks import Outcome, Turn, enabled, take_turn, workable

DONE, ATTENTION, RECONNECT, TEMPORARY = 0, 1, 3, 75
# The worst of several connections decides, the one that a person must repair before the one that repairs itself.
WORST_FIRST = (RECONNECT, TEMPORARY, ATTENTION, DONE)
CODES = {
    Outcome.DONE: DONE,
    Outcome.UNFINISHED: TEMPORARY,
    Outcome.WAITING: TEMPORARY,
    Outcome.BUSY: TEMPORARY,
    Outcome.NOT_DUE: TEMPORARY,
    Outcome.RECONNECT: RECONNECT,
    Outcome.NOT_ALLOWED: ATTENTION,
}
RUN_FIELDS = ("read", "created", "updated", "unchanged", "archived", "rejected", "requests")
OPERATION_FIELDS = ("kind", "state", "reference", "remote_id", "remote_number", "problem")
EXIT_CODES = """
exit status: 0 done · 1 some records need attention · 3 somebody must sign in again · 75 busy, try later
"""


class Command(BaseCommand):
    help = "Reads the books of the connected accounting systems and sends what is due."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        parser.epilog = EXIT_CODES
        parser.add_argument("--organization", metavar="SLUG", help="only this organization's connections")
        parser.add_argument("--connection", metavar="ID", help="only this connection")
        parser.add_argument("--only", metavar="STREAM", action="append", default=[], choices=list(PIPELINES))
        parser.add_argument("--full", action="store_true", help="read everything, not just what changed")
        parser.add_argument("--dry-run", action="store_true", help="show what would be done; write nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if reason := read_only_reason():
            raise CommandError(reason)
        self.figures: list[tuple[Connection, Rehearsal]] = []
        connections = chosen(options["organization"], options["connection"])
        results = [(each, self._sync(each, options)) for each in connections]
        if options["json"]:
            self.stdout.write(json.dumps(as_json(results), indent=2))
        else:
            self._tell(results, dry_run=options["dry_run"])
        code = next(code for code in WORST_FIRST if code in {code_of(turn) for _, turn in results})
        if code:
            sys.exit(code)

    def _sync(self, connection: Connection, options: dict[str, Any]) -> Turn:
        if connection.state == Connection.State.RECONNECT:
            return Turn(outcome=Outcome.RECONNECT)
        if connection not in workable(timezone.now(), even_unsaved=True):
            return Turn(outcome=Outcome.WAITING)
        streams = options["only"] or list(PIPELINES)
        bar = ProgressBar(sys.stderr)
        try:
            if options["dry_run"]:
                return self._rehearse(connection, streams, bar, full=options["full"])
            return take_turn(connection, streams=streams, full=options["full"], report=bar.show)
        finally:
            bar.close()

    def _rehearse(self, connection: Connection, streams: Sequence[str], bar: ProgressBar, *, full: bool) -> Turn:
        told = rehearse(connection, enabled(connection, streams), full=full, report=bar.show)
        outcome = Outcome.DONE
        if told.error:
            outcome = Outcome.RECONNECT if isinstance(told.error, ReconnectNeeded) else Outcome.WAITING
        self.figures.append((connection, told))
        return Turn(outcome=outcome, runs=told.runs, operations=told.operations)

    def _tell(self, results: Iterable[tuple[Connection, Turn]], *, dry_run: bool) -> None:
        for connection, turn in results:
            self.stdout.write(f"{connection.organization}: {connection}: {turn.outcome}")
            for run in turn.runs:
                self.stdout.write(f"  {line_of(run)}")
            for operation in turn.operations:
                would_go = dry_run and operation.state not in Operation.NEEDS_PERSON
                verb = "would send" if would_go else operation.get_state_display()
                self.stdout.write(f"  {operation.kind} {operation.reference}: {verb} {operation.problem}".rstrip())
        for _connection, told in self.figures:
            for figures in told.figures.values():
                self.stdout.write(f"  {line_of_figures(figures)}")


def chosen(organization: str | None, connection_id: str | None) -> list[Connection]:
    """The connections that were asked for. Raises CommandError when there is none."""
    found = Connection.objects.filter(state__in=[Connection.State.ACTIVE, Connection.State.RECONNECT])
    if organization:
        found = found.filter(organization__slug=organization)
    if connection_id:
        found = found.filter(pk=connection_id)
    connections = list(found.select_related("organization", "books", "settings"))
    if not connections:
        raise CommandError("There is no such connection, or it is paused or disconnected.")
    return connections


def code_of(turn: Turn) -> int:
    if CODES[turn.outcome]:
        return CODES[turn.outcome]
    stopped = any(run.rejected or run.state == Run.State.FAILED for run in turn.runs)
    held = any(operation.state in Operation.NEEDS_PERSON for operation in turn.operations)
    return ATTENTION if stopped or held else DONE


def line_of(run: Run) -> str:
    figures = ", ".join(f"{getattr(run, name)} {name}" for name in RUN_FIELDS if getattr(run, name))
    return f"{run.stream}: {run.state}: {figures or 'nothing new'} {run.problem}".rstrip()


def line_of_figures(figures: Figures) -> str:
    """How many of a kind would go out in one way, with their money."""
    money = ", ".join(f"{total} {currency} ({figures.net[currency]} net)" for currency, total in figures.total.items())
    return f"{figures.kind}: {figures.count} {figures.action} {money}".rstrip()


def as_json(results: Iterable[tuple[Connection, Turn]]) -> dict[str, list[dict[str, Any]]]:
    runs, operations = [], []
    for connection, turn in results:
        for run in turn.runs:
            names = {"connection": str(connection.pk), "stream": run.stream, "state": run.state}
            runs.append(names | {name: getattr(run, name) for name in RUN_FIELDS} | {"seconds": float(run.seconds)})
        for operation in turn.operations:
            operations.append({"id": str(operation.pk)} | {name: getattr(operation, name) for name in OPERATION_FIELDS})
    return {"runs": runs, "operations": operations}
