"""How the firm wants its lines to stand on documents: rounded, ordered, with or without the description."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounting.types import SalesDocument
from fieldwork.models import Material, Organization, WorkOrder, WorkOrderLine
from integrations.exports import EXPORTS, load_records, needs_of_work_order
from integrations.models import Connection, Link, Operation
from integrations.recognising.counterparts import read_counterparts
from integrations.sending.preflight import preflight
from tests.integrations.exporting import complete, put_in_books

pytestmark = pytest.mark.django_db


def document_of(connection: Connection, work_order: WorkOrder) -> SalesDocument:
    record = load_records(work_order._meta.label, [work_order.pk])[work_order.pk]
    known = read_counterparts(connection, [*Link.objects.values_list("local_id", flat=True), record.pk])
    document = EXPORTS["invoice_draft"].build(record, "1187-X", known)
    assert isinstance(document, SalesDocument)
    return document


def texts(document: SalesDocument) -> list[str]:
    return [line.text for line in document.lines]


def set_firm(organization: Organization, **changes: object) -> None:
    Organization.objects.filter(pk=organization.pk).update(**changes)


@pytest.mark.parametrize(
    ("step", "worked", "billed"),
    [
        (0, "3.2500", "3.25"),
        (15, "3.25", "3.25"),
        (15, "3.26", "3.5"),
        (15, "0.01", "0.25"),
        (30, "2.5", "2.5"),
        (30, "2.51", "3"),
        (5, "0.3334", "0.34"),
        (5, "0.34", "0.34"),
        (5, "0.6667", "0.67"),
        (30, "-1.1", "-1.1"),
        (30, "0", "0"),
    ],
)
def test_hours_are_rounded_up_on_the_document_and_kept_on_the_work_order(
    connection, organization, work_order, step, worked, billed
):
    set_firm(organization, hour_rounding=step)
    WorkOrderLine.objects.filter(hour_type__isnull=False).update(quantity=Decimal(worked))

    quantities = [line.quantity for line in document_of(connection, work_order).lines if line.unit == "tim"]

    assert quantities == [Decimal(billed)]
    assert WorkOrderLine.objects.get(hour_type__isnull=False).quantity == Decimal(worked)


def test_only_hours_are_rounded(connection, organization, work_order):
    set_firm(organization, hour_rounding=30)
    WorkOrderLine.objects.filter(material__isnull=False).update(quantity=Decimal("3.1"))
    WorkOrderLine.objects.filter(hour_type__isnull=False).update(quantity=Decimal("3.1"), unit="km")

    quantities = [line.quantity for line in document_of(connection, work_order).lines if not line.is_text]

    assert quantities == [Decimal("3.1"), Decimal("3.1")]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("as_entered", ["Pipe 22 mm", "Plumber's time", "Radiator in the kitchen replaced."]),
        ("materials", ["Pipe 22 mm", "Plumber's time", "Radiator in the kitchen replaced."]),
        ("hours", ["Plumber's time", "Radiator in the kitchen replaced.", "Pipe 22 mm"]),
    ],
)
def test_lines_stand_in_the_order_of_the_firm_and_a_text_stays_with_its_line(
    connection, organization, work_order, order, expected
):
    set_firm(organization, line_order=order)

    assert texts(document_of(connection, work_order))[1:] == expected


@pytest.mark.parametrize(
    ("wanted", "expected"), [(True, ["Leaking radiator", "Bring a ladder."]), (False, ["Leaking radiator"])]
)
def test_the_description_stands_on_the_document_if_the_firm_wants_it(
    connection, organization, work_order, wanted, expected
):
    set_firm(organization, bills_description=wanted)
    WorkOrder.objects.update(description="Bring a ladder.")

    assert texts(document_of(connection, work_order))[: len(expected) + 1] == [*expected, "Pipe 22 mm"]


class TestALineWithAPriceAndNoArticle:
    @pytest.fixture(autouse=True)
    def travel(self, work_order: WorkOrder) -> WorkOrderLine:
        return WorkOrderLine.objects.create(
            work_order=work_order, position=9, kind="text", text="Travel", quantity=2, unit_price=Decimal(150)
        )

    @pytest.fixture
    def other(self, organization: Organization) -> Material:
        return Material.objects.create(
            organization=organization, number="OVR", name="Other", unit="st", price=0, vat_percent=12
        )

    def test_is_not_sent_as_a_text_that_nobody_pays(self, connection, worker, work_order, acme):
        assert [each.code for each in preflight(connection, work_order)] == ["line_without_article"]

        complete(work_order)
        worker.run()

        assert acme.created("invoice_draft") == []
        assert Operation.objects.get(kind="invoice_draft").state == Operation.State.BLOCKED

    def test_is_billed_as_the_article_that_the_firm_has_chosen(
        self, connection, organization, customer, material, hour_type, other, worker, work_order, acme
    ):
        put_in_books(connection, customer, material, hour_type, other)
        set_firm(organization, default_material=other)

        complete(work_order)
        worker.run()

        [stored] = acme.created("invoice_draft")
        line = next(line for line in stored.document.lines if line.text == "Travel")
        assert (line.article_remote_id, line.quantity, line.unit_price) == ("remote-OVR", Decimal(2), Decimal(150))
        assert (line.unit, line.vat_percent) == ("st", Decimal(12))

    def test_its_article_is_among_what_must_be_in_the_books_first(self, organization, other, work_order):
        set_firm(organization, default_material=other)

        assert other in needs_of_work_order(WorkOrder.objects.get())
