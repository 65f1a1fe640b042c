"""`manage.py purge`: deletes what is older in the log than each firm wants to keep. The worker does it every night."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from integrations.models import Connection
from integrations.purging import purge, too_old


class Command(BaseCommand):
    help = "Deletes old runs, attempts, solved inbox entries and history. What was sent, and its links, stay for ever."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", metavar="SLUG", help="only this organization's connections")
        parser.add_argument("--dry-run", action="store_true", help="count what would go; delete nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        connections = Connection.objects.filter(settings__isnull=False)
        if options["organization"]:
            connections = connections.filter(organization__slug=options["organization"])
        for connection in connections.select_related("settings", "organization", "books"):
            if options["dry_run"]:
                counts = {name: rows.count() for name, rows in too_old(connection).items()}
            else:
                counts = purge(connection)
            told = ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "nothing"
            verb = "would go" if options["dry_run"] else "deleted"
            self.stdout.write(f"{connection.organization}: {connection}: {told} {verb}")
