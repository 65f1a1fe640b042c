"""The connections page, the pages around every page, and what no page may contain."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fieldwork.models import Organization
from integrations.models import Connection, Licence, Run

pytestmark = pytest.mark.django_db


def card(browser) -> str:
    """The part of the connections page that is about Acme Books."""
    page = browser.get("/books/").content.decode()
    return page.partition('aria-labelledby="acme_books"')[2].partition("</section>")[0]


def test_every_accounting_system_has_a_card(browser, organization):
    assert "Acme Books" in card(browser)
    assert "Not connected" in card(browser)


def test_before_connecting_the_card_says_what_must_be_in_place(browser, organization):
    shown = card(browser)

    assert "You are an administrator in Acme Books." in shown
    assert "Read and write the books." in shown
    assert "https://docs.acme.example" in shown


def test_without_a_licence_there_is_no_way_to_connect(browser, organization):
    assert "No licence today" in card(browser)
    assert "/connect/" not in card(browser)


def test_a_trial_says_until_when(browser, organization):
    last = timezone.localdate() + timedelta(days=14)
    Licence.objects.create(
        organization=organization,
        provider="acme_books",
        starts_on=timezone.localdate(),
        ends_on=last,
        is_trial=True,
        price_note="then 99 kr a month",
    )

    shown = card(browser)

    assert f"until {last:%Y-%m-%d}" in shown
    assert "then 99 kr a month" in shown
    assert reverse("integrations:ways", args=["acme_books"]) in shown


def test_a_connected_card_shows_company_number_and_times(browser, connection):
    Connection.objects.update(
        last_success_at=timezone.now() - timedelta(minutes=3), next_due_at=timezone.now() + timedelta(minutes=12)
    )

    shown = card(browser)

    assert "Connected" in shown
    assert "Rör &amp; Värme AB" in shown
    assert "556016-0680" in shown
    assert "3 minutes ago" in shown
    assert "in 12 minutes" in shown


@pytest.mark.parametrize(
    ("state", "word", "button"),
    [
        ("confirming", "Waiting for your confirmation", "confirm"),
        ("active", "Connected", "sync"),
        ("reconnect", "Reconnect needed", "connect"),
        ("paused", "Paused", "resume"),
        ("disconnected", "Disconnected", "ways"),
    ],
)
def test_each_state_has_its_word_and_its_one_button(browser, connection, state, word, button):
    Connection.objects.update(state=state)

    shown = card(browser)

    argument = "acme_books" if button in ("connect", "ways") else connection.pk
    assert word in shown
    assert reverse(f"integrations:{button}", args=[argument]) in shown


def test_a_limited_connection_says_until_when(browser, connection):
    Connection.objects.update(wait_until=timezone.now() + timedelta(minutes=20))

    assert re.search(r"Limited until \d\d:\d\d", card(browser))


def test_while_one_system_is_connected_another_says_which_to_disconnect(browser, connection):
    others = [each for each in browser.get("/books/").context["cards"] if each.provider.key != "acme_books"]

    assert others
    assert {other.beside for other in others} == {connection}


def test_the_connections_page_is_the_owners(coordinator, performer, client):
    assert coordinator.get("/books/").status_code == 403
    assert performer.get("/books/").status_code == 403
    assert client.get("/books/").status_code == 302


def test_a_refused_page_says_so_in_the_frame(coordinator):
    page = coordinator.get("/books/").content.decode()

    assert "Your role may not open this page." in page
    assert "Sign out" in page


def test_a_missing_page_says_so_in_the_frame(browser):
    answer = browser.get("/books/00000000-0000-0000-0000-000000000000/settings/")

    assert answer.status_code == 404
    assert "no such page" in answer.content.decode()


def test_an_unknown_accounting_system_is_not_found(browser, organization):
    assert browser.post("/books/nobodys_books/connect/").status_code == 404
    assert browser.get("/books/nobodys_books/callback/?state=x").status_code == 404


def test_the_login_page_offers_languages_and_keeps_where_one_was_going(client):
    page = client.get("/login/?next=/inbox/").content.decode()

    assert 'name="next" value="/inbox/"' in page
    assert "Svenska" in page


def test_pages_speak_the_readers_language(browser, owner):
    owner.language = "sv"
    owner.save()

    assert '<html lang="sv">' in browser.get("/").content.decode()


def test_a_person_of_two_firms_can_switch(browser, owner, organization):
    other = Organization.objects.create(name="Second AB", slug="second")
    owner.memberships.create(organization=other, role="owner")

    assert "Switch to Second AB" in browser.get("/").content.decode()


INLINE = re.compile(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)


def test_no_page_runs_or_styles_anything_inline(browser, connection, work_order, customer):
    run = Run.objects.create(connection=connection, stream="customers", total=10, read=1)
    pages = [
        "/",
        "/books/",
        "/books/runs/",
        "/inbox/",
        "/login/",
        reverse("integrations:run", args=[run.pk]),
        reverse("integrations:settings", args=[connection.pk]),
        reverse("integrations:disconnect", args=[connection.pk]),
        reverse("fieldwork:work_order_detail", args=[work_order.pk]),
        reverse("fieldwork:customer_detail", args=[customer.pk]),
    ]

    found = {path: INLINE.findall(browser.get(path).content.decode()) for path in pages}

    assert {path: hits for path, hits in found.items() if hits} == {}
