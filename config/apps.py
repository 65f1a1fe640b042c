"""The project itself as an app, for what belongs to no single app: the cache table."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db.models.signals import post_migrate


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        # Sent after each app that has tables; the queue is what the cache is for.
        post_migrate.connect(create_cache_table, sender=apps.get_app_config("django_q"))


def create_cache_table(using: str, **_: Any) -> None:
    """The table of the database cache, which has no migration of its own. Nothing to do for other caches."""
    call_command("createcachetable", database=using, verbosity=0)
