"""Admin of materials and hour types."""

from __future__ import annotations

from django.contrib import admin

from fieldwork.admin.scoping import BY_ORGANIZATION, NotedAdmin
from fieldwork.models import HourType, Material

COLUMNS = ("number", "name", "unit", "price", "vat_percent", "active", "organization")


class CatalogueAdmin(NotedAdmin):
    list_display_links = ("number", "name")
    list_filter = (BY_ORGANIZATION, "active", "unit", "vat_percent", "price_includes_vat")
    list_select_related = ("organization",)
    search_fields = ("number", "name", "short_text", "ean")
    autocomplete_fields = ("organization",)


@admin.register(Material)
class MaterialAdmin(CatalogueAdmin):
    list_display = (*COLUMNS, "stock_quantity", "product_type")


@admin.register(HourType)
class HourTypeAdmin(CatalogueAdmin):
    list_display = COLUMNS
