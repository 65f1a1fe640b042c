"""What was, is and will be written to the books, with every try at it; and the links that came of it."""

from __future__ import annotations

from django.contrib import admin
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from integrations.admin.scoping import LookOnly, ScopedAdmin
from integrations.models import Attempt, Link, Operation
from integrations.presenting.pills import drawn

ATTEMPT = ("purpose", "started_at", "ended_at", "outcome", "status", "error_id", "sentence", "worker")


class AttemptInline(LookOnly, admin.TabularInline):
    model = Attempt
    fields = readonly_fields = ATTEMPT
    extra = 0


@admin.register(Operation)
class OperationAdmin(LookOnly, ScopedAdmin):
    list_display = (
        "reference",
        "kind",
        "local_label",
        "pill",
        "remote_number",
        "total",
        "due_at",
        "attempts_made",
        "books",
    )
    list_select_related = ("books",)
    list_filter = (
        "state",
        "kind",
        "created_at",
        ("books", admin.RelatedOnlyFieldListFilter),
        ("organization", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("reference", "local_label", "remote_number", "remote_id", "local_id")
    date_hierarchy = "created_at"
    inlines = (AttemptInline,)

    @admin.display(description=_("state"), ordering="state")
    def pill(self, operation: Operation) -> SafeString:
        return drawn(operation)


@admin.register(Attempt)
class AttemptAdmin(LookOnly, ScopedAdmin):
    list_display = ("operation", *ATTEMPT[:6])
    list_filter = ("purpose", "outcome", "started_at")
    list_select_related = ("operation",)
    search_fields = ("operation__reference", "error_id")


@admin.register(Link)
class LinkAdmin(LookOnly, ScopedAdmin):
    list_display = (
        "kind",
        "remote_number",
        "remote_id",
        "local_model",
        "local_id",
        "origin",
        "gone_at",
        "created_at",
        "books",
    )
    list_select_related = ("books",)
    list_filter = (
        "kind",
        "origin",
        ("gone_at", admin.EmptyFieldListFilter),
        ("books", admin.RelatedOnlyFieldListFilter),
    )
    search_fields = ("remote_number", "remote_id", "local_id")
