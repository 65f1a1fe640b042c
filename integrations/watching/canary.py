"""A secret whose only purpose is to be read again: health notices when the keys no longer fit."""

from __future__ import annotations

from typing import Any

from django.apps.registry import Apps
from django.apps.registry import apps as all_apps
from django.conf import settings

from integrations.models import Canary
from integrations.models.credential import EncryptedTextField, WrongKey


def lay_canary(*, apps: Apps = all_apps, **_: Any) -> None:
    """After each `migrate` that has made the table, and once there are keys."""
    there = Canary._meta.model_name in apps.all_models[Canary._meta.app_label]
    if there and settings.FIELD_ENCRYPTION_KEYS:
        Canary.lay()


def can_be_read(stored: str | None) -> bool:
    """Whether our keys open what stands in its row. Where there is no row nothing was encrypted yet."""
    if stored is None:
        return True
    try:
        return EncryptedTextField().from_db_value(stored, None, None) == Canary.WORDS
    except WrongKey:
        return False
