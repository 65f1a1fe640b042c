"""Answers and value maps: what an administrator decides once, to look up and to correct."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounting.models import TermsOfPayment, Unit
from integrations.admin.scoping import ScopedAdmin, SettledAdmin, narrow
from integrations.models import Answer, ValueMap

TABLES: dict[str, type[TermsOfPayment] | type[Unit]] = {
    ValueMap.Kind.TERMS_OF_PAYMENT: TermsOfPayment,
    ValueMap.Kind.UNIT: Unit,
}


@admin.register(Answer)
class AnswerAdmin(SettledAdmin):
    """Answers are given on the settings page, which asks the books for the choices; here they are corrected."""

    list_display = ("connection", "question", "label", "value")
    list_filter = ("question", ("connection", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("connection__books",)
    search_fields = ("question", "label", "value")
    readonly_fields = ("connection", "question")

    def save_model(self, request: HttpRequest, obj: Answer, form: Any, change: bool) -> None:
        if "value" in form.changed_data:
            obj.gone_at = None
        super().save_model(request, obj, form, change)


class ValueMapForm(forms.ModelForm):
    """Our word, and their record for it chosen by name. `offered` is set by the admin that shows the form.

    Of the kinds that every accounting system may have; what a provider declares, owners map on their own page.
    """

    offered: list[tuple[str, list[tuple[str, str]]]] = []

    class Meta:
        model = ValueMap
        fields = ("connection", "kind", "ours", "theirs")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(label=self.fields["kind"].label, choices=ValueMap.Kind.choices)
        self.fields["theirs"] = forms.ChoiceField(
            label=self.fields["theirs"].label, choices=[("", "---------"), *self.offered]
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        connection, kind, theirs = (cleaned.get(name) for name in ("connection", "kind", "theirs"))
        if not (connection and kind and theirs):
            return cleaned
        row = TABLES[kind].objects.filter(books=connection.books_id, remote_id=theirs).first()
        if row is None:
            self.add_error("theirs", _("This is of another kind, or in other books than the connection's."))
        else:
            self.instance.label = row.name
        return cleaned


@admin.register(ValueMap)
class ValueMapAdmin(ScopedAdmin):
    form = ValueMapForm
    list_display = ("connection", "kind", "ours", "label")
    list_display_links = ("ours",)
    list_filter = ("kind", ("connection", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("connection__books",)
    search_fields = ("ours", "label", "theirs")

    def has_change_permission(self, request: HttpRequest, obj: ValueMap | None = None) -> bool:
        is_common = obj is None or obj.kind in TABLES
        return is_common and super().has_change_permission(request, obj)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> type[Any]:
        form = super().get_form(request, obj, change=change, **kwargs)
        return type(form.__name__, (form,), {"offered": list(offered_to(request))})


def offered_to(request: HttpRequest) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Every record that a word of ours may stand for, in one group per kind and books."""
    for table in TABLES.values():
        rows: QuerySet[Any] = narrow(request, table.objects.filter(active=True)).select_related("books")
        groups: dict[str, list[tuple[str, str]]] = {}
        for row in rows.order_by("books", "name"):
            groups.setdefault(f"{row.books}: {table._meta.verbose_name_plural}", []).append((row.remote_id, row.name))
        yield from groups.items()
