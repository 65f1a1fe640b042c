"""The firm keeps its own phone numbers, the accountant changes one all the same, and the office decides."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from fieldwork.demo import DemoFirm
from fieldwork.models import Customer
from integrations.models import Agreement, Case, Change, Connection, FieldOwner, Link, StreamSetting
from integrations.tasks import request_sync, work
from tests.browser.steps import start_with_books

pytestmark = pytest.mark.django_db(transaction=True)


def choose_to_be_asked(page: Page, connection: Connection) -> None:
    page.goto(f"/books/{connection.pk}/settings/")
    page.get_by_role("link", name="Who decides about which field").click()
    page.get_by_label("Phone, e-mail and website").select_option("ask")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Phone, e-mail and website")).to_have_value("ask")


def read_again(connection: Connection) -> None:
    request_sync(connection, asked_by=None)
    work(connection.pk)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_conflict_is_decided_with_a_button(page: Page, firm: DemoFirm, service, complaints, width):
    connection = start_with_books(page, firm, service)
    choose_to_be_asked(page, connection)
    assert FieldOwner.objects.get(group="customer_contact").owner == "ask"
    read_again(connection)
    link = Link.objects.filter(kind="customer", local_id__in=Customer.objects.exclude(phone="").values("pk")).first()
    customer = Customer.objects.get(pk=link.local_id)
    theirs = customer.phone
    Customer.objects.filter(pk=customer.pk).update(phone="070-999 99 99")
    Agreement.objects.filter(local_id=customer.pk).update(agreed={"phone": "what both said before"})
    Link.objects.filter(pk=link.pk).update(fingerprint="")
    StreamSetting.objects.update(watermark=None)

    read_again(connection)

    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/inbox/?kind=both_changed")
    entry = page.locator("article", has_text=customer.name).first
    expect(entry).to_contain_text("070-999 99 99")
    expect(entry).to_contain_text(theirs)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    entry.get_by_role("button", name="Take what").click()
    expect(page.get_by_text("is decided")).to_be_visible()
    customer.refresh_from_db()
    assert customer.phone == theirs
    assert Change.objects.filter(what=Change.What.DECIDED, local_id=customer.pk).count() == 1
    assert not Case.objects.filter(code="both_changed", state="open", part=str(customer.pk)).exists()
    assert complaints == []
