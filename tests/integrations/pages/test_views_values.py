"""The page of values: which of our words is which record of the books, for every kind that there is."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounting import registry
from accounting.errors import TryLater
from accounting.models import Books, TermsOfPayment, Unit
from accounting.types import Choice, OurValue, ValueKind
from fieldwork.models import Customer
from integrations.models import Connection, ValueMap
from integrations.sending.preflight import preflight
from tests.integrations.exporting import complete, open_codes, operation_of, put_in_books

pytestmark = pytest.mark.django_db

ZONES = ValueKind(
    key="vat_zone",
    label="VAT zone",
    ours=OurValue.COUNTRY,
    needed_for=frozenset({"customer", "invoice_draft"}),
    required=True,
    advice="Ask your accountant.",
)
GROUPS = ValueKind(
    key="group", label="Group", ours=OurValue.VAT_PERCENT, needed_for=frozenset({"article"}), required=False
)


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    cache.clear()


@pytest.fixture
def address(connection: Connection) -> str:
    return reverse("integrations:values", args=[connection.pk])


@pytest.fixture
def terms(connection: Connection, customer: Customer) -> TermsOfPayment:
    """The books have 30 days; our customer's word for it is another."""
    customer.terms_of_payment = "30 dgr netto"
    customer.save()
    return TermsOfPayment.objects.create(books=connection.books, remote_id="t30", name="30 dagar")


@pytest.fixture
def zones(acme, monkeypatch) -> None:
    """Acme Books must be told a VAT zone for each country, and may be told a group for each VAT rate."""
    provider = registry.provider_for("acme_books")
    monkeypatch.setitem(registry.all_providers(), "acme_books", replace(provider, maps=(ZONES, GROUPS)))
    acme.choices["vat_zone"] = [Choice(value="1", label="Domestic"), Choice(value="2", label="EU")]
    acme.choices["group"] = [Choice(value="g25", label="Full"), Choice(value="g12", label="Half")]


def fields_of(browser: Client, address: str) -> dict[str, str]:
    """By our word the name of its field."""
    return {
        field.label: field.html_name
        for form in browser.get(address).context["forms"]
        for field in form.visible_fields()
    }


# --- terms and units ---------------------------------------------------------------


def test_our_words_for_terms_are_mapped_to_the_books(browser, connection, terms, address):
    assert "30 dgr netto" in browser.get(address).content.decode()

    browser.post(address, {"terms_of_payment-0": "t30"})

    row = ValueMap.objects.get()
    assert (row.ours, row.theirs, row.label) == ("30 dgr netto", "t30", "30 dagar")


def test_what_has_the_same_name_is_preselected(browser, connection, terms, customer, material, address):
    customer.terms_of_payment = "30 DAGAR"
    customer.save()
    Unit.objects.create(books=connection.books, remote_id="u1", name="Meter", abbreviation="m")

    chosen = {form.kind.key: form["0"].value() for form in browser.get(address).context["forms"]}

    assert chosen == {"terms_of_payment": "t30", "unit": "u1"}


def test_a_mapping_can_be_taken_back(browser, connection, terms, address):
    browser.post(address, {"terms_of_payment-0": "t30"})
    browser.post(address, {"terms_of_payment-0": ""})

    assert not ValueMap.objects.exists()


def test_records_of_other_books_are_not_offered(browser, connection, terms, address):
    others = Books.objects.create(provider="acme_books", environment="x", remote_id="y", name="Z")
    TermsOfPayment.objects.create(books=others, remote_id="foreign", name="Foreign")

    page = browser.post(address, {"terms_of_payment-0": "foreign"})

    assert page.context["failed"]
    assert not ValueMap.objects.exists()


def test_a_unit_of_ours_gets_a_unit_of_theirs(browser, connection, acme, worker, material, work_order, customer):
    Unit.objects.create(books=connection.books, remote_id="u1", name="Löpmeter", abbreviation="lm")
    address = reverse("integrations:values", args=[connection.pk])
    browser.post(address, {fields_of(browser, address)["m"]: "u1"})

    complete(work_order)
    worker.run()

    [pipe] = [each.document for each in acme.created("article") if each.document.number == "R22"]
    assert pipe.unit_remote_id == "u1"


