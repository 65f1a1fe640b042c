"""One decision for all entries alike: each goes again once, and where it is safe the decision stands as a rule."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from django.core.exceptions import ValidationError

from accounting.models import TermsOfPayment, Unit
from accounting.types import ArticleRecord
from fieldwork.models import Customer, HourType, Material, User, WorkOrder, WorkOrderLine
from integrations.models import Case, Connection, Link, Operation, RepairRule, ValueMap
from integrations.repairing.carrying_out import alike_to
from integrations.repairing.deciding import NOTHING_TO_BILL
from integrations.repairing.declared import IN_THIS_ORDER, REPAIRS
from integrations.repairing.rules import apply_rules, forget, switch
from integrations.tasks import work
from integrations.trouble.cases import Finding, Subject, open_cases
from tests.integrations.conftest import Read
from tests.integrations.exporting import Worker, complete, copies_of, open_codes, operation_of, put_in_books
from tests.integrations.repairing.conftest import Repairs

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

pytestmark = pytest.mark.django_db
State = Operation.State
NUMBERS = [str(1188 + n) for n in range(13)]


def fourteen(worker: Worker, work_order: WorkOrder) -> list[Operation]:
    """As many work orders, completed and not sent."""
    orders = [work_order, *copies_of(work_order, NUMBERS)]
    for each in orders:
        complete(each)
    worker.run()
    return [operation_of(each) for each in orders]


def states() -> set[str]:
    return set(Operation.objects.values_list("state", flat=True))


class TestTheMapping:
    @pytest.fixture
    def stopped(self, worker: Worker, in_books: None, work_order: WorkOrder) -> list[Operation]:
        TermsOfPayment.objects.create(books=worker.connection.books, remote_id="t30", name="30 days net")
        Customer.objects.update(terms_of_payment="30 dagar")
        return fourteen(worker, work_order)

    def test_is_made_once_all_fourteen_go_and_the_rule_is_remembered(
        self, worker: Worker, repair: Repairs, stopped: list[Operation], owner: User
    ) -> None:
        result = repair(Case.objects.first(), "t30", everywhere=True)

        assert (result.closed, result.released, result.still_open) == (14, 14, 0)
        assert states() == {State.QUEUED}
        rule = RepairRule.objects.get()
        assert (rule.about, rule.words, rule.hits, rule.by, rule.active) == ("30 dagar", "30 days net", 14, owner, True)
        worker.run()
        assert states() == {State.DONE}
        assert worker.acme.writes["create"] == 14

    def test_other_words_wait_on(self, worker: Worker, repair: Repairs, stopped: list[Operation]) -> None:
        other = Customer.objects.create(
            organization=worker.connection.organization, number="1002", name="Other", terms_of_payment="10 dagar"
        )
        put_in_books(worker.connection, other)
        [order] = copies_of(WorkOrder.objects.first(), ["1300"])
        WorkOrder.objects.filter(pk=order.pk).update(customer=other)
        order.refresh_from_db()
        complete(order)
        worker.run()
        case = Case.objects.filter(values__terms="30 dagar").first()

        assert len(alike_to(case, REPAIRS["terms"])) == 14
        repair(case, "t30", everywhere=True)

        assert open_codes() == ["customer_terms_unknown"]

    def test_switched_off_or_deleted_the_word_is_unknown_again(
        self, worker: Worker, repair: Repairs, stopped: list[Operation]
    ) -> None:
        repair(Case.objects.first(), "t30", everywhere=True)
        rule = RepairRule.objects.get()

        assert (switch(rule, on=False), switch(rule, on=False)) == (True, False)
        assert not ValueMap.objects.exists()
        assert switch(rule, on=True)
        assert ValueMap.objects.get().theirs == "t30"

        forget(rule)
        assert not ValueMap.objects.exists()
        assert not RepairRule.objects.exists()


class TestTheUnit:
    """These books ask for a unit that they know; the rule of theirs is played by an entry."""

    @pytest.fixture
    def asked(self, worker: Worker, in_books: None, work_order: WorkOrder, material: Material) -> list[Case]:
        Unit.objects.create(books=worker.connection.books, remote_id="u-m", name="Meter", abbreviation="m")
        orders = [work_order, *copies_of(work_order, ["1188", "1189"])]
        others = [
            Material.objects.create(organization=material.organization, number=number, name=number, unit=unit)
            for number, unit in (("P1", "förp"), ("P2", "Förp"), ("P3", ""))
        ]
        for order, item in zip(orders, others, strict=True):
            complete(order)
            operation = operation_of(order)
            Operation.objects.filter(pk=operation.pk).update(state=State.REFUSED, problem_code="refused")
            subject = Subject(kind="work_order", id=str(order.pk), label=str(order))
            finding = Finding(code="unit_unanswered", sentence="N.", where="article", field="unit", part=str(item.pk))
            open_cases(worker.connection, [(subject, finding)], operation=operation)
        return list(Case.objects.order_by("first_seen_at"))

    def test_one_word_is_mapped_for_everything_that_has_it(
        self, worker: Worker, repair: Repairs, asked: list[Case]
    ) -> None:
        assert [each.pk for each in alike_to(asked[0], REPAIRS["unit"])] == [asked[0].pk, asked[1].pk]

        result = repair(asked[0], "u-m", everywhere=True)

        assert result.released == 2
        assert {(row.ours.lower(), row.theirs) for row in ValueMap.objects.all()} == {("förp", "u-m")}
        rule = RepairRule.objects.get()
        assert (rule.about, rule.words, rule.hits) == ("förp", "Meter", 2)
        switch(rule, on=False)
        assert not ValueMap.objects.exists()

    def test_an_article_without_a_word_gets_the_units_own_and_no_rule(self, repair: Repairs, asked: list[Case]) -> None:
        repair(asked[2], "u-m", everywhere=True)

        assert Material.objects.get(number="P3").unit == "m"
        assert not ValueMap.objects.exists()
        assert not RepairRule.objects.exists()


class TestTheCountry:
    def test_one_country_for_all_who_lack_it_and_no_rule(
        self, worker: Worker, repair: Repairs, work_order: WorkOrder
    ) -> None:
        for number, order in enumerate([work_order, *copies_of(work_order, ["1188"])]):
            complete(order)
            operation = operation_of(order)
            Operation.objects.filter(pk=operation.pk).update(state=State.REFUSED, problem_code="refused")
            who = Customer.objects.create(organization=order.organization, number=f"9{number}", name="N", country="")
            subject = Subject(kind="work_order", id=str(order.pk), label=str(order))
            place = {"where": "customer", "field": "country", "part": str(who.pk)}
            finding = Finding(code="country_missing", sentence="N.", **place)
            open_cases(worker.connection, [(subject, finding)], operation=operation)

        result = repair(Case.objects.first(), "no", everywhere=True)

        assert result.released == 2
        assert set(Customer.objects.filter(name="N").values_list("country", flat=True)) == {"NO"}
        assert not RepairRule.objects.exists()


class TestWhatIsNotSent:
    @pytest.fixture
    def worthless(self, worker: Worker, in_books: None, work_order: WorkOrder) -> list[Operation]:
        WorkOrderLine.objects.update(unit_price=0)
        return fourteen(worker, work_order)

    def leave_out(self, repair: Repairs) -> RepairRule:
        repair(Case.objects.first(), "Goodwill", everywhere=True, key="exclude")
        return RepairRule.objects.get()

    def test_all_of_the_kind_are_left_out_with_the_reason(
        self, repair: Repairs, worthless: list[Operation], owner: User
    ) -> None:
        rule = self.leave_out(repair)

        assert states() == {State.CANCELLED}
        assert set(Operation.objects.values_list("exclude_reason", "excluded_by")) == {("Goodwill", owner.pk)}
        assert (rule.hits, rule.decision, open_codes()) == (14, "Goodwill", [])

    def test_new_ones_are_left_out_by_the_rule_and_counted(
        self, worker: Worker, repair: Repairs, worthless: list[Operation], work_order: WorkOrder, owner: User
    ) -> None:
        rule = self.leave_out(repair)
        [new] = copies_of(work_order, ["1300"])
        WorkOrderLine.objects.update(unit_price=0)
        complete(new)
        worker.run()

        assert (apply_rules(worker.connection), apply_rules(worker.connection)) == (1, 0)

        operation = operation_of(new)
        assert (operation.state, operation.excluded_by) == (State.CANCELLED, owner)
        rule.refresh_from_db()
        assert (rule.hits, rule.last_used_at is not None, open_codes()) == (15, True, [])

    def test_a_turn_of_the_worker_applies_it_by_itself(
        self, worker: Worker, repair: Repairs, worthless: list[Operation], work_order: WorkOrder
    ) -> None:
        self.leave_out(repair)
        [new] = copies_of(work_order, ["1300"])
        WorkOrderLine.objects.update(unit_price=0)
        complete(new)

        work(worker.connection.pk)

        assert operation_of(new).state == State.CANCELLED

    def test_switched_off_a_person_is_asked_again(
        self, worker: Worker, repair: Repairs, worthless: list[Operation], work_order: WorkOrder
    ) -> None:
        switch(self.leave_out(repair), on=False)
        [new] = copies_of(work_order, ["1300"])
        WorkOrderLine.objects.update(unit_price=0)
        complete(new)
        worker.run()

        assert apply_rules(worker.connection) == 0
        assert open_codes() == ["total_not_positive"]

    def test_other_reasons_are_never_remembered(
        self, worker: Worker, repair: Repairs, work_order: WorkOrder, customer: Customer
    ) -> None:
        Customer.objects.update(postcode="")
        fourteen(worker, work_order)

        repair(Case.objects.first(), "Too much work", everywhere=True, key="exclude")

        assert states() >= {State.CANCELLED}
        assert not RepairRule.objects.exists()


class TestTheArticle:
    def test_that_took_anothers_place_takes_it_on_new_work_orders(
        self, worker: Worker, repair: Repairs, in_books: None, work_order: WorkOrder, material: Material
    ) -> None:
        other = Material.objects.create(organization=material.organization, number="R28", name="Pipe 28 mm", unit="m")
        put_in_books(worker.connection, other)
        Link.objects.filter(local_id=material.pk).update(gone_at="2026-01-01T00:00:00Z")
        fourteen(worker, work_order)

        result = repair(Case.objects.first(), "R28", everywhere=True)

        assert (result.closed, result.released) == (14, 14)
        assert not WorkOrderLine.objects.filter(material=material).exists()

        [new] = copies_of(work_order, ["1300"])
        WorkOrderLine.objects.filter(work_order=new, material=other).update(material=material)
        complete(new)
        worker.run()
        assert apply_rules(worker.connection) == 1
        worker.run()
        assert operation_of(new).state == State.DONE

    def test_a_decision_that_repairs_nothing_leaves_no_rule(
        self, worker: Worker, repair: Repairs, in_books: None, work_order: WorkOrder, material: Material
    ) -> None:
        Material.objects.create(organization=material.organization, number="R28", name="")
        Link.objects.filter(local_id=material.pk).update(gone_at="2026-01-01T00:00:00Z")
        fourteen(worker, work_order)

        with pytest.raises(ValidationError, match="The name is missing"):
            repair(Case.objects.first(), "R28", everywhere=True)

        assert not RepairRule.objects.exists()
        assert states() == {State.BLOCKED}


class TestArticlesWithoutAUnit:
    @pytest.fixture(autouse=True)
    def unread(self, acme: FakeCompany, read: Read) -> None:
        acme.put(*(ArticleRecord(remote_id=f"a{n}", number=f"A{n}", name=f"Article {n}") for n in range(14)))
        read("articles")
        assert open_codes() == ["article_without_unit"] * 14

    def test_one_decision_is_about_just_that_article(self, repair: Repairs, read: Read) -> None:
        repair(Case.objects.get(subject_id="a3"), "hour_type")

        assert len(open_codes()) == 13
        read("articles")
        assert list(HourType.objects.values_list("number", flat=True)) == ["A3"]
        assert not Material.objects.exists()
        assert len(open_codes()) == 13

    def test_all_fourteen_come_with_the_next_read_and_so_do_new_ones(
        self, acme: FakeCompany, repair: Repairs, read: Read
    ) -> None:
        result = repair(Case.objects.first(), "material", everywhere=True)

        assert (result.closed, open_codes()) == (14, [])
        runs = [read("articles"), read("articles", full=True)]
        assert [(run.created, run.rejected) for run in runs] == [(14, 0), (0, 0)]
        assert (Material.objects.count(), RepairRule.objects.get().hits) == (14, 14)

        acme.put(ArticleRecord(remote_id="new", number="NEW", name="New", changed_at=datetime.now(UTC)))
        read("articles", full=True)
        assert (Material.objects.count(), RepairRule.objects.get().hits, open_codes()) == (15, 15, [])

    def test_switched_off_new_ones_are_asked_about_and_old_ones_stay(
        self, acme: FakeCompany, repair: Repairs, read: Read
    ) -> None:
        repair(Case.objects.first(), "material", everywhere=True)
        read("articles")
        switch(RepairRule.objects.get(), on=False)
        acme.put(ArticleRecord(remote_id="new", number="NEW", name="New"))

        read("articles")

        assert (Material.objects.count(), open_codes()) == (14, ["article_without_unit"])


def test_a_rule_of_another_connection_decides_nothing(worker: Worker, connection: Connection, owner: User) -> None:
    twin = Connection.objects.create(
        organization=connection.organization, provider="acme_books", state=Connection.State.DISCONNECTED
    )
    RepairRule.objects.create(
        organization=connection.organization,
        connection=twin,
        repair="exclude",
        code="total_not_positive",
        decision="Goodwill",
        since=datetime(2020, 1, 1, tzinfo=UTC),
    )

    assert apply_rules(connection) == 0


def test_who_a_customer_is_is_never_decided_by_a_rule() -> None:
    for key in ("customer", "field"):
        assert not any(REPAIRS[key].remembers(Case(code=code)) for code in ("customer_gone", "number_taken"))
    about_customers = Case(code="customer_looks_like_another", subject_kind="work_order", where="customer")
    assert not [r for r in IN_THIS_ORDER if r.fits(about_customers) and r.remembers(about_customers)]


def test_only_what_bills_nothing_is_left_out_by_a_rule() -> None:
    codes = ("postcode_missing", "refused", "customer_gone", "total_not_positive")

    remembered = {code for code in codes if REPAIRS["exclude"].remembers(Case(code=code))}

    assert remembered == NOTHING_TO_BILL & set(codes)
    assert REPAIRS["exclude"] not in IN_THIS_ORDER
