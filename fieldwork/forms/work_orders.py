"""Forms for a work order: the office's, the performer's, and the lines that both fill in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fieldwork.forms.fields import DateInput, RecordField, SuggestInput, choose_from, possible_numbers
from fieldwork.models import (
    CatalogueItem,
    Customer,
    HourType,
    Material,
    Organization,
    Project,
    User,
    WorkOrder,
    WorkOrderLine,
    WorkSite,
)

Kind = WorkOrderLine.Kind
BLANK_LINES = 3


class WorkOrderForm(forms.ModelForm):
    """What the office decides about a work order."""

    class Meta:
        model = WorkOrder
        fields = (
            "customer",
            "work_site",
            "project",
            "title",
            "description",
            "your_reference",
            "ordered_on",
            "planned_on",
            "delivery_on",
            "assigned_to",
        )
        field_classes = {"customer": RecordField, "project": RecordField}
        widgets = {
            "customer": SuggestInput("customers"),
            "project": SuggestInput("projects"),
            "description": forms.Textarea(attrs={"rows": 4}),
            "ordered_on": DateInput(),
            "planned_on": DateInput(),
            "delivery_on": DateInput(),
        }

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.organization = organization
        customers = Customer.objects.for_organization(organization)
        choose_from(self, "customer", customers.filter(Q(active=True) | Q(pk=self.instance.customer_id)))
        choose_from(self, "project", Project.objects.for_organization(organization))
        choose_from(self, "assigned_to", members_of(organization))
        choose_from(self, "work_site", WorkSite.objects.for_organization(organization))
        if not self.is_bound:
            self.offer_work_sites_of(self.instance.customer)

    def offer_work_sites_of(self, customer: Customer | None) -> None:
        """Narrow the choice of work sites to one customer's."""
        sites = WorkSite.objects.filter(Q(active=True) | Q(pk=self.instance.work_site_id), customer=customer)
        choose_from(self, "work_site", sites)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        customer, work_site = cleaned.get("customer"), cleaned.get("work_site")
        self.offer_work_sites_of(customer)
        if work_site and customer and work_site.customer_id != customer.pk:
            cleaned["work_site"] = None
            self.add_error("work_site", _("The work site belongs to another customer. Choose one of this customer's."))
        return cleaned


