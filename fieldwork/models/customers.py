"""Whom the firm works for: the customer, its people and the places where the work is done."""

from __future__ import annotations

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fieldwork.models.ownership import NamedRecord, one_per_external_id
from fieldwork.models.people import Organization


class Customer(NamedRecord):
    """A company or a private person who orders and pays."""

    # No index of its own: every index below begins with it, and each one slows imports down.
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, db_index=False, related_name="customers", verbose_name=_("organization")
    )
    number = models.CharField(_("customer number"), max_length=50, blank=True, default="")
    name = models.CharField(_("name"), max_length=200)
    is_company = models.BooleanField(_("is a company"), default=True)
    organisation_number = models.CharField(_("organisation number"), max_length=50, blank=True, default="")
    vat_number = models.CharField(_("VAT number"), max_length=50, blank=True, default="")
    email = models.EmailField(_("e-mail"), blank=True, default="")
    phone = models.CharField(_("phone"), max_length=50, blank=True, default="")
    mobile = models.CharField(_("mobile"), max_length=50, blank=True, default="")
    website = models.CharField(_("website"), max_length=200, blank=True, default="")

    street = models.CharField(_("street"), max_length=200, blank=True, default="")
    street2 = models.CharField(_("street, second line"), max_length=200, blank=True, default="")
    postcode = models.CharField(_("postcode"), max_length=20, blank=True, default="")
    city = models.CharField(_("city"), max_length=100, blank=True, default="")
    country = models.CharField(_("country"), max_length=2, default="SE", help_text=_("Two letters, like SE."))

    delivery_name = models.CharField(_("delivery name"), max_length=200, blank=True, default="")
    delivery_street = models.CharField(_("delivery street"), max_length=200, blank=True, default="")
    delivery_street2 = models.CharField(_("delivery street, second line"), max_length=200, blank=True, default="")
    delivery_postcode = models.CharField(_("delivery postcode"), max_length=20, blank=True, default="")
    delivery_city = models.CharField(_("delivery city"), max_length=100, blank=True, default="")
    delivery_country = models.CharField(_("delivery country"), max_length=2, blank=True, default="")

    currency = models.CharField(_("currency"), max_length=3, default="SEK", help_text=_("Three letters, like SEK."))
    discount_percent = models.DecimalField(
        _("discount, %"),
        max_digits=5,
        decimal_places=2,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    # By name and not by reference: the list of terms is the books' own, and differs between books.
    terms_of_payment = models.CharField(_("terms of payment"), max_length=100, blank=True, default="")
    note = models.TextField(_("note"), blank=True, default="")
    active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ("name",)
        indexes = [
            models.Index(fields=["organization", "name"], name="customer_by_name"),
            models.Index(fields=["organization", "organisation_number"], name="customer_by_org_number"),
            models.Index(fields=["organization", "email"], name="customer_by_email"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "number"],
                condition=~Q(number=""),
                name="one_customer_per_number_and_organization",
                violation_error_message=_("Another customer has this number already."),
            ),
            one_per_external_id("one_customer_per_external_id_and_organization"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}".strip()


class ContactPerson(NamedRecord):
    """A person at a customer; one of them may be the reference that documents name."""

    organization_path: ClassVar[str] = "customer__organization"

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="contact_persons", verbose_name=_("customer")
    )
    first_name = models.CharField(_("first name"), max_length=100)
    last_name = models.CharField(_("last name"), max_length=100, blank=True, default="")
    email = models.EmailField(_("e-mail"), blank=True, default="")
    direct_phone = models.CharField(_("direct phone"), max_length=50, blank=True, default="")
    mobile = models.CharField(_("mobile"), max_length=50, blank=True, default="")
    is_reference = models.BooleanField(_("reference person"), default=False)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")
        ordering = ("-active", "-is_reference", "first_name", "last_name")
        constraints = [
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(is_reference=True),
                name="one_reference_person_per_customer",
                violation_error_message=_("This customer has a reference person already."),
            ),
            one_per_external_id("one_contact_person_per_external_id_and_customer", within="customer"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def organization(self) -> Organization:
        return self.customer.organization


class WorkSite(NamedRecord):
    """A place where a customer has work done; the invoice still goes to the customer."""

    organization_path: ClassVar[str] = "customer__organization"

    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, related_name="work_sites", verbose_name=_("customer")
    )
    name = models.CharField(_("name"), max_length=200)
    street = models.CharField(_("street"), max_length=200, blank=True, default="")
    postcode = models.CharField(_("postcode"), max_length=20, blank=True, default="")
    city = models.CharField(_("city"), max_length=100, blank=True, default="")
    country = models.CharField(_("country"), max_length=2, default="SE", help_text=_("Two letters, like SE."))
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("work site")
        verbose_name_plural = _("work sites")
        ordering = ("-active", "name")
        constraints = [
            models.UniqueConstraint(fields=["customer", "name"], name="one_work_site_per_name_and_customer"),
            one_per_external_id("one_work_site_per_external_id_and_customer", within="customer"),
        ]

    def __str__(self) -> str:
        return self.name
