"""A firm with its books connected through the real login, and finished jobs to invoice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from django.utils import timezone

from accounting.auth import ClientCredentials
from accounting.models import Books
from accounting.protocol import Provider
from fieldwork.models import (
    Customer,
    HourType,
    Material,
    Membership,
    Organization,
    User,
    WorkOrder,
    WorkOrderLine,
    WorkOrderStatus,
)
from integrations.connecting.confirming import confirm_company
from integrations.connecting.flow import finish_login, grant_in, put_away, start_login
from integrations.connecting.keeping import Wish
from integrations.connecting.questions import choices_for
from integrations.connecting.tenants import enter
from integrations.models import Answer, Connection, ConnectionSettings, Credential, Licence

SESSION = "storm"
# The rate in all three countries.
VAT = "25 %"
POSTCODES = {"SE": "123 45", "NO": "7013", "DK": "6700"}


class Signing(Protocol):
    """What of a stand-in is needed to be signed in there."""

    def describe(self) -> dict[str, Any]: ...

    def sign_in(self, order: dict[str, Any], /) -> dict[str, Any]: ...


class Abroad(Protocol):
    """An accounting system to which firms can be connected, for instance a World."""

    @property
    def provider(self) -> Provider: ...

    @property
    def stand_in(self) -> Signing: ...

    @property
    def companies(self) -> list[dict[str, str]]: ...


@dataclass(kw_only=True)
class Firm:
    organization: Organization
    owner: User
    connection: Connection
    statuses: dict[str, WorkOrderStatus]


def found_firm(world: Abroad, company: int = 0) -> Firm:
    """A firm connected to that company of the stand-in, its settings saved and its questions answered."""
    organization = Organization.objects.create(name=f"Storm {company}", slug=f"storm-{company}")
    owner = User.objects.create_user(username=f"owner-{company}", password="storm")  # noqa: S106
    Membership.objects.create(user=owner, organization=organization, role=Membership.Role.OWNER)
    statuses = add_statuses(organization)
    Licence.objects.create(
        organization=organization, provider=world.provider.key, starts_on=timezone.localdate() - timedelta(days=1)
    )
    connection = sign_in(world, organization, owner, company)
    keep_house_like(organization, connection.pinned_books)
    confirm_company(connection, by=owner)
    save_settings(connection)
    return Firm(organization=organization, owner=owner, connection=connection, statuses=statuses)


def keep_house_like(organization: Organization, books: Books) -> None:
    """The firm is in the country of its books, and reckons in their currency."""
    organization.country, organization.currency = books.country, books.currency
    organization.save(update_fields=["country", "currency"])


def add_statuses(organization: Organization) -> dict[str, WorkOrderStatus]:
    phase = WorkOrderStatus.Phase
    steps = [
        WorkOrderStatus(name="planned", phase=phase.OPEN),
        WorkOrderStatus(name="done", phase=phase.COMPLETED, triggers_export=True),
        WorkOrderStatus(name="invoiced", phase=phase.COMPLETED, set_after_success=True),
        WorkOrderStatus(name="stuck", phase=phase.COMPLETED, set_after_failure=True),
    ]
    for position, step in enumerate(steps):
        step.organization, step.position = organization, position
    return {step.name: step for step in WorkOrderStatus.objects.bulk_create(steps)}


def sign_in(
    world: Abroad, organization: Organization, owner: User, company: int, renew: Connection | None = None
) -> Connection:
    """The connection after the owner has signed in over there and chosen that company."""
    wish = Wish(organization=organization, by=owner, renew=renew)
    provider, auth, there = world.provider, world.provider.logins[0], world.companies[company]["id"]
    if isinstance(auth, ClientCredentials):
        return enter(wish, provider, auth, tenant=there).connection
    departure = start_login(wish, provider, auth, session_key=SESSION)
    user = world.stand_in.describe()["users"][0]["email"]
    answer = world.stand_in.sign_in({"url": departure.address, "user": user, "company": there})
    query = dict(parse_qsl(urlsplit(answer["location"]).query))
    if departure.keepsake:
        put_away(provider, grant_in(provider, query), state=departure.keepsake, by=owner, session_key=SESSION)
        query["state"] = departure.keepsake
    return finish_login(provider, query, by=owner, session_key=SESSION).connection


def sign_in_again(world: Abroad, firm: Firm, company: int = 0) -> None:
    """The owner renews a login that was refused."""
    sign_in(world, firm.organization, firm.owner, company, renew=firm.connection)


def save_settings(connection: Connection) -> None:
    """What an owner saves on the first day: the proposed settings, and an answer to each question."""
    now = timezone.now()
    offered = choices_for(connection).by_question
    for question in connection.ledger_provider.questions:
        choices = offered.get(question.key, ())
        chosen = next((each for each in choices if VAT in each.label), choices[0] if choices else None)
        if question.required and chosen:
            Answer.objects.create(connection=connection, question=question.key, value=chosen.value, label=chosen.label)
    ConnectionSettings.objects.filter(connection=connection).update(
        saved_at=now, cut_off_date=timezone.localdate() - timedelta(days=1)
    )
    Connection.objects.filter(pk=connection.pk).update(next_due_at=now)
    connection.refresh_from_db()


def expire_login(connection: Connection) -> None:
    """The access token is over: whoever needs it next must renew it. One that lasts for ever stays."""
    now = timezone.now()
    Credential.objects.filter(connection=connection, expires_at__isnull=False).update(
        expires_at=now - timedelta(seconds=1), saved_at=now - timedelta(hours=1)
    )


# --- jobs -----------------------------------------------------------------------


def new_customers(firm: Firm, count: int) -> list[Customer]:
    """Customers that the books do not have, every other one with a number of ours."""
    label = firm.organization.slug
    return Customer.objects.bulk_create(
        Customer(
            organization=firm.organization,
            number=f"K{place}" if place % 2 else "",
            name=f"Kund {place} {label}",
            email=f"kund{place}@{label}.example",
            is_company=True,
            street=f"Storgatan {place + 1}",
            country=firm.organization.country,
            currency=firm.organization.currency,
            postcode=POSTCODES[firm.organization.country],
            city="Solna",
        )
        for place in range(count)
    )


def new_materials(firm: Firm, count: int) -> list[Material]:
    return Material.objects.bulk_create(
        Material(
            organization=firm.organization,
            number=f"S-{place}",
            name=f"Rör {place}",
            unit="m",
            price=Decimal("89.50"),
        )
        for place in range(count)
    )


def new_hour_type(firm: Firm) -> HourType:
    return HourType.objects.create(
        organization=firm.organization, number="S-TIM", name="Montörstimme", unit="tim", price=Decimal(650)
    )


def new_work_orders(
    firm: Firm, count: int, *, customers: Sequence[Customer], materials: Sequence[Material], hours: HourType | None
) -> list[WorkOrder]:
    """Open jobs, one after the other for these customers and with these materials."""
    orders, lines = [], []
    for place in range(count):
        order = WorkOrder(
            organization=firm.organization,
            number=str(1000 + place),
            customer=customers[place % len(customers)],
            title=f"Job {place}",
            status=firm.statuses["planned"],
        )
        orders.append(order)
        lines += lines_of(order, materials[place % len(materials)], hours, quantity=1 + place % 7)
    WorkOrder.objects.bulk_create(orders)
    WorkOrderLine.objects.bulk_create(lines)
    return orders


def lines_of(order: WorkOrder, material: Material, hours: HourType | None, *, quantity: int) -> list[WorkOrderLine]:
    kind = WorkOrderLine.Kind
    lines = [
        WorkOrderLine(
            work_order=order,
            position=1,
            kind=kind.MATERIAL,
            material=material,
            text=material.name,
            quantity=Decimal(quantity),
            unit=material.unit,
            unit_price=material.price,
        ),
        WorkOrderLine(work_order=order, position=2, kind=kind.TEXT, text="Arbetet är utfört."),
    ]
    if hours is not None:
        line = WorkOrderLine(work_order=order, position=3, kind=kind.HOURS, hour_type=hours, text=hours.name)
        line.quantity, line.unit, line.unit_price = Decimal("1.5"), hours.unit, hours.price
        lines.append(line)
    return lines
