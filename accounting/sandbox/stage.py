"""The front door: mounts the stand-ins under their keys, keeps the journal and lets the faults strike."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from threading import Event, Lock, Thread
from urllib.parse import parse_qsl, quote, urlencode
from wsgiref.types import StartResponse, WSGIEnvironment

import msgspec

from accounting.sandbox.exchange import Answer, call, hang_up, read_body, send, send_part
from accounting.sandbox.faults import Fault, FaultPlan
from accounting.sandbox.journal import Entry, Journal
from accounting.sandbox.stand_in import StandIn

HTML = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class Stage:
    """A WSGI application with one or more stand-ins on it."""

    def __init__(self, *stand_ins: StandIn, latency_ms: int = 0) -> None:
        self.stand_ins = {each.key: each for each in stand_ins}
        self.latency_ms = latency_ms
        self.faults = FaultPlan()
        self.journal = Journal()
        self._holds: dict[str, Event] = {}
        self._lock = Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        key, _, rest = path.lstrip("/").partition("/")
        stand_in = self.stand_ins.get(key.lower())
        if stand_in is None:
            return send(nobody(self.stand_ins), environ, start_response)
        entry = self._open_entry(stand_in, environ)
        environ |= {"SCRIPT_NAME": f"{environ.get('SCRIPT_NAME', '')}/{key}", "PATH_INFO": f"/{rest}"}
        environ["sandbox.entry"] = entry
        started = time.perf_counter()
        try:
            return self._respond(stand_in, entry, environ, start_response)
        finally:
            entry.seconds = round(time.perf_counter() - started, 6)

    def hold(self, name: str, seconds: float) -> None:
        """Waits until `release(name)`, at most `seconds` (30 when not said)."""
        with self._lock:
            event = self._holds.setdefault(name, Event())
        event.wait(seconds or 30)

    def release(self, name: str = "") -> list[str]:
        """Lets go what is held under that name, or everything; gives the names."""
        with self._lock:
            names = [each for each in self._holds if not name or each == name]
            for each in names:
                self._holds.pop(each).set()
        return names

    def reset(self) -> None:
        """No faults, an empty journal, every stand-in as it was at the start."""
        self.faults.replace([])
        self.release()
        for stand_in in self.stand_ins.values():
            stand_in.reset()
        self.journal.forget()

    def _open_entry(self, stand_in: StandIn, environ: WSGIEnvironment) -> Entry:
        entry = self.journal.open(
            at=stand_in.clock.now(),
            provider=stand_in.key,
            method=environ["REQUEST_METHOD"],
            path=environ["PATH_INFO"],
            query=environ.get("QUERY_STRING", ""),
        )
        body = read_body(environ)
        if body:
            entry.body_digest, entry.body_size = hashlib.sha256(body).hexdigest()[:16], len(body)
        return entry

    def _respond(
        self, stand_in: StandIn, entry: Entry, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        struck = self.faults.strike(stand_in.key, entry.method, entry.path)
        entry.faults = [f"{fault.phase} {fault.action}" for fault in struck]
        if self.latency_ms:
            time.sleep(self.latency_ms / 1000)
        answer = self._strike(struck, "before", stand_in, environ, None)
        if answer is None:
            answer = call(stand_in, environ)
            entry.handled = answer.code
            answer = self._strike(struck, "after", stand_in, environ, answer) or answer
        for fault in struck:
            if fault.phase == "during":
                return self._send_broken(fault, answer, environ, start_response)
        entry.status = answer.code
        return send(answer, environ, start_response)

    def _strike(
        self, struck: list[Fault], phase: str, stand_in: StandIn, environ: WSGIEnvironment, answer: Answer | None
    ) -> Answer | None:
        """Another answer where a fault of this phase gives one; raises where it hangs up."""
        for fault in struck:
            if fault.phase != phase:
                continue
            if fault.action in ("status", "body", "html"):
                return instead(fault, stand_in, answer)
            ACTIONS[fault.action](self, fault, stand_in, environ, answer)
        return None

    def _send_broken(
        self, fault: Fault, answer: Answer, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        environ["sandbox.entry"].status = answer.code
        if fault.action == "trickle":
            return send_slowly(answer, fault, start_response)
        size = fault.bytes or len(answer.body) // 2
        return send_part(answer, size, environ, start_response, reset=fault.action == "reset")


def nobody(keys: Iterable[str]) -> Answer:
    body = msgspec.json.encode({"error": f"Nobody lives here; try {', '.join(f'/{key}' for key in keys)} or /control."})
    return Answer("404 Not Found", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))], body)


def instead(fault: Fault, stand_in: StandIn, answer: Answer | None) -> Answer:
    """The answer that the fault puts in the place of the real one."""
    if fault.action == "html":
        status, kind, body = answer.status if answer else "200 OK", "text/html", HTML
    elif fault.action == "body":
        status, kind, body = answer.status if answer else "200 OK", "application/json", as_bytes(fault.body)
    else:
        kind, body = stand_in.refusal(fault.status)
        status, body = f"{fault.status} Fault", body if fault.body is None else as_bytes(fault.body)
    return Answer(status, [("Content-Type", kind), ("Content-Length", str(len(body))), *fault.headers.items()], body)


def as_bytes(body: object) -> bytes:
    return body.encode() if isinstance(body, str) else msgspec.json.encode(body)


def send_slowly(answer: Answer, fault: Fault, start_response: StartResponse) -> Iterator[bytes]:
    start_response(answer.status, answer.headers)
    size = fault.bytes or 1
    for start in range(0, len(answer.body), size):
        time.sleep(fault.seconds)
        yield answer.body[start : start + size]


def delay(stage: Stage, fault: Fault, stand_in: StandIn, environ: WSGIEnvironment, answer: Answer | None) -> None:
    time.sleep(fault.seconds)


def hold(stage: Stage, fault: Fault, stand_in: StandIn, environ: WSGIEnvironment, answer: Answer | None) -> None:
    stage.hold(fault.name, fault.seconds)


def drop(stage: Stage, fault: Fault, stand_in: StandIn, environ: WSGIEnvironment, answer: Answer | None) -> None:
    hang_up(environ, reset=fault.action == "reset")


def change_query(
    stage: Stage, fault: Fault, stand_in: StandIn, environ: WSGIEnvironment, answer: Answer | None
) -> None:
    """Parameters set, or taken out where the plan says null: a filter that is ignored, a page that shifts."""
    pairs = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
    pairs |= {name: value or "" for name, value in fault.query.items()}
    kept = {name: value for name, value in pairs.items() if fault.query.get(name, "") is not None}
    environ["QUERY_STRING"] = urlencode(kept, quote_via=quote, safe="$")


def change_headers(
    stage: Stage, fault: Fault, stand_in: StandIn, environ: WSGIEnvironment, answer: Answer | None
) -> None:
    if answer is not None:
        gone = {name.lower() for name in fault.headers}
        answer.headers = [pair for pair in answer.headers if pair[0].lower() not in gone]
        answer.headers += fault.headers.items()


def carry_out_late(
    stage: Stage, fault: Fault, stand_in: StandIn, environ: WSGIEnvironment, answer: Answer | None
) -> None:
    """The client hears nothing, and some time after it has given up the request is carried out all the same."""

    def carry_out() -> None:
        time.sleep(fault.seconds)
        environ["sandbox.entry"].handled = call(stand_in, environ).code

    Thread(target=carry_out, daemon=True).start()
    hang_up(environ, reset=False)


ACTIONS: dict[str, Callable[[Stage, Fault, StandIn, WSGIEnvironment, Answer | None], None]] = {
    "delay": delay,
    "hold": hold,
    "drop": drop,
    "reset": drop,
    "query": change_query,
    "headers": change_headers,
    "late": carry_out_late,
}
