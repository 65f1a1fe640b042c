"""Linking by hand: what a person may say about who is who, and what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from accounting.errors import TryLater
from accounting.types import CustomerRecord
from fieldwork.models import Customer, User
from integrations.export import create_now
from integrations.linking.by_hand import link_by_hand, take_over_link, unlink
from integrations.linking.inquiring import ReferenceRefused, alike_in_books, customer_meant
from integrations.models import Change, Connection, Link, Operation, StreamSetting
from integrations.sending.queueing import queue_records
from tests.integrations.conftest import Read
from tests.integrations.exporting import Worker, complete

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

pytestmark = pytest.mark.django_db(transaction=True)

GUID = "38fe43cc-c843-48e0-9efe-fa7b262a8191"
THEIRS = CustomerRecord(
    remote_id=GUID, number="5012", name="BRF Eken", is_company=True, organisation_number="716400-1234"
)
State = Operation.State


@pytest.fixture
def theirs(acme: FakeCompany) -> CustomerRecord:
    """A customer of the books who has not been read."""
    acme.put(THEIRS)
    return THEIRS


@pytest.fixture
def other(connection: Connection, customer: Customer) -> Customer:
    """Another customer of ours, who is the one of the books."""
    made = Customer.objects.create(organization=customer.organization, name="Eken", email=customer.email)
    Link.objects.create(
        books=connection.pinned_books,
        kind="customer",
        remote_id=GUID,
        remote_number="5012",
        local_model="fieldwork.Customer",
        local_id=made.pk,
    )
    return made


def linked_to(customer: Customer) -> str:
    return ", ".join(Link.objects.filter(local_id=customer.pk).values_list("remote_id", flat=True))


def told_of(customer: Customer) -> list[tuple[str, str]]:
    return list(Change.objects.filter(subject_id=customer.pk).order_by("at").values_list("what", "source"))


# --- whom a reference means -----------------------------------------------------


@pytest.mark.parametrize("pasted", [GUID, GUID.upper(), f"https://acme.example/#/customers/{GUID}/edit", "5012"])
def test_a_reference_an_address_and_a_number_mean_the_customer_of_the_books(
    connection: Connection, theirs: CustomerRecord, pasted: str
) -> None:
    assert customer_meant(connection, pasted).name == "BRF Eken"


@pytest.mark.parametrize("pasted", ["hello, world!", GUID[:-1], "<script>alert()</script>", "x" * 500])
def test_what_is_no_reference_is_refused_without_asking_the_books(
    connection: Connection, acme: FakeCompany, pasted: str
) -> None:
    with pytest.raises(ReferenceRefused, match="no reference of Acme Books"):
        customer_meant(connection, pasted)
    assert acme.requests == []


def test_somebody_who_is_not_in_these_books_is_refused(connection: Connection, acme: FakeCompany) -> None:
    for pasted in (GUID, "4711"):
        with pytest.raises(ReferenceRefused, match="no customer with this reference"):
            customer_meant(connection, pasted)


def test_books_that_do_not_answer_say_so(connection: Connection, acme: FakeCompany) -> None:
    acme.fail("record", TryLater("Try later."))

    with pytest.raises(ReferenceRefused, match="Try later"):
        customer_meant(connection, GUID)


# --- who looks like ours --------------------------------------------------------


def test_who_is_only_in_the_books_is_found_by_their_marks(
    connection: Connection, theirs: CustomerRecord, customer: Customer
) -> None:
    found = alike_in_books(connection, customer)

    assert [each.number for each in found or ()] == ["5012"]


def test_who_is_linked_already_is_not_offered_again(
    connection: Connection, theirs: CustomerRecord, customer: Customer, other: Customer
) -> None:
    assert alike_in_books(connection, customer) == []


def test_books_that_cannot_be_searched_leave_it_open(
    connection: Connection, acme: FakeCompany, customer: Customer
) -> None:
    acme.fail("customers_like", TryLater("Try later."))

    assert alike_in_books(connection, customer) is None


# --- linking --------------------------------------------------------------------


def test_a_link_made_by_hand_is_used_and_remembered(
    connection: Connection, acme: FakeCompany, theirs: CustomerRecord, work_order, owner: User, worker: Worker
) -> None:
    customer = work_order.customer
    link_by_hand(connection, customer, theirs, by=owner)
    complete(work_order)
    worker.run()

    assert acme.created("customer") == []
    assert acme.created("invoice_draft")[0].document.customer_remote_id == GUID  # type: ignore[attr-defined]
    assert told_of(customer) == [("linked", "here")]
    assert Change.objects.get().fields["remote_number"] == ["", "5012"]


def test_linking_settles_a_creation_that_waits_for_a_decision(
    connection: Connection, acme: FakeCompany, theirs: CustomerRecord, work_order, owner: User, worker: Worker
) -> None:
    customer = work_order.customer
    Customer.objects.filter(pk=customer.pk).update(postcode="")
    complete(work_order)
    worker.run()
    assert Operation.objects.get(local_id=work_order.pk).state == State.BLOCKED

    link_by_hand(connection, customer, theirs, by=owner)
    worker.run()

    assert Operation.objects.get(local_id=work_order.pk).state == State.DONE
    assert acme.created("customer") == []


def test_a_reference_of_another_customer_of_ours_names_them(
    connection: Connection, customer: Customer, other: Customer, owner: User
) -> None:
    with pytest.raises(ReferenceRefused) as refused:
        link_by_hand(connection, customer, THEIRS, by=owner)

    assert refused.value.holder == other
    assert linked_to(customer) == ""


def test_whoever_is_not_active_there_is_refused(connection: Connection, customer: Customer, owner: User) -> None:
    inactive = CustomerRecord(remote_id=GUID, number="1", name="X", is_company=True, active=False)

    with pytest.raises(ReferenceRefused, match="not active"):
        link_by_hand(connection, customer, inactive, by=owner)


def test_who_is_linked_or_on_the_way_is_not_linked_again(
    connection: Connection, customer: Customer, theirs: CustomerRecord, owner: User
) -> None:
    link_by_hand(connection, customer, theirs, by=owner)
    second = CustomerRecord(remote_id="other", number="1", name="X", is_company=True)

    with pytest.raises(ReferenceRefused, match="linked already"):
        link_by_hand(connection, customer, second, by=owner)
    assert linked_to(customer) == GUID


def test_who_is_the_same_as_another_of_ours_is_not_linked_to_a_third(
    connection: Connection, acme: FakeCompany, customer: Customer, other: Customer, owner: User
) -> None:
    assert create_now(connection, customer, by=owner).state == State.DONE
    assert linked_to(customer) == ""
    second = CustomerRecord(remote_id="other", number="1", name="X", is_company=True)

    with pytest.raises(ReferenceRefused, match="linked already"):
        link_by_hand(connection, customer, second, by=owner)


@pytest.mark.parametrize("state", ["claimed", "sending", "in_doubt"])
def test_nobody_is_linked_or_unlinked_in_the_middle_of_being_sent(
    connection: Connection, customer: Customer, theirs: CustomerRecord, owner: User, state: str
) -> None:
    [operation] = queue_records(connection, [customer])
    Operation.objects.filter(pk=operation.pk).update(state=state, sent_at=operation.created_at)

    with pytest.raises(ReferenceRefused, match="being sent"):
        link_by_hand(connection, customer, theirs, by=owner)
    with pytest.raises(ReferenceRefused, match="being sent"):
        unlink(connection, customer, by=owner)


def test_a_link_can_be_taken_over_and_given_back(
    connection: Connection, customer: Customer, other: Customer, owner: User
) -> None:
    take_over_link(connection, customer, Link.objects.get(), by=owner)
    assert (linked_to(customer), linked_to(other)) == (GUID, "")

    unlink(connection, customer, by=owner)

    assert (linked_to(customer), linked_to(other)) == ("", GUID)
    assert told_of(customer) == [("linked", "here"), ("unlinked", "here")]
    assert told_of(other) == [("unlinked", "here"), ("linked", "here")]


# --- unlinking ------------------------------------------------------------------


def test_unlinked_a_customer_that_we_had_created_can_be_added_anew(
    connection: Connection, acme: FakeCompany, work_order, owner: User, worker: Worker
) -> None:
    complete(work_order)
    worker.run()
    customer = work_order.customer
    [sent] = acme.created("customer")

    unlink(connection, customer, by=owner)
    assert linked_to(customer) == ""
    acme.documents.pop(sent.receipt.remote_id)
    acme.take_away(CustomerRecord, sent.receipt.remote_id)
    again = create_now(connection, customer, by=owner)

    assert again.state == State.DONE
    assert linked_to(customer) == again.remote_id != sent.receipt.remote_id
    assert Operation.objects.filter(kind="customer", state=State.SUPERSEDED).count() == 1
    assert [what for what, _source in told_of(customer)] == ["added", "unlinked", "added"]


def test_what_is_still_there_is_found_again_instead_of_made_twice(
    connection: Connection, acme: FakeCompany, work_order, owner: User, worker: Worker
) -> None:
    complete(work_order)
    worker.run()
    unlink(connection, work_order.customer, by=owner)
    again = create_now(connection, work_order.customer, by=owner)

    assert again.state == State.DONE
    assert len(acme.created("customer")) == 1


def test_unlinking_writes_nothing_over_there(
    connection: Connection, acme: FakeCompany, customer: Customer, theirs: CustomerRecord, owner: User, read: Read
) -> None:
    link_by_hand(connection, customer, theirs, by=owner)

    unlink(connection, customer, by=owner)

    assert acme.writes == {}
    assert customer.name == Customer.objects.get(pk=customer.pk).name


def test_after_unlinking_theirs_comes_in_as_a_customer_of_its_own(
    connection: Connection, acme: FakeCompany, customer: Customer, theirs: CustomerRecord, owner: User, read: Read
) -> None:
    read("customers")
    Link.objects.all().delete()
    link_by_hand(connection, customer, theirs, by=owner)
    Customer.objects.exclude(pk=customer.pk).delete()
    assert read("customers").created == 0

    unlink(connection, customer, by=owner)
    run = read("customers")

    assert (run.created, Link.objects.get().local_id == customer.pk) == (1, False)


def test_a_link_that_is_given_back_needs_no_reading(
    connection: Connection, customer: Customer, other: Customer, owner: User, read: Read
) -> None:
    read("customers")
    take_over_link(connection, customer, Link.objects.get(), by=owner)

    unlink(connection, customer, by=owner)

    assert StreamSetting.objects.get(stream="customers").rules != ""
