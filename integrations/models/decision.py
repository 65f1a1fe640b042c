"""What people have decided about single records: whether they may be sent, and who is who."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounting.models import Books
from integrations.models.connection import Connection
from integrations.models.outbox import Operation


class SendDecision(models.Model):
    """A record of ours is held back, or approved, for one set of books.

    A hold stands for every revision until somebody ends it, an approval for the `revision` that was looked at.
    """

    class Verdict(models.TextChoices):
        HELD = "held", _("Held")
        APPROVED = "approved", _("Approved")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    books = models.ForeignKey(Books, on_delete=models.CASCADE, related_name="send_decisions", db_index=False)
    local_id = models.UUIDField()
    revision = models.PositiveIntegerField(default=1)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("decision to send")
        verbose_name_plural = _("decisions to send")
        constraints = [
            models.UniqueConstraint(fields=["local_id", "books"], name="one_send_decision_per_record"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.local_id}"


def let_go(*connections: Connection) -> Q:
    """The condition on operations that nobody holds back and, where the owner wants to be asked, somebody approved.

    What a person asked for is approved, and so is what an approved document needs.
    """
    decisions = SendDecision.objects.filter(books=OuterRef("books"), local_id=OuterRef("local_id"))
    not_held = ~Q(Exists(decisions.filter(verdict=SendDecision.Verdict.HELD)))
    asking = [each.books_id for each in connections if each.settings.ask_before_sending]
    if not asking:
        return not_held
    approved = decisions.filter(verdict=SendDecision.Verdict.APPROVED, revision=OuterRef("revision"))
    wanted = Q(asked_by__isnull=False) | Q(Exists(approved))
    needed = Operation.objects.filter(wanted, depends_on=OuterRef("pk"), state__in=Operation.OPEN)
    return not_held & (~Q(books__in=asking) | wanted | Q(Exists(needed)))


class LinkDecision(models.Model):
    """A person has said that a record of the books and one of ours are the same, or that they are two.

    `former_id` is the record of ours that had the link before, so that it can be given back.
    """

    class Verdict(models.TextChoices):
        SAME = "same", _("the same")
        DIFFERENT = "different", _("two")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    books = models.ForeignKey(Books, on_delete=models.CASCADE, related_name="link_decisions", db_index=False)
    kind = models.CharField(max_length=40)
    remote_id = models.CharField(max_length=100)
    remote_label = models.CharField(max_length=300, blank=True)
    local_model = models.CharField(max_length=60)
    local_id = models.UUIDField()
    local_label = models.CharField(max_length=300, blank=True)
    former_id = models.UUIDField(null=True)
    verdict = models.CharField(max_length=10, choices=Verdict.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("decision about a link")
        verbose_name_plural = _("decisions about links")
        ordering = ["-at"]
        indexes = [models.Index(fields=["books", "kind", "verdict", "-at"], name="link_decisions_newest_first")]
        constraints = [
            models.UniqueConstraint(
                fields=["local_id", "remote_id", "books", "kind"], name="one_decision_per_pair_of_records"
            ),
            models.UniqueConstraint(
                fields=["local_id", "books", "kind"],
                condition=Q(verdict="same"),
                name="one_record_of_the_books_is_the_same_as_ours",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.local_label} {self.verdict} {self.remote_label}"
