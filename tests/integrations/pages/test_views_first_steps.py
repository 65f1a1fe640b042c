"""The button that asks whether the books answer."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounting.errors import TryLater
from integrations.models import Connection

pytestmark = pytest.mark.django_db


def press_test(browser, connection) -> str:
    address = reverse("integrations:test_connection", args=[connection.pk])
    return browser.post(address, follow=True).content.decode()


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
