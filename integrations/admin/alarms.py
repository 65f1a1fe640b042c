"""Alarms with their messages, and the signs of life: to look at."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from integrations.admin.scoping import LookOnly, ScopedAdmin
from integrations.models import Alarm, Heartbeat, Notice, Webhook
from integrations.watching.notices import sentence_of


class NoticeInline(LookOnly, admin.TabularInline):
    model = Notice
    fields = readonly_fields = ("kind", "channel", "address", "created_at", "tries", "sent_at", "problem")
    extra = 0


@admin.register(Alarm)
class AlarmAdmin(LookOnly, ScopedAdmin):
    list_display = ("subject", "code", "words", "begun_at", "over_at", "piled_up")
    list_filter = ("code", ("over_at", admin.EmptyFieldListFilter), "begun_at")
    search_fields = ("subject", "code")
    date_hierarchy = "begun_at"
    inlines = (NoticeInline,)

    @admin.display(description=_("what happened"))
    def words(self, alarm: Alarm) -> str:
        return sentence_of(alarm)


@admin.register(Webhook)
class WebhookAdmin(LookOnly, ScopedAdmin):
    """The address alone: the secret is the firm's."""

    list_display = fields = ("organization", "url", "changed_at")
    list_select_related = ("organization",)


@admin.register(Heartbeat)
class HeartbeatAdmin(LookOnly, admin.ModelAdmin):
    """For superusers: the installation's own."""

    list_display = ("name", "at")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)
