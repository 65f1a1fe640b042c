"""The books and their reference data, to look at: imports write them, people do not."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from accounting.models import ArticleCoding, Books, TermsOfPayment, Unit


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows to look at: nobody adds, changes or deletes them here."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Books)
class BooksAdmin(ReadOnlyAdmin):
    list_display = ("name", "organisation_number", "provider", "country", "currency", "active", "read_at")
    list_filter = ("provider", "country", "active")
    search_fields = ("name", "organisation_number", "remote_id")


class MirroredAdmin(ReadOnlyAdmin):
    list_filter = ("active", ("books", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("books",)
    search_fields = ("name", "remote_id")


@admin.register(TermsOfPayment)
class TermsOfPaymentAdmin(MirroredAdmin):
    list_display = ("name", "days", "for_sales", "active", "books")


@admin.register(Unit)
class UnitAdmin(MirroredAdmin):
    list_display = ("name", "abbreviation", "words", "active", "books")


@admin.register(ArticleCoding)
class ArticleCodingAdmin(MirroredAdmin):
    list_display = ("name", "is_service", "vat_percent", "active", "books")
