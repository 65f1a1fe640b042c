"""The work itself: projects, and work orders with their lines."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fieldwork.models.catalogue import HourType, Material
from fieldwork.models.customers import Customer, WorkSite
from fieldwork.models.ownership import (
    NamedRecord,
    OwnedQuerySet,
    OwnedRecord,
    one_per_external_id,
    refuse_strangers,
)
from fieldwork.models.people import Organization
from fieldwork.models.statuses import WorkOrderStatus

if TYPE_CHECKING:
    from fieldwork.models.people import Membership


class Project(NamedRecord):
    """A larger undertaking that collects work orders."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        FINISHED = "finished", _("Finished")

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="projects", verbose_name=_("organization")
    )
    number = models.CharField(_("project number"), max_length=50)
    name = models.CharField(_("name"), max_length=200)
    customer = models.ForeignKey(
        Customer, on_delete=models.RESTRICT, null=True, blank=True, related_name="projects", verbose_name=_("customer")
    )
    starts_on = models.DateField(_("starts"), default=timezone.localdate)
    ends_on = models.DateField(_("ends"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=16, choices=Status, default=Status.ACTIVE)
    notes = models.TextField(_("notes"), blank=True, default="")
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "number"],
                name="one_project_per_number_and_organization",
                violation_error_message=_("Another project has this number already."),
            ),
            one_per_external_id("one_project_per_external_id_and_organization"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def clean(self) -> None:
        refuse_strangers(self, "customer")


class WorkOrderQuerySet(OwnedQuerySet):
    """Work orders, narrowed to what a person may see."""

    def visible_to(self, membership: Membership) -> Self:
        """Everything of the firm for the office, only their own work for performers."""
        orders = self.for_organization(membership.organization)
        return orders if membership.manages_work() else orders.filter(assigned_to=membership.user_id)


class WorkOrder(NamedRecord):
    """A job for a customer. Completing it goes through `services.complete_work_order` only."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="work_orders", verbose_name=_("organization")
    )
    number = models.CharField(_("work order number"), max_length=50)
    # Raised by each reopening: one revision becomes at most one document in the books.
    revision = models.PositiveIntegerField(_("revision"), default=1)
    customer = models.ForeignKey(
        Customer,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="work_orders",
        verbose_name=_("customer"),
    )
    work_site = models.ForeignKey(
        WorkSite,
        on_delete=models.RESTRICT,
        null=True,
        blank=True,
        related_name="work_orders",
        verbose_name=_("work site"),
    )
    project = models.ForeignKey(
        Project, on_delete=models.RESTRICT, null=True, blank=True, related_name="work_orders", verbose_name=_("project")
    )
    title = models.CharField(_("title"), max_length=200)
    description = models.TextField(_("description"), blank=True, default="")
    your_reference = models.CharField(_("your reference"), max_length=100, blank=True, default="")
    status = models.ForeignKey(
        WorkOrderStatus, on_delete=models.RESTRICT, related_name="work_orders", verbose_name=_("status")
    )
    ordered_on = models.DateField(_("ordered"), default=timezone.localdate)
    planned_on = models.DateField(_("planned"), null=True, blank=True)
    delivery_on = models.DateField(_("delivery date"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    completed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="completed_work_orders",
        verbose_name=_("completed by"),
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="assigned_work_orders",
        verbose_name=_("assigned to"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = WorkOrderQuerySet.as_manager()  # type: ignore[misc]  # the inherited one is typed as a class variable

    class Meta:
        verbose_name = _("work order")
        verbose_name_plural = _("work orders")
        ordering = ("-ordered_on", "-number")
        indexes = [
            models.Index(fields=["organization", "-ordered_on", "-number"], name="work_order_newest_first"),
            models.Index(fields=["organization", "completed_at"], name="work_order_by_completion"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "number"],
                name="one_work_order_per_number_and_organization",
                violation_error_message=_("Another work order has this number already."),
            ),
            one_per_external_id("one_work_order_per_external_id_and_organization"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    def clean(self) -> None:
        refuse_strangers(self, "customer", "project", "status")
        if self.work_site and self.work_site.customer_id != self.customer_id:
            raise ValidationError({"work_site": _("The work site belongs to another customer.")})

    @property
    def is_completed(self) -> bool:
        """True from completion until reopening; the status says which step after that."""
        return self.completed_at is not None

    @property
    def total(self) -> Decimal:
        """The net sum of the lines in the organization's currency. Reads the lines: prefetch them in lists."""
        return sum((line.amount for line in self.lines.all()), Decimal("0.00"))


class WorkOrderLine(OwnedRecord):
    """Goods, time or a text on a work order. Prices are net, per unit."""

    class Kind(models.TextChoices):
        MATERIAL = "material", _("Material")
        HOURS = "hours", _("Hours")
        TEXT = "text", _("Text")

    organization_path: ClassVar[str] = "work_order__organization"

    work_order = models.ForeignKey(
        WorkOrder, on_delete=models.CASCADE, related_name="lines", verbose_name=_("work order")
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.MATERIAL)
    material = models.ForeignKey(
        Material, on_delete=models.RESTRICT, null=True, blank=True, related_name="lines", verbose_name=_("material")
    )
    hour_type = models.ForeignKey(
        HourType, on_delete=models.RESTRICT, null=True, blank=True, related_name="lines", verbose_name=_("hour type")
    )
    text = models.CharField(_("text"), max_length=2000, blank=True, default="")
    quantity = models.DecimalField(_("quantity"), max_digits=12, decimal_places=4, default=0)
    unit = models.CharField(_("unit"), max_length=20, blank=True, default="")
    unit_price = models.DecimalField(_("unit price"), max_digits=14, decimal_places=4, default=0)
    discount_percent = models.DecimalField(
        _("discount, %"),
        max_digits=5,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    performed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="performed_lines",
        verbose_name=_("performed by"),
    )
    performed_on = models.DateField(_("performed"), null=True, blank=True)

    class Meta:
        verbose_name = _("work order line")
        verbose_name_plural = _("work order lines")
        ordering = ("position", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="material", material__isnull=False, hour_type__isnull=True)
                | Q(kind="hours", hour_type__isnull=False, material__isnull=True)
                | Q(kind="text", material__isnull=True, hour_type__isnull=True),
                name="a_line_refers_to_what_its_kind_says",
                violation_error_message=_(
                    "A material line needs a material, an hours line an hour type, and a text line neither."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60] or str(self.material or self.hour_type or "")

    def clean(self) -> None:
        for field in ("material", "hour_type"):
            item = getattr(self, field)
            if item is not None and item.organization_id != self.work_order.organization_id:
                raise ValidationError({field: _("This belongs to another organization.")})

    @property
    def amount(self) -> Decimal:
        """The net amount, rounded to the öre (half up) as invoices do per line."""
        factor = 1 - self.discount_percent / Decimal(100)
        return (self.quantity * self.unit_price * factor).quantize(Decimal("0.01"), ROUND_HALF_UP)
