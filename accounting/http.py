"""The only door to the network besides `login.py`: one request and its answer, whatever the network does.

Nothing is repeated here. `client.py` signs, repeats reads and says what an answer means.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from accounting.addresses import checked_url
from accounting.answers import Breakdown
from accounting.errors import TryLater

__all__ = [
    "NetworkForbidden",
    "Reply",
    "Signature",
    "checked_url",
    "exchange",
    "forbid_when",
    "new_session",
    "ping",
    "post_pinned",
    "refuse_writes_when",
    "request",
]

CONNECT_TIMEOUT_S = 5.0
READ_TIMEOUT_S = 30.0
READ_DEADLINE_S = 60.0
WRITE_DEADLINE_S = 45.0
LARGEST_BODY = 20 * 2**20

# Its debug lines hold the query, and a query can name a customer.
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)


# --- when ----------------------------------------------------------------------


class NetworkForbidden(RuntimeError):
    """A bug of ours: the network is not to be used here, for instance inside a database transaction."""


def nothing_forbids() -> str | None:
    return None


forbid_when: Callable[[], str | None] = nothing_forbids
"""Why the network may not be used right now, or None. The application installs its own."""


refuse_writes_when: Callable[[], str | None] = nothing_forbids
"""Why the books may only be read right now, or None. Asked before everything that is not a GET: writes, and the
granting, renewing and returning of logins."""


# --- one exchange --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole answer, of whatever status."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def exchange(
    session: requests.Session,
    request: requests.Request,
    *,
    seconds: float,
    clock: Callable[[], float] = time.monotonic,
) -> Reply | Breakdown:
    """One request and its answer, read to the end within `seconds`. Redirects are answers, not followed.

    Never raises for what the network does. Raises NetworkForbidden, and TryLater for what may not be written now.
    """
    if reason := forbid_when():
        raise NetworkForbidden(reason)
    if request.method != "GET" and (reason := refuse_writes_when()):
        raise TryLater(reason)
    deadline = clock() + seconds
    timeout = (min(CONNECT_TIMEOUT_S, seconds), min(READ_TIMEOUT_S, seconds))
    try:
        prepared = session.prepare_request(request)
        with session.send(prepared, stream=True, allow_redirects=False, timeout=timeout) as response:
            body = _read_body(response, deadline, clock)
            return body if isinstance(body, Breakdown) else Reply(response.status_code, response.headers, body)
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        return _breakdown(error)


def _read_body(response: requests.Response, deadline: float, clock: Callable[[], float]) -> bytes | Breakdown:
    """The decompressed body. `read1` returns what is there already, so that a trickle meets the deadline."""
    body = bytearray()
    while chunk := response.raw.read1(2**16, decode_content=True):
        body += chunk
        if len(body) > LARGEST_BODY:
            return Breakdown.TOO_LARGE
        if clock() > deadline:
            return Breakdown.SLOW
    return bytes(body)


def _breakdown(error: Exception) -> Breakdown:
    not_sent = (requests.ConnectTimeout, requests.exceptions.InvalidHeader, requests.exceptions.InvalidURL)
    if isinstance(error, not_sent) or any(isinstance(each, NewConnectionError) for each in _causes(error)):
        return Breakdown.NOT_SENT
    if isinstance(error, (requests.Timeout, urllib3.exceptions.TimeoutError)):
        return Breakdown.SLOW
    if isinstance(error, urllib3.exceptions.DecodeError):
        return Breakdown.GARBLED
    return Breakdown.RESET


def _causes(error: BaseException) -> list[object]:
    """The error and what it wraps: requests keeps urllib3's error as an argument, which keeps its reason."""
    wrapped = error.args[0] if error.args else None
    return [error, wrapped, getattr(wrapped, "reason", None)]


# --- sessions ------------------------------------------------------------------


class _Connection(HTTPSConnection):
    def connect(self) -> None:
        """Says of a failed TLS handshake what urllib3 says of a refused connection: nothing was sent."""
        try:
            super().connect()
        except OSError as error:
            raise NewConnectionError(self, "TLS handshake failed") from error


class _ConnectionPool(HTTPSConnectionPool):
    ConnectionCls = _Connection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **keywords: Any) -> None:
        super().init_poolmanager(*args, **keywords)
        self.poolmanager.pool_classes_by_scheme = {"http": HTTPConnectionPool, "https": _ConnectionPool}


Session = requests.Session
SessionT = TypeVar("SessionT", bound=requests.Session)


def isolated(session: SessionT) -> SessionT:
    """The session, taking nothing from its surroundings: no proxy, no .netrc, no other certificates."""
    session.trust_env = False
    session.headers.update({"Accept": "application/json", "User-Agent": "Fieldledger"})
    session.mount("https://", _Adapter())
    session.mount("http://", _Adapter())
    return session


def new_session() -> requests.Session:
    return isolated(requests.Session())


# --- addresses that are no accounting system's -----------------------------------


class _Pinned(_Adapter):
    """Speaks with one machine in the name of a host, whose certificate that machine must show."""

    def __init__(self, host: str) -> None:
        self._host = host
        super().__init__()

    def init_poolmanager(self, *args: Any, **keywords: Any) -> None:
        super().init_poolmanager(*args, server_hostname=self._host, **keywords)


def post_pinned(
    url: str, address: str, body: bytes, headers: Mapping[str, str], *, seconds: float
) -> Reply | Breakdown:
    """One POST for the host of `url` to the machine at `address`, an IP address that the caller has checked.

    The name is not looked up again, so it cannot come to mean another machine meanwhile.
    """
    parts = urlsplit(url)
    machine = f"[{address}]" if ":" in address else address
    netloc = f"{machine}:{parts.port}" if parts.port else machine
    with new_session() as session:
        session.mount("https://", _Pinned(parts.hostname or ""))
        # Without the user part, if there is one: a login in an address is sent to nobody.
        host = parts.netloc.rpartition("@")[2]
        there = urlunsplit(parts._replace(netloc=netloc))
        return exchange(
            session, requests.Request("POST", there, headers={**headers, "Host": host}, data=body), seconds=seconds
        )


def ping(url: str, *, seconds: float) -> Reply | Breakdown:
    """One unsigned GET of an address that the installation names, for the sake of having asked."""
    with new_session() as session:
        return exchange(session, requests.Request("GET", checked_url(url)), seconds=seconds)


# --- signed requests -------------------------------------------------------------


class Signature(requests.auth.AuthBase):
    """Puts the login on a request, and shows it nowhere else."""

    def __init__(self, token: str, headers_for: Callable[[str], Mapping[str, str]]) -> None:
        self.token = token
        self._headers_for = headers_for

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        headers = self._headers_for(self.token)
        # http.client would refuse it too, and print it.
        if not all(re.fullmatch(r"[!-~]+( [!-~]+)*", value) for value in headers.values()):
            raise requests.exceptions.InvalidHeader
        request.headers.update(headers)
        return request


def request(
    method: str, url: str, *, headers: Mapping[str, str], body: bytes | None, signature: Signature
) -> requests.Request:
    """A request to be exchanged; the login is put on it only when it leaves."""
    return requests.Request(method, url, headers=dict(headers), data=body, auth=signature)
