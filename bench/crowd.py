"""A firm with very many records, written as fast as the database takes them: what pages are measured with."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from django.db.models import Model
from django.utils import timezone

from accounting.models import Books
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
from integrations.linking.kept import compare_again
from integrations.models import (
    Case,
    Change,
    Connection,
    Link,
    LinkDecision,
    Operation,
    Plan,
    PlanEntry,
    RepairRule,
    Run,
)

# Work orders with lines, and of the completed ones those with an operation: the newest.
WITH_LINES, EXPORTED = 5_000, 4_000
LINES = 3
# Of what is fewer than customers and work orders, and still more than one page of a list.
MANY = 300
BATCH = 500


def fill(connection: Connection, *, count: int, by: User) -> None:
    """`count` customers and as many work orders, and `MANY` of everything else, for the connection's organization, as
    a worker leaves them after a read.

    Every second work order is completed; the first of these have an operation that is done, waits, stopped with a
    case, or is in doubt.
    """
    firm = connection.organization
    statuses = list(WorkOrderStatus.objects.filter(organization=firm).order_by("position"))
    customers = add_customers(firm, connection.pinned_books, count)
    materials, projects = add_catalogue(firm, customers)
    orders = add_work_orders(firm, customers, projects, statuses, by=by, count=count)
    add_lines(orders[:WITH_LINES], materials)
    add_people(customers[0])
    add_exports(connection, orders[:EXPORTED:2])
    add_history(connection, customers[0], by=by)
    compare_again(connection.pk)


def write(rows: list[Any]) -> list[Any]:
    model: type[Model] = type(rows[0])
    return model._default_manager.bulk_create(rows, batch_size=BATCH)


def add_customers(firm: Organization, books: Books, count: int) -> list[Customer]:
    customers = write(
        [
            Customer(
                id=uuid5(NAMESPACE_OID, f"{firm.pk}{n}"),
                organization=firm,
                number=f"K{n:06}",
                name=f"Fastighetsbolaget nummer {n} AB",
                organisation_number=f"55{n:08}",
                email=f"kund{n}@kunder.example",
                street=f"Gatan {n}",
                postcode="411 01",
                city="Göteborg",
            )
            for n in range(count)
        ]
    )
    # Every tenth is not in the books yet.
    write(
        [
            Link(
                books=books,
                kind="customer",
                remote_id=f"c{n}",
                remote_number=each.number,
                local_model=each._meta.label,
                local_id=each.pk,
            )
            for n, each in enumerate(customers)
            if n % 10
        ]
    )
    return customers


def add_catalogue(firm: Organization, customers: list[Customer]) -> tuple[list[Material], list[Project]]:
    materials = write(
        [Material(organization=firm, number=f"M{n}", name=f"Rör {n} mm", unit="m", price=n) for n in range(MANY)]
    )
    write([HourType(organization=firm, number=f"T{n}", name=f"Tid {n}", unit="tim", price=n) for n in range(MANY)])
    projects = write(
        [
            Project(organization=firm, number=f"P{n}", name=f"Stambyte {n}", customer=customers[n % len(customers)])
            for n in range(MANY)
        ]
    )
    return materials, projects


def add_work_orders(
    firm: Organization,
    customers: list[Customer],
    projects: list[Project],
    statuses: list[WorkOrderStatus],
    *,
    by: User,
    count: int,
) -> list[WorkOrder]:
    """Those of even places are completed. Every hundredth is the first customer's."""
    now, today = timezone.now(), timezone.localdate()
    done = next(each for each in statuses if each.triggers_export)
    return write(
        [
            WorkOrder(
                organization=firm,
                number=f"A{n:06}",
                title=f"Byte av radiator {n}",
                customer=customers[0] if n % 100 == 0 else customers[n % len(customers)],
                project=projects[n % MANY],
                status=done if n % 2 == 0 else statuses[0],
                completed_at=now - timedelta(hours=n) if n % 2 == 0 else None,
                completed_by=by if n % 2 == 0 else None,
                assigned_to=by,
                ordered_on=today - timedelta(days=n % 700),
            )
            for n in range(count)
        ]
    )


