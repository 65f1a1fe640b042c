"""The outbox: every intended write to the books, and every try at it.

The rules of the state machine are in `TRANSITIONS`; `Operation.move`, and the steps of many in
`OperationQuerySet`, are the only ways from one state to another.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from accounting.models import Books
from fieldwork.models import Organization
from integrations.models.lease import LeaseLost


class OperationQuerySet(models.QuerySet["Operation"]):
    """The steps that many operations take at once. Each is one UPDATE that names the states it leads from."""

    def claim(self, pks: Sequence[UUID], *, fence: int) -> list[Operation]:
        """Those of the waiting operations `pks` that are ours from now on, in that order."""
        waiting = self.filter(pk__in=pks, state=Operation.State.QUEUED)
        waiting.update(state=Operation.State.CLAIMED, fence=fence)
        ours = self.in_bulk(list(pks))
        return [ours[pk] for pk in pks if pk in ours and ours[pk].is_claimed_under(fence)]

    def unclaim(self) -> int:
        """What was claimed and not sent waits again, at the time it waited for."""
        return self.filter(state=Operation.State.CLAIMED).update(state=Operation.State.QUEUED)

    def doubt(self, moment: datetime, *, first_look: datetime) -> int:
        """What was being sent, by somebody who is gone, is in doubt from `moment` on."""
        sending = self.filter(state=Operation.State.SENDING)
        return sending.update(state=Operation.State.IN_DOUBT, doubt_since=moment, due_at=first_look, looks=0)

    def requeue(self, moment: datetime, **changes: Any) -> int:
        """What waits for a person gets another turn at `moment`."""
        stopped = self.filter(state__in=Operation.NEEDS_PERSON)
        return stopped.update(state=Operation.State.QUEUED, due_at=moment, **changes)

    def give_up(self) -> int:
        """What waits for a person is left as it is."""
        return self.filter(state__in=Operation.NEEDS_PERSON).update(state=Operation.State.CANCELLED)

    def replace(self) -> int:
        """What was done belongs to the operation that changed its document since, and has none of its own any more."""
        done = self.filter(state=Operation.State.DONE)
        return done.update(state=Operation.State.SUPERSEDED, remote_id="", remote_number="")

    def take_back(self) -> int:
        """What was done has been undone: the document is not in the books any more."""
        return self.filter(state=Operation.State.DONE).update(state=Operation.State.TAKEN_BACK)

    def supersede(self) -> int:
        """What has not been sent never will be."""
        unsent = self.filter(state__in=(Operation.State.QUEUED, *Operation.NEEDS_PERSON))
        return unsent.update(state=Operation.State.SUPERSEDED)

    def withdraw(self) -> int:
        """What was done no longer stands for its record, because a person unlinked it: its key is free for another."""
        done = self.filter(state=Operation.State.DONE)
        freed = Concat("business_key", Value(":"), Cast("pk", models.CharField()))
        return done.update(state=Operation.State.SUPERSEDED, business_key=freed)


class Operation(models.Model):
    """One intended write. Unique per books and business key, for ever: the key of a work order's
    revision is the same for every kind of document, so that it becomes a draft or an order, never both.

    `target` is the operation whose document it changes. A work order's revision with a target changes that
    document instead of creating one of its own; what else is done to a document has a kind of its own.
    `fields` are those that an update may touch.

    `payload` is the document as it was sent, frozen before the first byte leaves.
    `fence` is that of the lease under which it was last claimed. `problem_code` is stable and says why it
    stopped: `preconditions` goes on by itself once they hold, everything else waits for a person.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        CLAIMED = "claimed", _("Being prepared")
        SENDING = "sending", _("Sending")
        IN_DOUBT = "in_doubt", _("In doubt, checking")
        DONE = "done", _("Sent")
        BLOCKED = "blocked", _("Needs you")
        REFUSED = "refused", _("Refused by the books")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Do not send")
        SUPERSEDED = "superseded", _("Replaced by a newer revision")
        TAKEN_BACK = "taken_back", _("Taken back")

    OPEN = (State.QUEUED, State.CLAIMED, State.SENDING, State.IN_DOUBT)
    NEEDS_PERSON = (State.BLOCKED, State.REFUSED, State.FAILED)

    TRANSITIONS: dict[str, frozenset[str]] = {
        State.QUEUED: frozenset({State.CLAIMED, State.CANCELLED, State.SUPERSEDED}),
        State.CLAIMED: frozenset(
            {
                State.QUEUED,
                State.SENDING,
                State.DONE,
                State.BLOCKED,
                State.REFUSED,
                State.FAILED,
                State.SUPERSEDED,
            }
        ),
        State.SENDING: frozenset({State.DONE, State.QUEUED, State.BLOCKED, State.REFUSED, State.IN_DOUBT}),
        State.IN_DOUBT: frozenset({State.DONE, State.QUEUED, State.BLOCKED}),
        State.BLOCKED: frozenset({State.QUEUED, State.CANCELLED, State.SUPERSEDED}),
        State.REFUSED: frozenset({State.QUEUED, State.CANCELLED, State.SUPERSEDED}),
        State.FAILED: frozenset({State.QUEUED, State.CANCELLED, State.SUPERSEDED}),
        State.CANCELLED: frozenset({State.QUEUED}),
        State.SUPERSEDED: frozenset(),
        State.DONE: frozenset({State.SUPERSEDED, State.TAKEN_BACK}),
        State.TAKEN_BACK: frozenset(),
    }

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        related_name="operations",
        verbose_name=_("organization"),
    )
    books = models.ForeignKey(
        Books,
        on_delete=models.PROTECT,
        related_name="operations",
        verbose_name=_("books"),
    )
    kind = models.CharField(_("kind"), max_length=40)
    business_key = models.CharField(_("business key"), max_length=100)
    reference = models.CharField(_("our reference"), max_length=60, db_index=True)
    local_model = models.CharField(_("our kind"), max_length=60)
    local_id = models.UUIDField(_("our id"), db_index=True)
    local_label = models.CharField(_("our record"), max_length=200, blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=1)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.QUEUED)
    due_at = models.DateTimeField(_("due at"))
    attempts_made = models.PositiveIntegerField(_("attempts"), default=0)
    conflicts = models.PositiveIntegerField(default=0, editable=False)
    # Temporary failures in a row for the same reason, and workers in a row that died at it: trouble/patience.py.
    failure = models.CharField(max_length=40, blank=True, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    deaths = models.PositiveSmallIntegerField(default=0, editable=False)
    sent_at = models.DateTimeField(_("last sent at"), null=True, blank=True)
    doubt_since = models.DateTimeField(_("in doubt since"), null=True, blank=True)
    looks = models.PositiveSmallIntegerField(
        default=0,
        editable=False,
        help_text=_("Look-ups without a find since the outcome became unknown."),
    )
    fence = models.PositiveBigIntegerField(default=0, editable=False)
    payload = models.JSONField(default=dict, blank=True, editable=False)
    depends_on = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="dependents",
        verbose_name=_("waits for"),
    )
    target = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="followers",
        verbose_name=_("changes the document of"),
    )
    fields = models.JSONField(default=list, blank=True, editable=False)
    stage = models.CharField(_("stage in the books"), max_length=20, blank=True)
    remote_id = models.CharField(_("id in the books"), max_length=100, blank=True)
    remote_number = models.CharField(_("number in the books"), max_length=100, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=2, null=True, blank=True)
    problem = models.TextField(_("problem"), blank=True)
    problem_code = models.CharField(max_length=40, blank=True, editable=False)
    released = models.BooleanField(
        _("released"),
        default=False,
        help_text=_("A person sends it in spite of the cut-off date or of an earlier document."),
    )
    excluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("excluded by"),
    )
    exclude_reason = models.CharField(_("reason for not sending"), max_length=500, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("asked by"),
    )
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    verified_at = models.DateTimeField(_("read back and compared at"), null=True, blank=True)

    objects = OperationQuerySet.as_manager()

    class Meta:
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        ordering = ["created_at"]
        indexes = [
            models.Index(
                fields=["books", "due_at"],
                condition=Q(state="queued"),
                name="queued_operations_by_due",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["books", "business_key"],
                name="one_operation_per_business_key",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(remote_id=""),
                name="a_done_operation_has_a_remote_id",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sending", "in_doubt"]) | Q(sent_at__isnull=False),
                name="a_sent_operation_knows_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    def is_claimed_under(self, fence: int) -> bool:
        return self.state == self.State.CLAIMED and self.fence == fence

    def move(self, to: str, *, fence: int | None = None, **changes: Any) -> None:
        """From the state held to `to`, in one conditional UPDATE. Raises LeaseLost when it is not ours.

        A worker gives the `fence` of its lease (a person's action gives none): the row changes only if it
        still carries it.
        """
        if to not in self.TRANSITIONS[self.state]:
            raise ValueError(f"{self.state} -> {to} is not a transition")
        mine = Operation.objects.filter(pk=self.pk, state=self.state)
        if fence is not None:
            mine = mine.filter(fence=fence)
        if mine.update(state=to, **changes) != 1:
            raise LeaseLost(f"operation {self.pk} is no longer {self.state}")
        self.state = to
        for name, value in changes.items():
            setattr(self, name, value)


class Attempt(models.Model):
    """One look-up, send or read-back of an operation. Written once, never changed after it ended."""

    class Purpose(models.TextChoices):
        LOOK = "look", _("Looked in the books")
        SEND = "send", _("Sent")
        READ_BACK = "read_back", _("Read back")
        COMPARE = "compare", _("Compared with the books")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="attempts")
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    worker = models.CharField(max_length=64)
    fence = models.PositiveBigIntegerField()
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True)
    sentence = models.TextField(blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    error_id = models.CharField(max_length=100, blank=True)
    evidence = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        ordering = ["started_at"]

    def __str__(self) -> str:
        return f"{self.purpose} {self.outcome}"
