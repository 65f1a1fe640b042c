"""What the template of a form field must know about it."""

from __future__ import annotations

from django import template
from django.forms import BoundField, CheckboxInput

register = template.Library()


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """True for a single box to tick, whose label stands beside it."""
    return isinstance(field.field.widget, CheckboxInput)
