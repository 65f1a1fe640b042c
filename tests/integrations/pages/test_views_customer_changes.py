"""What goes over to a customer who is in the books: updated information shown before, and a reference person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import pytest
from django.test import Client
from django.urls import reverse

from accounting import registry
from accounting.errors import Refused, TryLater
from accounting.types import Contact, ContactDocument, ContactRecord, CustomerRecord
from fieldwork.models import ContactPerson, Customer
from integrations.export import create_now
from integrations.models import Change, Connection, Link, Operation

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

pytestmark = pytest.mark.django_db(transaction=True)

KIND = "customer_update"


def address(name: str, customer: Customer) -> str:
    return reverse(f"integrations:{name}", args=[customer.pk])


def text_of(browser: Client, name: str, customer: Customer) -> str:
    return browser.get(address(name, customer)).content.decode()


def press(browser: Client, name: str, customer: Customer, **data: str) -> str:
    return browser.post(address(name, customer), data, follow=True).content.decode()


def seal_of(browser: Client, customer: Customer) -> str:
    """What the page that was shown gives back with the confirmation."""
    seal: str = browser.get(address("update_customer", customer)).context["update"].seal
    return seal


def there(acme: FakeCompany) -> CustomerRecord:
    [(_stamp, entry)] = acme.entries[CustomerRecord].values()
    return msgspec.json.decode(entry.raw, type=CustomerRecord)


def change_there(acme: FakeCompany, **values: object) -> None:
    record = there(acme)
    acme.put(replace(record, changed_at=None, **values))  # type: ignore[arg-type]
    stored = acme.documents[record.remote_id]
    stored.receipt = replace(stored.receipt, version=str(int(stored.receipt.version) + 1))


@pytest.fixture
def linked(connection: Connection, customer: Customer, acme: FakeCompany, owner) -> Customer:
    """A customer whom we created over there."""
    create_now(connection, customer, by=owner)
    assert Link.objects.get().local_id == customer.pk
    return customer


@pytest.fixture
def person_on_the_customer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Books that keep no people but the one on the customer's own record."""
    provider = registry.provider_for("acme_books")
    fewer = replace(provider, reads=provider.reads - {ContactRecord}, writes=provider.writes - {ContactDocument})
    monkeypatch.setitem(registry.all_providers(), "acme_books", fewer)


# --- what is shown --------------------------------------------------------------


def test_the_page_shows_just_what_would_be_overwritten(coordinator, linked, acme):
    Customer.objects.update(phone="08-123 45 67", email="ny@eken.example")

    page = text_of(coordinator, "update_customer", linked)

    rows = {each.row.label: (each.row.before, each.row.after) for each in update_on(coordinator, linked).rows}
    assert rows == {"Phone": ("", "08-123 45 67"), "E-mail": ("styrelsen@eken.example", "ny@eken.example")}
    assert "The terms of payment are not touched" in page
    assert acme.writes == {"create": 1}


def update_on(browser: Client, customer: Customer):
    return browser.get(address("update_customer", customer)).context["update"]


def test_where_nothing_differs_there_is_nothing_to_press(coordinator, linked):
    page = text_of(coordinator, "update_customer", linked)

    assert "There is nothing to update" in page
    assert "Overwrite these fields" not in page


def test_what_is_empty_here_is_not_taken_away_there(coordinator, linked, acme):
    change_there(acme, phone="08-1")

    assert "There is nothing to update" in text_of(coordinator, "update_customer", linked)


def test_names_from_the_books_are_shown_harmlessly(coordinator, linked, acme):
    change_there(acme, name="<script>alert(1)</script>")

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text_of(coordinator, "update_customer", linked)


# --- what is done ---------------------------------------------------------------


def test_confirmed_the_fields_are_overwritten_and_the_history_tells_it(coordinator, linked, acme, owner):
    acme.documents[Link.objects.get().remote_id].document = replace(
        acme.documents[Link.objects.get().remote_id].document, terms_remote_id="t30"
    )
    Customer.objects.update(phone="08-123", street="Nygatan 2")

    page = press(coordinator, "update_customer", linked, seal=seal_of(coordinator, linked))

    document = acme.documents[Link.objects.get().remote_id].document
    assert "is up to date in Acme Books" in page
    assert (document.phone, document.address.street, document.terms_remote_id) == ("08-123", "Nygatan 2", "t30")
    change = Change.objects.get(source=Change.Source.SENT, what=Change.What.CHANGED)
    assert change.fields["phone"] == ["", "08-123"]
    assert change.by is not None
    assert "Updated in Acme Books" in text_of(coordinator, "customer_books", linked)


def test_pressed_twice_it_is_sent_once(coordinator, linked, acme):
    Customer.objects.update(phone="08-123")
    seal = seal_of(coordinator, linked)

    for _ in range(2):
        page = press(coordinator, "update_customer", linked, seal=seal)

    assert acme.writes["update"] == 1
    assert "There is nothing to update" in page


