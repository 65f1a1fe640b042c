"""The office links and adds customers in a browser: somebody alike, a pasted address, and taking it back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from fieldwork.demo import DemoFirm
from fieldwork.models import Customer
from integrations.models import Change, Connection, Link
from tests.browser.steps import start_with_books
from tests.integrations.connecting.standing_in import Service

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def connected(page: Page, firm: DemoFirm, service: Service) -> Connection:
    return start_with_books(page, firm, service)


def new_customer(firm: DemoFirm, **marks: str) -> Customer:
    return Customer.objects.create(
        organization=firm.organization, name="Nya Kunden AB", postcode="411 01", city="Göteborg", **marks
    )


def test_somebody_alike_is_used_instead_of_made_twice(page: Page, firm, service, connected, complaints):
    link = Link.objects.filter(kind="customer").order_by("remote_number")[0]
    known = Customer.objects.get(pk=link.local_id)
    Customer.objects.filter(pk=known.pk).update(email="info@lika.example")
    customer = new_customer(firm, email="info@lika.example")
    written = len(service.stand_in.deeds())

    page.goto(f"/customers/{customer.pk}/")
    page.get_by_role("link", name=re.compile("^Add as customer in")).click()
    alike = page.locator("#alike")
    expect(alike).to_contain_text(known.name)
    expect(alike).to_contain_text("the same e-mail")
    alike.get_by_role("button", name=re.compile("Use this one")).click()

    expect(page.locator(".message.success")).to_contain_text(f"is linked to {link.remote_number}")
    expect(page.locator("#books .pill")).to_have_text("Linked")
    assert len(service.stand_in.deeds()) == written
    page.get_by_role("link", name="Documents and history").click()
    page.get_by_role("link", name="Unlink").click()
    expect(page.get_by_role("heading", name="What stays")).to_be_visible()
    page.get_by_role("button", name="Unlink").click()
    expect(page.locator("#books .pill")).to_have_text("Not in the books")
    link.refresh_from_db()
    assert link.local_id == known.pk
    assert complaints == []


def test_a_pasted_address_is_looked_up_shown_and_linked(page: Page, firm, service, connected, complaints):
    link = Link.objects.filter(kind="customer").order_by("remote_number")[1]
    former = Customer.objects.get(pk=link.local_id)
    customer = new_customer(firm)
    pasted = f"https://books.example/#/customers/{link.remote_id}/edit"

    page.goto(f"/customers/{customer.pk}/")
    page.get_by_role("link", name=re.compile("Paste the company reference")).click()
    field = page.get_by_label("Company reference")
    field.fill("no reference at all, sorry!")
    page.get_by_role("button", name="Look it up").click()
    expect(page.locator(".errorlist").last).to_contain_text("This is no reference")
    expect(field).to_have_value("no reference at all, sorry!")
    field.fill(pasted)
    page.get_by_role("button", name="Look it up").click()
    expect(page.locator(".errorlist").last).to_contain_text("is linked to another of your customers")
    link.delete()
    page.get_by_role("button", name="Look it up").click()

    expect(page.get_by_role("heading", name="Link to this one?")).to_be_visible()
    expect(page.locator("main")).to_contain_text(former.name)
    page.get_by_role("button", name="Link", exact=True).click()
    expect(page.locator(".message.success")).to_contain_text("is linked to")
    assert Link.objects.get(kind="customer", local_id=customer.pk).origin == Link.Origin.PERSON
    assert complaints == []


def test_the_information_is_updated_after_a_look_at_both_sides(page: Page, firm, service, connected, complaints):
    linked = Link.objects.filter(kind="customer").values("local_id")
    customer = Customer.objects.filter(pk__in=linked).exclude(postcode="").order_by("number")[2]
    Customer.objects.filter(pk=customer.pk).update(phone="031-77 88 99", street="Nygatan 7")

    page.goto(f"/customers/{customer.pk}/")
    page.get_by_role("link", name="Update the information").click()
    table = page.locator("table.compare")
    expect(table.get_by_role("row")).to_have_count(3)
    expect(table).to_contain_text("Nygatan 7")
    expect(page.locator("main")).to_contain_text("The terms of payment are not touched")
    assert changes(service) == []
    Customer.objects.filter(pk=customer.pk).update(phone="031-11 22 33")
    page.get_by_role("button", name="Overwrite these fields").click()
    expect(page.get_by_role("alert")).to_contain_text("Somebody changed something meanwhile")
    expect(table).to_contain_text("You had seen: 031-77 88 99")
    assert changes(service) == []
    page.get_by_role("button", name="Overwrite these fields").click()

    expect(page.locator(".message.success")).to_contain_text("is up to date in")
    assert len(changes(service)) == 1
    page.get_by_role("link", name="Documents and history").click()
    expect(page.locator("ul.timeline")).to_contain_text("031-11 22 33")
    page.goto(f"/customers/{customer.pk}/books/update/")
    expect(page.locator("main")).to_contain_text("There is nothing to update")
    assert complaints == []


def test_a_reference_person_goes_to_the_books_at_once(page: Page, firm, service, connected, complaints):
    link = Link.objects.filter(kind="customer").order_by("remote_number")[3]

    page.goto(f"/customers/{link.local_id}/")
    page.get_by_role("link", name="Add a reference person").click()
    for label, value in (("First name", "Eva"), ("Last name", "Ek"), ("E-mail", "eva@ek.example"), ("Mobile", "070-1")):
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name=re.compile("^Save and send to")).click()

    expect(page.locator(".message.success")).to_contain_text("is up to date in")
    assert changes(service) == [f"customers/{link.remote_id}"]
    assert Change.objects.filter(source="sent", fields__contact__1__startswith="Eva Ek, eva@ek.example").exists()
    assert complaints == []


def test_linking_and_updating_work_without_javascript(chromium, live_server, firm, service, page, connected):
    link = Link.objects.filter(kind="customer").order_by("remote_number")[1]
    customer = Customer.objects.get(pk=link.local_id)
    context = chromium.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()

    plain.goto(f"/customers/{customer.pk}/books/unlink/")
    plain.get_by_role("button", name="Unlink").click()
    expect(plain.locator("#books .pill")).to_have_text("Not in the books")
    plain.get_by_role("link", name=re.compile("Paste the company reference")).click()
    plain.get_by_label("Company reference").fill(link.remote_number)
    plain.get_by_role("button", name="Look it up").click()
    plain.get_by_role("button", name="Link", exact=True).click()
    expect(plain.locator("#books .pill")).to_have_text("Linked")
    Customer.objects.filter(pk=customer.pk).update(phone="031-77 88 99")
    plain.get_by_role("link", name="Update the information").click()
    plain.get_by_role("button", name="Overwrite these fields").click()
    expect(plain.locator(".message.success")).to_contain_text("is up to date in")
    context.close()


def changes(service: Service) -> list[str]:
    """What was overwritten over there."""
    paths = [each.path for each in service.stage.journal.entries() if each.method == "PUT"]
    return ["/".join(path.split("/")[-2:]) for path in paths]
