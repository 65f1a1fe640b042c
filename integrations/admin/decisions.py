"""Plans, and what people decided about single records: to look at."""

from __future__ import annotations

from django.contrib import admin

from integrations.admin.scoping import LookOnly, ScopedAdmin
from integrations.models import LinkDecision, Plan, SendDecision


@admin.register(Plan)
class PlanAdmin(LookOnly, ScopedAdmin):
    list_display = ("connection", "state", "is_first", "created_at", "finished_at", "asked_by", "problem")
    list_filter = ("state", "created_at")
    list_select_related = ("connection__books", "asked_by")


@admin.register(SendDecision)
class SendDecisionAdmin(LookOnly, ScopedAdmin):
    list_display = ("books", "local_id", "revision", "verdict", "by", "at")
    list_filter = ("verdict", "at")
    list_select_related = ("books", "by")


@admin.register(LinkDecision)
class LinkDecisionAdmin(LookOnly, ScopedAdmin):
    list_display = ("books", "kind", "local_label", "remote_label", "verdict", "by", "at")
    list_filter = ("kind", "verdict", "at")
    search_fields = ("local_label", "remote_label", "remote_id")
    list_select_related = ("books", "by")
