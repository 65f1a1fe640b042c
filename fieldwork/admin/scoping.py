"""What keeps staff inside their own organizations: in lists, in choices, and in what they post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import ForeignKey, Model, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.utils.html import format_html_join

from fieldwork.field_notes import FieldNote, notes_on
from fieldwork.models import Organization, OwnedRecord, User

BY_ORGANIZATION = ("organization", admin.RelatedOnlyFieldListFilter)


def narrow(request: HttpRequest, rows: QuerySet) -> QuerySet:
    """The rows that this staff member may see; superusers see all."""
    if request.user.is_superuser:
        return rows
    own = Organization.objects.filter(memberships__user=request.user.pk)
    if issubclass(rows.model, Organization):
        return rows.filter(pk__in=own)
    if issubclass(rows.model, User):
        return rows.filter(memberships__organization__in=own, is_superuser=False).distinct()
    if issubclass(rows.model, OwnedRecord):
        return rows.filter(**{f"{rows.model.organization_path}__in": own})
    return rows


class ScopedChoices:
    """For model admins and inlines: each choice of another record offers, and accepts, only what one may see."""

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        related: type[Model] = db_field.related_model
        kwargs["queryset"] = narrow(request, related._default_manager.all())
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


class ScopedAdmin(ScopedChoices, admin.ModelAdmin):
    """A model admin that lists only what one may see."""

    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return narrow(request, super().get_queryset(request))


class NotedAdmin(ScopedAdmin):
    """A model admin that shows, and does not change, the fields that are kept elsewhere, and says where."""

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[Any, ...]:
        kept = [name for name, note in self._notes(obj).items() if note.is_read_only]
        return (*super().get_readonly_fields(request, obj), *kept)

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        (title, options), *others = super().get_fieldsets(request, obj)
        words = dict.fromkeys(note.in_html for note in self._notes(obj).values() if note.is_read_only)
        described = {**options, "description": format_html_join(" ", "{}", ((each,) for each in words))}
        return [(title, described if words else options), *others]

    @staticmethod
    def _notes(obj: Model | None) -> Mapping[str, FieldNote]:
        """Asked for several times per page, and answered once."""
        if obj is None:
            return {}
        known = vars(obj)
        if "_field_notes" not in known:
            known["_field_notes"] = notes_on(obj)
        return cast("Mapping[str, FieldNote]", known["_field_notes"])


class KnownRecordSelect(AutocompleteSelect):
    """An autocomplete whose present record is known already.

    Django's asks the database for the record of each field of each row, which makes a page of
    thirty lines ninety statements.
    """

    known: Model | None = None

    def optgroups(self, name: str, value: Sequence[str], attr: dict[str, Any] | None = None) -> list[Any]:
        if self.known is None or list(value) != [str(self.known.pk)]:
            return super().optgroups(name, value, attr)
        blank = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        return [(None, [*blank, self.create_option(name, value[0], str(self.known), True, 0)], 0)]
