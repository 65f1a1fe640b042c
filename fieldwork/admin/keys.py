"""Admin of API keys: who has which. Owners make and revoke them on their own page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from fieldwork.admin.scoping import BY_ORGANIZATION, ScopedAdmin
from fieldwork.models import ApiKey


@admin.register(ApiKey)
class ApiKeyAdmin(ScopedAdmin):
    list_display = ("name", "shown", "scope", "organization", "made_by", "last_used_at", "expires_at", "revoked_at")
    list_filter = (BY_ORGANIZATION, "scope")
    list_select_related = ("organization", "made_by")
    search_fields = ("name", "prefix", "organization__name")
    fields = (
        "name",
        "shown",
        "scope",
        "organization",
        "made_by",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
        "revoked_by",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
