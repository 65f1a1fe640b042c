"""The catalogue of problems: searched, linked to, and for the office."""

from __future__ import annotations

import pytest
from django.template import loader
from django.urls import reverse

from integrations.explaining.catalogue import ALL
from integrations.models import HelpVote

pytestmark = [pytest.mark.django_db, pytest.mark.long]


def test_the_catalogue_lists_every_explanation_and_each_has_its_page(browser, connection):
    page = browser.get("/inbox/help/").content.decode()

    for each in ALL:
        assert f'id="{each.code}"' in page
        if not each.is_shared:
            assert browser.get(reverse("integrations:explanation", args=[each.code])).status_code == 200


def test_a_search_narrows_it_to_what_has_every_word(browser, connection):
    page = browser.get("/inbox/help/", {"q": "POSTCODE empty missing"}).content.decode()
    found = browser.get("/inbox/help/", {"q": "postcode without"}).content.decode()

    assert "Nothing is called like that." in page
    assert 'id="postcode_missing"' in found
    assert 'id="city_missing"' not in found


def test_a_shared_explanation_names_the_field(browser, connection):
    page = browser.get("/inbox/help/delivery_street_too_long/").content.decode()

    assert "A text is too long (delivery street)" in page


def test_an_unknown_code_is_not_found(browser, connection):
    assert browser.get("/inbox/help/no-such-code/").status_code == 404


def test_it_is_for_the_office(performer, client, connection):
    for address in ("/inbox/help/", "/inbox/help/refused/"):
        assert performer.get(address).status_code == 403
        assert client.get(address).status_code == 302


# --- related, helpful, and help ---------------------------------------------------------


def test_an_explanation_leads_to_related_ones_and_to_where_the_work_is_done(browser, coordinator, connection):
    page = browser.get("/inbox/help/postcode_missing/").content.decode()
    owners = browser.get("/inbox/help/refused/").content.decode()
    not_theirs = coordinator.get("/inbox/help/refused/").content.decode()

    assert 'href="/inbox/help/city_missing/"' in page
    assert '<li><a href="/customers/">' in page
    assert '<li><a href="/books/health/">' in owners
    assert '<li><a href="/books/health/">' not in not_theirs


def test_each_person_has_one_word_on_an_explanation_and_the_latest_counts(browser, coordinator, connection):
    for said in ("yes", "yes", "no"):
        browser.post("/inbox/help/postcode_missing/vote/", {"helpful": said})
    coordinator.post("/inbox/help/postcode_missing/vote/", {"helpful": "yes"})

    assert sorted(HelpVote.objects.values_list("code", "helpful")) == [
        ("postcode_missing", False),
        ("postcode_missing", True),
    ]
    assert "You did not find this helpful." in browser.get("/inbox/help/postcode_missing/").content.decode()


def test_a_word_on_a_shared_explanation_counts_for_that(browser, connection):
    browser.post("/inbox/help/delivery_street_too_long/vote/", {"helpful": "no"})

    assert HelpVote.objects.get().code == "*_too_long"


def test_nonsense_is_no_word(browser, performer, connection):
    browser.post("/inbox/help/postcode_missing/vote/", {"helpful": "maybe"})

    assert browser.post("/inbox/help/no_such_code/vote/", {"helpful": "yes"}).status_code == 404
    assert performer.post("/inbox/help/postcode_missing/vote/", {"helpful": "yes"}).status_code == 403
    assert not HelpVote.objects.exists()


def test_nobody_is_asked_for_help_where_nobody_is_named(browser, connection):
    for address in ("/", "/inbox/help/postcode_missing/", "/nowhere/"):
        assert "Ask for help" not in browser.get(address).content.decode()


def test_help_is_asked_for_with_the_name_of_the_page_and_nothing_of_the_firm(browser, customer, connection, settings):
    settings.SUPPORT_URL = "https://help.example/ask?from=app"

    page = browser.get(reverse("fieldwork:customer_detail", args=[customer.pk])).content.decode()
    missing = browser.get("/nowhere/").content.decode()
    explanation = browser.get("/inbox/help/postcode_missing/").content.decode()

    assert 'href="https://help.example/ask?from=app&amp;page=customer_detail"' in page
    assert 'href="https://help.example/ask?from=app&amp;page=error"' in missing
    assert 'href="https://help.example/ask?from=app&amp;page=postcode_missing"' in explanation


def test_a_refused_page_and_a_broken_one_offer_help_by_mail(performer, connection, settings):
    settings.SUPPORT_EMAIL = "help@example.com"

    refused = performer.get("/books/").content.decode()

    assert 'href="mailto:help@example.com?subject=Fieldledger%3A%20books"' in refused
    assert "mailto:help@example.com?subject=Fieldledger%3A%20500" in loader.render_to_string("500.html")
