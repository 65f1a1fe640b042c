"""Keys can be changed without anybody signing in again."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from integrations.models import Canary, Credential
from integrations.models.credential import WrongKey
from integrations.rotating import as_stored, encrypted_columns, store

pytestmark = pytest.mark.django_db
OLD, NEW, LOST = (Fernet.generate_key().decode() for _ in range(3))


@pytest.fixture
def secret(connection, settings):
    """A login that was stored under the old key; the new one has just been put in front."""
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    Canary.objects.all().delete()
    Canary.lay()
    Credential.objects.filter(connection=connection).delete()
    Credential.objects.create(connection=connection, secret="hush")
    settings.FIELD_ENCRYPTION_KEYS = [NEW, OLD]
    return Credential.objects.filter(connection=connection)


def rotate(**options: object) -> str:
    told = StringIO()
    call_command("rotate_keys", stdout=told, **options)
    return told.getvalue()


def test_the_old_key_can_go_after_a_rotation(secret, settings):
    told = rotate()

    settings.FIELD_ENCRYPTION_KEYS = [NEW]
    assert secret.get().secret == "hush"
    assert Canary.objects.get().secret == Canary.WORDS
    assert "credentials: 1 encrypted again, 0 with the first key already" in told
    assert "may be removed" in told


def test_without_a_rotation_it_cannot(secret, settings):
    settings.FIELD_ENCRYPTION_KEYS = [NEW]

    with pytest.raises(WrongKey):
        secret.get()


def test_a_second_rotation_changes_nothing(secret):
    rotate()
    stored = as_stored(Credential, "secret").values_list("stored", flat=True)
    before = list(stored.all())

    told = rotate()

    assert list(stored.all()) == before
    assert "credentials: 0 encrypted again, 1 with the first key already" in told


def test_a_login_that_was_renewed_meanwhile_is_left_alone(secret):
    [stale] = as_stored(Credential, "secret").values_list("stored", flat=True)
    secret.update(secret="newer")

    changed = store(Credential, "secret", pk=secret.get().pk, before=stale, after="from the stale one")

    assert changed == 0
    assert secret.get().secret == "newer"


def test_secrets_under_a_lost_key_are_counted_and_kept(secret, settings):
    settings.FIELD_ENCRYPTION_KEYS = [LOST]
    told = StringIO()

    with pytest.raises(CommandError, match="fit none"):
        call_command("rotate_keys", json=True, stdout=told)

    found = {each["label"]: each for each in json.loads(told.getvalue())["secrets"]}
    assert found["credentials"] == {"label": "credentials", "renewed": 0, "current": 0, "unreadable": 1}
    settings.FIELD_ENCRYPTION_KEYS = [OLD]
    assert secret.get().secret == "hush"


def test_every_kind_of_secret_is_rotated():
    names = {f"{model._meta.label}.{field}" for model, field in encrypted_columns()}

    assert {"integrations.Credential.secret", "integrations.LoginFlow.verifier", "integrations.Canary.secret"} <= names
