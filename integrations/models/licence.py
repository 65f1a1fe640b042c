"""The right to use an integration: bought or on trial, per organization and accounting system."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fieldwork.models import Organization


class LicenceQuerySet(models.QuerySet["Licence"]):
    def active(self, on: date) -> LicenceQuerySet:
        return self.filter(Q(starts_on__lte=on), Q(ends_on__isnull=True) | Q(ends_on__gte=on))


class Licence(models.Model):
    organization = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        related_name="licences",
        verbose_name=_("organization"),
    )
    provider = models.CharField(_("accounting system"), max_length=40)
    starts_on = models.DateField(_("starts on"))
    ends_on = models.DateField(_("ends on"), null=True, blank=True, help_text=_("The last day; empty: no end."))
    is_trial = models.BooleanField(_("trial"), default=False)
    price_note = models.CharField(_("price note"), max_length=200, blank=True)

    objects = LicenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        ordering = ["organization", "provider", "starts_on"]

    def __str__(self) -> str:
        return f"{self.organization}: {self.provider}"

    def is_active(self, on: date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or self.ends_on >= on)
