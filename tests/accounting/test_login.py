"""Signing in: the address, the exchange, the renewal, the end; and what each answer of the login server becomes."""

from __future__ import annotations

import base64
import hashlib
import logging
import os
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import responses

from accounting import http, login
from accounting.auth import AuthorizationCode, Permission, Tokens
from accounting.errors import AccountingError, NotAllowed, ReconnectNeeded, TryLater, UnexpectedAnswer
from accounting.http import NetworkForbidden

from . import wire

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
AUTH = AuthorizationCode(
    identity_variable="BOOKS_IDENTITY_URL",
    client_id_variable="BOOKS_CLIENT_ID",
    client_secret_variable="BOOKS_CLIENT_SECRET",
    authorize_path="/connect/authorize",
    token_path="/connect/token",
    revoke_path="/connect/revocation",
    permissions=[Permission(scope="books:read", sentence="Read."), Permission(scope="offline", sentence="Stay.")],
    authorize_extra={"prompt": "select_account"},
)
SITE = {
    "BOOKS_IDENTITY_URL": "https://login.example",
    "BOOKS_CLIENT_ID": "our-id",
    "BOOKS_CLIENT_SECRET": "our-secret",
}
TOKEN_URL = "https://login.example/connect/token"
REVOKE_URL = "https://login.example/connect/revocation"
GRANTED = {"access_token": "new-access", "refresh_token": "new-refresh", "expires_in": 3600, "token_type": "bearer"}
OLD = Tokens(access_token="old-access", refresh_token="old-refresh")


@pytest.fixture
def server() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def exchange(site: dict[str, str] = SITE) -> Tokens:
    return login.exchange_code(
        AUTH, site, code="the-code", verifier="the-verifier", redirect_uri="https://us.example/back", clock=lambda: NOW
    )


def refresh(site: dict[str, str] = SITE) -> Tokens:
    return login.refresh(AUTH, site, OLD, clock=lambda: NOW)


def revoke(site: dict[str, str] = SITE) -> bool:
    return login.revoke(AUTH, site, OLD)


def form_of(call: Any) -> dict[str, str]:
    return dict(parse_qsl(call.request.body, keep_blank_values=True))


# --- the login page ------------------------------------------------------------------


def test_every_flow_has_secrets_of_its_own() -> None:
    one, other = login.new_flow(), login.new_flow()

    assert len({one.state, one.verifier, other.state, other.verifier}) == 4
    assert 43 <= len(one.verifier) <= 128
    digest = base64.urlsafe_b64encode(hashlib.sha256(one.verifier.encode()).digest())
    assert one.challenge == digest.decode().rstrip("=")
    assert one.verifier not in repr(one)
    assert one.state not in repr(one)


def test_the_address_of_the_login_page() -> None:
    flow = login.new_flow()

    url = login.authorization_url(AUTH, SITE, redirect_uri="https://us.example/back", flow=flow)

    assert url.startswith("https://login.example/connect/authorize?")
    assert parse_qs(urlsplit(url).query) == {
        "response_type": ["code"],
        "client_id": ["our-id"],
        "redirect_uri": ["https://us.example/back"],
        "scope": ["books:read offline"],
        "state": [flow.state],
        "code_challenge": [flow.challenge],
        "code_challenge_method": ["S256"],
        "prompt": ["select_account"],
    }


def test_this_machine_needs_no_encryption_and_others_do() -> None:
    flow = login.new_flow()
    local = SITE | {"BOOKS_IDENTITY_URL": "http://127.0.0.1:8765/books"}

    url = login.authorization_url(AUTH, local, redirect_uri="http://127.0.0.1:8000/back", flow=flow)

    assert url.startswith("http://127.0.0.1:8765/books/connect/authorize?")
    for call in (exchange, refresh, revoke):
        with pytest.raises(NotAllowed):
            call(SITE | {"BOOKS_IDENTITY_URL": "http://login.example"})


@pytest.mark.parametrize("missing", ["BOOKS_CLIENT_ID", "BOOKS_CLIENT_SECRET"])
def test_an_installation_without_a_client_is_told_what_to_set(missing: str, server: responses.RequestsMock) -> None:
    site = SITE | {missing: ""}

    for call in (exchange, refresh, revoke):
        with pytest.raises(NotAllowed, match="set BOOKS_CLIENT_ID and BOOKS_CLIENT_SECRET"):
            call(site)
    with pytest.raises(NotAllowed, match="set BOOKS_CLIENT_ID and BOOKS_CLIENT_SECRET"):
        login.authorization_url(AUTH, site, redirect_uri="https://us.example/back", flow=login.new_flow())
    assert len(server.calls) == 0


# --- code and tokens -------------------------------------------------------------------


