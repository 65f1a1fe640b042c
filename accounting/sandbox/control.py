"""The control desk below `/control`: what happened, what shall go wrong, what somebody did over there.

| request | does |
|---|---|
| `GET /control` | describes the stand-ins: addresses, clients, users, companies, switches |
| `GET /control/ledger` | every committed document and every request; `?summary=1`, `?provider=`, `?since=N` |
| `POST /control/faults` | puts a fault plan in force (faults.py), or adds to it with `?add=1` |
| `GET`, `DELETE /control/faults` | the plan with its counts; no faults any more |
| `POST /control/release` | lets go what a `hold` holds, `{"name"}` or all |
| `POST /control/company` | flips switches: `{"provider", "company", "switches": {}}` |
| `POST /control/records` | adds, changes or removes records as somebody over there would |
| `POST /control/sign-in` | carries out a login: `{"provider", "url", "user", "company"}` gives `{"location"}` |
| `POST /control/clock` | `{"offset_s"}` or `{"advance_s"}`, for one provider or all |
| `POST /control/reset` | everything as it was at the start |

`provider` may be left out where there is one stand-in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import timedelta
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIEnvironment

import msgspec

from accounting.sandbox.exchange import WSGI, Answer, read_body, send
from accounting.sandbox.faults import BadPlan, read_plan
from accounting.sandbox.journal import as_json
from accounting.sandbox.stage import Stage
from accounting.sandbox.stand_in import BadOrder, Json, StandIn

ENCODER = msgspec.json.Encoder(decimal_format="number")


def with_control(stage: Stage) -> WSGI:
    """The stage and its control desk as one WSGI application."""

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"].split("/")[1] == "control":
            return send(answer_control(stage, environ), environ, start_response)
        return stage(environ, start_response)

    return application


def answer_control(stage: Stage, environ: WSGIEnvironment) -> Answer:
    """The answer to a request at the control desk, always JSON; 400 with a sentence when it makes no sense."""
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"].rstrip("/")
    action = ROUTES.get((method, path))
    if action is None:
        there_is = sorted(map(" ".join, ROUTES))
        return reply("404 Not Found", {"error": f"There is no {method} {path}.", "there_is": there_is})
    query = {name: values[-1] for name, values in parse_qs(environ.get("QUERY_STRING", "")).items()}
    body = read_body(environ)
    try:
        order = msgspec.json.decode(body) if body else {}
        return reply("200 OK", action(stage, order, query))
    except (BadOrder, BadPlan, msgspec.DecodeError) as error:
        return reply("400 Bad Request", {"error": str(error)})


def reply(status: str, content: object) -> Answer:
    body = ENCODER.encode(content)
    return Answer(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))], body)


def chosen(stage: Stage, order: Json) -> list[StandIn]:
    """The stand-ins that an order is about: the one it names, or all."""
    key = order.get("provider")
    if not key:
        return list(stage.stand_ins.values())
    if key not in stage.stand_ins:
        raise BadOrder(f"There is no stand-in {key!r}; there are {', '.join(stage.stand_ins)}.")
    return [stage.stand_ins[key]]


def only(stage: Stage, order: Json) -> StandIn:
    """The one stand-in that an order is about."""
    found = chosen(stage, order)
    if len(found) != 1:
        raise BadOrder(f"Say which provider: {', '.join(stage.stand_ins)}.")
    return found[0]


def describe(stage: Stage, order: Json, query: dict[str, str]) -> Json:
    return {"stand_ins": {key: each.describe() for key, each in stage.stand_ins.items()}}


def ledger(stage: Stage, order: Json, query: dict[str, str]) -> Json:
    deeds = [deed for each in chosen(stage, dict(query)) for deed in each.deeds()]
    if query.get("summary"):
        kinds = Counter(f"{deed.provider} {deed.kind}" for deed in deeds if deed.removed_at is None)
        return {"documents": dict(kinds), **stage.journal.summary()}
    since, provider = int(query.get("since", 0)), query.get("provider")
    entries = [entry for entry in stage.journal.entries() if entry.number > since]
    return {
        "documents": [as_json(deed) for deed in deeds],
        "requests": [as_json(entry) for entry in entries if not provider or entry.provider == provider],
    }


def set_faults(stage: Stage, order: object, query: dict[str, str]) -> Json:
    (stage.faults.add if query.get("add") else lambda *plan: stage.faults.replace(plan))(*read_plan(order))
    return {"faults": stage.faults.state()}


def show_faults(stage: Stage, order: Json, query: dict[str, str]) -> Json:
    return {"faults": stage.faults.state()}


def end_faults(stage: Stage, order: Json, query: dict[str, str]) -> Json:
    stage.faults.replace([])
    return {"faults": [], "released": stage.release()}


def release(stage: Stage, order: Json, query: dict[str, str]) -> Json:
    return {"released": stage.release(order.get("name", ""))}


def switch(stage: Stage, order: Json, query: dict[str, str]) -> Json:
    return only(stage, order).switch(order)


def change_records(stage: Stage, order: Json, query: dict[str, str]) -> Json:
    return only(stage, order).change_records(order)


def sign_in(stage: Stage, order: Json, query: dict[str, str]) -> Json:
    return only(stage, order).sign_in(order)


def set_clock(stage: Stage, order: Json, query: dict[str, str]) -> Json:
    for stand_in in chosen(stage, order):
        clock = stand_in.clock
        start = timedelta(seconds=order["offset_s"]) if "offset_s" in order else clock.offset
        clock.offset = start + timedelta(seconds=order.get("advance_s", 0))
    return {"now": {each.key: each.clock.now().isoformat() for each in stage.stand_ins.values()}}


def reset(stage: Stage, order: Json, query: dict[str, str]) -> Json:
    stage.reset()
    return {"reset": list(stage.stand_ins)}


ROUTES: dict[tuple[str, str], Callable[[Stage, Json, dict[str, str]], Json]] = {
    ("GET", "/control"): describe,
    ("GET", "/control/ledger"): ledger,
    ("POST", "/control/faults"): set_faults,
    ("GET", "/control/faults"): show_faults,
    ("DELETE", "/control/faults"): end_faults,
    ("POST", "/control/release"): release,
    ("POST", "/control/company"): switch,
    ("POST", "/control/records"): change_records,
    ("POST", "/control/sign-in"): sign_in,
    ("POST", "/control/clock"): set_clock,
    ("POST", "/control/reset"): reset,
}
