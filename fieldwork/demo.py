"""A believable firm in the database, and its finished work sent on its way.

Both functions may be called again: what exists already, by its natural key, stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import Model

from fieldwork.demo_data import catalogue, customers, firm, work_orders
from fieldwork.demo_data.catalogue import Item
from fieldwork.demo_data.customers import Buyer
from fieldwork.demo_data.records import (
    Shelf,
    contacts_of,
    customer_of,
    lines_of,
    project_of,
    work_order_of,
    work_sites_of,
)
from fieldwork.models import (
    ContactPerson,
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
from fieldwork.services import complete_work_order

PASSWORD = "demo"  # noqa: S105 - printed beside the demo's address; the firm and its people are invented
FINISHED = "Klar"
BEFORE_FINISHED = "Pågående"

AnyModel = TypeVar("AnyModel", bound=Model)


@dataclass(frozen=True, kw_only=True)
class DemoFirm:
    """The firm as it stands in the database; the people by user name."""

    organization: Organization
    people: Mapping[str, User]


@transaction.atomic
def create_demo_firm() -> DemoFirm:
    """The firm with people, customers, catalogue, projects and work orders; only what is missing is added."""
    organization, _ = Organization.objects.get_or_create(
        slug=firm.SLUG,
        defaults={"name": firm.NAME, "organisation_number": firm.ORGANISATION_NUMBER, "email": firm.EMAIL},
    )
    people = _add_people(organization)
    statuses = _add_statuses(organization)
    buyers = _add_customers(organization)
    shelf = _add_catalogue(organization)
    projects = _add_projects(organization, buyers=buyers)
    _add_work_orders(organization, people=people, statuses=statuses, buyers=buyers, shelf=shelf, projects=projects)
    return DemoFirm(organization=organization, people=people)


def complete_demo_work_orders(demo: DemoFirm) -> list[WorkOrder]:
    """The work orders that were completed by this call, each by its performer, in the order of their numbers."""
    finished = [job.number for job in work_orders.WORK_ORDERS if job.status == FINISHED]
    # Only the first revision: what somebody opened again on purpose stays open.
    waiting = WorkOrder.objects.for_organization(demo.organization).filter(
        number__in=finished, revision=1, status__phase=WorkOrderStatus.Phase.OPEN
    )
    in_order = waiting.select_related("assigned_to").order_by("number")
    return [order for order in in_order if complete_work_order(order, by=order.assigned_to)]


def _add_people(organization: Organization) -> dict[str, User]:
    names = [colleague.username for colleague in firm.COLLEAGUES]
    known = {user.username: user for user in User.objects.filter(username__in=names)}
    password = make_password(PASSWORD)
    for person in firm.COLLEAGUES:
        owner = person.role == Membership.Role.OWNER
        known.setdefault(
            person.username,
            User(
                username=person.username,
                first_name=person.first_name,
                last_name=person.last_name,
                email=f"{person.username}@bergstromlind.example",
                password=password,
                # The owner also hosts the demo, so the admin is open to her.
                is_staff=owner,
                is_superuser=owner,
            ),
        )
    _insert(User, [user for user in known.values() if user._state.adding])
    members = set(Membership.objects.for_organization(organization).values_list("user__username", flat=True))
    _insert(
        Membership,
        [
            Membership(organization=organization, user=known[person.username], role=person.role)
            for person in firm.COLLEAGUES
            if person.username not in members
        ],
    )
    return known


def _add_statuses(organization: Organization) -> dict[str, WorkOrderStatus]:
    known = {status.name: status for status in WorkOrderStatus.objects.for_organization(organization)}
    missing = [
        WorkOrderStatus(
            organization=organization,
            name=step.name,
            position=position,
            phase=step.phase,
            **({step.duty: True} if step.duty else {}),
        )
        for position, step in enumerate(firm.STEPS, start=1)
        if step.name not in known
    ]
    return known | {status.name: status for status in _insert(WorkOrderStatus, missing)}


def _add_customers(organization: Organization) -> dict[str, Customer]:
    """The customers, as the demo data names them: by number, or by name where they have none."""
    stored = Customer.objects.for_organization(organization)
    # Several keys, because an import from the books may have given a customer its number or another spelling.
    known = {key: customer for customer in stored for key in _keys(customer, customer.organisation_number)}
    found = {_name(buyer): _first(known, _keys(buyer, buyer.org_number)) for buyer in customers.CUSTOMERS}
    missing = [buyer for buyer in customers.CUSTOMERS if found[_name(buyer)] is None]
    added = _insert(Customer, [customer_of(organization, buyer) for buyer in missing])
    pairs = list(zip(missing, added, strict=True))
    _insert(ContactPerson, [person for buyer, customer in pairs for person in contacts_of(customer, buyer)])
    _insert(WorkSite, [site for buyer, customer in pairs for site in work_sites_of(customer, buyer)])
    present = {name: customer for name, customer in found.items() if customer}
    return present | {_name(buyer): customer for buyer, customer in pairs}


def _name(buyer: Buyer) -> str:
    return buyer.number or buyer.name


def _keys(customer: Buyer | Customer, organisation_number: str) -> list[str]:
    """What a customer is recognised by, the surest first."""
    digits = organisation_number.replace("-", "")
    return [key for key in (customer.number, digits, customer.email, customer.name) if key]


def _first(known: Mapping[str, Customer], keys: Iterable[str]) -> Customer | None:
    return next((known[key] for key in keys if key in known), None)


def _add_catalogue(organization: Organization) -> Shelf:
    materials = (*catalogue.MATERIALS_IN_THE_BOOKS, *catalogue.MATERIALS_ONLY_HERE)
    hour_types = (*catalogue.HOUR_TYPES_IN_THE_BOOKS, *catalogue.HOUR_TYPES_ONLY_HERE)
    return Shelf(
        materials=_add_items(Material, organization, materials),
        hour_types=_add_items(HourType, organization, hour_types),
    )


CatalogueModel = TypeVar("CatalogueModel", Material, HourType)


def _add_items(
    model: type[CatalogueModel], organization: Organization, items: Iterable[Item]
) -> dict[str, CatalogueModel]:
    known = {item.number: item for item in model.objects.for_organization(organization)}
    missing = [
        model(
            organization=organization,
            number=item.number,
            name=item.name,
            unit=item.unit,
            price=Decimal(item.price),
            ean=item.ean,
            **({"stock_quantity": Decimal(item.stock)} if item.stock else {}),
        )
        for item in items
        if item.number not in known
    ]
    return known | {item.number: item for item in _insert(model, missing)}


def _add_projects(organization: Organization, *, buyers: Mapping[str, Customer]) -> dict[str, Project]:
    known = {project.number: project for project in Project.objects.for_organization(organization)}
    missing = [
        project_of(organization, undertaking, customer=buyers[undertaking.customer])
        for undertaking in firm.PROJECTS
        if undertaking.number not in known
    ]
    return known | {project.number: project for project in _insert(Project, missing)}


def _add_work_orders(
    organization: Organization,
    *,
    people: Mapping[str, User],
    statuses: Mapping[str, WorkOrderStatus],
    buyers: Mapping[str, Customer],
    shelf: Shelf,
    projects: Mapping[str, Project],
) -> None:
    known = set(WorkOrder.objects.for_organization(organization).values_list("number", flat=True))
    missing = [job for job in work_orders.WORK_ORDERS if job.number not in known]
    sites = {(site.customer_id, site.name): site for site in WorkSite.objects.for_organization(organization)}
    orders = []
    for job in missing:
        order = work_order_of(
            job,
            status=statuses[BEFORE_FINISHED if job.status == FINISHED else job.status],
            customer=buyers[job.customer],
            performer=people[job.who],
        )
        order.project = projects.get(job.project)
        order.work_site = sites.get((buyers[job.customer].pk, job.site))
        orders.append(order)
    _insert(WorkOrder, orders)
    _insert(
        WorkOrderLine,
        [line for job, order in zip(missing, orders, strict=True) for line in lines_of(job, order=order, shelf=shelf)],
    )


def _insert(model: type[AnyModel], rows: list[AnyModel]) -> list[AnyModel]:
    """The rows, now in the database, in one statement."""
    return model._default_manager.bulk_create(rows)
