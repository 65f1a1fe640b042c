"""`make bench`: reads customers on SQLite and PostgreSQL, by the product and by the floor, and compares.

Ratios are of CPU time, of the process and the database together, from the first request to the last commit:
what a running worker spends. Starting a process is listed on its own.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.database_cpu import database_cpu
from tests.postgres import NoPostgres, temporary_postgres

RESULTS = Path(__file__).resolve().parent.parent / "bench-results"
# Name, the product's way of reading, which version the server shows, and the floor's filter.
SCENARIOS = (
    ("full", "full", 0, ""),
    ("unchanged", "full", 0, ""),
    ("1 % changed", "changes", 1, "2025-08-31T23:55:00Z"),
    ("no change", "changes", 1, "2025-09-30T23:55:00Z"),
)
# Below it the clock of the floor says nothing.
SHORTEST_S = 0.1
GOALS = {
    ("PostgreSQL", "full"): 2.5,
    ("PostgreSQL", "unchanged"): 1.2,
    ("SQLite", "full"): 5.0,
    ("SQLite", "unchanged"): 1.3,
}


@dataclass(kw_only=True)
class Measured:
    """One process: CPU of its work with the database's (s), of the database alone, of all; its greatest memory (MB)."""

    work: float
    served: float
    whole: float
    memory: float
    told: dict[str, Any] = field(default_factory=dict)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench ARGS=...", description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=[10_000, 100_000], metavar="N")
    parser.add_argument("--rounds", type=int, default=3, help="the median counts")
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    rows: list[dict[str, Any]] = []
    with page_server(options.records) as server:
        if options.only != "postgresql":
            rows += on_sqlite(server, options.records, options.rounds)
        if options.only != "sqlite":
            rows += on_postgresql(server, options.records, options.rounds)
    show(rows)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "bench.json").write_text(json.dumps(rows, indent=2))
    print(f"\nAlso in {RESULTS / 'bench.json'}\n")
    slow_pages = subprocess.call([sys.executable, "-m", "bench.pages"])
    return int(slow_pages or any(row["ratio"] > row["goal"] for row in rows if row["goal"] and row["ratio"]))


# --- where ----------------------------------------------------------------------------


