"""The plan and who is who, as the owner of a firm clicks through them: seen, linked, held, approved, sent."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from fieldwork.demo import DemoFirm
from fieldwork.models import WorkOrder
from integrations.models import Connection, Link, LinkDecision, Operation, Plan, Run
from integrations.planning.making import make_plan
from integrations.tasks import tick, work
from tests.browser.test_first_day import connect, sign_in
from tests.integrations.connecting.standing_in import Service

pytestmark = pytest.mark.django_db(transaction=True)


def test_looked_at_linked_approved_and_sent(page: Page, firm: DemoFirm, service: Service, complaints):
    first_day(page, firm, service)
    assert complaints == []


def test_every_step_works_without_javascript(chromium, live_server, firm: DemoFirm, service: Service):
    context: BrowserContext = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    first_day(page, firm, service, live=False)
    context.close()


def first_day(page: Page, firm: DemoFirm, service: Service, *, live: bool = True) -> None:
    sign_in(page, firm)
    connect(page, service)
    ask_first(page)
    link_the_certain_ones(page, live=live)
    take_one_back(page)
    start(page, live=live)
    jobs = complete_two_jobs(page, firm)
    approve_one(page, service, jobs, live=live)


def ask_first(page: Page) -> None:
    """The proposed settings, and nothing is sent without a person."""
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".stepbar [aria-current=step]")).to_have_text("What to send")
    for field in page.locator("select[name^=ask-]").all():
        if not field.input_value():
            field.select_option(index=1)
    page.get_by_label("Cut-off date").fill("2020-01-01")
    page.get_by_label("Ask me before anything is sent").check()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Save and show me first").click()


def wait_for_plan(page: Page, *, live: bool) -> None:
    """A worker makes it; the page shows it by itself, or when it is loaded again."""
    expect(page.get_by_role("heading", name="The plan is being made")).to_be_visible()
    make_plan(Plan.objects.get().pk)
    if not live:
        page.reload()
    expect(page.get_by_role("heading", name="What comes in")).to_be_visible()


def link_the_certain_ones(page: Page, *, live: bool) -> None:
    """Before anything was read to stay: the same firm on both sides is linked in one click."""
    wait_for_plan(page, live=live)
    page.get_by_role("main").get_by_role("link", name="Who is who").click()
    expect(page.get_by_role("heading", name="Who is who")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Link (all|the certain)")).click()
    expect(page.locator(".message.success")).to_contain_text("linked")
    assert Link.objects.filter(origin=Link.Origin.PERSON).exists()
    assert not Run.objects.exists()


def take_one_back(page: Page) -> None:
    before = Link.objects.count()
    page.get_by_role("link", name="Linked by you").click()
    page.get_by_role("button", name=re.compile("^Undo")).first.click()
    expect(page.locator(".message.success")).to_contain_text("no longer linked")
    assert Link.objects.count() == before - 1
    assert LinkDecision.objects.filter(verdict="different").count() == 1


def start(page: Page, *, live: bool) -> None:
    page.goto("/books/plan/")
    page.get_by_role("button", name="Look again").click()
    wait_for_plan(page, live=live)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("heading", name="Runs")).to_be_visible()
    work(Connection.objects.get().pk)
    assert Run.objects.filter(stream="customers", state=Run.State.DONE).exists()


def complete_two_jobs(page: Page, firm: DemoFirm) -> list[WorkOrder]:
    linked = Link.objects.filter(kind="customer").values("local_id")
    waiting = WorkOrder.objects.for_organization(firm.organization).filter(completed_at=None, customer__in=linked)
    jobs = [each for each in waiting.filter(status__phase="open").order_by("number") if each.total][:2]
    for job in jobs:
        page.goto(f"/work-orders/{job.pk}/")
        page.get_by_role("button", name="Complete").click()
        expect(page.locator("#books")).to_contain_text("Waiting")
    return jobs


def approve_one(page: Page, service: Service, jobs: list[WorkOrder], *, live: bool) -> None:
    """Nothing is sent before the approval, and only what was approved after it."""
    deeds = len(service.stand_in.deeds())
    tick()
    work(Connection.objects.get().pk)
    assert len(service.stand_in.deeds()) == deeds

    page.goto("/books/")
    page.get_by_role("button", name="Show me first").click()
    wait_for_plan(page, live=live)
    page.get_by_role("region", name="What goes out").get_by_role("link", name=re.compile("drafts|orders")).click()
    entry = page.get_by_role("article").filter(has_text=str(jobs[0]))
    expect(entry).to_contain_text("Waits for your approval")
    entry.get_by_text(re.compile(r"^\d+ fields")).click()
    entry.get_by_role("checkbox").check()
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".message.success")).to_contain_text("1 record is approved.")
    assert len(service.stand_in.deeds()) == deeds

    work(Connection.objects.get().pk)
    states = dict(Operation.objects.filter(kind="invoice_draft").values_list("local_id", "state"))
    assert [states[job.pk] for job in jobs] == ["done", "queued"]
    page.reload()
    expect(page.get_by_role("article").filter(has_text=str(jobs[0]))).to_contain_text("Draft")
