"""Who is who is decided by a person, one by one: ours that is to be created, and theirs that came in a read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError

from accounting.types import CustomerRecord
from fieldwork.models import Customer, User, WorkOrder
from integrations.models import Case, Lease, Link, LinkDecision, Operation
from integrations.repairing.carrying_out import alike_to
from integrations.repairing.declared import repair_for
from integrations.repairing.offers import offers_for
from integrations.tasks import work
from tests.integrations.conftest import Read
from tests.integrations.exporting import Worker, complete, open_codes, operation_of, put_in_books
from tests.integrations.repairing.conftest import Repairs

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

pytestmark = pytest.mark.django_db
State = Operation.State


def choices(case: Case) -> list[tuple[str, str]]:
    return list(offers_for([case], in_full=True).alike[case.pk])


class TestOurs:
    @pytest.fixture
    def known(self, worker: Worker, customer: Customer) -> Customer:
        """Somebody in the books with the same mailbox, who is no company."""
        same = Customer.objects.create(
            organization=customer.organization, number="77", name="Eva Ek", email=customer.email, is_company=False
        )
        put_in_books(worker.connection, same)
        Customer.objects.filter(pk=customer.pk).update(organisation_number="")
        return same

    @pytest.fixture
    def case(self, worker: Worker, work_order: WorkOrder, known: Customer) -> Case:
        complete(work_order)
        worker.run()
        assert open_codes() == ["customer_looks_like_another"]
        return Case.objects.get()

    def test_the_same_takes_over_the_link(
        self, worker: Worker, repair: Repairs, case: Case, customer: Customer, known: Customer, work_order: WorkOrder
    ) -> None:
        link = Link.objects.get(local_id=known.pk)
        assert choices(case)[0] == (str(link.pk), "The same as 77 Eva Ek")

        repair(case, str(link.pk))

        link.refresh_from_db()
        assert (link.local_id, open_codes()) == (customer.pk, [])
        worker.run()
        assert operation_of(work_order).state == State.DONE
        assert len(worker.acme.created("customer")) == 0

    def test_another_is_created_in_the_books(
        self, worker: Worker, repair: Repairs, case: Case, work_order: WorkOrder
    ) -> None:
        repair(case, "new")

        assert open_codes() == []
        worker.run()
        assert operation_of(work_order).state == State.DONE
        assert len(worker.acme.created("customer")) == 1

    def test_nobody_else_is_linked(self, repair: Repairs, case: Case, work_order: WorkOrder) -> None:
        for value in ("", "no such link", str(work_order.customer_id)):
            with pytest.raises(ValidationError):
                repair(case, value)

        assert operation_of(work_order).state == State.BLOCKED

    def test_a_list_does_not_look_for_candidates(self, case: Case, django_assert_num_queries) -> None:
        case = Case.objects.select_related("connection__books", "organization", "operation").get()

        with django_assert_num_queries(0):
            offers = offers_for([case])
        assert repair_for(case).ask(case, offers) is None

    def test_it_is_never_decided_for_others(self, case: Case) -> None:
        assert alike_to(case, repair_for(case)) == []
        assert not repair_for(case).remembers(case)


class TestTheirs:
    @pytest.fixture
    def case(self, acme: FakeCompany, read: Read, customer: Customer) -> Case:
        acme.put(CustomerRecord(remote_id="c7", number="7", name="Eken", email=customer.email, is_company=True))
        assert read("customers").rejected == 1
        Lease.objects.all().delete()
        return Case.objects.get()

    def test_the_same_is_linked_to_ours(self, repair: Repairs, case: Case, customer: Customer, owner: User) -> None:
        assert choices(case)[0] == (str(customer.pk), "The same as 1001 Bostadsrättsföreningen Eken")

        repair(case, str(customer.pk))

        link = Link.objects.get()
        assert (link.remote_id, link.local_id, link.origin) == ("c7", customer.pk, Link.Origin.PERSON)
        assert (LinkDecision.objects.get().by, open_codes()) == (owner, [])

    def test_none_of_these_comes_with_the_next_sync(self, worker: Worker, repair: Repairs, case: Case) -> None:
        repair(case, "new")

        assert open_codes() == []
        work(worker.connection.pk)
        assert set(Customer.objects.values_list("number", flat=True)) == {"1001", "7"}

    def test_one_that_was_linked_meanwhile_is_refused(
        self, worker: Worker, repair: Repairs, case: Case, customer: Customer
    ) -> None:
        put_in_books(worker.connection, customer)

        with pytest.raises(ValidationError, match="changed meanwhile"):
            repair(case, str(customer.pk))

        assert open_codes() == ["look_alike"]