@contextmanager
def page_server(records: Sequence[int]) -> Iterator[str]:
    """The address of a server of its own process."""
    command = [sys.executable, "-m", "bench.page_server", *map(str, records)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        finally:
            server.terminate()


def on_sqlite(server: str, records: Sequence[int], rounds: int) -> list[dict[str, Any]]:
    rows = []
    for count in records:
        with tempfile.TemporaryDirectory(prefix="fieldledger-bench-") as folder:
            places = [(f"sqlite:///{folder}/product-{n}", f"sqlite:///{folder}/floor-{n}") for n in range(rounds)]
            rows += compare("SQLite", server, count, places)
    return rows


def on_postgresql(server: str, records: Sequence[int], rounds: int) -> list[dict[str, Any]]:
    import psycopg  # noqa: PLC0415

    rows = []
    try:
        with temporary_postgres() as postgres, psycopg.connect(postgres.url, autocommit=True) as connection:
            for count in records:
                names = [(f"product_{count}_{n}", f"floor_{count}_{n}") for n in range(rounds)]
                for name in (name for pair in names for name in pair):
                    connection.execute(f"CREATE DATABASE {name}")
                root = postgres.url.rpartition("/")[0]
                rows += compare("PostgreSQL", server, count, [(f"{root}/{a}", f"{root}/{b}") for a, b in names])
    except NoPostgres as reason:
        print(f"PostgreSQL: skipped. {reason}")
    return rows


# --- what -----------------------------------------------------------------------------


def compare(database: str, server: str, count: int, places: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """One row per scenario, medians over the rounds; product and floor take turns."""
    base = f"{server}/{count}/v2"
    ours: dict[str, list[Measured]] = {}
    floors: dict[str, list[Measured]] = {}
    for product_at, floor_at in places:
        ask(f"{server}/version/0")
        run_product("prepare", base, database=product_at, base=base)
        for name, way, version, since in SCENARIOS:
            ask(f"{server}/version/{version}")
            ask(f"{server}/requests")
            mine = run_product("read", way, database=product_at, base=base)
            mine.told["asked"] = int(ask(f"{server}/requests"))
            ours.setdefault(name, []).append(mine)
            least = run(["bench.floor", base, floor_at, since], {}, database=floor_at)
            floors.setdefault(name, []).append(least)
            print(f"{database} {count} {name}: {mine.work:.2f} s, floor {least.work:.2f} s", file=sys.stderr)
    return [row_of(database, count, name, ours[name], floors[name]) for name, *_ in SCENARIOS]


def run_product(*arguments: str, database: str, base: str) -> Measured:
    environment = {
        "ENV_FILE": "",
        "DEBUG": "false",
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "LOG_LEVEL": "WARNING",
        "SITE_URL": "http://127.0.0.1:8000",
        "SECRET_KEY": "only-for-the-benchmark-0123456789-abcdefghijklmnopqrstuvwxyz",
        "FIELD_ENCRYPTION_KEYS": "b25seS1mb3ItdGVzdHMtMzItYnl0ZXMtb2Yta2V5ISE=",
        "VISMA_EACCOUNTING_API_URL": base,
    }
    return run(["bench.product", *arguments], environment, database=database)


def run(command: Sequence[str], environment: dict[str, str], *, database: str) -> Measured:
    """The process from start to end. What it prints last is what it tells of itself."""
    before = database_cpu(database)
    child = subprocess.Popen(
        [sys.executable, "-m", *command], env=os.environ | environment, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    printed = child.stdout.read().strip()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} failed.")
    served = database_cpu(database) - before
    told = json.loads(printed.splitlines()[-1]) if printed else {}
    whole = usage.ru_utime + usage.ru_stime + served
    memory = usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    return Measured(work=told.get("cpu", 0.0) + served, served=served, whole=whole, memory=memory, told=told)


def ask(url: str) -> str:
    with urllib.request.urlopen(url) as answer:  # noqa: S310  (our own server)
        return str(answer.read().decode())


# --- results ---------------------------------------------------------------------------


def row_of(
    database: str, count: int, name: str, ours: Sequence[Measured], floors: Sequence[Measured]
) -> dict[str, Any]:
    work, least = statistics.median(each.work for each in ours), statistics.median(each.work for each in floors)
    last = ours[-1].told
    return {
        "database": database,
        "records": count,
        "scenario": name,
        "cpu": round(work, 2),
        "of_it_database": round(statistics.median(each.served for each in ours), 2),
        "floor_cpu": round(least, 2),
        "of_floor_database": round(statistics.median(each.served for each in floors), 2),
        "ratio": round(work / least, 2) if least > SHORTEST_S else None,
        "goal": GOALS.get((database, name)),
        "records_per_second": round(last["read"] / last["seconds"]) if last["seconds"] else 0,
        "seconds": last["seconds"],
        "statements_per_page": last["statements_per_page"],
        "requests": last["asked"],
        "peak_mb": round(max(each.memory for each in ours), 1),
        "start_cpu": round(statistics.median(each.whole - each.work for each in ours), 2),
        "counted": {key: last[key] for key in ("read", "created", "updated", "unchanged")},
    }


def show(rows: Sequence[dict[str, Any]]) -> None:
    columns = (
        ("database", "database"),
        ("records", "records"),
        ("scenario", "scenario"),
        ("cpu", "CPU s"),
        ("of_it_database", "of it db"),
        ("floor_cpu", "floor"),
        ("of_floor_database", "of it db"),
        ("ratio", "ratio"),
        ("goal", "goal"),
        ("records_per_second", "rec/s"),
        ("statements_per_page", "SQL/page"),
        ("requests", "requests"),
        ("peak_mb", "MB"),
        ("start_cpu", "start s"),
    )
    table = [[title for _, title in columns]]
    table += [["" if row[key] is None else str(row[key]) for key, _ in columns] for row in rows]
    widths = [max(len(line[n]) for line in table) for n in range(len(columns))]
    for line in table:
        print(
            "  ".join(
                cell.ljust(width) if n < 3 else cell.rjust(width)
                for n, (cell, width) in enumerate(zip(line, widths, strict=True))
            )
        )


if __name__ == "__main__":
    sys.exit(main())
