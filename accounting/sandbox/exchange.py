"""One request and its answer on their way through the stand-ins, and how to hang up on a client for real."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, NoReturn
from wsgiref.types import StartResponse, WSGIEnvironment

from waitress.channel import ClientDisconnected

WSGI = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]
Headers = list[tuple[str, str]]
LONG = 1 << 16


@dataclass(slots=True)
class Answer:
    """A complete answer, kept in memory so that a fault can replace or cut it."""

    status: str
    headers: Headers
    body: bytes = field(repr=False)

    @property
    def code(self) -> int:
        return int(self.status[:3])

    def set_body(self, body: bytes, content_type: str = "") -> None:
        """Another body, with the headers that describe it."""
        self.body = body
        gone = {"content-length", "content-type"} if content_type else {"content-length"}
        self.headers = [pair for pair in self.headers if pair[0].lower() not in gone]
        self.headers.append(("Content-Length", str(len(body))))
        if content_type:
            self.headers.append(("Content-Type", content_type))


def read_body(environ: WSGIEnvironment) -> bytes:
    """The request's body; the stand-in can still read it afterwards."""
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = BytesIO(body)
    return body


def call(app: WSGI, environ: WSGIEnvironment) -> Answer:
    """What `app` answers, with nothing sent yet."""
    started: list[tuple[str, Headers]] = []

    def start_response(status: str, headers: Headers, exc_info: Any = None, /) -> Callable[[bytes], object]:
        started.append((status, headers))
        return lambda data: None

    chunks = app(environ, start_response)
    body = b"".join(chunks)
    close = getattr(chunks, "close", None)
    if close is not None:
        close()
    status, headers = started[-1]
    return Answer(status, list(headers), body)


def send(answer: Answer, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Sends the answer. A long one as a file, which waitress does not copy into its own buffer first."""
    start_response(answer.status, answer.headers)
    wrapper = environ.get("wsgi.file_wrapper")
    if wrapper is None or len(answer.body) < LONG:
        return [answer.body]
    file: Iterable[bytes] = wrapper(BytesIO(answer.body))
    return file


def send_part(
    answer: Answer, size: int, environ: WSGIEnvironment, start_response: StartResponse, *, reset: bool
) -> Iterator[bytes]:
    """The head and `size` bytes of the body; then the connection is gone although more was promised."""
    start_response(answer.status, answer.headers)
    if size:
        yield answer.body[:size]
    hang_up(environ, reset=reset)


def hang_up(environ: WSGIEnvironment, *, reset: bool) -> NoReturn:
    """Closes the client's connection without (further) answer: FIN, or RST with `reset`.

    waitress takes ClientDisconnected for "nobody is listening": it sends nothing more and closes
    the socket. With a linger time of zero the kernel turns that close into a reset.
    """
    disconnected = environ.get("waitress.client_disconnected")
    if reset and disconnected is not None:
        abort = struct.pack("ii", 1, 0)
        disconnected.__self__.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, abort)
    raise ClientDisconnected
