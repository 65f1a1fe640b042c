"""The banner, the card and the health page tell the same facts, each to those who can do something about them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.test import Client
from django.utils import timezone

from fieldwork.models import Organization, User, WorkOrder
from fieldwork.services import complete_work_order
from integrations.models import Alarm, Canary, Connection, Heartbeat, Licence, Notice, Operation, Webhook
from integrations.watching.banner import banner_of
from integrations.watching.facts import THRESHOLDS
from integrations.watching.health import FirmHealth
from integrations.watching.rounds import look_after


@pytest.fixture(autouse=True)
def well(connection: Connection) -> None:
    """All is well."""
    Heartbeat.beat(Heartbeat.TICK)
    Canary.lay()
    Connection.objects.update(next_due_at=timezone.now() + timedelta(minutes=15), last_success_at=timezone.now())


def banner(browser: Client, path: str = "/") -> str:
    page = browser.get(path).content.decode()
    _before, found, rest = page.partition('<div class="banner"')
    return rest.partition('<main id="main">')[0] if found else ""


def stand_still() -> None:
    Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=11))


class TestBanner:
    def test_none_while_all_is_well(self, browser: Client) -> None:
        assert banner(browser) == ""
        look_after()
        assert banner(browser, "/books/") == ""

    def test_a_refused_login_with_its_button(self, browser: Client) -> None:
        Connection.objects.update(state=Connection.State.RECONNECT)

        found = banner(browser, "/inbox/")
        assert "Acme Books no longer accepts the login" in found
        assert 'action="/books/acme_books/connect/"' in found
        assert "Reconnect" in found

    def test_it_is_gone_with_the_problem(self, browser: Client) -> None:
        Connection.objects.update(state=Connection.State.RECONNECT)
        look_after()
        Connection.objects.update(state=Connection.State.ACTIVE)

        assert banner(browser) == ""

    def test_a_queue_that_stands_still_with_the_number_that_waits(
        self, browser: Client, work_order: WorkOrder, owner: User
    ) -> None:
        complete_work_order(work_order, by=owner)
        stand_still()

        assert "nothing is read or sent. Writes that wait: 1." in banner(browser)

    def test_what_the_check_has_found(self, browser: Client) -> None:
        Licence.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
        assert banner(browser) == ""
        look_after()

        assert "There is no licence for Acme Books today" in banner(browser)
        Licence.objects.update(ends_on=None)
        assert banner(browser) == ""

    def test_the_office_sees_it_without_the_owners_button(self, coordinator: Client) -> None:
        Connection.objects.update(state=Connection.State.RECONNECT)

        assert "no longer accepts the login" in banner(coordinator)
        assert "<form" not in banner(coordinator)

    def test_not_for_those_who_do_the_work(self, performer: Client) -> None:
        Connection.objects.update(state=Connection.State.RECONNECT)
        stand_still()

        assert banner(performer) == ""

    def test_not_for_another_firm(self, stranger: Client) -> None:
        Connection.objects.update(state=Connection.State.RECONNECT)
        stand_still()
        look_after()

        assert banner(stranger) == ""

    def test_it_costs_every_page_one_statement(self, browser: Client, django_assert_num_queries: Any) -> None:
        health = FirmHealth(Organization.objects.get())

        with django_assert_num_queries(1):
            assert banner_of(health) is None

    def test_it_asks_for_nothing_that_the_page_has_asked_already(
        self, browser: Client, django_assert_max_num_queries: Any
    ) -> None:
        Licence.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
        look_after()

        with django_assert_max_num_queries(15):
            assert "There is no licence for Acme Books today" in banner(browser, "/books/health/")

    def test_a_canary_that_no_key_opens_stops_no_page(self, browser: Client, settings: Any) -> None:
        settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]

        assert banner(browser, "/customers/") == ""
        look_after()
        assert "Stored logins cannot be decrypted" in banner(browser, "/customers/")


class TestCard:
    def test_well(self, browser: Client) -> None:
        assert "All is well" in browser.get("/books/").content.decode()

    def test_each_trouble_in_a_sentence(self, browser: Client) -> None:
        Licence.objects.update(ends_on=timezone.localdate() + timedelta(days=5))
        Connection.objects.update(limited_since=timezone.now() - timedelta(minutes=20))

        page = browser.get("/books/").content.decode()

        assert "The licence for Acme Books ends on" in page
        assert "has not let us work since" in page
        assert "All is well" not in page

    def test_limited_is_seen_on_the_pill(self, browser: Client) -> None:
        Connection.objects.update(wait_until=timezone.now() + timedelta(hours=1))

        assert "Limited until" in browser.get("/books/").content.decode()

    def test_nothing_of_the_installation(self, browser: Client) -> None:
        stand_still()

        card = browser.get("/books/").content.decode().partition('<main id="main">')[2]
        assert "task queue" not in card


class TestPage:
    def test_shows_every_fact(self, browser: Client) -> None:
        page = browser.get("/books/health/").content.decode()

        assert page.count('<span class="pill green">Well</span>') == len(THRESHOLDS) - 3
        assert "The task queue works." in page
        assert "owner@ror.example" in page
        assert "There has been no alarm." in page

    def test_shows_nothing_that_is_the_operators(self, browser: Client) -> None:
        Heartbeat.objects.create(name=Heartbeat.WATCHDOG, at=timezone.now() - timedelta(days=1))

        assert "watchdog" not in browser.get("/books/health/").content.decode()

    def test_counts_nothing_of_another_firm(
        self, browser: Client, work_order: WorkOrder, owner: User, stranger: Client, connection: Connection
    ) -> None:
        complete_work_order(work_order, by=owner)
        Operation.objects.update(organization=Organization.objects.get(slug="other"))
        stand_still()

        assert "Writes that wait: 0." in browser.get("/books/health/").content.decode()
        assert "Writes that wait: 0." in banner(browser)

    def test_shows_what_was_told_to_whom(self, browser: Client, mailoutbox: list[Any]) -> None:
        Connection.objects.update(state=Connection.State.RECONNECT)
        look_after()
        Notice.objects.update(sent_at=None, problem="refused")

        page = browser.get("/books/health/").content.decode()

        assert "Begun: owner@ror.example" in page
        assert "not delivered yet" in page
        assert "Reconnect" in page

    def test_without_a_connection(self, browser: Client) -> None:
        Connection.objects.update(state=Connection.State.DISCONNECTED)

        assert browser.get("/books/health/").status_code == 200

    def test_for_owners_only(self, coordinator: Client, performer: Client, client: Client) -> None:
        assert coordinator.get("/books/health/").status_code == 403
        assert performer.get("/books/health/").status_code == 403
        assert client.get("/books/health/").status_code == 302

    def test_nothing_of_another_firm(self, stranger: Client) -> None:
        Connection.objects.update(state=Connection.State.RECONNECT)
        look_after()

        page = stranger.get("/books/health/").content.decode()
        assert "Acme Books" not in page
        assert "owner@ror.example" not in page
        assert Alarm.objects.count() == 1


class TestWebhook:
    ADDRESS = "/books/health/webhook/"

    def test_is_set_by_an_owner(self, browser: Client) -> None:
        answer = browser.post(self.ADDRESS, {"url": "https://1.1.1.1/alarms"}, follow=True)

        webhook = Webhook.objects.get()
        page = answer.content.decode()
        assert webhook.url == "https://1.1.1.1/alarms"
        assert "Alarms are posted to https://1.1.1.1/alarms" in page
        assert webhook.secret in page

    def test_another_address_keeps_the_secret(self, browser: Client) -> None:
        browser.post(self.ADDRESS, {"url": "https://1.1.1.1/one"})
        secret = Webhook.objects.get().secret
        browser.post(self.ADDRESS, {"url": "https://1.1.1.1/two"})

        assert (Webhook.objects.get().url, Webhook.objects.get().secret) == ("https://1.1.1.1/two", secret)

    def test_is_removed(self, browser: Client) -> None:
        browser.post(self.ADDRESS, {"url": "https://1.1.1.1/one"})
        browser.post(self.ADDRESS, {"url": "https://1.1.1.1/one", "remove": "yes"})

        assert not Webhook.objects.exists()

    @pytest.mark.parametrize(
        ("url", "said"),
        [
            ("https://127.0.0.1/", "is inside a private network"),
            ("https://10.0.0.1/", "is inside a private network"),
            ("http://1.1.1.1/", "must begin with https://"),
            ("nonsense", "Enter a valid URL"),
            ("", "This field is required"),
        ],
    )
    def test_only_public_addresses(self, browser: Client, url: str, said: str) -> None:
        answer = browser.post(self.ADDRESS, {"url": url})

        assert said in answer.content.decode()
        assert not Webhook.objects.exists()

    def test_by_owners_only(self, coordinator: Client, performer: Client) -> None:
        for person in (coordinator, performer):
            assert person.post(self.ADDRESS, {"url": "https://1.1.1.1/"}).status_code == 403
        assert not Webhook.objects.exists()
