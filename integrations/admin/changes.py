"""The history of records: who changed what, from what to what, here, over there or by sending. To look at."""

from __future__ import annotations

from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from integrations.admin.scoping import LookOnly, ScopedAdmin
from integrations.models import Change
from integrations.presenting.history import values_of


@admin.register(Change)
class ChangeAdmin(LookOnly, ScopedAdmin):
    list_display = ("at", "label", "local_model", "what", "source", "values_told", "by", "books")
    list_filter = (("organization", admin.RelatedOnlyFieldListFilter), "source", "what", "local_model", "at")
    list_select_related = ("books", "by")
    # The subject by its id, as it stands in the address of its page, or by its name.
    search_fields = ("label", "subject_id", "local_id")
    search_help_text = _("The record's name, or its id as it stands in the address of its page.")
    date_hierarchy = "at"

    @admin.display(description=_("values"))
    def values_told(self, change: Change) -> SafeString:
        lines = ((f"{label}: {old} → {new}",) for label, old, new in values_of(change))
        return format_html_join("", "<div>{}</div>", lines)
