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

from fieldwork.demo_data import bergstrom_lind
from fieldwork.demo_data.records import (
    Shelf,
    contacts_of,
    customer_of,
    lines_of,
    project_of,
    work_order_of,
    work_sites_of,
)
from fieldwork.demo_data.shapes import Buyer, Firm, Item
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

AnyModel = TypeVar("AnyModel", bound=Model)


@dataclass(frozen=True, kw_only=True)
class DemoFirm:
    """The firm as it stands in the database; the people by user name."""

    firm: Firm
    organization: Organization
    people: Mapping[str, User]


@transaction.atomic
def create_demo_firm(firm: Firm = bergstrom_lind.FIRM) -> DemoFirm:
    """The firm with people, customers, catalogue, projects and work orders; only what is missing is added."""
    organization, _ = Organization.objects.get_or_create(
        slug=firm.slug,
        defaults={
            "name": firm.name,
            "organisation_number": firm.organisation_number,
            "email": firm.email,
            "country": firm.country,
            "currency": firm.currency,
            "time_zone": firm.time_zone,
        },
    )
    demo = DemoFirm(firm=firm, organization=organization, people=_add_people(organization, firm))
    statuses = _add_statuses(organization, firm)
    buyers = _add_customers(organization, firm)
    shelf = _add_catalogue(organization, firm)
    projects = _add_projects(organization, firm, buyers=buyers)
    _add_work_orders(demo, statuses=statuses, buyers=buyers, shelf=shelf, projects=projects)
    return demo


def complete_demo_work_orders(demo: DemoFirm) -> list[WorkOrder]:
    """The work orders that were completed by this call, each by its performer, in the order of their numbers."""
    finished = [job.number for job in demo.firm.work_orders if job.status == demo.firm.finished]
    # Only the first revision: what somebody opened again on purpose stays open.
    waiting = WorkOrder.objects.for_organization(demo.organization).filter(
        number__in=finished, revision=1, status__phase=WorkOrderStatus.Phase.OPEN
    )
    in_order = waiting.select_related("assigned_to").order_by("number")
    return [order for order in in_order if complete_work_order(order, by=order.assigned_to)]


def _add_people(organization: Organization, firm: Firm) -> dict[str, User]:
    names = [colleague.username for colleague in firm.colleagues]
    known = {user.username: user for user in User.objects.filter(username__in=names)}
    password = make_password(PASSWORD)
    for person in firm.colleagues:
        hosts = person.username == firm.host
        known.setdefault(
            person.username,
            User(
                username=person.username,
                first_name=person.first_name,
                last_name=person.last_name,
                email=f"{person.username}@{firm.mail_domain}",
                password=password,
                language=firm.language,
                time_zone=firm.time_zone,
                # Who hosts the demo, too, may see the admin.
                is_staff=hosts,
                is_superuser=hosts,
            ),
        )
    _insert(User, [user for user in known.values() if user._state.adding])
    members = set(Membership.objects.for_organization(organization).values_list("user__username", flat=True))
    _insert(
        Membership,
        [
            Membership(organization=organization, user=known[person.username], role=person.role)
            for person in firm.colleagues
            if person.username not in members
        ],
    )
    return known


def _add_statuses(organization: Organization, firm: Firm) -> dict[str, WorkOrderStatus]:
    known = {status.name: status for status in WorkOrderStatus.objects.for_organization(organization)}
    missing = [
        WorkOrderStatus(
            organization=organization,
            name=step.name,
            position=position,
            phase=step.phase,
            **({step.duty: True} if step.duty else {}),
        )
        for position, step in enumerate(firm.steps, start=1)
        if step.name not in known
    ]
    return known | {status.name: status for status in _insert(WorkOrderStatus, missing)}


def _add_customers(organization: Organization, firm: Firm) -> dict[str, Customer]:
    """The customers, as the demo data names them: by number, or by name where they have none."""
    stored = Customer.objects.for_organization(organization)
    # Several keys, because an import from the books may have given a customer its number or another spelling.
    known = {key: customer for customer in stored for key in _keys(customer, customer.organisation_number)}
    found = {_name(buyer): _first(known, _keys(buyer, buyer.org_number)) for buyer in firm.customers}
    missing = [buyer for buyer in firm.customers if found[_name(buyer)] is None]
    added = _insert(Customer, [customer_of(organization, firm, buyer) for buyer in missing])
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


def _add_catalogue(organization: Organization, firm: Firm) -> Shelf:
    return Shelf(
        materials=_add_items(Material, organization, firm.materials, firm=firm),
        hour_types=_add_items(HourType, organization, firm.hour_types, firm=firm),
    )


CatalogueModel = TypeVar("CatalogueModel", Material, HourType)


def _add_items(
    model: type[CatalogueModel], organization: Organization, items: Iterable[Item], *, firm: Firm
) -> dict[str, CatalogueModel]:
    known = {item.number: item for item in model.objects.for_organization(organization)}
    missing = [
        model(
            organization=organization,
            number=item.number,
            name=item.name,
            unit=item.unit,
            price=Decimal(item.price),
            vat_percent=Decimal(firm.vat_percent),
            ean=item.ean,
            **({"stock_quantity": Decimal(item.stock)} if item.stock else {}),
        )
        for item in items
        if item.number not in known
    ]
    return known | {item.number: item for item in _insert(model, missing)}


def _add_projects(organization: Organization, firm: Firm, *, buyers: Mapping[str, Customer]) -> dict[str, Project]:
    known = {project.number: project for project in Project.objects.for_organization(organization)}
    missing = [
        project_of(organization, undertaking, customer=buyers[undertaking.customer])
        for undertaking in firm.projects
        if undertaking.number not in known
    ]
    return known | {project.number: project for project in _insert(Project, missing)}


def _add_work_orders(
    demo: DemoFirm,
    *,
    statuses: Mapping[str, WorkOrderStatus],
    buyers: Mapping[str, Customer],
    shelf: Shelf,
    projects: Mapping[str, Project],
) -> None:
    firm, organization = demo.firm, demo.organization
    known = set(WorkOrder.objects.for_organization(organization).values_list("number", flat=True))
    missing = [job for job in firm.work_orders if job.number not in known]
    sites = {(site.customer_id, site.name): site for site in WorkSite.objects.for_organization(organization)}
    orders = []
    for job in missing:
        order = work_order_of(
            job,
            status=statuses[firm.under_way if job.status == firm.finished else job.status],
            customer=buyers[job.customer],
            performer=demo.people[job.who],
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
