"""Who is who of one connection, compared beforehand by a worker and kept for the page."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrations.models.connection import Connection


class Pairing(models.Model):
    """One comparison of all records of a kind. Only the current one is shown; a new one takes its place at once.

    `basis` says of what it was computed: another basis, and it is out of date. `certain`, `likely` and `nobody` count
    its rows.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, related_name="pairings", verbose_name=_("connection")
    )
    kind = models.CharField(_("kind"), max_length=40)
    basis = models.TextField(_("computed from"))
    is_current = models.BooleanField(_("current"), default=False)
    certain = models.PositiveIntegerField(_("certain"), default=0)
    likely = models.PositiveIntegerField(_("likely"), default=0)
    nobody = models.PositiveIntegerField(_("nobody found"), default=0)
    made_at = models.DateTimeField(_("computed at"), default=timezone.now)
    # By the day: what nobody looks at is not computed anew after each read.
    looked_at = models.DateTimeField(_("looked at"), null=True, blank=True)
    # When somebody has seen that it is out of date, and a worker was told.
    asked_at = models.DateTimeField(_("asked to be computed anew at"), null=True, blank=True)

    class Meta:
        verbose_name = _("comparison of records")
        verbose_name_plural = _("comparisons of records")
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "kind"],
                condition=models.Q(is_current=True),
                name="one_current_pairing_per_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.connection}: {self.kind}"


class PairingRow(models.Model):
    """One of our records and the ids of those in the books that it may be, the surest first.

    `words` are the names on both sides in lower case, to be searched; `place` is the order of the names.
    """

    class Group(models.TextChoices):
        CERTAIN = "certain", _("Certain")
        LIKELY = "likely", _("Likely")
        NONE = "none", _("Nobody found")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    pairing = models.ForeignKey(
        Pairing, on_delete=models.CASCADE, related_name="rows", verbose_name=_("comparison"), db_index=False
    )
    group = models.CharField(_("group"), max_length=10, choices=Group.choices)
    place = models.PositiveIntegerField(_("place"))
    local_id = models.UUIDField(_("our id"))
    remote_ids = models.JSONField(_("ids in the books"), default=list)
    words = models.TextField(_("names"))

    class Meta:
        verbose_name = _("compared record")
        verbose_name_plural = _("compared records")
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["pairing", "local_id"], name="one_row_per_compared_record")]
        indexes = [models.Index(fields=["pairing", "group", "place"], name="compared_records_in_order")]

    def __str__(self) -> str:
        return f"{self.group} {self.local_id}"
