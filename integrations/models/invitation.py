"""A link by which somebody without an account here signs in to an accounting system for the firm."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounting.protocol import Provider
from accounting.registry import provider_for
from fieldwork.models import Organization
from integrations.models.connection import Connection
from integrations.models.hook import hashed

USER = settings.AUTH_USER_MODEL
LIFE = timedelta(hours=72)
# Ways to an accounting system that one link may be the beginning of: people mistype, and nobody needs more.
MOST_STARTS = 20


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: datetime) -> InvitationQuerySet:
        """Neither used nor taken back nor too old."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=now)


class Invitation(models.Model):
    """Single use. Its secret is known by the hash only: who has lost the link gets another one.

    `connection` is the one that gets a new login; without one it is for new books, about which an owner is asked.
    `led_to` is what came of it, `starts` how often somebody has set out with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="invitations", verbose_name=_("organization")
    )
    provider = models.CharField(_("accounting system"), max_length=40)
    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, null=True, related_name="+", verbose_name=_("connection")
    )
    as_further = models.BooleanField(_("as further books"), default=False)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    sent_to = models.EmailField(_("sent to"), blank=True)
    made_by = models.ForeignKey(USER, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"), default=timezone.now)
    expires_at = models.DateTimeField(_("valid until"))
    starts = models.PositiveSmallIntegerField(_("times set out"), default=0)
    used_at = models.DateTimeField(_("used at"), null=True)
    led_to = models.ForeignKey(
        Connection, on_delete=models.SET_NULL, null=True, related_name="invitations", verbose_name=_("led to")
    )
    revoked_at = models.DateTimeField(_("taken back at"), null=True)
    revoked_by = models.ForeignKey(
        USER, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("taken back by")
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("authorisation link")
        verbose_name_plural = _("authorisation links")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.organization}: {self.label}"

    @property
    def ledger_provider(self) -> Provider:
        return provider_for(self.provider)

    @property
    def label(self) -> str:
        return self.ledger_provider.label

    @property
    def is_open(self) -> bool:
        return self.used_at is None and self.revoked_at is None and self.expires_at > timezone.now()

    def new_secret(self) -> str:
        """What goes into the address, and is nowhere else from now on."""
        secret = secrets.token_urlsafe(32)
        self.secret_hash = hashed(secret)
        return secret

    def set_out(self) -> bool:
        """Whether one more may set out with it. One statement."""
        mine = Invitation.objects.open(timezone.now()).filter(pk=self.pk, starts__lt=MOST_STARTS)
        return bool(mine.update(starts=F("starts") + 1))

    def claim(self) -> bool:
        """Whether it is the caller's to use, and nobody else's any more. One statement."""
        now = timezone.now()
        return bool(Invitation.objects.open(now).filter(pk=self.pk).update(used_at=now))

    def give_back(self) -> None:
        """Nothing came of it: it can be used again."""
        Invitation.objects.filter(pk=self.pk, led_to=None).update(used_at=None)
