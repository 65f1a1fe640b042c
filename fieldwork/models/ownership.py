"""What every record of an organization has: its own id and a way to be narrowed to its owner."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from fieldwork.models.people import Organization


class OwnedQuerySet(models.QuerySet):
    """Rows that belong to organizations, directly or through a parent."""

    def for_organization(self, organization: Organization) -> Self:
        """Only the rows of this organization: the one filter that keeps tenants apart."""
        model = cast("type[OwnedRecord]", self.model)
        return self.filter(**{model.organization_path: organization})

    def update(self, **changes: Any) -> int:
        """As always. Rows that say when they were changed say so after this as well."""
        if "updated_at" not in changes and any(each.name == "updated_at" for each in self.model._meta.fields):
            changes["updated_at"] = timezone.now()
        return super().update(**changes)


class IdentifiedRecord(models.Model):
    """A row whose id is made here and not by the database, so that bulk inserts know it beforehand."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class OwnedRecord(IdentifiedRecord):
    """A row of one organization; `organization_path` says how to reach it from here."""

    organization_path: ClassVar[str] = "organization"

    objects = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True


class NamedRecord(OwnedRecord):
    """A row that a program of the firm may know by an id of its own."""

    external_id = models.CharField(
        _("external id"),
        max_length=100,
        blank=True,
        default="",
        help_text=_("The id that another program of yours has for it."),
    )

    class Meta:
        abstract = True


def one_per_external_id(name: str, *, within: str = "organization") -> models.UniqueConstraint:
    return models.UniqueConstraint(
        fields=[within, "external_id"],
        condition=~models.Q(external_id=""),
        name=name,
        violation_error_message=_("Another record has this external id already."),
    )


def refuse_strangers(record: Any, *fields: str) -> None:
    """Raise ValidationError when one of these fields refers to another organization's record."""
    for field in fields:
        other = getattr(record, field, None)
        if other is not None and other.organization_id != record.organization_id:
            raise ValidationError({field: _("This belongs to another organization.")})
