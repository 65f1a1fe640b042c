"""What people say about the explanations: helpful or not."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fieldwork.models import Organization


class HelpVote(models.Model):
    """One person's word on one explanation; the latest counts. `code` is the explanation's, which many may share."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organization")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("user")
    )
    code = models.CharField(_("code"), max_length=80)
    helpful = models.BooleanField(_("helpful"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("word on an explanation")
        verbose_name_plural = _("words on explanations")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "user", "code"], name="one_word_per_person_and_explanation")
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.helpful}"