def add_lines(orders: list[WorkOrder], materials: list[Material]) -> None:
    write(
        [
            WorkOrderLine(
                work_order=order,
                position=line,
                material=materials[(n + line) % MANY],
                text=f"Rör {line}",
                quantity=2,
                unit="m",
                unit_price=Decimal("89.5"),
            )
            for n, order in enumerate(orders)
            for line in range(LINES)
        ]
    )


def add_people(customer: Customer) -> None:
    write([ContactPerson(customer=customer, first_name=f"Eva {n}", email=f"eva{n}@e.example") for n in range(MANY)])
    write([WorkSite(customer=customer, name=f"Trapphus {n}") for n in range(MANY)])


STATES = (Operation.State.DONE, Operation.State.QUEUED, Operation.State.BLOCKED, Operation.State.IN_DOUBT)


def add_exports(connection: Connection, orders: list[WorkOrder]) -> None:
    now = timezone.now()
    operations = write(
        [
            Operation(
                organization=connection.organization,
                books=connection.pinned_books,
                kind="invoice_draft",
                business_key=f"work_order:{order.pk}:1",
                reference=f"FL-{order.number}",
                local_model=order._meta.label,
                local_id=order.pk,
                local_label=str(order),
                state=STATES[n % 4],
                due_at=now,
                sent_at=now,
                doubt_since=now,
                remote_id=f"d{n}",
                remote_number=str(n),
                currency="SEK",
                total=n,
                done_at=now,
            )
            for n, order in enumerate(orders)
        ]
    )
    stopped = [each for each in operations if each.state == Operation.State.BLOCKED][:MANY]
    write([case_of(connection, each) for each in stopped])
    add_plan(connection, orders)


def case_of(connection: Connection, operation: Operation) -> Case:
    return Case(
        organization=connection.organization,
        connection=connection,
        code="postcode_missing",
        subject_kind="work_order",
        subject_id=str(operation.local_id),
        subject_label=operation.local_label,
        operation=operation,
        where="customer",
        field="postcode",
        sentence="The customer has no postcode.",
        found_by=operation.local_label,
    )


def add_plan(connection: Connection, orders: list[WorkOrder]) -> None:
    now = timezone.now()
    plan = Plan.objects.create(
        connection=connection, state=Plan.State.DONE, finished_at=now, expires_at=now + Plan.GOOD_FOR
    )
    write(
        [
            PlanEntry(
                plan=plan,
                position=n,
                direction="out",
                kind="invoice_draft",
                action=("create", "update", "skip", "blocked")[n % 4],
                label=str(order),
                local_model=order._meta.label,
                local_id=order.pk,
                total=n,
                currency="SEK",
            )
            for n, order in enumerate(orders[:MANY])
        ]
    )


def add_history(connection: Connection, customer: Customer, *, by: User) -> None:
    """What has happened: runs, decisions, rules, and a customer that was changed often."""
    books, label = connection.pinned_books, customer._meta.label
    write(
        [
            Run(connection=connection, stream="customers", state=Run.State.DONE, read=n, total=n, asked_by=by)
            for n in range(MANY)
        ]
    )
    write(
        [
            LinkDecision(
                books=books,
                kind="customer",
                remote_id=f"x{n}",
                local_model=label,
                local_id=uuid5(NAMESPACE_OID, f"{books.pk}{n}"),
                local_label=f"Kund {n}",
                verdict="same",
                by=by,
            )
            for n in range(MANY)
        ]
    )
    write(
        [
            RepairRule(
                organization=connection.organization,
                connection=connection,
                repair="terms",
                code="terms_unknown",
                mark=str(n),
                decision=str(n),
                by=by,
            )
            for n in range(MANY)
        ]
    )
    write(
        [
            Change(
                organization=connection.organization,
                books=books,
                subject_id=customer.pk,
                local_model=label,
                local_id=customer.pk,
                label=customer.name,
                source="here",
                fields={"city": ["Göteborg", "Malmö"]},
                by=by,
            )
            for n in range(MANY)
        ]
    )
