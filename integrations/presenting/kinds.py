"""What kinds of problems and of records are called in the inbox."""

from __future__ import annotations

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from fieldwork.models import Customer, Material, WorkOrder, WorkOrderLine
from integrations.explaining.catalogue import explain, title_of

# Whose fields a code such as `street_too_long` may name.
OWNERS: tuple[type[models.Model], ...] = (Customer, Material, WorkOrder, WorkOrderLine)

SUBJECTS: dict[str, str | Promise] = {
    "work_order": _("Work order"),
    "customer": _("Customer"),
    "material": _("Material"),
    "hour_type": _("Hour type"),
    "project": _("Project"),
    "contact_person": _("Contact person"),
    "connection": _("Connection"),
    "stream": _("Reading"),
    "document": _("Document in the books"),
    "remote_customer": _("Customer in the books"),
    "remote_article": _("Article in the books"),
    "remote_project": _("Project in the books"),
    "remote_sales_order": _("Order in the books"),
    "remote_unit": _("Unit in the books"),
    "remote_coding": _("Article coding in the books"),
    "remote_terms": _("Terms of payment in the books"),
    "remote_contact": _("Contact person in the books"),
    "remote_work_site": _("Work site in the books"),
}


def kind_title(code: str) -> str:
    """ "Postcode missing"; where many fields share an explanation, with the field: "A text is too long (street)"."""
    found = explain(code)
    if found is None or not found.is_shared:
        return title_of(code)
    field = field_title(code.removesuffix(found.code[1:]))
    return f"{found.title} ({field})" if field else str(found.title)


def field_title(name: str) -> str:
    """What the forms call the field that a code names; empty when no record has it."""
    for prefix in ("", "article_", "line_"):
        for owner in OWNERS:
            try:
                return str(getattr(owner._meta.get_field(name.removeprefix(prefix)), "verbose_name", ""))
            except FieldDoesNotExist:
                continue
    return ""


def subject_title(kind: str) -> str:
    """ "Work order", "Article in the books": what sort of record a case is about."""
    return str(SUBJECTS.get(kind) or capfirst(kind.replace("_", " ")))
