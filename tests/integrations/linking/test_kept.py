"""Who is who of very many records: compared by a worker and kept, and never shown or linked when it no longer holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from accounting.types import CustomerRecord
from fieldwork.models import Customer, User
from integrations.linking import kept
from integrations.linking.kept import basis_of, compare_again, kept_pairing
from integrations.models import Case, Connection, Link, LinkDecision, Pairing, Run
from integrations.tasks import request_sync, work
from tests.integrations.exporting import put_in_books

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever there is counts as very many."""
    monkeypatch.setattr(kept, "FEW", -1)


@pytest.fixture
def known(connection: Connection, customer: Customer) -> Customer:
    """The customer a second time, as it came from the books."""
    same = Customer.objects.create(
        organization=customer.organization, number="77", name="BRF Eken", organisation_number="7164001234"
    )
    put_in_books(connection, same)
    return same


@pytest.fixture
def compared(many: None, connection: Connection, known: Customer) -> Pairing:
    """Kept some minutes ago."""
    compare_again(connection.pk)
    minutes_ago = timezone.now() - timedelta(minutes=5)
    Pairing.objects.update(made_at=minutes_ago, looked_at=minutes_ago)
    return Pairing.objects.get(kind="customer")


@pytest.fixture
def browser(client: Client, owner: User) -> Client:
    User.objects.filter(pk=owner.pk).update(language="en")
    client.force_login(owner)
    return client


def page_of(browser: Client, connection: Connection, **query: str) -> str:
    return browser.get(reverse("integrations:linking", args=[connection.pk]), query).content.decode()


def pair(connection: Connection, ours: Customer, theirs: str, browser: Client) -> str:
    address = reverse("integrations:decide_links", args=[connection.pk])
    return browser.post(address, {"kind": "customer", "link": f"{ours.pk} {theirs}"}, follow=True).content.decode()


# --- what is kept ---------------------------------------------------------------


def test_of_few_nothing_is_kept(connection: Connection, known: Customer) -> None:
    assert compare_again(connection.pk) == 0
    assert kept_pairing(connection, "customer") is None
    assert not Pairing.objects.exists()


def test_it_is_compared_once_and_again_when_something_has_changed(
    connection: Connection, customer: Customer, compared: Pairing
) -> None:
    assert (compared.certain, compared.likely, compared.nobody) == (1, 0, 0)
    assert compare_again(connection.pk) == 0

    Customer.objects.filter(pk=customer.pk).update(organisation_number="", email="")

    assert compare_again(connection.pk) == 1
    newer = Pairing.objects.get(kind="customer")
    assert newer.pk != compared.pk
    assert (newer.certain, newer.likely, newer.nobody) == (0, 0, 1)


def test_what_nobody_looks_at_is_left_as_it_is_until_somebody_does(
    browser: Client, connection: Connection, customer: Customer, compared: Pairing
) -> None:
    Pairing.objects.update(looked_at=timezone.now() - timedelta(days=8))
    rename(connection, customer)
    assert compare_again(connection.pk) == 0

    page_of(browser, connection)

    assert compare_again(connection.pk) == 1


def test_a_worker_compares_after_a_read_that_brought_something(
    many: None, connection: Connection, acme: FakeCompany, owner: User
) -> None:
    request_sync(connection, asked_by=owner)
    work(connection.pk)
    assert not Pairing.objects.exists()

    acme.put(CustomerRecord(remote_id="c1", number="77", name="Alm", is_company=True))
    request_sync(connection, asked_by=owner)
    work(connection.pk)

    assert {each.kind for each in Pairing.objects.filter(is_current=True)} == {"customer", "article"}


def archive(connection: Connection, customer: Customer) -> None:
    Customer.objects.filter(pk=customer.pk).update(active=False)


def rename(connection: Connection, customer: Customer) -> None:
    customer.name = "Another"
    customer.save()


def add(connection: Connection, customer: Customer) -> None:
    Customer.objects.create(organization=customer.organization, name="New")


def link(connection: Connection, customer: Customer) -> None:
    put_in_books(connection, customer)


def unlink(connection: Connection, customer: Customer) -> None:
    Link.objects.all().delete()


def lose(connection: Connection, customer: Customer) -> None:
    Link.objects.update(gone_at=timezone.now())


def tell_apart(connection: Connection, customer: Customer) -> None:
    LinkDecision.objects.create(
        books=connection.pinned_books,
        kind="customer",
        remote_id="remote-77",
        local_model=customer._meta.label,
        local_id=customer.pk,
        verdict=LinkDecision.Verdict.DIFFERENT,
    )


