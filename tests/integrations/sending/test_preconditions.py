"""Nothing is sent while something stands in the way, and all of it is said at once, where it can be repaired."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone, translation

from accounting.errors import TryLater
from accounting.models import ArticleCoding, TermsOfPayment
from fieldwork.models import Customer, HourType, Material, User, WorkOrder, WorkOrderLine, WorkOrderStatus
from integrations.models import Answer, Case, Connection, ConnectionSettings, Licence, Link, Operation, ValueMap
from integrations.receivers import retry
from tests.integrations.exporting import Worker, complete, copies_of, open_codes, operation_of, put_in_books

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

State = Operation.State


@pytest.fixture
def in_books(connection: Connection, customer: Customer, material: Material, hour_type: HourType) -> None:
    put_in_books(connection, customer, material, hour_type)


def blocked(worker: Worker, work_order: WorkOrder) -> list[str]:
    """The problems that a completed work order is stopped by; nothing was written."""
    complete(work_order)
    worker.run()
    assert operation_of(work_order).state == State.BLOCKED
    assert worker.acme.writes == {}
    return open_codes()


def sentences() -> list[str]:
    return [case.sentence % case.values for case in Case.objects.order_by("sentence")]


@pytest.mark.usefixtures("in_books")
class TestTheWorkOrder:
    def test_without_a_customer(self, worker: Worker, work_order: WorkOrder) -> None:
        WorkOrder.objects.update(customer=None)

        assert blocked(worker, work_order) == ["work_order_customer_missing"]

    def test_without_lines(self, worker: Worker, work_order: WorkOrder) -> None:
        WorkOrderLine.objects.all().delete()

        assert blocked(worker, work_order) == ["work_order_lines_missing"]

    def test_with_texts_only(self, worker: Worker, work_order: WorkOrder) -> None:
        WorkOrderLine.objects.exclude(kind=WorkOrderLine.Kind.TEXT).delete()

        assert blocked(worker, work_order) == ["work_order_lines_missing"]

    def test_with_a_total_of_zero(self, worker: Worker, work_order: WorkOrder) -> None:
        WorkOrderLine.objects.update(unit_price=0)

        assert blocked(worker, work_order) == ["total_not_positive"]

    def test_with_a_negative_total(self, worker: Worker, work_order: WorkOrder) -> None:
        WorkOrderLine.objects.update(unit_price=-10)

        assert blocked(worker, work_order) == ["total_not_positive"]

    def test_a_line_that_the_books_would_refuse_is_named(self, worker: Worker, work_order: WorkOrder) -> None:
        line = work_order.lines.first()
        WorkOrderLine.objects.filter(pk=line.pk).update(text="x" * 51)

        assert blocked(worker, work_order) == ["text_too_long"]
        case = Case.objects.get()
        assert (case.where, case.field, case.part) == ("line", "text", str(line.pk))
        assert (case.subject_kind, case.subject_id) == ("work_order", str(work_order.pk))

    def test_everything_is_said_at_once(
        self, worker: Worker, work_order: WorkOrder, material: Material, hour_type: HourType
    ) -> None:
        WorkOrder.objects.update(customer=None)
        Material.objects.update(active=False)
        HourType.objects.update(active=False)
        Answer.objects.all().delete()

        assert blocked(worker, work_order) == [
            "answer_missing",
            "article_inactive",
            "article_inactive",
            "work_order_customer_missing",
        ]
        assert set(Case.objects.filter(code="article_inactive").values_list("part", flat=True)) == {
            str(material.pk),
            str(hour_type.pk),
        }

    def test_the_failure_shows_on_the_work_order(
        self, worker: Worker, work_order: WorkOrder, statuses: dict[str, WorkOrderStatus]
    ) -> None:
        WorkOrder.objects.update(customer=None)
        blocked(worker, work_order)

        work_order.refresh_from_db()
        assert work_order.status == statuses["stuck"]


@pytest.mark.usefixtures("in_books")
class TestArchivedAndGone:
    @pytest.mark.parametrize(
        ("model", "code", "sentence"),
        [
            (Customer, "customer_inactive", "Customer 1001 Bostadsrättsföreningen Eken is not active."),
            (Material, "article_inactive", "Material R22 Pipe 22 mm is archived."),
            (HourType, "article_inactive", "Hour type TIM Plumber's time is archived."),
        ],
    )
    def test_what_is_archived_here(
        self, worker: Worker, work_order: WorkOrder, model: type, code: str, sentence: str
    ) -> None:
        model.objects.update(active=False)

        assert blocked(worker, work_order) == [code]
        assert sentences() == [sentence]

    @pytest.mark.parametrize(
        ("kind", "number", "code"), [("customer", "1001", "customer_gone"), ("article", "R22", "article_gone")]
    )
    def test_what_is_gone_over_there(
        self, worker: Worker, work_order: WorkOrder, kind: str, number: str, code: str
    ) -> None:
        Link.objects.filter(kind=kind, remote_number=number).update(gone_at=timezone.now())

        assert blocked(worker, work_order) == [code]


class TestSwitches:
    def test_a_missing_material_is_named_when_articles_are_not_created(
        self, worker: Worker, connection: Connection, work_order: WorkOrder, customer: Customer, hour_type: HourType
    ) -> None:
        put_in_books(connection, customer, hour_type)
        ConnectionSettings.objects.update(create_missing_articles=False)
        connection.refresh_from_db()

        assert blocked(worker, work_order) == ["article_not_in_books"]
        assert sentences() == ["Material R22 Pipe 22 mm is not in the books, and new articles are not created."]

    def test_a_missing_customer_is_named_when_customers_are_not_created(
        self, worker: Worker, connection: Connection, work_order: WorkOrder, material: Material, hour_type: HourType
    ) -> None:
        put_in_books(connection, material, hour_type)
        ConnectionSettings.objects.update(create_missing_customers=False)
        connection.refresh_from_db()

        assert blocked(worker, work_order) == ["customer_not_in_books"]

    def test_only_that_work_order_is_stopped(
        self,
        worker: Worker,
        connection: Connection,
        work_order: WorkOrder,
        customer: Customer,
        material: Material,
        hour_type: HourType,
    ) -> None:
        put_in_books(connection, customer, material, hour_type)
        ConnectionSettings.objects.update(create_missing_articles=False)
        connection.refresh_from_db()
        other = Material.objects.create(organization=material.organization, number="R28", name="Pipe 28 mm")
        [wanting] = copies_of(work_order, ["1188"])
        wanting.lines.filter(kind=WorkOrderLine.Kind.MATERIAL).update(material=other)
        complete(work_order)
        complete(wanting)

        worker.run()

        assert operation_of(work_order).state == State.DONE
        assert operation_of(wanting).state == State.BLOCKED

    def test_switched_on_it_goes_on_by_itself(
        self, worker: Worker, connection: Connection, acme: FakeCompany, work_order: WorkOrder
    ) -> None:
        ConnectionSettings.objects.update(create_missing_articles=False)
        connection.refresh_from_db()
        blocked(worker, work_order)

        ConnectionSettings.objects.update(create_missing_articles=True)
        connection.refresh_from_db()
        worker.run()

        assert operation_of(work_order).state == State.DONE
        assert open_codes() == []


class TestRepair:
    def test_a_missing_postcode_stops_the_work_order_before_anything_is_written(
        self, worker: Worker, work_order: WorkOrder, customer: Customer
    ) -> None:
        Customer.objects.update(postcode="")

        assert blocked(worker, work_order) == ["postcode_missing"]
        case = Case.objects.get()
        assert (case.subject_kind, case.where, case.field, case.part) == (
            "work_order",
            "customer",
            "postcode",
            str(customer.pk),
        )
        assert case.operation == operation_of(work_order)

    def test_typed_in_and_retried_it_is_sent_and_the_case_closes(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, owner: User
    ) -> None:
        Customer.objects.update(postcode="")
        blocked(worker, work_order)

        Customer.objects.update(postcode="123 45")
        retry(operation_of(work_order), by=owner)
        worker.run()

        assert operation_of(work_order).state == State.DONE
        assert open_codes() == []
        assert len(acme.created("customer")) == 1

    def test_the_case_closes_with_the_repair_and_not_only_with_the_document(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder
    ) -> None:
        Customer.objects.update(postcode="")
        blocked(worker, work_order)

        Customer.objects.update(postcode="123 45")
        acme.fail("find", TryLater("busy"), times=9)
        worker.run()

        assert operation_of(work_order).state == State.QUEUED
        assert open_codes() == []

    def test_retried_without_a_repair_it_stops_again(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder, owner: User
    ) -> None:
        Customer.objects.update(postcode="")
        blocked(worker, work_order)

        retry(operation_of(work_order), by=owner)
        worker.run()

        assert operation_of(work_order).state == State.BLOCKED
        assert Case.objects.get().times == 2
        assert acme.requests == []

    def test_a_problem_that_was_repaired_is_closed_while_another_stays(
        self, worker: Worker, work_order: WorkOrder, owner: User
    ) -> None:
        Customer.objects.update(postcode="")
        Material.objects.update(active=False)
        assert blocked(worker, work_order) == ["article_inactive", "postcode_missing"]

        Customer.objects.update(postcode="123 45")
        retry(operation_of(work_order), by=owner)
        worker.run()

        assert open_codes() == ["article_inactive"]

    def test_many_with_one_cause_all_go_on_after_one_repair(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder
    ) -> None:
        Customer.objects.update(postcode="")
        for other in copies_of(work_order, [str(number) for number in range(1188, 1201)]):
            complete(other)
        blocked(worker, work_order)
        assert open_codes() == ["postcode_missing"] * 14

        Customer.objects.update(postcode="123 45")
        worker.run()

        assert len(acme.created("invoice_draft")) == 14
        assert len(acme.created("customer")) == 1
        assert open_codes() == []


@pytest.mark.usefixtures("in_books")
class TestTheConnection:
    def test_an_unanswered_question_is_one_case_for_all(
        self, worker: Worker, acme: FakeCompany, work_order: WorkOrder
    ) -> None:
        Answer.objects.all().delete()
        for other in copies_of(work_order, ["1188", "1189"]):
            complete(other)

        assert blocked(worker, work_order) == ["answer_missing"]
        case = Case.objects.get()
        assert (case.subject_kind, case.field) == ("connection", "layout")

        Answer.objects.create(connection=worker.connection, question="layout", value="std")
        worker.run()
        assert len(acme.created("invoice_draft")) == 3
        assert open_codes() == []

    def test_a_licence_that_has_ended(self, worker: Worker, work_order: WorkOrder) -> None:
        Licence.objects.update(ends_on=timezone.localdate() - timedelta(days=1))

        assert blocked(worker, work_order) == ["licence_missing"]

    def test_a_kind_that_the_books_do_not_take(
        self, worker: Worker, work_order: WorkOrder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(vars(worker.connection.ledger_provider), "writes", frozenset())

        assert blocked(worker, work_order) == ["kind_not_offered"]


class TestCreatingRecords:
    def test_terms_that_the_books_do_not_know(
        self, worker: Worker, connection: Connection, work_order: WorkOrder
    ) -> None:
        TermsOfPayment.objects.create(books=connection.books, remote_id="t30", name="30 dagar")
        Customer.objects.update(terms_of_payment="30 dagar netto")

        assert blocked(worker, work_order) == ["customer_terms_unknown"]

        ValueMap.objects.create(
            connection=connection, kind=ValueMap.Kind.TERMS_OF_PAYMENT, ours="30 dagar netto", theirs="t30"
        )
        worker.run()
        assert operation_of(work_order).state == State.DONE

    @pytest.mark.usefixtures("asks_about_records")
    def test_a_vat_rate_that_the_chosen_coding_does_not_have(
        self, worker: Worker, connection: Connection, work_order: WorkOrder
    ) -> None:
        ArticleCoding.objects.create(books=connection.books, remote_id="g25", name="Goods 25", vat_percent=25)
        Answer.objects.create(connection=connection, question="coding_goods", value="g25")
        Material.objects.update(vat_percent=Decimal(12))

        assert blocked(worker, work_order) == ["article_vat_without_coding"]
        assert "12 % VAT" in sentences()[0]

    def test_one_that_was_deleted_here(self, worker: Worker, connection: Connection, customer: Customer) -> None:
        ConnectionSettings.objects.update(export_new_customers=True)
        connection.refresh_from_db()
        Customer.objects.update(postcode="")
        worker.run()
        operation = operation_of(customer)
        customer.delete()

        retry(operation, by=None)
        worker.run()

        operation.refresh_from_db()
        assert (operation.state, operation.problem_code) == (State.BLOCKED, "record_missing")


def test_sentences_are_kept_in_english_and_filled_in_after_translation(worker: Worker, work_order: WorkOrder) -> None:
    with translation.override("sv"):
        WorkOrder.objects.update(customer=None)
        complete(work_order)
        worker.run()

    case = Case.objects.get(code="work_order_customer_missing")
    assert case.sentence == "Work order %(number)s has no customer."
    assert case.values == {"number": "1187"}
