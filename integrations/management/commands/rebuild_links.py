"""`manage.py rebuild_links`: restores from the books which record of theirs is which of ours. Writes nothing there."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from integrations.auditing.rebuilding import Busy, Rebuilt, rebuild
from integrations.management.choosing import choose_connections
from integrations.models import Connection, LeaseLost

NOT_WELL, TEMPORARY = 1, 75


class Command(BaseCommand):
    help = "Restores all links from the books without creating anything there. May be repeated."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", metavar="SLUG", help="only this organization's connections")
        parser.add_argument("--connection", metavar="ID", help="only this connection")
        parser.add_argument("--dry-run", action="store_true", help="count what would be restored; write nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        connections = choose_connections(options["organization"], options["connection"])
        results = [(each, self._rebuild(each, writes=not options["dry_run"])) for each in connections]
        if options["json"]:
            self.stdout.write(json.dumps([as_json(*each) for each in results], indent=2))
        else:
            for connection, rebuilt in results:
                self._tell(connection, rebuilt, dry_run=options["dry_run"])
        if not all(rebuilt.is_well for _, rebuilt in results):
            sys.exit(NOT_WELL)

    def _rebuild(self, connection: Connection, *, writes: bool) -> Rebuilt:
        try:
            return rebuild(connection, writes=writes)
        except (Busy, LeaseLost):
            raise CommandError(
                f"A worker is at {connection}. Pause the connection, wait two minutes and try again.",
                returncode=TEMPORARY,
            ) from None

    def _tell(self, connection: Connection, rebuilt: Rebuilt, *, dry_run: bool) -> None:
        verb = "would be restored" if dry_run else "restored"
        sales = rebuilt.sales
        self.stdout.write(f"{connection.organization}: {connection}")
        self.stdout.write(
            f"  work orders: {sales.documents} documents, {sales.ours} ours: {sales.operations} operations and "
            f"{sales.links} links {verb}, {sales.known} there already, {sales.finished} of them found to be sent"
        )
        for each in rebuilt.streams:
            self.stdout.write(
                f"  {each.stream}: {each.read} read: {each.linked} links {verb}, {each.known} there already, "
                f"{each.new} not ours yet"
            )
        for text in sales.unclear:
            self.stdout.write(f"unclear: {text}")
        for stream in rebuilt.streams:
            for text in stream.unclear:
                self.stdout.write(f"unclear: {stream.stream}: {text}")
        if rebuilt.problem:
            self.stdout.write(f"not_read: {connection}: {rebuilt.problem}")


def as_json(connection: Connection, rebuilt: Rebuilt) -> dict[str, Any]:
    return {
        "connection": str(connection.pk),
        "well": rebuilt.is_well,
        "problem": rebuilt.problem,
        "work_orders": asdict(rebuilt.sales),
        "streams": [asdict(each) for each in rebuilt.streams],
    }
