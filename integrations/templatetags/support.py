"""Where one asks for help, if whoever hosts this installation has said where."""

from __future__ import annotations

from urllib.parse import quote

from django import template
from django.conf import settings
from django.template.context import Context

register = template.Library()


@register.simple_tag(takes_context=True)
def support_address(context: Context, about: str = "") -> str:
    """An address or a mail about this page, empty where nobody is named. Nothing of the firm goes along: a page is
    told by its name in the program, because titles hold customers' names."""
    page = about or name_of_page(context)
    if settings.SUPPORT_URL:
        joint = "&" if "?" in settings.SUPPORT_URL else "?"
        return f"{settings.SUPPORT_URL}{joint}page={quote(page)}"
    if settings.SUPPORT_EMAIL:
        return f"mailto:{settings.SUPPORT_EMAIL}?subject={quote(f'Fieldledger: {page}')}"
    return ""


def name_of_page(context: Context) -> str:
    match = getattr(context.get("request"), "resolver_match", None)
    return match.url_name if match and match.url_name else "error"
