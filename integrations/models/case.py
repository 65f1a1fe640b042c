"""The inbox: one entry per problem and record."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fieldwork.models import Organization
from integrations.models.connection import Connection


class Case(models.Model):
    """One problem of one record: who, what, why, and where it is repaired.

    `code` is stable and names the kind of problem; `subject_kind` and `subject_id` name
    our record (work_order, customer, material ...) or, for something unread, the remote
    one. `part` names the line, article or customer within it that must be repaired, when that is not the
    record itself. `sentence` is a translatable text with named places filled from `values`.
    `operation` is the write that waits for the repair. `found_by` is what a search looks through.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Needs you")
        CLOSED = "closed", _("Closed")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        related_name="cases",
        verbose_name=_("organization"),
    )
    connection = models.ForeignKey(
        Connection,
        on_delete=models.CASCADE,
        related_name="cases",
        verbose_name=_("connection"),
    )
    code = models.CharField(_("problem"), max_length=80)
    subject_kind = models.CharField(_("kind of record"), max_length=40)
    subject_id = models.CharField(_("record"), max_length=100)
    operation = models.ForeignKey(
        "integrations.Operation",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("operation"),
    )
    subject_label = models.CharField(_("record's name"), max_length=300, blank=True)
    where = models.CharField(_("repaired in"), max_length=40, blank=True)
    field = models.CharField(_("field"), max_length=60, blank=True)
    part = models.CharField(_("part of the record"), max_length=100, blank=True)
    sentence = models.TextField(_("what happened"))
    values = models.JSONField(default=dict, blank=True, editable=False)
    detail = models.TextField(_("the accounting system's own words"), blank=True)
    found_by = models.TextField(_("found by"), blank=True, editable=False)
    error_id = models.CharField(_("error id"), max_length=100, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    times = models.PositiveIntegerField(_("times seen"), default=1)
    first_seen_at = models.DateTimeField(_("first seen"), auto_now_add=True)
    last_seen_at = models.DateTimeField(_("last seen"), auto_now=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    # Somebody has looked and leaves it as it is: the same finding does not come back.
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("accepted by"),
    )
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        ordering = ["-last_seen_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "code", "subject_kind", "subject_id", "field", "part"],
                condition=Q(state="open"),
                name="one_open_case_per_problem_and_record",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject_label}: {self.code}"
