"""The only door to the network besides `login.py`: a signed-in client for one API.

Reads are repeated a few times, writes never, at any layer. What went wrong comes out as
one of the classes of `errors.py`; no error and no log line holds a token, a body or a query.
"""

from __future__ import annotations

import logging
import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from accounting.addresses import checked_path, checked_url
from accounting.answers import (
    AGAINST_DOCUMENTATION,
    Answer,
    Breakdown,
    Cell,
    ErrorDetail,
    Malformed,
    Misshapen,
    ReadError,
    breakdown_error,
    decode,
    encode,
    error_of,
    make_error,
)
from accounting.errors import AccountingError, ReconnectNeeded, TryLater
from accounting.protocol import Access
from accounting.types import gettext_noop

__all__ = ["Client", "NetworkForbidden", "checked_url", "exchange", "forbid_when", "new_session", "refuse_writes_when"]

T = TypeVar("T")

CONNECT_TIMEOUT_S = 5.0
READ_TIMEOUT_S = 30.0
READ_DEADLINE_S = 60.0
WRITE_DEADLINE_S = 45.0
LARGEST_BODY = 20 * 2**20
READ_PAUSES_S = (0.5, 1.0)
LONGEST_OWN_WAIT = timedelta(seconds=5)
REPEATED_STATUSES = frozenset({502, 503, 504})
REPEATED_BREAKDOWNS = frozenset({Breakdown.NOT_SENT, Breakdown.RESET})

log = logging.getLogger(__name__)
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


# --- the client ----------------------------------------------------------------


class _Signature(requests.auth.AuthBase):
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


@dataclass(frozen=True, slots=True)
class _Call:
    method: str
    path: str
    url: str
    signature: _Signature
    headers: Mapping[str, str]
    body: bytes | None = None


