"""`manage.py reconcile`: compares what we believe with what the books hold. Writes nothing to the books."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from integrations.auditing.reconciling import Result, reconcile
from integrations.auditing.rounds import LONG_AGO_DAYS
from integrations.management.choosing import choose_connections
from integrations.models import Connection

WELL, NOT_WELL = 0, 1


class Command(BaseCommand):
    help = "Compares the books with what was sent: one line per finding, exit status 0 only when there is none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organization", metavar="SLUG", help="only this organization's connections")
        parser.add_argument("--connection", metavar="ID", help="only this connection")
        parser.add_argument("--days", type=int, default=LONG_AGO_DAYS, help="how far back documents are looked at")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        connections = choose_connections(options["organization"], options["connection"])
        results = [(each, reconcile(each, days=options["days"])) for each in connections]
        if options["json"]:
            self.stdout.write(json.dumps([as_json(*each) for each in results], indent=2))
        else:
            for connection, result in results:
                self._tell(connection, result)
        if not all(result.row.is_well for _, result in results):
            sys.exit(NOT_WELL)

    def _tell(self, connection: Connection, result: Result) -> None:
        row = result.row
        for subject, finding, _operation in result.found:
            self.stdout.write(f"{finding.code}: {subject.label}: {finding.sentence % finding.values}")
        if row.problem:
            self.stdout.write(f"not_compared: {connection}: {row.problem}")
        counts = ", ".join(f"{count} {name}" for name, count in row.balance.items())
        self.stdout.write(
            f"{connection.organization}: {connection}: {row.documents} documents of the last {row.days} days, "
            f"{row.ours} ours, {row.followed} moved on, {row.findings} findings. Work orders: {counts}."
        )


def as_json(connection: Connection, result: Result) -> dict[str, Any]:
    row = result.row
    return {
        "connection": str(connection.pk),
        "well": row.is_well,
        "days": row.days,
        "documents": row.documents,
        "ours": row.ours,
        "followed": row.followed,
        "seconds": round((row.finished_at - row.started_at).total_seconds(), 3),
        "balance": row.balance,
        "problem": row.problem,
        "findings": [
            {
                "code": finding.code,
                "kind": subject.kind,
                "id": subject.id,
                "record": subject.label,
                "field": finding.field,
                "sentence": finding.sentence % finding.values,
                "operation": str(operation.pk) if operation else None,
            }
            for subject, finding, operation in result.found
        ],
    }
