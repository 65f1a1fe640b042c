"""A problem is repaired where it is told: only what holds is saved, and only what waited for it goes again."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounting.models import TermsOfPayment
from fieldwork.models import Customer, HourType, Material, Organization, User, WorkOrder, WorkOrderLine
from integrations.export import create_now
from integrations.models import Answer, Case, Change, Connection, ConnectionSettings, Link, Operation, ValueMap
from integrations.repairing.declared import repair_for
from integrations.revising import update_customer_now
from integrations.trouble.cases import Finding, Subject, open_cases
from tests.integrations.exporting import Worker, complete, copies_of, open_codes, operation_of, put_in_books
from tests.integrations.repairing.conftest import Repairs

pytestmark = pytest.mark.django_db
State = Operation.State


def stopped(worker: Worker, *work_orders: WorkOrder) -> list[Operation]:
    """These work orders, completed and not sent."""
    for each in work_orders:
        complete(each)
    worker.run()
    operations = [operation_of(each) for each in work_orders]
    assert {each.state for each in operations} == {State.BLOCKED}
    return operations


def case_of(work_order: WorkOrder, code: str) -> Case:
    return Case.objects.get(subject_id=str(work_order.pk), code=code, state=Case.State.OPEN)


def state_of(operation: Operation) -> str:
    operation.refresh_from_db()
    return operation.state


class TestTheCustomer:
    def test_a_postcode_that_is_typed_sends_just_what_waited_for_it(
        self, worker: Worker, repair: Repairs, work_order: WorkOrder, customer: Customer
    ) -> None:
        Customer.objects.update(postcode="")
        [other] = copies_of(work_order, ["1188"])
        stranger = Customer.objects.create(organization=customer.organization, number="1002", name="Another")
        WorkOrder.objects.filter(pk=other.pk).update(customer=stranger)
        other.refresh_from_db()
        mine, theirs = stopped(worker, work_order, other)

        result = repair(case_of(work_order, "postcode_missing"), "123 45")

        assert (result.closed, result.released) == (1, 1)
        assert (state_of(mine), state_of(theirs)) == (State.QUEUED, State.BLOCKED)
        assert open_codes() == ["postcode_missing"]
        worker.run()
        assert (state_of(mine), state_of(theirs)) == (State.DONE, State.BLOCKED)

    def test_every_work_order_of_the_customer_goes_again(
        self, worker: Worker, repair: Repairs, work_order: WorkOrder
    ) -> None:
        Customer.objects.update(postcode="")
        operations = stopped(worker, work_order, *copies_of(work_order, ["1188", "1189"]))

        result = repair(case_of(work_order, "postcode_missing"), "123 45")

        assert (result.closed, result.released) == (3, 3)
        assert {state_of(each) for each in operations} == {State.QUEUED}
        assert open_codes() == []

    def test_what_does_not_hold_is_refused_and_not_saved(
        self, worker: Worker, repair: Repairs, work_order: WorkOrder, customer: Customer
    ) -> None:
        Customer.objects.update(postcode="")
        [operation] = stopped(worker, work_order)
        case = case_of(work_order, "postcode_missing")

        for value in ("", "   ", "x" * 21):
            with pytest.raises(ValidationError):
                repair(case, value)

        customer.refresh_from_db()
        assert (customer.postcode, state_of(operation)) == ("", State.BLOCKED)
        assert open_codes() == ["postcode_missing"]

    def test_another_problem_of_the_same_work_order_stays(
        self, worker: Worker, repair: Repairs, work_order: WorkOrder
    ) -> None:
        Customer.objects.update(postcode="")
        WorkOrderLine.objects.update(unit_price=0)
        [operation] = stopped(worker, work_order)

        result = repair(case_of(work_order, "postcode_missing"), "123 45")

        assert (result.closed, result.released) == (1, 0)
        assert (open_codes(), state_of(operation)) == (["total_not_positive"], State.BLOCKED)
        assert "postcode" not in operation.problem

    def test_who_typed_it_stands_in_the_history(
        self, worker: Worker, repair: Repairs, work_order: WorkOrder, owner: User
    ) -> None:
        Customer.objects.update(postcode="")
        stopped(worker, work_order)

        repair(case_of(work_order, "postcode_missing"), "123 45")

        change = Change.objects.get()
        assert (change.fields, change.by) == ({"postcode": ["", "123 45"]}, owner)

    def test_a_field_that_the_books_named_when_they_refused(
        self, worker: Worker, repair: Repairs, connection: Connection, customer: Customer
    ) -> None:
        operation = refused_customer(connection, customer, field="email")
        case = Case.objects.get()

        repair(case, "new@eken.example")

        customer.refresh_from_db()
        assert (customer.email, state_of(operation)) == ("new@eken.example", State.QUEUED)

    def test_a_number_that_is_taken_is_replaced_by_a_free_one(
        self, repair: Repairs, connection: Connection, customer: Customer
    ) -> None:
        Customer.objects.create(organization=customer.organization, number="1002", name="Another")
        refused_customer(connection, customer, code="number_taken")

        with pytest.raises(ValidationError, match="Another customer has this number already"):
            repair(Case.objects.get(), "1002")
        repair(Case.objects.get(), "1003")

        customer.refresh_from_db()
        assert customer.number == "1003"

    def test_another_customer_is_chosen_and_a_work_site_of_the_former_left_out(
        self, worker: Worker, repair: Repairs, in_books: None, work_order: WorkOrder, customer: Customer
    ) -> None:
        Link.objects.filter(kind="customer").update(gone_at="2026-01-01T00:00:00Z")
        other = Customer.objects.create(organization=customer.organization, number="1002", name="Ek & Co", city="Solna")
        put_in_books(worker.connection, other)
        site = customer.work_sites.create(name="Garage")
        WorkOrder.objects.update(work_site=site)
        [operation] = stopped(worker, work_order)

        repair(case_of(work_order, "customer_gone"), "1002 Ek & Co")

        work_order.refresh_from_db()
        assert (work_order.customer, work_order.work_site, state_of(operation)) == (other, None, State.QUEUED)

    def test_one_who_has_the_same_problem_is_refused(
        self, worker: Worker, repair: Repairs, in_books: None, work_order: WorkOrder, customer: Customer
    ) -> None:
        Link.objects.filter(kind="customer").update(gone_at="2026-01-01T00:00:00Z")
        Customer.objects.create(organization=customer.organization, number="1002", name="Ek & Co")
        stopped(worker, work_order)

        with pytest.raises(ValidationError, match="“Ek & Co” has no postcode"):
            repair(case_of(work_order, "customer_gone"), "1002")

        work_order.refresh_from_db()
        assert work_order.customer == customer


def test_a_change_that_was_stopped_goes_again_once_it_can(
    connection: Connection, worker: Worker, repair: Repairs, customer: Customer, owner: User
) -> None:
    create_now(connection, customer, by=owner)
    Customer.objects.update(street="Ekvägen 2", postcode="")
    operation = update_customer_now(connection, customer, ["address"], by=owner)
    assert (operation.state, open_codes()) == (State.BLOCKED, ["postcode_missing"])
    case = Case.objects.get()

    with pytest.raises(ValidationError):
        repair(case, "x" * 21)
    result = repair(case, "123 46")

    assert (result.closed, result.released, state_of(operation)) == (1, 1, State.QUEUED)
    worker.run()
    assert (state_of(operation), worker.acme.writes["update"]) == (State.DONE, 1)


def refused_customer(
    connection: Connection, customer: Customer, *, code: str = "refused", field: str = ""
) -> Operation:
    operation = Operation.objects.create(
        organization=customer.organization,
        books=connection.books,
        kind="customer",
        business_key=f"customer:{customer.pk}",
        reference=customer.number,
        local_model=customer._meta.label,
        local_id=customer.pk,
        local_label=str(customer),
        state=State.REFUSED,
        problem_code=code,
        due_at=connection.connected_at,
    )
    subject = Subject(kind="customer", id=str(customer.pk), label=str(customer))
    finding = Finding(code=code, sentence="No.", where="customer", field=field)
    open_cases(connection, [(subject, finding)], operation=operation)
    return operation


@pytest.mark.usefixtures("in_books")
class TestTheDocument:
    def test_a_line_that_is_too_long_is_shortened(self, worker: Worker, repair: Repairs, work_order: WorkOrder) -> None:
        line = work_order.lines.first()
        WorkOrderLine.objects.filter(pk=line.pk).update(text="x" * 51)
        [operation] = stopped(worker, work_order)
        case = case_of(work_order, "text_too_long")

        with pytest.raises(ValidationError, match="longer than 50 characters"):
            repair(case, "y" * 60)
        repair(case, "Copper pipe")

        line.refresh_from_db()
        assert (line.text, state_of(operation)) == ("Copper pipe", State.QUEUED)

    def test_what_is_being_sent_is_not_changed(self, worker: Worker, repair: Repairs, work_order: WorkOrder) -> None:
        line = work_order.lines.first()
        WorkOrderLine.objects.filter(pk=line.pk).update(text="x" * 51)
        [operation] = stopped(worker, work_order)
        case = case_of(work_order, "text_too_long")
        Operation.objects.update(state=State.QUEUED)

        with pytest.raises(ValidationError, match="being sent right now"):
            repair(case, "Copper pipe")

        line.refresh_from_db()
        assert line.text == "x" * 51

    def test_a_customer_for_a_work_order_without_one(
        self, worker: Worker, repair: Repairs, work_order: WorkOrder, customer: Customer
    ) -> None:
        WorkOrder.objects.update(customer=None)
        work_order.refresh_from_db()
        [operation] = stopped(worker, work_order)

        repair(case_of(work_order, "work_order_customer_missing"), "1001")

        work_order.refresh_from_db()
        assert (work_order.customer, state_of(operation)) == (customer, State.QUEUED)

    def test_nobody_of_another_firm_is_chosen(self, worker: Worker, repair: Repairs, work_order: WorkOrder) -> None:
        other = Organization.objects.create(name="Other", slug="other")
        Customer.objects.create(organization=other, number="9", name="Foreign")
        WorkOrder.objects.update(customer=None)
        work_order.refresh_from_db()
        stopped(worker, work_order)

        with pytest.raises(ValidationError, match="Nothing is called “Foreign”"):
            repair(case_of(work_order, "work_order_customer_missing"), "Foreign")

    def test_before_the_cut_off_date_it_is_released(
        self, worker: Worker, repair: Repairs, work_order: WorkOrder
    ) -> None:
        complete(work_order)
        ConnectionSettings.objects.update(cut_off_date="2999-01-01")
        worker.connection.refresh_from_db()
        worker.run()
        operation = operation_of(work_order)

        repair(case_of(work_order, "work_order_before_cut_off"))

        assert (state_of(operation), operation.released) == (State.QUEUED, True)

    def test_left_out_it_is_never_sent_and_says_who_and_why(
        self, worker: Worker, repair: Repairs, work_order: WorkOrder, owner: User
    ) -> None:
        WorkOrderLine.objects.update(unit_price=0)
        [operation] = stopped(worker, work_order)

        result = repair(case_of(work_order, "total_not_positive"), "Goodwill", key="exclude")

        assert (state_of(operation), operation.exclude_reason, operation.excluded_by) == (
            State.CANCELLED,
            "Goodwill",
            owner,
        )
        assert (result.closed, open_codes()) == (1, [])


class TestTheArticle:
    def test_another_article_takes_its_place_on_the_lines(
        self, worker: Worker, repair: Repairs, in_books: None, work_order: WorkOrder, material: Material
    ) -> None:
        other = Material.objects.create(organization=material.organization, number="R28", name="Pipe 28 mm", unit="m")
        put_in_books(worker.connection, other)
        Link.objects.filter(local_id=material.pk).update(gone_at="2026-01-01T00:00:00Z")
        [operation] = stopped(worker, work_order)

        repair(case_of(work_order, "article_gone"), "R28")

        line = work_order.lines.get(kind=WorkOrderLine.Kind.MATERIAL)
        assert (line.material, line.text, line.unit_price) == (other, "Pipe 22 mm", Decimal("89.50"))
        assert state_of(operation) == State.QUEUED

    @pytest.mark.parametrize(
        ("typed", "said"), [("R99", "Nothing is called"), ("TIM", "Nothing is called"), ("FOOD", "another VAT rate")]
    )
    def test_one_of_another_sort_or_vat_rate_does_not(
        self, worker: Worker, repair: Repairs, in_books: None, work_order: WorkOrder, material: Material, typed, said
    ) -> None:
        Material.objects.create(organization=material.organization, number="FOOD", name="Lunch", vat_percent=12)
        Link.objects.filter(local_id=material.pk).update(gone_at="2026-01-01T00:00:00Z")
        stopped(worker, work_order)

        with pytest.raises(ValidationError, match=said):
            repair(case_of(work_order, "article_gone"), typed)

    def test_a_name_that_is_missing_is_typed(
        self, worker: Worker, repair: Repairs, work_order: WorkOrder, customer: Customer, hour_type: HourType
    ) -> None:
        put_in_books(worker.connection, customer)
        HourType.objects.update(name="")
        [operation] = stopped(worker, work_order)

        repair(case_of(work_order, "name_missing"), "Plumber's time")

        hour_type.refresh_from_db()
        assert (hour_type.name, state_of(operation)) == ("Plumber's time", State.QUEUED)


class TestTheConnection:
    def test_a_question_is_answered_and_what_waited_goes_again(
        self, worker: Worker, repair: Repairs, in_books: None, work_order: WorkOrder
    ) -> None:
        Answer.objects.all().delete()
        complete(work_order)
        worker.run()

        repair(Case.objects.get(code="answer_missing"), "std")

        assert (Answer.objects.get().value, open_codes()) == ("std", [])
        assert state_of(operation_of(work_order)) == State.QUEUED

    def test_what_cannot_be_answered_is_refused(
        self, worker: Worker, repair: Repairs, in_books: None, work_order: WorkOrder
    ) -> None:
        Answer.objects.all().delete()
        complete(work_order)
        worker.run()

        with pytest.raises(ValidationError):
            repair(Case.objects.get(code="answer_missing"), "no such layout")

        assert not Answer.objects.exists()

    def test_terms_are_mapped_once_for_everybody_who_has_them(
        self, worker: Worker, repair: Repairs, in_books: None, work_order: WorkOrder
    ) -> None:
        TermsOfPayment.objects.create(books=worker.connection.books, remote_id="t30", name="30 days net")
        Customer.objects.update(terms_of_payment="30 dagar")
        stopped(worker, work_order, *copies_of(work_order, ["1188"]))

        repair(case_of(work_order, "customer_terms_unknown"), "t30")

        assert [(row.ours, row.theirs, row.label) for row in ValueMap.objects.all()] == [
            ("30 dagar", "t30", "30 days net")
        ]
        assert open_codes() == []


def test_what_has_no_repair_in_place_is_left_to_its_page(connection: Connection) -> None:
    subject = Subject(kind="work_order", id="1", label="1187")
    open_cases(connection, [(subject, Finding(code="period_locked", sentence="Locked.", where="work_order"))])

    assert repair_for(Case.objects.get()) is None
