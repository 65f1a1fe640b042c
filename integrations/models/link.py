"""Which record of the books is which record of ours. Outlives connections."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounting.models import Books


class Link(models.Model):
    """One remote record and one local one, keyed on the books.

    `kind` is the remote kind (customer, article, project, sales_order, invoice_draft,
    unit ...); `local_model` is the label of our model, as one remote kind may become
    several of ours. `fingerprint` is that of the record as last written here.
    """

    class Origin(models.TextChoices):
        IMPORTED = "imported", _("imported")
        ADOPTED = "adopted", _("recognised")
        EXPORTED = "exported", _("sent by us")
        PERSON = "person", _("linked by a person")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    books = models.ForeignKey(
        Books, on_delete=models.CASCADE, related_name="links", verbose_name=_("books"), db_index=False
    )
    kind = models.CharField(_("kind"), max_length=40)
    remote_id = models.CharField(_("id in the books"), max_length=100)
    remote_number = models.CharField(_("number in the books"), max_length=100, blank=True)
    local_model = models.CharField(_("our kind"), max_length=60)
    local_id = models.UUIDField(_("our id"))
    fingerprint = models.CharField(max_length=80, blank=True, editable=False)
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices, default=Origin.IMPORTED)
    gone_at = models.DateTimeField(_("gone from the books at"), null=True, blank=True)
    created_at = models.DateTimeField(_("linked at"), auto_now_add=True)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        # The ids come first, and the books have no index of their own: while the table has no statistics yet, as
        # in a first import, a planner would rather look through all links of the books than for ids.
        constraints = [
            models.UniqueConstraint(fields=["remote_id", "books", "kind"], name="one_link_per_remote_record"),
            models.UniqueConstraint(fields=["local_id", "books", "kind"], name="one_link_per_local_record"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.remote_number or self.remote_id}"
