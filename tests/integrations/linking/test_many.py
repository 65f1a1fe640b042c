"""Who is who for all at once: certain, likely or nobody, linked, refused, and undone."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext

from accounting.types import Address, ArticleRecord, CustomerRecord
from fieldwork.models import Customer, Material, User, WorkOrder
from integrations.linking.many import accept, refuse, undo
from integrations.linking.pairs import both_sides
from integrations.models import (
    Case,
    Change,
    Connection,
    ConnectionSettings,
    Lease,
    Link,
    LinkDecision,
    StreamSetting,
)
from integrations.planning.making import ask_for_plan, make_plan
from tests.integrations.conftest import Read
from tests.integrations.exporting import Worker, complete, open_codes, put_in_books

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

MANY = 20_000
MOST_SECONDS = 2  # of the processor


def theirs(remote_id: str = "c1", number: str = "77", name: str = "Eken", **more: Any) -> CustomerRecord:
    return CustomerRecord(remote_id=remote_id, number=number, name=name, is_company=True, **more)


@pytest.fixture
def known(connection: Connection, customer: Customer) -> Customer:
    """The customer a second time, as it came from the books."""
    same = Customer.objects.create(
        organization=customer.organization, number="77", name="BRF Eken", organisation_number="7164001234"
    )
    put_in_books(connection, same)
    return same


@pytest.fixture
def asked(acme: FakeCompany, read: Read, customer: Customer) -> Case:
    """The import asks whether somebody in the books is the customer."""
    acme.put(theirs(email=customer.email, address=Address(postcode=customer.postcode)))
    read("customers")
    return Case.objects.get()


def groups(connection: Connection, kind: str = "customer") -> tuple[int, int, int]:
    found = both_sides(connection, kind).sorted
    return len(found.certain), len(found.likely), len(found.without)


class TestFound:
    def test_among_those_who_came_from_the_books(self, connection: Connection, customer: Customer, known: Customer):
        assert groups(connection) == (1, 0, 0)

    def test_among_those_whom_the_import_asks_about(self, connection: Connection, customer: Customer, asked: Case):
        assert groups(connection) == (0, 1, 0)

    def test_among_those_who_would_come_with_the_first_sync(
        self, acme: FakeCompany, connection: Connection, customer: Customer, owner: User
    ):
        other = Customer.objects.create(organization=customer.organization, name="Alm", email="a@alm.example")
        Customer.objects.create(organization=customer.organization, name="Nobody knows")
        ConnectionSettings.objects.update(saved_at=None)
        connection.refresh_from_db()
        acme.put(
            theirs(organisation_number=customer.organisation_number),
            theirs("c2", "78", "Alm Bygg", email=other.email),
            theirs("c3", "79", "Somebody else"),
        )
        make_plan(ask_for_plan(connection, by=owner).pk)

        assert groups(connection) == (1, 1, 1)

    def test_inactive_ones_are_left_out(self, connection: Connection, customer: Customer, known: Customer):
        Customer.objects.filter(pk=customer.pk).update(active=False)

        assert groups(connection) == (0, 0, 0)

    def test_articles_by_number_ean_and_name(self, connection: Connection, material: Material):
        for number, name, ean in (("A1", "Pipe 22 mm", ""), ("R22", "Pipe", ""), ("E1", "Other", "735")):
            each = Material.objects.create(
                organization=material.organization, number=f"B{number}", name=name, ean=ean, unit="m"
            )
            put_in_books(connection, each)
        Link.objects.filter(remote_number="BR22").update(remote_number="R22")
        Material.objects.create(organization=material.organization, number="Q", name="Quite another", ean="735")

        assert groups(connection, "article") == (2, 0, 0)

    def test_of_very_many_in_little_time_and_few_statements(self, connection: Connection, customer: Customer):
        Customer.objects.bulk_create(
            Customer(
                organization=customer.organization,
                number=f"M{n}",
                name=f"Firm {n % (MANY // 2)} AB",
                organisation_number=f"55{n % (MANY // 2):04}-{n % 7}234" if n % 3 else "",
                email=f"post@firm{n % (MANY // 2)}.example",
                phone=f"08-{n % (MANY // 2):07}",
                postcode=f"{10000 + n % 800}",
            )
            for n in range(MANY)
        )
        half = Customer.objects.exclude(pk=customer.pk).order_by("number").values_list("pk", "number")[: MANY // 2]
        label = Customer._meta.label
        Link.objects.bulk_create(
            Link(books=connection.books, kind="customer", remote_id=f"r{n}", local_model=label, local_id=pk)
            for pk, n in half
        )

        with CaptureQueriesContext(database) as captured:
            started = time.process_time()
            found = both_sides(connection, "customer").sorted
            seconds = time.process_time() - started

        assert len(found.certain) + len(found.likely) + len(found.without) == MANY // 2 + 1
        assert len(captured) == 5 - 1  # the settings are loaded already
        assert seconds < MOST_SECONDS


class TestAccepted:
    def test_one_whom_the_import_asked_about(
        self, connection: Connection, customer: Customer, asked: Case, owner: User, read: Read
    ):
        both = both_sides(connection, "customer")

        accepted = accept(connection, both, both.sorted.likely[str(customer.pk)], by=owner)

        link = Link.objects.get()
        assert accepted.count == 1
        assert (link.local_id, link.remote_id, link.remote_number, link.origin) == (customer.pk, "c1", "77", "person")
        assert open_codes() == []
        assert Change.objects.get().what == Change.What.LINKED
        assert groups(connection) == (0, 0, 0)
        assert read("customers", full=True).created == 0
        assert Customer.objects.get().name == "Eken"

    def test_a_link_goes_over_and_the_unused_double_is_put_away(
        self, connection: Connection, customer: Customer, known: Customer, owner: User
    ):
        both = both_sides(connection, "customer")

        accept(connection, both, both.sorted.certain, by=owner)

        assert Link.objects.get().local_id == customer.pk
        known.refresh_from_db()
        assert not known.active

    def test_a_double_with_work_of_its_own_stays(
        self, connection: Connection, customer: Customer, known: Customer, work_order: WorkOrder, owner: User
    ):
        WorkOrder.objects.update(customer=known)
        both = both_sides(connection, "customer")

        accept(connection, both, both.sorted.certain, by=owner)

        known.refresh_from_db()
        assert known.active

    def test_twice_is_once(self, connection: Connection, customer: Customer, known: Customer, owner: User):
        both = both_sides(connection, "customer")
        accept(connection, both, both.sorted.certain, by=owner)

        assert accept(connection, both, both.sorted.certain, by=owner).count == 0
        assert LinkDecision.objects.count() == 1

    def test_many_at_once_in_few_statements(
        self, acme: FakeCompany, connection: Connection, read: Read, customer: Customer, owner: User
    ):
        ours = [Customer(organization=customer.organization, name=f"N{n}", email=f"n{n}@x.example") for n in range(120)]
        Customer.objects.bulk_create(ours)
        acme.put(*(theirs(f"c{n}", str(n), f"N{n}", email=f"n{n}@x.example") for n in range(120)))
        read("customers")
        both = both_sides(connection, "customer")
        assert len(both.sorted.certain) == 120

        with CaptureQueriesContext(database) as captured:
            accepted = accept(connection, both, both.sorted.certain, by=owner)

        assert (accepted.count, Link.objects.count(), LinkDecision.objects.count()) == (120, 120, 120)
        assert len(captured) < 20
        assert open_codes() == []

    def test_articles(self, connection: Connection, material: Material, owner: User):
        double = Material.objects.create(
            organization=material.organization, number="X", name="Pipe", ean="735", unit="m"
        )
        put_in_books(connection, double)
        Material.objects.filter(pk=material.pk).update(ean="735")
        both = both_sides(connection, "article")

        accept(connection, both, both.sorted.certain, by=owner)

        assert Link.objects.get().local_id == material.pk
        decision = LinkDecision.objects.get()
        assert (decision.former_id, decision.local_label) == (double.pk, "R22 Pipe 22 mm")
        undo(connection, decision, by=owner)
        double.refresh_from_db()
        assert (Link.objects.get().local_id, double.active) == (double.pk, True)


class TestRefused:
    def test_none_of_these_is_remembered_and_they_come_as_their_own(
        self, connection: Connection, customer: Customer, asked: Case, owner: User, read: Read
    ):
        assert refuse(connection, both_sides(connection, "customer"), str(customer.pk), by=owner) == 1

        assert groups(connection) == (0, 0, 1)
        assert open_codes() == []
        assert read("customers").created == 1
        assert Customer.objects.count() == 2
        assert groups(connection) == (0, 0, 1)

    def test_then_ours_may_be_created_over_there(
        self,
        acme: FakeCompany,
        worker: Worker,
        connection: Connection,
        customer: Customer,
        asked: Case,
        work_order: WorkOrder,
        owner: User,
        read: Read,
    ):
        Lease.objects.all().delete()
        complete(work_order)
        worker.run()
        assert acme.writes == {}

        refuse(connection, both_sides(connection, "customer"), str(customer.pk), by=owner)
        worker.run()

        assert len(acme.created("customer")) == 1


class TestUndone:
    def test_what_was_linked_before_is_linked_again(
        self, connection: Connection, customer: Customer, known: Customer, owner: User
    ):
        both = both_sides(connection, "customer")
        accept(connection, both, both.sorted.certain, by=owner)

        undo(connection, LinkDecision.objects.get(), by=owner)

        known.refresh_from_db()
        assert (Link.objects.get().local_id, known.active) == (known.pk, True)
        assert groups(connection) == (0, 0, 1)

    def test_what_was_not_there_comes_in_and_is_not_recognised_again(
        self, acme: FakeCompany, connection: Connection, customer: Customer, asked: Case, owner: User, read: Read
    ):
        both = both_sides(connection, "customer")
        accept(connection, both, both.sorted.likely[str(customer.pk)], by=owner)

        undo(connection, LinkDecision.objects.get(), by=owner)

        assert not Link.objects.exists()
        assert StreamSetting.objects.get(stream="customers").rules == ""
        assert read("customers").created == 1
        assert Link.objects.get().local_id != customer.pk


def test_articles_of_the_books_with_our_ean_are_asked_about(
    acme: FakeCompany, connection: Connection, read: Read, material: Material
):
    Material.objects.filter(pk=material.pk).update(ean="735")
    ConnectionSettings.objects.update(articles_without_unit="material")
    connection.settings.refresh_from_db()
    acme.put(ArticleRecord(remote_id="a1", number="OTHER", name="Tube", ean="735"))

    run = read("articles")

    assert (run.created, run.rejected) == (0, 1)
    assert groups(connection, "article") == (1, 0, 0)
