"""One pass over one stream of one connection, with its counts and its place."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from integrations.models.connection import Connection


class Run(models.Model):
    """A run is open while `running` or `waiting`; its state lives here and nowhere else.

    `position` is the next page to fetch, stored in the same transaction as the rows of
    the page before it, and `tries` how often a worker has begun that page. `since` and
    `server_time` are fixed at the first page.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        FAILED = "failed", _("Stopped")

    OPEN = (State.RUNNING, State.WAITING)

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    connection = models.ForeignKey(
        Connection,
        on_delete=models.CASCADE,
        related_name="runs",
        verbose_name=_("connection"),
    )
    stream = models.CharField(_("stream"), max_length=40)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.RUNNING)
    full = models.BooleanField(_("everything"), default=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("asked by"),
    )
    started_at = models.DateTimeField(_("started"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    since = models.DateTimeField(_("changed since"), null=True, blank=True)
    server_time = models.DateTimeField(_("server's time at the start"), null=True, blank=True)
    position = models.CharField(_("position"), max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    # The digest under which its records are translated, and the marks of what a full read has met so far, kept
    # when the read pauses.
    rules = models.CharField(max_length=32, blank=True, editable=False)
    seen = models.BinaryField(null=True)
    total = models.PositiveIntegerField(_("of"), null=True, blank=True)
    read = models.PositiveIntegerField(_("read"), default=0)
    created = models.PositiveIntegerField(_("created"), default=0)
    updated = models.PositiveIntegerField(_("updated"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    archived = models.PositiveIntegerField(_("archived"), default=0)
    rejected = models.PositiveIntegerField(_("need attention"), default=0)
    skipped = models.PositiveIntegerField(_("left out"), default=0)
    requests = models.PositiveIntegerField(_("requests"), default=0)
    pages = models.PositiveIntegerField(_("pages"), default=0)
    seconds = models.DecimalField(_("seconds"), max_digits=10, decimal_places=2, default=0)
    problem = models.TextField(_("problem"), blank=True)

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        ordering = ["-started_at"]
        indexes = [models.Index(fields=["connection", "-started_at"], name="runs_of_a_connection")]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "stream"],
                condition=Q(state__in=["running", "waiting"]),
                name="one_open_run_per_stream",
            )
        ]

    def __str__(self) -> str:
        return f"{self.stream} {self.started_at:%Y-%m-%d %H:%M}"
