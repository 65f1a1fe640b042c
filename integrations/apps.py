from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class IntegrationsConfig(AppConfig):
    name = "integrations"
    verbose_name = _("Integrations")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from fieldwork.field_notes import field_notes
        from fieldwork.listing import work_order_filters
        from integrations import checks, guards, receivers, schedules  # noqa: F401  (importing registers them)
        from integrations.installation import settle_in
        from integrations.presenting.kept_fields import notes_of
        from integrations.presenting.work_order_filter import books_filter
        from integrations.watching.canary import lay_canary

        schedules.connect()
        field_notes.append(notes_of)
        work_order_filters.append(books_filter)
        post_migrate.connect(settle_in, sender=self)
        post_migrate.connect(lay_canary, sender=self)
