"""A firm at work with an accounting system's stand-in over HTTP, and the accountant over there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import time_machine
from django.test import Client
from django.utils import timezone

from accounting.sandbox import Deed
from fieldwork.models import Customer, Material, Organization, User, WorkOrder, WorkOrderLine, WorkOrderStatus
from fieldwork.services import complete_work_order
from integrations.auditing.reconciling import Result
from integrations.connections import open_ledger
from integrations.models import Answer, Attempt, Connection, Link, Operation
from integrations.pipelines import PIPELINES
from integrations.tasks import Turn, take_turn
from tests.integrations.connecting.standing_in import Service
from tests.integrations.connecting.steps import connected

READS = ("GET", "HEAD")
Reconcile = Callable[..., Result]


@dataclass(kw_only=True)
class FirmAtWork:
    """One firm, connected to the stand-in, with its books read."""

    service: Service
    connection: Connection
    owner: User

    @property
    def organization(self) -> Organization:
        return self.connection.organization

    def turn(self, *, full: bool = False) -> Turn:
        """Reads every stream and sends what is due."""
        return take_turn(self.connection, streams=list(PIPELINES), full=full)

    def finish(self, count: int, *, first: int = 1) -> list[WorkOrder]:
        """Completed work orders, `first` the number of the first one. A third is for customers and with
        materials that the books do not know yet."""
        customers = list(self.customers_in_books()[:20])
        materials = list(Material.objects.filter(organization=self.organization, pk__in=self.linked("article"))[:20])
        orders = []
        for number in range(first, first + count):
            is_new = number % 3 == 0
            customer = self.new_customer(number) if is_new else customers[number % len(customers)]
            material = self.new_material(number) if is_new else materials[number % len(materials)]
            orders.append(self.new_order(number, customer, material))
        for order in orders:
            complete_work_order(order, by=self.owner)
        return orders

    def customers_in_books(self) -> Any:
        linked = Customer.objects.filter(organization=self.organization, pk__in=self.linked("customer"))
        return linked.filter(country="SE", currency="SEK", is_company=True).order_by("number")

    def linked(self, kind: str) -> list[Any]:
        return list(Link.objects.filter(books=self.connection.books, kind=kind).values_list("local_id", flat=True))

    def new_customer(self, number: int) -> Customer:
        return Customer.objects.create(
            organization=self.organization,
            name=f"Bostadsrättsföreningen Ek {number}",
            email=f"styrelsen@ek{number}.example",
            street="Ekvägen 1",
            postcode="123 45",
            city="Solna",
        )

    def new_material(self, number: int) -> Material:
        return Material.objects.create(
            organization=self.organization, number=f"NY{number}", name=f"Pipe {number} mm", unit="st", price=Decimal(25)
        )

    def new_order(self, number: int, customer: Customer, material: Material) -> WorkOrder:
        order = WorkOrder.objects.create(
            organization=self.organization,
            number=str(number),
            customer=customer,
            title=f"Job {number}",
            status=self.first_status(),
        )
        WorkOrderLine.objects.create(
            work_order=order,
            kind=WorkOrderLine.Kind.MATERIAL,
            material=material,
            text=material.name,
            quantity=Decimal(2),
            unit=material.unit,
            unit_price=Decimal("100.00"),
        )
        return order

    def first_status(self) -> WorkOrderStatus:
        return WorkOrderStatus.objects.get(organization=self.organization, name="planned")

    # --- what is over there ---

    def deeds(self, *kinds: str) -> list[Deed]:
        """What we created over there and is still there."""
        there = [each for each in self.service.stand_in.deeds() if each.removed_at is None]
        return [each for each in there if not kinds or each.kind in kinds]

    def operations(self) -> Any:
        return Operation.objects.filter(books=self.connection.books, kind__in=["invoice_draft", "sales_order"])

    def accountant(self, action: str, remote_id: str, **values: Any) -> list[dict[str, Any]]:
        """Does something with a document of ours over there: convert, remove, copy, change."""
        kind = next(each.kind for each in self.service.stand_in.deeds() if each.id == remote_id)
        order = {"resource": kind, "action": action, "id": remote_id, "values": values}
        return self.service.stand_in.change_records(order)["records"]

    def writes(self) -> list[str]:
        """Everything that was asked of the accounting system and the login server, and is no reading."""
        entries = self.service.stage.journal.entries()
        return [f"{entry.method} {entry.path}" for entry in entries if entry.method not in READS]

    # --- disasters ---

    def lose_links(self) -> None:
        Attempt.objects.all().delete()
        Operation.objects.all().delete()
        Link.objects.all().delete()


def at_work(browser: Client, service: Service, owner: User) -> FirmAtWork:
    """Connected through the pages, every question answered with the first choice, everything read."""
    connection = connected(browser, service)
    ledger = open_ledger(connection)
    Answer.objects.bulk_create(
        Answer(connection=connection, question=question.key, value=choice.value, label=choice.label)
        for question in connection.ledger_provider.questions
        for choice in list(ledger.choices(question.key) if question.has_choices else ())[:1]
    )
    connection.settings.saved_at = timezone.now()
    connection.settings.save()
    firm = FirmAtWork(service=service, connection=connection, owner=owner)
    turn = firm.turn()
    assert all(run.state == "done" for run in turn.runs), [(run.stream, run.problem) for run in turn.runs]
    return firm


def links_of(connection: Connection) -> set[tuple[str, str, str, str]]:
    """Every link: kind, theirs, our model and ours."""
    rows = Link.objects.filter(books=connection.books).values_list("kind", "remote_id", "local_model", "local_id")
    return {(kind, remote_id, model, str(local_id)) for kind, remote_id, model, local_id in rows}


def later(**time: int) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(**time))
