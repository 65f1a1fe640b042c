"""What belongs to the installation, to look at and no more: its history, and the task queue, where a schedule names
the function that a worker then runs."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

# Registers its own first; what is registered below replaces it.
from django_q import admin as django_q_admin  # noqa: F401
from django_q.models import Failure, OrmQ, Schedule, Success

from integrations.admin.scoping import LookOnly
from integrations.models import Installation


class QueueAdmin(LookOnly):
    """For superusers: the queue belongs to the installation, not to one organization."""

    actions = ()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


@admin.register(Installation)
class InstallationAdmin(QueueAdmin, admin.ModelAdmin):  # type: ignore[misc]  # there are no actions
    """Who took over when. Adding a row by hand would take over without saying so."""

    list_display = ("identity", "since", "who")


for model in (Schedule, Success, Failure, OrmQ):
    if admin.site.is_registered(model):
        former = type(admin.site.get_model_admin(model))
        admin.site.unregister(model)
        admin.site.register(model, type(former.__name__, (QueueAdmin, former), {}))
