"""The links by which others sign in, on the connections page."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context

from integrations.presenting.invitations import latest_of

register = template.Library()


@register.inclusion_tag("integrations/_invitations.html", takes_context=True)
def invitations_of_the_firm(context: Context) -> dict[str, Any]:
    """The latest ones with what became of them; nothing where there was none. One statement."""
    request = context["request"]
    return {"invitations": latest_of(request.membership.organization), "csrf_token": context.get("csrf_token")}
