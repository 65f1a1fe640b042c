"""A server of bytes on this machine, for what a well-behaved server never does."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread


@dataclass
class Wire:
    """`url` to talk to; `heads` are the request heads that arrived, one connection after the other."""

    url: str
    heads: list[bytes] = field(default_factory=list)


Act = Callable[[socket.socket], None]


@contextmanager
def wire(*acts: Act) -> Iterator[Wire]:
    """Serves one connection per act, after its request has arrived; the last act serves all later ones."""
    listener = socket.create_server(("127.0.0.1", 0))
    served = Wire(f"http://127.0.0.1:{listener.getsockname()[1]}")
    closing = Event()

    def serve() -> None:
        for number in range(1000):
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            if closing.is_set():
                return
            with connection:
                served.heads.append(connection.recv(65536))
                acts[min(number, len(acts) - 1)](connection)

    thread = Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        closing.set()
        socket.create_connection(listener.getsockname()).close()
        listener.close()
        thread.join(5)


def say(*parts: bytes) -> Act:
    """Sends the bytes and closes."""
    return lambda connection: connection.sendall(b"".join(parts))


def answer(body: bytes, *, status: str = "200 OK", promised: int | None = None, more: bytes = b"") -> Act:
    """An HTTP answer; `promised` is the length it claims to have."""
    length = len(body) if promised is None else promised
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n".encode()
    return say(head, more, b"\r\n", body)


def reset(connection: socket.socket) -> None:
    """Goes away with a reset instead of an answer."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def keep_silent(connection: socket.socket) -> None:
    """Says nothing until the client gives up."""
    connection.settimeout(5)
    try:
        connection.recv(1)
    except OSError:
        return


def closed_port() -> str:
    """An address at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"
