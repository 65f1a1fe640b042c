"""The accountant signs in by a link, in a browser that has no login of ours, while the owner looks on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from fieldwork.demo import DemoFirm
from integrations.models import Connection
from tests.browser.test_first_day import sign_in
from tests.integrations.connecting.standing_in import Service

pytestmark = pytest.mark.django_db(transaction=True)


def test_somebody_without_an_account_signs_in_for_the_firm(
    page: Page, chromium, live_server, firm: DemoFirm, service: Service, complaints
):
    sign_in(page, firm)
    link = make_link(page, service)

    phone = {"width": 390, "height": 844}
    elsewhere = chromium.new_context(
        base_url=live_server.url, java_script_enabled=False, locale="en-GB", viewport=phone
    )
    guest = elsewhere.new_page()
    seen: list[str] = []
    guest.on("request", lambda request: seen.append(f"{request.url} {request.headers.get('referer', '')}"))
    authorise(guest, firm, service, link)

    secret = link.rstrip("/").rpartition("/")[2]
    assert [address for address in seen if secret in address] == [f"{link} "]
    guest.goto(link)
    expect(guest.get_by_role("heading", name="This link cannot be used")).to_be_visible()
    elsewhere.close()

    confirm(page, service)
    assert complaints == []


def make_link(page: Page, service: Service) -> str:
    page.goto("/books/")
    card = page.get_by_role("region", name=service.provider.label)
    card.get_by_role("link", name="Let somebody else sign in").click()
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_label("Link", exact=True).input_value()
    expect(page.get_by_label("A message to go with it")).to_have_value(re.compile(re.escape(link)))
    return link


def authorise(guest: Page, firm: DemoFirm, service: Service, link: str) -> None:
    """Sees who asks and for what, signs in over there, and is thanked."""
    guest.goto(link)
    expect(guest.locator("main")).to_contain_text(firm.organization.name)
    expect(guest.locator("main")).to_contain_text(service.auth.permissions[0].sentence)
    assert guest.get_by_role("link", name="Dashboard").count() == 0
    guest.get_by_role("button", name=re.compile("^Continue to")).click()
    there = service.stand_in.describe()["users"][0]
    guest.locator("input[type=email]").fill(there["email"])
    guest.locator("input[type=password]").fill(there["password"])
    guest.locator("button[type=submit]").first.click()
    guest.get_by_text(service.companies[0]["organisation_number"]).click()
    guest.locator("button[value=grant]").click()
    expect(guest.get_by_role("heading", name="Thank you")).to_be_visible()
    expect(guest.locator("main")).to_contain_text(service.companies[0]["name"])


def confirm(page: Page, service: Service) -> None:
    """The owner is asked on the dashboard already, and goes on as if having signed in personally."""
    page.goto("/")
    page.get_by_role("link", name="Continue set-up").click()
    expect(page.get_by_role("heading", name="Is this the right company?")).to_be_visible()
    expect(page.locator("main")).to_contain_text("with the link that")
    page.get_by_role("button", name="Use this company").click()
    expect(page.locator(".stepbar [aria-current=step]")).to_have_text("What to import")
    assert Connection.objects.get().state == Connection.State.ACTIVE
