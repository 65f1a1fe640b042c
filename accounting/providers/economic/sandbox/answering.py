"""How both hosts answer: shape and headers, the common bucket of calls, and what is remembered for an hour."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from threading import Lock
from typing import Any

from werkzeug import Request, Response

from accounting.providers.economic.sandbox.books import Books
from accounting.providers.economic.sandbox.call import Result, host_of
from accounting.providers.economic.sandbox.errors import Refusal, legacy_body, service_body
from accounting.providers.economic.sandbox.fields import DECODER, ENCODER
from accounting.providers.economic.sandbox.switches import ServiceSwitches
from accounting.providers.economic.sandbox.wire import REST
from accounting.sandbox import Clock

JSON = "application/json"
PROBLEM = "application/problem+json; charset=utf-8"
COST = 3
WINDOW = 60.0
KEPT_FOR = timedelta(hours=1).total_seconds()


@dataclass(slots=True)
class Kept:
    """What was answered to an `Idempotency-Key`. `response` is empty while the request is new."""

    key: tuple[int, str, str, str]
    store: dict[Any, Kept]
    at: float
    response: tuple[int, list[tuple[str, str]], bytes] | None = None

    def keep(self, response: Response, *, refusals: bool) -> None:
        if response.status_code < 300 or (refusals and response.status_code < 500):
            self.response = (response.status_code, list(response.headers.items()), response.get_data())
            self.store[self.key] = self

    def again(self) -> Response:
        assert self.response is not None
        status, headers, body = self.response
        return Response(body, status=status, headers=[*headers, ("X-ResultFromCache", "true")])


@dataclass
class Answering:
    """`busiest` is the most that an agreement spent in one window, `refused` how often the bucket was empty."""

    switches: ServiceSwitches
    clock: Clock
    refused: int = 0
    busiest: int = 0
    _spent: dict[int, tuple[float, int]] = field(default_factory=dict)
    _kept: dict[Any, Kept] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    # --- the bucket ---

    def spend(self, books: Books) -> None:
        """Raises Refusal 429 when the agreement has spent what a minute holds."""
        now = self.clock.now().timestamp()
        with self._lock:
            start, used = self._spent.get(books.number, (now, 0))
            if not 0 <= now - start < WINDOW:
                start, used = now, 0
            if self.switches.rate_limit and used + COST > self.switches.rate_limit:
                self.refused += 1
                wait = max(1, round(start + WINDOW - now))
                raise Refusal(429, "EMU429", "Too many requests.", extra={"wait": wait})
            self._spent[books.number] = (start, used + COST)
            self.busiest = max(self.busiest, used + COST)

    def headers(self, books: Books | None, log: str) -> dict[str, str]:
        said = {"X-RequestId": log, "X-CallCost": str(COST)}
        if books is not None:
            limit = self.switches.rate_limit or 10_000
            used = self._spent.get(books.number, (0.0, 0))[1]
            said["X-RateLimiting"] = f"token-limit-{limit}-per-60-seconds: {used}/{limit}"
        return said

    # --- what is answered ---

    def success(self, result: Result, request: Request, area: str, books: Books, log: str) -> Response:
        headers = self.headers(books, log)
        base = host_of(request, area)
        if result.location:
            headers["Location"] = result.location.replace(REST, base)
        content: Any = result.content
        if content is None or (self.switches.empty_answers and result.status == 201):
            return Response(b"", status=result.status, headers=headers)
        body = content if isinstance(content, bytes) else ENCODER.encode(content)
        if result.content_type != JSON:
            return Response(body, status=result.status, headers=headers, content_type=result.content_type)
        if area == "rest" and self.switches.nulls == "null":
            body = ENCODER.encode(with_nulls(DECODER.decode(body)))
        # Links lead back to the host that was asked, so that a client that follows them stays inside.
        body = body.replace(REST.encode(), base.encode())
        return Response(body, status=result.status, headers=headers, content_type=JSON)

    def refusal(self, refusal: Refusal, area: str, books: Books | None, log: str) -> Response:
        headers = self.headers(books, log)
        extra = dict(refusal.extra)
        wait = extra.pop("wait", 0)
        if wait and self.switches.retry_after != "none":
            until = self.clock.now() + timedelta(seconds=wait)
            as_date = self.switches.retry_after == "date"
            headers["Retry-After"] = format_datetime(until, usegmt=True) if as_date else str(wait)
        said = Refusal(refusal.status, refusal.code, refusal.text, refusal.complaints, refusal.lines, extra)
        shape, kind = (legacy_body, JSON) if area == "rest" else (service_body, PROBLEM)
        body = ENCODER.encode(shape(said, log, self.clock.now()))
        return Response(body, status=refusal.status, headers=headers, content_type=kind)

    # --- what is remembered ---

    def kept(self, books: Books, request: Request, path: str) -> Kept | None:
        """What was answered to this key before, or a place for the answer; None without a key."""
        key = request.headers.get("Idempotency-Key", "")
        if not key or request.method == "GET" or not self.switches.idempotency:
            return None
        now = self.clock.now().timestamp()
        name = (books.number, key, request.method, re.sub(r"/+$", "", path))
        found = self._kept.get(name)
        if found is not None and now - found.at < KEPT_FOR:
            return found
        return Kept(name, self._kept, now)


def with_nulls(value: Any) -> Any:
    """An object that also says what it does not have, as old captures do."""
    if isinstance(value, dict):
        more = {"ean": None, "layout": None} if "customerNumber" in value and "vatZone" in value else {}
        return {**more, **{name: with_nulls(each) for name, each in value.items()}}
    return [with_nulls(each) for each in value] if isinstance(value, list) else value
