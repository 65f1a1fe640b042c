"""An organization's login to one set of books, and what it wants done with it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounting.models import Books
from accounting.protocol import Provider
from accounting.registry import provider_for
from fieldwork.models import Organization

if TYPE_CHECKING:
    from integrations.models.credential import Credential

# Inside the class, `settings` are the connection's.
USER = settings.AUTH_USER_MODEL
HOUR_UNITS = "h hr hrs hour hours tim timme timmar time timer t tunti tuntia uur uren u std"


class Connection(models.Model):
    class State(models.TextChoices):
        CONFIRMING = "confirming", _("Waiting for your confirmation")
        ACTIVE = "active", _("Connected")
        RECONNECT = "reconnect", _("Reconnect needed")
        PAUSED = "paused", _("Paused")
        DISCONNECTED = "disconnected", _("Disconnected")

    LIVE = (State.ACTIVE, State.RECONNECT, State.PAUSED)

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        related_name="connections",
        verbose_name=_("organization"),
    )
    provider = models.CharField(_("accounting system"), max_length=40)
    books = models.ForeignKey(
        Books,
        on_delete=models.PROTECT,
        null=True,
        related_name="connections",
        verbose_name=_("books"),
    )
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.CONFIRMING)
    is_books_of_record = models.BooleanField(_("books of record"), default=True)
    connected_by = models.ForeignKey(
        USER,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("connected by"),
    )
    connected_at = models.DateTimeField(_("connected at"), null=True, blank=True)
    disconnected_at = models.DateTimeField(_("disconnected at"), null=True, blank=True)
    wait_until = models.DateTimeField(_("waits until"), null=True, blank=True)
    # Temporary failures in a row, and since when nothing has succeeded: trouble/breaker.py.
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0, editable=False)
    limited_since = models.DateTimeField(_("limited since"), null=True, blank=True, editable=False)
    last_success_at = models.DateTimeField(_("last successful sync"), null=True, blank=True)
    next_due_at = models.DateTimeField(_("next sync"), null=True, blank=True)
    problem = models.TextField(_("problem"), blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        ordering = ["organization", "provider"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(is_books_of_record=True, state__in=["active", "reconnect", "paused"]),
                name="one_books_of_record_per_organization",
            ),
            models.UniqueConstraint(
                fields=["books"],
                condition=Q(state__in=["active", "reconnect", "paused"]),
                name="one_live_connection_per_books",
            ),
        ]

    # Reverse one-to-one, for the type checker.
    credential: Credential

    def __str__(self) -> str:
        return f"{self.label}: {self.books}" if self.books_id else self.label

    @property
    def ledger_provider(self) -> Provider:
        return provider_for(self.provider)

    @property
    def label(self) -> str:
        return self.ledger_provider.label

    @property
    def pinned_books(self) -> Books:
        """The books, which every connection has from its confirmation on."""
        assert self.books is not None
        return self.books

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    def is_waiting(self, now: datetime) -> bool:
        return self.wait_until is not None and self.wait_until > now


def today() -> date:
    return timezone.localdate()


class ConnectionSettings(models.Model):
    """What goes in and out. Answers to the provider's own questions are `Answer` rows."""

    class DocumentKind(models.TextChoices):
        INVOICE_DRAFT = "invoice_draft", _("Invoice draft")
        SALES_ORDER = "sales_order", _("Sales order")

    class WithoutUnit(models.TextChoices):
        ASK = "ask", _("Ask me")
        MATERIAL = "material", _("Materials")
        HOUR_TYPE = "hour_type", _("Hour types")

    class Step(models.TextChoices):
        """What the owner goes through before anything moves."""

        IMPORT = "import", _("What to import")
        EXPORT = "export", _("What to send")
        SAVE = "save", _("Save")
        START = "start", _("First sync")

    class KeepLog(models.IntegerChoices):
        ONE = 1, _("One year")
        TWO = 2, _("Two years")
        SEVEN = 7, _("Seven years")
        EVER = 0, _("For ever")

    connection = models.OneToOneField(
        Connection,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="settings",
        verbose_name=_("connection"),
    )
    export_work_orders = models.BooleanField(_("send completed work orders"), default=True)
    document_kind = models.CharField(
        _("send them as"),
        max_length=20,
        choices=DocumentKind.choices,
        default=DocumentKind.INVOICE_DRAFT,
    )
    attach_pdf = models.BooleanField(
        _("attach the work order as PDF"),
        default=True,
        help_text=_("To each document that was made of a work order."),
    )
    cut_off_date = models.DateField(
        _("cut-off date"),
        default=today,
        help_text=_("Work orders completed before this day are never sent."),
    )
    create_missing_customers = models.BooleanField(_("create missing customers"), default=True)
    create_missing_articles = models.BooleanField(_("create missing materials and hour types"), default=True)
    export_new_customers = models.BooleanField(_("send new customers on their own"), default=False)
    export_new_materials = models.BooleanField(_("send new materials on their own"), default=False)
    ask_before_sending = models.BooleanField(
        _("ask me before anything is sent"),
        default=False,
        help_text=_("What is ready waits until somebody approves it in the plan, or sends it from its own page."),
    )
    hour_units = models.TextField(
        _("units that mean hours"),
        default=HOUR_UNITS,
        help_text=_("Separated by spaces. Articles with one of these units become hour types."),
    )
    articles_without_unit = models.CharField(
        _("articles without a unit become"), max_length=10, choices=WithoutUnit.choices, default=WithoutUnit.ASK
    )
    interval_minutes = models.PositiveSmallIntegerField(_("minutes between syncs"), default=15)
    full_read_days = models.PositiveSmallIntegerField(
        _("days between reads of everything"),
        default=7,
        validators=[MaxValueValidator(90)],
        help_text=_("Everything is read again at night, so that what the books have lost is noticed. 0: never."),
    )
    keep_log_years = models.PositiveSmallIntegerField(
        _("the log is kept"),
        choices=KeepLog.choices,
        default=KeepLog.TWO,
        help_text=_("Runs, attempts, solved inbox entries and the history of records. What was sent is kept for ever."),
    )
    # Where the set-up goes on. What was chosen in the steps before it stands in this row already, as a draft.
    next_step = models.CharField(
        _("set-up goes on with"), max_length=10, choices=Step.choices, default=Step.IMPORT, editable=False
    )
    # Empty until the owner has saved them, seen what would happen, and said Start: before that nothing moves by itself.
    saved_at = models.DateTimeField(_("saved at"), null=True, editable=False)

    class Meta:
        verbose_name = _("connection settings")
        verbose_name_plural = _("connection settings")

    def __str__(self) -> str:
        return str(self.connection)

    @property
    def hour_words(self) -> frozenset[str]:
        return frozenset(self.hour_units.lower().split())

    @property
    def interval(self) -> timedelta:
        return timedelta(minutes=self.interval_minutes)


