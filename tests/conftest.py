"""What every test may rely on: the database it runs on is known, and the network is closed."""

from __future__ import annotations

import gc
import socket
from collections.abc import Iterable
from typing import Any

import pytest
from django.conf import settings
from django.db import connection as database
from django.test import TransactionTestCase

DATABASE_FIXTURES = {
    "db",
    "transactional_db",
    "django_db_reset_sequences",
    "django_db_serialized_rollback",
    "live_server",
}
KEPT_TABLES = {"django_content_type", "auth_permission"}
LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def pytest_report_header() -> str:
    return f"database: {settings.DATABASES['default']['ENGINE'].rpartition('.')[2]}"


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded by now stays, and a test leaves few cycles: looking for them took a seventh of each run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@pytest.hookimpl(tryfirst=True)  # before -m chooses by marker
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The marker `database` on every test that uses it, so that `-m database` is the run for a second database."""
    for item in items:
        if uses_database(item):
            item.add_marker(pytest.mark.database)


def uses_database(item: pytest.Item) -> bool:
    test_case = getattr(item, "cls", None)
    return (
        item.get_closest_marker("django_db") is not None
        or bool(DATABASE_FIXTURES & set(getattr(item, "fixturenames", ())))
        or (test_case is not None and issubclass(test_case, TransactionTestCase))
    )


@pytest.fixture(scope="session", autouse=True)
def _rows_deleted() -> None:
    """What a test committed is deleted row by row. To empty whole tables, as Django does, PostgreSQL makes a hundred
    of them anew, after each test; and what migrations wrote of Django's own would be written anew each time as well.
    """
    ops, empty_tables = database.ops, database.ops.sql_flush

    def delete_rows(style: Any, tables: Iterable[str], *, reset_sequences: bool = False, **how: Any) -> list[str]:
        if reset_sequences:
            return empty_tables(style, tables, reset_sequences=True, **how)
        return [f"DELETE FROM {ops.quote_name(table)}" for table in tables if table not in KEPT_TABLES]  # noqa: S608

    ops.sql_flush = delete_rows  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests reach this machine only (stand-ins, PostgreSQL, browser); anything else fails by name."""
    connect = socket.socket.connect

    def connect_to_loopback(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOOPBACK:
            raise RuntimeError(f"A test tried to reach {address[0]}. Tests run without the network.")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect_to_loopback)
