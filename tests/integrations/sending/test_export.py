"""A completed work order becomes exactly one document in the books, with everything that it needs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from accounting.types import CustomerDocument, InvoiceDraft, SalesOrder, Stage, Totals
from fieldwork.models import Customer, HourType, Material, User, WorkOrder, WorkOrderStatus
from integrations.export import create_now
from integrations.models import Attempt, Case, Connection, Lease, Link, Operation
from integrations.receivers import release
from tests.integrations.exporting import (
    Worker,
    came_from_order,
    complete,
    copies_of,
    open_codes,
    operation_of,
    put_in_books,
)

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

State = Operation.State


@pytest.fixture
def in_books(connection: Connection, customer: Customer, material: Material, hour_type: HourType) -> None:
    """Everything that the work order needs is linked."""
    put_in_books(connection, customer, material, hour_type)


class TestOneDocument:
    def test_a_draft_with_customer_lines_and_reference(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, in_books: None
    ) -> None:
        operation = complete(work_order)

        worker.run()

        [stored] = acme.created("invoice_draft")
        draft = stored.document
        assert draft.customer_remote_id == "remote-1001"
        assert draft.reference == operation.reference
        assert draft.reference.startswith("1187-")
        assert [line.article_remote_id for line in draft.lines] == ["", "remote-R22", "remote-TIM", ""]
        assert acme.writes == {"create": 1}

    def test_the_operation_and_the_work_order_show_it(
        self, worker: Worker, work_order: WorkOrder, in_books: None, statuses: dict[str, WorkOrderStatus]
    ) -> None:
        complete(work_order)

        [operation] = worker.run()

        assert (operation.state, operation.stage) == (State.DONE, Stage.DRAFT)
        assert operation.remote_number == "1000"
        assert operation.total == Decimal("2366.88")
        assert Link.objects.get(kind="invoice_draft").local_id == work_order.pk
        work_order.refresh_from_db()
        assert work_order.status == statuses["invoiced"]

    def test_a_sales_order_instead(
        self, worker: Worker, acme: FakeCompany, connection: Connection, work_order: WorkOrder, in_books: None
    ) -> None:
        connection.settings.document_kind = "sales_order"
        connection.settings.save()
        complete(work_order)

        worker.run()

        assert len(acme.created("sales_order")) == 1
        assert acme.created("invoice_draft") == []

    def test_what_waits_follows_the_settings(
        self, worker: Worker, acme: FakeCompany, connection: Connection, work_order: WorkOrder, in_books: None
    ) -> None:
        draft = complete(work_order)
        connection.settings.document_kind = "sales_order"
        connection.settings.save()

        worker.run()

        [stored] = acme.documents.values()
        assert isinstance(stored.document, SalesOrder)
        assert stored.document.reference == draft.reference

    def test_a_changed_setting_makes_no_second_document(
        self, worker: Worker, acme: FakeCompany, connection: Connection, work_order: WorkOrder, in_books: None
    ) -> None:
        complete(work_order)
        worker.run()
        WorkOrder.objects.update(status=WorkOrderStatus.objects.get(triggers_export=True))

        connection.settings.document_kind = "sales_order"
        connection.settings.save()
        worker.run()

        assert acme.writes == {"create": 1}

    def test_an_imported_order_is_not_sent_back_as_another(
        self, worker: Worker, acme: FakeCompany, connection: Connection, work_order: WorkOrder, in_books: None
    ) -> None:
        connection.settings.document_kind = "sales_order"
        connection.settings.save()
        came_from_order(work_order, connection)
        complete(work_order)

        [operation] = worker.run()

        assert (operation.state, operation.remote_id) == (State.DONE, "o1")
        assert acme.writes == {}

    def test_work_on_an_imported_order_becomes_a_draft_only_when_somebody_says_so(
        self, worker: Worker, acme: FakeCompany, connection: Connection, work_order: WorkOrder, owner: User
    ) -> None:
        came_from_order(work_order, connection)
        complete(work_order)
        worker.run()
        assert operation_of(work_order).state == State.BLOCKED
        assert "work_order_order_stands" in open_codes()
        assert acme.documents == {}

        release(work_order, by=owner)
        worker.run()
        worker.run()

        assert operation_of(work_order).state == State.DONE
        assert [type(stored.document) for stored in acme.documents.values()].count(InvoiceDraft) == 1

    def test_nothing_is_sent_under_an_open_transaction_or_an_uncommitted_intention(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, in_books: None
    ) -> None:
        seen: list[tuple[str, bool]] = []

        def witness(verb: str, kind: str) -> None:
            if verb == "create":
                operation = operation_of(work_order)
                sends = operation.attempts.filter(purpose=Attempt.Purpose.SEND, ended_at=None)
                seen.append((operation.state, sends.exists()))

        acme.witness = witness
        complete(work_order)

        worker.run()

        assert seen == [(State.SENDING, True)]

    def test_every_step_leaves_a_trace(self, worker: Worker, work_order: WorkOrder, in_books: None) -> None:
        operation = complete(work_order)

        worker.run()

        traces = operation.attempts.order_by("started_at").values_list("purpose", "outcome")
        assert list(traces) == [("look", "absent"), ("send", "done"), ("read_back", "as expected")]
        assert not operation.attempts.filter(ended_at=None).exists()


class TestWhatItNeeds:
    def test_customer_and_articles_are_created_on_the_way_once(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder
    ) -> None:
        complete(work_order)
        for other in copies_of(work_order, ["1188", "1189"]):
            complete(other)

        worker.run()

        created = [kind for verb, kind in acme.requests if verb == "create"]
        assert created == ["customer", "article", "article", "invoice_draft", "invoice_draft", "invoice_draft"]
        [customer] = acme.created("customer")
        drafts = acme.created("invoice_draft")
        assert {each.document.customer_remote_id for each in drafts} == {customer.receipt.remote_id}

    def test_a_document_waits_for_the_operations_of_what_it_needs(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder
    ) -> None:
        from accounting.errors import Refused

        acme.fail("create", Refused("The name is taken.", status=400), kind="customer")
        operation = complete(work_order)

        worker.run()

        operation.refresh_from_db()
        assert set(operation.depends_on.values_list("kind", flat=True)) == {"customer", "article"}
        assert operation.state == State.BLOCKED
        assert "The name is taken." in operation.problem
        assert acme.created("invoice_draft") == []

    def test_it_is_left_alone_until_then(self, worker: Worker, acme: FakeCompany, work_order: WorkOrder) -> None:
        from accounting.errors import TryLater

        acme.fail("create", TryLater("busy"), kind="customer", times=9)
        operation = complete(work_order)
        worker.turn()

        assert operation not in worker.turn()
        operation.refresh_from_db()
        assert operation.problem == "Waits for 1001 Bostadsrättsföreningen Eken, R22 Pipe 22 mm, TIM Plumber's time."

    def test_it_goes_on_by_itself_when_that_is_done(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, owner: User
    ) -> None:
        from accounting.errors import Refused
        from integrations.receivers import retry

        acme.fail("create", Refused("The name is taken.", status=400), kind="customer")
        complete(work_order)
        worker.run()

        retry(operation_of(work_order.customer), by=owner)
        worker.run()

        assert operation_of(work_order).state == State.DONE
        assert open_codes() == []

    def test_retrying_the_work_order_takes_along_what_it_waits_for(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, owner: User
    ) -> None:
        from accounting.errors import Refused
        from integrations.receivers import retry

        acme.fail("create", Refused("The name is taken.", status=400), kind="customer")
        operation = complete(work_order)
        worker.run()

        retry(operation, by=owner)
        worker.run()

        assert operation_of(work_order).state == State.DONE

    def test_also_one_that_was_completed_after_it_had_stopped(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, owner: User
    ) -> None:
        from accounting.errors import Refused
        from integrations.receivers import retry

        acme.fail("create", Refused("The name is taken.", status=400), kind="customer")
        [later] = copies_of(work_order, ["1188"])
        complete(work_order)
        worker.run()
        complete(later)
        worker.run()

        retry(operation_of(later), by=owner)
        worker.run()

        assert {operation_of(each).state for each in (work_order, later)} == {State.DONE}

    def test_the_books_number_a_customer_without_a_number(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, customer: Customer
    ) -> None:
        Customer.objects.filter(pk=customer.pk).update(number="")
        complete(work_order)

        worker.run()

        [stored] = acme.created("customer")
        assert stored.document.number == ""
        assert stored.document.reference.startswith("C-")
        customer.refresh_from_db()
        assert customer.number == stored.receipt.number

    def test_a_number_that_another_has_here_is_not_taken_over(
        self, worker: Worker, work_order: WorkOrder, customer: Customer
    ) -> None:
        Customer.objects.filter(pk=customer.pk).update(number="")
        Customer.objects.create(organization=customer.organization, number="1000", name="Another")
        complete(work_order)

        worker.run()

        customer.refresh_from_db()
        assert customer.number == ""
        assert operation_of(work_order).state == State.DONE

    def test_nothing_is_created_before_the_books_were_read_once(
        self, worker: Worker, acme: FakeCompany, connection: Connection, work_order: WorkOrder
    ) -> None:
        connection.streams.filter(stream="customers").update(last_success_at=None)
        complete(work_order)

        worker.run()

        assert acme.created("customer") == []
        assert operation_of(work_order).state == State.QUEUED

    def test_new_records_are_sent_on_their_own_when_the_settings_say_so(
        self, worker: Worker, acme: FakeCompany, connection: Connection, customer: Customer, material: Material
    ) -> None:
        Customer.objects.create(organization=customer.organization, number="1002", name="Old", active=False)
        connection.settings.export_new_customers = True
        connection.settings.export_new_materials = True
        connection.settings.save()

        worker.run()

        assert [each.document.number for each in acme.created("customer")] == ["1001"]
        assert [each.document.number for each in acme.created("article")] == ["R22"]

    def test_new_records_stay_here_by_default(self, worker: Worker, acme: FakeCompany, customer: Customer) -> None:
        worker.run()

        assert acme.requests == []


class TestAddAsCustomer:
    def test_it_is_created_at_once(self, acme: FakeCompany, connection: Connection, customer: Customer, owner: User):
        operations = [create_now(connection, customer, by=owner) for _ in range(2)]

        assert [each.state for each in operations] == [State.DONE, State.DONE]
        assert operations[0] == operations[1]
        assert acme.writes == {"create": 1}
        assert Link.objects.get(kind="customer").local_id == customer.pk

    def test_it_is_left_to_a_worker_who_is_busy(
        self, worker: Worker, acme: FakeCompany, connection: Connection, customer: Customer, owner: User
    ) -> None:
        lease = Lease.take(connection, owner="a worker")

        waiting = create_now(connection, customer, by=owner)
        lease.release()
        worker.run()

        assert waiting.state == State.QUEUED
        assert operation_of(customer).state == State.DONE
        assert acme.writes == {"create": 1}

    def test_it_leaves_the_connection_free(self, connection: Connection, customer: Customer, owner: User) -> None:
        create_now(connection, customer, by=owner)

        assert Lease.take(connection, owner="somebody else") is not None

    def test_a_paused_connection_sends_nothing(
        self, acme: FakeCompany, connection: Connection, customer: Customer, owner: User
    ) -> None:
        Connection.objects.update(state=Connection.State.PAUSED)

        assert create_now(connection, customer, by=owner).state == State.QUEUED
        assert acme.requests == []

    def test_pressed_again_after_a_repair_it_is_tried_again(
        self, acme: FakeCompany, connection: Connection, customer: Customer, owner: User
    ) -> None:
        Customer.objects.filter(pk=customer.pk).update(postcode="")
        assert create_now(connection, customer, by=owner).state == State.BLOCKED

        Customer.objects.filter(pk=customer.pk).update(postcode="123 45")

        assert create_now(connection, customer, by=owner).state == State.DONE
        assert open_codes() == []

    def test_what_cannot_be_created_says_why(
        self, acme: FakeCompany, connection: Connection, customer: Customer, owner: User
    ) -> None:
        Customer.objects.filter(pk=customer.pk).update(postcode="")
        customer.refresh_from_db()

        operation = create_now(connection, customer, by=owner)

        assert operation.state == State.BLOCKED
        assert open_codes(subject_kind="customer") == ["postcode_missing"]
        assert acme.requests == []


class TestReadingBack:
    def test_a_difference_is_a_case_and_no_failure(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, in_books: None
    ) -> None:
        def charge_another_vat(verb: str, kind: str) -> None:
            if verb == "fetch":
                [stored] = acme.documents.values()
                totals = Totals(net=stored.receipt.totals.net, vat=Decimal("473.37"))
                object.__setattr__(stored.receipt, "totals", totals)

        acme.witness = charge_another_vat
        complete(work_order)

        worker.run()

        assert operation_of(work_order).state == State.DONE
        case = Case.objects.get()
        assert (case.code, case.field) == ("differs", "vat")
        assert case.values["theirs"] == "473.37"
        assert case.values["ours"] != "473.37"

    def test_a_lost_reading_back_is_made_up_for(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, in_books: None
    ) -> None:
        from accounting.errors import TryLater

        acme.fail("fetch", TryLater("busy"))
        complete(work_order)

        worker.turn()
        after_first = operation_of(work_order)
        worker.run()

        assert (after_first.state, after_first.verified_at) == (State.DONE, None)
        assert operation_of(work_order).verified_at is not None
        assert acme.writes == {"create": 1}

    def test_a_document_that_is_gone_is_a_case(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, in_books: None
    ) -> None:
        acme.witness = lambda verb, kind: acme.documents.clear() if verb == "fetch" else None
        complete(work_order)

        worker.run()

        assert operation_of(work_order).state == State.DONE
        assert open_codes() == ["not_there"]


class TestFromTheBooksAfterARestore:
    """The database is from yesterday's backup; the books are not."""

    def test_what_was_sent_since_is_found_and_linked(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, in_books: None
    ) -> None:
        complete(work_order)
        worker.run()
        Operation.objects.all().delete()
        Link.objects.filter(kind="invoice_draft").delete()
        done = WorkOrderStatus.objects.get(triggers_export=True)
        WorkOrder.objects.update(status=done)

        worker.run()

        assert operation_of(work_order).state == State.DONE
        assert acme.writes == {"create": 1}

    def test_a_customer_of_ours_is_recognised_by_number_and_name(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder
    ) -> None:
        complete(work_order)
        worker.run()
        Operation.objects.all().delete()
        Link.objects.all().delete()
        WorkOrder.objects.update(status=WorkOrderStatus.objects.get(triggers_export=True))

        worker.run()

        assert acme.writes == {"create": 4}
        assert Link.objects.get(kind="customer").origin == Link.Origin.ADOPTED

    def test_dates_are_the_firms_own(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, in_books: None, time_machine
    ) -> None:
        time_machine.move_to("2026-11-20T23:30:00+00:00")
        complete(work_order)

        worker.run()

        [stored] = acme.created("invoice_draft")
        assert stored.document.dated == date(2026, 11, 21)


def test_an_answered_customer_document_carries_everything(
    worker: Worker, acme: FakeCompany, work_order: WorkOrder, customer: Customer
) -> None:
    complete(work_order)

    worker.run()

    [stored] = acme.created("customer")
    assert isinstance(stored.document, CustomerDocument)
    assert stored.document.address.postcode == "123 45"
    assert stored.document.organisation_number == "716400-1234"
    assert stored.document.answers == {"layout": "std"}