class WorkReportForm(forms.ModelForm):
    """What the performer says about the work: the rest is the office's."""

    class Meta:
        model = WorkOrder
        fields = ("description", "delivery_on")
        widgets = {"description": forms.Textarea(attrs={"rows": 4}), "delivery_on": DateInput()}

    def __init__(self, *args: Any, organization: Organization, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.organization = organization


def members_of(organization: Organization) -> Any:
    """The active people of the organization."""
    return User.objects.filter(memberships__organization=organization, is_active=True)


class LineForm(forms.Form):
    """One line: the number of a material or hour type, how much of it, and for how much.

    Unit and price that are left empty are taken from the catalogue.
    """

    id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices, initial=Kind.MATERIAL)
    item = forms.CharField(label=_("Number"), required=False, max_length=300, widget=SuggestInput("items"))
    text = forms.CharField(label=_("Text"), required=False, max_length=2000)
    quantity = forms.DecimalField(label=_("Quantity"), required=False, max_digits=12, decimal_places=4, localize=True)
    unit = forms.CharField(label=_("Unit"), required=False, max_length=20)
    unit_price = forms.DecimalField(
        label=_("Unit price"), required=False, max_digits=14, decimal_places=4, localize=True
    )
    discount_percent = forms.DecimalField(
        label=_("Discount, %"),
        required=False,
        max_digits=5,
        decimal_places=2,
        localize=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    performed_by = forms.ChoiceField(label=_("Performed by"), required=False)
    performed_on = forms.DateField(label=_("Performed"), required=False, widget=DateInput())

    def __init__(
        self,
        *args: Any,
        catalogue: Mapping[tuple[str, str], CatalogueItem],
        people: Iterable[User],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.catalogue = catalogue
        performed_by = self.fields["performed_by"]
        assert isinstance(performed_by, forms.ChoiceField)
        performed_by.choices = [("", "—"), *((str(person.pk), str(person)) for person in people)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kind = cleaned.get("kind")
        if kind == Kind.TEXT:
            self._refuse_item_on_text(cleaned)
            return cleaned
        item = self._find_item(kind or "", cleaned.get("item", ""))
        if item is None:
            self.add_error("item", self._explain_missing_item(cleaned))
            return cleaned
        cleaned["record"] = item
        if cleaned.get("quantity") is None and "quantity" not in self.errors:
            self.add_error("quantity", _("How much? Type a quantity."))
        return cleaned

    def _find_item(self, kind: str, typed: str) -> CatalogueItem | None:
        found = (self.catalogue.get((kind, number)) for number in possible_numbers(typed))
        return next((item for item in found if item), None)

    def _refuse_item_on_text(self, cleaned: dict[str, Any]) -> None:
        if cleaned.get("item"):
            self.add_error("kind", _("A text line has no number. Choose Material or Hours, or clear the number."))
        elif not cleaned.get("text"):
            self.add_error("text", _("Type the text of this line."))

    def _explain_missing_item(self, cleaned: dict[str, Any]) -> ValidationError:
        typed = cleaned.get("item", "")
        if not typed:
            return ValidationError(_("Type the number of a material or an hour type."))
        if cleaned.get("kind") == Kind.HOURS:
            return ValidationError(_("No hour type has the number “%(typed)s”."), params={"typed": typed})
        return ValidationError(_("No material has the number “%(typed)s”."), params={"typed": typed})

    def fill(self, line: WorkOrderLine) -> WorkOrderLine:
        """The line with what was typed here, completed from the catalogue."""
        typed = self.cleaned_data
        item: CatalogueItem | None = typed.get("record")
        line.kind = typed["kind"]
        line.material = item if isinstance(item, Material) else None
        line.hour_type = item if isinstance(item, HourType) else None
        line.text = typed["text"] or (item.name if item else "")
        line.quantity = typed["quantity"] or Decimal(0)
        line.unit = typed["unit"] or (item.unit if item else "")
        line.unit_price = typed["unit_price"] if typed["unit_price"] is not None else (item.net_price if item else 0)
        line.discount_percent = typed["discount_percent"] or Decimal(0)
        line.performed_by_id = typed["performed_by"] or None
        line.performed_on = typed["performed_on"]
        return line


class BaseLineFormSet(forms.BaseFormSet):
    """All lines of one work order. Reads the catalogue once, whatever the number of lines."""

    def __init__(self, *args: Any, organization: Organization, lines: Iterable[WorkOrderLine], **kwargs: Any) -> None:
        self.organization = organization
        self.lines = {line.pk: line for line in lines}
        kwargs["initial"] = [initial_of(line) for line in self.lines.values()]
        super().__init__(*args, **kwargs)

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {"catalogue": self.catalogue, "people": self.people}

    @cached_property
    def people(self) -> list[User]:
        return list(members_of(self.organization))

    @cached_property
    def catalogue(self) -> dict[tuple[str, str], CatalogueItem]:
        """What the typed numbers mean, by kind and number."""
        fields = [self.data.get(f"{self.add_prefix(index)}-item", "") for index in range(self.total_form_count())]
        numbers = {number for typed in fields for number in possible_numbers(typed)}
        return {
            (kind, item.number): item
            for kind, model in ((Kind.MATERIAL, Material), (Kind.HOURS, HourType))
            for item in (model.objects.for_organization(self.organization).filter(number__in=numbers))
        }

    def kept_lines(self) -> list[WorkOrderLine]:
        """The lines to save, in their order, without deleted and blank ones."""
        kept = [form for form in self.forms if form not in self.deleted_forms and (form.initial or form.has_changed())]
        # An id that is not one of this work order's lines makes a new line.
        lines = [form.fill(self.lines.get(form.cleaned_data["id"]) or WorkOrderLine()) for form in kept]
        for position, line in enumerate(lines, start=1):
            line.position = position
        return lines

    def removed_lines(self) -> list[WorkOrderLine]:
        """The lines that somebody ticked for deletion; what another person added meanwhile is not among them."""
        ids = [form.cleaned_data.get("id") for form in self.deleted_forms]
        return [self.lines[pk] for pk in ids if pk in self.lines]


LineFormSet = cast(
    type[BaseLineFormSet],
    forms.formset_factory(LineForm, formset=BaseLineFormSet, extra=BLANK_LINES, can_delete=True),
)


def initial_of(line: WorkOrderLine) -> dict[str, Any]:
    """The line as its form shows it; numbers without the zeros that only the column has."""
    item = line.material or line.hour_type
    return {
        "id": line.pk,
        "kind": line.kind,
        "item": str(item) if item else "",
        "text": line.text,
        "quantity": short(line.quantity),
        "unit": line.unit,
        "unit_price": short(line.unit_price),
        "discount_percent": short(line.discount_percent),
        "performed_by": str(line.performed_by_id or ""),
        "performed_on": line.performed_on,
    }


def short(number: Decimal) -> Decimal:
    """The same number without trailing zeros: 3.2500 is 3.25, and 100 stays 100."""
    return Decimal(f"{number.normalize():f}")
