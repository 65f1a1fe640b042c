"""Keeps staff inside their own organizations, also for rows that belong to one only through its connection."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import ForeignKey, Model, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest

from accounting.models import ArticleCoding, Books, TermsOfPayment, Unit
from fieldwork.admin.scoping import narrow as narrow_fieldwork
from fieldwork.models import User
from integrations.models import (
    Agreement,
    Alarm,
    Answer,
    Attempt,
    Case,
    Change,
    Connection,
    ConnectionSettings,
    FieldOwner,
    HelpVote,
    InboundEvent,
    Invitation,
    Licence,
    Link,
    LinkDecision,
    Operation,
    Plan,
    Reconciliation,
    RepairRule,
    Run,
    SendDecision,
    StreamSetting,
    ValueMap,
    Webhook,
)

MEMBERS = {
    Connection: "organization",
    Licence: "organization",
    Invitation: "organization",
    HelpVote: "organization",
    Operation: "organization",
    Case: "organization",
    Change: "organization",
    RepairRule: "organization",
    Alarm: "organization",
    Webhook: "organization",
    Attempt: "operation__organization",
    Run: "connection__organization",
    Plan: "connection__organization",
    Reconciliation: "connection__organization",
    ConnectionSettings: "connection__organization",
    StreamSetting: "connection__organization",
    FieldOwner: "connection__organization",
    Agreement: "books__connections__organization",
    InboundEvent: "connection__organization",
    Answer: "connection__organization",
    ValueMap: "connection__organization",
    Books: "connections__organization",
    Link: "books__connections__organization",
    LinkDecision: "books__connections__organization",
    SendDecision: "books__connections__organization",
    TermsOfPayment: "books__connections__organization",
    Unit: "books__connections__organization",
    ArticleCoding: "books__connections__organization",
}


def narrow(request: HttpRequest, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows that this staff member may see; superusers see all."""
    if request.user.is_superuser:
        return rows
    path = MEMBERS.get(rows.model)
    if path is None:
        return narrow_fieldwork(request, rows)
    own = rows.model._default_manager.filter(**{f"{path}__memberships__user": request.user.pk})
    return rows.filter(pk__in=own.values("pk"))


def staff_member(request: HttpRequest) -> User:
    """Who is at the admin, which lets nobody in who has not signed in."""
    assert isinstance(request.user, User)
    return request.user


class ScopedAdmin(admin.ModelAdmin):
    """A model admin that lists only what one may see, and offers no other choices."""

    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return narrow(request, super().get_queryset(request))

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        related: type[Model] = db_field.related_model
        kwargs["queryset"] = narrow(request, related._default_manager.all())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class LookOnly:
    """For model admins and inlines: nobody adds, changes or deletes these rows here."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SettledAdmin(ScopedAdmin):
    """Rows that the program makes and people change."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
