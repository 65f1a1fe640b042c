"""`python -m bench.pages`: the server's time for every page of a firm with 20,000 customers and 20,000 work orders.

On SQLite, through Django's test client: addresses, middleware, view, template and database, without a network.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench-results"
GOAL_MS = 150
ROUNDS = 5


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--records", type=int, default=20_000, metavar="N", help="customers, and work orders")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fieldledger-bench-") as folder:
        rows = measure(f"sqlite:///{folder}/pages", options.records)
    show(rows)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "pages.json").write_text(json.dumps(rows, indent=2))
    return int(any(row["ms"] > GOAL_MS for row in rows))


def measure(database: str, records: int) -> list[dict[str, Any]]:
    """The pages, the slowest first: milliseconds by the clock (median), of CPU and at most, and kilobytes."""
    set_up(database)
    from bench.crowd import fill
    from tests.integrations.sweep.test_statements import pages
    from tests.integrations.sweep.world import build_firm

    firm = build_firm("Benchmark")
    fill(firm.connection, count=records, by=firm.people["owner"])
    browser = signed_in(firm.people["owner"])
    rows = [row for name, address in pages(firm) if (row := timed(browser, name, address))]
    return sorted(rows, key=lambda row: -row["ms"])


def set_up(database: str) -> None:
    """Django on this database, with the accounting system of the tests."""
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "LOG_LEVEL": "ERROR",
        "TEST_DATABASE_URL": database,
    }
    import django

    django.setup()
    from django.core.management import call_command

    from accounting import providers, registry

    providers.__path__.append(str(ROOT / "tests" / "providers"))
    registry.all_providers.cache_clear()
    call_command("migrate", verbosity=0)


def signed_in(user: Any) -> Any:
    from django.test import Client

    browser = Client(headers={"host": "127.0.0.1"})
    browser.force_login(user)
    return browser


def timed(browser: Any, name: str, address: str) -> dict[str, Any] | None:
    """None for what shows no page."""
    taken, used = [], []
    for _ in range(ROUNDS):
        started, before = time.perf_counter(), time.process_time()
        answer = browser.get(address)
        taken.append((time.perf_counter() - started) * 1000)
        used.append((time.process_time() - before) * 1000)
    if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
        return None
    query = address.partition("?")[2]
    return {
        "page": f"{name} {query}".strip(),
        "ms": round(statistics.median(taken)),
        "cpu_ms": round(statistics.median(used)),
        "most_ms": round(max(taken)),
        "kilobytes": round(len(answer.content) / 1000),
    }


def show(rows: list[dict[str, Any]]) -> None:
    print(f"{'page':<44} {'ms':>6} {'CPU':>6} {'most':>6} {'kB':>6}   goal: {GOAL_MS} ms")
    for row in rows:
        mark = "  over" if row["ms"] > GOAL_MS else ""
        print(f"{row['page']:<44} {row['ms']:>6} {row['cpu_ms']:>6} {row['most_ms']:>6} {row['kilobytes']:>6}{mark}")


if __name__ == "__main__":
    sys.exit(main())
