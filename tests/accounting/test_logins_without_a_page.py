"""Signing in without a login page of ours: by tenant, and by a lasting grant."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import responses

from accounting import http, login
from accounting.auth import Auth, AuthorizationCode, ClientCredentials, GrantToken, Permission, Tokens, login_named
from accounting.errors import AccountingError, NotAllowed, ReconnectNeeded, TryLater, UnexpectedAnswer
from accounting.http import NetworkForbidden

from . import wire

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
TENANT = "2b1f8a2e-6a52-4f7e-9a0c-0f1f5d1c7a11"
BY_TENANT = ClientCredentials(
    identity_variable="BOOKS_IDENTITY_URL",
    client_id_variable="BOOKS_CLIENT_ID",
    client_secret_variable="BOOKS_CLIENT_SECRET",
    token_path="/connect/token",
    permissions=[Permission(scope="erp:read", sentence="Read."), Permission(scope="orders:write", sentence="Sell.")],
    tenant_parameter="tenant_id",
    advice={"invalid_tenant": "Take the id of the company, not of the customer."},
)
BY_GRANT = GrantToken(
    install_variable="BOOKS_INSTALL_URL",
    public_token_variable="BOOKS_PUBLIC_TOKEN",
    secret_token_variable="BOOKS_SECRET_TOKEN",
    token_parameter="token",
    public_token_parameter="appPublicToken",
    redirect_parameter="redirectUrl",
    locales={"sv": "sv-SE", "en": "en-GB"},
)
BY_PAGE = AuthorizationCode(
    identity_variable="BOOKS_IDENTITY_URL",
    client_id_variable="BOOKS_CLIENT_ID",
    client_secret_variable="BOOKS_CLIENT_SECRET",
    authorize_path="/connect/authorize",
    token_path="/connect/token",
    revoke_path="",
    permissions=[],
)
SITE = {
    "BOOKS_IDENTITY_URL": "https://login.example",
    "BOOKS_CLIENT_ID": "our-id",
    "BOOKS_CLIENT_SECRET": "our-secret",
    "BOOKS_INSTALL_URL": "https://books.example/secure/requestaccess.aspx",
    "BOOKS_PUBLIC_TOKEN": "our-public",
    "BOOKS_SECRET_TOKEN": "our-app-secret",
}
TOKEN_URL = "https://login.example/connect/token"
GRANTED = {"access_token": "new-access", "expires_in": 3600, "token_type": "Bearer"}
HELD = Tokens(access_token="old-access", tenant=TENANT, login="client_credentials")
BACK = "https://us.example/back?with=query"

Call = Callable[..., Tokens]


@pytest.fixture
def server() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def fetch(site: dict[str, str] = SITE, auth: Auth = BY_TENANT) -> Tokens:
    return login.fetch_for_tenant(auth, site, tenant=TENANT, clock=lambda: NOW)


def refresh(site: dict[str, str] = SITE, auth: Auth = BY_TENANT) -> Tokens:
    return login.refresh(auth, site, HELD, clock=lambda: NOW)


both = pytest.mark.parametrize("call", [fetch, refresh])


# --- by tenant -----------------------------------------------------------------------


@both
def test_one_request_with_the_tenant_and_every_permission(call: Call, server: responses.RequestsMock) -> None:
    server.post(TOKEN_URL, json=GRANTED)

    tokens = call()

    assert tokens == Tokens(
        access_token="new-access",
        expires_at=NOW + timedelta(hours=1),
        scopes=frozenset({"erp:read", "orders:write"}),
        tenant=TENANT,
        login="client_credentials",
    )
    assert len(server.calls) == 1
    assert dict(parse_qsl(str(server.calls[0].request.body))) == {
        "grant_type": "client_credentials",
        "client_id": "our-id",
        "client_secret": "our-secret",
        "tenant_id": TENANT,
        "scope": "erp:read orders:write",
    }


def test_only_what_was_granted_counts(server: responses.RequestsMock) -> None:
    server.post(TOKEN_URL, json=GRANTED | {"scope": "erp:read"})

    assert fetch().scopes == {"erp:read"}


def test_a_refresh_token_that_nobody_asked_for_is_not_kept(server: responses.RequestsMock) -> None:
    server.post(TOKEN_URL, json=GRANTED | {"refresh_token": "never-used"})

    assert fetch().refresh_token == ""


@pytest.mark.parametrize("held", [None, Tokens(access_token="old")])
def test_without_a_tenant_nobody_is_asked(held: Tokens | None, server: responses.RequestsMock) -> None:
    with pytest.raises(ReconnectNeeded, match="no tenant"):
        login.refresh(BY_TENANT, SITE, held)
    assert len(server.calls) == 0


@both
@pytest.mark.parametrize(
    ("status", "code", "error", "words"),
    [
        (400, "invalid_tenant", ReconnectNeeded, "not of the customer"),
        (400, "unauthorized_client", ReconnectNeeded, "administrator approves it"),
        (403, "access_denied", ReconnectNeeded, "administrator approves it"),
        (400, "invalid_scope", ReconnectNeeded, "administrator approves them"),
        (400, "invalid_client", NotAllowed, "check BOOKS_CLIENT_ID and BOOKS_CLIENT_SECRET"),
        (401, "invalid_client", NotAllowed, "login.example"),
        (400, "invalid_request", TryLater, "right now"),
        (500, "server_error", TryLater, "right now"),
    ],
)
def test_a_refusal_says_who_must_do_what(  # noqa: PLR0913  (one row of a table)
    call: Call, server: responses.RequestsMock, status: int, code: str, error: type[AccountingError], words: str
) -> None:
    server.post(TOKEN_URL, status=status, json={"error": code})

    with pytest.raises(error, match=words) as caught:
        call()

    assert type(caught.value) is error
    assert caught.value.status == status
    assert len(server.calls) == 1


def test_without_advice_of_the_provider_there_is_ours(server: responses.RequestsMock) -> None:
    server.post(TOKEN_URL, status=400, json={"error": "invalid_tenant"})

    with pytest.raises(ReconnectNeeded, match="check the tenant id"):
        fetch(auth=replace(BY_TENANT, advice={}))


@pytest.mark.parametrize("code", ["invalid_tenant", "invalid_scope"])
def test_a_person_who_signs_in_can_also_have_the_wrong_company(code: str, server: responses.RequestsMock) -> None:
    server.post(TOKEN_URL, status=400, json={"error": code})

    with pytest.raises(ReconnectNeeded):
        login.exchange_code(BY_PAGE, SITE, code="c", verifier="v", redirect_uri=BACK)


@both
@pytest.mark.parametrize("body", ["<html>Log in</html>", "", "{}", '{"access_token": "a\\r\\nX: 1"}'])
def test_a_success_without_a_token(call: Call, server: responses.RequestsMock, body: str) -> None:
    server.post(TOKEN_URL, body=body, content_type="application/json")

    with pytest.raises(UnexpectedAnswer):
        call()


@both
@pytest.mark.parametrize("act", [wire.reset, wire.keep_silent])
def test_a_broken_connection_is_temporary_and_not_tried_again(
    call: Call, act: wire.Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login, "DEADLINE_S", 0.2)

    with wire.wire(act) as served:
        with pytest.raises(TryLater):
            call(SITE | {"BOOKS_IDENTITY_URL": served.url})
        assert len(served.heads) == 1


@both
@pytest.mark.parametrize("missing", ["BOOKS_CLIENT_ID", "BOOKS_CLIENT_SECRET"])
def test_an_installation_without_a_client_is_told_what_to_set(
    call: Call, missing: str, server: responses.RequestsMock
) -> None:
    with pytest.raises(NotAllowed, match="set BOOKS_CLIENT_ID and BOOKS_CLIENT_SECRET"):
        call(SITE | {missing: ""})
    assert len(server.calls) == 0


@both
def test_no_login_inside_a_transaction(
    call: Call, server: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "forbid_when", lambda: "a transaction is open")

    with pytest.raises(NetworkForbidden):
        call()
    assert len(server.calls) == 0


@both
def test_a_copied_installation_fetches_no_token(
    call: Call, server: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "refuse_writes_when", lambda: "This is a copy.")

    with pytest.raises(TryLater):
        call()
    assert len(server.calls) == 0


@pytest.mark.parametrize("auth", [BY_TENANT, BY_GRANT])
def test_there_is_nothing_to_revoke(auth: Auth, server: responses.RequestsMock) -> None:
    assert not login.revoke(auth, SITE, HELD)
    assert len(server.calls) == 0


# --- by grant ------------------------------------------------------------------------


def test_the_installation_page_is_told_who_we_are_and_where_to_come_back() -> None:
    url = login.installation_url(BY_GRANT, SITE, redirect_uri=BACK, language="sv")

    assert url.startswith("https://books.example/secure/requestaccess.aspx?")
    assert parse_qs(urlsplit(url).query) == {
        "appPublicToken": ["our-public"],
        "redirectUrl": [BACK],
        "locale": ["sv-SE"],
    }
    assert "our-app-secret" not in url


@pytest.mark.parametrize("language", ["", "fi"])
def test_a_language_that_the_page_does_not_speak_is_left_out(language: str) -> None:
    assert "locale" not in login.installation_url(BY_GRANT, SITE, redirect_uri=BACK, language=language)


@pytest.mark.parametrize("missing", ["BOOKS_INSTALL_URL", "BOOKS_PUBLIC_TOKEN", "BOOKS_SECRET_TOKEN"])
def test_an_installation_without_an_app_is_told_what_to_set(missing: str) -> None:
    with pytest.raises(NotAllowed, match=f"set {missing}"):
        login.installation_url(BY_GRANT, SITE | {missing: ""}, redirect_uri=BACK)


def test_the_installation_page_is_encrypted_or_on_this_machine() -> None:
    with pytest.raises(NotAllowed, match="https"):
        login.installation_url(BY_GRANT, SITE | {"BOOKS_INSTALL_URL": "http://books.example"}, redirect_uri=BACK)


def test_a_grant_lasts() -> None:
    tokens = login.accept_grant(BY_GRANT, {"token": " the-grant ", "other": "x"})

    assert tokens == Tokens(access_token="the-grant", login="grant_token")
    assert tokens.expires_at is None


@pytest.mark.parametrize("answer", [{}, {"token": ""}, {"token": "  "}, {"code": "x"}])
def test_coming_back_without_a_token(answer: dict[str, str]) -> None:
    with pytest.raises(ReconnectNeeded, match="sent no token"):
        login.accept_grant(BY_GRANT, answer)


@pytest.mark.parametrize("token", ["a\r\nX-Evil: 1", "två", "a b", "x" * 20_001])
def test_what_cannot_stand_in_a_header_is_no_token(token: str) -> None:
    with pytest.raises(ReconnectNeeded, match="not a token"):
        login.accept_grant(BY_GRANT, {"token": token})


def test_a_refused_grant_needs_a_person_at_once(server: responses.RequestsMock) -> None:
    with pytest.raises(ReconnectNeeded):
        login.refresh(BY_GRANT, SITE, Tokens(access_token="refused"))
    assert len(server.calls) == 0


# --- which is which ------------------------------------------------------------------


def test_a_login_is_found_by_its_key_and_the_first_speaks_for_the_rest() -> None:
    logins = (BY_TENANT, BY_PAGE)

    assert login_named(logins, "authorization_code") is BY_PAGE
    assert login_named(logins, "") is BY_TENANT
    assert login_named(logins, "gone") is BY_TENANT


def test_each_login_names_the_variables_that_it_needs() -> None:
    assert BY_TENANT.variables == ("BOOKS_IDENTITY_URL", "BOOKS_CLIENT_ID", "BOOKS_CLIENT_SECRET")
    assert BY_GRANT.variables == ("BOOKS_INSTALL_URL", "BOOKS_PUBLIC_TOKEN", "BOOKS_SECRET_TOKEN")


@pytest.mark.parametrize("auth", [BY_PAGE, BY_TENANT, BY_GRANT], ids=lambda each: each.key)
def test_a_login_is_not_carried_out_as_another(auth: Auth, server: responses.RequestsMock) -> None:
    calls: list[tuple[type, Callable[[], object]]] = [
        (AuthorizationCode, lambda: login.exchange_code(auth, SITE, code="c", verifier="v", redirect_uri=BACK)),
        (AuthorizationCode, lambda: login.authorization_url(auth, SITE, redirect_uri=BACK, flow=login.new_flow())),
        (ClientCredentials, lambda: fetch(auth=auth)),
        (GrantToken, lambda: login.installation_url(auth, SITE, redirect_uri=BACK)),
        (GrantToken, lambda: login.accept_grant(auth, {"token": "t"})),
    ]
    for kind, call in calls:
        if not isinstance(auth, kind):
            with pytest.raises(TypeError):
                call()
    assert len(server.calls) == 0


# --- secrets -------------------------------------------------------------------------


def test_nothing_secret_is_logged_or_shown(server: responses.RequestsMock, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server.post(TOKEN_URL, json=GRANTED)
    shown = [repr(fetch()), repr(login.accept_grant(BY_GRANT, {"token": "the-grant"}))]
    server.replace(responses.POST, TOKEN_URL, status=400, json={"error": "invalid_tenant", "token": "new-access"})
    for call in (
        fetch,
        lambda: login.refresh(BY_GRANT, SITE, Tokens(access_token="the-grant")),
        lambda: login.accept_grant(BY_GRANT, {"token": "the-grant\nthe-grant"}),
    ):
        with pytest.raises(ReconnectNeeded) as caught:
            call()
        shown += ["".join(traceback.format_exception_only(caught.value)), repr(caught.value)]
    shown += [record.getMessage() for record in caplog.records]

    secrets = ("new-access", "our-secret", "the-grant", "our-app-secret")
    assert [line for line in shown for secret in secrets if secret in line] == []
