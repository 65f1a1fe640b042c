"""Who decides about a field, as the owner chooses it, and the two buttons where both sides have changed one."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from fieldwork.models import Customer
from integrations.models import Agreement, Case, Change, Connection, FieldOwner

pytestmark = pytest.mark.django_db


def page_of(connection: Connection) -> str:
    return reverse("integrations:owners", args=[connection.pk])


def buttons_of(case: Case) -> str:
    return reverse("integrations:decide_case", args=[case.pk])


def filled_in(**said: str) -> dict[str, str]:
    usual = dict.fromkeys(
        ("customer_name", "customer_numbers", "customer_address", "customer_contact", "customer_terms"), "default"
    )
    return {**usual, "article_name": "default", "article_price": "default", **said}


@pytest.fixture
def conflict(connection: Connection, customer: Customer) -> Case:
    """The phone was changed here to 070-9 and in the books to 08-2."""
    Customer.objects.filter(pk=customer.pk).update(phone="070-9")
    Agreement.objects.create(
        books=connection.books, local_id=customer.pk, agreed={"phone": "08-1"}, pending={"phone": "08-2"}
    )
    return Case.objects.create(
        organization=connection.organization,
        connection=connection,
        code="both_changed",
        subject_kind="remote_customer",
        subject_id="c1",
        subject_label="1001 Eken",
        part=str(customer.pk),
        where="owner",
        sentence="%(record)s was changed here and in %(books)s. Which one is right?",
        values={
            "record": "Eken",
            "books": "Acme Books",
            "model": "fieldwork.Customer",
            "ours_phone": "070-9",
            "theirs_phone": "08-2",
        },
    )


def test_everything_is_the_books_until_the_owner_says_otherwise(browser, connection):
    page = browser.get(page_of(connection)).content.decode()

    assert page.count("selected") == 7
    assert page.count('value="default" selected') == 7


def test_what_the_owner_chooses_is_kept_and_shown(browser, connection):
    answer = browser.post(page_of(connection), filled_in(customer_contact="ask", article_price="ours"), follow=True)

    said = dict(FieldOwner.objects.exclude(owner="default").values_list("group", "owner"))
    assert said == {"customer_contact": "ask", "article_price": "ours"}
    assert 'value="ask" selected' in answer.content.decode()


def test_nobody_knows_the_newest_price(browser, connection):
    page = browser.post(page_of(connection), filled_in(article_price="newest")).content.decode()

    assert "Not saved yet" in page
    assert not FieldOwner.objects.exists()


def test_who_decides_is_the_owners_and_of_this_firm(coordinator, performer, client, stranger, connection):
    address = page_of(connection)

    assert [each.get(address).status_code for each in (coordinator, performer, client, stranger)] == [
        403,
        403,
        302,
        404,
    ]
    assert stranger.post(address, filled_in(customer_name="ours")).status_code == 404


def test_both_values_stand_in_the_inbox_with_a_button_each(coordinator, conflict):
    page = coordinator.get("/inbox/").content.decode()

    assert "070-9" in page
    assert "08-2" in page
    assert 'name="side" value="ours"' in page
    assert 'name="side" value="books"' in page
    assert "Changed on both sides" in page
    assert reverse("fieldwork:customer_detail", args=[conflict.part]) in page


@pytest.mark.parametrize(("side", "stays", "lost"), [("books", "08-2", "070-9"), ("ours", "070-9", "08-2")])
def test_a_button_decides_and_the_history_keeps_the_other(coordinator, customer, conflict, side, stays, lost):
    page = coordinator.post(buttons_of(conflict), {"side": side}, follow=True).content.decode()

    customer.refresh_from_db()
    assert customer.phone == stays
    assert "1001 Eken is decided" in page
    assert Change.objects.get().fields == {"phone": [lost, stays]}
    shown = coordinator.get(reverse("integrations:customer_books", args=[customer.pk])).content.decode()
    assert lost in shown


@pytest.fixture
def two_fields(conflict: Case, customer: Customer) -> Case:
    """The address differs as well: street and city, which are one thing."""
    Customer.objects.filter(pk=customer.pk).update(street="Vår gata 3", city="Solna")
    Agreement.objects.update(pending={"phone": "08-2", "street": "Deras väg 4", "city": "Lund"})
    conflict.values |= {
        "ours_street": "Vår gata 3",
        "theirs_street": "Deras väg 4",
        "ours_city": "Solna",
        "theirs_city": "Lund",
    }
    conflict.save()
    return conflict


def test_field_by_field_one_side_wins_here_and_the_other_there(coordinator, customer, two_fields):
    shown = coordinator.get("/inbox/").content.decode()
    choice = {"side": "each", "side-phone": "ours", "side-customer_address": "books"}

    coordinator.post(buttons_of(two_fields), choice)

    customer.refresh_from_db()
    assert (customer.phone, customer.street, customer.city) == ("070-9", "Deras väg 4", "Lund")
    assert shown.count('name="side-customer_address"') == 2
    assert Change.objects.get().fields == {
        "phone": ["08-2", "070-9"],
        "street": ["Vår gata 3", "Deras väg 4"],
        "city": ["Solna", "Lund"],
    }


@pytest.mark.parametrize(
    "choice", [{"side-phone": "ours"}, {"side-phone": "ours", "side-customer_address": "both"}, {}]
)
def test_a_field_without_a_choice_decides_nothing(coordinator, customer, two_fields, choice):
    page = coordinator.post(buttons_of(two_fields), {"side": "each", **choice}, follow=True).content.decode()

    customer.refresh_from_db()
    assert "Choose one of the two for each field." in page
    assert (customer.phone, customer.street) == ("070-9", "Vår gata 3")
    assert Case.objects.get().state == Case.State.OPEN


def test_the_second_press_changes_nothing(coordinator, customer, conflict):
    coordinator.post(buttons_of(conflict), {"side": "ours"})

    page = coordinator.post(buttons_of(conflict), {"side": "books"}, follow=True).content.decode()

    customer.refresh_from_db()
    assert customer.phone == "070-9"
    assert "decided meanwhile" in page


def test_a_button_that_does_not_exist_decides_nothing(coordinator, conflict):
    page = coordinator.post(buttons_of(conflict), {"side": "both"}, follow=True).content.decode()

    assert "Choose one of the two" in page
    assert Case.objects.get().state == Case.State.OPEN


def test_of_another_entry_there_is_nothing_to_decide(coordinator, conflict):
    Case.objects.update(code="number_taken")

    page = coordinator.post(buttons_of(conflict), {"side": "books"}, follow=True).content.decode()

    assert "nothing to choose between" in page
    assert Case.objects.get().state == Case.State.OPEN


def test_a_customer_that_is_gone_is_no_fault(coordinator, customer, conflict):
    customer.delete()

    answer = coordinator.post(buttons_of(conflict), {"side": "books"}, follow=True)

    assert answer.status_code == 200
    assert Case.objects.get().state == Case.State.CLOSED


def test_only_the_office_of_this_firm_decides(performer, client, stranger, browser: Client, conflict):
    answers = [each.post(buttons_of(conflict), {"side": "books"}).status_code for each in (performer, client, stranger)]

    assert answers == [403, 302, 404]
    assert browser.get(buttons_of(conflict)).status_code == 405
    assert Case.objects.get().state == Case.State.OPEN
