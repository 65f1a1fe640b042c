"""Programs push work orders in, complete them and open them again, as people do on the pages."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import pytest

from fieldwork.models import WorkOrder
from fieldwork.services import complete_work_order
from fieldwork.signals import work_order_completed
from tests.fieldwork.api.conftest import errors_in, kind_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(firm):
    return {
        "title": "Byt blandare",
        "customer": str(firm.customer.pk),
        "work_site": str(firm.work_site.pk),
        "project": str(firm.project.pk),
        "assigned_to": str(firm.performer.pk),
        "external_id": "JOB-77",
        "planned_on": "2026-11-24",
        "lines": [
            {"item": "R22", "quantity": "2.5"},
            {"kind": "hours", "item": "A100", "quantity": "3.25", "performed_by": str(firm.performer.pk)},
            {"kind": "text", "text": "Nyckel hos grannen"},
        ],
    }


def test_a_work_order_is_added_with_its_lines_from_the_catalogue(caller, firm, body):
    answer = caller.post("/work-orders", body)

    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert {name: told[name] for name in body if name != "lines"} == {
        name: value for name, value in body.items() if name != "lines"
    }
    assert told["status"] == {"name": "planned", "phase": "open"}
    assert [(line["item"], line["text"], line["unit"], line["amount"]) for line in told["lines"]] == [
        ("R22", "Rör hos rorfirman", "m", "420.00"),
        ("A100", "Tid hos rorfirman", "tim", "2258.75"),
        ("", "Nyckel hos grannen", "", "0.00"),
    ]
    assert told["total"] == "2678.75"
    assert WorkOrder.objects.get(external_id="JOB-77").number == told["number"] == "1"


def test_everything_wrong_is_said_at_once_and_nothing_saved(caller, firm, stranger):
    answer = caller.post(
        "/work-orders",
        {
            "customer": str(stranger.customer.pk),
            "lines": [{"item": "R22", "quantity": "1"}, {"item": "R99", "quantity": "1"}, {}, {"kind": "text"}],
        },
    )

    assert (answer.status_code, kind_of(answer)) == (422, "invalid")
    assert set(errors_in(answer)) == {
        "#/title",
        "#/customer",
        "#/lines/1/item",
        "#/lines/2/item",
        "#/lines/3/text",
    }
    assert not WorkOrder.objects.exists()


def test_a_work_site_of_another_customer_is_refused(caller, firm, stranger, body):
    answer = caller.post("/work-orders", body | {"work_site": str(stranger.work_site.pk)})

    assert set(errors_in(answer)) == {"#/work_site"}


def test_lines_that_are_given_are_all_lines(caller, firm):
    order = firm.work_order()
    first, second = order.lines.all()

    answer = caller.patch(
        f"/work-orders/{order.pk}",
        {"lines": [{"kind": "text", "text": "Först"}, {"id": str(second.pk), "kind": "hours", "quantity": "4"}]},
    )

    assert answer.status_code == 200, answer.content
    kept = [(line["id"], line["quantity"], line["unit_price"]) for line in answer.json()["lines"]]
    assert kept[1] == (str(second.pk), "4.0000", "650.0000")
    assert len(kept) == 2
    assert not order.lines.filter(pk=first.pk).exists()


def test_lines_stay_when_only_the_rest_changes(caller, firm):
    order = firm.work_order()
    before = [line.pk for line in order.lines.all()]

    answer = caller.patch(f"/work-orders/{order.pk}", {"description": "Ring först", "external_id": "J-1"})

    assert (answer.json()["description"], answer.json()["external_id"]) == ("Ring först", "J-1")
    assert [line.pk for line in order.lines.all()] == before


def test_a_line_of_another_work_order_is_not_taken(caller, firm):
    order, other = firm.work_order(), firm.work_order(number="1002")
    line = other.lines.first()
    given = {"id": str(line.pk), "item": "R22", "quantity": "9"}

    foreign = caller.patch(f"/work-orders/{order.pk}", {"lines": [given]})
    own = {"id": str(order.lines.first().pk), "item": "R22", "quantity": "9"}
    twice = caller.patch(f"/work-orders/{order.pk}", {"lines": [own, own]})

    assert errors_in(foreign) == {"#/lines/0/id": "unknown"}
    assert errors_in(twice) == {"#/lines/1/id": "unknown"}
    line.refresh_from_db()
    assert (line.work_order, line.quantity) == (other, Decimal(2))


def test_completing_goes_through_the_one_door(caller, firm):
    order, told = firm.work_order(), []
    listener = lambda work_order, by, **_more: told.append((work_order.pk, by))  # noqa: E731
    work_order_completed.connect(listener)
    try:
        first = caller.post(f"/work-orders/{order.pk}/complete")
        second = caller.post(f"/work-orders/{order.pk}/complete")
    finally:
        work_order_completed.disconnect(listener)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json()["status"] == {"name": "done", "phase": "completed"}
    assert first.json()["completed_at"].endswith("Z")
    assert told == [(order.pk, firm.owner)]


def test_what_is_completed_must_be_opened_again_before_it_changes(caller, firm):
    order = firm.work_order()
    complete_work_order(order, by=firm.owner)

    refused = caller.patch(f"/work-orders/{order.pk}", {"title": "Nytt"})
    opened = caller.post(f"/work-orders/{order.pk}/reopen")
    changed = caller.patch(f"/work-orders/{order.pk}", {"title": "Nytt"})

    assert (refused.status_code, kind_of(refused)) == (409, "conflict")
    assert (opened.json()["revision"], opened.json()["status"]["phase"]) == (2, "open")
    assert changed.json()["title"] == "Nytt"


def test_a_cancelled_work_order_is_not_completed(caller, firm):
    order = firm.work_order(status=firm.statuses["cancelled"])

    answer = caller.post(f"/work-orders/{order.pk}/complete")

    assert (answer.status_code, kind_of(answer)) == (409, "conflict")
    assert "cancelled" in answer.json()["detail"]


def test_work_orders_are_listed_by_phase(caller, firm):
    complete_work_order(firm.work_order(), by=None)
    firm.work_order(number="1002")

    numbers = {
        phase: [each["number"] for each in caller.get(f"/work-orders?phase={phase}").json()["items"]]
        for phase in ("open", "completed", "cancelled")
    }

    assert numbers == {"open": ["1002"], "completed": ["1001"], "cancelled": []}


def test_people_are_those_who_can_be_named(caller, firm, stranger):
    people = {each["id"] for each in caller.get("/people").json()}

    assert people == {str(each.pk) for each in (firm.owner, firm.coordinator, firm.performer)}
    refused = caller.post("/work-orders", {"title": "X", "assigned_to": str(stranger.performer.pk)})
    assert set(errors_in(refused)) == {"#/assigned_to"}


def test_a_work_order_that_never_was_is_not_found(caller):
    for answer in (caller.get(f"/work-orders/{uuid4()}"), caller.post(f"/work-orders/{uuid4()}/complete")):
        assert (answer.status_code, kind_of(answer)) == (404, "not-found")
