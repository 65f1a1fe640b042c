"""A signed-in client for one API.

Reads are repeated a few times, writes never, at any layer. What went wrong comes out as one of the classes
of `errors.py`; no error and no log line holds a token, a body or a query.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TypeVar
from urllib.parse import quote, urlencode
from uuid import uuid4

from accounting import http
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
from accounting.http import Reply, Signature
from accounting.protocol import Access
from accounting.types import gettext_noop

T = TypeVar("T")

JSON = "application/json;charset=UTF-8"
READ_PAUSES_S = (0.5, 1.0)
LONGEST_OWN_WAIT = timedelta(seconds=5)
REPEATED_STATUSES = frozenset({502, 503, 504})
REPEATED_BREAKDOWNS = frozenset({Breakdown.NOT_SENT, Breakdown.RESET})

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Upload:
    """A body that is no JSON."""

    content_type: str
    data: bytes = field(repr=False)


def form_with_file(name: str, data: bytes) -> Upload:
    """A PDF as a form with one part, `file`. Its name is of plain letters, so it needs no quoting."""
    boundary = f"file-{uuid4().hex}"
    head = (
        f"--{boundary}\r\n"
        f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    body = head.encode() + data + f"\r\n--{boundary}--\r\n".encode()
    return Upload(f"multipart/form-data; boundary={boundary}", body)


@dataclass(frozen=True, slots=True)
class _Call:
    method: str
    path: str
    url: str
    signature: Signature
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
    `sign` turns the token into headers. `id_header` is where the vendor names each request, for its support.
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
        id_header: str = "",
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
        self._id_header = id_header
        self._clock = clock
        self._sleep = sleep
        self._session = http.new_session()
        self._renewed = ""

    def get(self, path: str, into: type[T], *, params: Mapping[str, str] | None = None) -> Answer[T]:
        """The answer as `into`. Tried up to three times; a refused token is renewed once."""
        call = self._call("GET", path, params)
        deadline = self._clock() + http.READ_DEADLINE_S
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

    def patch(
        self,
        path: str,
        body: object,
        into: type[T],
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer[T]:
        """The answer after some members were changed; otherwise like `post`."""
        return self._write(self._call("PATCH", path, params, headers, body), into)

    def delete(
        self, path: str, *, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer[bytes]:
        """The answer, once it is gone; otherwise like `post`."""
        return self._write(self._call("DELETE", path, params, headers), bytes)

    def _write(self, call: _Call, into: type[T]) -> Answer[T]:
        # A kept connection may die while we write, and then nobody knows whether the write arrived.
        with http.new_session() as session:
            reply = self._send(session, call, http.WRITE_DEADLINE_S)
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
        content = body if isinstance(body, Upload) or body is None else Upload(JSON, encode(body))
        query = f"?{urlencode(params, safe='$', quote_via=quote)}" if params else ""
        return _Call(
            method,
            path,
            f"{self._base}/{checked_path(path)}{query}",
            Signature(self._access.token(), self._sign),
            {**self._headers, **(headers or {}), **({} if content is None else {"Content-Type": content.content_type})},
            None if content is None else content.data,
        )

    def _signed_anew(self, call: _Call) -> _Call:
        """The call with a renewed token. Raises ReconnectNeeded when the refused one had just been renewed."""
        refused = call.signature.token
        if refused == self._renewed:
            raise ReconnectNeeded(gettext_noop("A login that was just renewed is refused. Sign in again."), status=401)
        self._renewed = self._access.renew(refused)
        return replace(call, signature=Signature(self._renewed, self._sign))

    def _send(self, session: http.Session, call: _Call, seconds: float) -> Reply | Breakdown:
        self.requests += 1
        started = self._clock()
        request = http.request(call.method, call.url, headers=call.headers, body=call.body, signature=call.signature)
        reply = http.exchange(session, request, seconds=max(seconds, 0.001), clock=self._clock)
        took_ms = (self._clock() - started) * 1000
        log.info("%s %s: %s in %.0f ms%s", call.method, call.path, outcome_of(reply), took_ms, self._error_id(reply))
        return reply

    def _error_id(self, reply: Reply | Breakdown) -> str:
        """What the vendor's support asks for, to be said at the end of a line."""
        if isinstance(reply, Breakdown) or reply.status < 400:
            return ""
        detail = self._read_error(reply.status, reply.body)
        error_id = detail.error_id if detail and detail.error_id else reply.headers.get(self._id_header, "")
        return f", error id {error_id}" if error_id else ""

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
        error.error_id = error.error_id or reply.headers.get(self._id_header, "")
        wait = error.after if isinstance(error, TryLater) else None
        soon = wait is None or wait <= LONGEST_OWN_WAIT
        return error, soon and (reply.status in REPEATED_STATUSES or reply.status == 429)

    def _own_wait(self, error: AccountingError, pause: float) -> float:
        """Seconds: what the books asked for, else the pause with some jitter."""
        if isinstance(error, TryLater) and error.after:
            return error.after.total_seconds()
        return pause * random.uniform(0.5, 1)  # noqa: S311  (spreads the load, guards nothing)
