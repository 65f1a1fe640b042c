"""Which installation this database belongs to."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Installation(models.Model):
    """The newest row says whose database this is; the older ones tell who took over when. Rows are only added."""

    identity = models.UUIDField(_("identity"), editable=False)
    since = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    taken_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("taken over by"),
    )
    # Their name as it was, which stays when the person is deleted.
    who = models.CharField(_("who"), max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("installation")
        verbose_name_plural = _("installations")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.identity)
