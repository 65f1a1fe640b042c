"""Who works here: the person, the firm, and what the person may do in it."""

from __future__ import annotations

import uuid
import zoneinfo

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from fieldwork.models.ownership import IdentifiedRecord, OwnedRecord


def validate_time_zone(name: str) -> None:
    """Accept the names of the time-zone database and nothing else."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("%(name)s is not a time zone. Write it like Europe/Stockholm."), params={"name": name})


class User(AbstractUser):
    """A person who signs in, with the language and time zone that pages are shown in."""

    class Language(models.TextChoices):
        SWEDISH = "sv", "Svenska"
        ENGLISH = "en", "English"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    language = models.CharField(_("language"), max_length=8, choices=Language, default=Language.SWEDISH)
    time_zone = models.CharField(
        _("time zone"), max_length=63, default="Europe/Stockholm", validators=[validate_time_zone]
    )

    class Meta(AbstractUser.Meta):
        ordering = ("first_name", "last_name", "username")

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Organization(IdentifiedRecord):
    """One field-service firm: the tenant that owns everything else."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("short name in addresses"), max_length=80, unique=True)
    organisation_number = models.CharField(_("organisation number"), max_length=50, blank=True, default="")
    country = models.CharField(_("country"), max_length=2, default="SE", help_text=_("Two letters, like SE."))
    currency = models.CharField(_("currency"), max_length=3, default="SEK", help_text=_("Three letters, like SEK."))
    time_zone = models.CharField(
        _("time zone"), max_length=63, default="Europe/Stockholm", validators=[validate_time_zone]
    )
    email = models.EmailField(_("e-mail"), blank=True, default="")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Membership(OwnedRecord):
    """A person's role in one organization; somebody without one sees nothing of it."""

    class Role(models.TextChoices):
        OWNER = "owner", _("Owner")
        COORDINATOR = "coordinator", _("Coordinator")
        PERFORMER = "performer", _("Performer")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("person"))
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("organization")
    )
    role = models.CharField(_("role"), max_length=16, choices=Role, default=Role.PERFORMER)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ("organization__name", "user__username")
        constraints = [
            models.UniqueConstraint(fields=["user", "organization"], name="one_membership_per_user_and_organization"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organization} ({self.get_role_display()})"

    def is_owner(self) -> bool:
        return self.role == self.Role.OWNER

    def is_coordinator(self) -> bool:
        return self.role == self.Role.COORDINATOR

    def is_performer(self) -> bool:
        return self.role == self.Role.PERFORMER

    def manages_work(self) -> bool:
        """True for the office: owners and coordinators see and change everything, performers their own work."""
        return self.is_owner() or self.is_coordinator()
