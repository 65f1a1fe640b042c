"""The demo firm: complete, believable, and the same after a second call."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db.models import Count
from stdnum.se import orgnr, personnummer

from fieldwork import models
from fieldwork.demo import DemoFirm, complete_demo_work_orders, create_demo_firm
from fieldwork.models import Customer, HourType, Material, Membership, Project, User, WorkOrder, WorkOrderLine
from fieldwork.services import reopen_work_order

ALL_MODELS = [
    models.Organization,
    models.Membership,
    models.User,
    models.Customer,
    models.ContactPerson,
    models.WorkSite,
    models.Material,
    models.HourType,
    models.Project,
    models.WorkOrderStatus,
    models.WorkOrder,
    models.WorkOrderLine,
]


@pytest.fixture
def demo(db: None) -> DemoFirm:
    return create_demo_firm()


def everything() -> dict[str, list[tuple]]:
    """Every value of every row of the field work."""
    return {model.__name__: list(model.objects.order_by("pk").values_list()) for model in ALL_MODELS}


def test_the_firm_has_people_in_every_role_who_can_sign_in(demo: DemoFirm) -> None:
    roles = Membership.objects.for_organization(demo.organization).values_list("role").annotate(Count("pk"))

    assert (demo.organization.name, demo.organization.slug) == ("Bergström & Lind Rör och El AB", "bergstrom-lind")
    assert dict(roles.order_by()) == {"owner": 1, "coordinator": 1, "performer": 6}
    assert authenticate(username="karin", password="demo") == demo.people["karin"]


def test_there_is_enough_of_everything(demo: DemoFirm) -> None:
    assert Customer.objects.filter(is_company=True).count() >= 30
    assert Customer.objects.filter(is_company=False).count() >= 15
    assert Material.objects.count() >= 60
    assert HourType.objects.count() == 6
    assert Project.objects.count() == 12
    assert WorkOrder.objects.count() >= 30


def test_a_second_call_changes_nothing(demo: DemoFirm) -> None:
    complete_demo_work_orders(demo)
    before = everything()

    again = create_demo_firm()

    assert complete_demo_work_orders(again) == []
    assert everything() == before


def test_what_the_books_changed_is_not_made_again(demo: DemoFirm) -> None:
    customer = Customer.objects.get(name="Hisingens Bageri och Konditori")
    Customer.objects.filter(pk=customer.pk).update(number="10012", name="Hisingens Bageri & Konditori AB")
    before = everything()

    create_demo_firm()

    assert everything() == before


def test_a_removed_record_comes_back(demo: DemoFirm) -> None:
    WorkOrder.objects.get(number="1187").delete()

    create_demo_firm()

    assert WorkOrder.objects.get(number="1187").lines.count() == 4


def test_completion_leaves_work_orders_in_every_status(demo: DemoFirm) -> None:
    completed = complete_demo_work_orders(demo)

    statuses = dict(WorkOrder.objects.order_by().values_list("status__name").annotate(Count("pk")))
    assert set(statuses) == {"Planerad", "Pågående", "Klar", "Fakturerad", "Behöver åtgärd", "Avbruten"}
    assert statuses["Klar"] == len(completed) >= 12
    assert all(order.completed_by == order.assigned_to for order in completed)


def test_a_work_order_that_somebody_opened_again_stays_open(demo: DemoFirm) -> None:
    complete_demo_work_orders(demo)
    order = WorkOrder.objects.get(number="1187")
    reopen_work_order(order)

    assert complete_demo_work_orders(demo) == []


def test_some_finished_work_needs_somebody(demo: DemoFirm) -> None:
    finished = {order.number: order for order in complete_demo_work_orders(demo)}

    assert any(order.customer.postcode == "" for order in finished.values())
    assert [order.number for order in finished.values() if order.total == Decimal("0.00")] == ["1188"]


def test_organisation_and_personal_numbers_are_valid(demo: DemoFirm) -> None:
    for customer in Customer.objects.exclude(organisation_number=""):
        check = orgnr if customer.is_company else personnummer
        check.validate(customer.organisation_number)


def test_every_record_passes_its_own_rules(demo: DemoFirm) -> None:
    wrong = []
    for model in (Customer, Material, HourType, Project, WorkOrder, WorkOrderLine, User):
        for record in model.objects.all():
            try:
                record.full_clean()
            except ValidationError as error:
                wrong.append((record, error))

    assert wrong == []
