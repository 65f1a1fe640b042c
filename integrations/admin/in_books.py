"""A filter for records of the field work: those that stand in certain books, or in none.

`fieldwork` knows no books, so its admin cannot bring this itself; it is put onto the admins that are registered.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounting.models import Books
from fieldwork.models import Customer, HourType, Material, Project, WorkOrder
from integrations.admin.scoping import narrow
from integrations.models import Link

NOWHERE = "none"


class InBooks(admin.SimpleListFilter):
    title = _("in the books")
    parameter_name = "in_books"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, Any]]:
        books = narrow(request, Books.objects.order_by("name"))
        return [(NOWHERE, _("Not in the books")), *((str(each.pk), str(each)) for each in books)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        links = Link.objects.filter(local_id=OuterRef("pk"), local_model=queryset.model._meta.label, gone_at=None)
        match self.value():
            case None:
                return queryset
            case "none":
                return queryset.exclude(Exists(links))
            case chosen:
                return queryset.filter(Exists(links.filter(books=as_id(chosen))))


def as_id(text: str) -> UUID | None:
    """None for what is no id: nothing stands in such books."""
    try:
        return UUID(text)
    except ValueError:
        return None


for model in (Customer, HourType, Material, Project, WorkOrder):
    registered = type(admin.site.get_model_admin(model))
    registered.list_filter = [*(registered.list_filter or ()), InBooks]
