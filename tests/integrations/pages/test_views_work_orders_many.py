"""Work orders in the list: narrowed by where they stand in the books, ticked, and done with each by itself."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from fieldwork.models import WorkOrder
from fieldwork.services import complete_work_order
from integrations.models import Operation
from integrations.receivers import exclude
from tests.integrations.exporting import came_from_order, copies_of, operation_of, put_in_books

pytestmark = pytest.mark.django_db
State = Operation.State
TICKED = "integrations:ticked_work_orders"
CHIPS = ("missing", "waiting", "attention", "sent", "before", "excluded")


@pytest.fixture
def three(connection, work_order, customer, material, hour_type) -> list[WorkOrder]:
    """Work orders 1187 to 1189, open; the books know the customer and the articles."""
    put_in_books(connection, customer, material, hour_type)
    return [work_order, *copies_of(work_order, ["1188", "1189"])]


@pytest.fixture
def sent(three, worker) -> list[WorkOrder]:
    """A draft of each."""
    for work_order in three:
        complete_work_order(work_order, by=None)
    worker.run()
    return three


def numbers(browser, **query: str) -> list[str]:
    listing = browser.get(reverse("fieldwork:work_order_list"), query).context["listing"]
    return sorted(each.number for each in listing.page)


def tick(browser, work_orders, step: str, reason: str = ""):
    data = {"work_order": [str(each.pk) for each in work_orders], "step": step, "reason": reason}
    return browser.post(reverse(TICKED), data, follow=True)


def states(work_orders) -> list[str]:
    return [operation_of(each).state for each in work_orders]


# --- chips ----------------------------------------------------------------------


def test_the_chips_tell_where_work_orders_stand(browser, connection, three, owner):
    for work_order in three:
        complete_work_order(work_order, by=owner)
    waiting, blocked, excluded = three
    exclude(excluded, by=owner, reason="Warranty")
    Operation.objects.filter(local_id=blocked.pk).update(state=State.BLOCKED)

    found = {chip: numbers(browser, books=chip) for chip in CHIPS}

    assert found == {
        "missing": [],
        "waiting": ["1187"],
        "attention": ["1188"],
        "sent": [],
        "before": [],
        "excluded": ["1189"],
    }


def test_before_the_cut_off_is_a_chip_of_its_own(browser, connection, three, owner):
    connection.settings.cut_off_date = timezone.localdate() + timezone.timedelta(days=1)
    connection.settings.save()
    complete_work_order(three[0], by=owner)

    assert (numbers(browser, books="before"), numbers(browser, books="missing")) == (["1187"], [])


def test_what_is_there_counts_as_there_whether_we_sent_it_or_it_came(browser, sent, connection):
    came_from_order(copies_of(sent[0], ["1190"])[0], connection)

    assert numbers(browser, books="sent") == ["1187", "1188", "1189", "1190"]


def test_without_books_there_are_no_chips_about_them(browser, work_order):
    assert "books=waiting" not in browser.get("/work-orders/").content.decode()


# --- ticked ---------------------------------------------------------------------


def test_drafts_are_taken_back_each_by_itself_and_a_booked_one_says_why_not(browser, sent, acme, worker, statuses):
    acme.book(operation_of(sent[1]).remote_id)

    asked = tick(browser, sent, "take_back").content.decode()
    worker.run()
    done = browser.get(reverse("integrations:ticked_done")).content.decode()

    sales = {each.number: Operation.objects.get(local_id=each.pk, kind="invoice_draft").state for each in sent}
    assert sales == {"1187": State.TAKEN_BACK, "1188": State.DONE, "1189": State.TAKEN_BACK}
    assert asked.count("It is being taken back.") == 3
    assert "hx-trigger" in asked
    assert "more than a draft by now" in done
    assert "hx-trigger" not in done
    assert done.count('<span class="pill grey">Taken back</span>') == 2
    assert set(WorkOrder.objects.exclude(number="1188").values_list("status", flat=True)) == {statuses["done"].pk}


def test_the_ticked_ones_are_sent_and_an_open_one_says_why_not(browser, connection, three, owner, worker):
    connection.settings.export_work_orders = False
    connection.settings.save()
    for work_order in three[:2]:
        complete_work_order(work_order, by=owner)

    page = tick(browser, three, "send").content.decode()
    worker.run()

    assert "Work order 1189 is not completed yet." in page
    assert states(three[:2]) == [State.DONE, State.DONE]
    assert not Operation.objects.filter(local_id=three[2].pk).exists()


def test_the_ticked_ones_are_never_sent_with_a_name_and_a_reason(browser, three, owner):
    for work_order in three:
        complete_work_order(work_order, by=owner)

    tick(browser, three[:2], "exclude", "Guarantee")

    assert states(three) == [State.CANCELLED, State.CANCELLED, State.QUEUED]
    assert operation_of(three[0]).exclude_reason == "Guarantee"
    assert operation_of(three[0]).excluded_by is not None


@pytest.mark.parametrize(("step", "reason"), [("exclude", "  "), ("burn", "x"), ("", "x")])
def test_nothing_happens_without_a_reason_or_a_step(browser, three, owner, step, reason):
    complete_work_order(three[0], by=owner)

    tick(browser, three[:1], step, reason)

    assert states(three[:1]) == [State.QUEUED]


def test_another_firms_work_orders_are_left_alone(stranger, performer, sent, acme):
    answer = tick(stranger, sent, "take_back")

    assert "Tick the work orders first." in answer.content.decode()
    assert performer.post(reverse(TICKED)).status_code == 403
    assert performer.get(reverse("integrations:ticked_done")).status_code == 403
    assert not Operation.objects.filter(kind="taking_back").exists()


def test_the_results_cost_the_same_for_one_and_for_many(browser, sent, django_assert_max_num_queries):
    tick(browser, sent, "take_back")

    with django_assert_max_num_queries(15):
        browser.get(reverse("integrations:ticked_done"))
