"""The settings of a connection: what comes in, what goes out, what the books must be told, and that it stays."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounting.errors import TryLater
from integrations.models import Answer, Connection, Hook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    cache.clear()


@pytest.fixture
def address(connection: Connection) -> str:
    return reverse("integrations:settings", args=[connection.pk])


def filled_in(browser: Client, address: str, **changes: Any) -> dict[str, Any]:
    """What a browser would send of the form as it stands, with some fields changed; None leaves one out."""
    forms = browser.get(address).context["forms"]
    sent: dict[str, Any] = {}
    for form in forms:
        for field in form:
            value = field.value()
            if value is True:
                sent[field.html_name] = "on"
            elif value is not False and value is not None:
                sent[field.html_name] = value
    sent.update(changes)
    return {name: value for name, value in sent.items() if value is not None}


def test_what_is_chosen_survives_signing_out(browser, owner, connection, address):
    browser.post(address, filled_in(browser, address, **{"stream-sales_orders-enabled": None}))

    again = Client()
    again.force_login(owner)
    forms = {form.instance.stream: form for form in again.get(address).context["forms"].streams}
    assert forms["sales_orders"]["enabled"].value() is False
    assert forms["customers"]["enabled"].value() is True


def test_saving_again_starts_nothing(browser, connection, address):
    later = timezone.now() + timezone.timedelta(minutes=9)
    Connection.objects.update(next_due_at=later)

    answer = browser.post(address, filled_in(browser, address))

    connection.refresh_from_db()
    assert (answer["Location"], connection.next_due_at) == ("/books/", later)


def test_the_cut_off_date_is_needed(browser, connection, address):
    before = connection.settings.cut_off_date

    page = browser.post(address, filled_in(browser, address, **{"send-cut_off_date": ""}))

    connection.settings.refresh_from_db()
    assert page.status_code == 200
    assert page.context["failed"]
    assert connection.settings.cut_off_date == before


def test_nothing_of_a_form_with_an_error_is_saved(browser, connection, address):
    browser.post(
        address, filled_in(browser, address, **{"read-interval_minutes": "1", "send-document_kind": "sales_order"})
    )

    connection.settings.refresh_from_db()
    assert connection.settings.document_kind == "invoice_draft"


def test_what_was_typed_is_shown_again_with_the_error(browser, connection, address):
    page = browser.post(address, filled_in(browser, address, **{"read-interval_minutes": "1"})).content.decode()

    assert 'value="1"' in page
    assert "Choose between 5 minutes" in page


def test_documents_hour_units_and_switches_are_saved(browser, connection, address):
    changes = {
        "send-document_kind": "sales_order",
        "send-create_missing_articles": None,
        "read-hour_units": "tim akut",
        "read-articles_without_unit": "hour_type",
        "stream-customers-overwrite": None,
    }

    browser.post(address, filled_in(browser, address, **changes))

    settings = type(connection.settings).objects.get(pk=connection.pk)
    assert (settings.document_kind, settings.create_missing_articles) == ("sales_order", False)
    assert settings.hour_words == {"tim", "akut"}
    assert settings.articles_without_unit == "hour_type"
    assert not connection.streams.get(stream="customers").overwrite


@pytest.mark.parametrize(("typed", "kept"), [("30", 30), ("0", 0), ("", 7), (None, 7), ("91", 7), ("-1", 7)])
def test_how_often_everything_is_read_is_a_setting(browser, connection, address, typed, kept):
    answer = browser.post(address, filled_in(browser, address, **{"read-full_read_days": typed}))

    assert answer.status_code == (200 if typed in ("91", "-1") else 302)
    assert type(connection.settings).objects.get(pk=connection.pk).full_read_days == kept


def test_a_kind_of_document_that_is_not_offered_is_refused(browser, connection, address):
    page = browser.post(address, filled_in(browser, address, **{"send-document_kind": "voucher"}))

    assert page.context["failed"]


# --- questions ------------------------------------------------------------------


def test_questions_offer_what_the_books_have(browser, connection, acme, address):
    page = browser.get(address).content.decode()

    assert '<option value="std" selected>Standard</option>' in page
    assert '<option value="svc">Service</option>' in page


def test_an_answer_is_kept_with_its_name(browser, connection, address):
    browser.post(address, filled_in(browser, address, **{"ask-layout": "svc"}))

    answer = Answer.objects.get()
    assert (answer.value, answer.label) == ("svc", "Service")


def test_an_answer_can_be_taken_back(browser, connection, address):
    browser.post(address, filled_in(browser, address, **{"ask-layout": ""}))

    assert not Answer.objects.exists()


def test_an_answer_that_the_books_do_not_offer_is_refused(browser, connection, address):
    page = browser.post(address, filled_in(browser, address, **{"ask-layout": "made-up"}))

    assert page.context["failed"]
    assert Answer.objects.get().value == "std"


def test_books_that_do_not_answer_leave_the_present_answers_standing(browser, connection, acme, address):
    acme.fail("choices", TryLater("The accounting system cannot answer right now."), times=9)

    page = browser.get(address).content.decode()
    browser.post(address, filled_in(browser, address, **{"read-hour_units": "tim"}))

    assert "could not be asked" in page
    assert "cannot answer right now" in page
    assert '<option value="std" selected>Standard</option>' in page
    connection.settings.refresh_from_db()
    assert (Answer.objects.get().value, connection.settings.hour_units) == ("std", "tim")


def test_opening_and_saving_asks_the_books_once(browser, connection, acme, address):
    browser.post(address, filled_in(browser, address))
    browser.get(address)

    assert acme.count("choices") == 1


# --- who ------------------------------------------------------------------------


def test_settings_are_the_owners(coordinator, performer, stranger, client, address):
    assert coordinator.get(address).status_code == 403
    assert performer.get(address).status_code == 403
    assert stranger.get(address).status_code == 404
    assert client.get(address).status_code == 302


def test_what_is_disconnected_has_no_settings_page(browser, connection, address):
    Connection.objects.update(state=Connection.State.DISCONNECTED)

    assert browser.get(address)["Location"] == "/books/"


def test_the_pdf_is_offered_where_the_books_take_files(browser, connection, address, monkeypatch):
    assert "attach_pdf" in browser.get(address).context["forms"].sending.fields

    provider = connection.ledger_provider
    monkeypatch.setitem(
        vars(provider), "writes", frozenset(each for each in provider.writes if each.kind != "attachment")
    )

    assert "attach_pdf" not in browser.get(address).context["forms"].sending.fields


def test_whether_the_pdf_is_attached_is_the_owners_choice(browser, connection, address):
    field = browser.get(address).context["forms"].sending["attach_pdf"]
    browser.post(address, filled_in(browser, address, **{field.html_name: "on"}))

    connection.settings.refresh_from_db()
    assert connection.settings.attach_pdf is True


def test_filters_are_offered_where_they_fit_and_saved(browser, connection, address):
    page = browser.get(address).content.decode()
    assert "Articles: which" in page
    assert "Units: active only" not in page
    changes = {
        "stream-customers-only_active": "on",
        "stream-articles-articles": "goods",
        "stream-sales_orders-starts_on": "2026-11-01",
    }

    browser.post(address, filled_in(browser, address, **changes))

    kept = {each.stream: (each.only_active, each.articles, str(each.starts_on)) for each in connection.streams.all()}
    assert kept["customers"] == (True, "", "None")
    assert kept["articles"] == (False, "goods", "None")
    assert kept["sales_orders"] == (False, "", "2026-11-01")


def test_an_impossible_day_is_refused_beside_its_field(browser, connection, address):
    page = browser.post(address, filled_in(browser, address, **{"stream-sales_orders-starts_on": "2026-02-30"}))

    assert page.context["failed"]
    assert "Enter a valid date." in page.content.decode()


def test_how_lines_stand_on_documents_is_the_owners_choice(browser, connection, material, address):
    changes = {
        "shape-hour_rounding": "15",
        "shape-line_order": "hours",
        "shape-bills_description": None,
        "shape-default_material": "R22",
    }

    browser.post(address, filled_in(browser, address, **changes))

    firm = type(connection.organization).objects.get(pk=connection.organization_id)
    assert (firm.hour_rounding, firm.line_order, firm.bills_description) == (15, "hours", False)
    assert firm.default_material == material


def test_an_article_that_is_not_the_firms_is_said_beside_its_field(browser, connection, address):
    page = browser.post(address, filled_in(browser, address, **{"shape-default_material": "Z99"})).content.decode()

    assert "Nothing is called “Z99”" in page
    assert 'value="Z99"' in page


def test_the_page_needs_few_statements(browser, connection, address, django_assert_max_num_queries):
    Hook.renew(connection)
    browser.get(address)

    with django_assert_max_num_queries(15):
        browser.get(address)
