"""The history of a record: who changed what from what to what, here, over there, or by sending it."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounting.models import Books
from fieldwork.models import Organization


class Change(models.Model):
    """One event. Written once, never changed.

    `subject_id` is the record on whose page it is shown, `local_model` and `local_id` the row that changed: a
    contact person's change is shown with the customer. `fields` holds, by the row's own column, the old and the
    new value as text; of a link, by `remote_id` and `remote_number`, what it pointed to.
    """

    class Source(models.TextChoices):
        HERE = "here", _("changed here")
        BOOKS = "books", _("read from the books")
        SENT = "sent", _("sent to the books")

    class What(models.TextChoices):
        CHANGED = "changed", _("changed")
        ADDED = "added", _("added")
        REMOVED = "removed", _("removed")
        LINKED = "linked", _("linked")
        UNLINKED = "unlinked", _("unlinked")
        # Both sides had changed it: the values that lost are the old ones.
        DECIDED = "decided", _("decided between two values")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        related_name="changes",
        db_index=False,
        verbose_name=_("organization"),
    )
    books = models.ForeignKey(
        Books, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("books")
    )
    subject_id = models.UUIDField(_("shown with"))
    local_model = models.CharField(_("our kind"), max_length=60)
    local_id = models.UUIDField(_("our id"))
    label = models.CharField(_("our record"), max_length=200, blank=True)
    source = models.CharField(_("where"), max_length=10, choices=Source.choices)
    what = models.CharField(_("what"), max_length=10, choices=What.choices, default=What.CHANGED)
    fields = models.JSONField(_("values"), default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-at"]
        indexes = [models.Index(fields=["subject_id", "-at"], name="changes_of_a_record")]

    def __str__(self) -> str:
        return f"{self.label}: {self.what}"
