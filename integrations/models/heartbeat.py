"""Signs of life, and a secret whose only purpose is to be read."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrations.models.credential import EncryptedTextField


class Heartbeat(models.Model):
    """When something that must come again and again last came.

    `tick` is written by a worker and by nobody else: only that proves that schedule, queue and worker work
    together, because a queue can hang while all its processes look alive.
    """

    TICK = "tick"
    RING = "ring"
    WATCHDOG = "watchdog"

    name = models.CharField(_("name"), max_length=40, primary_key=True)
    at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"

    @classmethod
    def beat(cls, name: str) -> None:
        cls.objects.update_or_create(name=name, defaults={"at": timezone.now()})

    @classmethod
    def last(cls, name: str) -> datetime | None:
        """When `name` was last seen, or None."""
        return cls.objects.filter(name=name).values_list("at", flat=True).first()


class Canary(models.Model):
    """One row that was encrypted like every login: if it can be read, so can they."""

    WORDS = "tweet"

    secret = EncryptedTextField(editable=False)

    class Meta:
        verbose_name = _("canary")
        verbose_name_plural = _("canaries")

    def __str__(self) -> str:
        return "canary"

    @classmethod
    def lay(cls) -> None:
        """The row is there. It is encrypted with the first key of the day on which it is made."""
        if not cls.objects.exists():
            cls.objects.create(secret=cls.WORDS)
