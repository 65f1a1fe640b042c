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

    class HourRounding(models.IntegerChoices):
        NONE = 0, _("Not rounded")
        FIVE = 5, _("5 minutes")
        QUARTER = 15, _("15 minutes")
        HALF = 30, _("30 minutes")

    class LineOrder(models.TextChoices):
        AS_ENTERED = "as_entered", _("As entered")
        HOURS = "hours", _("Hours first")
        MATERIALS = "materials", _("Materials first")

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("short name in addresses"), max_length=80, unique=True)
    organisation_number = models.CharField(_("organisation number"), max_length=50, blank=True, default="")
    country = models.CharField(_("country"), max_length=2, default="SE", help_text=_("Two letters, like SE."))
    currency = models.CharField(_("currency"), max_length=3, default="SEK", help_text=_("Three letters, like SEK."))
    time_zone = models.CharField(
        _("time zone"), max_length=63, default="Europe/Stockholm", validators=[validate_time_zone]
    )
    email = models.EmailField(_("e-mail"), blank=True, default="")
    # How a finished work order becomes what the customer is billed for.
    hour_rounding = models.PositiveSmallIntegerField(
        _("round hours up to"),
        choices=HourRounding,
        default=HourRounding.NONE,
        help_text=_("On documents only, always up. The work order keeps the time that was worked."),
    )
    line_order = models.CharField(
        _("order of the lines"), max_length=12, choices=LineOrder, default=LineOrder.AS_ENTERED
    )
    bills_description = models.BooleanField(
        _("the description stands on the document"), default=True, help_text=_("As text lines, before the work.")
    )
    default_material = models.ForeignKey(
        "fieldwork.Material",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("article of lines without one"),
        help_text=_("Lines that have a price but neither material nor hour type go to the books as this one."),
    )
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