def bearer(token: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {token}"}


def no_shape(status: int, body: bytes) -> ErrorDetail | None:
    return None


def outcome_of(reply: Reply | Breakdown) -> int | str:
    return reply.status if isinstance(reply, Reply) else reply.value


class Client:
    """One API at one address, signed in. `requests` counts what was sent.

    `read_error` recognises the provider's error bodies, `table` overrules the status table,
    `sign` turns the token into headers.
    """

    def __init__(
        self,
        base_url: str,
        access: Access,
        *,
        read_error: ReadError = no_shape,
        table: Mapping[int, Cell] | None = None,
        sign: Callable[[str], Mapping[str, str]] = bearer,
        headers: Mapping[str, str] | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.requests = 0
        self._base = checked_url(base_url)
        self._access = access
        self._read_error = read_error
        self._table = table or {}
        self._sign = sign
        self._headers = headers or {}
        self._clock = clock
        self._sleep = sleep
        self._session = new_session()
        self._renewed = ""

    def get(self, path: str, into: type[T], *, params: Mapping[str, str] | None = None) -> Answer[T]:
        """The answer as `into`. Tried up to three times; a refused token is renewed once."""
        call = self._call("GET", path, params)
        deadline = self._clock() + READ_DEADLINE_S
        pauses = iter(READ_PAUSES_S)
        while True:
            reply = self._send(self._session, call, deadline - self._clock())
            if isinstance(reply, Reply) and reply.status == 401:
                call = self._signed_anew(call)
                reply = self._send(self._session, call, deadline - self._clock())
            result, again = self._understood(reply, into, is_write=False)
            if isinstance(result, Answer):
                return result
            pause = next(pauses, None)
            if pause is None or not again:
                raise result
            self._sleep(self._own_wait(result, pause))

    def post(
        self,
        path: str,
        body: object,
        into: type[T],
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer[T]:
        """The created object as `into`. One request, never repeated. Raises Unclear when its outcome is unknown."""
        return self._write(self._call("POST", path, params, headers, body), into)

    def put(
        self,
        path: str,
        body: object,
        into: type[T],
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer[T]:
        """The object after it was replaced; otherwise like `post`."""
        return self._write(self._call("PUT", path, params, headers, body), into)

    def delete(self, path: str, *, headers: Mapping[str, str] | None = None) -> None:
        """Nothing, once it is gone; otherwise like `post`."""
        self._write(self._call("DELETE", path, None, headers), bytes)

    def _write(self, call: _Call, into: type[T]) -> Answer[T]:
        # A kept connection may die while we write, and then nobody knows whether the write arrived.
        with new_session() as session:
            reply = self._send(session, call, WRITE_DEADLINE_S)
        if isinstance(reply, Reply) and reply.status == 401:
            self._signed_anew(call)
            raise TryLater(gettext_noop("The login was renewed; this goes out next."), after=timedelta(0), status=401)
        result, _ = self._understood(reply, into, is_write=True)
        if isinstance(result, Answer):
            return result
        raise result

    def _call(
        self,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: object = None,
    ) -> _Call:
        query = f"?{urlencode(params, safe='$', quote_via=quote)}" if params else ""
        return _Call(
            method,
            path,
            f"{self._base}/{checked_path(path)}{query}",
            _Signature(self._access.token(), self._sign),
            {**self._headers, **(headers or {}), **({} if body is None else {"Content-Type": JSON})},
            None if body is None else encode(body),
        )

    def _signed_anew(self, call: _Call) -> _Call:
        """The call with a renewed token. Raises ReconnectNeeded when the refused one had just been renewed."""
        refused = call.signature.token
        if refused == self._renewed:
            raise ReconnectNeeded(gettext_noop("A login that was just renewed is refused. Sign in again."), status=401)
        self._renewed = self._access.renew(refused)
        return replace(call, signature=_Signature(self._renewed, self._sign))

    def _send(self, session: requests.Session, call: _Call, seconds: float) -> Reply | Breakdown:
        self.requests += 1
        started = self._clock()
        request = requests.Request(call.method, call.url, dict(call.headers), data=call.body, auth=call.signature)
        reply = exchange(session, request, seconds=max(seconds, 0.001), clock=self._clock)
        took_ms = (self._clock() - started) * 1000
        log.info("%s %s: %s in %.0f ms%s", call.method, call.path, outcome_of(reply), took_ms, self._error_id(reply))
        return reply

    def _error_id(self, reply: Reply | Breakdown) -> str:
        """What the vendor's support asks for, to be said at the end of a line."""
        if isinstance(reply, Breakdown) or reply.status < 400:
            return ""
        detail = self._read_error(reply.status, reply.body)
        return f", error id {detail.error_id}" if detail and detail.error_id else ""

    def _understood(
        self, reply: Reply | Breakdown, into: type[T], *, is_write: bool
    ) -> tuple[Answer[T] | AccountingError, bool]:
        """What the reply means, and whether a read may be tried again."""
        if isinstance(reply, Breakdown):
            return breakdown_error(reply, is_write=is_write), reply in REPEATED_BREAKDOWNS
        if reply.status // 100 != 2:
            return self._failure(reply, is_write=is_write)
        misread = AGAINST_DOCUMENTATION.write if is_write else AGAINST_DOCUMENTATION.read
        kind = reply.headers.get("Content-Type", "json")
        if is_write and reply.body and "json" not in kind.lower():
            return make_error(misread, reply.status, ErrorDetail()), False
        try:
            value = decode(reply.body, into)
        except (Malformed, Misshapen) as error:
            return make_error(misread, reply.status, ErrorDetail()), isinstance(error, Malformed)
        return Answer(value=value, status=reply.status, headers=reply.headers), False

    def _failure(self, reply: Reply, *, is_write: bool) -> tuple[AccountingError, bool]:
        error = error_of(
            reply.status,
            reply.body,
            reply.headers,
            is_write=is_write,
            read_error=self._read_error,
            table=self._table,
        )
        wait = error.after if isinstance(error, TryLater) else None
        soon = wait is None or wait <= LONGEST_OWN_WAIT
        return error, soon and (reply.status in REPEATED_STATUSES or reply.status == 429)

    def _own_wait(self, error: AccountingError, pause: float) -> float:
        """Seconds: what the books asked for, else the pause with some jitter."""
        if isinstance(error, TryLater) and error.after:
            return error.after.total_seconds()
        return pause * random.uniform(0.5, 1)  # noqa: S311  (spreads the load, guards nothing)


JSON = "application/json;charset=UTF-8"
