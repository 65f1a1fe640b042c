"""The plan as a page: figures, entries with filters, decisions about them, and the start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounting.types import CustomerRecord
from fieldwork.models import User, WorkOrder
from integrations.models import Connection, ConnectionSettings, Operation, Plan, PlanEntry, SendDecision
from integrations.planning.making import ask_for_plan, make_plan
from tests.integrations.exporting import complete, copies_of, operation_of

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

pytestmark = pytest.mark.django_db
MOST_STATEMENTS = 15


@pytest.fixture
def address(connection: Connection) -> str:
    return reverse("integrations:plan", args=[connection.pk])


@pytest.fixture
def unstarted(connection: Connection) -> Connection:
    ConnectionSettings.objects.update(saved_at=None, next_step="start")
    Connection.objects.update(next_due_at=None)
    return Connection.objects.get()


def made(connection: Connection, owner: User) -> Plan:
    plan = ask_for_plan(connection, by=owner)
    make_plan(plan.pk)
    plan.refresh_from_db()
    return plan


def decide(browser: Client, plan: Plan, deed: str, *labels: str, **more: str) -> str:
    """What the page says after the deed about the entries of these names."""
    ticked = [str(plan.entries.get(label__contains=label).pk) for label in labels]
    address = reverse("integrations:decide", args=[plan.connection_id])
    sent = {"plan": str(plan.pk), "entry": ticked, "deed": deed, **more}
    return browser.post(address, sent, follow=True).content.decode()


def test_a_plan_that_a_sync_has_overtaken_says_so(browser, connection, owner, address):
    plan = made(connection, owner)
    fresh = browser.get(address).content.decode()
    Connection.objects.update(last_success_at=plan.finished_at + timezone.timedelta(minutes=1))

    overtaken = browser.get(address).content.decode()

    sync = reverse("integrations:sync", args=[connection.pk])
    assert ("A sync has run since this plan" in fresh, sync in fresh) == (False, True)
    assert ("A sync has run since this plan" in overtaken, sync in overtaken) == (True, False)


def test_before_the_first_plan_it_offers_one(browser, connection, address):
    page = browser.get(address).content.decode()

    assert "Show me first" in page
    assert reverse("integrations:make_plan", args=[connection.pk]) in page


def test_asking_for_one_shows_it_being_made(browser, connection, acme, address):
    page = browser.post(reverse("integrations:make_plan", args=[connection.pk]), follow=True).content.decode()

    assert "The plan is being made" in page
    assert f'hx-get="{address}"' in page

    make_plan(Plan.objects.get().pk)
    assert browser.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "hx-get" not in browser.get(address).content.decode()


def test_it_shows_figures_fields_and_money(browser, connection, acme, work_order, owner, address):
    acme.put(CustomerRecord(remote_id="c1", number="7", name="<b>Åkes</b> Bygg", is_company=True))
    complete(work_order)
    made(connection, owner)

    page = browser.get(address).content.decode()

    assert "2,366.88 SEK" in page
    assert "&lt;b&gt;Åkes&lt;/b&gt; Bygg" in page
    assert "Pipe 22 mm: 3 m × 89.50" in page


def test_filters_and_search_narrow_the_entries(browser, connection, acme, work_order, owner, address):
    acme.put(CustomerRecord(remote_id="c1", number="7", name="Åkes Bygg", is_company=True))
    complete(work_order)
    made(connection, owner)

    def labels(query: str) -> list[str]:
        return [row.entry.label for row in browser.get(f"{address}?{query}").context["rows"]]

    assert labels("direction=in&kind=customers") == ["7 Åkes Bygg"]
    assert labels("direction=out&kind=invoice_draft") == ["1187 Leaking radiator"]
    assert labels("q=åkes") == ["7 Åkes Bygg"]
    assert labels("action=blocked") == []
    assert len(labels("action=nonsense")) == 5


def test_a_long_plan_is_paged_within_few_statements(browser, connection, acme, work_order, owner, address):
    for each in copies_of(work_order, [str(number) for number in range(3000, 3060)]):
        complete(each)
    acme.page_size = 50
    acme.put(*(CustomerRecord(remote_id=f"c{n}", number=str(n), name=f"N{n}", is_company=True) for n in range(120)))
    made(connection, owner)

    with CaptureQueriesContext(database) as captured:
        page = browser.get(f"{address}?page=3")

    assert len(page.context["rows"]) == 50
    assert {row.goes_out for row in page.context["rows"]} == {True, False}
    assert len(captured) <= MOST_STATEMENTS


class TestDeciding:
    @pytest.fixture
    def plan(self, connection: Connection, acme: FakeCompany, work_order: WorkOrder, owner: User) -> Plan:
        for each in [work_order, *copies_of(work_order, ["1188"])]:
            complete(each)
        return made(connection, owner)

    def test_hold_and_let_go(self, browser, plan, work_order):
        page = decide(browser, plan, "hold", "1187")
        assert "1 record is held back." in page
        assert "Held" in page
        assert SendDecision.objects.get().local_id == work_order.pk

        decide(browser, plan, "release", "1187")
        assert not SendDecision.objects.exists()

    def test_approve_everything(self, browser, plan):
        ConnectionSettings.objects.update(ask_before_sending=True)

        page = decide(browser, plan, "approve", everything="1")

        assert "5 records are approved." in page
        assert SendDecision.objects.filter(verdict="approved").count() == 5

    def test_approving_everything_ends_no_hold(self, browser, plan, work_order):
        decide(browser, plan, "hold", "1187")

        page = decide(browser, plan, "approve", everything="1")

        assert "4 records are approved." in page
        assert SendDecision.objects.get(local_id=work_order.pk).verdict == "held"

    def test_exclude_with_a_reason(self, browser, plan, work_order, owner):
        assert "Write why" in decide(browser, plan, "exclude", "1187")

        decide(browser, plan, "exclude", "1187", reason="Warranty")

        operation = operation_of(work_order)
        assert (operation.state, operation.exclude_reason) == (Operation.State.CANCELLED, "Warranty")
        assert operation.excluded_by == owner

    def test_nothing_ticked_is_said(self, browser, plan):
        assert "Tick what it is about first." in decide(browser, plan, "hold")
        assert "Tick what it is about first." in decide(browser, plan, "burn", "1187")

    def test_what_comes_in_is_not_decided_about(self, browser, plan):
        PlanEntry.objects.update(direction="in")

        decide(browser, plan, "hold", "1187")

        assert not SendDecision.objects.exists()

    def test_an_older_plan_is_not_decided_about(self, browser, plan, connection, owner):
        entry = str(plan.entries.first().pk)
        newer = made(connection, owner)
        address = reverse("integrations:decide", args=[connection.pk])

        page = browser.post(address, {"plan": str(plan.pk), "entry": [entry], "deed": "hold"}, follow=True)

        assert newer != plan
        assert "There is a newer plan." in page.content.decode()
        assert not SendDecision.objects.exists()

    def test_entries_of_another_firm_are_not_found(self, browser, stranger, plan):
        address = reverse("integrations:decide", args=[plan.connection_id])
        entry = str(plan.entries.first().pk)

        assert stranger.post(address, {"plan": str(plan.pk), "entry": [entry], "deed": "hold"}).status_code == 404
        assert not SendDecision.objects.exists()

    def test_the_way_back_keeps_the_filters_and_leads_nowhere_else(self, browser, plan):
        address = reverse("integrations:decide", args=[plan.connection_id])
        sent = {"plan": str(plan.pk), "deed": "hold", "query": "direction=out&page=1"}

        assert browser.post(address, sent)["Location"].endswith("/plan/?direction=out&page=1")


class TestStart:
    def test_it_begins_after_the_plan_was_seen(self, browser, unstarted, acme, owner, address):
        start = reverse("integrations:start", args=[unstarted.pk])
        assert "Look at the plan first" in browser.post(start, follow=True).content.decode()
        made(unstarted, owner)
        assert "Start" in browser.get(address).content.decode()

        answer = browser.post(start)

        unstarted.refresh_from_db()
        assert answer["Location"] == reverse("integrations:runs")
        assert ConnectionSettings.objects.get().saved_at is not None
        assert unstarted.next_due_at <= timezone.now()

    def test_sync_now_leads_to_the_plan_before_that(self, browser, unstarted, address):
        answer = browser.post(reverse("integrations:sync", args=[unstarted.pk]))

        assert answer["Location"] == address
        assert Connection.objects.get().next_due_at is None

    def test_not_by_a_coordinator(self, coordinator, unstarted, acme, owner):
        made(unstarted, owner)

        assert coordinator.post(reverse("integrations:start", args=[unstarted.pk])).status_code == 403
        assert ConnectionSettings.objects.get().saved_at is None


def test_who_may_see_it(coordinator, performer, stranger, client, connection, address):
    make = reverse("integrations:make_plan", args=[connection.pk])

    assert [each.get(address).status_code for each in (coordinator, performer, stranger, client)] == [
        200,
        403,
        404,
        302,
    ]
    assert [each.post(make).status_code for each in (coordinator, performer, stranger, client)] == [302, 403, 404, 302]
    assert Plan.objects.count() == 1


def test_the_menu_leads_to_the_plan_of_the_books_of_record(browser, connection, address):
    assert browser.get(reverse("integrations:live_plan"))["Location"] == address
    Connection.objects.update(state=Connection.State.DISCONNECTED)
    assert browser.get(reverse("integrations:live_plan"))["Location"] == reverse("integrations:books")


def test_a_connection_that_is_not_active_gets_none(browser, connection):
    Connection.objects.update(state=Connection.State.PAUSED)

    browser.post(reverse("integrations:make_plan", args=[connection.pk]))

    assert not Plan.objects.exists()
