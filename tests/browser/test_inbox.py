"""The office repairs what was not sent where it is told: one entry, all alike, and on a phone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from fieldwork.demo import DemoFirm
from fieldwork.models import Customer, WorkOrder
from fieldwork.services import complete_work_order
from integrations.models import Connection, Link, Operation, RepairRule
from integrations.tasks import work
from tests.browser.steps import start_with_books
from tests.integrations.exporting import copies_of

pytestmark = pytest.mark.django_db(transaction=True)
State = Operation.State


def a_job(firm: DemoFirm, **customer: str) -> WorkOrder:
    """A job that can be sent, but for what is wrong with its customer, who is not in the books."""
    linked = Link.objects.filter(kind="customer").values("local_id")
    jobs = WorkOrder.objects.for_organization(firm.organization).filter(completed_at=None, customer__in=linked)
    job = next(each for each in jobs.filter(status__phase="open").order_by("number") if each.total)
    job.customer = Customer.objects.create(organization=firm.organization, **{"name": "Nya Kunden AB"} | customer)
    job.work_site = None
    job.save()
    return job


def complete_and_try(connection: Connection, *jobs: WorkOrder) -> None:
    for job in jobs:
        complete_work_order(job, by=None)
    work(connection.pk)


def states_of(*jobs: WorkOrder) -> set[str]:
    return set(Operation.objects.filter(local_id__in=[job.pk for job in jobs]).values_list("state", flat=True))


def test_a_missing_postcode_is_typed_and_only_that_work_order_is_sent(page: Page, firm, service, complaints):
    connection = start_with_books(page, firm, service)
    job = a_job(firm, city="Göteborg")
    complete_and_try(connection, job)
    assert states_of(job) == {State.BLOCKED}

    type_the_postcode(page, job, in_place=True)

    work(connection.pk)
    assert states_of(job) == {State.DONE}
    assert complaints == []


def test_it_works_without_javascript(chromium, live_server, firm, service):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    connection = start_with_books(page, firm, service)
    job = a_job(firm, city="Göteborg")
    complete_and_try(connection, job)

    type_the_postcode(page, job, in_place=False)

    context.close()
    work(connection.pk)
    assert states_of(job) == {State.DONE}


def type_the_postcode(page: Page, job: WorkOrder, *, in_place: bool) -> None:
    """First one that cannot be, then the right one."""
    page.goto("/inbox/")
    expect(page.get_by_role("heading", name="1 × Postcode missing")).to_be_visible()
    entry = page.get_by_role("article").filter(has_text=job.title)
    field = entry.get_by_label("Postcode")
    field.fill("411 01 Göteborg")
    entry.get_by_role("button", name="Save and send").click()
    expect(entry.locator(".errorlist")).to_be_visible()
    expect(field).to_have_value("411 01 Göteborg")
    expect(page.get_by_role("heading", level=1)).to_have_text("Inbox" if in_place else str(job))
    field.fill("411 01")
    entry.get_by_role("button", name="Save and send").click()
    expect(page.locator(".message.success")).to_contain_text("1 entry is repaired. 1 record goes to the books next.")
    expect(page.get_by_text("Postcode missing")).to_have_count(0)


def test_one_mapping_lets_fourteen_go_and_is_remembered(page: Page, firm, service, complaints):
    connection = start_with_books(page, firm, service)
    first = a_job(firm, city="Göteborg", postcode="411 01", terms_of_payment="Som vanligt")
    jobs = [first, *copies_of(first, [str(90001 + n) for n in range(13)])]
    complete_and_try(connection, *jobs)
    page.goto("/inbox/")
    expect(page.get_by_role("heading", name="14 × Terms of payment unknown to the books")).to_be_visible()

    entry = page.get_by_role("article").first
    entry.get_by_label("In the books").select_option(index=1)
    entry.get_by_role("button", name="Save for all 14, and for new ones").click()

    expect(page.locator(".message.success")).to_contain_text(
        "14 entries are repaired. 14 records go to the books next."
    )
    work(connection.pk)
    assert states_of(*jobs) == {State.DONE}
    page.get_by_role("link", name="Rules").click()
    expect(page.get_by_role("row").filter(has_text="Som vanligt")).to_contain_text("14")
    page.get_by_role("button", name="Switch off").click()
    expect(page.get_by_text("Off", exact=True)).to_be_visible()
    assert not RepairRule.objects.get().active
    assert complaints == []


def test_ticked_entries_bring_up_their_buttons(page: Page, firm, service, complaints):
    connection = start_with_books(page, firm, service)
    first = a_job(firm)
    jobs = [first, *copies_of(first, ["90001", "90002"])]
    complete_and_try(connection, *jobs)
    page.goto("/inbox/?kind=postcode_missing")
    leave_out = page.get_by_role("button", name="Do not send the ticked ones")
    expect(leave_out).to_be_hidden()

    for job in jobs[:2]:
        page.get_by_role("checkbox", name=f"Tick {job}").check()
    page.locator("#bulk-reason").fill("Billed by hand")
    leave_out.click()

    expect(page.locator(".message.success")).to_have_text("2 work orders are never sent.")
    assert states_of(*jobs[:2]) == {State.CANCELLED}
    assert states_of(jobs[2]) == {State.BLOCKED}
    assert complaints == []


def test_the_count_is_in_sight_on_a_phone(page: Page, firm, service):
    connection = start_with_books(page, firm, service)
    complete_and_try(connection, a_job(firm))
    page.set_viewport_size({"width": 390, "height": 844})

    for address in ("/", "/customers/", "/inbox/"):
        page.goto(address)
        count = page.locator(".topbar .count")
        expect(count).to_be_visible()
        box = count.bounding_box()
        assert box is not None
        assert 0 <= box["x"] <= 390 - box["width"]
