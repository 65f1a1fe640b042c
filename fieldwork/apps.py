"""The field-work app: the firm's own day."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FieldworkConfig(AppConfig):
    """Customers, catalogue and work orders of field-service firms."""

    name = "fieldwork"
    verbose_name = _("Field work")
