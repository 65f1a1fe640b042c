"""What an administrator decides once: answers to a provider's questions, and value maps."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from integrations.models.connection import Connection


class Answer(models.Model):
    """The answer to one of the provider's questions; `label` is how the books showed it.

    `gone_at` says since when the books no longer offer it: nothing that needs it is sent before another is chosen.
    """

    connection = models.ForeignKey(
        Connection,
        on_delete=models.CASCADE,
        related_name="answers",
        verbose_name=_("connection"),
    )
    question = models.CharField(_("question"), max_length=60)
    value = models.CharField(_("value"), max_length=200)
    label = models.CharField(_("shown as"), max_length=200, blank=True)
    gone_at = models.DateTimeField(_("gone from the books at"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [models.UniqueConstraint(fields=["connection", "question"], name="one_answer_per_question")]

    def __str__(self) -> str:
        return f"{self.question}: {self.label or self.value}"

    @classmethod
    def give(cls, connection: Connection, question: str, *, value: str, label: str) -> None:
        """The answer from now on. The one that stood already is as gone as it was, another one is not."""
        answers = cls.objects.filter(connection=connection, question=question)
        answers.exclude(value=value).update(gone_at=None)
        cls.objects.update_or_create(
            connection=connection, question=question, defaults={"value": value, "label": label[:200]}
        )


class ValueMap(models.Model):
    """Our word and their record for it, e.g. the terms of payment "30 dagar" and a remote id.

    `kind` is one of those that every accounting system may have, or the key of one that the provider declares.
    """

    class Kind(models.TextChoices):
        TERMS_OF_PAYMENT = "terms_of_payment", _("Terms of payment")
        UNIT = "unit", _("Unit")

    connection = models.ForeignKey(
        Connection,
        on_delete=models.CASCADE,
        related_name="value_maps",
        verbose_name=_("connection"),
    )
    kind = models.CharField(_("kind"), max_length=40)
    ours = models.CharField(_("our word"), max_length=100)
    theirs = models.CharField(_("id in the books"), max_length=100)
    label = models.CharField(_("in the books"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("value map")
        verbose_name_plural = _("value maps")
        constraints = [
            models.UniqueConstraint(fields=["connection", "kind", "ours"], name="one_value_map_per_word"),
        ]

    def __str__(self) -> str:
        return f"{self.ours} → {self.label or self.theirs}"
