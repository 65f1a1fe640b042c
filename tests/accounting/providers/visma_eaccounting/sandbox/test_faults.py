"""What goes wrong on purpose, over a real connection: the client sees it break, the ledger knows the truth."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from threading import Thread
from time import monotonic
from typing import Any

import pytest

from accounting.providers.visma_eaccounting.sandbox import Sandbox, serve
from accounting.sandbox import BadPlan, Fault, FaultPlan, Stage
from accounting.sandbox.faults import read_plan
from tests.accounting.providers.visma_eaccounting.sandbox.api import Api, draft_body, row

DRAFTS = "/visma_eaccounting/v2/customerinvoicedrafts"
UNITS = "/visma_eaccounting/v2/units"


class Wire:
    """A client with one connection, kept alive until something breaks it."""

    def __init__(self, base_url: str, sandbox: Sandbox) -> None:
        self.address = base_url.removeprefix("http://")
        self.api = Api(sandbox)
        self.connection = http.client.HTTPConnection(self.address, timeout=10)

    def send(self, method: str, path: str, body: Any = None, *, timeout: float = 10) -> http.client.HTTPResponse:
        self.connection.timeout = timeout
        if self.connection.sock is not None:
            self.connection.sock.settimeout(timeout)
        headers = {"Authorization": f"Bearer {self.api.token}", "Content-Type": "application/json"}
        self.connection.request(method, path, None if body is None else json.dumps(body), headers)
        return self.connection.getresponse()

    def ask(self, method: str, path: str, body: Any = None, **options: Any) -> tuple[int, Any]:
        answer = self.send(method, path, body, **options)
        content = answer.read()
        return answer.status, json.loads(content) if content else None

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """A request at the control desk, on a connection of its own."""
        connection = http.client.HTTPConnection(self.address, timeout=10)
        connection.request(method, f"/control{path}", None if body is None else json.dumps(body))
        return json.loads(connection.getresponse().read())

    def plan(self, **fault: Any) -> None:
        self.control("POST", "/faults", [{"path": "/customerinvoicedrafts$", "method": "POST", **fault}])

    def post_draft(self, reference: str = "1187-K7Q2M9", **options: Any) -> tuple[int, Any]:
        body = draft_body(self.api, row(self.api), YourReference=reference)
        return self.ask("POST", DRAFTS, json.loads(json.dumps(body, default=float)), **options)

    def committed(self) -> list[dict[str, Any]]:
        return self.control("GET", "/ledger")["documents"]


@pytest.fixture
def stage(sandbox: Sandbox) -> Stage:
    return Stage(sandbox)


@pytest.fixture
def wire(sandbox: Sandbox, stage: Stage) -> Iterator[Wire]:
    with serve(stage) as base_url:
        yield Wire(base_url, sandbox)


def test_many_requests_go_over_one_connection(wire: Wire) -> None:
    wire.ask("GET", UNITS)
    port = wire.connection.sock.getsockname()[1]

    for _ in range(20):
        assert wire.ask("GET", UNITS)[0] == 200

    assert wire.connection.sock.getsockname()[1] == port


def test_dropped_before_it_was_seen_nothing_is_there(wire: Wire) -> None:
    wire.plan(action="drop", phase="before", nth=1)

    with pytest.raises(http.client.RemoteDisconnected):
        wire.post_draft()

    assert wire.committed() == []
    entry = wire.control("GET", "/ledger")["requests"][-1]
    assert (entry["status"], entry["handled"], entry["faults"]) == (None, None, ["before drop"])


def test_dropped_after_it_was_carried_out_the_document_is_there_and_nobody_was_told(wire: Wire) -> None:
    wire.plan(action="drop", phase="after", nth=1)

    with pytest.raises(http.client.RemoteDisconnected):
        wire.post_draft("1187-K7Q2M9")

    (document,) = wire.committed()
    assert document["references"] == {"YourReference": "1187-K7Q2M9"}
    requests = wire.control("GET", "/ledger")["requests"]
    entry = next(each for each in requests if each["number"] == document["request"])
    assert (entry["status"], entry["handled"], entry["route"]) == (None, 201, "/customerinvoicedrafts")
    assert len(entry["body_digest"]) == 16
    assert wire.post_draft("1188")[0] == 201


@pytest.mark.parametrize(("phase", "documents"), [("before", 0), ("after", 1)])
def test_a_reset_is_a_reset(wire: Wire, phase: str, documents: int) -> None:
    wire.plan(action="reset", phase=phase)

    with pytest.raises(ConnectionResetError):
        wire.post_draft()

    assert len(wire.committed()) == documents


@pytest.mark.parametrize(
    ("action", "error"), [("truncate", http.client.IncompleteRead), ("drop", http.client.IncompleteRead)]
)
def test_an_answer_that_breaks_off_promised_more(wire: Wire, action: str, error: type[Exception]) -> None:
    wire.plan(action=action, phase="during", bytes=100)

    with pytest.raises(error) as broken:
        wire.post_draft()

    assert len(broken.value.partial) == 100
    assert len(wire.committed()) == 1


def test_a_status_before_or_after_the_commit(wire: Wire) -> None:
    wire.plan(action="status", status=503, phase="before", times=1)
    assert wire.post_draft()[0] == 503
    assert wire.committed() == []

    wire.plan(action="status", status=500, phase="after", times=1)
    status, body = wire.post_draft()
    assert (status, body["ErrorCode"]) == (500, 5000)
    assert len(wire.committed()) == 1
    assert wire.post_draft()[0] == 201


def test_a_429_looks_like_the_vendors(wire: Wire) -> None:
    wire.plan(action="status", status=429, headers={"Retry-After": "7"})

    answer = wire.send("POST", DRAFTS, {})

    assert answer.headers["Retry-After"] == "7"
    assert "Try again in 55 seconds" in json.loads(answer.read())["DeveloperErrorMessage"]


def test_html_or_another_body_in_the_place_of_the_answer(wire: Wire) -> None:
    wire.plan(action="html", phase="after")
    answer = wire.send("POST", DRAFTS, {})
    assert answer.headers["Content-Type"] == "text/html"
    assert b"<h1>" in answer.read()

    wire.plan(action="body", phase="after", body={"Id": None})
    assert wire.post_draft() == (201, {"Id": None})


def test_headers_and_a_redirect_can_be_put_in(wire: Wire) -> None:
    wire.plan(action="headers", phase="after", headers={"Content-Type": "text/plain"})
    answer = wire.send("POST", DRAFTS, {})
    assert answer.read()
    assert answer.headers["Content-Type"] == "text/plain"

    wire.plan(action="status", status=302, headers={"Location": "http://127.0.0.1:1/"}, body="")
    answer = wire.send("POST", DRAFTS, {})
    assert (answer.status, answer.headers["Location"], answer.read()) == (302, "http://127.0.0.1:1/", b"")


def test_a_filter_can_be_ignored_and_a_page_shifted(wire: Wire) -> None:
    path = f"{UNITS}?$filter=Abbreviation%20eq%20'st'&$page=1"
    assert wire.ask("GET", path)[1]["Meta"]["TotalNumberOfResults"] == 1

    fault = {"method": "GET", "path": "/units", "action": "query", "query": {"$filter": None, "$page": "2"}}
    wire.control("POST", "/faults", [fault])

    meta = wire.ask("GET", path)[1]["Meta"]
    assert (meta["CurrentPage"], meta["TotalNumberOfResults"]) == (2, 13)


def test_a_client_that_gave_up_waiting_does_not_stop_the_commit(wire: Wire, stage: Stage) -> None:
    wire.plan(action="hold", phase="before", name="slow")

    with pytest.raises(TimeoutError):
        wire.post_draft(timeout=0.2)
    assert wire.committed() == []

    assert wire.control("POST", "/release", {"name": "slow"}) == {"released": ["slow"]}
    assert until(lambda: len(wire.committed()) == 1)


def test_an_answer_is_held_until_it_is_released(wire: Wire) -> None:
    wire.plan(action="hold", phase="after", name="after commit")
    answers: list[int] = []
    client = Thread(target=lambda: answers.append(wire.post_draft()[0]))
    client.start()

    assert until(lambda: len(wire.committed()) == 1)
    assert answers == []
    wire.control("POST", "/release")
    client.join(10)

    assert answers == [201]


def test_a_late_commit_comes_after_the_client_was_hung_up_on(wire: Wire) -> None:
    wire.plan(action="late", seconds=0.1)

    with pytest.raises(http.client.RemoteDisconnected):
        wire.post_draft()

    assert until(lambda: len(wire.committed()) == 1)


def until(happened: Any) -> bool:
    """Whether it happened within ten seconds; looks again with every answer of the server, without sleeping."""
    end = monotonic() + 10
    while monotonic() < end:
        if happened():
            return True
    return False


def test_a_trickled_answer_arrives_whole(wire: Wire) -> None:
    wire.plan(action="trickle", phase="during", bytes=2000)

    assert wire.post_draft()[0] == 201


def test_a_delay_takes_its_time(wire: Wire) -> None:
    wire.plan(action="delay", seconds=0.05)
    start = monotonic()

    assert wire.post_draft()[0] == 201
    assert monotonic() - start >= 0.05


def test_the_server_stops_and_frees_its_port(sandbox: Sandbox) -> None:
    with serve(sandbox) as base_url:
        port = int(base_url.rpartition(":")[2])
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.request("GET", "/control")
        assert connection.getresponse().status == 200

    with socket.socket() as free:
        assert free.connect_ex(("127.0.0.1", port)) != 0
    with serve(sandbox, port=port) as again:
        assert again == base_url


def strikes(fault: Fault, times: int) -> list[int]:
    """Which of so many equal requests the fault hits, counted from 1."""
    plan = FaultPlan()
    plan.replace([fault])
    return [number for number in range(1, times + 1) if plan.strike("visma_eaccounting", "POST", DRAFTS)]


def test_faults_fire_when_their_count_comes() -> None:
    assert strikes(Fault(action="drop"), 3) == [1, 2, 3]
    assert strikes(Fault(action="drop", nth=2), 5) == [2]
    assert strikes(Fault(action="drop", every=2), 5) == [2, 4]
    assert strikes(Fault(action="drop", times=2), 5) == [1, 2]
    assert strikes(Fault(action="drop", every=2, times=1), 5) == [2]
    assert strikes(Fault(action="drop", method="GET"), 3) == []
    assert strikes(Fault(action="drop", provider="other"), 3) == []
    assert strikes(Fault(action="drop", path="/orders"), 3) == []


def test_chance_is_the_same_for_the_same_seed() -> None:
    hits = strikes(Fault(action="drop", probability=0.3, seed=7), 1000)

    assert hits == strikes(Fault(action="drop", probability=0.3, seed=7), 1000)
    assert hits != strikes(Fault(action="drop", probability=0.3, seed=8), 1000)
    assert 250 < len(hits) < 350


@pytest.mark.parametrize(
    ("plan", "word"),
    [
        ({"action": "explode"}, "explode"),
        ({"action": "truncate", "phase": "before"}, "truncate"),
        ({"action": "drop", "phase": "later"}, "later"),
        ({"action": "drop", "colour": "red"}, "colour"),
        ({"phase": "before"}, "action"),
        ({"action": "drop", "path": "("}, "pattern"),
        ("drop", "objects"),
    ],
)
def test_a_plan_that_says_nothing_possible_is_refused(plan: Any, word: str) -> None:
    with pytest.raises(BadPlan, match=word):
        read_plan([plan])


def test_a_nested_plan_means_the_same() -> None:
    nested = {"match": {"method": "POST", "path": "/orders", "nth": 2}, "action": "delay", "parameters": {"seconds": 3}}

    assert read_plan(nested) == [Fault(action="delay", method="POST", path="/orders", nth=2, seconds=3)]


def test_the_plan_in_force_can_be_seen_added_to_and_ended(wire: Wire) -> None:
    wire.plan(action="status", status=500, nth=2)
    wire.control("POST", "/faults?add=1", {"action": "delay", "path": "/never"})
    wire.post_draft()

    shown = wire.control("GET", "/faults")["faults"]
    assert [(each["action"], each["seen"], each["fired"]) for each in shown] == [("status", 1, 0), ("delay", 0, 0)]
    assert wire.control("DELETE", "/faults")["faults"] == []
    assert wire.post_draft()[0] == 201
