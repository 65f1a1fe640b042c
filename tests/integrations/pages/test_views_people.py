"""The contact persons on the company page: who is in the books, and the button that adds one there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounting import registry
from accounting.errors import Refused
from accounting.types import ContactDocument
from fieldwork.models import ContactPerson, Customer
from integrations.models import Link, Operation
from integrations.revising import update_customer_now
from tests.integrations.exporting import put_in_books

pytestmark = pytest.mark.django_db
BUTTON = "Add in Acme Books"


@pytest.fixture
def eva(customer: Customer) -> ContactPerson:
    return ContactPerson.objects.create(customer=customer, first_name="Eva", last_name="Ek")


def page_of(browser: Client, customer: Customer) -> str:
    return browser.get(reverse("fieldwork:customer_detail", args=[customer.pk])).content.decode()


def add(browser: Client, person: ContactPerson):
    return browser.post(reverse("integrations:add_contact_person", args=[person.pk]), follow=True)


def test_a_person_is_added_with_one_button(browser, connection, customer, eva):
    put_in_books(connection, customer)
    assert BUTTON in page_of(browser, customer)

    page = add(browser, eva).content.decode()

    assert "Eva Ek is in Acme Books." in page
    assert BUTTON not in page
    assert Link.objects.get(kind="contact").local_id == eva.pk


def test_there_is_no_button_before_the_customer_is_there(browser, connection, customer, eva):
    assert BUTTON not in page_of(browser, customer)
    assert "cannot be added" in add(browser, eva).content.decode()
    assert not Operation.objects.exists()


def test_there_is_no_button_where_the_customer_carries_the_person(browser, connection, customer, eva, monkeypatch):
    put_in_books(connection, customer)
    provider = registry.provider_for("acme_books")
    fewer = replace(provider, writes=provider.writes - {ContactDocument})
    monkeypatch.setitem(registry.all_providers(), "acme_books", fewer)

    assert BUTTON not in page_of(browser, customer)
    add(browser, eva)
    assert not Operation.objects.exists()


def test_what_was_refused_is_told_and_tried_again(browser, connection, customer, eva, acme):
    put_in_books(connection, customer)
    acme.fail("create", Refused("The e-mail is no good.", status=400), kind="contact")

    page = add(browser, eva).content.decode()
    assert "Needs you" in page
    assert BUTTON in page
    add(browser, eva)

    assert Operation.objects.get(kind="contact").state == Operation.State.QUEUED


def test_an_update_of_a_person_that_stopped_says_why(browser, connection, customer, eva, acme):
    put_in_books(connection, customer)
    ContactPerson.objects.update(is_reference=True)
    add(browser, eva)
    ContactPerson.objects.update(email="eva@ek.example")
    acme.fail("update", Refused("The e-mail is no good.", status=400), kind="contact")

    update_customer_now(connection, customer, ["contact"], by=None)

    assert "The e-mail is no good." in page_of(browser, customer)


def test_who_is_archived_is_not_offered(browser, connection, customer, eva):
    put_in_books(connection, customer)
    ContactPerson.objects.update(active=False)

    page = page_of(browser, customer)

    assert "Not active" in page
    assert BUTTON not in page


def test_adding_is_the_offices(coordinator, performer, stranger, client, connection, customer, eva):
    put_in_books(connection, customer)

    assert add(performer, eva).status_code == 403
    assert add(stranger, eva).status_code == 404
    assert client.post(reverse("integrations:add_contact_person", args=[eva.pk])).status_code == 302
    assert not Operation.objects.exists()
    assert add(coordinator, eva).status_code == 200
    assert Operation.objects.exists()


def test_thirty_people_need_no_more_statements_than_one(browser, connection, customer, eva):
    put_in_books(connection, customer)
    page_of(browser, customer)
    with CaptureQueriesContext(database) as for_one:
        page_of(browser, customer)
    for number in range(30):
        ContactPerson.objects.create(customer=customer, first_name=f"Bo {number}")

    with CaptureQueriesContext(database) as for_thirty:
        page_of(browser, customer)

    assert len(for_thirty) == len(for_one)