class StreamSetting(models.Model):
    """One stream of one connection: on or off, and how far it has been read.

    `watermark` is the server's time at the start of the last complete read; an empty one
    means everything is read. `last_full_at` is the end of the last read of everything that could
    tell what had vanished. `rules` is the digest of what the translation depends on:
    when it changes, everything is read again.
    """

    class Articles(models.TextChoices):
        ALL = "", _("Goods and services")
        GOODS = "goods", _("Goods only")
        SERVICES = "services", _("Services only")

    connection = models.ForeignKey(
        Connection,
        on_delete=models.CASCADE,
        related_name="streams",
        verbose_name=_("connection"),
    )
    stream = models.CharField(_("stream"), max_length=40)
    enabled = models.BooleanField(_("import"), default=True)
    overwrite = models.BooleanField(
        _("update existing"),
        default=True,
        help_text=_("Off: new records are created, existing ones are left alone."),
    )
    # What is left out as long as nothing here stands for it; which of these a stream has, its pipeline says.
    only_active = models.BooleanField(
        _("active only"), default=False, help_text=_("What is not active stays out, unless you have it already.")
    )
    only_needed = models.BooleanField(
        _("only those whom orders and projects name"),
        default=False,
        help_text=_(
            "Whoever an order or a project of the books is for comes with the sync after it, nobody else does."
        ),
    )
    articles = models.CharField(_("which"), max_length=10, choices=Articles.choices, blank=True, default=Articles.ALL)
    starts_on = models.DateField(_("from"), null=True, blank=True, help_text=_("Older ones stay out."))
    watermark = models.DateTimeField(_("read up to"), null=True, blank=True)
    rules = models.CharField(max_length=32, blank=True, editable=False)
    last_success_at = models.DateTimeField(_("last success"), null=True, blank=True)
    last_full_at = models.DateTimeField(_("last read of everything"), null=True, blank=True)

    class Meta:
        verbose_name = _("stream")
        verbose_name_plural = _("streams")
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "stream"],
                name="one_setting_per_connection_and_stream",
            )
        ]

    def __str__(self) -> str:
        return self.stream
