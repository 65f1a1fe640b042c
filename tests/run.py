"""Runs the tests on every database that can be had here: `python -m tests.run [pytest options]`.

SQLite always, with all tests. PostgreSQL with the tests that use a database: at TEST_DATABASE_URL, else in
a server started for this session. The last lines say what ran where, what did not, and why.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.postgres import NoPostgres, temporary_postgres

# Tests wait about half of their time: for a browser, a disk, a process that begins.
WORKERS = min(4, 2 * (os.cpu_count() or 1))
ON_A_SECOND_DATABASE = ("-m", "database and not browser and not long")


NOTHING_COLLECTED = 5


def main(options: Sequence[str]) -> int:
    # So that the database server is stopped on the way out.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with compiled_once():
        results = [run_on("SQLite", url="", options=options)]
        if url := os.environ.get("TEST_DATABASE_URL", ""):
            results.append(run_on("TEST_DATABASE_URL", url=url, options=[*options, *ON_A_SECOND_DATABASE]))
        else:
            results.append(run_on_temporary_postgres(options))
    print("\nDatabases")
    for _, line in results:
        print(f"  {line}")
    return int(not all(well for well, _ in results))


@contextmanager
def compiled_once() -> Iterator[None]:
    """Where this computer keeps no compiled modules, they are kept as long as the tests run: each of the many processes
    would otherwise compile everything again, which takes longer than most of them live."""
    if not os.environ.get("PYTHONDONTWRITEBYTECODE"):
        yield
        return
    with tempfile.TemporaryDirectory(prefix="fieldledger-compiled-") as folder:
        del os.environ["PYTHONDONTWRITEBYTECODE"]
        os.environ["PYTHONPYCACHEPREFIX"] = folder
        yield


def run_on_temporary_postgres(options: Sequence[str]) -> tuple[bool, str]:
    try:
        with temporary_postgres() as server:
            return run_on(server.version, url=server.url, options=[*options, *ON_A_SECOND_DATABASE])
    except NoPostgres as reason:
        return True, f"PostgreSQL: skipped. {reason} Set TEST_DATABASE_URL to run on a server of yours."


def run_on(database: str, *, url: str, options: Sequence[str]) -> tuple[bool, str]:
    """Whether all tests passed there, and the sentence that says so."""
    print(f"\n=== {database} ===", flush=True)
    started = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-n", str(WORKERS), *options]
    code = subprocess.run(command, env=os.environ | {"TEST_DATABASE_URL": url}, check=False).returncode
    if code == NOTHING_COLLECTED and url and named_tests(options):
        return True, f"{database}: none of these tests uses a database"
    verdict = "passed" if code == 0 else "FAILED" if code == 1 else f"FAILED (pytest ended with {code})"
    return code == 0, f"{database}: {verdict} in {time.monotonic() - started:.0f} s"


def named_tests(options: Sequence[str]) -> bool:
    """Whether only some tests were asked for."""
    return tuple(options) != ON_A_SECOND_DATABASE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
