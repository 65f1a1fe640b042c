"""A PostgreSQL server that lives as long as a test session: own folder, free loopback port, gone afterwards."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from glob import glob
from pathlib import Path
from typing import Any

INSTALLED_IN = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)
# A crash of the machine may lose this server: that makes it several times faster.
SERVER_OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses=127.0.0.1"


class NoPostgres(Exception):
    """Why there is no server, as a sentence."""


@dataclass(frozen=True, kw_only=True)
class Server:
    url: str
    version: str


@contextmanager
def temporary_postgres() -> Iterator[Server]:
    """A running server. Raises NoPostgres."""
    programs = find_programs()
    user = server_user()
    folder = Path(tempfile.mkdtemp(prefix="fieldledger-postgres-"))
    try:
        if user:
            shutil.chown(folder, user.pw_uid, user.pw_gid)
        with started_server(programs, folder=folder, user=user) as server:
            yield server
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def find_programs() -> Path:
    """The folder that holds initdb and pg_ctl, of the newest version. Distributions keep them out of PATH."""
    installed = [Path(folder) for pattern in INSTALLED_IN for folder in glob(pattern)]
    on_path = shutil.which("initdb")
    # What is in PATH may be a link or a wrapper that does not find its own files: the real folders come first.
    for folder in [
        *sorted(installed, key=version_in, reverse=True),
        *([Path(on_path).resolve().parent] if on_path else []),
    ]:
        if all(os.access(folder / program, os.X_OK) for program in ("initdb", "pg_ctl")):
            return folder
    raise NoPostgres("Its programs initdb and pg_ctl were not found.")


def version_in(folder: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", str(folder))]


def server_user() -> pwd.struct_passwd | None:
    """Who the server runs as: PostgreSQL refuses root, so root hands over to somebody with fewer rights."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NoPostgres("It refuses to run as root, and there is no other user to run it as.")


@contextmanager
def started_server(programs: Path, *, folder: Path, user: pwd.struct_passwd | None) -> Iterator[Server]:
    data, port = str(folder / "data"), free_port()
    initdb, pg_ctl = str(programs / "initdb"), str(programs / "pg_ctl")
    options = f"-p {port} -k {folder} {SERVER_OPTIONS}"
    start = [pg_ctl, "-D", data, "-l", f"{folder}/log", "-o", options, "-w", "start"]
    must([initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"], folder=folder, user=user)
    must(start, folder=folder, user=user)
    try:
        version = must([pg_ctl, "--version"], folder=folder, user=user).rpartition(") ")[2].split()[0]
        yield Server(url=f"postgres://postgres@127.0.0.1:{port}/postgres", version=f"PostgreSQL {version}")
    finally:
        code, text = run([pg_ctl, "-D", data, "-m", "immediate", "-w", "stop"], folder=folder, user=user)
        if code:
            print(f"The PostgreSQL server in {folder} did not stop: {text}", file=sys.stderr)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def must(command: Sequence[str], *, folder: Path, user: pwd.struct_passwd | None) -> str:
    """What the program printed. Raises NoPostgres when it could not run or failed."""
    try:
        code, text = run(command, folder=folder, user=user)
    except OSError as error:
        raise NoPostgres(f"{Path(command[0]).name} could not be started: {error}.") from error
    if code:
        raise NoPostgres(f"{Path(command[0]).name} failed: {text[-300:]}")
    return text


def run(command: Sequence[str], *, folder: Path, user: pwd.struct_passwd | None) -> tuple[int, str]:
    """Exit code and output. Runs in the server's folder, because its user may not enter ours."""
    as_user: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    # Output goes to a file: the server inherits it, and a pipe would stay open as long as the server lives.
    with tempfile.TemporaryFile("w+") as output:
        code = subprocess.run(
            command,
            cwd=folder,
            # C.UTF-8 compares and folds letters like å the same way on every machine.
            env=os.environ | {"LC_ALL": "C.UTF-8"},
            stdout=output,
            stderr=output,
            check=False,
            **as_user,
        ).returncode
        output.seek(0)
        return code, " ".join(output.read().split())
