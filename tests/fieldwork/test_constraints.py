"""What must never happen is refused by the database itself."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from fieldwork.models import (
    ContactPerson,
    Customer,
    HourType,
    Material,
    Membership,
    Organization,
    Project,
    WorkOrder,
    WorkOrderLine,
    WorkOrderStatus,
)
from tests.fieldwork.conftest import Firm


def refused(model: type, **fields: object) -> bool:
    """True when the database does not take the row."""
    try:
        with transaction.atomic():
            model.objects.create(**fields)
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(("model", "number"), [(Customer, "10001"), (Material, "R22"), (HourType, "A100")])
def test_a_number_is_used_once_per_firm(firm: Firm, stranger: Firm, model: type, number: str) -> None:
    assert refused(model, organization=firm.organization, number=number, name="En till")
    assert model.objects.filter(number=number).count() == 2


def test_project_and_work_order_numbers_are_used_once_per_firm(firm: Firm) -> None:
    order = firm.work_order()

    assert refused(Project, organization=firm.organization, number="25-001", name="En till")
    assert refused(
        WorkOrder, organization=firm.organization, number=order.number, title="En till", status=firm.statuses["planned"]
    )


def test_many_customers_may_have_no_number(firm: Firm) -> None:
    for _ in range(2):
        Customer.objects.create(organization=firm.organization, name="Utan nummer")


def test_a_person_has_one_role_per_firm(firm: Firm) -> None:
    assert refused(Membership, organization=firm.organization, user=firm.owner, role="performer")


def test_a_customer_has_one_reference_person(firm: Firm) -> None:
    ContactPerson.objects.create(customer=firm.customer, first_name="Eva", is_reference=True)
    ContactPerson.objects.create(customer=firm.customer, first_name="Bo")

    assert refused(ContactPerson, customer=firm.customer, first_name="Ulf", is_reference=True)


@pytest.mark.parametrize("flag", ["triggers_export", "set_after_success", "set_after_failure"])
def test_each_role_of_a_status_is_given_once_per_firm(firm: Firm, flag: str) -> None:
    assert refused(WorkOrderStatus, organization=firm.organization, name="En till", phase="completed", **{flag: True})


@pytest.mark.parametrize("flag", ["triggers_export", "set_after_success", "set_after_failure"])
@pytest.mark.parametrize("phase", ["open", "cancelled"])
def test_the_export_moves_work_orders_among_completed_statuses_only(db: None, flag: str, phase: str) -> None:
    organization = Organization.objects.create(name="Ny", slug="ny")

    assert refused(WorkOrderStatus, organization=organization, name="Fel", phase=phase, **{flag: True})


@pytest.mark.parametrize(
    ("kind", "references", "taken"),
    [
        ("material", {"material"}, True),
        ("hours", {"hour_type"}, True),
        ("text", set(), True),
        ("material", set(), False),
        ("material", {"hour_type"}, False),
        ("material", {"material", "hour_type"}, False),
        ("hours", {"material"}, False),
        ("hours", set(), False),
        ("text", {"material"}, False),
        ("text", {"hour_type"}, False),
    ],
)
def test_a_line_refers_to_what_its_kind_says(firm: Firm, kind: str, references: set[str], taken: bool) -> None:
    order = firm.work_order()
    items = {name: getattr(firm, name) for name in references}

    assert refused(WorkOrderLine, work_order=order, kind=kind, **items) is not taken


def test_records_of_another_firm_are_refused_on_a_work_order(firm: Firm, stranger: Firm) -> None:
    order = firm.work_order(customer=stranger.customer)

    with pytest.raises(ValidationError) as refusal:
        order.full_clean()

    assert set(refusal.value.message_dict) == {"customer"}


def test_a_line_with_another_firms_material_is_refused(firm: Firm, stranger: Firm) -> None:
    line = firm.work_order().lines.first()
    line.material = stranger.material

    with pytest.raises(ValidationError) as refusal:
        line.full_clean()

    assert set(refusal.value.message_dict) == {"material"}


def test_a_work_site_of_another_customer_is_refused(firm: Firm) -> None:
    other = Customer.objects.create(organization=firm.organization, name="En annan")
    order = firm.work_order(customer=other, work_site=firm.work_site)

    with pytest.raises(ValidationError) as refusal:
        order.full_clean()

    assert set(refusal.value.message_dict) == {"work_site"}


def test_a_firm_goes_with_everything_that_is_its_own(firm: Firm, stranger: Firm) -> None:
    firm.work_order(work_site=firm.work_site, project=firm.project)
    kept = stranger.work_order()

    firm.organization.delete()

    assert list(WorkOrder.objects.all()) == [kept]
    assert list(Customer.objects.all()) == [stranger.customer]
