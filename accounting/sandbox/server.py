"""Serves the stand-ins on this machine: in the foreground, or beside a test."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from waitress import wasyncore
from waitress.server import create_server

from accounting.sandbox.control import with_control
from accounting.sandbox.stage import Stage
from accounting.sandbox.stand_in import StandIn

# A page of a thousand records stays in memory instead of in waitress' temporary file.
IN_MEMORY = 64 << 20


class NotLoopback(ValueError):
    """Stand-ins have no real passwords and a control desk for everybody: they are for this machine alone."""


def run(stage: Stage, *, host: str = "127.0.0.1", port: int = 8765) -> None:
    """Serves until interrupted. Raises NotLoopback, and OSError when the port is taken."""
    open_server(stage, host=require_loopback(host), port=port).run()


def require_loopback(host: str) -> str:
    """The address, if it is one that only this machine can reach."""
    if host == "localhost":
        return "127.0.0.1"
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise NotLoopback(f"{host} can be reached from other machines. The stand-ins serve 127.0.0.1 only.")
    return host


@contextmanager
def serve(*on_stage: StandIn | Stage, port: int = 0) -> Iterator[str]:
    """The base address, e.g. `http://127.0.0.1:40123`, with a server behind it as long as the block lasts.

    Give a Stage to keep hold of its journal and faults, or just the stand-ins.
    """
    first = on_stage[0]
    stage = first if isinstance(first, Stage) else Stage(*[each for each in on_stage if not isinstance(each, Stage)])
    server = open_server(stage, host="127.0.0.1", port=port)
    with running(server):
        try:
            yield f"http://127.0.0.1:{server.effective_port}"
        finally:
            stage.release()


@contextmanager
def running(server: Any) -> Iterator[None]:
    """A waitress server at work in a thread of its own as long as the block lasts."""
    thread = Thread(target=server.run, name="server", daemon=True)
    thread.start()
    try:
        yield
    finally:
        close_in_its_thread(server)
        thread.join(10)
        server.task_dispatcher.shutdown()


def close_in_its_thread(server: Any) -> None:
    """The server's loop ends, because nothing is open any more.

    As `pull_trigger` does it, but for the lock around both: a request that ends at this moment wakes the loop too,
    which would close the pipe before we write into it.
    """
    with server.trigger.lock:
        server.trigger.thunks.append(lambda: wasyncore.close_all(server._map))
        server.trigger._physical_pull()


def open_server(stage: Stage, *, host: str, port: int) -> Any:
    """A waitress server that already listens; its type stubs leave out what we need of it."""
    return create_server(
        with_control(stage),
        host=host,
        port=port,
        threads=8,
        outbuf_overflow=IN_MEMORY,
        inbuf_overflow=IN_MEMORY,
        ident="stand-in",
    )
