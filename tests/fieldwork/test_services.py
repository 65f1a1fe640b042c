"""The steps of a work order, and how new records are numbered."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import transaction

from fieldwork.models import Customer, WorkOrder, WorkOrderLine
from fieldwork.services import (
    WorkOrderRefused,
    change_work_order,
    complete_work_order,
    create_work_order,
    next_number,
    next_numbers,
    reopen_work_order,
    set_status,
)
from fieldwork.signals import work_order_completed
from tests.fieldwork.conftest import Firm


@pytest.fixture
def heard() -> Iterator[list[tuple[WorkOrder, int, bool]]]:
    """What the domain signal told: the work order, its revision, and whether a transaction was open."""
    calls: list[tuple[WorkOrder, int, bool]] = []

    def listen(work_order: WorkOrder, **_: object) -> None:
        inside = transaction.get_connection().in_atomic_block
        calls.append((work_order, work_order.revision, inside))

    work_order_completed.connect(listen)
    yield calls
    work_order_completed.disconnect(listen)


@pytest.mark.django_db(transaction=True)
def test_completion_sets_status_person_and_time_and_tells_it_inside_the_transaction(firm: Firm, heard: list) -> None:
    order = firm.work_order()

    assert complete_work_order(order, by=firm.performer) is True

    stored = WorkOrder.objects.get(pk=order.pk)
    assert (stored.status, stored.completed_by) == (firm.statuses["done"], firm.performer)
    assert stored.is_completed
    assert heard == [(order, 1, True)]


def test_completing_twice_tells_it_once(firm: Firm, heard: list) -> None:
    order = firm.work_order()
    same_order_elsewhere = WorkOrder.objects.get(pk=order.pk)

    assert complete_work_order(order, by=firm.performer) is True
    assert complete_work_order(same_order_elsewhere, by=firm.owner) is False

    assert len(heard) == 1
    assert WorkOrder.objects.get(pk=order.pk).completed_by == firm.performer


def test_a_cancelled_work_order_is_not_completed(firm: Firm, heard: list) -> None:
    order = firm.work_order(status=firm.statuses["cancelled"])

    with pytest.raises(WorkOrderRefused, match="1001"):
        complete_work_order(order, by=firm.owner)

    assert heard == []
    assert not WorkOrder.objects.get(pk=order.pk).is_completed


@pytest.mark.django_db(transaction=True)
def test_a_receiver_that_fails_undoes_the_completion(firm: Firm) -> None:
    order = firm.work_order()

    def fail(**_: object) -> None:
        raise RuntimeError("the outbox is full")

    work_order_completed.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            complete_work_order(order, by=firm.owner)
    finally:
        work_order_completed.disconnect(fail)

    stored = WorkOrder.objects.get(pk=order.pk)
    assert (stored.is_completed, stored.status) == (False, firm.statuses["planned"])


def test_without_a_trigger_the_first_completed_status_is_set(firm: Firm) -> None:
    firm.statuses["done"].delete()
    order = firm.work_order()

    complete_work_order(order, by=None)

    assert order.status == firm.statuses["invoiced"]


def test_reopening_raises_the_revision_so_that_the_next_completion_is_new(firm: Firm, heard: list) -> None:
    order = firm.work_order()
    complete_work_order(order, by=firm.owner)

    assert reopen_work_order(order) is True
    assert (order.revision, order.status, order.is_completed) == (2, firm.statuses["planned"], False)
    assert reopen_work_order(order) is False
    complete_work_order(order, by=firm.owner)

    assert [revision for _, revision, _ in heard] == [1, 2]


def test_reopening_a_cancelled_work_order_keeps_its_revision(firm: Firm) -> None:
    order = firm.work_order(status=firm.statuses["cancelled"])

    assert reopen_work_order(order) is True

    assert (order.revision, order.status) == (1, firm.statuses["planned"])


def test_moving_to_a_completed_status_is_a_completion(firm: Firm, heard: list) -> None:
    order = firm.work_order()

    set_status(order, firm.statuses["invoiced"], firm.owner)

    assert (order.status, order.completed_by, len(heard)) == (firm.statuses["invoiced"], firm.owner, 1)


def test_moving_between_completed_statuses_is_no_new_completion(firm: Firm, heard: list) -> None:
    order = firm.work_order()
    complete_work_order(order, by=firm.performer)
    completed_at = order.completed_at

    assert set_status(order, firm.statuses["stuck"], None) is True
    assert set_status(order, firm.statuses["stuck"], None) is False

    assert (order.completed_at, order.completed_by, len(heard)) == (completed_at, firm.performer, 1)


def test_moving_a_completed_work_order_to_an_open_status_reopens_it(firm: Firm) -> None:
    order = firm.work_order()
    complete_work_order(order, by=firm.owner)

    set_status(order, firm.statuses["started"], firm.owner)

    assert (order.revision, order.status, order.is_completed) == (2, firm.statuses["started"], False)


def test_a_completed_work_order_is_not_cancelled(firm: Firm) -> None:
    order = firm.work_order()
    complete_work_order(order, by=firm.owner)

    with pytest.raises(WorkOrderRefused):
        set_status(order, firm.statuses["cancelled"], firm.owner)

    assert WorkOrder.objects.get(pk=order.pk).status == firm.statuses["done"]


def test_another_firms_status_is_refused(firm: Firm, stranger: Firm) -> None:
    order = firm.work_order()

    with pytest.raises(WorkOrderRefused):
        set_status(order, stranger.statuses["started"], firm.owner)


def test_the_total_is_the_sum_of_lines_each_rounded_half_up(firm: Firm) -> None:
    order = firm.work_order()
    order.lines.update(quantity=Decimal("0.5"), unit_price=Decimal("10.01"), discount_percent=Decimal("0"))

    assert [line.amount for line in order.lines.all()] == [Decimal("5.01"), Decimal("5.01")]
    assert order.total == Decimal("10.02")


def test_a_price_with_vat_becomes_a_net_price(firm: Firm) -> None:
    firm.material.price, firm.material.price_includes_vat = Decimal("125"), True

    assert firm.material.net_price == Decimal("100.0000")


def test_numbers_count_on_from_the_highest_of_the_firm_and_skip_codes(firm: Firm, stranger: Firm) -> None:
    for number in ("9", "10", "A-77", "7310990187128"):
        Customer.objects.create(organization=firm.organization, number=number, name=number)
    Customer.objects.filter(number="10001").update(number="")

    with transaction.atomic():
        assert next_number(firm.organization, Customer) == "11"
        assert next_numbers(firm.organization, Customer, count=3) == ["11", "12", "13"]
        assert next_number(stranger.organization, Customer) == "1"


def test_a_new_work_order_gets_number_status_and_lines(firm: Firm) -> None:
    firm.work_order(number="41")
    order = WorkOrder(organization=firm.organization, title="Nytt")

    create_work_order(order, lines=[WorkOrderLine(kind="text", text="Hej", position=1)])

    assert (order.number, order.status) == ("42", firm.statuses["planned"])
    assert [line.text for line in order.lines.all()] == ["Hej"]


def test_changed_added_and_removed_lines_are_saved_and_others_stay(firm: Firm) -> None:
    order = firm.work_order()
    pipes, hours = order.lines.all()
    by_a_colleague = WorkOrderLine.objects.create(work_order=order, kind="text", text="Från en kollega", position=9)
    pipes.quantity = Decimal("7")
    order.title = "Byt två kranar"

    change_work_order(
        order,
        fields=["title"],
        lines=[pipes, WorkOrderLine(kind="text", text="Ny", position=3)],
        removed=[hours],
    )

    assert WorkOrder.objects.get(pk=order.pk).title == "Byt två kranar"
    assert [(line.text, line.quantity) for line in order.lines.all()] == [
        ("", Decimal("7.0000")),
        ("Ny", Decimal("0.0000")),
        (by_a_colleague.text, Decimal("0.0000")),
    ]


def test_a_work_order_that_was_completed_meanwhile_is_not_changed(firm: Firm) -> None:
    order = firm.work_order()
    open_in_a_form = WorkOrder.objects.get(pk=order.pk)
    complete_work_order(order, by=firm.owner)
    open_in_a_form.title = "För sent"

    with pytest.raises(WorkOrderRefused, match="1001"):
        change_work_order(open_in_a_form, fields=["title"], lines=[], removed=list(order.lines.all()))

    stored = WorkOrder.objects.get(pk=order.pk)
    assert (stored.title, stored.lines.count(), stored.is_completed) == ("Byt kran", 2, True)
