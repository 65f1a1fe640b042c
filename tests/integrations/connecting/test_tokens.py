"""The tokens of a connection: who renews them, how often, and what survives when it goes wrong."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
import responses
import time_machine
from django.db import OperationalError, connections
from django.db import connection as database
from django.utils import timezone

from accounting.auth import GrantToken, Tokens
from accounting.errors import ReconnectNeeded, TryLater
from integrations.connecting.disconnecting import disconnect
from integrations.connections import site_of
from integrations.models import Connection, Credential
from integrations.tokens import StoredAccess, need_reconnect, save_renewed, save_tokens

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN_URL = "https://login.acme.example/token"
FRESH = {"access_token": "fresh", "refresh_token": "next-refresh", "expires_in": 3600, "token_type": "Bearer"}


@pytest.fixture
def login_server() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.fixture
def expired(connection: Connection) -> Connection:
    """A connection whose hour is over."""
    hold(connection, Tokens(access_token="stale", refresh_token="old-refresh"), left=timedelta(seconds=-1))
    return connection


def hold(connection: Connection, tokens: Tokens, *, left: timedelta, life: timedelta = timedelta(hours=1)) -> None:
    now = timezone.now()
    Credential.objects.filter(connection=connection).update(
        secret=Credential.pack(connection, tokens), expires_at=now + left, saved_at=now + left - life
    )


def access_to(connection: Connection) -> StoredAccess:
    provider = connection.ledger_provider
    return StoredAccess(connection.pk, provider, site_of(provider))


def held(connection: Connection) -> Tokens:
    tokens = Credential.objects.get(connection=connection).tokens()
    assert tokens is not None
    return tokens


def answer_with(login_server: responses.RequestsMock, answer: Callable[[], tuple[int, dict[str, Any]]]) -> None:
    """Lets the login server answer with whatever `answer` gives at that moment."""

    def respond(request: Any) -> tuple[int, dict[str, str], str]:
        status, content = answer()
        return status, {"Content-Type": "application/json"}, json.dumps(content)

    login_server.add_callback("POST", TOKEN_URL, callback=respond)


# --- when ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "life", "is_renewed"),
    [
        (timedelta(minutes=6), timedelta(hours=1), False),
        (timedelta(minutes=4), timedelta(hours=1), True),
        (timedelta(seconds=65), timedelta(minutes=5), False),
        (timedelta(seconds=55), timedelta(minutes=5), True),
    ],
)
def test_a_token_is_renewed_before_it_ends(connection, login_server, left, life, is_renewed):
    login_server.post(TOKEN_URL, json=FRESH)
    hold(connection, Tokens(access_token="present", refresh_token="old-refresh"), left=left, life=life)

    token = access_to(connection).token()

    assert token == ("fresh" if is_renewed else "present")
    assert len(login_server.calls) == is_renewed


def test_a_login_that_does_not_expire_is_never_renewed(connection, login_server):
    assert access_to(connection).token() == "acme-token"
    assert len(login_server.calls) == 0


def test_a_session_asks_the_database_once_while_its_token_lasts(connection, django_assert_num_queries):
    access = access_to(connection)
    access.token()

    with django_assert_num_queries(0):
        assert access.token() == "acme-token"


def test_both_tokens_are_saved_as_one_later_version(expired, login_server):
    login_server.post(TOKEN_URL, json=FRESH)
    before = Credential.objects.get(connection=expired)

    access_to(expired).token()

    after = Credential.objects.get(connection=expired)
    assert (after.version, after.refresh_owner, after.refresh_until) == (before.version + 1, "", None)
    assert after.expires_at > timezone.now() + timedelta(minutes=59)
    assert (held(expired).access_token, held(expired).refresh_token) == ("fresh", "next-refresh")


def test_the_old_refresh_token_is_kept_when_no_other_comes(expired, login_server):
    login_server.post(TOKEN_URL, json={"access_token": "fresh", "expires_in": 3600})

    access_to(expired).token()

    assert held(expired).refresh_token == "old-refresh"


def test_an_answer_without_a_refresh_token_does_not_wipe_the_one_we_have(expired):
    save_renewed(Credential.objects.get(connection=expired), Tokens(access_token="fresh"))

    assert (held(expired).access_token, held(expired).refresh_token) == ("fresh", "old-refresh")


def test_a_token_that_the_books_refuse_is_renewed_although_it_lasts(connection, login_server):
    login_server.post(TOKEN_URL, json=FRESH)
    hold(connection, Tokens(access_token="refused", refresh_token="old-refresh"), left=timedelta(minutes=50))
    access = access_to(connection)

    assert access.renew(access.token()) == "fresh"
    assert access.token() == "fresh"
    assert len(login_server.calls) == 1


def test_a_refused_token_that_somebody_has_renewed_meanwhile_is_not_renewed_again(connection, login_server):
    access = access_to(connection)
    access.token()
    hold(connection, Tokens(access_token="newer", refresh_token="r"), left=timedelta(minutes=50))

    assert access.renew("acme-token") == "newer"
    assert len(login_server.calls) == 0


# --- refused ------------------------------------------------------------------


def test_a_refused_login_needs_a_person_and_no_more_requests(expired, login_server):
    login_server.post(TOKEN_URL, status=400, json={"error": "invalid_grant"})

    for _ in range(3):
        with pytest.raises(ReconnectNeeded):
            access_to(expired).token()

    expired.refresh_from_db()
    assert (expired.state, len(login_server.calls)) == (Connection.State.RECONNECT, 1)
    assert "Acme Books" in expired.problem


def test_a_refusal_because_another_process_was_faster_is_no_refusal(expired, login_server):
    def somebody_else_saves_first() -> tuple[int, dict[str, Any]]:
        newer = Tokens(access_token="theirs", refresh_token="r", expires_at=timezone.now() + timedelta(hours=1))
        save_tokens(Credential.objects.filter(connection=expired), expired, newer)
        return 400, {"error": "invalid_grant"}

    answer_with(login_server, somebody_else_saves_first)

    assert access_to(expired).token() == "theirs"
    expired.refresh_from_db()
    assert expired.state == Connection.State.ACTIVE


def test_a_grant_token_that_is_refused_needs_a_person(connection, login_server):
    auth = GrantToken(install_variable="I", public_token_variable="P", secret_token_variable="S", token_parameter="t")
    provider = replace(connection.ledger_provider, logins=(auth,))

    with pytest.raises(ReconnectNeeded):
        StoredAccess(connection.pk, provider, {}).renew("acme-token")

    connection.refresh_from_db()
    assert (connection.state, len(login_server.calls)) == (Connection.State.RECONNECT, 0)


def test_only_a_live_connection_is_marked(connection):
    Connection.objects.filter(pk=connection.pk).update(state=Connection.State.DISCONNECTED)

    assert not need_reconnect(connection.pk, "Sign in again.")


def test_a_connection_without_a_login_asks_nobody(connection, login_server):
    Credential.objects.filter(connection=connection).update(secret="")

    with pytest.raises(ReconnectNeeded):
        access_to(connection).token()
    assert len(login_server.calls) == 0


# --- out of order -------------------------------------------------------------


def test_a_login_server_in_trouble_is_left_alone_for_a_while(expired, login_server):
    login_server.post(TOKEN_URL, status=503)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(5):
            with pytest.raises(TryLater):
                access_to(expired).token()
        asked = len(login_server.calls)
        clock.shift(timedelta(seconds=31))
        with pytest.raises(TryLater):
            access_to(expired).token()

    expired.refresh_from_db()
    assert (asked, len(login_server.calls), expired.state) == (1, 2, Connection.State.ACTIVE)


def test_a_token_that_still_works_is_used_up_while_the_login_server_is_down(connection, login_server):
    login_server.post(TOKEN_URL, status=503)
    hold(connection, Tokens(access_token="present", refresh_token="old-refresh"), left=timedelta(minutes=2))

    with pytest.raises(TryLater):
        access_to(connection).token()

    assert access_to(connection).token() == "present"
    assert len(login_server.calls) == 1


def test_a_claim_whose_owner_died_is_taken_over(expired, login_server):
    login_server.post(TOKEN_URL, json=FRESH)
    Credential.objects.filter(connection=expired).update(
        refresh_owner="killed", refresh_until=timezone.now() - timedelta(seconds=1)
    )

    assert access_to(expired).token() == "fresh"


def test_no_token_is_spent_while_the_database_cannot_be_written(expired, login_server):
    login_server.post(TOKEN_URL, json=FRESH)

    with database.execute_wrapper(failing_updates(1000)), pytest.raises(OperationalError):
        access_to(expired).token()

    assert len(login_server.calls) == 0


def test_new_tokens_are_saved_once_the_database_is_back(expired, login_server):
    refuse = failing_updates(0)

    def answer() -> tuple[int, dict[str, Any]]:
        refuse.times = 1
        return 200, FRESH

    answer_with(login_server, answer)
    with database.execute_wrapper(refuse):
        access_to(expired).token()

    assert (held(expired).refresh_token, refuse.times, len(login_server.calls)) == ("next-refresh", 0, 1)


class failing_updates:
    """Fails the next `times` writes, as a database does that is locked or read-only."""

    def __init__(self, times: int) -> None:
        self.times = times

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if self.times and sql.startswith("UPDATE"):
            self.times -= 1
            raise OperationalError("database is locked")
        return execute(sql, params, many, context)


def test_the_queues_time_limit_waits_until_the_tokens_are_saved(expired, login_server):
    class TimeLimit(Exception):
        pass

    def strike(number: int, frame: Any) -> None:
        raise TimeLimit

    def answer() -> tuple[int, dict[str, Any]]:
        os.kill(os.getpid(), signal.SIGALRM)
        return 200, FRESH

    answer_with(login_server, answer)
    former = signal.signal(signal.SIGALRM, strike)
    try:
        with pytest.raises(TimeLimit):
            access_to(expired).token()
    finally:
        signal.signal(signal.SIGALRM, former)

    assert held(expired).refresh_token == "next-refresh"


def test_a_disconnect_during_the_renewal_wins(expired, owner, login_server):
    login_server.post("https://login.acme.example/revoke", status=200)

    def answer() -> tuple[int, dict[str, Any]]:
        disconnect(Connection.objects.get(pk=expired.pk), by=owner)
        return 200, FRESH

    answer_with(login_server, answer)

    with pytest.raises(ReconnectNeeded):
        access_to(expired).token()
    assert Credential.objects.get(connection=expired).secret == ""


# --- at once ------------------------------------------------------------------


def test_of_many_threads_that_meet_an_ended_token_one_renews_it(expired, login_server):
    login_server.post(TOKEN_URL, json=FRESH)
    together = Barrier(8)

    def ask() -> str:
        together.wait()
        try:
            return access_to(expired).token()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        tokens = [each.result() for each in [threads.submit(ask) for _ in range(8)]]

    assert tokens == ["fresh"] * 8
    assert len(login_server.calls) == 1
