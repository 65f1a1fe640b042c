"""The steps that work orders pass, in each firm's own words."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fieldwork.models.ownership import OwnedRecord
from fieldwork.models.people import Organization


class WorkOrderStatus(OwnedRecord):
    """A step in a firm's own words, and what that step means to the program."""

    class Phase(models.TextChoices):
        OPEN = "open", _("Open")
        COMPLETED = "completed", _("Completed")
        CANCELLED = "cancelled", _("Cancelled")

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="work_order_statuses", verbose_name=_("organization")
    )
    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveIntegerField(_("position"), default=0)
    phase = models.CharField(_("phase"), max_length=16, choices=Phase, default=Phase.OPEN)
    triggers_export = models.BooleanField(_("triggers export"), default=False)
    set_after_success = models.BooleanField(_("set after a successful export"), default=False)
    set_after_failure = models.BooleanField(_("set after a failed export"), default=False)

    class Meta:
        verbose_name = _("work order status")
        verbose_name_plural = _("work order statuses")
        ordering = ("position", "name")
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="one_status_per_name_and_organization"),
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(triggers_export=True),
                name="one_status_triggers_export_per_organization",
                violation_error_message=_("Another status triggers the export already."),
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(set_after_success=True),
                name="one_status_is_set_after_success_per_organization",
                violation_error_message=_("Another status is set after a successful export already."),
            ),
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(set_after_failure=True),
                name="one_status_is_set_after_failure_per_organization",
                violation_error_message=_("Another status is set after a failed export already."),
            ),
            # An export that moved its work order back to an open phase would raise the revision,
            # and the next completion would make a second document.
            models.CheckConstraint(
                condition=Q(phase="completed")
                | Q(triggers_export=False, set_after_success=False, set_after_failure=False),
                name="the_statuses_of_the_export_are_completed_ones",
                violation_error_message=_("A status that has to do with the export must be in the phase Completed."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
