"""The first day with the books, as the owner of a firm clicks through it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from fieldwork.demo import PASSWORD, DemoFirm
from fieldwork.models import Customer, Membership, WorkOrder
from integrations.exports import SALES
from integrations.models import Connection, Link, Operation, Plan, Run
from integrations.planning.making import make_plan
from integrations.tasks import tick, work
from tests.integrations.connecting.standing_in import Service

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_connecting_to_the_first_invoice_draft(page: Page, firm: DemoFirm, service: Service, complaints):
    sign_in(page, firm)
    connect(page, service)
    save_settings(page)
    look_ahead(page, service)
    first_sync(page, service)
    add_a_customer(page, firm, service)
    send_a_work_order(page, firm, service)
    assert complaints == []


def test_every_step_works_without_javascript(chromium, live_server, firm: DemoFirm, service: Service):
    context: BrowserContext = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    sign_in(page, firm)
    connect(page, service)
    save_settings(page)
    look_ahead(page, service, live=False)
    first_sync(page, service, live=False)
    add_a_customer(page, firm, service)
    send_a_work_order(page, firm, service)
    context.close()


# --- the steps ------------------------------------------------------------------


def sign_in(page: Page, firm: DemoFirm) -> None:
    owner = Membership.objects.get(organization=firm.organization, role=Membership.Role.OWNER).user
    page.goto("/")
    page.get_by_label("Username").fill(owner.username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Dashboard")).to_be_visible()
    expect(page.get_by_text("Connect your books")).to_be_visible()


def connect(page: Page, service: Service) -> None:
    """Through the accounting system's own pages, and the question whether it is the right company."""
    company = service.companies[0]
    page.get_by_role("link", name="Connect your books").click()
    card = page.get_by_role("region", name=service.provider.label)
    card.get_by_role("link", name="Connect").click()
    expect(page.get_by_role("heading", name="Before you connect")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Continue to")).click()
    there = service.stand_in.describe()["users"][0]
    page.locator("input[type=email]").fill(there["email"])
    page.locator("input[type=password]").fill(there["password"])
    page.locator("button[type=submit]").first.click()
    page.get_by_text(company["organisation_number"]).click()
    expect(page.locator("ul.permissions")).to_be_visible()
    page.locator("button[value=grant]").click()
    expect(page.get_by_role("heading", name="Is this the right company?")).to_be_visible()
    expect(page.locator("main")).to_contain_text(company["name"])
    expect(page.locator("main")).to_contain_text(company["organisation_number"])
    assert not Run.objects.exists()
    page.get_by_role("button", name="Use this company").click()
    expect(page.locator(".message.success")).to_contain_text("Connected")


def save_settings(page: Page) -> None:
    """Step by step with the proposed settings; every open question gets its first choice."""
    expect(page.get_by_role("heading", name="What to import").first).to_be_visible()
    expect(page.locator(".stepbar [aria-current=step]")).to_have_text("What to import")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", name="What to send").first).to_be_visible()
    for field in page.locator("select[name^=ask-]").all():
        if not field.input_value():
            field.select_option(index=1)
    page.get_by_label("Cut-off date").fill("2020-01-01")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", name="Look it through and save")).to_be_visible()
    expect(page.locator("main")).to_contain_text("2020-01-01")
    expect(page.locator("main")).to_contain_text("No question is open.")
    page.get_by_role("button", name="Save and show me first").click()


def look_ahead(page: Page, service: Service, *, live: bool = True) -> None:
    """The plan of the first sync shows what would come, by itself or when it is loaded again. Nothing has moved yet."""
    expect(page.get_by_role("heading", name="Before the first sync")).to_be_visible()
    deeds, customers = len(service.stand_in.deeds()), Customer.objects.count()
    make_plan(Plan.objects.get().pk)
    if not live:
        page.reload()
    expect(page.get_by_role("heading", name="What comes in")).to_be_visible()
    assert (len(service.stand_in.deeds()), Customer.objects.count()) == (deeds, customers)
    assert not Run.objects.exists()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("heading", name="Runs")).to_be_visible()


def first_sync(page: Page, service: Service, *, live: bool = True) -> None:
    """The page shows what the worker does: by itself, or when it is loaded again."""
    expect(page.get_by_text("The sync begins within seconds.")).to_be_visible()
    connection = Connection.objects.get()
    work(connection.pk)
    if not live:
        page.reload()
    customers = page.get_by_role("row").filter(has_text="Customers")
    expect(customers.get_by_text("Done")).to_be_visible()
    customers.get_by_role("link").click()
    expect(page.locator("#run")).to_contain_text(re.compile(r"\d+ of \d+ read"))
    page.goto("/books/")
    expect(page.get_by_text("Connected", exact=True)).to_be_visible()
    expect(page.get_by_text("just now").or_(page.get_by_text("within a minute")).first).to_be_visible()


def add_a_customer(page: Page, firm: DemoFirm, service: Service) -> None:
    """A new customer here becomes one there, from the customer's page."""
    created = len(service.stand_in.deeds())
    customer = Customer.objects.create(
        organization=firm.organization,
        name="Nya Kunden AB",
        organisation_number="556016-0680",
        email="nya@kunden.example",
        street="Storgatan 1",
        postcode="411 01",
        city="Göteborg",
    )
    page.goto(f"/customers/{customer.pk}/")
    page.get_by_role("link", name=re.compile("^Add as customer in")).click()
    expect(page.get_by_text("Please check that the preselected terms are right")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Add as customer in")).click()
    panel = page.locator("#books")
    expect(panel.get_by_text("Linked", exact=True).first).to_be_visible()
    expect(page.locator(".message.success")).to_contain_text("Nya Kunden AB")
    assert len(service.stand_in.deeds()) == created + 1


def send_a_work_order(page: Page, firm: DemoFirm, service: Service) -> None:
    """A job is completed, and its draft stands in the books with our reference."""
    linked = Link.objects.filter(kind="customer").values("local_id")
    waiting = WorkOrder.objects.for_organization(firm.organization).filter(completed_at=None, customer__in=linked)
    job = next(each for each in waiting.filter(status__phase="open").order_by("number") if each.total)
    page.goto(f"/work-orders/{job.pk}/")
    expect(page.locator("#books")).to_contain_text("Not in the books")
    page.get_by_role("button", name="Complete").click()
    expect(page.locator("#books")).to_contain_text("Waiting")
    tick()
    work(Connection.objects.get().pk)
    page.reload()
    operation = Operation.objects.get(local_id=job.pk, kind__in=SALES)
    assert operation.state == Operation.State.DONE, operation.problem
    expect(page.locator("#books .pill").first).to_have_text(re.compile("Draft|Order"))
    expect(page.locator("#books")).to_contain_text(operation.reference)
    expect(page.get_by_role("link", name=re.compile("^Open in"))).to_be_visible()
    assert any(operation.reference in str(deed) for deed in service.stand_in.deeds())
