"""Both sides of what somebody must decide, and what the books overwrite."""

from __future__ import annotations

from typing import Any

from django import template

from integrations.presenting.owners_form import both_sides, kept_in_books

register = template.Library()
register.filter("both_sides", both_sides)


@register.inclusion_tag("integrations/_kept_in_books.html")
def kept_in_books_note(record: Any) -> dict[str, Any]:
    """Said above a form: what is changed there gives way to the books."""
    return {"kept": kept_in_books(record)}
