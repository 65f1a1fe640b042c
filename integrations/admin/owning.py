"""Who decides about fields, and what both sides agreed on."""

from __future__ import annotations

from django.contrib import admin

from integrations.admin.scoping import LookOnly, ScopedAdmin, SettledAdmin
from integrations.models import Agreement, FieldOwner


@admin.register(FieldOwner)
class FieldOwnerAdmin(SettledAdmin):
    """Chosen on the page of the settings, where each group says what it may be; here it is corrected."""

    list_display = ("connection", "group", "owner")
    list_filter = ("group", "owner", ("connection", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("connection__books",)
    readonly_fields = ("connection", "group")


@admin.register(Agreement)
class AgreementAdmin(LookOnly, ScopedAdmin):
    list_display = ("local_id", "books", "at")
    list_select_related = ("books",)
    search_fields = ("local_id",)
