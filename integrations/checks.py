"""System checks of the installation: what is missing or contradicts itself, and how to repair it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from accounting.addresses import checked_url
from accounting.errors import NotAllowed

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
# Nothing that another process could read.
PRIVATE_CACHES = ("locmem.LocMemCache", "dummy.DummyCache")
# What django-q2 takes to replace a worker whose time is over.
REPLACEMENT_S = 3


@register
def check_encryption_keys(**_: Any) -> list[CheckMessage]:
    keys = list(settings.FIELD_ENCRYPTION_KEYS)
    hint = "Make one: python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
    if not keys:
        return [Error("FIELD_ENCRYPTION_KEYS is empty: logins cannot be stored.", hint=hint, id="integrations.E001")]
    bad = [place for place, key in enumerate(keys, start=1) if not is_key(key)]
    return [
        Error(
            f"Key {place} of FIELD_ENCRYPTION_KEYS is not a Fernet key (32 bytes in URL-safe base64).",
            hint=hint,
            id="integrations.E002",
        )
        for place in bad
    ]


def is_key(key: str) -> bool:
    try:
        Fernet(key)
    except ValueError:
        return False
    return True


@register
def check_queue(**_: Any) -> list[CheckMessage]:
    """A task must not be handed out again while it still waits or runs."""
    return list(queue_problems(settings.Q_CLUSTER))


def queue_problems(cluster: dict[str, Any]) -> Iterator[CheckMessage]:
    workers, limit = cluster["workers"], cluster["queue_limit"]
    needed = (math.ceil((limit + 1) / workers) + 1) * (cluster["timeout"] + REPLACEMENT_S)
    if cluster["retry"] < needed:
        yield Error(
            f"Q_CLUSTER: with these workers, limit and timeout, retry must be at least {needed} s.",
            hint="A task that comes back while it still waits is run twice, so all that was fetched before it must be "
            f"done by then: (⌈(queue_limit + 1) / workers⌉ + 1) · (timeout + {REPLACEMENT_S}).",
            id="integrations.E003",
        )
    if limit > workers or cluster.get("bulk", 1) != 1:
        yield Error(
            "Q_CLUSTER: queue_limit must not exceed workers, and bulk must be 1.",
            hint="The time until a task is handed out again runs from when it is fetched, not from when it starts.",
            id="integrations.E004",
        )
    if cluster.get("max_attempts", 0) != 1 or not cluster.get("ack_failures") or cluster.get("catch_up", True):
        yield Error(
            "Q_CLUSTER: max_attempts must be 1, ack_failures on and catch_up off.",
            hint="What is to be repeated, and what was missed while nothing ran, our own tables know.",
            id="integrations.E010",
        )
    if cluster.get("orm", "default") != "default":
        yield Error("Q_CLUSTER: the queue must be in the default database.", id="integrations.E005")


@register
def check_sqlite(**_: Any) -> list[CheckMessage]:
    return list(sqlite_problems(settings.DATABASES["default"]))


def sqlite_problems(database: dict[str, Any]) -> Iterator[CheckMessage]:
    """What lets workers and pages lock each other out."""
    if database["ENGINE"] != "django.db.backends.sqlite3":
        return
    options = database.get("OPTIONS", {})
    if str(options.get("transaction_mode", "")).upper() != "IMMEDIATE" or options.get("timeout", 5) < 10:
        yield Error(
            "SQLite: transactions must be IMMEDIATE and wait at least 10 s for the lock.",
            hint='Set OPTIONS to {"transaction_mode": "IMMEDIATE", "timeout": 20, ...}.',
            id="integrations.E006",
        )
    if "journal_mode=wal" not in str(options.get("init_command", "")).replace(" ", "").lower():
        yield Warning(
            "SQLite: without a write-ahead log, readers and the writer wait for each other.",
            hint="Add PRAGMA journal_mode=WAL; to init_command.",
            id="integrations.W007",
        )


@register
def check_site_url(**_: Any) -> list[CheckMessage]:
    site = urlsplit(settings.SITE_URL)
    if site.scheme == "https" or site.hostname in LOOPBACK:
        return []
    return [
        Error(
            f"SITE_URL is {settings.SITE_URL}: logins may travel without encryption to this computer only.",
            hint="Set SITE_URL to the https address that people use.",
            id="integrations.E008",
        )
    ]


@register
def check_deadman_url(**_: Any) -> list[CheckMessage]:
    try:
        if settings.DEADMAN_URL:
            checked_url(settings.DEADMAN_URL)
    except NotAllowed:
        return [
            Error(
                "DEADMAN_URL cannot be asked for.",
                hint="It must begin with https:// and hold neither a password nor a query.",
                id="integrations.E011",
            )
        ]
    return []


@register(deploy=True)
def check_cache(**_: Any) -> list[CheckMessage]:
    """The queue tells the pages through the cache that it lives."""
    backend = settings.CACHES["default"]["BACKEND"]
    if not backend.endswith(PRIVATE_CACHES):
        return []
    return [
        Warning(
            f"The cache {backend} is private to each process: the pages cannot see whether the task queue lives.",
            hint="Use the database, files or Redis as cache.",
            id="integrations.W009",
        )
    ]
