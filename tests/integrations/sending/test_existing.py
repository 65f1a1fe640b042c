"""Who came into the books since they were read is found right before a customer would be created."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from accounting.errors import Refused, TryLater
from accounting.types import CustomerRecord
from fieldwork.models import Customer, HourType, Material, User, WorkOrder
from integrations.linking.by_hand import link_by_hand
from integrations.models import Connection, Link, LinkDecision, Operation
from integrations.receivers import retry
from tests.integrations.exporting import Worker, complete, open_codes, operation_of, put_in_books

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

State = Operation.State


@pytest.fixture
def came(
    acme: FakeCompany, connection: Connection, customer: Customer, material: Material, hour_type: HourType
) -> CustomerRecord:
    """Our customer, as somebody has written it into the books an hour ago, and nothing has read it yet."""
    put_in_books(connection, material, hour_type)
    made = CustomerRecord(
        remote_id="new-1",
        number="9001",
        name="BRF Eken",
        is_company=customer.is_company,
        organisation_number=customer.organisation_number,
        email=customer.email,
    )
    acme.put(made)
    return made


@pytest.mark.parametrize("kept", ["organisation_number", "email"])
def test_the_same_organisation_number_or_e_mail_is_the_same_customer(
    worker: Worker, acme: FakeCompany, work_order: WorkOrder, customer: Customer, came: CustomerRecord, kept: str
) -> None:
    other = {"organisation_number": "", "email": ""}
    acme.put(replace(came, **(other | {kept: getattr(came, kept)})))
    complete(work_order)

    worker.run()

    assert acme.created("customer") == []
    assert acme.created("invoice_draft")[0].document.customer_remote_id == "new-1"
    assert (Link.objects.get(kind="customer").remote_id, operation_of(customer).remote_number) == ("new-1", "9001")
    assert open_codes() == []


def test_another_company_with_the_same_mailbox_is_another_customer(
    worker: Worker, acme: FakeCompany, work_order: WorkOrder, came: CustomerRecord
) -> None:
    acme.put(replace(came, organisation_number="556016-0680"))
    complete(work_order)

    worker.run()

    assert len(acme.created("customer")) == 1


@pytest.mark.parametrize("changed", [{"is_company": False, "organisation_number": ""}, {"active": False}])
def test_what_speaks_against_it_makes_it_a_persons_decision(
    worker: Worker,
    acme: FakeCompany,
    work_order: WorkOrder,
    customer: Customer,
    came: CustomerRecord,
    changed,
    owner: User,
) -> None:
    acme.put(replace(came, **changed))
    complete(work_order)
    worker.run()
    operation = operation_of(customer)

    assert (operation.state, acme.created("customer")) == (State.BLOCKED, [])
    assert "customer_looks_like_another" in open_codes()
    worker.run()
    assert acme.count("customers_like") == 1

    Operation.objects.filter(pk=operation.pk).update(released=True)
    retry(operation, by=owner)
    worker.run()

    assert len(acme.created("customer")) == 1
    assert operation_of(work_order).state == State.DONE
    assert open_codes() == []


def test_a_person_who_links_the_two_lets_it_go_on(
    worker: Worker, acme: FakeCompany, work_order: WorkOrder, customer: Customer, came: CustomerRecord, owner: User
) -> None:
    person = replace(came, is_company=False, organisation_number="")
    acme.put(person)
    complete(work_order)
    worker.run()

    link_by_hand(worker.connection, customer, person, by=owner)
    worker.run()

    assert acme.created("customer") == []
    assert operation_of(work_order).state == State.DONE


def test_of_whom_somebody_said_that_they_are_two_they_are(
    worker: Worker, acme: FakeCompany, work_order: WorkOrder, customer: Customer, came: CustomerRecord
) -> None:
    LinkDecision.objects.create(
        books=worker.connection.pinned_books,
        kind="customer",
        remote_id=came.remote_id,
        local_model=customer._meta.label,
        local_id=customer.pk,
        verdict=LinkDecision.Verdict.DIFFERENT,
    )
    complete(work_order)

    worker.run()

    assert len(acme.created("customer")) == 1


def test_books_that_cannot_be_searched_like_this_get_the_customer(
    worker: Worker, acme: FakeCompany, work_order: WorkOrder, came: CustomerRecord
) -> None:
    acme.fail("customers_like", Refused("Not by these members."))
    complete(work_order)

    worker.run()

    assert len(acme.created("customer")) == 1


def test_a_search_that_fails_creates_nobody(
    worker: Worker, acme: FakeCompany, work_order: WorkOrder, customer: Customer, came: CustomerRecord
) -> None:
    acme.fail("customers_like", TryLater("Later."))
    complete(work_order)

    worker.turn()

    assert acme.created("customer") == []
    assert operation_of(customer).state == State.QUEUED
