"""`python -m bench.systems`: the same number of records read from every accounting system's stand-in, on SQLite.

What counts is CPU time per record of this side, the database included, against the first system's of the same run.
The stand-ins run in processes of their own.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from accounting.sandbox import Options, find_stand_ins

RESULTS = Path(__file__).resolve().parent.parent / "bench-results"
LARGE = ("customers", "articles", "sales_orders")
GOAL = 1.5


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.systems", description=__doc__)
    parser.add_argument("--records", type=int, default=100_000, metavar="N", help="customers, and articles")
    parser.add_argument("--orders", type=int, default=10_000, metavar="N", help="sales orders")
    parser.add_argument("--only", nargs="+", metavar="KEY")
    options = parser.parse_args()
    keys = options.only or [each.key for each in find_stand_ins(Options())]
    # The first system's figures are what the others are held against.
    keys.sort(key=lambda key: key != "visma_eaccounting")
    told = {key: read_everything(key, options.records, options.orders) for key in keys}
    rows = list(rows_of(told))
    show(rows)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "systems.json").write_text(json.dumps(told, indent=2))
    return int(any(row["ratio"] > GOAL for row in rows))


def read_everything(key: str, count: int, orders: int) -> dict[str, Any]:
    with stand_in(key, count, orders) as there, tempfile.TemporaryDirectory(prefix="fieldledger-bench-") as folder:
        environment = {
            **there["environment"],
            "ENV_FILE": "",
            "DEBUG": "false",
            "DATABASE_URL": f"sqlite:///{folder}/reader.sqlite3",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "LOG_LEVEL": "WARNING",
            "SITE_URL": "http://127.0.0.1:8000",
            "SECRET_KEY": "only-for-the-benchmark-0123456789-abcdefghijklmnopqrstuvwxyz",
            "FIELD_ENCRYPTION_KEYS": "b25seS1mb3ItdGVzdHMtMzItYnl0ZXMtb2Yta2V5ISE=",
        }
        command = [sys.executable, "-m", "bench.reader", key, there["base"]]
        done = subprocess.run(command, env=os.environ | environment, stdout=subprocess.PIPE, text=True, check=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(f"{key}: {told['memory_mb']} MB", file=sys.stderr)
    return told


@contextmanager
def stand_in(key: str, count: int, orders: int) -> Iterator[dict[str, Any]]:
    """Its address and variables, as long as the block lasts."""
    command = [sys.executable, "-m", "bench.stand_in", key, str(count), str(orders)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield json.loads(server.stdout.readline())
        finally:
            server.terminate()


def rows_of(told: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    first = next(iter(told.values()))["streams"]
    for stream in LARGE:
        for key, each in told.items():
            figures = each["streams"][stream]
            micro = 1e6 * figures["cpu"] / max(figures["records"], 1)
            yield {
                "stream": stream,
                "system": key,
                **figures,
                "us_per_record": round(micro, 1),
                "ratio": round(micro / (1e6 * first[stream]["cpu"] / max(first[stream]["records"], 1)), 2),
                "memory_mb": each["memory_mb"],
            }


def show(rows: Sequence[dict[str, Any]]) -> None:
    table = [list(rows[0]), *([str(value) for value in row.values()] for row in rows)]
    widths = [max(len(line[n]) for line in table) for n in range(len(table[0]))]
    for line in table:
        print("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)))


if __name__ == "__main__":
    sys.exit(main())
