"""Trying out, testing the connection, and the bar that says where one is on the way to the first sync."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from accounting.errors import TryLater
from integrations.models import Connection, ConnectionSettings, Licence
from tests.integrations.pages.test_views_books import card

pytestmark = pytest.mark.django_db

TRY = reverse("integrations:try_out", args=["acme_books"])


def press_test(browser, connection) -> str:
    address = reverse("integrations:test_connection", args=[connection.pk])
    return browser.post(address, follow=True).content.decode()


def test_a_firm_without_a_licence_tries_for_fourteen_days(browser, organization):
    assert TRY in card(browser)

    page = browser.post(TRY, follow=True).content.decode()

    licence = Licence.objects.get()
    assert (licence.ends_on - timezone.localdate()).days == 14
    assert licence.is_trial
    assert "You can try Acme Books until" in page
    assert reverse("integrations:connect", args=["acme_books"]) in card(browser)


def test_there_is_one_trial_only(browser, organization):
    long_ago = timezone.localdate().replace(year=2020, day=1)
    Licence.objects.create(organization=organization, provider="acme_books", starts_on=long_ago, ends_on=long_ago)

    assert TRY not in card(browser)
    assert "has had a licence for Acme Books already" in browser.post(TRY, follow=True).content.decode()
    assert Licence.objects.count() == 1


def test_a_healthy_connection_says_that_it_answers(browser, connection, acme):
    assert "Acme Books answers, and the login is accepted for" in press_test(browser, connection)


def test_what_is_wrong_is_said_in_words(browser, connection, acme):
    acme.fail("company", TryLater("The books are closed for maintenance."))

    assert "The books are closed for maintenance." in press_test(browser, connection)


def test_another_company_behind_the_login_is_said(browser, connection, acme):
    connection.books.remote_id = "another-company"
    connection.books.save()

    assert "The login now opens another company" in press_test(browser, connection)


def test_a_disconnected_one_is_not_asked(browser, connection, acme):
    Connection.objects.update(state=Connection.State.DISCONNECTED)

    assert "is not connected at the moment" in press_test(browser, connection)


def test_the_bar_stands_on_the_way_to_the_first_sync_only(browser, connection):
    settings = reverse("integrations:settings", args=[connection.pk])
    assert 'class="stepbar"' not in browser.get(settings).content.decode()

    ConnectionSettings.objects.update(saved_at=None)

    for name in ("settings", "plan"):
        page = browser.get(reverse(f"integrations:{name}", args=[connection.pk])).content.decode()
        assert 'class="stepbar"' in page
