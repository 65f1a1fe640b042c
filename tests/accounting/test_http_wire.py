"""What breaks below HTTP: connections refused, reset, silent, slow, cut, too large; and what is logged of it."""

from __future__ import annotations

import gzip
import logging
import socket
import time
import traceback
from typing import Any

import msgspec
import pytest

from accounting import http
from accounting.client import Client
from accounting.errors import AccountingError, TryLater, Unclear, UnexpectedAnswer

from . import wire

PIPE = b'{"name": "Pipe"}'


class Item(msgspec.Struct):
    name: str


class Login:
    def token(self) -> str:
        return "token-hunter2"

    def renew(self, refused: str) -> str:
        return "token-hunter3"


def client_of(url: str) -> Client:
    return Client(url, Login(), sleep=lambda seconds: None)


def read(client: Client) -> Item:
    return client.get("items", Item, params={"$filter": "Name eq 'query-hunter2'"}).value


def write(client: Client) -> Item:
    return client.post("items", {"name": "body-hunter2"}, Item).value


@pytest.fixture
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that a test can wait for."""
    monkeypatch.setattr(http, "READ_TIMEOUT_S", 0.2)
    monkeypatch.setattr(http, "READ_DEADLINE_S", 0.5)
    monkeypatch.setattr(http, "WRITE_DEADLINE_S", 0.5)


def trickle(connection: socket.socket) -> None:
    wire.answer(b"", promised=1000)(connection)
    for _ in range(100):
        time.sleep(0.02)
        try:
            connection.sendall(b" ")
        except OSError:
            return


# what happens, read, written, times a read is sent
BREAKDOWNS: dict[str, tuple[Any, type[AccountingError], type[AccountingError], int]] = {
    "reset": (wire.reset, TryLater, Unclear, 3),
    "closed without a word": (wire.say(b""), TryLater, Unclear, 3),
    "no http": (wire.say(b"SSH-2.0-OpenSSH\r\n\r\n"), TryLater, Unclear, 3),
    "half an answer": (wire.answer(PIPE[:5], promised=100), TryLater, Unclear, 3),
    "broken chunks": (
        wire.say(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nPipe\r\n"),
        TryLater,
        Unclear,
        3,
    ),
    "not gzip after all": (wire.answer(PIPE, more=b"Content-Encoding: gzip\r\n"), UnexpectedAnswer, Unclear, 1),
    "silence": (wire.keep_silent, TryLater, Unclear, 1),
    "a trickle": (trickle, TryLater, Unclear, 1),
}


@pytest.mark.usefixtures("_hasty")
@pytest.mark.parametrize("case", BREAKDOWNS)
def test_a_broken_answer(case: str) -> None:
    act, when_read, when_written, reads = BREAKDOWNS[case]

    with wire.wire(act) as server:
        with pytest.raises(when_read) as caught:
            read(client_of(server.url))
        assert type(caught.value) is when_read
        assert len(server.heads) == reads

    with wire.wire(act) as server:
        with pytest.raises(when_written):
            write(client_of(server.url))
        assert len(server.heads) == 1


@pytest.mark.parametrize("attempt", [read, write])
def test_a_refused_connection_carried_nothing_out(attempt: Any) -> None:
    client = client_of(wire.closed_port())

    with pytest.raises(TryLater):
        attempt(client)

    assert client.requests == (3 if attempt is read else 1)


@pytest.mark.parametrize("attempt", [read, write])
def test_a_failed_handshake_carried_nothing_out(attempt: Any) -> None:
    with wire.wire(wire.answer(PIPE)) as server, pytest.raises(TryLater):
        attempt(client_of(server.url.replace("http:", "https:")))


@pytest.mark.usefixtures("_hasty")
def test_a_handshake_that_hangs_carried_nothing_out() -> None:
    with wire.wire(wire.keep_silent) as server, pytest.raises(TryLater):
        write(client_of(server.url.replace("http:", "https:")))


@pytest.mark.parametrize("attempt", [read, write])
def test_an_unknown_name_carried_nothing_out(attempt: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*args: object, **keywords: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)

    with pytest.raises(TryLater):
        attempt(client_of("https://books.example"))


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_a_body_may_not_be_larger_than_the_cap(packed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "LARGEST_BODY", 100_000)
    body = b'{"name": "' + b"x" * 1_000_000 + b'"}'
    act = wire.answer(gzip.compress(body), more=b"Content-Encoding: gzip\r\n") if packed else wire.answer(body)

    with wire.wire(act) as server:
        with pytest.raises(UnexpectedAnswer):
            read(client_of(server.url))
        with pytest.raises(Unclear):
            write(client_of(server.url))


def test_a_packed_answer_is_unpacked() -> None:
    with wire.wire(wire.answer(gzip.compress(PIPE), more=b"Content-Encoding: gzip\r\n")) as server:
        assert read(client_of(server.url)) == Item("Pipe")


def test_reads_share_a_connection_and_a_write_has_its_own() -> None:
    peers: list[object] = []

    def keep_answering(connection: socket.socket) -> None:
        peers.append(connection)
        reply = wire.answer(PIPE)
        reply(connection)
        while connection.recv(65536):
            reply(connection)

    with wire.wire(keep_answering) as server:
        client = client_of(server.url)
        read(client)
        read(client)
        assert len(peers) == 1
        client._session.close()
        write(client)
        write(client)
        assert len(peers) == 3


def test_the_surroundings_have_no_say(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password hunter2\n")
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, wire.closed_port())
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))

    with wire.wire(wire.answer(PIPE)) as server:
        assert read(client_of(server.url)) == Item("Pipe")

    assert b"Bearer token-hunter2" in server.heads[0]


@pytest.mark.usefixtures("_hasty")
@pytest.mark.parametrize("act", [wire.answer(PIPE), wire.answer(PIPE, status="500 Oh"), wire.reset, wire.keep_silent])
def test_no_secret_reaches_log_or_error(act: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    shown = []

    with wire.wire(act) as server:
        client = client_of(server.url)
        for attempt in (read, write):
            try:
                attempt(client)
            except AccountingError as error:
                shown += traceback.format_exception(error) + [repr(error), str(error)]
    shown += [record.getMessage() for record in caplog.records]

    assert any("POST items: " in line for line in shown)
    assert [line for line in shown if "hunter" in line and "tests/accounting" not in line] == []


def test_a_token_that_cannot_be_sent_is_not_shown(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Login):
        def token(self) -> str:
            return "swordfish\r\nX-Evil: 1"

    with pytest.raises(TryLater) as caught:
        read(Client(wire.closed_port(), Broken(), sleep=lambda seconds: None))

    assert "swordfish" not in "".join(traceback.format_exception(caught.value)) + caplog.text