def test_a_code_becomes_tokens(server: responses.RequestsMock) -> None:
    server.post(TOKEN_URL, json=GRANTED)

    tokens = exchange()

    assert tokens == Tokens(
        access_token="new-access",
        refresh_token="new-refresh",
        expires_at=NOW + timedelta(hours=1),
        scopes=frozenset({"books:read", "offline"}),
        login="authorization_code",
    )
    assert form_of(server.calls[0]) == {
        "grant_type": "authorization_code",
        "code": "the-code",
        "code_verifier": "the-verifier",
        "redirect_uri": "https://us.example/back",
    }
    basic = base64.b64encode(b"our-id:our-secret").decode()
    assert server.calls[0].request.headers["Authorization"] == f"Basic {basic}"


def test_granted_scopes_are_told_even_if_they_are_not_those_asked_for(server: responses.RequestsMock) -> None:
    server.post(TOKEN_URL, json=GRANTED | {"scope": "books:read something:else"})

    assert exchange().scopes == {"books:read", "something:else"}


def test_a_refresh_token_becomes_new_tokens(server: responses.RequestsMock) -> None:
    server.post(TOKEN_URL, json=GRANTED)

    tokens = refresh()

    assert (tokens.access_token, tokens.refresh_token) == ("new-access", "new-refresh")
    assert tokens.expires_at == NOW + timedelta(hours=1)
    assert tokens.scopes == frozenset()
    assert form_of(server.calls[0]) == {"grant_type": "refresh_token", "refresh_token": "old-refresh"}


def test_a_reusable_refresh_token_is_kept(server: responses.RequestsMock) -> None:
    server.post(TOKEN_URL, json={"access_token": "new-access", "expires_in": 3600})

    assert refresh().refresh_token == "old-refresh"


def test_a_first_login_without_refresh_token_is_useless(server: responses.RequestsMock) -> None:
    server.post(TOKEN_URL, json={"access_token": "new-access", "expires_in": 3600})

    with pytest.raises(NotAllowed, match="offline access"):
        exchange()


@pytest.mark.parametrize("tokens", [None, Tokens(access_token="old-access")])
def test_nothing_to_renew_means_a_person_must_sign_in(tokens: Tokens | None, server: responses.RequestsMock) -> None:
    with pytest.raises(ReconnectNeeded):
        login.refresh(AUTH, SITE, tokens)
    assert len(server.calls) == 0


def test_a_login_page_that_sends_no_code(server: responses.RequestsMock) -> None:
    with pytest.raises(ReconnectNeeded):
        login.exchange_code(AUTH, SITE, code="", verifier="v", redirect_uri="https://us.example/back")
    assert len(server.calls) == 0


@pytest.mark.parametrize(
    ("expires_in", "seconds"),
    [(1, 1), (3600, 3600), (10**15, 30 * 24 * 3600)]
    + [(value, 300) for value in ("3600", "soon", -1, 0, None, True, 3600.5, [3600])],
)
@pytest.mark.parametrize("call", [exchange, refresh])
def test_an_unusable_life_is_five_minutes(
    server: responses.RequestsMock, call: Any, expires_in: object, seconds: int
) -> None:
    server.post(TOKEN_URL, json=GRANTED | {"expires_in": expires_in})

    assert call().expires_at == NOW + timedelta(seconds=seconds)


def test_a_missing_life_is_five_minutes(server: responses.RequestsMock) -> None:
    server.post(TOKEN_URL, json={"access_token": "a", "refresh_token": "b"})

    assert exchange().expires_at == NOW + timedelta(minutes=5)


# --- what goes wrong ---------------------------------------------------------------------

FAILURES: list[tuple[int, str, type[AccountingError]]] = [
    (400, '{"error":"invalid_grant"}', ReconnectNeeded),
    (401, '{"error":"invalid_grant","error_description":"expired"}', ReconnectNeeded),
    (400, '{"error":"invalid_client"}', NotAllowed),
    (401, '{"error":"invalid_client"}', NotAllowed),
    (400, '{"error":"unauthorized_client"}', NotAllowed),
    (400, '{"error":"invalid_request"}', TryLater),
    (400, '{"error":"temporarily_unavailable"}', TryLater),
    (400, "<html>Bad request</html>", TryLater),
    (400, '{"error":{"code":"invalid_grant"}}', TryLater),
    (302, "", TryLater),
    (403, "<html>Blocked</html>", TryLater),
    (429, "", TryLater),
    (500, '{"error":"server_error"}', TryLater),
    (500, "<html>Oh</html>", TryLater),
    (503, "", TryLater),
]
USELESS = {
    "html": "<html>Log in</html>",
    "empty": "",
    "an empty object": "{}",
    "null": "null",
    "half": '{"access_token": "a',
    "another type": '{"access_token": 1}',
    "an empty token": '{"access_token": ""}',
    "a token for no header": '{"access_token": "a\\r\\nX-Evil: 1"}',
    "a form": "access_token=a&refresh_token=b",
    "an error": '{"error": "invalid_grant"}',
}


