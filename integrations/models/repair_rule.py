"""What was decided once for a kind of problem, and is decided the same way when it comes again."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fieldwork.models import Organization
from integrations.models.connection import Connection


class RepairRule(models.Model):
    """A decision of the inbox, remembered.

    `repair` names the way of repairing and `decision` the value that was chosen. It counts for cases with this
    `code` and `mark`: what such cases have in common, like the word for some terms of payment, or empty for all of
    them. `about` and `words` say the two as they were shown. Cases first seen after `since` are new to it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="repair_rules", verbose_name=_("organization")
    )
    connection = models.ForeignKey(
        Connection,
        on_delete=models.CASCADE,
        related_name="repair_rules",
        db_index=False,
        verbose_name=_("connection"),
    )
    repair = models.CharField(_("repair"), max_length=40)
    code = models.CharField(_("problem"), max_length=80)
    mark = models.CharField(_("in common"), max_length=200, blank=True)
    about = models.CharField(_("about"), max_length=300, blank=True)
    decision = models.TextField(_("decision"))
    words = models.CharField(_("decision in words"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    active = models.BooleanField(_("active"), default=True)
    hits = models.PositiveIntegerField(_("times used"), default=0)
    since = models.DateTimeField(_("counts from"), default=timezone.now)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("rule")
        verbose_name_plural = _("rules")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "repair", "code", "mark"],
                name="one_rule_per_kind_of_problem_and_mark",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.words or self.decision}"
