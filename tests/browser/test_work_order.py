"""The office looks at a document, sends it, changes the work order, updates the draft and takes it back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from fieldwork.demo import DemoFirm
from fieldwork.models import WorkOrder
from integrations.models import Connection, Link, Operation
from integrations.tasks import tick, work
from tests.browser.steps import start_with_books
from tests.integrations.connecting.standing_in import Service

pytestmark = pytest.mark.django_db(transaction=True)
State = Operation.State


@pytest.fixture
def connected(page: Page, firm: DemoFirm, service: Service) -> Connection:
    return start_with_books(page, firm, service)


def open_job(firm: DemoFirm) -> WorkOrder:
    linked = Link.objects.filter(kind="customer").values("local_id")
    waiting = WorkOrder.objects.for_organization(firm.organization).filter(completed_at=None, customer__in=linked)
    return next(each for each in waiting.filter(status__phase="open").order_by("number") if each.total)


def test_a_document_is_previewed_sent_updated_and_taken_back(
    page: Page, firm: DemoFirm, service: Service, connected: Connection, complaints: list[str]
) -> None:
    job = open_job(firm)
    look(page, job, service)
    operation = send(page, job)
    change(page, job, operation)
    update(page, job, operation)
    take_back(page, job)
    assert complaints == []


# --- the steps ------------------------------------------------------------------


def look(page: Page, job: WorkOrder, service: Service) -> None:
    """The preview writes nothing over there."""
    deeds = len(service.stand_in.deeds())
    page.goto(f"/work-orders/{job.pk}/")
    page.get_by_role("link", name="Preview").click()
    expect(page.locator("dl.sums")).to_contain_text("To pay")
    expect(page.locator("main")).to_contain_text(job.title)
    assert len(service.stand_in.deeds()) == deeds


def send(page: Page, job: WorkOrder) -> Operation:
    page.goto(f"/work-orders/{job.pk}/")
    page.get_by_role("button", name="Complete").click()
    tick()
    work(Connection.objects.get().pk)
    page.reload()
    operation = Operation.objects.get(local_id=job.pk, kind="invoice_draft")
    assert operation.state == State.DONE, operation.problem
    page.get_by_text("What was done:").click()
    steps = page.locator("ol.happened")
    expect(steps).to_contain_text("Searched the books: not there")
    expect(steps).to_contain_text("Sent: Draft")
    return operation


def change(page: Page, job: WorkOrder, operation: Operation) -> None:
    """Whoever opens what was sent is told first what follows."""
    page.get_by_role("link", name="Open again").click()
    expect(page.get_by_role("status")).to_contain_text("which has not been booked yet")
    page.get_by_role("button", name="Open again").click()
    expect(page.get_by_role("status")).to_contain_text("does not reach")
    page.get_by_label("Title").fill("Ny titel efter besöket")
    page.locator("form").get_by_role("button", name="Save").last.click()
    page.get_by_role("button", name="Mark as completed").click()
    expect(page.locator("#books")).to_contain_text("Revision 1:")


def update(page: Page, job: WorkOrder, operation: Operation) -> None:
    """One document stays, and shows what is true now."""
    work(Connection.objects.get().pk)
    page.reload()
    page.get_by_role("link", name=re.compile("^Update the draft")).click()
    expect(page.locator("table.compare")).to_contain_text("Ny titel efter besöket")
    page.get_by_role("button", name=re.compile("^Update the draft")).click()
    expect(page.locator(".message.success")).to_contain_text("now shows work order")
    later = Operation.objects.get(local_id=job.pk, kind="invoice_draft", revision=2)
    assert (later.state, later.remote_id) == (State.DONE, operation.remote_id)


def take_back(page: Page, job: WorkOrder) -> None:
    page.get_by_role("link", name=re.compile("^Take the draft back")).click()
    page.get_by_role("button", name=re.compile("^Take the draft back")).click()
    expect(page.locator(".message.success")).to_contain_text("is taken back")
    expect(page.locator("#books .pill").first).to_have_text("Taken back")
    assert Operation.objects.get(local_id=job.pk, kind="invoice_draft", revision=2).state == State.TAKEN_BACK
