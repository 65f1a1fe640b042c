"""`make storm`: all parts on SQLite and, where it can be had, PostgreSQL; a table, JSON, and 1 for a broken promise.

python -m storm --only faults --orders 50 --requests 1000 --on sqlite
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.postgres import NoPostgres, temporary_postgres

PARTS = ("crashes", "faults", "renewals", "presses", "outage", "locks")
NUMBERS = {
    "times": "kills per crash point",
    "orders": "work orders in the storm of faults",
    "firms": "firms, each with a connection of its own",
    "workers": "worker processes",
    "requests": "requests that the storm of faults lasts for",
    "processes": "processes that renew one login",
    "expiries": "times that the login ends",
    "presses": "times that “Sync now” is pressed",
    "hours": "hours that the books are down",
    "users": "people on the pages",
    "seconds": "how long they click",
    "seed": "another seed gives other faults",
}


def main(arguments: Sequence[str]) -> int:
    options = parser().parse_args(arguments)
    sizes = {name: getattr(options, name) for name in NUMBERS if getattr(options, name) is not None}
    sizes["system"] = options.system
    results: list[dict[str, Any]] = []
    well = True
    for name in options.on:
        found, ended_well = RUNS[name](options.only, sizes)
        results += found
        well = well and ended_well
    print_table(results)
    text = json.dumps(results, indent=1, ensure_ascii=False)
    if options.json:
        Path(options.json).write_text(text)
    else:
        print(text)
    return int(not well or not results or not all(each["holds"] for each in results))


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="python -m storm", description=__doc__)
    found.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), metavar="PART", help=", ".join(PARTS))
    found.add_argument(
        "--on", nargs="+", choices=list(RUNS), default=list(RUNS), metavar="DATABASE", help=", ".join(RUNS)
    )
    found.add_argument("--json", help="the file for the results, which are printed otherwise")
    found.add_argument("--system", default="", metavar="KEY", help="the accounting system, by its key")
    for name, text in NUMBERS.items():
        found.add_argument(f"--{name}", type=int, help=text)
    return found


Sizes = dict[str, Any]
Results = tuple[list[dict[str, Any]], bool]


def run_on_sqlite(parts: Sequence[str], sizes: Sizes) -> Results:
    with tempfile.TemporaryDirectory(prefix="fieldledger-storm-") as folder:
        return run_on("SQLite", f"sqlite:///{folder}/storm.sqlite3", parts, sizes)


def run_on_postgres(parts: Sequence[str], sizes: Sizes) -> Results:
    try:
        with temporary_postgres() as server:
            return run_on(server.version, server.url, parts, sizes)
    except NoPostgres as reason:
        print(f"PostgreSQL: skipped. {reason}")
        return [], True


RUNS = {"sqlite": run_on_sqlite, "postgres": run_on_postgres}


def run_on(label: str, url: str, parts: Sequence[str], sizes: Sizes) -> Results:
    """What was measured there, and whether the storm came to its end."""
    print(f"\n=== {label} ===", flush=True)
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        order = json.dumps({"parts": list(parts), "sizes": sizes, "file": file.name})
        environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "storm.settings"}
        code = subprocess.run([sys.executable, "-m", "storm.run", order], env=environment, check=False).returncode
        text = Path(file.name).read_text()
    return [{**each, "database": label} for each in json.loads(text or "[]")], code == 0


def print_table(results: Sequence[dict[str, Any]]) -> None:
    print()
    for each in results:
        verdict = "holds " if each["holds"] else "BROKEN"
        print(f"{verdict}  {each['part']:<9} {each['database']:<18} {each['seconds']:>7.0f} s")
        print("        " + ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in each["figures"].items()))
    print()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
