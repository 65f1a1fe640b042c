"""The bar of the set-up's steps, and what somebody has not finished yet."""

from __future__ import annotations

from typing import Any

from django import template

from accounting.protocol import Provider
from integrations.models import Connection
from integrations.presenting.set_up import marks_of

register = template.Library()


@register.inclusion_tag("integrations/_connect_steps.html")
def set_up_steps(provider: Provider, connection: Connection | None, at: str) -> dict[str, Any]:
    """Where one is on the way to the first sync; those who have arrived see nothing of it."""
    is_over = connection is not None and hasattr(connection, "settings") and connection.settings.saved_at is not None
    return {"marks": () if is_over else marks_of(provider, connection, at=at)}
