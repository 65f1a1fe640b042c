"""What the firm sells: goods by the piece and time by the hour."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from fieldwork.models.ownership import NamedRecord, one_per_external_id
from fieldwork.models.people import Organization


class CatalogueItem(NamedRecord):
    """What a material and an hour type have in common: a number, texts, a unit and a price."""

    number = models.CharField(_("number"), max_length=50)
    name = models.CharField(_("name"), max_length=200)
    short_text = models.CharField(_("short text"), max_length=500, blank=True, default="")
    long_text = models.TextField(_("long text"), blank=True, default="")
    unit = models.CharField(
        _("unit"), max_length=20, blank=True, default="", help_text=_("Abbreviation, like st, m or tim.")
    )
    price = models.DecimalField(_("price"), max_digits=14, decimal_places=4, default=0)
    price_includes_vat = models.BooleanField(_("price includes VAT"), default=False)
    vat_percent = models.DecimalField(_("VAT, %"), max_digits=5, decimal_places=2, default=25)
    ean = models.CharField(_("EAN"), max_length=20, blank=True, default="")
    currency = models.CharField(_("currency"), max_length=3, default="SEK", help_text=_("Three letters, like SEK."))
    active = models.BooleanField(_("active"), default=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        abstract = True
        ordering = ("number",)

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def net_price(self) -> Decimal:
        """The price without VAT, with the four decimals that lines keep."""
        if not self.price_includes_vat:
            return self.price
        return (self.price / (1 + self.vat_percent / Decimal(100))).quantize(Decimal("0.0001"), ROUND_HALF_UP)


class Material(CatalogueItem):
    """Goods that are used up or installed."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="materials", verbose_name=_("organization")
    )
    stock_quantity = models.DecimalField(_("in stock"), max_digits=14, decimal_places=4, null=True, blank=True)
    product_type = models.CharField(_("product type"), max_length=50, default="simple")

    class Meta(CatalogueItem.Meta):
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        indexes = [models.Index(fields=["organization", "name"], name="material_by_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "number"],
                name="one_material_per_number_and_organization",
                violation_error_message=_("Another material has this number already."),
            ),
            one_per_external_id("one_material_per_external_id_and_organization"),
        ]


class HourType(CatalogueItem):
    """A kind of working time with its hourly price."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="hour_types", verbose_name=_("organization")
    )

    class Meta(CatalogueItem.Meta):
        verbose_name = _("hour type")
        verbose_name_plural = _("hour types")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "number"],
                name="one_hour_type_per_number_and_organization",
                violation_error_message=_("Another hour type has this number already."),
            ),
            one_per_external_id("one_hour_type_per_external_id_and_organization"),
        ]
