"""The product reading everything of one accounting system, in a process of its own: `reader.py <key> <base url>`.

Prints one line of JSON: records, pages, seconds and CPU seconds by stream, and the greatest memory in MB.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from accounting.registry import all_providers  # noqa: E402
from integrations.connections import open_ledger  # noqa: E402
from integrations.models import Connection, Lease, Run  # noqa: E402
from integrations.pipelines import PIPELINES  # noqa: E402
from integrations.sync import Reader, read_stream  # noqa: E402
from storm.firms import found_firm  # noqa: E402


class DistantStandIn:
    """A stand-in in another process, asked at its control desk."""

    def __init__(self, key: str, base: str) -> None:
        self._key, self._control = key, f"{base}/control"
        self._opener = build_opener(ProxyHandler({}))

    def describe(self) -> dict[str, Any]:
        told: dict[str, Any] = self._ask(Request(self._control))["stand_ins"][self._key]  # noqa: S310
        return told

    def sign_in(self, order: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps({**order, "provider": self._key}).encode()
        return self._ask(Request(f"{self._control}/sign-in", data=body))  # noqa: S310

    def _ask(self, request: Request) -> dict[str, Any]:
        with self._opener.open(request, timeout=60) as answer:
            found: dict[str, Any] = json.load(answer)
            return found


class Abroad:
    """What a firm needs to know of the accounting system to be connected to it."""

    def __init__(self, key: str, base: str) -> None:
        self.provider = all_providers()[key]
        self.stand_in = DistantStandIn(key, base)

    @property
    def companies(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = self.stand_in.describe()["companies"]
        return found


def main(key: str, base: str) -> None:
    call_command("migrate", verbosity=0)
    connection = found_firm(Abroad(key, base)).connection
    lease = Lease.take(connection, owner="benchmark")
    assert lease is not None
    reader = Reader(connection=connection, ledger=open_ledger(connection), lease=lease, report=lambda run: None)
    told = {stream: measure(connection, reader, stream) for stream in PIPELINES if is_read(connection, stream)}
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    print(json.dumps({"streams": told, "memory_mb": round(memory, 1)}))


def is_read(connection: Connection, stream: str) -> bool:
    return PIPELINES[stream].record in connection.ledger_provider.reads


def measure(connection: Connection, reader: Reader, stream: str) -> dict[str, Any]:
    """A first read of the whole stream."""
    reader.lease.renew()
    started, used = time.perf_counter(), time.process_time()
    run = read_stream(reader, PIPELINES[stream], full=True)
    if run.state != Run.State.DONE:
        sys.exit(f"The run of {stream} ended as {run.state}: {run.problem}")
    return {
        "records": run.read,
        "created": run.created,
        "rejected": run.rejected,
        "requests": run.requests,
        "seconds": round(time.perf_counter() - started, 2),
        "cpu": round(time.process_time() - used, 3),
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
