"""Who decides about which fields, and what both sides last agreed on."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounting.models import Books
from integrations.models.connection import Connection


class FieldOwner(models.Model):
    """One group of fields of one connection. A group without a row is at the default.

    At the default the books' word counts, and whoever changes a value here may carry it over to them. What was
    given to the books is changed in the books only.
    """

    class Owner(models.TextChoices):
        DEFAULT = "default", _("The books, but it can be changed here too")
        BOOKS = "books", _("The books alone: read-only here")
        OURS = "ours", _("We do")
        NEWEST = "newest", _("Whoever changed it last")
        ASK = "ask", _("Ask me when both have changed it")

    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, related_name="field_owners", verbose_name=_("connection")
    )
    group = models.CharField(_("fields"), max_length=40)
    owner = models.CharField(_("who decides"), max_length=10, choices=Owner.choices, default=Owner.DEFAULT)

    class Meta:
        verbose_name = _("owner of fields")
        verbose_name_plural = _("owners of fields")
        ordering = ["connection", "group"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "group"], name="one_owner_per_connection_and_group")
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.owner}"


class Agreement(models.Model):
    """What a record of ours and its record in the books last both said, by column and as text.

    Kept only for columns about which not simply the books decide. `pending` is what the books say of columns that both
    have changed, until somebody decides.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    books = models.ForeignKey(
        Books, on_delete=models.CASCADE, related_name="+", verbose_name=_("books"), db_index=False
    )
    local_id = models.UUIDField(_("our id"))
    agreed = models.JSONField(default=dict)
    pending = models.JSONField(default=dict, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [models.UniqueConstraint(fields=["local_id", "books"], name="one_agreement_per_record_and_books")]

    def __str__(self) -> str:
        return str(self.local_id)
