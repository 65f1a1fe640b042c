"""The records of a field-service firm, one module per idea."""

from __future__ import annotations

from fieldwork.models.catalogue import CatalogueItem, HourType, Material
from fieldwork.models.customers import ContactPerson, Customer, WorkSite
from fieldwork.models.keys import AnsweredRequest, ApiKey
from fieldwork.models.ownership import OwnedQuerySet, OwnedRecord
from fieldwork.models.people import Membership, Organization, User
from fieldwork.models.statuses import WorkOrderStatus
from fieldwork.models.work import Project, WorkOrder, WorkOrderLine, WorkOrderQuerySet

__all__ = [
    "AnsweredRequest",
    "ApiKey",
    "CatalogueItem",
    "ContactPerson",
    "Customer",
    "HourType",
    "Material",
    "Membership",
    "Organization",
    "OwnedQuerySet",
    "OwnedRecord",
    "Project",
    "User",
    "WorkOrder",
    "WorkOrderLine",
    "WorkOrderQuerySet",
    "WorkOrderStatus",
    "WorkSite",
]
