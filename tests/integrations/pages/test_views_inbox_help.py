"""The catalogue of problems: searched, linked to, and for the office."""

from __future__ import annotations

import pytest
from django.urls import reverse

from integrations.explaining.catalogue import ALL

pytestmark = pytest.mark.django_db


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
