"""The books as we know them: one accounting company and its reference data.

Rows are keyed on the books, never on a login, so that they outlive reconnecting.
Everything but `Books` is a mirror: written by imports, read-only to people.
"""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounting.types import Company


class Books(models.Model):
    """One accounting company at one provider, pinned at the first connect."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    provider = models.CharField(_("accounting system"), max_length=40)
    environment = models.CharField(
        _("environment"),
        max_length=200,
        help_text=_("The address of the accounting system's API."),
    )
    remote_id = models.CharField(_("company id"), max_length=100)
    name = models.CharField(_("name"), max_length=200)
    organisation_number = models.CharField(_("organisation number"), max_length=40, blank=True)
    country = models.CharField(_("country"), max_length=2)
    currency = models.CharField(_("currency"), max_length=3)
    active = models.BooleanField(_("active"), default=True)
    features = models.JSONField(_("what is switched on"), default=list, blank=True)
    locked_until = models.DateField(_("locked until"), null=True, blank=True)
    private_prices_include_vat = models.BooleanField(_("private customers' prices include VAT"), default=False)
    rounds_to_whole = models.BooleanField(_("totals are rounded to whole units"), default=False)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    class Meta:
        verbose_name = _("books")
        verbose_name_plural = _("books")
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "environment", "remote_id"],
                name="one_row_per_accounting_company",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.organisation_number})" if self.organisation_number else self.name

    def company(self) -> Company:
        """The company as last read, without the network."""
        return Company(
            remote_id=self.remote_id,
            name=self.name,
            organisation_number=self.organisation_number,
            country=self.country,
            currency=self.currency,
            active=self.active,
            features=frozenset(self.features),
            locked_until=self.locked_until,
            private_prices_include_vat=self.private_prices_include_vat,
            rounds_to_whole=self.rounds_to_whole,
        )

    def is_locked(self, day: date) -> bool:
        return self.locked_until is not None and day <= self.locked_until


class Mirrored(models.Model):
    """A row of the books' reference data."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    books = models.ForeignKey(Books, on_delete=models.CASCADE, verbose_name=_("books"))
    remote_id = models.CharField(_("id in the books"), max_length=100)
    name = models.CharField(_("name"), max_length=200)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Unit(Mirrored):
    """A unit; `words` are all its names in lower case, space separated, for recognising hours."""

    abbreviation = models.CharField(_("abbreviation"), max_length=40, blank=True)
    words = models.CharField(_("known as"), max_length=300, blank=True)

    class Meta(Mirrored.Meta):
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [models.UniqueConstraint(fields=["books", "remote_id"], name="one_unit_per_remote_id")]


class ArticleCoding(Mirrored):
    """Which accounts and VAT rate an article gets; `vat_percent` 25 means 25 %."""

    is_service = models.BooleanField(_("service"), default=False)
    vat_percent = models.DecimalField(_("VAT %"), max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta(Mirrored.Meta):
        verbose_name = _("article coding")
        verbose_name_plural = _("article codings")
        constraints = [models.UniqueConstraint(fields=["books", "remote_id"], name="one_coding_per_remote_id")]


class TermsOfPayment(Mirrored):
    days = models.PositiveSmallIntegerField(_("days"), null=True, blank=True)
    for_sales = models.BooleanField(_("for sales"), default=True)

    class Meta(Mirrored.Meta):
        verbose_name = _("terms of payment")
        verbose_name_plural = _("terms of payment")
        constraints = [models.UniqueConstraint(fields=["books", "remote_id"], name="one_terms_per_remote_id")]
