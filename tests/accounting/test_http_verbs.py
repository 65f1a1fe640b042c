"""Verbs that not every accounting system needs: PATCH, what a DELETE is about, answers that only name a place."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
import responses

from accounting.client import Client, Upload
from accounting.errors import Refused, TryLater, Unclear
from tests.accounting.test_http import API, SHAPED, Item, Login, read_error


@pytest.fixture
def client() -> Client:
    return Client(API, Login(), read_error=read_error, sleep=lambda seconds: None, id_header="Request-Id")


@pytest.fixture
def server() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def test_a_patch_is_sent_once_and_like_any_write(client: Client, server: responses.RequestsMock) -> None:
    server.patch(f"{API}/orders/1", body=b"", status=202, headers={"ETag": "2"})

    answer = client.patch("orders/1", {"name": "New"}, bytes, headers={"If-Match": "1"})

    assert (answer.status, answer.value, answer.headers["ETag"]) == (202, b"", "2")
    (call,) = server.calls
    assert (call.request.body, call.request.headers["If-Match"]) == (b'{"name":"New"}', "1")


@pytest.mark.parametrize("status", [500, 503])
def test_a_patch_without_an_answer_is_unclear_and_not_repeated(
    client: Client, server: responses.RequestsMock, status: int
) -> None:
    server.patch(f"{API}/orders/1", status=status)

    with pytest.raises(Unclear):
        client.patch("orders/1", {"name": "New"}, Item)
    assert len(server.calls) == 1


def test_a_delete_says_what_it_is_about_and_what_it_found(client: Client, server: responses.RequestsMock) -> None:
    server.delete(f"{API}/orders/1/lines?ids=1%2C2", status=202, headers={"ETag": "3"})

    assert client.delete("orders/1/lines", params={"ids": "1,2"}).headers["ETag"] == "3"


def test_a_create_may_answer_with_a_place_alone(client: Client, server: responses.RequestsMock) -> None:
    server.post(f"{API}/customers", body=b"", status=201, headers={"Location": f"{API}/customers/7"})

    answer = client.post("customers", {"name": "New"}, bytes)

    assert (answer.status, answer.value, answer.headers["Location"]) == (201, b"", f"{API}/customers/7")


def test_a_file_is_sent_as_it_is(client: Client, server: responses.RequestsMock) -> None:
    server.post(f"{API}/files", body=b"", status=201)

    client.post("files", Upload("application/pdf", b"%PDF"), bytes)

    (call,) = server.calls
    assert (call.request.body, call.request.headers["Content-Type"]) == (b"%PDF", "application/pdf")


def test_the_vendors_name_of_a_request_is_evidence(
    client: Client, server: responses.RequestsMock, caplog: pytest.LogCaptureFixture
) -> None:
    nameless = {name: value for name, value in SHAPED.items() if name != "id"}
    server.get(f"{API}/a", status=400, json=nameless, headers={"Request-Id": "r-1"})
    server.get(f"{API}/b", status=400, json=SHAPED, headers={"Request-Id": "r-1"})
    server.get(f"{API}/c", status=400, json=nameless)

    evidence = {}
    with caplog.at_level(logging.INFO, "accounting.client"):
        for path in "abc":
            with pytest.raises(Refused) as caught:
                client.get(path, Item)
            evidence[path] = caught.value.error_id

    # The body's own one goes first.
    assert evidence == {"a": "r-1", "b": "e-1", "c": ""}
    assert ["error id" in line for line in caplog.messages] == [True, True, False]


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"X-RateLimit-Reset": "900"}, timedelta(minutes=15)),
        ({"X-RateLimit-Reset": "900", "Retry-After": "30"}, timedelta(seconds=30)),
        ({"X-RateLimit-Reset": "1792836600", "Date": "Sat, 24 Oct 2026 09:40:00 GMT"}, timedelta(minutes=30)),
        ({"X-RateLimit-Reset": "0"}, timedelta(seconds=1)),
        ({"X-RateLimit-Reset": "soon"}, timedelta(minutes=1)),
    ],
)
def test_when_a_limit_starts_anew(
    client: Client, server: responses.RequestsMock, headers: dict[str, str], wait: timedelta
) -> None:
    server.post(f"{API}/customers", status=429, headers=headers)

    with pytest.raises(TryLater) as caught:
        client.post("customers", {}, Item)

    assert caught.value.after == wait
