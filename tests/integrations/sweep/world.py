"""Two firms at work, each with one record of every kind that an address can name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any

from django.db.models import Model
from django.utils import timezone

from accounting.auth import Tokens
from accounting.models import Books
from fieldwork.models import (
    ApiKey,
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
from integrations.models import (
    Answer,
    Case,
    Connection,
    ConnectionSettings,
    Credential,
    Heartbeat,
    Hook,
    Invitation,
    Licence,
    Link,
    LinkDecision,
    Operation,
    Plan,
    PlanEntry,
    RepairRule,
    Run,
)
from integrations.models.hook import hashed
from integrations.pipelines import ensure_streams

Role = Membership.Role


@dataclass(frozen=True, kw_only=True)
class Firm:
    """`records` are by the word that stands before their id in addresses, or by what they are called when none has
    theirs. `mark` stands in every text of the firm.
    """

    mark: str
    organization: Organization
    people: Mapping[str, User]
    connection: Connection
    records: Mapping[str, Model]

    @property
    def ids(self) -> dict[str, Any]:
        return {kind: record.pk for kind, record in self.records.items()}


def build_firm(mark: str) -> Firm:
    organization = Organization.objects.create(name=f"{mark} AB", slug=mark.lower())
    people = {role.value: person(organization, role, mark) for role in Role}
    connection = connect(organization, people[Role.OWNER], mark)
    made = records_of_the_day(organization, people[Role.PERFORMER], mark) | records_of_the_books(connection, mark)
    Heartbeat.beat(Heartbeat.TICK)
    made |= what_became_of(made["work-orders"], connection, people[Role.OWNER], mark)
    return Firm(
        mark=mark,
        organization=organization,
        people=people,
        connection=connection,
        records=made,
    )


def person(organization: Organization, role: Role, mark: str) -> User:
    made = User.objects.create_user(f"{role}-{mark}", password="demo", language="en", first_name=f"{role} {mark}")
    Membership.objects.create(user=made, organization=organization, role=role)
    return made


def connect(organization: Organization, owner: User, mark: str) -> Connection:
    """Active, licensed, started, with a company over there that its token opens."""
    acme = import_module("accounting.providers.acme_books.company")
    token = f"token-{mark}"
    acme.COMPANIES[token] = acme.new_company()
    books = Books.objects.create(
        provider="acme_books", environment="https://api.acme.example", remote_id=mark, name=f"{mark} AB"
    )
    connection = Connection.objects.create(
        organization=organization,
        provider="acme_books",
        books=books,
        state=Connection.State.ACTIVE,
        connected_by=owner,
        connected_at=timezone.now(),
    )
    ConnectionSettings.objects.create(connection=connection, saved_at=timezone.now())
    Credential.objects.create(connection=connection, secret=Credential.pack(connection, Tokens(access_token=token)))
    Licence.objects.create(
        organization=organization, provider="acme_books", starts_on=timezone.localdate(), price_note=mark
    )
    Answer.objects.create(connection=connection, question="layout", value="std", label=mark)
    ensure_streams(connection)
    return connection


def records_of_the_day(organization: Organization, performer: User, mark: str) -> dict[str, Model]:
    status = WorkOrderStatus.objects.create(organization=organization, name=f"Planned {mark}")
    WorkOrderStatus.objects.create(
        organization=organization, name=f"Done {mark}", phase="completed", triggers_export=True, position=1
    )
    customer = Customer.objects.create(
        organization=organization, number="10001", name=f"Kund {mark}", email=f"kund@{mark.lower()}.example"
    )
    material = Material.objects.create(organization=organization, number="R22", name=f"Rör {mark}", unit="m")
    order = WorkOrder.objects.create(
        organization=organization,
        number="1001",
        title=f"Byt kran {mark}",
        customer=customer,
        status=status,
        assigned_to=performer,
    )
    line = WorkOrderLine.objects.create(
        work_order=order, position=1, material=material, quantity=2, unit_price=Decimal(100)
    )
    key, _text = ApiKey.make(organization, name=f"Tavla {mark}", scope="write", by=performer)
    return {
        "api-keys": key,
        "organization": organization,
        "performer": performer,
        "status": status,
        "line": line,
        "customers": customer,
        "contact-persons": ContactPerson.objects.create(customer=customer, first_name=mark),
        "work-sites": WorkSite.objects.create(customer=customer, name=f"Källaren {mark}"),
        "materials": material,
        "hour-types": HourType.objects.create(organization=organization, number="A1", name=f"Tid {mark}", unit="h"),
        "projects": Project.objects.create(organization=organization, number="25", name=f"Projekt {mark}"),
        "work-orders": order,
    }


def records_of_the_books(connection: Connection, mark: str) -> dict[str, Model]:
    plan = Plan.objects.create(
        connection=connection,
        state=Plan.State.DONE,
        finished_at=timezone.now(),
        expires_at=timezone.now() + timedelta(hours=1),
    )
    entry = PlanEntry.objects.create(
        plan=plan, position=1, direction="in", kind="customers", action="create", label=f"Ny {mark}"
    )
    Hook.renew(connection)
    return {
        "plan": plan,
        "entry": entry,
        "books": connection,
        "hooks": connection,
        "invitations": Invitation.objects.create(
            organization=connection.organization,
            provider=connection.provider,
            connection=connection,
            made_by=connection.connected_by,
            secret_hash=hashed(f"link-{mark}"),
            expires_at=timezone.now() + timedelta(hours=1),
        ),
        "runs": Run.objects.create(connection=connection, stream="customers", problem=f"Stopp {mark}"),
        "rules": RepairRule.objects.create(
            organization=connection.organization, connection=connection, repair="terms", code="c", decision=mark
        ),
    }


def what_became_of(order: Model, connection: Connection, owner: User, mark: str) -> dict[str, Model]:
    """The work order's way to the books has stopped, and the customer is linked by a person's decision."""
    assert isinstance(order, WorkOrder)
    assert order.customer is not None
    operation = Operation.objects.create(
        organization=connection.organization,
        books=connection.pinned_books,
        kind="invoice_draft",
        business_key=f"work_order:{order.pk}:1",
        reference=f"REF-{mark}",
        local_model=order._meta.label,
        local_id=order.pk,
        local_label=str(order),
        state=Operation.State.BLOCKED,
        due_at=timezone.now(),
        problem=f"Stopp {mark}",
    )
    case = Case.objects.create(
        organization=connection.organization,
        connection=connection,
        code="remote_gone",
        subject_kind="work_order",
        subject_id=str(order.pk),
        subject_label=str(order),
        operation=operation,
        sentence=f"Stopp {mark}",
        found_by=mark,
    )
    link = {"books": connection.books, "kind": "customer", "remote_id": f"r-{mark}", "local_id": order.customer_id}
    Link.objects.create(**link, local_model=Customer._meta.label, remote_number=mark)
    decision = LinkDecision.objects.create(
        **link, local_model=Customer._meta.label, local_label=f"Kund {mark}", verdict="same", by=owner
    )
    return {"operations": operation, "inbox": case, "made": decision}
