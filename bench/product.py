"""The product reading customers, in a process of its own: `product.py prepare <base url> | read [full]`.

Prints one line of JSON: the run's own figures, and the statements that a page took.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import django
import psycopg

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection as database  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounting.auth import Tokens  # noqa: E402
from accounting.models import Books, TermsOfPayment  # noqa: E402
from bench.people import TERMS  # noqa: E402
from fieldwork.models import Organization  # noqa: E402
from integrations.connections import open_ledger  # noqa: E402
from integrations.models import Connection, ConnectionSettings, Credential, Lease, Run  # noqa: E402
from integrations.pipelines import PIPELINES, ensure_streams  # noqa: E402
from integrations.sync import Reader, read_stream  # noqa: E402

PROVIDER = "visma_eaccounting"


def prepare(base_url: str) -> None:
    """Tables, an organization and its connection to the page server."""
    call_command("migrate", verbosity=0)
    organization = Organization.objects.create(name="Benchmark AB", slug="benchmark")
    books = Books.objects.create(
        provider=PROVIDER, environment=base_url, remote_id="1", name="Benchmark AB", country="SE", currency="SEK"
    )
    connection = Connection.objects.create(
        organization=organization, provider=PROVIDER, books=books, state=Connection.State.ACTIVE
    )
    ConnectionSettings.objects.create(connection=connection, saved_at=timezone.now())
    Credential.objects.create(connection=connection, secret=Credential.pack(connection, Tokens(access_token="token")))
    TermsOfPayment.objects.bulk_create(
        TermsOfPayment(books=books, remote_id=terms["Id"], name=terms["Name"]) for terms in TERMS
    )
    ensure_streams(connection)


def read(*, full: bool) -> dict[str, Any]:
    connection = Connection.objects.select_related("books", "organization", "settings").get()
    lease = Lease.take(connection, owner="benchmark")
    assert lease is not None
    counts: list[int] = []
    counter = Counter()

    def note(run: Run) -> None:
        counts.append(counter.count)

    reader = Reader(connection=connection, ledger=open_ledger(connection), lease=lease, report=note)
    started, used = time.perf_counter(), time.process_time()
    with database.execute_wrapper(counter):
        run = read_stream(reader, PIPELINES["customers"], full=full)
    seconds, cpu = time.perf_counter() - started, time.process_time() - used
    lease.release()
    if run.state != Run.State.DONE:
        sys.exit(f"The run ended as {run.state}: {run.problem}")
    per_page = [after - before for before, after in zip(counts, counts[1:], strict=False)][: run.pages - 1]
    figures = ("read", "created", "updated", "unchanged", "rejected", "requests")
    return {name: getattr(run, name) for name in figures} | {
        "cpu": cpu,
        "seconds": round(seconds, 2),
        "statements_per_page": max(per_page, default=0),
    }


class Counter:
    """Counts statements, also those that are streams."""

    def __init__(self) -> None:
        self.count = 0
        copy = psycopg.Cursor.copy

        def counted(cursor: Any, statement: Any) -> Any:
            self.count += 1
            return copy(cursor, statement)

        psycopg.Cursor.copy = counted  # type: ignore[method-assign,assignment]

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.count += not sql.startswith(("BEGIN", "SAVEPOINT", "RELEASE"))
        return execute(sql, params, many, context)


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(sys.argv[2])
    else:
        print(json.dumps(read(full="full" in sys.argv)))
