"""Both sides of what somebody must decide."""

from __future__ import annotations

from django import template

from integrations.presenting.owners_form import both_sides

register = template.Library()
register.filter("both_sides", both_sides)
