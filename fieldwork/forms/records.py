"""Forms for single records: customers with their people and places, the catalogue, projects."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from fieldwork.field_notes import FieldNote, notes_on
from fieldwork.forms.fields import DateInput, KeptField, RecordField, SuggestInput, choose_from
from fieldwork.models import ContactPerson, Customer, HourType, Material, Organization, Project, User, WorkSite


class OwnedForm(forms.ModelForm):
    """A form for a record of one organization, whose numbers are unique there.

    Fields that other apps have something to say about say so. `kept` are those that are not changed here.
    """

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization
        self.instance.organization = organization
        self.kept: set[str] = set()
        for name, note in notes_on(self.instance).items():
            if name in self.fields:
                self._annotate(name, note)

    def _annotate(self, name: str, note: FieldNote) -> None:
        if note.is_read_only:
            self.kept.add(name)
            self.fields[name] = KeptField(self.fields[name])
        field = self.fields[name]
        field.help_text = format_html("{} {}", field.help_text, note.in_html) if field.help_text else note.in_html

    def _get_validation_exclusions(self) -> set[str]:
        # Nobody can mend here what is kept elsewhere, so it keeps nobody from saving the rest.
        return super()._get_validation_exclusions() | self.kept  # type: ignore[misc]  # not in Django's stubs

    def save(self, commit: bool = True) -> Any:
        """Without the columns that are kept elsewhere: what came from there meanwhile stays."""
        if not (commit and self.kept) or self.errors:
            return super().save(commit)
        model_fields = {each.name for each in self.instance._meta.concrete_fields}
        written = (set(self.fields) - self.kept) | {"updated_at"}
        self.instance.save(update_fields=sorted(written & model_fields))
        return self.instance

    def clean_number(self) -> str:
        # The database has the same rule, but cannot put its message beside the field.
        number = self.cleaned_data["number"].strip()
        others = self._meta.model.objects.for_organization(self.organization).exclude(pk=self.instance.pk)
        if number and others.filter(number=number).exists():
            raise ValidationError(_("The number %(number)s is in use already."), params={"number": number})
        return number


class CustomerForm(OwnedForm):
    """Everything about a customer except its people and places."""

    class Meta:
        model = Customer
        fields = (
            "name",
            "is_company",
            "number",
            "organisation_number",
            "vat_number",
            "email",
            "phone",
            "mobile",
            "website",
            "street",
            "street2",
            "postcode",
            "city",
            "country",
            "delivery_name",
            "delivery_street",
            "delivery_street2",
            "delivery_postcode",
            "delivery_city",
            "delivery_country",
            "currency",
            "discount_percent",
            "terms_of_payment",
            "note",
            "active",
        )
        localized_fields = ("discount_percent",)
        widgets = {"note": forms.Textarea(attrs={"rows": 4}), "terms_of_payment": SuggestInput("terms")}

    def clean_country(self) -> str:
        return self.cleaned_data["country"].upper()

    def clean_delivery_country(self) -> str:
        return self.cleaned_data["delivery_country"].upper()

    def clean_currency(self) -> str:
        return self.cleaned_data["currency"].upper()


class ContactPersonForm(forms.ModelForm):
    """A person at this customer; becoming the reference person takes that place from another."""

    class Meta:
        model = ContactPerson
        fields = ("first_name", "last_name", "email", "direct_phone", "mobile", "is_reference", "active")

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.customer = customer

    def save(self, commit: bool = True) -> ContactPerson:
        with transaction.atomic():
            if self.instance.is_reference:
                others = ContactPerson.objects.filter(customer=self.instance.customer, is_reference=True)
                others.exclude(pk=self.instance.pk).update(is_reference=False)
            return super().save(commit)


class WorkSiteForm(forms.ModelForm):
    """A place where this customer has work done."""

    class Meta:
        model = WorkSite
        fields = ("name", "street", "postcode", "city", "country", "active")

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.customer = customer

    def clean_name(self) -> str:
        name = self.cleaned_data["name"].strip()
        others = WorkSite.objects.filter(customer=self.instance.customer, name=name).exclude(pk=self.instance.pk)
        if others.exists():
            raise ValidationError(_("This customer has a work site with that name already."))
        return name


CATALOGUE_FIELDS = (
    "number",
    "name",
    "short_text",
    "long_text",
    "unit",
    "price",
    "price_includes_vat",
    "vat_percent",
    "currency",
    "ean",
    "active",
)


class MaterialForm(OwnedForm):
    """Goods with their price and stock."""

    class Meta:
        model = Material
        fields = (*CATALOGUE_FIELDS, "stock_quantity")
        localized_fields = ("price", "vat_percent", "stock_quantity")
        widgets = {"long_text": forms.Textarea(attrs={"rows": 4})}


class HourTypeForm(OwnedForm):
    """A kind of working time with its price."""

    class Meta:
        model = HourType
        fields = tuple(name for name in CATALOGUE_FIELDS if name != "ean")
        localized_fields = ("price", "vat_percent")
        widgets = {"long_text": forms.Textarea(attrs={"rows": 4})}


class ProjectForm(OwnedForm):
    """A project, for one customer or for the firm itself."""

    class Meta:
        model = Project
        fields = ("number", "name", "customer", "starts_on", "ends_on", "status", "notes")
        field_classes = {"customer": RecordField}
        widgets = {
            "customer": SuggestInput("customers"),
            "starts_on": DateInput(),
            "ends_on": DateInput(),
            "notes": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, organization=organization, **kwargs)
        choose_from(self, "customer", Customer.objects.for_organization(organization))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The project ends before it starts."))
        return cleaned


class PersonForm(forms.ModelForm):
    """How pages are shown to the person who is signed in."""

    class Meta:
        model = User
        fields = ("first_name", "last_name", "email", "language", "time_zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(zone for zone in zoneinfo.available_timezones() if "/" in zone)
        self.fields["time_zone"].widget = forms.Select(choices=[(zone, zone.replace("_", " ")) for zone in zones])
