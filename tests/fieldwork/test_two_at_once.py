"""Several people press at the same moment: what must hold then."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import connection

from fieldwork.models import WorkOrder
from fieldwork.services import complete_work_order, create_work_order
from fieldwork.signals import work_order_completed
from tests.fieldwork.conftest import Firm

Result = TypeVar("Result")
AT_ONCE = 6

pytestmark = pytest.mark.django_db(transaction=True)


def together(step: Callable[[int], Result]) -> list[Result]:
    """What each of several threads got that started the step at the same moment."""
    start = Barrier(AT_ONCE)

    def run(number: int) -> Result:
        start.wait()
        try:
            return step(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(run, range(AT_ONCE)))


def test_of_simultaneous_completions_one_counts(firm: Firm) -> None:
    order = firm.work_order()
    heard: list[int] = []

    def listen(**_: object) -> None:
        heard.append(1)

    work_order_completed.connect(listen)
    try:
        completed = together(lambda _: complete_work_order(WorkOrder.objects.get(pk=order.pk), by=None))
    finally:
        work_order_completed.disconnect(listen)

    assert sorted(completed) == [False] * (AT_ONCE - 1) + [True]
    assert heard == [1]


def test_simultaneous_new_work_orders_get_different_numbers(firm: Firm) -> None:
    def create(_: int) -> str:
        order = WorkOrder(organization=firm.organization, title="Samtidigt")
        create_work_order(order, lines=[])
        return order.number

    assert sorted(together(create), key=int) == [str(number) for number in range(1, AT_ONCE + 1)]
