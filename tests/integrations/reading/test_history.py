"""What a read changes on customers is kept for their history: which fields, from what to what."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from accounting import registry
from accounting.types import Contact, ContactRecord, CustomerRecord
from fieldwork.models import ContactPerson, Customer
from integrations.models import Change, Connection
from tests.integrations.conftest import Read

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

EVA = CustomerRecord(
    remote_id="c1",
    number="5012",
    name="Eken",
    is_company=True,
    phone="08-1",
    discount_percent=Decimal("12.5"),
    contact=Contact(name="Eva Ek", mobile="070-1"),
)


def kept() -> list[tuple[str, dict[str, list[str]]]]:
    return [(each.label, each.fields) for each in Change.objects.order_by("local_model")]


def test_the_first_read_of_somebody_is_no_change(acme: FakeCompany, read: Read) -> None:
    acme.put(EVA)

    read("customers")

    assert kept() == []


def test_what_differs_is_kept_and_nothing_else(acme: FakeCompany, read: Read, connection: Connection) -> None:
    acme.put(EVA)
    read("customers")
    acme.put(replace(EVA, phone="08-2", discount_percent=Decimal("12.500"), is_company=False))

    read("customers")

    [change] = Change.objects.all()
    assert change.fields == {"phone": ["08-1", "08-2"], "is_company": ["true", "false"]}
    assert (change.source, change.what, change.label) == (Change.Source.BOOKS, "changed", "5012 Eken")
    assert (change.books, change.organization, change.by) == (connection.books, connection.organization, None)
    assert change.subject_id == change.local_id == Customer.objects.get().pk


def test_a_record_that_only_got_another_stamp_leaves_no_trace(acme: FakeCompany, read: Read) -> None:
    acme.put(EVA)
    read("customers")
    acme.put(EVA)

    read("customers", full=True)

    assert kept() == []


@pytest.fixture
def one_person_per_customer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Books that keep no people but the one on the customer's own record."""
    provider = registry.provider_for("acme_books")
    monkeypatch.setitem(
        registry.all_providers(), "acme_books", replace(provider, reads=provider.reads - {ContactRecord})
    )


@pytest.mark.usefixtures("one_person_per_customer")
def test_the_reference_person_is_kept_with_the_customer(acme: FakeCompany, read: Read) -> None:
    acme.put(replace(EVA, contact=Contact()))
    read("customers")
    acme.put(EVA)
    read("customers")
    acme.put(replace(EVA, contact=Contact(name="Eva Ek", mobile="070-2")))
    read("customers")

    came, changed = Change.objects.order_by("at")
    person = ContactPerson.objects.get()
    assert came.fields == {"first_name": ["", "Eva"], "last_name": ["", "Ek"], "mobile": ["", "070-1"]}
    assert (came.what, came.local_id, came.label) == ("added", person.pk, "Eva Ek")
    assert (changed.what, changed.fields) == ("changed", {"mobile": ["070-1", "070-2"]})
    assert changed.subject_id == person.customer_id


def test_people_who_are_records_of_their_own_are_kept_with_the_customer_too(acme: FakeCompany, read: Read) -> None:
    person = ContactRecord(remote_id="p1", customer_remote_id="c1", name="Bo Ek", phone="08-1")
    acme.put(EVA, person)
    read("customers")
    read("contacts")
    acme.put(replace(person, phone="08-2"), replace(EVA, contact=Contact(name="Eva Ek", mobile="070-2")))
    read("customers")
    read("contacts")

    [change] = Change.objects.all()
    assert (change.label, change.fields) == ("Bo Ek", {"direct_phone": ["08-1", "08-2"]})
    assert change.subject_id == Customer.objects.get().pk


def test_somebody_of_ours_who_is_recognised_keeps_what_was_overwritten(
    acme: FakeCompany, read: Read, customer: Customer
) -> None:
    acme.put(replace(EVA, organisation_number=customer.organisation_number))

    read("customers")

    [change] = Change.objects.filter(local_model="fieldwork.Customer")
    assert change.subject_id == customer.pk
    assert change.fields["name"] == [customer.name, "Eken"]
    assert change.fields["email"] == [customer.email, ""]


def test_what_is_left_alone_here_is_no_change(acme: FakeCompany, read: Read, connection: Connection) -> None:
    acme.put(EVA)
    read("customers")
    connection.streams.update(overwrite=False)
    acme.put(replace(EVA, phone="08-2"))

    read("customers")

    assert kept() == []


@pytest.mark.parametrize("size", [10, 100])
def test_history_costs_a_page_two_statements_at_most(acme: FakeCompany, read: Read, size: int) -> None:
    records = [replace(EVA, remote_id=f"c{n}", number=str(n)) for n in range(size)]
    acme.page_size = size
    acme.put(*records)
    read("customers")
    acme.put(*(replace(each, phone="08-2") for each in records))

    with CaptureQueriesContext(database) as captured:
        run = read("customers")

    about = [each["sql"] for each in captured if "integrations_change" in each["sql"]]
    told = [sql for sql in about if not sql.startswith("SELECT")]
    looks = [
        each["sql"]
        for each in captured
        if "fieldwork_contactperson" in each["sql"] and each["sql"].startswith("SELECT")
    ]
    assert (run.updated, Change.objects.count()) == (size, size)
    assert (len(told), len(looks)) == (1, 1)
