"""What a row of the demo data becomes: records of the firm, not yet saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from fieldwork.demo_data.shapes import Buyer, Firm, Job, Row, Undertaking
from fieldwork.models import (
    ContactPerson,
    Customer,
    HourType,
    Material,
    Organization,
    Project,
    User,
    WorkOrder,
    WorkOrderLine,
    WorkOrderStatus,
    WorkSite,
)


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """What lines refer to, by number."""

    materials: Mapping[str, Material]
    hour_types: Mapping[str, HourType]


def customer_of(organization: Organization, firm: Firm, buyer: Buyer) -> Customer:
    delivery = buyer.delivery
    return Customer(
        organization=organization,
        number=buyer.number,
        name=buyer.name,
        is_company=buyer.is_company,
        organisation_number=buyer.org_number,
        email=buyer.email,
        phone=buyer.phone if buyer.is_company else "",
        mobile="" if buyer.is_company else buyer.phone,
        street=buyer.street,
        postcode=buyer.postcode,
        city=buyer.city,
        country=firm.country,
        currency=firm.currency,
        terms_of_payment=buyer.terms or firm.terms,
        note=buyer.note,
        delivery_name=delivery.name if delivery else "",
        delivery_street=delivery.street if delivery else "",
        delivery_postcode=delivery.postcode if delivery else "",
        delivery_city=delivery.city if delivery else "",
        delivery_country=firm.country if delivery else "",
    )


def contacts_of(customer: Customer, buyer: Buyer) -> list[ContactPerson]:
    return [
        ContactPerson(
            customer=customer,
            first_name=contact.first_name,
            last_name=contact.last_name,
            email=contact.email,
            mobile=contact.mobile,
            is_reference=position == 0,
        )
        for position, contact in enumerate(buyer.contacts)
    ]


def work_sites_of(customer: Customer, buyer: Buyer) -> list[WorkSite]:
    return [
        WorkSite(
            customer=customer,
            name=site.name,
            street=site.street,
            postcode=site.postcode,
            city=site.city,
            country=customer.country,
        )
        for site in buyer.sites
    ]


def project_of(organization: Organization, undertaking: Undertaking, *, customer: Customer) -> Project:
    today = timezone.localdate()
    return Project(
        organization=organization,
        number=undertaking.number,
        name=undertaking.name,
        customer=customer,
        starts_on=today + timedelta(days=undertaking.starts),
        ends_on=None if undertaking.ends is None else today + timedelta(days=undertaking.ends),
        status=Project.Status.FINISHED if undertaking.finished else Project.Status.ACTIVE,
        notes=undertaking.notes,
    )


def work_order_of(job: Job, *, status: WorkOrderStatus, customer: Customer, performer: User) -> WorkOrder:
    today = timezone.localdate()
    planned_on = today + timedelta(days=job.planned)
    # What is behind the firm was completed before the program came, so nothing is told about it.
    completed = status.phase == WorkOrderStatus.Phase.COMPLETED
    evening = timezone.make_aware(datetime.combine(planned_on, time(16, 30)))
    return WorkOrder(
        organization=status.organization,
        number=job.number,
        customer=customer,
        title=job.title,
        description=job.description,
        your_reference=job.reference,
        status=status,
        ordered_on=today + timedelta(days=job.ordered),
        planned_on=planned_on,
        assigned_to=performer,
        completed_at=evening if completed else None,
        completed_by=performer if completed else None,
    )


def lines_of(job: Job, *, order: WorkOrder, shelf: Shelf) -> list[WorkOrderLine]:
    return [_line(row, order=order, position=position, shelf=shelf) for position, row in enumerate(job.lines, start=1)]


def _line(row: Row | str, *, order: WorkOrder, position: int, shelf: Shelf) -> WorkOrderLine:
    if isinstance(row, str):
        return WorkOrderLine(work_order=order, position=position, kind=WorkOrderLine.Kind.TEXT, text=row)
    material = shelf.materials.get(row.number)
    hour_type = None if material else shelf.hour_types[row.number]
    item = material or shelf.hour_types[row.number]
    return WorkOrderLine(
        work_order=order,
        position=position,
        kind=WorkOrderLine.Kind.MATERIAL if material else WorkOrderLine.Kind.HOURS,
        material=material,
        hour_type=hour_type,
        text=item.name,
        quantity=Decimal(row.quantity),
        unit=item.unit,
        unit_price=item.net_price,
        discount_percent=Decimal(row.discount),
        performed_by=order.assigned_to if hour_type else None,
        performed_on=order.planned_on if hour_type else None,
    )
