"""A secret whose only purpose is to be read again: health notices when the keys no longer fit."""

from __future__ import annotations

from typing import Any

from django.apps.registry import Apps
from django.apps.registry import apps as all_apps
from django.conf import settings

from integrations.models import Canary


def lay_canary(*, apps: Apps = all_apps, **_: Any) -> None:
    """After each `migrate` that has made the table, and once there are keys."""
    there = Canary._meta.model_name in apps.all_models[Canary._meta.app_label]
    if there and settings.FIELD_ENCRYPTION_KEYS:
        Canary.lay()
