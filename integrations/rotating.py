"""Stored secrets under a new key: what was encrypted with an older one is encrypted again with the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings
from django.db.models import F, Model, QuerySet, TextField, Value
from django.db.models.functions import Cast

from integrations.models.credential import EncryptedTextField, cipher


@dataclass(frozen=True, kw_only=True)
class Rotated:
    """What became of one column of secrets. `unreadable` fit none of the keys and were left as they are."""

    label: str
    renewed: int
    current: int
    unreadable: int


def rotate_keys() -> list[Rotated]:
    """Each column of secrets, now encrypted with the first of FIELD_ENCRYPTION_KEYS. May be repeated at will.

    Workers may go on meanwhile: a login that one of them renews during this is left alone, because it has been
    encrypted with the first key already.
    """
    return [rotate_column(model, field) for model, field in encrypted_columns()]


def encrypted_columns() -> Iterator[tuple[type[Model], str]]:
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField):
                yield model, field.name


def rotate_column(model: type[Model], field: str) -> Rotated:
    first = Fernet(settings.FIELD_ENCRYPTION_KEYS[0])
    keys = cipher()
    renewed = current = unreadable = 0
    for pk, stored in as_stored(model, field).values_list("pk", "stored").iterator():
        if opens(first, stored):
            current += 1
        elif opens(keys, stored):
            renewed += store(model, field, pk=pk, before=stored, after=keys.rotate(stored.encode()).decode())
        else:
            unreadable += 1
    label = str(model._meta.verbose_name_plural)
    return Rotated(label=label, renewed=renewed, current=current, unreadable=unreadable)


def as_stored(model: type[Model], field: str) -> QuerySet[Any]:
    """The rows that hold a secret, with its encrypted text as `stored`: the field itself would decrypt it."""
    raw = Cast(F(field), TextField())
    return model._default_manager.annotate(stored=raw).filter(stored__gt="")


def opens(key: Any, stored: str) -> bool:
    try:
        key.decrypt(stored.encode())
    except InvalidToken:
        return False
    return True


def store(model: type[Model], field: str, *, pk: object, before: str, after: str) -> int:
    """1, or 0 when somebody else has saved another secret meanwhile."""
    unchanged = as_stored(model, field).filter(pk=pk, stored=before)
    return unchanged.update(**{field: Value(after, output_field=TextField())})
