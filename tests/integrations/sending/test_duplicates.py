"""A customer or article that is in the books already is used, and never created a second time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from accounting.types import ArticleRecord, CustomerRecord
from fieldwork.models import Customer, HourType, Material, User, WorkOrder
from integrations.export import create_now
from integrations.models import Connection, Lease, Link, LinkDecision, Operation
from integrations.receivers import retry
from integrations.recognising.duplicates import Reason, look_alikes
from tests.integrations.conftest import Read
from tests.integrations.exporting import Worker, complete, copies_of, open_codes, operation_of, put_in_books

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

State = Operation.State


@pytest.fixture(autouse=True)
def articles_in_books(connection: Connection, material: Material, hour_type: HourType) -> None:
    put_in_books(connection, material, hour_type)


@pytest.fixture
def known(connection: Connection, customer: Customer) -> Customer:
    """The customer under another number, as it came from the books."""
    same = Customer.objects.create(
        organization=customer.organization,
        number="77",
        name="BRF Eken",
        organisation_number="7164001234",
        email="Styrelsen@eken.example",
        postcode="12345",
    )
    put_in_books(connection, same)
    return same


def change(customer: Customer, **values: object) -> Customer:
    Customer.objects.filter(pk=customer.pk).update(**values)
    customer.refresh_from_db()
    return customer


class TestOnTheWay:
    def test_the_same_organisation_number_is_the_same_customer(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, customer: Customer, known: Customer
    ) -> None:
        change(customer, email="")
        complete(work_order)

        worker.run()

        assert acme.created("customer") == []
        assert acme.created("invoice_draft")[0].document.customer_remote_id == "remote-77"
        assert Link.objects.get(kind="customer").local_id == known.pk

    def test_the_same_e_mail_is_the_same_customer(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, customer: Customer, known: Customer
    ) -> None:
        change(customer, organisation_number="")
        complete(work_order)

        worker.run()

        assert acme.created("customer") == []
        assert operation_of(work_order).state == State.DONE

    def test_also_when_customers_are_not_to_be_created(
        self, worker: Worker, connection: Connection, work_order: WorkOrder, known: Customer
    ) -> None:
        connection.settings.create_missing_customers = False
        connection.settings.save()
        complete(work_order)

        worker.run()

        assert operation_of(work_order).state == State.DONE

    def test_two_new_ones_with_one_organisation_number_become_one(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, customer: Customer
    ) -> None:
        twin = Customer.objects.create(
            organization=customer.organization,
            name="Eken",
            organisation_number=customer.organisation_number,
            postcode="123 45",
        )
        [other] = copies_of(work_order, ["1188"])
        other.customer = twin
        other.save()
        complete(work_order)
        complete(other)

        worker.run()

        assert len(acme.created("customer")) == 1
        assert len(acme.created("invoice_draft")) == 2

    def test_a_company_and_a_person_with_one_mailbox_are_a_persons_decision(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, customer: Customer, known: Customer, owner: User
    ) -> None:
        change(customer, organisation_number="", is_company=False)
        complete(work_order)
        worker.run()

        assert operation_of(work_order).state == State.BLOCKED
        assert open_codes() == ["customer_looks_like_another"]
        assert acme.writes == {}

        operation = create_now(worker.connection, customer, by=owner)
        assert operation.state == State.BLOCKED
        Operation.objects.filter(pk=operation.pk).update(released=True)
        retry(operation, by=owner)
        worker.run()

        assert len(acme.created("customer")) == 1
        assert operation_of(work_order).state == State.DONE
        assert open_codes() == []

    def test_linked_by_a_person_it_goes_on(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, customer: Customer, known: Customer
    ) -> None:
        change(customer, organisation_number="", is_company=False)
        complete(work_order)
        worker.run()

        Link.objects.filter(local_id=known.pk).update(local_id=customer.pk)
        worker.run()

        assert operation_of(work_order).state == State.DONE
        assert acme.created("customer") == []

    def test_two_companies_with_one_mailbox_are_two(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, customer: Customer, known: Customer
    ) -> None:
        change(known, organisation_number="556016-0680")
        complete(work_order)

        worker.run()

        assert len(acme.created("customer")) == 1

    def test_one_name_in_one_place_is_a_persons_decision(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, customer: Customer, known: Customer
    ) -> None:
        change(known, name=customer.name, organisation_number="", email="")
        complete(work_order)

        worker.run()

        assert open_codes() == ["customer_looks_like_another"]
        assert acme.writes == {}

    def test_but_two_organisation_numbers_there_are_two(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, customer: Customer, known: Customer
    ) -> None:
        change(known, name=customer.name, organisation_number="556016-0680", email=customer.email)
        complete(work_order)

        worker.run()

        assert len(acme.created("customer")) == 1

    def test_nothing_is_created_while_the_import_asks_about_somebody(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, customer: Customer, read: Read
    ) -> None:
        acme.put(CustomerRecord(remote_id="c7", number="7", name="Eken", email=customer.email, is_company=True))
        assert read("customers").rejected == 1
        Lease.objects.all().delete()
        complete(work_order)

        worker.run()

        assert open_codes() == ["customer_looks_like_another", "look_alike"]
        assert acme.writes == {}

    def test_told_apart_another_is_created(
        self,
        worker: Worker,
        acme: FakeCompany,
        connection: Connection,
        work_order: WorkOrder,
        customer: Customer,
        known: Customer,
    ) -> None:
        LinkDecision.objects.create(
            books=connection.books,
            kind="customer",
            remote_id="remote-77",
            local_model=customer._meta.label,
            local_id=customer.pk,
            verdict=LinkDecision.Verdict.DIFFERENT,
        )
        complete(work_order)

        worker.run()

        assert len(acme.created("customer")) == 1

    def test_a_name_alone_says_nothing(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, customer: Customer, known: Customer
    ) -> None:
        change(known, name=customer.name, organisation_number="", email="", postcode="999 99")
        complete(work_order)

        worker.run()

        assert len(acme.created("customer")) == 1

    def test_between_two_candidates_a_person_decides(
        self, worker: Worker, acme: FakeCompany, connection: Connection, work_order: WorkOrder, known: Customer
    ) -> None:
        second = Customer.objects.create(
            organization=known.organization, number="78", name="Eken 2", organisation_number="716400-1234"
        )
        put_in_books(connection, second)
        complete(work_order)

        worker.run()

        assert operation_of(work_order).state == State.BLOCKED
        assert open_codes() == ["customer_looks_like_another"]
        assert acme.writes == {}

    def test_one_that_is_gone_from_the_books_is_no_candidate(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, known: Customer
    ) -> None:
        Link.objects.filter(local_id=known.pk).update(gone_at="2026-11-01T00:00:00Z")
        complete(work_order)

        worker.run()

        assert len(acme.created("customer")) == 1

    def test_another_firms_customer_is_no_candidate(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, known: Customer
    ) -> None:
        from fieldwork.models import Organization

        change(known, organization=Organization.objects.create(name="Another firm", slug="another"))
        complete(work_order)

        worker.run()

        assert len(acme.created("customer")) == 1


class TestByNumberOverThere:
    """The books have a record with our number that no import has brought."""

    def test_the_same_name_is_the_same_customer(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, customer: Customer
    ) -> None:
        name = customer.name.upper()
        acme.put(CustomerRecord(remote_id="c9", number="1001", name=name, is_company=True))
        complete(work_order)

        worker.run()

        assert acme.created("customer") == []
        assert Link.objects.get(kind="customer").remote_id == "c9"
        assert operation_of(work_order).state == State.DONE

    def test_another_name_is_a_case_and_no_silent_reuse(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder
    ) -> None:
        acme.put(CustomerRecord(remote_id="c9", number="1001", name="Tallens Bygg", is_company=True))
        complete(work_order)

        worker.run()

        assert acme.writes == {}
        assert "number_taken" in open_codes()
        assert operation_of(work_order).state == State.BLOCKED

    def test_an_article_with_our_number_and_another_name_is_a_case(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, material: Material, owner: User
    ) -> None:
        Link.objects.filter(local_id=material.pk).delete()
        acme.put(ArticleRecord(remote_id="a9", number="R22", name="Radiator"))
        complete(work_order)
        worker.run()

        assert acme.created("article") == []
        assert operation_of(material).state == State.BLOCKED

        Material.objects.update(number="R22-2")
        Operation.objects.filter(local_id=material.pk).update(reference="R22-2")
        retry(operation_of(work_order), by=owner)
        worker.run()
        assert operation_of(work_order).state == State.DONE

    def test_a_material_and_an_hour_type_with_one_number_do_not_become_one_article(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, material: Material, hour_type: HourType
    ) -> None:
        Link.objects.filter(kind="article").delete()
        HourType.objects.update(number="R22", name=material.name)
        complete(work_order)

        worker.run()

        assert len(acme.created("article")) == 1
        assert {operation_of(each).state for each in (material, hour_type)} == {State.DONE, State.BLOCKED}
        assert acme.created("invoice_draft") == []


class TestLookAlikes:
    def test_each_comes_with_its_reasons_those_in_the_books_first(
        self, connection: Connection, customer: Customer, known: Customer
    ) -> None:
        here_only = Customer.objects.create(
            organization=customer.organization, number="79", name="A", email=customer.email
        )

        first, second = look_alikes(connection, customer)

        assert (first.customer, first.link.remote_id) == (known, "remote-77")
        assert first.reasons == {Reason.ORGANISATION_NUMBER, Reason.EMAIL}
        assert (second.customer, second.link, second.reasons) == (here_only, None, {Reason.EMAIL})

    def test_a_customer_without_anything_to_compare_has_none(
        self, connection: Connection, customer: Customer, known: Customer
    ) -> None:
        change(customer, number="", organisation_number="", email="")
        change(known, number="", organisation_number="", email="")

        assert look_alikes(connection, customer) == []

    @pytest.mark.parametrize(
        ("ours", "theirs", "same"),
        [
            ("556016-0680", "5560160680", True),
            ("16 556016 0680", "556016-0680", True),
            ("19800101-1234", "800101-1234", True),
            ("916 100 123", "916100123", True),
            ("DK12345678", "dk 12345678", True),
            ("556016-0680", "556016-0681", False),
            ("1234", "556016-1234", False),
        ],
    )
    def test_organisation_numbers_are_compared_without_dashes_and_century(
        self, connection: Connection, customer: Customer, known: Customer, ours: str, theirs: str, same: bool
    ) -> None:
        change(customer, organisation_number=ours, email="")
        change(known, organisation_number=theirs)

        assert bool(look_alikes(connection, customer)) is same

    def test_the_number_counts_that_the_books_know(
        self, connection: Connection, customer: Customer, known: Customer
    ) -> None:
        change(customer, organisation_number="", email="")
        Link.objects.filter(local_id=known.pk).update(remote_number="1001")

        [found] = look_alikes(connection, customer)

        assert found.reasons == {Reason.NUMBER}
        assert found.contradicted
