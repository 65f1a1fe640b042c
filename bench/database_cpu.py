"""The CPU time that a PostgreSQL server has used since it started, all its processes together."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import psycopg


def database_cpu(url: str) -> float:
    """Seconds; 0 for SQLite, whose work is that of its process, and where there is no /proc."""
    if not url.startswith("postgres") or not Path("/proc/self/stat").exists():
        return 0.0
    root = postmaster(url)
    parts = stat_of(root)
    # Its own, its ended children's, and those that live.
    ticks = sum(int(parts[place]) for place in (11, 12, 13, 14))
    for folder in Path("/proc").glob("[0-9]*"):
        other = stat_of(int(folder.name))
        if other and int(other[1]) == root:
            ticks += int(other[11]) + int(other[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@cache
def postmaster(url: str) -> int:
    with psycopg.connect(url) as connection:
        return int(stat_of(connection.info.backend_pid)[1])


def stat_of(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat behind the name; nothing for a process that is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return []
