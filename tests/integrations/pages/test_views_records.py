"""The books on the pages of the field work: panels, pills, and the buttons on them."""

from __future__ import annotations

import pytest
from django.db import models
from django.urls import reverse
from django.utils import timezone

from fieldwork.models import WorkOrder
from fieldwork.services import complete_work_order, reopen_work_order
from integrations.models import Operation

pytestmark = pytest.mark.django_db


def page_of(browser, record: models.Model) -> str:
    name = "work_order_detail" if isinstance(record, WorkOrder) else "customer_detail"
    return browser.get(reverse(f"fieldwork:{name}", args=[record.pk])).content.decode()


def press(browser, name: str, record: models.Model, **data: str):
    return browser.post(reverse(f"integrations:{name}", args=[record.pk]), data)


def operation_of(record: models.Model) -> Operation:
    return Operation.objects.filter(local_id=record.pk).latest("revision")


@pytest.fixture
def completed(connection, work_order, owner) -> WorkOrder:
    complete_work_order(work_order, by=owner)
    return work_order


def move(work_order: WorkOrder, state: str, **changes: object) -> Operation:
    Operation.objects.filter(local_id=work_order.pk).update(state=state, **changes)
    return operation_of(work_order)


# --- work orders ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "changes", "pill"),
    [
        ("queued", {}, '<span class="pill blue">Waiting</span>'),
        ("sending", {"sent_at": timezone.now()}, '<span class="pill blue">Sending</span>'),
        ("in_doubt", {"sent_at": timezone.now()}, '<span class="pill amber">In doubt, checking</span>'),
        ("blocked", {}, '<span class="pill red">Needs you</span>'),
        ("refused", {}, '<span class="pill red">Needs you</span>'),
        ("cancelled", {}, '<span class="pill grey">Do not send</span>'),
        (
            "done",
            {"remote_id": "d1", "remote_number": "1042", "stage": "draft"},
            '<span class="pill green">Draft 1042</span>',
        ),
        (
            "done",
            {"remote_id": "d1", "remote_number": "233", "stage": "order"},
            '<span class="pill green">Order 233</span>',
        ),
    ],
)
def test_a_work_order_shows_where_it_stands_in_one_word(browser, completed, state, changes, pill):
    move(completed, state, **changes)

    assert pill in page_of(browser, completed)
    assert pill in browser.get("/work-orders/").content.decode()


def test_a_sent_work_order_links_into_the_books(browser, completed):
    move(completed, "done", remote_id="d1", remote_number="1042", stage="draft")

    assert 'href="https://acme.example/draft/d1"' in page_of(browser, completed)


def test_an_open_work_order_says_when_it_goes(browser, connection, work_order):
    page = page_of(browser, work_order)

    assert "Not in the books" in page
    assert "Goes to Acme Books when the work order is completed" in page
    assert reverse("integrations:send_work_order", args=[work_order.pk]) not in page


def test_the_document_of_an_earlier_revision_stays_in_sight(browser, completed):
    move(completed, "done", remote_id="d1", remote_number="1042", stage="draft")
    reopen_work_order(completed)

    page = page_of(browser, completed)

    assert "Revision 1:" in page
    assert "Draft 1042" in page


def test_a_firm_without_books_sees_no_panel(browser, work_order):
    assert 'id="books"' not in page_of(browser, work_order)
    assert 'id="books"' not in page_of(browser, work_order.customer)


def test_send_queues_it_once_however_often_it_is_pressed(coordinator, connection, work_order, owner):
    connection.settings.export_work_orders = False
    connection.settings.save()
    complete_work_order(work_order, by=owner)
    assert reverse("integrations:send_work_order", args=[work_order.pk]) in page_of(coordinator, work_order)

    for _ in range(3):
        press(coordinator, "send_work_order", work_order)

    assert [each.state for each in Operation.objects.all()] == [Operation.State.QUEUED]
    assert operation_of(work_order).asked_by is not None


def test_what_was_completed_before_the_cut_off_date_is_released_one_by_one(browser, connection, work_order, owner):
    connection.settings.cut_off_date = timezone.localdate() + timezone.timedelta(days=1)
    connection.settings.save()
    complete_work_order(work_order, by=owner)

    page = page_of(browser, work_order)
    press(browser, "send_work_order", work_order)
    before = Operation.objects.count()
    press(browser, "release_work_order", work_order)

    assert "before the cut-off date" in page
    assert "Send all the same" in page
    assert (before, Operation.objects.count()) == (0, 1)


def test_do_not_send_shows_who_and_why_and_can_be_undone(browser, completed, owner):
    press(browser, "exclude_work_order", completed, reason="Warranty, <i>ours</i>")
    page = page_of(browser, completed)
    excluded = operation_of(completed).state

    press(browser, "include_work_order", completed)

    assert str(owner) in page
    assert "Warranty, &lt;i&gt;ours&lt;/i&gt;" in page
    assert (excluded, operation_of(completed).state) == (Operation.State.CANCELLED, Operation.State.QUEUED)


def test_do_not_send_asks_for_a_reason(browser, completed):
    press(browser, "exclude_work_order", completed, reason="  ")

    assert operation_of(completed).state == Operation.State.QUEUED


def test_what_was_sent_cannot_be_excluded_any_more(browser, completed):
    move(completed, "done", remote_id="d1", remote_number="1042", stage="draft")

    answer = press(browser, "exclude_work_order", completed, reason="Too late")

    assert operation_of(completed).state == Operation.State.DONE
    assert "sent already" in browser.get(answer["Location"]).content.decode()


def test_performers_see_the_state_and_no_buttons(performer, completed, owner):
    WorkOrder.objects.update(assigned_to=performer.session["_auth_user_id"])
    move(completed, "blocked")

    page = page_of(performer, completed)

    assert "Needs you" in page
    assert "Try again" not in page
    assert "Do not send" not in page


@pytest.mark.parametrize("name", ["send_work_order", "release_work_order", "exclude_work_order", "include_work_order"])
def test_what_goes_to_the_books_is_decided_by_the_office(performer, stranger, client, completed, name):
    before = operation_of(completed)

    assert press(performer, name, completed, reason="x").status_code == 403
    assert press(stranger, name, completed, reason="x").status_code == 404
    assert press(client, name, completed, reason="x").status_code == 302
    assert performer.get(reverse(f"integrations:{name}", args=[completed.pk])).status_code == 403
    assert (operation_of(completed).state, operation_of(completed).asked_by) == (before.state, before.asked_by)


def test_a_list_costs_one_statement_for_all_its_pills(browser, completed, django_assert_max_num_queries):
    organization, status = completed.organization, completed.status
    WorkOrder.objects.bulk_create(
        WorkOrder(organization=organization, number=f"N{n}", title="x", status=status) for n in range(40)
    )

    with django_assert_max_num_queries(17):
        browser.get("/work-orders/")
