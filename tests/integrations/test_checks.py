"""Each missing or contradicting setting is named, with the way to repair it."""

from __future__ import annotations

from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as project_settings
from django.core.checks import run_checks

from integrations.checks import sqlite_problems


def found() -> set[str]:
    """The ids of our checks that complain."""
    messages = [each for each in run_checks(include_deployment_checks=True) if str(each.id).startswith("integrations.")]
    assert all(each.hint or each.msg for each in messages)
    return {str(each.id) for each in messages}


@pytest.fixture(autouse=True)
def well(settings: Any) -> None:
    """An installation about which there is nothing to say."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": "x"}}
    settings.SITE_URL = "https://fieldledger.example"


def queue(**changes: Any) -> dict[str, Any]:
    return project_settings.Q_CLUSTER | changes


def test_a_sound_installation_is_quiet() -> None:
    assert found() == set()


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ([], "integrations.E001"),
        (["short"], "integrations.E002"),
        ([Fernet.generate_key().decode(), "ä"], "integrations.E002"),
    ],
)
def test_keys(settings: Any, keys: list[str], code: str) -> None:
    settings.FIELD_ENCRYPTION_KEYS = keys

    assert found() == {code}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"retry": 1808}, "integrations.E003"),
        ({"timeout": 900}, "integrations.E003"),
        ({"queue_limit": 3, "retry": 10_000}, "integrations.E004"),
        ({"bulk": 10}, "integrations.E004"),
        ({"orm": "other"}, "integrations.E005"),
        ({"max_attempts": 0}, "integrations.E010"),
        ({"ack_failures": False}, "integrations.E010"),
        ({"catch_up": True}, "integrations.E010"),
    ],
)
def test_queue(settings: Any, changes: dict[str, Any], code: str) -> None:
    settings.Q_CLUSTER = queue(workers=2, queue_limit=2, timeout=600, retry=1809) | changes

    assert found() == {code}


def test_queue_just_long_enough(settings: Any) -> None:
    settings.Q_CLUSTER = queue(workers=2, queue_limit=2, timeout=600, retry=1809)

    assert found() == set()


SQLITE = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA journal_mode = WAL;"}


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"transaction_mode": "DEFERRED"}, ["integrations.E006"]),
        ({"timeout": 5}, ["integrations.E006"]),
        ({"init_command": ""}, ["integrations.W007"]),
    ],
)
def test_sqlite(changes: dict[str, Any], codes: list[str]) -> None:
    problems = sqlite_problems({"ENGINE": "django.db.backends.sqlite3", "OPTIONS": SQLITE | changes})

    assert [each.id for each in problems] == codes


def test_options_of_sqlite_do_not_concern_postgresql() -> None:
    assert list(sqlite_problems({"ENGINE": "django.db.backends.postgresql"})) == []


@pytest.mark.parametrize(
    ("url", "codes"),
    [
        ("http://fieldledger.example", {"integrations.E008"}),
        ("http://127.0.0.1:8000", set()),
        ("http://localhost", set()),
        ("https://fieldledger.example", set()),
    ],
)
def test_site_url(settings: Any, url: str, codes: set[str]) -> None:
    settings.SITE_URL = url

    assert found() == codes


def test_queue_says_how_it_is_computed(settings: Any) -> None:
    settings.Q_CLUSTER = queue(workers=2, queue_limit=2, timeout=600, retry=60)

    [message] = [each for each in run_checks() if each.id == "integrations.E003"]

    assert "at least 1809 s" in message.msg
    assert "(⌈(queue_limit + 1) / workers⌉ + 1) · (timeout + 3)" in message.hint


@pytest.mark.parametrize(
    ("url", "codes"),
    [
        ("", set()),
        ("https://outside.example/ping/5f3a", set()),
        ("http://outside.example/ping", {"integrations.E011"}),
        ("outside.example", {"integrations.E011"}),
    ],
)
def test_deadman_url(settings: Any, url: str, codes: set[str]) -> None:
    settings.DEADMAN_URL = url

    assert found() == codes


@pytest.mark.parametrize("kind", ["locmem.LocMemCache", "dummy.DummyCache"])
def test_cache(settings: Any, kind: str) -> None:
    settings.CACHES = {"default": {"BACKEND": f"django.core.cache.backends.{kind}"}}

    assert found() == {"integrations.W009"}
