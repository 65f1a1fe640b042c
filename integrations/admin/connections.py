"""Connections to look at and to sync, their settings and streams to change, licences to give."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounting.registry import all_providers
from integrations.admin.scoping import LookOnly, ScopedAdmin, SettledAdmin, staff_member
from integrations.models import Connection, ConnectionSettings, Licence, StreamSetting
from integrations.presenting.pills import drawn
from integrations.tasks import request_sync


@admin.register(Connection)
class ConnectionAdmin(LookOnly, ScopedAdmin):
    list_display = (
        "organization",
        "provider",
        "books",
        "is_books_of_record",
        "pill",
        "last_success_at",
        "next_due_at",
        "wait_until",
    )
    list_display_links = ("organization", "provider")
    list_filter = ("state", "provider", "is_books_of_record", ("organization", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("organization", "books")
    search_fields = ("organization__name", "books__name", "books__organisation_number")
    actions = ("sync_now",)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def pill(self, connection: Connection) -> SafeString:
        return drawn(connection)

    @admin.action(description=gettext_lazy("Sync now"), permissions=["view"])
    def sync_now(self, request: HttpRequest, chosen: QuerySet[Connection]) -> None:
        active = list(chosen.filter(state=Connection.State.ACTIVE))
        for connection in active:
            request_sync(connection, asked_by=staff_member(request))
        self.message_user(request, _("%(count)s connections are synced now.") % {"count": len(active)})
        if others := chosen.count() - len(active):
            self.message_user(
                request, _("%(count)s are not connected at the moment.") % {"count": others}, messages.WARNING
            )


@admin.register(ConnectionSettings)
class ConnectionSettingsAdmin(SettledAdmin):
    list_display = ("connection", "export_work_orders", "document_kind", "cut_off_date", "interval_minutes", "saved_at")
    list_filter = ("export_work_orders", "document_kind")
    list_select_related = ("connection__books",)
    readonly_fields = ("connection", "saved_at")


@admin.register(StreamSetting)
class StreamSettingAdmin(SettledAdmin):
    list_display = ("connection", "stream", "enabled", "overwrite", "watermark", "last_success_at")
    list_filter = ("stream", "enabled", "overwrite", ("connection", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("connection__books",)
    readonly_fields = ("connection", "stream", "watermark", "last_success_at")


class LicenceForm(forms.ModelForm):
    """A licence for one of the accounting systems that this installation knows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(key, provider.label) for key, provider in all_providers().items()]
        self.fields["provider"] = forms.ChoiceField(label=self.fields["provider"].label, choices=known)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The last day is before the first."))
        return cleaned


@admin.register(Licence)
class LicenceAdmin(ScopedAdmin):
    form = LicenceForm
    list_display = ("organization", "provider", "starts_on", "ends_on", "is_trial", "price_note")
    list_filter = ("provider", "is_trial", ("organization", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("organization",)
    search_fields = ("organization__name", "price_note")
    date_hierarchy = "starts_on"
