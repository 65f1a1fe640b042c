"""A confirmed sales order becomes exactly one work order, and never one of those that we sent ourselves."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from accounting.models import Books
from accounting.types import (
    Address,
    ArticleRecord,
    CodingRecord,
    CustomerRecord,
    OrderLineRecord,
    OrderState,
    ProjectRecord,
    SalesOrderRecord,
    UnitRecord,
)
from fieldwork.models import Customer, HourType, Material, Organization, Project, WorkOrder, WorkOrderLine
from integrations.models import Case, Link, Operation
from tests.integrations.conftest import Read

if TYPE_CHECKING:
    from accounting.providers.acme_books.company import FakeCompany

LINES = (
    OrderLineRecord(article_remote_id="a1", text="Pipe", quantity=Decimal(3), unit_price=Decimal("89.5")),
    OrderLineRecord(
        article_remote_id="a2",
        text="Work",
        quantity=Decimal("2.5"),
        unit_price=Decimal(650),
        discount_percent=Decimal(10),
        project_remote_id="p1",
    ),
    OrderLineRecord(text="Ring the door bell twice"),
)


@pytest.fixture
def around(acme: FakeCompany, read: Read) -> None:
    """The customer, the articles and the project that the orders mention have been read."""
    acme.put(
        UnitRecord(remote_id="u-h", name="Timme", abbreviation="tim"),
        UnitRecord(remote_id="u-m", name="Meter", abbreviation="m"),
        CodingRecord(remote_id="k25", name="Goods", is_service=False, vat_percent=Decimal(25)),
        CustomerRecord(remote_id="c1", number="1", name="Eken", is_company=True),
        ArticleRecord(remote_id="a1", number="CU22", name="Pipe", unit_remote_id="u-m", coding_remote_id="k25"),
        ArticleRecord(remote_id="a2", number="ARB", name="Work", unit_remote_id="u-h", coding_remote_id="k25"),
        ProjectRecord(remote_id="p1", number="P1", name="Kitchen"),
    )
    for stream in ("units", "codings", "customers", "articles", "projects"):
        read(stream)


def order(remote_id: str = "o1", number: str = "1042", **more: Any) -> SalesOrderRecord:
    return SalesOrderRecord(
        remote_id=remote_id,
        number=number,
        state=more.pop("state", OrderState.CONFIRMED),
        customer_remote_id=more.pop("customer", "c1"),
        lines=more.pop("lines", LINES),
        **more,
    )


def sent(books: Books, organization: Organization, work_order: WorkOrder, **more: Any) -> Operation:
    return Operation.objects.create(
        organization=organization,
        books=books,
        kind="sales_order",
        business_key="work_order:1",
        reference="1187-K7Q2M9",
        local_model="fieldwork.WorkOrder",
        local_id=work_order.pk,
        due_at=timezone.now(),
        sent_at=timezone.now(),
        **more,
    )


@pytest.mark.usefixtures("around")
class TestConfirmed:
    def test_a_work_order_with_all_its_lines(self, acme: FakeCompany, read: Read) -> None:
        acme.put(
            order(
                ordered_on=date(2026, 3, 1),
                deliver_on=date(2026, 3, 9),
                your_reference="Eva Ek",
                delivery_name="Summer house",
                delivery_address=Address(street="Ekvägen 1", postcode="123 45", city="Solna"),
            )
        )

        run = read("sales_orders")

        assert (run.state, run.created) == ("done", 1)
        made = WorkOrder.objects.get()
        assert (made.number, made.title, made.your_reference) == ("SO-1042", "Order 1042", "Eva Ek")
        assert (made.customer, made.project) == (Customer.objects.get(), Project.objects.get())
        assert (made.status.name, made.revision, made.is_completed) == ("planned", 1, False)
        assert (made.ordered_on, made.delivery_on) == (date(2026, 3, 1), date(2026, 3, 9))
        assert made.description == "Summer house\nEkvägen 1\n123 45 Solna"
        columns = ("position", "kind", "material", "hour_type", "text", "quantity", "unit", "unit_price")
        pipe, work = Material.objects.get().pk, HourType.objects.get().pk
        assert list(made.lines.values_list(*columns)) == [
            (1, "material", pipe, None, "Pipe", Decimal(3), "m", Decimal("89.5")),
            (2, "hours", None, work, "Work", Decimal("2.5"), "tim", Decimal(650)),
            (3, "text", None, None, "Ring the door bell twice", Decimal(0), "", Decimal(0)),
        ]
        assert [line.discount_percent for line in made.lines.all()] == [0, 10, 0]
        assert Link.objects.get(kind="sales_order").remote_number == "1042"

    def test_one_after_ten_syncs(self, acme: FakeCompany, read: Read) -> None:
        acme.put(order())

        runs = [read("sales_orders", full=bool(n % 2)) for n in range(10)]

        assert sum(run.created for run in runs) == 1
        assert WorkOrder.objects.count() == 1
        assert WorkOrderLine.objects.count() == 3

    def test_one_when_the_order_changes_over_there(self, acme: FakeCompany, read: Read) -> None:
        acme.put(order())
        read("sales_orders")
        WorkOrder.objects.update(title="Started already")
        acme.put(order(your_reference="Somebody", lines=LINES[:1]))

        runs = [read("sales_orders"), read("sales_orders", full=True)]

        assert [(run.created, run.updated, run.unchanged) for run in runs] == [(0, 0, 1), (0, 0, 1)]
        kept = WorkOrder.objects.get()
        assert (kept.title, kept.your_reference, kept.lines.count()) == ("Started already", "", 3)

    def test_one_when_its_link_was_lost(self, acme: FakeCompany, read: Read) -> None:
        acme.put(order())
        read("sales_orders")
        Link.objects.filter(kind="sales_order").delete()

        run = read("sales_orders", full=True)

        assert run.created == 0
        assert WorkOrder.objects.count() == 1
        assert WorkOrderLine.objects.count() == 3
        assert Link.objects.get(kind="sales_order").local_id == WorkOrder.objects.get().pk

    def test_prices_with_vat_become_net(self, acme: FakeCompany, read: Read) -> None:
        lines = (OrderLineRecord(article_remote_id="a1", quantity=Decimal(1), unit_price=Decimal("99.99")),)
        acme.put(order(prices_include_vat=True, lines=lines))

        read("sales_orders")

        assert WorkOrderLine.objects.get().unit_price == Decimal("79.9920")

    @pytest.mark.parametrize("state", [state for state in OrderState if state is not OrderState.CONFIRMED])
    def test_only_confirmed_ones(self, acme: FakeCompany, read: Read, state: OrderState) -> None:
        acme.put(order(state=state))

        run = read("sales_orders")

        assert (run.created, run.skipped) == (0, 1)
        assert not WorkOrder.objects.exists()

    def test_one_confirmed_later_comes_later(self, acme: FakeCompany, read: Read) -> None:
        acme.put(order(state=OrderState.DRAFT))
        read("sales_orders")
        acme.put(order())

        assert read("sales_orders").created == 1


@pytest.mark.usefixtures("around")
class TestLeftOut:
    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"customer": "c9"}, "customer_not_linked"),
            ({"lines": (OrderLineRecord(article_remote_id="a9", quantity=Decimal(1)),)}, "article_not_linked"),
            ({"currency": "EUR"}, "foreign_currency"),
            ({"lines": (OrderLineRecord(text="x" * 2001),)}, "too_long"),
        ],
    )
    def test_one_that_cannot_be_a_work_order_is_asked_about(
        self, acme: FakeCompany, read: Read, change: dict[str, Any], code: str
    ) -> None:
        acme.put(order(**change), order("o2", "1043"))

        runs = [read("sales_orders"), read("sales_orders", full=True)]

        assert [(run.created, run.rejected) for run in runs] == [(1, 1), (0, 1)]
        case = Case.objects.get()
        assert (case.code, case.subject_kind, case.subject_id) == (code, "remote_sales_order", "o1")
        assert case.sentence % case.values
        assert WorkOrder.objects.get().number == "SO-1043"

    def test_two_orders_with_one_number(self, acme: FakeCompany, read: Read) -> None:
        acme.put(order("o1"), order("o2"))

        run = read("sales_orders")

        assert (run.created, run.rejected) == (1, 1)
        assert Case.objects.get().code == "number_taken"

    def test_it_comes_once_its_article_has_come(self, acme: FakeCompany, read: Read) -> None:
        lines = (OrderLineRecord(article_remote_id="a9", quantity=Decimal(1)),)
        acme.put(order(lines=lines, changed_at=acme.clock().replace(year=2025)))
        read("sales_orders")
        acme.put(ArticleRecord(remote_id="a9", number="R9", name="Bend", unit_remote_id="u-m"))
        read("articles")

        assert read("sales_orders").created == 1
        assert not Case.objects.filter(state="open").exists()


@pytest.mark.usefixtures("around")
class TestSentByUs:
    def test_a_linked_one_does_not_come_back(
        self, acme: FakeCompany, read: Read, books: Books, work_order: WorkOrder
    ) -> None:
        Link.objects.create(
            books=books,
            kind="sales_order",
            remote_id="o1",
            local_model="fieldwork.WorkOrder",
            local_id=work_order.pk,
            origin=Link.Origin.EXPORTED,
        )
        acme.put(order())

        runs = [read("sales_orders"), read("sales_orders", full=True)]

        assert [run.created for run in runs] == [0, 0]
        assert WorkOrder.objects.get() == work_order
        assert Link.objects.get(kind="sales_order").origin == "exported"

    def test_one_that_only_the_outbox_knows_does_not_come_back(
        self, acme: FakeCompany, read: Read, books: Books, organization: Organization, work_order: WorkOrder
    ) -> None:
        sent(books, organization, work_order, state=Operation.State.DONE, remote_id="o1")
        acme.put(order())

        run = read("sales_orders")

        assert (run.created, run.skipped) == (0, 1)
        assert WorkOrder.objects.get() == work_order

    @pytest.mark.parametrize("state", [Operation.State.SENDING, Operation.State.IN_DOUBT])
    def test_one_whose_answer_was_lost_does_not_come_back(
        self,
        acme: FakeCompany,
        read: Read,
        books: Books,
        organization: Organization,
        work_order: WorkOrder,
        state: str,
    ) -> None:
        sent(books, organization, work_order, state=state)
        lines = (*LINES, OrderLineRecord(text="Work order 1187-K7Q2M9"))
        acme.put(order(lines=lines), order("o2", "1043"))

        run = read("sales_orders")

        assert (run.created, run.skipped) == (1, 1)
        assert set(WorkOrder.objects.values_list("number", flat=True)) == {work_order.number, "SO-1043"}
