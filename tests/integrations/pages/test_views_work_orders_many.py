"""Work orders in the list: narrowed by where they stand in the books, ticked, and done with each by itself."""

from __future__ import annotations

from decimal import Decimal

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


def tick(browser, work_orders, step: str, reason: str = "", **more: str):
    data = {"work_order": [str(each.pk) for each in work_orders], "step": step, "reason": reason, **more}
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

    asked = tick(browser, sent, "take_back", confirmed="1").content.decode()
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


def test_a_person_is_asked_before_drafts_are_removed_and_told_what_stays(browser, sent, acme, connection, worker):
    order = copies_of(sent[0], ["1190"])[0]
    Operation.objects.filter(local_id=sent[2].pk).update(stage="invoice")

    page = tick(browser, [*sent, order], "take_back").content.decode()
    worker.run()

    assert "2 drafts are removed from the books" in page
    assert "2 stay as they are" in page
    assert "It is more than a draft." in page
    assert "Nothing was sent that could be taken back." in page
    assert page.count('name="work_order"') == 2
    assert not Operation.objects.filter(kind="taking_back").exists()
    assert len(acme.documents) == 3


def test_what_is_being_taken_back_is_not_asked_about_again(browser, sent):
    tick(browser, sent[:1], "take_back", confirmed="1")

    page = tick(browser, sent[:2], "take_back").content.decode()

    assert ("1 draft is removed" in page, "1 stays as it is" in page) == (True, True)


def test_refusals_stand_before_what_went_well_and_are_counted(browser, sent, acme, worker):
    acme.book(operation_of(sent[1]).remote_id)
    tick(browser, sent, "take_back", confirmed="1")
    worker.run()

    outcome = browser.get(reverse("integrations:ticked_done")).context["outcome"]

    assert (outcome.done, outcome.open, outcome.not_done) == (2, 0, 1)
    assert [row.work_order.number for row in outcome.rows][0] == "1188"


def test_all_of_a_page_are_ticked_without_a_script(browser, sent):
    ticked = browser.get(reverse("fieldwork:work_order_list"), {"tick": "all"}).content.decode()

    assert ticked.count(" checked aria-label") == 3
    assert " checked aria-label" not in browser.get(reverse("fieldwork:work_order_list")).content.decode()


# --- sent lately ----------------------------------------------------------------


def test_what_was_sent_in_one_go_stands_together_and_is_taken_back_together(browser, sent, worker):
    Operation.objects.filter(local_id=sent[0].pk).update(done_at=timezone.now() - timezone.timedelta(hours=2))

    sendings = list(browser.get(reverse("integrations:sent_lately")).context["page"])
    latest = [each.local_id for each in sendings[0].drafts]
    data = {"work_order": latest, "step": "take_back", "confirmed": "1"}
    browser.post(reverse(TICKED), data)
    worker.run()

    assert [len(each.operations) for each in sendings] == [2, 1]
    drafts = {each.number: Operation.objects.get(local_id=each.pk, kind="invoice_draft").state for each in sent}
    assert drafts == {"1187": State.DONE, "1188": State.TAKEN_BACK, "1189": State.TAKEN_BACK}
    again = list(browser.get(reverse("integrations:sent_lately")).context["page"])
    assert [(len(each.drafts), each.taken_back) for each in again] == [(0, 2), (1, 0)]


def test_a_sending_has_a_total_while_it_has_one_currency(browser, sent):
    Operation.objects.filter(local_id=sent[0].pk).update(total=Decimal("10.10"), currency="SEK")
    Operation.objects.filter(local_id=sent[1].pk).update(total=Decimal("0.20"), currency="SEK")
    Operation.objects.filter(local_id=sent[2].pk).update(total=None, currency="SEK")
    (sending,) = browser.get(reverse("integrations:sent_lately")).context["page"]
    Operation.objects.filter(local_id=sent[2].pk).update(total=Decimal(1), currency="EUR")
    (mixed,) = browser.get(reverse("integrations:sent_lately")).context["page"]

    assert (sending.total, mixed.total) == (Decimal("10.30"), None)


def test_the_office_sees_what_its_own_firm_sent_lately(stranger, coordinator, performer, sent):
    page = reverse("integrations:sent_lately")

    assert "1187" in coordinator.get(page).content.decode()
    assert "Nothing was sent in the last month." in stranger.get(page).content.decode()
    assert performer.get(page).status_code == 403


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
    tick(browser, sent, "take_back", confirmed="1")

    with django_assert_max_num_queries(15):
        browser.get(reverse("integrations:ticked_done"))