# --- what the provider declares --------------------------------------------------------


def test_a_declared_kind_lists_our_values_and_their_choices(browser, zones, connection, customer, material, address):
    page = browser.get(address).content.decode()

    assert "Ask your accountant." in page
    assert '<option value="1">Domestic</option>' in page
    assert set(fields_of(browser, address)) >= {"SE", "25 %"}


def test_what_is_mapped_goes_with_the_document(
    browser, zones, connection, acme, worker, address, work_order, customer, material
):
    names = fields_of(browser, address)
    browser.post(address, {names["SE"]: "1", names["25 %"]: "g25"})

    complete(work_order)
    worker.run()

    documents = [each.document for each in acme.documents.values()]
    told = {document.kind: document.mapped for document in documents}
    assert told == {"customer": {"vat_zone": "1"}, "article": {"group": "g25"}, "invoice_draft": {"vat_zone": "1"}}


def test_a_required_value_without_a_choice_holds_documents_back_by_name(
    browser, zones, connection, acme, worker, address, work_order, customer, material, hour_type
):
    put_in_books(connection, customer, material, hour_type)
    [problem] = preflight(connection, work_order)
    assert str(problem) == "“SE” stands for nothing in the books yet (VAT zone)."

    complete(work_order)
    worker.run()
    assert (operation_of(work_order).state, open_codes()) == ("blocked", ["value_not_mapped"])
    assert "sent before you have chosen: SE." in browser.get(address).content.decode()
    browser.post(address, {fields_of(browser, address)["SE"]: "1"})
    worker.run()

    assert (operation_of(work_order).state, open_codes()) == ("done", [])


def test_a_choice_that_the_books_lost_is_named(browser, zones, connection, acme, customer, address):
    browser.post(address, {fields_of(browser, address)["SE"]: "1"})
    cache.clear()
    acme.choices["vat_zone"] = [Choice(value="2", label="EU")]

    page = browser.get(address).content.decode()

    assert "Domestic (no longer in the books)" in page
    assert "sent before you have chosen: SE." in page


def test_books_that_do_not_answer_leave_the_present_choices_standing(
    browser, zones, connection, acme, customer, address
):
    names = fields_of(browser, address)
    browser.post(address, {names["SE"]: "1"})
    cache.clear()
    acme.fail("choices", TryLater("busy"), times=9)

    page = browser.get(address).content.decode()
    browser.post(address, {names["SE"]: "1"})

    assert "could not be asked" in page
    assert (ValueMap.objects.get().theirs, ValueMap.objects.get().label) == ("1", "Domestic")


def test_rates_are_listed_by_size_and_kinds_of_customers_by_name(browser, zones, connection, material, address):
    for rate in ("6", "12"):
        material.pk, material.number, material.vat_percent = None, rate, Decimal(rate)
        material._state.adding = True
        material.pk = type(material)._meta.pk.get_default()
        material.save()

    assert [label for label in fields_of(browser, address) if "%" in label] == ["6 %", "12 %", "25 %"]


# --- who ------------------------------------------------------------------------


def test_values_are_the_owners(coordinator, performer, stranger, client, connection, address):
    assert coordinator.get(address).status_code == 403
    assert performer.get(address).status_code == 403
    assert stranger.get(address).status_code == 404
    assert stranger.post(address, {}).status_code == 404
    assert client.get(address).status_code == 302


def test_further_books_and_disconnected_ones_have_no_values(browser, connection, address):
    Connection.objects.update(is_books_of_record=False)
    assert browser.get(address)["Location"] == "/books/"
    Connection.objects.update(is_books_of_record=True, state=Connection.State.DISCONNECTED)
    assert browser.get(address)["Location"] == "/books/"


def test_the_page_needs_few_statements(
    browser, zones, connection, terms, material, address, django_assert_max_num_queries
):
    browser.get(address)

    with django_assert_max_num_queries(15):
        browser.get(address)
