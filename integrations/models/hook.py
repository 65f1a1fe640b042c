"""The address that an accounting system calls, and the calls."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import date, datetime, timedelta
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrations.models.connection import Connection
from integrations.models.credential import EncryptedTextField

MOST_PER_MINUTE = 60


class Hook(models.Model):
    """Whom a connection lets call: whoever knows the secret in the address.

    It is checked by its hash; the text itself is kept, encrypted, for the owner to copy. `minute` and `in_minute`
    count the calls of this minute, `left_out` those of `left_out_on` that were too many to be stored.
    `registered_at` says since when the address was registered by us, which alone makes calls carry the second secret.
    """

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, primary_key=True, related_name="hook")
    secret = EncryptedTextField(editable=False)
    secret_hash = models.CharField(max_length=64, editable=False)
    changed_at = models.DateTimeField(_("changed at"), default=timezone.now)
    registered_at = models.DateTimeField(_("registered at"), null=True, blank=True)
    registered_events = models.JSONField(_("events"), default=list, blank=True)
    last_event_at = models.DateTimeField(_("last event at"), null=True, blank=True)
    last_event = models.CharField(_("last event"), max_length=100, blank=True)
    followed_at = models.DateTimeField(_("last followed at"), null=True, blank=True)
    minute = models.DateTimeField(null=True, editable=False)
    in_minute = models.PositiveIntegerField(default=0, editable=False)
    left_out = models.PositiveIntegerField(_("left out"), default=0)
    left_out_on = models.DateField(null=True, editable=False)

    class Meta:
        verbose_name = _("webhook from the accounting system")
        verbose_name_plural = _("webhooks from accounting systems")

    def __str__(self) -> str:
        return f"hook of {self.connection_id}"

    @classmethod
    def renew(cls, connection: Connection) -> Hook:
        """With a new secret: whoever knows the former one is not heard any more, and it must be registered anew."""
        secret = secrets.token_urlsafe(32)
        changes = {"secret": secret, "secret_hash": hashed(secret), "changed_at": timezone.now()}
        hook, _made = cls.objects.update_or_create(
            connection=connection, defaults={**changes, "registered_at": None, "registered_events": []}
        )
        return hook

    def knows(self, secret: str) -> bool:
        return hmac.compare_digest(self.secret_hash, hashed(secret))

    def left_out_today(self, today: date) -> int:
        return self.left_out if self.left_out_on == today else 0

    def admit(self, now: datetime) -> bool:
        """Whether one more call of this minute may be stored; one that may not is counted. One to three statements."""
        minute = now.replace(second=0, microsecond=0)
        mine = Hook.objects.filter(pk=self.pk)
        if mine.filter(minute=minute, in_minute__lt=MOST_PER_MINUTE).update(in_minute=F("in_minute") + 1):
            return True
        if mine.filter(Q(minute=None) | ~Q(minute=minute)).update(minute=minute, in_minute=1):
            return True
        today = timezone.localdate(now)
        if not mine.filter(left_out_on=today).update(left_out=F("left_out") + 1):
            mine.update(left_out=1, left_out_on=today)
        return False


def hashed(secret: str) -> str:
    """It is long and random, so that a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def second_secret(secret: str) -> str:
    """What calls carry in a header when we registered the address ourselves; it stands in no address."""
    return hmac.new(secret.encode(), b"header", hashlib.sha256).hexdigest()


KEPT_FOR = timedelta(days=30)


class InboundEvent(models.Model):
    """One call. What stood in it is not kept: it is a hint, from which nothing would ever be taken again.

    `key` is the accounting system's id of the event, else what stood in it and when to the minute: the same call
    again is the same row. `heard_at` says when it was followed by a read.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    connection = models.ForeignKey(
        Connection,
        on_delete=models.CASCADE,
        related_name="inbound_events",
        db_index=False,
        verbose_name=_("connection"),
    )
    key = models.CharField(max_length=100, editable=False)
    event = models.CharField(_("event"), max_length=100, blank=True)
    streams = models.JSONField(_("what may have changed"), default=list, blank=True)
    size = models.PositiveIntegerField(_("bytes"), default=0)
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    heard_at = models.DateTimeField(_("followed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("event from the accounting system")
        verbose_name_plural = _("events from accounting systems")
        ordering = ["-received_at"]
        indexes = [
            models.Index(fields=["connection", "received_at"], name="events_of_a_connection"),
            models.Index(fields=["connection"], condition=Q(heard_at=None), name="events_not_followed_yet"),
        ]
        constraints = [models.UniqueConstraint(fields=["connection", "key"], name="one_row_per_inbound_event")]

    def __str__(self) -> str:
        return self.event or str(self.pk)