@pytest.mark.parametrize("call", [exchange, refresh])
@pytest.mark.parametrize(("status", "body", "error"), FAILURES)
def test_a_failure_has_its_error_and_is_not_repeated(
    server: responses.RequestsMock, call: Any, status: int, body: str, error: type[AccountingError]
) -> None:
    server.post(TOKEN_URL, status=status, body=body, headers={"Location": "https://evil.example"})

    with pytest.raises(error) as caught:
        call()

    assert type(caught.value) is error
    assert caught.value.status == status
    assert len(server.calls) == 1


def test_a_refused_client_names_the_variables_and_the_host(server: responses.RequestsMock) -> None:
    server.post(TOKEN_URL, status=400, json={"error": "invalid_client"})

    with pytest.raises(NotAllowed, match=r"login\.example: check BOOKS_CLIENT_ID and BOOKS_CLIENT_SECRET"):
        refresh()


def test_a_busy_login_server_is_left_alone_as_long_as_it_asks(server: responses.RequestsMock) -> None:
    server.post(TOKEN_URL, status=429, headers={"Retry-After": "17"})

    with pytest.raises(TryLater) as caught:
        refresh()

    assert caught.value.after == timedelta(seconds=17)


@pytest.mark.parametrize("call", [exchange, refresh])
@pytest.mark.parametrize("body", USELESS.values(), ids=USELESS)
def test_a_success_without_a_token(server: responses.RequestsMock, call: Any, body: str) -> None:
    server.post(TOKEN_URL, body=body, content_type="application/json")

    with pytest.raises(UnexpectedAnswer):
        call()

    assert len(server.calls) == 1


@pytest.mark.parametrize("call", [exchange, refresh, revoke])
@pytest.mark.parametrize("act", [wire.reset, wire.keep_silent, wire.answer(b"{}", promised=99)])
def test_a_broken_connection_is_temporary(call: Any, act: wire.Act, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "DEADLINE_S", 0.2)

    with wire.wire(act) as served:
        with pytest.raises(TryLater):
            call(SITE | {"BOOKS_IDENTITY_URL": served.url})
        assert len(served.heads) == 1


@pytest.mark.parametrize("call", [exchange, refresh, revoke])
def test_a_closed_door_is_temporary(call: Any) -> None:
    with pytest.raises(TryLater):
        call(SITE | {"BOOKS_IDENTITY_URL": wire.closed_port()})


@pytest.mark.parametrize("call", [exchange, refresh, revoke])
def test_no_login_inside_a_transaction(
    call: Any, server: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "forbid_when", lambda: "a transaction is open")

    with pytest.raises(NetworkForbidden):
        call()

    assert len(server.calls) == 0


# --- the end -------------------------------------------------------------------------------


def test_a_login_is_revoked(server: responses.RequestsMock) -> None:
    server.post(REVOKE_URL, status=200)

    assert revoke()
    assert form_of(server.calls[0]) == {"token": "old-refresh", "token_type_hint": "refresh_token"}


def test_an_access_token_is_revoked_where_there_is_no_other(server: responses.RequestsMock) -> None:
    server.post(REVOKE_URL, status=200)

    login.revoke(AUTH, SITE, Tokens(access_token="old-access"))

    assert form_of(server.calls[0]) == {"token": "old-access", "token_type_hint": "access_token"}


def test_a_revocation_that_fails_says_so(server: responses.RequestsMock) -> None:
    server.post(REVOKE_URL, status=503)

    with pytest.raises(TryLater):
        revoke()


# --- secrets -------------------------------------------------------------------------------


def test_nothing_secret_is_logged_or_shown(server: responses.RequestsMock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server.post(TOKEN_URL, json=GRANTED)
    shown = [repr(exchange()), repr(refresh())]
    server.replace(responses.POST, TOKEN_URL, status=400, json={"error": "invalid_grant", "token": "new-access"})
    for call in (exchange, refresh):
        with pytest.raises(ReconnectNeeded) as caught:
            call()
        shown += [str(caught.value), repr(caught.value), traceback.format_exception(caught.value)[-1]]
    shown += [record.getMessage() for record in caplog.records]

    secrets = ("new-access", "new-refresh", "old-refresh", "our-secret", "the-code", "the-verifier")
    assert [line for line in shown for secret in secrets if secret in line] == []


def test_the_environment_of_the_process_stays_as_it_is(server: responses.RequestsMock) -> None:
    before = dict(os.environ)
    server.post("http://127.0.0.1:8765/connect/token", json=GRANTED | {"scope": "other"})

    exchange(SITE | {"BOOKS_IDENTITY_URL": "http://127.0.0.1:8765"})

    assert dict(os.environ) == before
    assert "OAUTHLIB_INSECURE_TRANSPORT" not in os.environ
    assert "OAUTHLIB_RELAX_TOKEN_SCOPE" not in os.environ