def test_without_having_been_shown_nothing_is_overwritten(coordinator, linked, acme):
    Customer.objects.update(phone="08-123")

    for seal in ("", "made up"):
        page = press(coordinator, "update_customer", linked, seal=seal)

    assert "Overwrite these fields" in page
    assert "update" not in acme.writes


@pytest.mark.parametrize("side", ["here", "there"])
def test_a_page_that_somebody_has_overtaken_shows_both_and_asks_again(coordinator, linked, acme, side):
    Customer.objects.update(phone="08-123")
    seal = seal_of(coordinator, linked)
    if side == "here":
        Customer.objects.update(phone="08-999")
    else:
        change_there(acme, phone="08-777")

    page = press(coordinator, "update_customer", linked, seal=seal)

    assert "Somebody changed something meanwhile" in page
    assert ("You had seen: 08-123" if side == "here" else "You had seen: –") in page
    assert ("08-999" if side == "here" else "08-777") in page
    assert "update" not in acme.writes


def test_the_seal_of_another_customer_is_none(coordinator, linked, connection, acme, owner):
    other = Customer.objects.create(organization=linked.organization, name="Other", postcode="1", number="77")
    create_now(connection, other, by=owner)
    Customer.objects.update(phone="08-123")

    press(coordinator, "update_customer", other, seal=seal_of(coordinator, linked))

    assert "update" not in acme.writes


def test_a_refusal_stands_on_the_card_with_a_way_to_try_again(coordinator, linked, acme):
    Customer.objects.update(phone="08-123")
    acme.fail("update", Refused("Not this telephone."))

    page = press(coordinator, "update_customer", linked, seal=seal_of(coordinator, linked))

    assert "was not updated in Acme Books" in page
    assert "Try the update again" in page
    assert reverse("integrations:retry", args=[Operation.objects.get(kind=KIND).pk]) in page


def test_books_that_do_not_answer_change_nothing(coordinator, linked, acme):
    Customer.objects.update(phone="08-123")
    acme.fail("record", TryLater("Try later."))

    assert "Nothing was changed; try again later" in press(coordinator, "update_customer", linked)


def test_who_is_gone_over_there_cannot_be_updated(coordinator, linked, acme):
    remote_id = Link.objects.get().remote_id
    acme.take_away(CustomerRecord, remote_id)
    del acme.documents[remote_id]

    assert "not in the books any more" in press(coordinator, "update_customer", linked)


def test_who_is_not_linked_cannot_be_updated(coordinator, connection, customer):
    assert "not in the books" in press(coordinator, "update_customer", customer)


# --- the reference person -------------------------------------------------------

EVA = {"first_name": "Eva", "last_name": "Ek", "email": "eva@eken.example", "direct_phone": "08-1", "mobile": "070-1"}


def test_a_reference_person_waits_for_the_next_update(coordinator, linked, acme):
    ContactPerson.objects.create(customer=linked, first_name="Former", is_reference=True)

    page = press(coordinator, "reference_person", linked, **EVA)

    assert "Eva Ek is the reference person now" in page
    assert [each.first_name for each in ContactPerson.objects.filter(is_reference=True)] == ["Eva"]
    assert ContactPerson.objects.count() == 2
    assert "update" not in acme.writes


@pytest.mark.usefixtures("person_on_the_customer")
def test_a_reference_person_is_sent_at_once_by_a_button(coordinator, linked, acme):
    Customer.objects.update(phone="not asked for")

    page = press(coordinator, "reference_person", linked, send="1", **EVA)

    document = acme.documents[Link.objects.get().remote_id].document
    assert "is up to date in Acme Books" in page
    assert document.contact == Contact(name="Eva Ek", email="eva@eken.example", phone="08-1", mobile="070-1")
    assert document.phone == ""


def test_where_people_are_records_of_their_own_one_is_made(coordinator, linked, acme):
    page = press(coordinator, "reference_person", linked, send="1", **EVA)

    assert "Eva Ek is in Acme Books" in page
    assert len(acme.created("contact")) == 1


def test_what_was_typed_wrong_is_kept_beside_the_reason(coordinator, linked):
    answer = coordinator.post(address("reference_person", linked), {**EVA, "email": "no mail", "first_name": ""})

    form = answer.context["form"]
    assert set(form.errors) == {"email", "first_name"}
    assert 'value="no mail"' in answer.content.decode()
    assert not ContactPerson.objects.exists()


# --- whose it is ----------------------------------------------------------------


@pytest.mark.parametrize("name", ["update_customer", "reference_person"])
def test_only_the_office_of_the_firm_sends_what_changed(performer, stranger, client, linked, acme, name):
    for method in ("get", "post"):
        assert getattr(performer, method)(address(name, linked)).status_code == 403
        assert getattr(stranger, method)(address(name, linked)).status_code == 404
        assert getattr(client, method)(address(name, linked)).status_code == 302
    assert acme.writes == {"create": 1}
