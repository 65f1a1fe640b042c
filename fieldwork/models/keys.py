"""How programs of the firm sign in: keys, and what was answered to requests that may come twice."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fieldwork.models.ownership import IdentifiedRecord, OwnedRecord
from fieldwork.models.people import Organization, User

MARK = "flk"
MOST_PER_MINUTE = 600
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
# Compared with when no key has the prefix, so that both refusals take the same time.
NOBODYS_HASH = hashlib.sha256(b"nobody").hexdigest()


class ApiKey(OwnedRecord):
    """What a program of the firm shows with each request. It sees that firm and nothing else.

    Only a hash of the secret is kept: the key as a whole, `flk_<prefix>_<secret>`, is known once, when it is made.
    `minute` and `in_minute` count the requests of the present minute.
    """

    class Scope(models.TextChoices):
        READ = "read", _("Read")
        WRITE = "write", _("Read and write")

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="api_keys", verbose_name=_("organization")
    )
    name = models.CharField(_("name"), max_length=100, help_text=_("Which program uses it, say “Planning board”."))
    prefix = models.CharField(_("begins with"), max_length=12, unique=True, editable=False)
    secret_hash = models.CharField(max_length=64, editable=False)
    scope = models.CharField(_("may"), max_length=8, choices=Scope.choices, default=Scope.READ)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("revoked by")
    )
    minute = models.DateTimeField(null=True, editable=False)
    in_minute = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.name} ({self.shown})"

    @classmethod
    def make(
        cls, organization: Organization, *, name: str, scope: str, by: User, expires_at: datetime | None = None
    ) -> tuple[ApiKey, str]:
        """A new key, saved, and its text: nobody can know that again."""
        prefix = "".join(secrets.choice(LETTERS) for _place in range(8))
        secret = secrets.token_urlsafe(32)
        key = cls.objects.create(
            organization=organization,
            name=name,
            prefix=prefix,
            secret_hash=hashed(secret),
            scope=scope,
            made_by=by,
            expires_at=expires_at,
        )
        return key, f"{MARK}_{prefix}_{secret}"

    @classmethod
    def find(cls, text: str) -> ApiKey | None:
        """The key with this text, if it is in force. One statement."""
        prefix, secret = parts_of(text)
        key = cls.objects.filter(prefix=prefix).select_related("organization", "made_by").first()
        fits = hmac.compare_digest(key.secret_hash if key else NOBODYS_HASH, hashed(secret))
        return key if key and fits and key.is_in_force else None

    @property
    def shown(self) -> str:
        """As much of the key as anybody may see."""
        return f"{MARK}_{self.prefix}_…"

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_in_force(self) -> bool:
        return self.revoked_at is None and not self.is_expired

    @property
    def may_write(self) -> bool:
        return self.scope == self.Scope.WRITE

    def admit(self, now: datetime) -> bool:
        """Whether one more request of this minute is answered. One statement, or two when it begins the minute."""
        minute = now.replace(second=0, microsecond=0)
        # Last once more: of two that begin a minute together, the second one finds it begun.
        return self._count(minute, now) or self._begin(minute, now) or self._count(minute, now)

    def _count(self, minute: datetime, now: datetime) -> bool:
        left = ApiKey.objects.filter(pk=self.pk, minute=minute, in_minute__lt=MOST_PER_MINUTE)
        return bool(left.update(in_minute=F("in_minute") + 1, last_used_at=now))

    def _begin(self, minute: datetime, now: datetime) -> bool:
        other = ApiKey.objects.filter(Q(minute=None) | ~Q(minute=minute), pk=self.pk)
        return bool(other.update(minute=minute, in_minute=1, last_used_at=now))

    def revoke(self, *, by: User) -> None:
        """It opens nothing any more. A second time changes nothing."""
        ApiKey.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=timezone.now(), revoked_by=by)


def parts_of(text: str) -> tuple[str, str]:
    """Prefix and secret of a key; of anything else, two that fit no key."""
    mark, _first, rest = text.partition("_")
    prefix, _second, secret = rest.partition("_")
    return (prefix, secret) if mark == MARK else ("", "")


def hashed(secret: str) -> str:
    """The secret is long and random, so that a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


KEPT_FOR = timedelta(hours=24)


class AnsweredRequestQuerySet(models.QuerySet["AnsweredRequest"]):
    def expired(self) -> Self:
        return self.filter(started_at__lt=timezone.now() - KEPT_FOR)


class AnsweredRequest(IdentifiedRecord):
    """One writing request that names itself, and the first answer to it.

    `fingerprint` says what was asked. Without a `status` somebody is at work on it, or was: `turn` is theirs, and
    only who still holds it may commit.
    """

    api_key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, db_index=False, related_name="answered")
    name = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    turn = models.UUIDField()
    started_at = models.DateTimeField(db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    content_type = models.CharField(max_length=100, default="")
    body = models.TextField(default="")

    objects = AnsweredRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("answered request")
        verbose_name_plural = _("answered requests")
        constraints = [
            models.UniqueConstraint(fields=["api_key", "name"], name="one_answer_per_idempotency_key"),
        ]

    def __str__(self) -> str:
        return self.name
