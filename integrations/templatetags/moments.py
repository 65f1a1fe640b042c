"""Moments as people say them; the exact one is the tooltip."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

register = template.Library()

MINUTE, HOUR = 60, 3600


@register.filter
def ago(moment: datetime) -> str:
    """ "12 minutes ago", "in 3 minutes", "today 14:20", or the date."""
    local = timezone.localtime(moment)
    now = timezone.localtime()
    seconds = (now - local).total_seconds()
    if abs(seconds) < MINUTE:
        return _("just now") if seconds >= 0 else _("within a minute")
    if abs(seconds) < HOUR:
        minutes = round(abs(seconds) / MINUTE)
        words = (
            ngettext("%(count)s minute ago", "%(count)s minutes ago", minutes)
            if seconds > 0
            else ngettext("in %(count)s minute", "in %(count)s minutes", minutes)
        )
        return words % {"count": minutes}
    if local.date() == now.date():
        return _("today %(time)s") % {"time": date_format(local, "TIME_FORMAT")}
    return date_format(local, "SHORT_DATETIME_FORMAT")
