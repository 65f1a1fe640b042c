"""The forms of the pages as programs fill them in: with an id of their own, and records named by their ids."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fieldwork.forms.records import (
    ContactPersonForm,
    CustomerForm,
    HourTypeForm,
    MaterialForm,
    ProjectForm,
    WorkSiteForm,
)
from fieldwork.forms.work_orders import WorkOrderForm

BY_ID: dict[str, Any] = {}


class ExternalId:
    """The rule that the database has as well, where its message can stand beside the field."""

    instance: Any
    cleaned_data: dict[str, Any]
    within: ClassVar[str] = "organization"

    def clean_external_id(self) -> str:
        given: str = self.cleaned_data["external_id"]
        same = {self.within: getattr(self.instance, self.within), "external_id": given}
        others = type(self.instance).objects.filter(**same).exclude(pk=self.instance.pk)
        if given and others.exists():
            raise ValidationError(_("Another record has this external id already."), code="unique")
        return given


class CustomerFields(ExternalId, CustomerForm):
    class Meta(CustomerForm.Meta):
        fields: Any = (*CustomerForm.Meta.fields, "external_id")


class ContactPersonFields(ExternalId, ContactPersonForm):
    within = "customer"

    class Meta(ContactPersonForm.Meta):
        fields: Any = (*ContactPersonForm.Meta.fields, "external_id")


class WorkSiteFields(ExternalId, WorkSiteForm):
    within = "customer"

    class Meta(WorkSiteForm.Meta):
        fields: Any = (*WorkSiteForm.Meta.fields, "external_id")


class MaterialFields(ExternalId, MaterialForm):
    class Meta(MaterialForm.Meta):
        fields: Any = (*MaterialForm.Meta.fields, "external_id")


class HourTypeFields(ExternalId, HourTypeForm):
    class Meta(HourTypeForm.Meta):
        fields: Any = (*HourTypeForm.Meta.fields, "external_id")


class ProjectFields(ExternalId, ProjectForm):
    class Meta(ProjectForm.Meta):
        fields: Any = (*ProjectForm.Meta.fields, "external_id")
        field_classes = BY_ID
        widgets = BY_ID


class WorkOrderFields(ExternalId, WorkOrderForm):
    class Meta(WorkOrderForm.Meta):
        fields: Any = (*WorkOrderForm.Meta.fields, "external_id")
        field_classes = BY_ID
        widgets = BY_ID
