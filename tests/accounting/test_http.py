"""The client of `accounting/http.py`: what each kind of answer becomes, and how often anything is sent."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
import responses

from accounting import http
from accounting.addresses import ForeignAddress
from accounting.answers import Cell, ErrorDetail, both
from accounting.client import Client
from accounting.errors import (
    AccountingError,
    Conflict,
    NotAllowed,
    NotFound,
    ReconnectNeeded,
    Refused,
    TryLater,
    Unclear,
    UnexpectedAnswer,
)
from accounting.http import NetworkForbidden, checked_url

API = "https://books.example/v2"
Json = dict[str, Any]
SHAPED = {"said": "Postcode is missing", "where": "Postcode", "code": "2000", "id": "e-1"}


class Item(msgspec.Struct):
    name: str
    price: Decimal | None = None


class Login:
    """Token `t0`, renewed to `t1`, `t2`, …"""

    def __init__(self) -> None:
        self.renewals = 0

    def token(self) -> str:
        return f"t{self.renewals}"

    def renew(self, refused: str) -> str:
        self.renewals += 1
        return self.token()


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def read_error(status: int, body: bytes) -> ErrorDetail | None:
    try:
        said = msgspec.json.decode(body, type=dict[str, str])
    except msgspec.DecodeError:
        return None
    return ErrorDetail(
        sentence=said["said"],
        field=said.get("where", ""),
        code=said.get("code", ""),
        error_id=said.get("id", ""),
        error=NotAllowed if said.get("code") == "4026" else None,
        after=timedelta(seconds=int(said["wait"])) if "wait" in said else None,
    )


@pytest.fixture
def login() -> Login:
    return Login()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(login: Login, clock: Clock) -> Client:
    return Client(API, login, read_error=read_error, clock=clock, sleep=clock.sleep)


@pytest.fixture
def server() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def on_wire(url: str) -> Client:
    return Client(url, Login(), read_error=read_error, sleep=lambda seconds: None)


# --- what is sent, and where to ---------------------------------------------------


def test_a_read_is_signed_and_keeps_the_dollar_of_a_parameter(client: Client, server: responses.RequestsMock) -> None:
    server.get(f"{API}/items", json={"name": "Pipe"}, headers={"Date": "Fri, 20 Nov 2026 10:00:00 GMT"})

    answer = client.get("items", Item, params={"$filter": "ChangedUtc ge 2026-01-01T00:00:00Z"})

    request = server.calls[0].request
    assert request.url == f"{API}/items?$filter=ChangedUtc%20ge%202026-01-01T00%3A00%3A00Z"
    assert request.headers["Authorization"] == "Bearer t0"
    assert answer.value == Item("Pipe")
    assert answer.server_time is not None
    assert answer.server_time.isoformat() == "2026-11-20T10:00:00+00:00"
    assert client.requests == 1


def test_numbers_stay_exact_in_both_directions(client: Client, server: responses.RequestsMock) -> None:
    server.post(
        f"{API}/items", body=b'{"name": "Pipe", "price": 0.1000000000000000055}', content_type="application/json"
    )

    answer = client.post("items", {"name": "Pipe", "price": Decimal("0.10")}, Item)

    assert server.calls[0].request.body == b'{"name":"Pipe","price":0.10}'
    assert answer.value.price == Decimal("0.1000000000000000055")


def test_an_untyped_body_has_decimals_too(client: Client, server: responses.RequestsMock) -> None:
    server.get(f"{API}/items/1", body=b'{"price": 1.10, "count": 3}')

    value = client.get("items/1", Json).value

    assert value == {"price": Decimal("1.10"), "count": 3}
    assert isinstance(value["price"], Decimal)


def test_another_signature_and_other_headers(login: Login, server: responses.RequestsMock) -> None:
    server.get(f"{API}/items", json={"name": "Pipe"})

    Client(API, login, sign=lambda token: {"X-Grant": token}, headers={"X-Company": "7"}).get("items", Item)

    sent = server.calls[0].request.headers
    assert (sent["X-Grant"], sent["X-Company"], "Authorization" in sent) == ("t0", "7", False)


@pytest.mark.parametrize(
    "path",
    ["https://evil.example/x", "//evil.example/x", "/items", "../items", "items/../../x", "items/%2e%2e/x", "items?x=1"]
    + ["items#x", "items\\x", "", "items//x", "evil.example:80/x"],
)
def test_a_path_cannot_leave_the_base(client: Client, server: responses.RequestsMock, path: str) -> None:
    with pytest.raises(ForeignAddress):
        client.get(path, Item)

    assert len(server.calls) == 0


@pytest.mark.parametrize(
    "url", ["https://books.example/v2/", "http://127.0.0.1:80/x", "http://localhost", "http://[::1]:8"]
)
def test_a_base_may_be_https_or_this_machine(url: str) -> None:
    assert checked_url(url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://books.example",
        "http://10.0.0.1",
        "ftp://books.example",
        "books.example",
        "",
        "https://",
        "https://a:b@books.example",
    ]
    + [
        "https://books.example?x=1",
        "https://books.example#x",
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
    ],
)
def test_no_other_base_is_accepted(url: str, login: Login) -> None:
    with pytest.raises(NotAllowed):
        Client(url, login)


@pytest.mark.parametrize("secret", ["https://user:hunter2@books.example", "https://books.example?key=hunter2"])
def test_a_refused_base_is_not_repeated_with_its_secrets(secret: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        checked_url(secret)

    assert "hunter2" not in str(caught.value)


def test_the_network_is_refused_while_something_forbids_it(
    client: Client, server: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.get(f"{API}/items", json={"name": "Pipe"})
    monkeypatch.setattr(http, "forbid_when", lambda: "a transaction is open")

    for call in (
        lambda: client.get("items", Item),
        lambda: client.post("items", {}, Item),
        lambda: client.delete("items"),
    ):
        with pytest.raises(NetworkForbidden, match="a transaction is open"):
            call()
    assert len(server.calls) == 0

    monkeypatch.setattr(http, "forbid_when", http.nothing_forbids)
    assert client.get("items", Item).value == Item("Pipe")


def test_a_copy_that_is_not_in_charge_reads_and_writes_nothing(
    client: Client, server: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.get(f"{API}/items", json={"name": "Pipe"})
    monkeypatch.setattr(http, "refuse_writes_when", lambda: "This is a copy.")

    for method in ("POST", "PUT", "DELETE"):
        with pytest.raises(TryLater, match="This is a copy."):
            client._write(client._call(method, "items"), Item)
    assert len(server.calls) == 0

    assert client.get("items", Item).value == Item("Pipe")


# --- the table: every status, of the provider's shape and not, read and written -------

READ, WRITE = "read", "write"
CELLS = [
    # status, shaped: read, written; not shaped: read, written
    (300, UnexpectedAnswer, Unclear, UnexpectedAnswer, Unclear),
    (301, UnexpectedAnswer, Unclear, UnexpectedAnswer, Unclear),
    (302, UnexpectedAnswer, Unclear, UnexpectedAnswer, Unclear),
    (304, UnexpectedAnswer, Unclear, UnexpectedAnswer, Unclear),
    (307, UnexpectedAnswer, Unclear, UnexpectedAnswer, Unclear),
    (308, UnexpectedAnswer, Unclear, UnexpectedAnswer, Unclear),
    (400, Refused, Refused, UnexpectedAnswer, Unclear),
    (402, Refused, Refused, UnexpectedAnswer, Unclear),
    (403, NotAllowed, NotAllowed, UnexpectedAnswer, Unclear),
    (404, NotFound, NotFound, UnexpectedAnswer, Unclear),
    (408, TryLater, Unclear, TryLater, Unclear),
    (409, Conflict, Conflict, UnexpectedAnswer, Unclear),
    (410, Refused, Refused, UnexpectedAnswer, Unclear),
    (412, Conflict, Conflict, UnexpectedAnswer, Unclear),
    (422, Refused, Refused, UnexpectedAnswer, Unclear),
    (429, TryLater, TryLater, TryLater, TryLater),
    (500, TryLater, Unclear, TryLater, Unclear),
    (501, TryLater, Unclear, TryLater, Unclear),
    (502, TryLater, Unclear, TryLater, Unclear),
    (503, TryLater, Unclear, TryLater, Unclear),
    (504, TryLater, Unclear, TryLater, Unclear),
    (520, TryLater, Unclear, TryLater, Unclear),
    (601, UnexpectedAnswer, Unclear, UnexpectedAnswer, Unclear),
]


@pytest.mark.parametrize("shaped", [True, False])
@pytest.mark.parametrize("way", [READ, WRITE])
@pytest.mark.parametrize("row", CELLS, ids=lambda row: str(row[0]))
def test_every_status_has_its_error(
    client: Client, server: responses.RequestsMock, row: tuple[Any, ...], way: str, shaped: bool
) -> None:
    status, *errors = row
    expected = errors[(0 if shaped else 2) + (way == WRITE)]
    body = msgspec.json.encode(SHAPED) if shaped else b"<html>Something else</html>"
    if status == 304:
        body = b""  # never has one
    server.add("GET" if way == READ else "POST", f"{API}/items", status=status, body=body)

    with pytest.raises(AccountingError) as caught:
        client.get("items", Item) if way == READ else client.post("items", {}, Item)

    assert type(caught.value) is expected
    assert caught.value.status == status
    assert caught.value.sentence


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_every_way_of_writing_reads_the_same_column(
    client: Client, server: responses.RequestsMock, method: str
) -> None:
    server.add(method, f"{API}/items/1", status=502)

    with pytest.raises(Unclear):
        client.put("items/1", {}, Item) if method == "PUT" else client.delete("items/1")

    assert len(server.calls) == 1


def test_one_line_is_logged_of_each_request(
    client: Client, server: responses.RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    server.get(f"{API}/items", json={"name": "Pipe"})
    server.post(f"{API}/items", status=400, json=SHAPED)

    client.get("items", Item, params={"$filter": "Name eq 'Pipe'"})
    with pytest.raises(Refused):
        client.post("items", {"name": "Pipe"}, Item)

    assert caplog.messages == ["GET items: 200 in 0 ms", "POST items: 400 in 0 ms, error id e-1"]


def test_a_refusal_carries_their_words(client: Client, server: responses.RequestsMock) -> None:
    server.post(f"{API}/items", status=400, json=SHAPED)

    with pytest.raises(Refused) as caught:
        client.post("items", {}, Item)

    error = caught.value
    assert (error.sentence, error.field, error.code, error.error_id) == (
        "Postcode is missing",
        "Postcode",
        "2000",
        "e-1",
    )
    assert str(error) == "Postcode is missing (HTTP 400, error id e-1)"


def test_a_provider_may_read_another_error_from_its_body(client: Client, server: responses.RequestsMock) -> None:
    server.post(f"{API}/items", status=400, json={"said": "The period is locked", "code": "4026"})

    with pytest.raises(NotAllowed):
        client.post("items", {}, Item)


def test_a_body_never_overrules_a_server_error(client: Client, server: responses.RequestsMock) -> None:
    server.post(f"{API}/items", status=500, json={"said": "The period is locked", "code": "4026"})

    with pytest.raises(Unclear):
        client.post("items", {}, Item)


def test_a_provider_may_overrule_the_table(login: Login, server: responses.RequestsMock) -> None:
    server.get(f"{API}/items", status=410, json=SHAPED)
    server.post(f"{API}/items", status=503, json=SHAPED)
    table = {410: both(NotFound), 503: Cell(TryLater, TryLater)}
    client = Client(API, login, read_error=read_error, table=table, sleep=lambda seconds: None)

    with pytest.raises(NotFound):
        client.get("items", Item)
    with pytest.raises(TryLater):
        client.post("items", {}, Item)


def test_a_redirect_is_not_followed(client: Client, server: responses.RequestsMock) -> None:
    server.get(f"{API}/items", status=302, headers={"Location": "https://evil.example/items"})
    trap = server.get("https://evil.example/items", json={"name": "Pipe"})

    with pytest.raises(UnexpectedAnswer):
        client.get("items", Item)

    assert trap.call_count == 0


# --- a refused login ---------------------------------------------------------------


def test_a_refused_token_is_renewed_once_and_the_read_repeated(
    client: Client, server: responses.RequestsMock, login: Login
) -> None:
    server.get(f"{API}/items", status=401)
    server.get(f"{API}/items", json={"name": "Pipe"})

    assert client.get("items", Item).value == Item("Pipe")

    assert [call.request.headers["Authorization"] for call in server.calls] == ["Bearer t0", "Bearer t1"]
    assert login.renewals == 1


def test_a_renewed_token_that_is_refused_needs_a_person(
    client: Client, server: responses.RequestsMock, login: Login
) -> None:
    server.get(f"{API}/items", status=401)

    with pytest.raises(ReconnectNeeded):
        client.get("items", Item)
    with pytest.raises(ReconnectNeeded):
        client.get("items", Item)

    assert login.renewals == 1


def test_a_write_with_a_refused_token_renews_it_and_is_not_repeated(
    client: Client, server: responses.RequestsMock, login: Login
) -> None:
    server.post(f"{API}/items", status=401)

    with pytest.raises(TryLater) as caught:
        client.post("items", {}, Item)
    assert caught.value.after == timedelta(0)
    assert (len(server.calls), login.renewals) == (1, 1)

    with pytest.raises(ReconnectNeeded):
        client.post("items", {}, Item)
    assert (len(server.calls), login.renewals) == (2, 1)


# --- waiting and repeating -----------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"Retry-After": "55"}, SHAPED, 55),
        ({"Retry-After": "0"}, SHAPED, 1),
        ({"Retry-After": "999999"}, SHAPED, 3600),
        ({"Retry-After": "Fri, 20 Nov 2026 10:01:30 GMT", "Date": "Fri, 20 Nov 2026 10:00:00 GMT"}, SHAPED, 90),
        ({"Retry-After": "soon"}, SHAPED, 60),
        ({}, {**SHAPED, "wait": "42"}, 42),
        ({"Retry-After": "7"}, {**SHAPED, "wait": "42"}, 7),
        ({}, {}, 60),
    ],
)
def test_a_wait_is_taken_from_the_header_or_the_text(
    client: Client, server: responses.RequestsMock, headers: dict[str, str], body: Json, seconds: int
) -> None:
    server.post(f"{API}/items", status=429, headers=headers, json=body or None)

    with pytest.raises(TryLater) as caught:
        client.post("items", {}, Item)

    assert caught.value.after == timedelta(seconds=seconds)
    assert len(server.calls) == 1


def test_a_read_waits_itself_when_the_wait_is_short(
    client: Client, server: responses.RequestsMock, clock: Clock
) -> None:
    server.get(f"{API}/items", status=429, headers={"Retry-After": "4"})
    server.get(f"{API}/items", json={"name": "Pipe"})

    assert client.get("items", Item).value == Item("Pipe")

    assert clock.slept == [4]


def test_a_read_hands_a_long_wait_to_its_caller(client: Client, server: responses.RequestsMock, clock: Clock) -> None:
    server.get(f"{API}/items", status=429, headers={"Retry-After": "6"})

    with pytest.raises(TryLater) as caught:
        client.get("items", Item)

    assert caught.value.after == timedelta(seconds=6)
    assert (len(server.calls), clock.slept) == (1, [])


@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_read_is_tried_three_times(client: Client, server: responses.RequestsMock, clock: Clock, status: int) -> None:
    server.get(f"{API}/items", status=status)

    with pytest.raises(TryLater):
        client.get("items", Item)

    assert client.requests == len(server.calls) == 3
    assert len(clock.slept) == 2
    assert all(0 < pause <= 1 for pause in clock.slept)


def test_a_read_that_works_at_the_third_try_works(client: Client, server: responses.RequestsMock) -> None:
    server.get(f"{API}/items", status=503)
    server.get(f"{API}/items", body=b'{"name": "Pi')
    server.get(f"{API}/items", json={"name": "Pipe"})

    assert client.get("items", Item).value == Item("Pipe")


@pytest.mark.parametrize("status", [400, 403, 404, 409, 500])
def test_other_failures_of_a_read_are_not_repeated(client: Client, server: responses.RequestsMock, status: int) -> None:
    server.get(f"{API}/items", status=status, json=SHAPED)

    with pytest.raises(AccountingError):
        client.get("items", Item)

    assert len(server.calls) == 1


@pytest.mark.parametrize("status", [401, 408, 429, 500, 502, 503, 504])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_a_write_is_sent_once_whatever_happens(
    client: Client, server: responses.RequestsMock, clock: Clock, method: str, status: int
) -> None:
    server.add(method, f"{API}/items/1", status=status, headers={"Retry-After": "1"})

    with pytest.raises((TryLater, Unclear)):
        client._write(client._call(method, "items/1", body={}), bytes)

    assert (client.requests, len(server.calls), clock.slept) == (1, 1, [])


# --- a success that is none -------------------------------------------------------------

NOT_AN_ITEM = {
    "html": b"<html><body>Log in</body></html>",
    "truncated": b'{"name": "Pip',
    "empty": b"",
    "another shape": b'{"title": "Pipe"}',
    "a list": b"[]",
    "null": b"null",
    "not a number": b'{"name": "Pipe", "price": NaN}',
    "infinity": b'{"name": "Pipe", "price": Infinity}',
    "too large for any number": b'{"name": "Pipe", "price": 1e99999999999999999999}',
    "not utf-8": b'{"name": "P\xffpe"}',
    "bottomless": b'{"name": ' + b"[" * 100_000,
}


@pytest.mark.parametrize("body", NOT_AN_ITEM.values(), ids=NOT_AN_ITEM)
def test_a_success_without_the_promised_body(client: Client, server: responses.RequestsMock, body: bytes) -> None:
    server.get(f"{API}/items", body=body, content_type="application/json")
    server.post(f"{API}/items", body=body, status=201, content_type="application/json")

    with pytest.raises(UnexpectedAnswer):
        client.get("items", Item)
    with pytest.raises(Unclear):
        client.post("items", {}, Item)

    assert len([call for call in server.calls if call.request.method == "POST"]) == 1


@pytest.mark.parametrize("value", [b"NaN", b"-Infinity", b"1e99999999999999999999"])
def test_an_untyped_body_refuses_impossible_numbers(
    client: Client, server: responses.RequestsMock, value: bytes
) -> None:
    server.get(f"{API}/items", body=b'{"price": ' + value + b"}")

    with pytest.raises(UnexpectedAnswer):
        client.get("items", Json)


def test_a_write_is_not_confirmed_by_a_page(client: Client, server: responses.RequestsMock) -> None:
    server.delete(f"{API}/items/1", body=b"<html>Log in</html>", content_type="text/html")

    with pytest.raises(Unclear):
        client.delete("items/1")


@pytest.mark.parametrize("status", [200, 204])
def test_a_removal_needs_no_body(client: Client, server: responses.RequestsMock, status: int) -> None:
    server.delete(f"{API}/items/1", status=status)

    client.delete("items/1")

    assert len(server.calls) == 1


def test_half_an_emoji_does_not_lose_the_page(client: Client, server: responses.RequestsMock) -> None:
    server.get(f"{API}/items", body=rb'{"name": "\ud83d\ude00 \\ud83d \uD83D"}')

    assert client.get("items", Item).value.name == "\U0001f600 \\ud83d \ufffd"
