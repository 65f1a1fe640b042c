"""What a sync would do, kept for a while so that a person can look at it before it happens."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrations.models.connection import Connection


class Plan(models.Model):
    """One look ahead. It goes out of date by itself, and nothing is ever carried out from it: what is approved
    are records, and a sync decides again what it does with them.

    `runs` holds the numbers per stream, `tally` those of what goes out: per kind and action, and the money.
    `is_first` when its connection has not been started yet.
    """

    GOOD_FOR = timedelta(hours=24)
    # A worker shows a sign of life with every page.
    SILENT_FOR = timedelta(minutes=3)

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        COMPUTING = "computing", _("Being made")
        DONE = "done", _("Done")
        FAILED = "failed", _("Stopped")

    OPEN = (State.WAITING, State.COMPUTING)

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, related_name="plans", verbose_name=_("connection")
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    is_first = models.BooleanField(_("before the first sync"), default=False)
    created_at = models.DateTimeField(_("asked for at"), auto_now_add=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    expires_at = models.DateTimeField(_("out of date at"))
    runs = models.JSONField(default=list, editable=False)
    tally = models.JSONField(default=list, editable=False)
    problem = models.TextField(_("problem"), blank=True)

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["connection", "-created_at"], name="plans_newest_first")]

    def __str__(self) -> str:
        return f"{self.connection} {self.created_at:%Y-%m-%d %H:%M}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_abandoned(self) -> bool:
        """Whether its worker has not been heard of, so that somebody may ask for another plan."""
        last = self.heartbeat_at or self.created_at
        return self.is_open and last < timezone.now() - self.SILENT_FOR


class PlanEntry(models.Model):
    """One record of a plan, and what would become of it.

    `kind` is the stream of what comes in and the kind of write of what goes out. `changes` are pairs of values by
    field, `reasons` translatable sentences with their values. Records that would stay as they are have no entry.
    """

    class Direction(models.TextChoices):
        IN = "in", _("Comes in")
        OUT = "out", _("Goes out")

    class Action(models.TextChoices):
        CREATE = "create", _("Create")
        UPDATE = "update", _("Update")
        SKIP = "skip", _("Leave out")
        BLOCKED = "blocked", _("Needs you")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="entries", db_index=False)
    position = models.PositiveIntegerField()
    direction = models.CharField(max_length=3, choices=Direction.choices)
    kind = models.CharField(max_length=40)
    action = models.CharField(max_length=10, choices=Action.choices)
    label = models.CharField(max_length=300)
    remote_id = models.CharField(max_length=100, blank=True)
    local_model = models.CharField(max_length=60, blank=True)
    local_id = models.UUIDField(null=True)
    revision = models.PositiveIntegerField(default=1)
    changes = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    currency = models.CharField(max_length=3, blank=True)
    net = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    total = models.DecimalField(max_digits=14, decimal_places=2, null=True)

    class Meta:
        verbose_name = _("plan entry")
        verbose_name_plural = _("plan entries")
        ordering = ["position"]
        indexes = [
            models.Index(fields=["plan", "position"], name="entries_of_a_plan"),
            models.Index(fields=["plan", "direction", "kind", "action", "position"], name="entries_by_kind_and_action"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.kind} {self.label}"
