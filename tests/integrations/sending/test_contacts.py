"""A contact person is sent on its own, to a customer who is in the books, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from accounting.errors import Refused, Unclear
from accounting.types import ContactDocument
from fieldwork.models import ContactPerson, Customer
from integrations.export import create_now
from integrations.models import Connection, Link, Operation
from tests.integrations.conftest import Read
from tests.integrations.exporting import State, Worker, open_codes, operation_of, put_in_books

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany


@pytest.fixture
def eva(customer: Customer) -> ContactPerson:
    return ContactPerson.objects.create(
        customer=customer, first_name="Eva", last_name="von Ek", email="eva@eken.example", mobile="070-9"
    )


def test_the_person_is_created_at_the_customer(
    connection: Connection, worker: Worker, acme: FakeCompany, customer: Customer, eva: ContactPerson
) -> None:
    put_in_books(connection, customer)

    operation = create_now(connection, eva, by=None)
    worker.run()

    assert (operation.kind, operation.state, operation.stage) == ("contact", State.DONE, "contact")
    [stored] = acme.created("contact")
    assert stored.document.customer_remote_id == "remote-1001"
    assert (stored.document.contact.name, stored.document.contact.mobile) == ("Eva von Ek", "070-9")
    assert Link.objects.get(kind="contact").local_id == eva.pk


def test_a_new_customer_takes_the_reference_person_along(
    connection: Connection, worker: Worker, acme: FakeCompany, customer: Customer, eva: ContactPerson
) -> None:
    ContactPerson.objects.create(customer=customer, first_name="Bo")
    ContactPerson.objects.filter(pk=eva.pk).update(is_reference=True)

    made = create_now(connection, customer, by=None)
    worker.run()

    [stored] = acme.created("contact")
    assert (stored.document.contact.name, stored.document.customer_remote_id) == ("Eva von Ek", made.remote_id)
    assert open_codes() == []


def test_where_the_customer_carries_the_person_nobody_else_is_sent(
    connection: Connection,
    worker: Worker,
    acme: FakeCompany,
    customer: Customer,
    eva: ContactPerson,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ContactPerson.objects.filter(pk=eva.pk).update(is_reference=True)
    writes = connection.ledger_provider.writes - {ContactDocument}
    monkeypatch.setitem(vars(connection.ledger_provider), "writes", writes)

    create_now(connection, customer, by=None)
    worker.run()

    assert acme.created("contact") == []
    assert acme.created("customer")[0].document.contact.name == "Eva von Ek"


def test_pressed_twice_it_is_sent_once(
    connection: Connection, acme: FakeCompany, customer: Customer, eva: ContactPerson
) -> None:
    put_in_books(connection, customer)

    operations = [create_now(connection, eva, by=None) for _time in range(2)]

    assert len({each.pk for each in operations}) == 1
    assert len(acme.created("contact")) == 1


def test_what_is_read_back_is_the_same_person(
    connection: Connection, acme: FakeCompany, customer: Customer, eva: ContactPerson, read: Read
) -> None:
    put_in_books(connection, customer)
    reader_lease_is_free(connection)
    create_now(connection, eva, by=None)

    run = read("contacts", full=True)

    assert (run.created, ContactPerson.objects.count()) == (0, 1)


def reader_lease_is_free(connection: Connection) -> None:
    connection.lease.release()


def test_a_lost_answer_does_not_make_a_second_person(
    connection: Connection, worker: Worker, acme: FakeCompany, customer: Customer, eva: ContactPerson
) -> None:
    put_in_books(connection, customer)
    acme.fail("create", Unclear("no answer"), kind="contact", after_commit=True)

    operation = create_now(connection, eva, by=None)
    assert operation.state == State.IN_DOUBT
    Operation.objects.update(due_at=operation.created_at)
    worker.run()

    operation.refresh_from_db()
    assert operation.state == State.DONE
    assert len(acme.created("contact")) == 1


def test_a_customer_who_is_missing_goes_first(
    connection: Connection, worker: Worker, acme: FakeCompany, customer: Customer, eva: ContactPerson
) -> None:
    create_now(connection, eva, by=None)
    worker.run()

    assert [each.document.kind for each in acme.documents.values()] == ["customer", "contact"]
    [stored] = acme.created("contact")
    assert stored.document.customer_remote_id == Link.objects.get(kind="customer").remote_id


def test_a_refusal_is_told_about_the_person(
    connection: Connection, acme: FakeCompany, customer: Customer, eva: ContactPerson
) -> None:
    put_in_books(connection, customer)
    acme.fail("create", Refused("The e-mail is no good.", status=400), kind="contact")

    operation = create_now(connection, eva, by=None)

    assert operation.state == State.REFUSED
    assert open_codes(subject_kind="contact_person", subject_id=str(eva.pk)) != []


def test_who_is_not_active_is_not_sent(
    connection: Connection, acme: FakeCompany, customer: Customer, eva: ContactPerson
) -> None:
    put_in_books(connection, customer)
    eva.active = False
    eva.save()

    operation = create_now(connection, eva, by=None)

    assert operation.state == State.BLOCKED
    assert open_codes() == ["contact_inactive"]
    assert not acme.writes


def test_nobody_is_sent_before_the_people_were_read_once(
    connection: Connection, acme: FakeCompany, customer: Customer, eva: ContactPerson
) -> None:
    put_in_books(connection, customer)
    connection.streams.filter(stream="contacts").update(last_success_at=None)

    create_now(connection, eva, by=None)

    assert operation_of(eva).state == State.QUEUED
    assert not acme.writes
