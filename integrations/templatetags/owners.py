"""Both sides of what somebody must decide."""

from __future__ import annotations

from django import template

from integrations.presenting.conflicts import parts_of

register = template.Library()
register.filter("conflict_parts", parts_of)
