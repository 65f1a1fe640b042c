"""What a server must be told, what a trial makes for itself, and what nobody may see."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from config.environment import (
    Environment,
    ReadOnlyEnvironment,
    make_fernet_key,
    make_secret_key,
    read_installation_id,
    read_key,
    write_key,
)

ROOT = Path(__file__).resolve().parent.parent.parent
SERVER = {
    "ENV_FILE": "",
    "SECRET_KEY": "s" * 60,
    "FIELD_ENCRYPTION_KEYS": "first, second",
    "SITE_URL": "https://field.example",
    "DATABASE_URL": "postgres://user:secret@db.example:5432/fieldledger",
}


def setting(expression: str, **variables: str) -> str:
    """What `expression` on the settings is in a process that has just these variables."""
    code = f"from config import settings; print(({expression}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]} | variables,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip() if done.returncode == 0 else done.stderr.strip().splitlines()[-1]


def test_server_without_a_key_is_told_which_one(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET_KEY")

    with pytest.raises(ImproperlyConfigured, match=r"SECRET_KEY is not set.*\.env"):
        read_key("SECRET_KEY", file=tmp_path / "key", make=make_secret_key, may_make=False)


def test_trial_makes_a_key_once_and_for_its_owner_only(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET_KEY")
    file = tmp_path / "key"

    made = read_key("SECRET_KEY", file=file, make=make_secret_key, may_make=True)

    assert len(made) >= 50
    assert read_key("SECRET_KEY", file=file, make=make_secret_key, may_make=False) == made
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_of_two_processes_that_make_a_key_the_first_one_decides(tmp_path):
    file = tmp_path / "key"

    assert write_key(file, "first") == "first"
    assert write_key(file, "second") == "first"


def test_the_variable_wins_over_the_file(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "from the environment")
    file = tmp_path / "key"
    file.write_text("from the file")

    assert read_key("SECRET_KEY", file=file, make=make_secret_key, may_make=True) == "from the environment"


def test_an_installation_makes_its_identity_once(monkeypatch, tmp_path):
    monkeypatch.delenv("INSTALLATION_ID")
    file = tmp_path / "identity"

    made = read_installation_id(file)

    assert read_installation_id(file) == made == UUID(file.read_text().strip())


@pytest.mark.parametrize("text", ["mine", "1"])
def test_an_identity_that_is_none_is_explained(monkeypatch, tmp_path, text):
    monkeypatch.setenv("INSTALLATION_ID", text)

    with pytest.raises(ImproperlyConfigured, match="INSTALLATION_ID is not a UUID"):
        read_installation_id(tmp_path / "identity")


def test_where_no_file_can_be_written_the_identity_must_be_given(monkeypatch, tmp_path):
    monkeypatch.delenv("INSTALLATION_ID")

    with pytest.raises(ImproperlyConfigured, match="INSTALLATION_ID is not set"):
        read_installation_id(tmp_path / "missing" / "identity")


def test_the_key_that_a_trial_makes_can_encrypt():
    key = Fernet(make_fernet_key())

    assert key.decrypt(key.encrypt(b"token")) == b"token"


def test_an_empty_variable_is_an_unset_one(monkeypatch):
    monkeypatch.setenv("QUEUE_WORKERS", "")

    assert Environment().int("QUEUE_WORKERS", default=2) == 2


def test_the_environment_does_not_show_itself_on_error_pages(monkeypatch):
    monkeypatch.setenv("SOME_CLIENT_SECRET", "hush")
    environment = ReadOnlyEnvironment()

    assert environment["SOME_CLIENT_SECRET"] == "hush"
    assert "hush" not in f"{environment!r} {environment}"


def test_https_address_closes_every_door_that_http_leaves_open():
    seen = setting(
        "settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT, "
        "settings.SECURE_HSTS_SECONDS > 0, settings.DEBUG",
        **SERVER,
    )

    assert seen == "(True, True, True, True, False)"


def test_pages_are_served_under_the_host_of_the_address():
    seen = setting("settings.ALLOWED_HOSTS[0], settings.CSRF_TRUSTED_ORIGINS", **SERVER)

    assert seen == "('field.example', ['https://field.example'])"


def test_first_encryption_key_stays_first():
    assert setting("settings.FIELD_ENCRYPTION_KEYS", **SERVER) == "['first', 'second']"


@pytest.mark.parametrize("workers", ["1", "2", "3", "8"])
def test_no_task_is_delivered_again_while_it_may_still_wait_or_run(workers):
    queue, rounds = "settings.Q_CLUSTER", "-(-(q['queue_limit'] + 1) // q['workers']) + 1"

    seen = setting(
        f"[q['retry'] >= ({rounds}) * (q['timeout'] + 3) for q in [{queue}]][0]", **SERVER, QUEUE_WORKERS=workers
    )

    assert seen == "True"


@pytest.mark.parametrize(
    ("variables", "cache"),
    [
        ({"DATABASE_URL": "sqlite:///some.sqlite3"}, "FileBasedCache"),
        ({}, "DatabaseCache"),
        ({"Q_BROKER_URL": "redis://127.0.0.1:6379/0"}, "RedisCache"),
    ],
)
def test_queue_and_pages_share_a_cache_on_every_kind_of_server(variables, cache):
    assert setting("settings.CACHES['default']['BACKEND'].split('.')[-1]", **SERVER | variables) == cache


def test_sqlite_waits_for_the_write_lock_and_survives_a_power_cut():
    options = setting("settings.DATABASES['default']['OPTIONS']", **SERVER | {"DATABASE_URL": "sqlite:///some.sqlite3"})

    assert "'IMMEDIATE'" in options
    assert "journal_mode=WAL" in options
    assert "synchronous=FULL" in options
