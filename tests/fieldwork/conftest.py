"""Two firms with people in every role, a catalogue, and a work order that is ready to be completed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.test import Client

from fieldwork.models import (
    Customer,
    HourType,
    Material,
    Membership,
    Organization,
    Project,
    User,
    WorkOrder,
    WorkOrderLine,
    WorkOrderStatus,
    WorkSite,
)

Phase = WorkOrderStatus.Phase
Role = Membership.Role


@dataclass(frozen=True, kw_only=True)
class Firm:
    """One organization as the tests know it."""

    organization: Organization
    owner: User
    coordinator: User
    performer: User
    customer: Customer
    work_site: WorkSite
    material: Material
    hour_type: HourType
    project: Project
    statuses: dict[str, WorkOrderStatus]

    def work_order(self, **fields: object) -> WorkOrder:
        """An open work order of the performer's with one material and one hour line."""
        values = {
            "number": "1001",
            "title": "Byt kran",
            "customer": self.customer,
            "status": self.statuses["planned"],
            "assigned_to": self.performer,
        }
        order = WorkOrder.objects.create(organization=self.organization, **{**values, **fields})
        WorkOrderLine.objects.create(
            work_order=order, position=1, kind="material", material=self.material, quantity=2, unit_price=Decimal("100")
        )
        WorkOrderLine.objects.create(
            work_order=order, position=2, kind="hours", hour_type=self.hour_type, quantity=1, unit_price=Decimal("650")
        )
        return order


@pytest.fixture
def firm(db: None) -> Firm:
    return build_firm("rorfirman")


@pytest.fixture
def stranger(db: None) -> Firm:
    """Another tenant, whose records nobody of `firm` may see."""
    return build_firm("elfirman")


@pytest.fixture
def sign_in(client: Client) -> Callable[[User], Client]:
    def signed_in(user: User) -> Client:
        client.force_login(user)
        return client

    return signed_in


def build_firm(slug: str) -> Firm:
    organization = Organization.objects.create(name=slug.capitalize(), slug=slug)
    people = {role: _person(organization, role) for role in Role}
    customer = Customer.objects.create(organization=organization, number="10001", name=f"Kund hos {slug}")
    return Firm(
        organization=organization,
        owner=people[Role.OWNER],
        coordinator=people[Role.COORDINATOR],
        performer=people[Role.PERFORMER],
        customer=customer,
        work_site=WorkSite.objects.create(customer=customer, name="Källaren"),
        material=Material.objects.create(
            organization=organization, number="R22", name=f"Rör hos {slug}", unit="m", price=Decimal("168")
        ),
        hour_type=HourType.objects.create(
            organization=organization, number="A100", name=f"Tid hos {slug}", unit="tim", price=Decimal("695")
        ),
        project=Project.objects.create(organization=organization, number="25-001", name=f"Projekt hos {slug}"),
        statuses=_statuses(organization),
    )


def _person(organization: Organization, role: Role) -> User:
    user = User.objects.create_user(f"{role}-{organization.slug}", password="demo", language="en")
    Membership.objects.create(user=user, organization=organization, role=role)
    return user


def _statuses(organization: Organization) -> dict[str, WorkOrderStatus]:
    steps = {
        "planned": {"phase": Phase.OPEN},
        "started": {"phase": Phase.OPEN},
        "done": {"phase": Phase.COMPLETED, "triggers_export": True},
        "invoiced": {"phase": Phase.COMPLETED, "set_after_success": True},
        "stuck": {"phase": Phase.COMPLETED, "set_after_failure": True},
        "cancelled": {"phase": Phase.CANCELLED},
    }
    return {
        name: WorkOrderStatus.objects.create(organization=organization, name=name, position=position, **flags)
        for position, (name, flags) in enumerate(steps.items())
    }
