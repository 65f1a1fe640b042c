"""Many processes and threads meet an ended token at a login server that counts, over real HTTP."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from accounting import login
from accounting.auth import Tokens
from accounting.errors import AccountingError, ReconnectNeeded
from integrations.connections import site_of
from integrations.models import Connection, Credential
from integrations.tokens import StoredAccess

from .standing_in import Service
from .steps import connected

pytestmark = pytest.mark.django_db(transaction=True)

PROCESSES = 3
THREADS = 4
EXPIRIES = 3


@pytest.fixture
def live(browser, service) -> Connection:
    return connected(browser, service)


def expire(connection: Connection) -> None:
    hour = timedelta(hours=1)
    Credential.objects.filter(connection=connection).update(
        expires_at=timezone.now() - timedelta(seconds=1), saved_at=timezone.now() - hour
    )


def access_to(connection: Connection) -> StoredAccess:
    provider = connection.ledger_provider
    return StoredAccess(connection.pk, provider, site_of(provider))


def tokens_of(connection: Connection) -> Tokens:
    tokens = Credential.objects.get(connection=connection).tokens()
    assert tokens is not None
    return tokens


@pytest.fixture
def renewals(service: Service) -> Any:
    """How many renewals the login server has seen since the test began."""
    before = service.exchanges
    return lambda: service.exchanges - before


def ask_by_threads(connection: Connection, answers: Any) -> None:
    """One process: all its threads ask at once."""

    def ask(_: int) -> str:
        try:
            return access_to(connection).token()
        except AccountingError as error:
            return f"refused: {error}"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as threads:
        answers.put(list(threads.map(ask, range(THREADS))))


def test_each_expiry_costs_one_request_over_all_processes_and_threads(live, service, renewals):
    service.stand_in.switch({"switches": {"refresh_tokens": "rotating", "refresh_grace": 0}})
    fork = multiprocessing.get_context("fork")
    before = renewals()

    for _ in range(EXPIRIES):
        expire(live)
        answers = fork.SimpleQueue()
        connections.close_all()  # a database session must not be shared by forks
        workers = [fork.Process(target=ask_by_threads, args=(live, answers)) for _ in range(PROCESSES)]
        for worker in workers:
            worker.start()
        given = [token for _ in workers for token in answers.get()]
        for worker in workers:
            worker.join(30)
        assert set(given) == {tokens_of(live).access_token}
        assert len(given) == PROCESSES * THREADS

    assert renewals() - before == EXPIRIES


def spend(connection: Connection) -> None:
    """A worker claimed the renewal, was given new tokens, and was killed before it could save them."""
    expire(connection)
    provider = connection.ledger_provider
    login.refresh(provider.logins[0], site_of(provider), tokens_of(connection))
    Credential.objects.filter(connection=connection).update(
        refresh_owner="killed", refresh_until=timezone.now() - timedelta(seconds=1)
    )


def test_tokens_that_a_killed_worker_took_along_are_given_again_within_the_grace_period(live, service):
    service.stand_in.switch({"switches": {"refresh_tokens": "rotating", "refresh_grace": 60}})
    spend(live)

    token = access_to(live).token()

    live.refresh_from_db()
    assert (token, live.state) == (tokens_of(live).access_token, Connection.State.ACTIVE)


def test_without_a_grace_period_a_person_is_asked_to_sign_in(live, service):
    service.stand_in.switch({"switches": {"refresh_tokens": "rotating", "refresh_grace": 0}})
    spend(live)

    with pytest.raises(ReconnectNeeded):
        access_to(live).token()

    live.refresh_from_db()
    assert live.state == Connection.State.RECONNECT


def test_a_login_server_that_reuses_refresh_tokens_gets_the_same_one_again(live, service):
    service.stand_in.switch({"switches": {"refresh_tokens": "reusable"}})
    first = tokens_of(live)

    for _ in range(3):
        expire(live)
        access_to(live).token()

    assert tokens_of(live).refresh_token == first.refresh_token
    assert tokens_of(live).access_token != first.access_token


def test_a_changed_password_over_there_is_noticed_once(live, service, renewals):
    service.stand_in.switch({"switches": {"revoke_tokens": True}})
    expire(live)
    before = renewals()

    for _ in range(3):
        with pytest.raises(ReconnectNeeded):
            access_to(live).token()

    assert renewals() - before == 1
