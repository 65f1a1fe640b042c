"""The part of the settings about calls, with its buttons, and the line on the health page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounting import registry
from accounting.errors import NotAllowed
from integrations.models import Connection, Hook, InboundEvent
from integrations.models.hook import second_secret

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(connection: Connection) -> str:
    return reverse("integrations:settings", args=[connection.pk])


@pytest.fixture
def takes_addresses(acme, monkeypatch) -> None:
    """Acme Books can be told by a program whom to call."""
    provider = replace(registry.provider_for("acme_books"), takes_addresses=True)
    monkeypatch.setitem(registry.all_providers(), "acme_books", provider)


def press(browser: Client, name: str, connection: Connection):
    return browser.post(reverse(f"integrations:{name}", args=[connection.pk]), follow=True)


def shown(browser: Client, address: str) -> str:
    return browser.get(address).content.decode()


def test_it_is_off_until_somebody_switches_it_on(browser, connection, address, settings):
    settings.SITE_URL = "https://ledger.example"
    assert "Switched off" in shown(browser, address)

    page = press(browser, "renew_hook", connection).content.decode()

    hook = Hook.objects.get()
    assert f"https://ledger.example/hooks/{connection.pk}/{hook.secret}/" in page
    assert "Webhooks: *" in page
    assert "Calls are switched on." in page
    assert "no https address" not in page


def test_without_https_it_says_so(browser, connection, address, settings):
    settings.SITE_URL = "http://127.0.0.1:8000"

    assert "no https address" in shown(browser, address)


def test_a_renewed_address_is_another_one(browser, connection, address):
    press(browser, "renew_hook", connection)
    former = Hook.objects.get().secret

    press(browser, "renew_hook", connection)

    page = shown(browser, address)
    assert former not in page
    assert Hook.objects.get().secret in page


def test_the_last_call_and_the_number_of_today_are_shown(browser, connection, address):
    press(browser, "renew_hook", connection)
    now = timezone.now()
    Hook.objects.update(last_event_at=now, last_event="<b>x</b>", left_out=7, left_out_on=timezone.localdate())
    InboundEvent.objects.create(connection=connection, key="1")

    pages = [shown(browser, address), shown(browser, reverse("integrations:health"))]

    for page in pages:
        assert "just now" in page
        assert "7 more were too many at once" in page
    assert "&lt;b&gt;x&lt;/b&gt;" in pages[0]


def test_books_that_take_it_are_told_the_address(browser, connection, acme, address, takes_addresses):
    page = press(browser, "renew_hook", connection).content.decode()

    hook = Hook.objects.get()
    assert acme.called is not None
    assert hook.secret in acme.called[0]
    assert acme.called[1] == second_secret(hook.secret)
    assert hook.registered_events == ["article.changed", "customer.changed"]
    assert "Acme Books calls it from now on." in page
    assert "How to register" not in page


def test_books_that_refuse_it_leave_the_address_and_say_why(browser, connection, acme, address, takes_addresses):
    acme.fail("register_hooks", NotAllowed("Only administrators may do this.", status=403))

    page = press(browser, "renew_hook", connection).content.decode()
    assert "Acme Books could not be told" in page
    assert Hook.objects.get().registered_at is None
    press(browser, "tell_hook", connection)

    assert Hook.objects.get().registered_at is not None


def test_switched_off_nothing_is_left_here_or_there(browser, connection, acme, address, takes_addresses):
    press(browser, "renew_hook", connection)

    press(browser, "switch_off_hook", connection)
    press(browser, "switch_off_hook", connection)

    assert (acme.called, Hook.objects.exists()) == (None, False)
    assert "Switched off" in shown(browser, address)


def test_a_key_that_is_missing_is_named(browser, connection, acme, address, monkeypatch):
    from importlib import import_module

    calls = import_module("accounting.providers.acme_books.calls")
    provider = replace(registry.provider_for("acme_books"), webhook=calls.SIGNED)
    monkeypatch.setitem(registry.all_providers(), "acme_books", provider)

    assert "Whoever hosts this sets ACME_BOOKS_SIGNING_KEY." in shown(browser, address)


def test_where_nobody_calls_there_is_nothing_to_switch_on(browser, connection, acme, address, monkeypatch):
    provider = replace(registry.provider_for("acme_books"), webhook=None)
    monkeypatch.setitem(registry.all_providers(), "acme_books", provider)

    assert "Calls from" not in shown(browser, address)
    assert press(browser, "renew_hook", connection).status_code == 404


@pytest.mark.parametrize("name", ["renew_hook", "tell_hook", "switch_off_hook"])
def test_calls_are_the_owners_business(coordinator, performer, stranger, client, browser, connection, name):
    Hook.renew(connection)
    secret = Hook.objects.get().secret
    path = reverse(f"integrations:{name}", args=[connection.pk])

    assert [each.post(path).status_code for each in (coordinator, performer, stranger)] == [403, 403, 404]
    assert client.post(path).status_code == 302
    assert browser.get(path).status_code == 405
    assert Hook.objects.get().secret == secret
