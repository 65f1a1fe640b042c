"""Who works on a connection right now: one owner, a fence that only grows, an expiry."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from integrations.models.connection import Connection

LEASE = timedelta(seconds=120)
# After so many workers in a row that died with it, a lease is taken over later, not at once.
MANY_DEATHS = 3
LATER = timedelta(minutes=15)


class LeaseLost(Exception):
    """Another worker owns the connection now: stop and write nothing."""


class Lease(models.Model):
    """At most one worker per connection. Every state change of that worker carries `fence`.

    `deaths` counts, before the work begins, how many owners in a row have not given it back.
    """

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, primary_key=True, related_name="lease")
    owner = models.CharField(max_length=64, blank=True)
    fence = models.PositiveBigIntegerField(default=0)
    expires_at = models.DateTimeField(null=True)
    deaths = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("lease")
        verbose_name_plural = _("leases")

    def __str__(self) -> str:
        return f"{self.connection_id}: {self.owner or 'free'}"

    @classmethod
    def take(cls, connection: Connection, *, owner: str) -> Lease | None:
        """The lease for `owner`, or None while somebody else's has not expired."""
        cls.objects.get_or_create(connection=connection)
        now = timezone.now()
        free = Q(owner="") | Q(owner=owner)
        taken = cls.objects.filter(free | left_by_the_dead(now), connection=connection).update(
            deaths=Case(When(free, then=F("deaths")), default=F("deaths") + Value(1)),
            owner=owner,
            fence=F("fence") + 1,
            expires_at=now + LEASE,
        )
        return cls.objects.get(connection=connection) if taken else None

    def renew(self) -> None:
        """Another two minutes. Raises LeaseLost when somebody else has taken over."""
        expires_at = timezone.now() + LEASE
        if not self._mine().update(expires_at=expires_at):
            raise LeaseLost(f"connection {self.connection_id}")
        self.expires_at = expires_at

    def confirm(self) -> None:
        """Raises LeaseLost unless this lease is still ours and has time left."""
        if not self._mine().filter(expires_at__gt=timezone.now()).exists():
            raise LeaseLost(f"connection {self.connection_id}")

    def release(self) -> None:
        self._mine().update(owner="", expires_at=None, deaths=0)

    def _mine(self) -> models.QuerySet[Lease]:
        return Lease.objects.filter(connection_id=self.connection_id, owner=self.owner, fence=self.fence)


def left_by_the_dead(now: datetime) -> Q:
    """Leases that ran out without being given back, and may be taken over now."""
    few = Q(expires_at__lt=now, deaths__lt=MANY_DEATHS)
    return ~Q(owner="") & (few | Q(expires_at__lt=now - LATER))
