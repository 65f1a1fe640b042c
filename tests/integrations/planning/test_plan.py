"""A plan tells what a sync would do, field by field, and writes nothing but itself."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.utils import timezone

from accounting.errors import ReconnectNeeded, TryLater
from accounting.types import (
    ArticleRecord,
    Contact,
    CustomerRecord,
    OrderState,
    ProjectRecord,
    SalesOrderRecord,
    UnitRecord,
)
from fieldwork.models import Customer, HourType, Material, User, WorkOrder
from fieldwork.services import complete_work_order, reopen_work_order
from integrations.models import Connection, ConnectionSettings, Operation, Plan, PlanEntry, StreamSetting
from integrations.planning.making import ask_for_plan, make_plan
from integrations.sending.asking import queue_customer_update
from integrations.tasks import take_turn
from tests.integrations.conftest import Read
from tests.integrations.exporting import Worker, complete, put_in_books

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

PLANS_OWN = {"integrations.Plan", "integrations.PlanEntry"}


def every_row() -> dict[str, list[Any]]:
    """All tables but the plan's own and the queue's."""
    models = [each for each in apps.get_models() if each._meta.label not in PLANS_OWN]
    return {
        each._meta.label: list(each.objects.order_by("pk").values_list())
        for each in models
        if each._meta.app_label != "django_q"
    }


def plan_of(connection: Connection, owner: User) -> Plan:
    """A plan that a worker has made."""
    plan = ask_for_plan(connection, by=owner)
    make_plan(str(plan.pk))
    plan.refresh_from_db()
    return plan


def small_books(acme: FakeCompany) -> None:
    acme.put(
        UnitRecord(remote_id="u1", name="Timme", abbreviation="tim"),
        *(CustomerRecord(remote_id=f"c{n}", number=str(n), name=f"N{n}", is_company=True) for n in range(3)),
        ArticleRecord(remote_id="a1", number="A1", name="Work", unit_remote_id="u1"),
        ProjectRecord(remote_id="p1", number="P1", name="Kitchen", customer_remote_id="c1"),
        ProjectRecord(remote_id="p2", number="P2", name="Bath", customer_remote_id="c1", active=False),
        SalesOrderRecord(remote_id="o1", number="1042", state=OrderState.CONFIRMED, customer_remote_id="c1"),
    )


def entry_about(plan: Plan, label: str) -> PlanEntry:
    return plan.entries.get(label__contains=label)


def test_no_row_changes_and_nothing_is_sent(
    acme: FakeCompany, connection: Connection, work_order: WorkOrder, owner: User
) -> None:
    small_books(acme)
    acme.put_bad(CustomerRecord, "c9")
    complete(work_order)
    ConnectionSettings.objects.update(export_new_customers=True, export_new_materials=True)
    before = every_row()

    plan = plan_of(connection, owner)

    assert plan.state == Plan.State.DONE
    assert plan.entries.exists()
    assert every_row() == before
    assert acme.writes == {}


def test_it_tells_what_the_sync_then_does(acme: FakeCompany, connection: Connection, owner: User) -> None:
    acme.page_size = 2
    small_books(acme)
    acme.put_bad(CustomerRecord, "c9")
    plan = plan_of(connection, owner)

    runs = take_turn(connection, streams=[each["stream"] for each in plan.runs]).runs

    figures = ("read", "created", "updated", "unchanged", "archived", "skipped", "rejected")
    assert [[each[name] for name in figures] for each in plan.runs] == [
        [getattr(run, name) for name in figures] for run in runs
    ]
    again = plan_of(connection, owner)
    assert not again.entries.filter(action__in=["create", "update"]).exists()


class TestComingIn:
    def test_new_records_with_their_fields(self, acme: FakeCompany, connection: Connection, owner: User) -> None:
        small_books(acme)

        entry = entry_about(plan_of(connection, owner), "N1")

        assert (entry.direction, entry.kind, entry.action, entry.remote_id) == ("in", "customers", "create", "c1")
        assert ["fieldwork.Customer.name", "", "N1", ""] in entry.changes

    def test_changed_ones_before_and_after(
        self, acme: FakeCompany, connection: Connection, read: Read, owner: User
    ) -> None:
        acme.put(CustomerRecord(remote_id="c1", number="1", name="Old", is_company=True))
        read("customers")
        acme.put(CustomerRecord(remote_id="c1", number="1", name="New", is_company=True, discount_percent=Decimal(5)))

        entry = plan_of(connection, owner).entries.get()

        assert entry.action == "update"
        assert entry.changes == [
            ["fieldwork.Customer.name", "Old", "New", ""],
            ["fieldwork.Customer.discount_percent", "0", "5", "number"],
        ]

    def test_a_changed_reference_person_too(
        self, acme: FakeCompany, connection: Connection, read: Read, owner: User
    ) -> None:
        someone = {"remote_id": "c1", "number": "1", "name": "Old", "is_company": True}
        acme.put(CustomerRecord(**someone, contact=Contact(name="Eva Ek", email="eva@ek.example")))
        read("customers")
        acme.put(CustomerRecord(**someone, contact=Contact(name="Anna Ek", email="eva@ek.example")))

        entry = plan_of(connection, owner).entries.get()

        assert entry.changes == [["fieldwork.ContactPerson.first_name", "Eva", "Anna", ""]]

    def test_one_of_ours_that_is_recognised(
        self, acme: FakeCompany, connection: Connection, customer: Customer, owner: User
    ) -> None:
        acme.put(
            CustomerRecord(
                remote_id="c1", number="1001", name=customer.name, is_company=True, organisation_number="7164001234"
            )
        )

        entry = plan_of(connection, owner).entries.get()

        assert (entry.action, entry.local_id, entry.reasons[0]["code"]) == ("update", customer.pk, "recognised")

    def test_what_is_left_out_says_why(self, acme: FakeCompany, connection: Connection, owner: User) -> None:
        small_books(acme)

        entry = entry_about(plan_of(connection, owner), "Bath")

        assert (entry.action, entry.reasons[0]["sentence"]) == ("skip", "It is not active in the books.")

    def test_what_needs_a_person_says_why(self, acme: FakeCompany, connection: Connection, owner: User) -> None:
        acme.put_bad(CustomerRecord, "c9")

        entry = plan_of(connection, owner).entries.get()

        assert (entry.action, entry.reasons[0]["code"]) == ("blocked", "unreadable")

    def test_what_is_gone_would_be_archived(
        self, acme: FakeCompany, connection: Connection, read: Read, owner: User
    ) -> None:
        acme.put(*(CustomerRecord(remote_id=f"c{n}", number=str(n), name=f"N{n}", is_company=True) for n in range(3)))
        read("customers", full=True)
        acme.take_away(CustomerRecord, "c1")
        StreamSetting.objects.update(rules="", watermark=None)

        plan = plan_of(connection, owner)

        entry = plan.entries.get()
        assert (entry.label, entry.action, entry.remote_id) == ("1 N1", "update", "c1")
        assert entry.changes == [["fieldwork.Customer.active", "yes", "no", "word"]]
        assert next(each["archived"] for each in plan.runs if each["stream"] == "customers") == 1
        assert read("customers", full=True).archived == 1

    def test_masses_that_are_gone_would_be_a_question(
        self, acme: FakeCompany, connection: Connection, read: Read, owner: User
    ) -> None:
        acme.put(*(CustomerRecord(remote_id=f"c{n}", number=str(n), name=f"N{n}", is_company=True) for n in range(30)))
        read("customers", full=True)
        acme.take_away(CustomerRecord, *(f"c{n}" for n in range(20)))
        StreamSetting.objects.update(rules="", watermark=None)

        entry = plan_of(connection, owner).entries.get()

        assert (entry.action, entry.reasons[0]["code"]) == ("blocked", "many_records_missing")

    def test_one_that_comes_with_a_reservation_is_both(
        self, acme: FakeCompany, connection: Connection, customer: Customer, owner: User
    ) -> None:
        acme.put(CustomerRecord(remote_id="c1", number="1001", name="Somebody else", is_company=True))

        plan = plan_of(connection, owner)

        assert sorted(plan.entries.values_list("action", flat=True)) == ["blocked", "create"]
        assert plan.entries.get(action="blocked").reasons[0]["code"] == "number_taken"


class TestGoingOut:
    def test_a_document_with_its_predicted_money(
        self, acme: FakeCompany, connection: Connection, work_order: WorkOrder, owner: User
    ) -> None:
        complete(work_order)

        plan = plan_of(connection, owner)

        entry = plan.entries.get(kind="invoice_draft")
        assert (entry.action, entry.net, entry.total) == ("create", Decimal("1893.50"), Decimal("2366.88"))
        figures = next(each for each in plan.tally if each["kind"] == "invoice_draft")
        assert (figures["count"], figures["net"]) == (1, {"SEK": "1893.50"})
        assert entry.changes[0] == ["fieldwork.WorkOrder.customer", "", str(work_order.customer), ""]

    def test_what_it_brings_along_once(
        self, acme: FakeCompany, connection: Connection, work_order: WorkOrder, owner: User
    ) -> None:
        complete(work_order)

        plan = plan_of(connection, owner)

        brought = plan.entries.filter(direction="out").exclude(kind="invoice_draft")
        assert sorted(brought.values_list("kind", "action")) == [
            ("article", "create"),
            ("article", "create"),
            ("customer", "create"),
        ]
        assert not Operation.objects.exclude(kind="invoice_draft").exists()

    def test_updates_that_wait(
        self, acme: FakeCompany, connection: Connection, customer: Customer, owner: User
    ) -> None:
        put_in_books(connection, customer)
        queue_customer_update(connection, customer, ["name", "email", "address"], by=owner)

        entry = plan_of(connection, owner).entries.get(direction="out")

        assert (entry.kind, entry.action) == ("customer_update", "update")
        assert ["fieldwork.Customer.email", "", customer.email, ""] in entry.changes
        assert ["fieldwork.Customer.city", "", "Solna", ""] in entry.changes

    def test_a_draft_that_is_written_over_line_by_line(
        self,
        acme: FakeCompany,
        connection: Connection,
        worker: Worker,
        work_order: WorkOrder,
        owner: User,
    ) -> None:
        complete(work_order)
        worker.run()
        reopen_work_order(work_order)
        work_order.refresh_from_db()
        work_order.lines.filter(text="Pipe 22 mm").update(quantity=5)
        complete_work_order(work_order, by=owner)
        former = Operation.objects.get(kind="invoice_draft", state="done")
        Operation.objects.filter(kind="invoice_draft").exclude(pk=former.pk).update(target=former)

        entry = plan_of(connection, owner).entries.get(kind="invoice_draft", direction="out", revision=2)

        assert (entry.action, entry.reasons) == ("update", [])
        assert entry.changes == [["Line", "Pipe 22 mm: 3 m × 89.5", "Pipe 22 mm: 5 m × 89.5", ""]]

    def test_blocked_with_every_reason(
        self, acme: FakeCompany, connection: Connection, work_order: WorkOrder, owner: User
    ) -> None:
        complete(work_order)
        connection.answers.all().delete()

        entry = plan_of(connection, owner).entries.get(kind="invoice_draft")

        assert entry.action == "blocked"
        assert "answer_missing" in {each["code"] for each in entry.reasons}

    def test_what_the_read_brings_counts_as_there(
        self, acme: FakeCompany, connection: Connection, work_order: WorkOrder, customer: Customer, owner: User
    ) -> None:
        acme.put(
            CustomerRecord(
                remote_id="c1", number="1001", name=customer.name, is_company=True, organisation_number="7164001234"
            )
        )
        complete(work_order)

        plan = plan_of(connection, owner)

        assert not plan.entries.filter(direction="out", kind="customer").exists()

    def test_excluded_ones_are_listed_with_the_reason(
        self, acme: FakeCompany, connection: Connection, work_order: WorkOrder, owner: User
    ) -> None:
        operation = complete(work_order)
        operation.move(Operation.State.CANCELLED, excluded_by=owner, exclude_reason="Warranty")

        entry = plan_of(connection, owner).entries.get(kind="invoice_draft")

        assert (entry.action, entry.reasons[0]["values"]["why"]) == ("skip", "Warranty")

    def test_the_settings_of_an_unstarted_connection_count_as_saved(
        self,
        acme: FakeCompany,
        connection: Connection,
        work_order: WorkOrder,
        material: Material,
        hour_type: HourType,
        customer: Customer,
        owner: User,
    ) -> None:
        put_in_books(connection, material, hour_type, customer)
        ConnectionSettings.objects.update(saved_at=None)
        StreamSetting.objects.update(last_success_at=None)
        connection.refresh_from_db()
        complete_work_order(work_order, by=owner)

        plan = plan_of(Connection.objects.get(), owner)

        assert plan.is_first
        assert plan.entries.get(direction="out").kind == "invoice_draft"
        assert not Operation.objects.exists()
        assert ConnectionSettings.objects.get().saved_at is None


class TestMaking:
    def test_asked_for_twice_it_is_made_once(self, acme: FakeCompany, connection: Connection, owner: User) -> None:
        plan = ask_for_plan(connection, by=owner)

        assert ask_for_plan(connection, by=owner) == plan
        assert [make_plan(plan.pk), make_plan(plan.pk)] == ["done", "not due"]

    def test_a_new_one_replaces_the_old(self, acme: FakeCompany, connection: Connection, owner: User) -> None:
        small_books(acme)
        first = plan_of(connection, owner)

        second = plan_of(connection, owner)

        assert Plan.objects.get() == second != first
        assert {entry.plan_id for entry in PlanEntry.objects.all()} == {second.pk}

    def test_one_whose_worker_died_is_made_again(self, acme: FakeCompany, connection: Connection, owner: User) -> None:
        plan = ask_for_plan(connection, by=owner)
        long_ago = timezone.now() - timedelta(minutes=10)
        Plan.objects.update(state=Plan.State.COMPUTING, heartbeat_at=long_ago)
        plan.refresh_from_db()

        assert plan.is_abandoned
        assert make_plan(plan.pk) == "done"

    @pytest.mark.parametrize("error", [TryLater("busy"), ReconnectNeeded("out")])
    def test_books_that_do_not_answer_end_it(
        self, acme: FakeCompany, connection: Connection, owner: User, error: Exception
    ) -> None:
        acme.fail("read", error)

        plan = plan_of(connection, owner)

        assert (plan.state, plan.problem) == ("failed", str(error))
        connection.refresh_from_db()
        assert (connection.state, connection.wait_until) == (Connection.State.ACTIVE, None)

    def test_plans_out_of_date_go(self, acme: FakeCompany, connection: Connection, owner: User) -> None:
        plan_of(connection, owner)
        Plan.objects.update(expires_at=timezone.now())
        other = Connection.objects.create(organization=connection.organization, provider="acme_books")
        ConnectionSettings.objects.create(connection=other)

        ask_for_plan(other, by=owner)

        assert Plan.objects.get().connection == other
