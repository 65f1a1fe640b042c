"""Alarms: one row per problem from its beginning to its end, and every message about it."""

from __future__ import annotations

import secrets
from base64 import b64encode
from datetime import timedelta
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fieldwork.models import Organization
from integrations.models.connection import Connection
from integrations.models.credential import EncryptedTextField


class Alarm(models.Model):
    """A problem that somebody was told of. `key` names it: there is at most one open alarm per key.

    An alarm without an organization concerns the whole installation. `text` is a translatable sentence with
    named places for `values`. `piled_up` is how many writes waited when it was last seen.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    key = models.CharField(max_length=120, editable=False)
    code = models.CharField(_("problem"), max_length=40)
    organization = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="alarms",
        verbose_name=_("organization"),
    )
    connection = models.ForeignKey(
        Connection,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="alarms",
        verbose_name=_("connection"),
    )
    for_operator = models.BooleanField(_("for whoever runs the installation"), default=False)
    subject = models.CharField(_("about"), max_length=300)
    text = models.TextField(_("what happened"))
    values = models.JSONField(default=dict, blank=True, editable=False)
    since = models.DateTimeField(_("since"), null=True)
    piled_up = models.PositiveIntegerField(_("waiting meanwhile"), default=0)
    begun_at = models.DateTimeField(_("begun at"))
    seen_at = models.DateTimeField(_("last seen"))
    told_at = models.DateTimeField(_("last message"))
    over_at = models.DateTimeField(_("over at"), null=True, blank=True)

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        ordering = ["-begun_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(over_at__isnull=True), name="one_open_alarm_per_problem"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject}: {self.code}"


class Notice(models.Model):
    """One message about an alarm to one receiver. Unsent ones are tried again by every check, for two days."""

    # Older messages are history; the next reminder says the same.
    DELIVERABLE_FOR = timedelta(days=2)

    class Kind(models.TextChoices):
        BEGUN = "begun", _("Begun")
        REMINDER = "reminder", _("Still open")
        OVER = "over", _("Over")

    class Channel(models.TextChoices):
        MAIL = "mail", _("Mail")
        WEBHOOK = "webhook", _("Webhook")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    alarm = models.ForeignKey(Alarm, on_delete=models.CASCADE, related_name="notices", verbose_name=_("alarm"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    # A mail's receiver and their language. A webhook's address is the one that is set when it is sent.
    address = models.CharField(_("to"), max_length=254, blank=True)
    language = models.CharField(max_length=8, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"))
    claimed_until = models.DateTimeField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    problem = models.CharField(_("problem"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["created_at"]
        indexes = [models.Index(fields=["created_at"], condition=Q(sent_at__isnull=True), name="unsent_notices")]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel} {self.address}"


def new_secret() -> str:
    """A signing secret as Standard Webhooks writes it."""
    return f"whsec_{b64encode(secrets.token_bytes(32)).decode()}"


class Webhook(models.Model):
    """Where an organization's alarms are posted to, signed with `secret`."""

    organization = models.OneToOneField(
        Organization, on_delete=models.CASCADE, primary_key=True, related_name="webhook"
    )
    url = models.URLField(_("address"), max_length=500)
    secret = EncryptedTextField(default=new_secret, editable=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return str(self.organization)
