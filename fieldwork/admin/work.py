"""Admin of projects, statuses and work orders. The steps of a work order are actions: they go through services."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db.models import ForeignKey, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from fieldwork.admin.scoping import BY_ORGANIZATION, KnownRecordSelect, ScopedAdmin, ScopedChoices, narrow
from fieldwork.models import Project, WorkOrder, WorkOrderLine, WorkOrderStatus
from fieldwork.services import WorkOrderRefused, complete_work_order, create_work_order, reopen_work_order

# Set by the steps of the work and by nothing else.
SET_BY_STEPS = ("number", "revision", "status", "completed_at", "completed_by", "created_at", "updated_at")
LINE_REFERENCES = ("material", "hour_type", "performed_by")


@admin.register(Project)
class ProjectAdmin(ScopedAdmin):
    list_display = ("number", "name", "customer", "status", "starts_on", "ends_on", "organization")
    list_display_links = ("number", "name")
    list_filter = (BY_ORGANIZATION, "status")
    list_select_related = ("customer", "organization")
    search_fields = ("number", "name", "customer__name")
    autocomplete_fields = ("organization", "customer")
    date_hierarchy = "starts_on"


@admin.register(WorkOrderStatus)
class WorkOrderStatusAdmin(ScopedAdmin):
    list_display = (
        "name",
        "organization",
        "position",
        "phase",
        "triggers_export",
        "set_after_success",
        "set_after_failure",
    )
    list_filter = (BY_ORGANIZATION, "phase")
    list_select_related = ("organization",)
    search_fields = ("name",)
    autocomplete_fields = ("organization",)
    ordering = ("organization__name", "position")


class LineForm(forms.ModelForm):
    """A line whose references are shown without asking the database for each."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in LINE_REFERENCES:
            wrapper = self.fields[name].widget if name in self.fields else None
            if isinstance(wrapper, RelatedFieldWidgetWrapper) and isinstance(wrapper.widget, KnownRecordSelect):
                wrapper.widget.known = getattr(self.instance, name)


class WorkOrderLineInline(ScopedChoices, admin.TabularInline):
    model = WorkOrderLine
    form = LineForm
    extra = 0
    autocomplete_fields = LINE_REFERENCES

    def get_queryset(self, request: HttpRequest) -> QuerySet[WorkOrderLine]:
        return super().get_queryset(request).select_related(*LINE_REFERENCES)

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        if db_field.name in LINE_REFERENCES:
            kwargs["widget"] = KnownRecordSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest, obj: WorkOrder | None = None) -> bool:
        return _is_open(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: WorkOrder | None = None) -> bool:
        return _is_open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: WorkOrder | None = None) -> bool:
        return _is_open(obj) and super().has_delete_permission(request, obj)


def _is_open(work_order: WorkOrder | None) -> bool:
    return work_order is None or not work_order.is_completed


@admin.register(WorkOrder)
class WorkOrderAdmin(ScopedAdmin):
    inlines = (WorkOrderLineInline,)
    actions = ("mark_as_completed", "open_again")
    list_display = ("number", "title", "customer", "status", "assigned_to", "ordered_on", "completed_at", "revision")
    list_display_links = ("number", "title")
    list_filter = (
        BY_ORGANIZATION,
        ("status", admin.RelatedOnlyFieldListFilter),
        "status__phase",
        ("assigned_to", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("customer", "status", "assigned_to")
    search_fields = ("number", "title", "customer__name", "customer__number", "your_reference", "project__number")
    autocomplete_fields = ("organization", "customer", "work_site", "project", "assigned_to")
    readonly_fields = SET_BY_STEPS
    date_hierarchy = "ordered_on"

    def get_readonly_fields(self, request: HttpRequest, obj: WorkOrder | None = None) -> tuple[str, ...]:
        if _is_open(obj):
            return SET_BY_STEPS
        return tuple(field.name for field in WorkOrder._meta.concrete_fields if not field.primary_key)

    def has_delete_permission(self, request: HttpRequest, obj: WorkOrder | None = None) -> bool:
        return _is_open(obj) and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: WorkOrder, form: forms.ModelForm, change: bool) -> None:
        if not change:
            create_work_order(obj, lines=[])
        elif form.changed_data:
            # Only what was typed: a step that somebody else took meanwhile stays.
            obj.save(update_fields=[*form.changed_data, "updated_at"])

    @admin.action(description=_("Mark as completed"), permissions=["change"])
    def mark_as_completed(self, request: HttpRequest, queryset: QuerySet[WorkOrder]) -> None:
        done = self._take_step(request, queryset, lambda order: complete_work_order(order, by=request.user))  # type: ignore[arg-type]
        text = ngettext("%(count)d work order is completed.", "%(count)d work orders are completed.", done)
        self.message_user(request, text % {"count": done}, messages.SUCCESS if done else messages.WARNING)

    @admin.action(description=_("Open again"), permissions=["change"])
    def open_again(self, request: HttpRequest, queryset: QuerySet[WorkOrder]) -> None:
        done = self._take_step(request, queryset, reopen_work_order)
        text = ngettext("%(count)d work order is open again.", "%(count)d work orders are open again.", done)
        self.message_user(request, text % {"count": done}, messages.SUCCESS if done else messages.WARNING)

    def _take_step(self, request: HttpRequest, queryset: QuerySet[WorkOrder], step: Callable[[WorkOrder], bool]) -> int:
        """How many took the step; each in its own transaction, so that one refusal stops no other."""
        done = 0
        for work_order in queryset:
            try:
                done += step(work_order)
            except WorkOrderRefused as refused:
                self.message_user(request, str(refused), messages.ERROR)
        return done


@admin.register(WorkOrderLine)
class WorkOrderLineAdmin(ScopedAdmin):
    """To look lines up across work orders; they are changed on their work order."""

    list_display = ("work_order", "position", "kind", "text", "quantity", "unit", "unit_price", "discount_percent")
    list_filter = (("work_order__organization", admin.RelatedOnlyFieldListFilter), "kind", "unit")
    list_select_related = ("work_order",)
    search_fields = ("work_order__number", "text", "material__number", "hour_type__number")
    date_hierarchy = "performed_on"

    def get_queryset(self, request: HttpRequest) -> QuerySet[WorkOrderLine]:
        return narrow(request, super().get_queryset(request)).select_related("work_order", *LINE_REFERENCES)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: WorkOrderLine | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: WorkOrderLine | None = None) -> bool:
        # Asked also for each line of a work order that is to be deleted.
        may_go = obj is None or _is_open(obj.work_order)
        return may_go and super().has_delete_permission(request, obj)