def ask_who(connection: Connection, customer: Customer) -> None:
    Case.objects.create(
        organization=connection.organization,
        connection=connection,
        code="look_alike",
        subject_kind="remote_customer",
        subject_id="c9",
        values={"name": "Alm"},
    )


def number_anew(connection: Connection, customer: Customer) -> None:
    """A read that writes only what the link remembers."""
    Link.objects.update(remote_number="78")
    Run.objects.create(connection=connection, stream="customers", read=1, updated=1)


def begin_anew(connection: Connection, customer: Customer) -> None:
    connection.settings.saved_at = None


@pytest.mark.parametrize(
    "change", [archive, rename, add, link, unlink, lose, tell_apart, ask_who, number_anew, begin_anew]
)
def test_whatever_the_comparison_depends_on_makes_it_out_of_date(
    connection: Connection, customer: Customer, known: Customer, change: Callable[[Connection, Customer], None]
) -> None:
    before = basis_of(connection, "customer")
    assert basis_of(connection, "customer") == before

    change(connection, customer)

    assert basis_of(connection, "customer") != before


# --- what is shown ----------------------------------------------------------------


def test_who_no_longer_looks_alike_is_not_shown_and_cannot_be_linked(
    browser: Client, connection: Connection, customer: Customer, compared: Pairing
) -> None:
    assert "77 BRF Eken" in page_of(browser, connection, group="certain")
    Customer.objects.filter(pk=customer.pk).update(organisation_number="", email="")

    page = page_of(browser, connection, group="certain")
    said = pair(connection, customer, "remote-77", browser)

    assert "77 BRF Eken" not in page
    assert "Something has changed since all were compared" in page
    assert "The list has changed meanwhile" in said
    assert not LinkDecision.objects.exists()


def test_who_was_linked_or_told_apart_meanwhile_is_not_shown(
    browser: Client, connection: Connection, customer: Customer, compared: Pairing
) -> None:
    tell_apart(connection, customer)
    assert "77 BRF Eken" not in page_of(browser, connection, group="certain")

    LinkDecision.objects.all().delete()
    link(connection, customer)
    assert customer.name not in page_of(browser, connection, group="certain")


def test_somebody_who_looks_more_alike_since_makes_the_click_for_all_look_again(
    browser: Client, connection: Connection, customer: Customer, compared: Pairing
) -> None:
    Customer.objects.create(
        organization=customer.organization, name="Eken", organisation_number=customer.organisation_number
    )

    accept = reverse("integrations:accept_links", args=[connection.pk])
    said = browser.post(accept, {"kind": "customer", "count": "1"}, follow=True).content.decode()

    assert "The list has changed meanwhile" in said
    assert not LinkDecision.objects.exists()


def test_what_was_decided_leaves_the_page_at_once(
    browser: Client, connection: Connection, customer: Customer, compared: Pairing
) -> None:
    pair(connection, customer, "remote-77", browser)

    compared.refresh_from_db()
    assert (compared.certain, compared.likely, compared.nobody) == (0, 0, 0)
    assert Link.objects.get().local_id == customer.pk


def test_a_worker_is_asked_once_and_after_a_minute_the_page_compares_itself(
    browser: Client, connection: Connection, customer: Customer, compared: Pairing
) -> None:
    rename(connection, customer)
    page_of(browser, connection)
    page_of(browser, connection)
    assert OrmQ.objects.count() == 1

    Pairing.objects.update(asked_at=timezone.now() - timedelta(minutes=2))

    assert "Something has changed" not in page_of(browser, connection)
    assert not Pairing.objects.filter(pk=compared.pk).exists()


def test_a_page_takes_few_statements_whether_or_not_it_is_up_to_date(
    browser: Client, connection: Connection, customer: Customer, compared: Pairing
) -> None:
    counts = []
    for number in (3, 30):
        Customer.objects.bulk_create(
            Customer(organization=customer.organization, name=f"Firm {number} {n}") for n in range(number)
        )
        compare_again(connection.pk)
        with CaptureQueriesContext(database) as captured:
            page_of(browser, connection, group="none")
        counts.append(len(captured))
        rename(connection, customer)
        with CaptureQueriesContext(database) as captured:
            page_of(browser, connection, group="none")
        counts.append(len(captured))

    assert counts[:2] == counts[2:]
    assert max(counts) <= 15
