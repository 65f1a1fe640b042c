"""One comparison of what we believe with what the books hold."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from integrations.models.connection import Connection


class Reconciliation(models.Model):
    """`problem` says why the books could not be read to the end; then nothing was concluded from them.

    `days` is how far back the books were asked for changes. `balance` counts the work orders that were
    accepted, by what became of them.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, related_name="reconciliations", verbose_name=_("connection")
    )
    days = models.PositiveIntegerField(_("days"))
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"))
    documents = models.PositiveIntegerField(_("documents looked at"), default=0)
    ours = models.PositiveIntegerField(_("of them ours"), default=0)
    followed = models.PositiveIntegerField(_("moved on in the books"), default=0)
    findings = models.PositiveIntegerField(_("need you"), default=0)
    balance = models.JSONField(default=dict, editable=False)
    problem = models.TextField(_("problem"), blank=True)

    class Meta:
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["connection", "-started_at"], name="reconciliations_newest_first")]

    def __str__(self) -> str:
        return f"{self.connection} {self.started_at:%Y-%m-%d %H:%M}"

    @property
    def is_well(self) -> bool:
        return not self.findings and not self.problem
