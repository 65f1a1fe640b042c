"""Twelve drafts with the wrong terms of payment are taken back in one go, and a booked one says why not."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from fieldwork.demo import DemoFirm
from fieldwork.models import WorkOrder
from fieldwork.services import complete_work_order
from integrations.models import Connection, Operation
from integrations.tasks import work
from tests.browser.steps import start_with_books
from tests.browser.test_work_order import open_job
from tests.integrations.connecting.standing_in import Service
from tests.integrations.exporting import copies_of

pytestmark = pytest.mark.django_db(transaction=True)
State = Operation.State


def test_twelve_drafts_are_taken_back_in_one_go_and_booked_ones_say_why_not(
    page: Page, firm: DemoFirm, service: Service, complaints
) -> None:
    connection = start_with_books(page, firm, service)
    jobs = twelve_drafts(firm, connection)
    undo(page, connection, service, jobs)
    assert complaints == []


def test_it_works_without_javascript(chromium, live_server, firm: DemoFirm, service: Service) -> None:
    context: BrowserContext = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    connection = start_with_books(page, firm, service)
    jobs = twelve_drafts(firm, connection)
    page.goto("/work-orders/?books=sent")
    page.get_by_role("link", name="Tick all on this page").click()
    page.get_by_role("button", name="Take the ticked drafts back").click()
    expect(page.get_by_role("heading", name="12 drafts are removed from the books")).to_be_visible()
    page.get_by_role("button", name="Take the ticked drafts back").click()
    work(connection.pk)
    page.reload()
    expect(page.locator(".facts")).to_contain_text("12")
    context.close()
    assert states_of(jobs) == {State.TAKEN_BACK}


def twelve_drafts(firm: DemoFirm, connection: Connection) -> list[WorkOrder]:
    first = open_job(firm)
    jobs = [first, *copies_of(first, [str(90001 + n) for n in range(11)])]
    for job in jobs:
        complete_work_order(job, by=None)
    work(connection.pk)
    assert states_of(jobs) == {State.DONE}
    return jobs


def undo(page: Page, connection: Connection, service: Service, jobs: list[WorkOrder]) -> None:
    """All of one sending, but two of them were booked over there a moment ago."""
    page.goto("/work-orders/")
    page.get_by_role("link", name="Sent lately").click()
    page.get_by_role("button", name="Take 12 drafts back").click()
    expect(page.get_by_role("heading", name="12 drafts are removed from the books")).to_be_visible()
    assert states_of(jobs) == {State.DONE}
    for job in jobs[:2]:
        book(service, job)
    page.get_by_role("button", name="Take the ticked drafts back").click()
    work(connection.pk)
    expect(page.locator("#done:not([hx-get])")).to_be_visible()
    expect(page.locator("tbody tr").first).to_contain_text("more than a draft by now")
    assert states_of(jobs[:2]) == {State.DONE}
    assert states_of(jobs[2:]) == {State.TAKEN_BACK}


def book(service: Service, job: WorkOrder) -> None:
    """Somebody over there makes an invoice of the draft."""
    remote_id = Operation.objects.get(local_id=job.pk, kind="invoice_draft").remote_id
    draft = next(deed for deed in service.stand_in.deeds() if deed.id == remote_id)
    service.stand_in.change_records({"resource": draft.kind, "action": "convert", "id": remote_id})


def states_of(jobs: list[WorkOrder]) -> set[str]:
    found = Operation.objects.filter(local_id__in=[job.pk for job in jobs], kind="invoice_draft")
    return set(found.values_list("state", flat=True))
