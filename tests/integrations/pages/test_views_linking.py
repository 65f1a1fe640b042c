"""Who is who as a page: groups, one click for the certain ones, and every answer can be taken back."""

from __future__ import annotations

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fieldwork.models import Customer
from integrations.linking import kept
from integrations.models import Connection, ConnectionSettings, Link, LinkDecision
from tests.integrations.exporting import put_in_books

pytestmark = pytest.mark.django_db
MOST_STATEMENTS = 15


@pytest.fixture(autouse=True, params=["compared at once", "kept"])
def of_how_many(request, monkeypatch):
    """Everything holds for a firm with few records and for one with very many, whose comparison is kept."""
    if request.param == "kept":
        monkeypatch.setattr(kept, "FEW", -1)


@pytest.fixture
def address(connection: Connection) -> str:
    return reverse("integrations:linking", args=[connection.pk])


@pytest.fixture
def known(connection: Connection, customer: Customer) -> Customer:
    """The customer a second time, as it came from the books."""
    same = Customer.objects.create(
        organization=customer.organization, number="77", name="<i>BRF Eken</i>", organisation_number="7164001234"
    )
    put_in_books(connection, same)
    return same


@pytest.fixture
def likely(connection: Connection, customer: Customer, known: Customer) -> Customer:
    """Somebody of ours with the mailbox of one in the books."""
    Customer.objects.filter(pk=known.pk).update(email="kontor@x.example")
    return Customer.objects.create(organization=customer.organization, name="Kontoret", email="Kontor@x.example")


def test_it_shows_the_groups_with_reasons(browser, connection, customer, known, likely, address):
    page = browser.get(address).content.decode()
    assert "the same organisation number" in page
    assert "&lt;i&gt;BRF Eken&lt;/i&gt;" in page

    page = browser.get(f"{address}?group=likely").content.decode()
    assert "the same e-mail" in page
    assert "Kontoret" in page


def test_all_certain_ones_in_one_click_counted(browser, connection, customer, known, likely, address):
    accept = reverse("integrations:accept_links", args=[connection.pk])

    said = browser.post(accept, {"kind": "customer", "count": "1"}, follow=True).content.decode()

    assert "1 is linked." in said
    assert Link.objects.get().local_id == customer.pk


def test_a_list_that_has_changed_is_looked_at_again(browser, connection, customer, known, address):
    accept = reverse("integrations:accept_links", args=[connection.pk])

    said = browser.post(accept, {"kind": "customer", "count": "9"}, follow=True).content.decode()

    assert "has changed meanwhile" in said
    assert Link.objects.get().local_id == known.pk


def test_likely_ones_one_by_one_or_ticked(browser, connection, customer, known, likely, address):
    decide = reverse("integrations:decide_links", args=[connection.pk])
    kept = {"kind": "customer", "group": "likely"}
    assert "Tick what" in browser.post(decide, kept, follow=True).content.decode()

    said = browser.post(decide, {**kept, "pair": [f"{likely.pk} remote-77"]}, follow=True).content.decode()

    assert "1 is linked." in said
    assert Link.objects.get().local_id == likely.pk


def test_one_cannot_be_two(browser, connection, customer, known, likely, address):
    decide = reverse("integrations:decide_links", args=[connection.pk])
    both = [f"{likely.pk} remote-77", f"{customer.pk} remote-77"]

    said = browser.post(decide, {"kind": "customer", "pair": both}, follow=True).content.decode()

    assert "ticked for two" in said
    assert Link.objects.get().local_id == known.pk


def test_none_of_these_is_remembered(browser, connection, customer, known, likely, address):
    decide = reverse("integrations:decide_links", args=[connection.pk])

    browser.post(decide, {"kind": "customer", "group": "likely", "none": str(likely.pk)})

    assert LinkDecision.objects.get().verdict == "different"
    assert browser.get(address).context["counts"] == {"certain": 1, "likely": 0, "none": 1}


def test_every_link_can_be_undone(browser, connection, customer, known, address):
    browser.post(reverse("integrations:accept_links", args=[connection.pk]), {"kind": "customer", "count": "1"})
    made = reverse("integrations:links_made", args=[connection.pk])
    assert customer.name in browser.get(made).content.decode()

    undo = reverse("integrations:undo_link", args=[connection.pk, LinkDecision.objects.get().pk])
    said = browser.post(undo, follow=True).content.decode()

    assert "no longer linked" in said
    assert "Nothing was linked by hand yet." in said
    assert Link.objects.get().local_id == known.pk
    assert browser.post(undo).status_code == 404


@pytest.mark.parametrize("value", ["", " ", "x", "x remote-77", "00000000-0000-0000-0000-000000000000 remote-77"])
def test_what_no_button_says_is_refused(browser, connection, customer, known, address, value):
    decide = reverse("integrations:decide_links", args=[connection.pk])

    for name in ("link", "pair", "none"):
        assert browser.post(decide, {"kind": "customer", name: value}).status_code == 302

    assert not LinkDecision.objects.exists()


def test_long_lists_are_paged_and_searched_within_few_statements(browser, connection, customer, address):
    Customer.objects.bulk_create(
        Customer(organization=customer.organization, number=str(n), name=f"Firm {n}") for n in range(3000, 3120)
    )

    browser.get(address)
    with CaptureQueriesContext(database) as captured:
        page = browser.get(f"{address}?group=none&page=2")

    assert len(page.context["rows"]) == 50
    assert len(captured) <= MOST_STATEMENTS
    found = browser.get(f"{address}?group=none&q=firm 3107").context["rows"]
    assert [row.side.name for row in found] == ["3107 Firm 3107"]


def test_before_the_books_were_read_it_says_so(browser, connection, customer, address):
    ConnectionSettings.objects.update(saved_at=None)

    assert "have not been read yet" in browser.get(f"{address}?group=certain").content.decode()


def test_who_may_see_it(coordinator, performer, stranger, client, connection, customer, known, address):
    people = (coordinator, performer, stranger, client)
    posts = [reverse(f"integrations:{name}", args=[connection.pk]) for name in ("accept_links", "decide_links")]

    assert [each.get(address).status_code for each in people] == [200, 403, 404, 302]
    for post in posts:
        assert [each.post(post).status_code for each in people] == [302, 403, 404, 302]
    assert [each.get(f"{address}made/").status_code for each in people] == [200, 403, 404, 302]
    assert not LinkDecision.objects.exists()


def test_the_menu_leads_to_the_books_of_record(browser, connection, address):
    assert browser.get(reverse("integrations:live_linking"))["Location"] == address
