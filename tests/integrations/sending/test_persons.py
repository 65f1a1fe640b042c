"""What changed on a reference person comes to that person's record in the books: once, and over nobody's work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from accounting.errors import Unclear
from accounting.types import Contact, ContactDocument, ContactRecord
from fieldwork.models import ContactPerson, Customer, User
from integrations.export import create_now
from integrations.models import Attempt, Change, Connection, Lease, Link, Operation
from integrations.revising import preview_customer_update, update_customer_now
from tests.integrations.exporting import Worker, open_codes

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany, StoredDocument

State = Operation.State
NOON = datetime(2041, 5, 20, 12, tzinfo=UTC)
BEFORE = "Eva Ek, eva@eken.example, 08-1"


@pytest.fixture(autouse=True)
def later(time_machine: Any) -> Callable[..., None]:
    time_machine.move_to(NOON, tick=False)
    return lambda **span: time_machine.move_to(timezone.now() + timedelta(**span), tick=False)


@pytest.fixture
def person(connection: Connection, customer: Customer, owner: User) -> ContactPerson:
    """The reference person of a customer who is in the books, not there yet."""
    create_now(connection, customer, by=owner)
    return ContactPerson.objects.create(
        customer=customer,
        first_name="Eva",
        last_name="Ek",
        email="eva@eken.example",
        direct_phone="08-1",
        is_reference=True,
    )


@pytest.fixture
def theirs(connection: Connection, acme: FakeCompany, person: ContactPerson, owner: User) -> StoredDocument:
    """The person in the books, as they were before something changed here."""
    made = create_now(connection, person, by=owner)
    ContactPerson.objects.filter(pk=person.pk).update(last_name="Holm", mobile="070-2")
    return acme.documents[made.remote_id]


def contact(stored: StoredDocument) -> Contact:
    assert isinstance(stored.document, ContactDocument)
    return stored.document.contact


def update(connection: Connection, customer: Customer, owner: User, *fields: str) -> Operation:
    return update_customer_now(connection, customer, fields or ["contact"], by=owner)


# --- the preview ----------------------------------------------------------------


def test_the_person_is_shown_before_and_after(
    connection: Connection, acme: FakeCompany, customer: Customer, theirs: StoredDocument
) -> None:
    [row] = [each for each in preview_customer_update(connection, customer).rows if each.differs]

    assert (row.field, row.before, row.after) == ("contact", BEFORE, "Eva Holm, eva@eken.example, 08-1, 070-2")
    assert acme.writes["update"] == 0


def test_another_way_to_write_the_same_is_no_change(
    connection: Connection, customer: Customer, person: ContactPerson, owner: User
) -> None:
    create_now(connection, person, by=owner)
    ContactPerson.objects.filter(pk=person.pk).update(email="Eva@Eken.example", direct_phone="081")

    assert preview_customer_update(connection, customer).fields == []


def test_who_has_gone_from_the_books_is_not_offered(
    connection: Connection, acme: FakeCompany, customer: Customer, theirs: StoredDocument
) -> None:
    del acme.documents[theirs.receipt.remote_id]

    assert preview_customer_update(connection, customer).fields == []


def test_nobody_is_offered_who_is_no_reference_person(
    connection: Connection, customer: Customer, theirs: StoredDocument
) -> None:
    ContactPerson.objects.update(is_reference=False)

    assert preview_customer_update(connection, customer).fields == []


# --- the update -----------------------------------------------------------------


def test_name_e_mail_and_phones_are_overwritten_in_one_write(
    connection: Connection, acme: FakeCompany, customer: Customer, theirs: StoredDocument, owner: User
) -> None:
    operation = update(connection, customer, owner)

    assert (operation.kind, operation.state) == ("contact_update", State.DONE)
    assert contact(theirs) == Contact(name="Eva Holm", email="eva@eken.example", phone="08-1", mobile="070-2")
    assert acme.writes["update"] == 1
    assert preview_customer_update(connection, customer).fields == []


def test_what_is_empty_here_stays_there(
    connection: Connection, customer: Customer, theirs: StoredDocument, owner: User
) -> None:
    ContactPerson.objects.update(email="", direct_phone="")

    update(connection, customer, owner)

    assert contact(theirs) == Contact(name="Eva Holm", email="eva@eken.example", phone="08-1", mobile="070-2")


def test_customer_and_person_are_two_writes_and_what_is_not_done_is_told(
    connection: Connection, acme: FakeCompany, customer: Customer, theirs: StoredDocument, owner: User
) -> None:
    Customer.objects.filter(pk=customer.pk).update(email="ny@eken.example")

    both = update(connection, customer, owner, "email", "contact")

    assert (both.kind, both.state) == ("customer_update", State.DONE)
    assert acme.writes["update"] == 2
    ContactPerson.objects.update(first_name="Evy")
    Customer.objects.filter(pk=customer.pk).update(email="nyast@eken.example")
    acme.witness = fails_at_persons
    assert update(connection, customer, owner, "email", "contact").kind == "contact_update"


def fails_at_persons(verb: str, kind: str) -> None:
    if (verb, kind) == ("update", "contact"):
        raise Unclear("Nothing came back.")


def test_a_person_who_is_not_there_yet_is_added(
    connection: Connection, acme: FakeCompany, customer: Customer, person: ContactPerson, owner: User
) -> None:
    [row] = [each for each in preview_customer_update(connection, customer).rows if each.differs]

    operation = update(connection, customer, owner)

    assert (row.before, row.after) == ("", BEFORE)
    assert (operation.kind, operation.state) == ("contact", State.DONE)
    assert Link.objects.get(kind="contact", local_id=person.pk).remote_id == operation.remote_id


def test_pressed_twice_it_is_written_once(
    connection: Connection, acme: FakeCompany, customer: Customer, theirs: StoredDocument, owner: User
) -> None:
    states = [update(connection, customer, owner).state for _time in range(2)]

    assert states == [State.DONE, State.DONE]
    assert acme.writes["update"] == 1


def test_while_a_worker_is_busy_it_waits_once(
    connection: Connection, worker: Worker, customer: Customer, theirs: StoredDocument, owner: User
) -> None:
    busy = Lease.take(connection, owner="another")
    assert busy is not None
    first, second = update(connection, customer, owner), update(connection, customer, owner)
    assert (first, first.state) == (second, State.QUEUED)
    busy.release()

    worker.run()

    assert contact(theirs).name == "Eva Holm"


def test_it_is_read_back_and_stands_in_the_history_of_the_customer(
    connection: Connection, worker: Worker, customer: Customer, theirs: StoredDocument, owner: User
) -> None:
    operation = update(connection, customer, owner)

    worker.run()

    operation.refresh_from_db()
    assert operation.verified_at == NOON
    assert open_codes() == []
    [told] = Change.objects.filter(subject_id=customer.pk, source=Change.Source.SENT, local_id=operation.local_id)
    assert told.fields == {"contact": [BEFORE, "Eva Holm, eva@eken.example, 08-1, 070-2"]}


# --- when something goes wrong --------------------------------------------------


def test_a_lost_answer_is_looked_for_and_not_sent_again(
    connection: Connection,
    acme: FakeCompany,
    worker: Worker,
    customer: Customer,
    theirs: StoredDocument,
    owner: User,
    later: Callable[..., None],
) -> None:
    acme.fail("update", Unclear("Nothing came back."), after_commit=True)
    operation = update(connection, customer, owner)
    assert operation.state == State.IN_DOUBT

    later(seconds=30)
    worker.run()

    operation.refresh_from_db()
    assert operation.state == State.DONE
    assert acme.writes["update"] == 1


def test_a_change_over_there_meanwhile_is_read_again(
    connection: Connection, acme: FakeCompany, customer: Customer, theirs: StoredDocument, owner: User
) -> None:
    def meddle(verb: str, kind: str) -> None:
        if (verb, kind) == ("update", "contact"):
            theirs.receipt = replace(theirs.receipt, version="9")

    acme.witness = meddle

    operation = update(connection, customer, owner)

    assert (operation.state, operation.conflicts) == (State.QUEUED, 1)
    assert contact(theirs).name == "Eva Ek"


def test_who_goes_meanwhile_stops_it_in_words(
    connection: Connection, acme: FakeCompany, customer: Customer, theirs: StoredDocument, owner: User
) -> None:
    del acme.documents[theirs.receipt.remote_id]

    operation = update(connection, customer, owner)

    assert operation.state == State.BLOCKED
    assert open_codes() == ["contact_gone"]
    assert Attempt.objects.filter(operation=operation, purpose=Attempt.Purpose.SEND).count() == 0


def test_the_record_shows_what_was_sent(
    connection: Connection, acme: FakeCompany, customer: Customer, theirs: StoredDocument, owner: User
) -> None:
    update(connection, customer, owner)

    assert theirs.receipt.remote_id in acme.entries[ContactRecord]
