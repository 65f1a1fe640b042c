"""How a document is made of our rows, and how our reference is made."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from accounting.models import ArticleCoding, Books, TermsOfPayment, Unit
from accounting.types import Address, ArticleDocument, InvoiceDraft, SalesDocument
from fieldwork.models import (
    ContactPerson,
    Customer,
    HourType,
    Material,
    Organization,
    Project,
    WorkOrder,
    WorkOrderLine,
    WorkSite,
)
from integrations.exports import EXPORTS, freeze, load_records, reference_of, thaw
from integrations.models import Answer, Connection, Link, ValueMap
from integrations.recognising.counterparts import read_counterparts
from integrations.recognising.references import ALPHABET, reference_for
from tests.integrations.exporting import put_in_books


def build(connection: Connection, record: object, kind: str = "invoice_draft") -> SalesDocument | ArticleDocument:
    """The document of the record as it is in the database now."""
    fresh = load_records(record._meta.label, [record.pk])[record.pk]
    links = Link.objects.values_list("local_id", flat=True)
    known = read_counterparts(connection, [*links, record.pk])
    return EXPORTS[kind].build(fresh, "REF-1", known)


class TestSale:
    def test_title_description_and_lines_in_order(
        self, connection: Connection, work_order: WorkOrder, customer: Customer, material: Material, hour_type: HourType
    ) -> None:
        put_in_books(connection, customer, material, hour_type)
        WorkOrder.objects.update(description="Kitchen.\n\n  Second floor. ")

        document = build(connection, work_order)

        assert [(line.text, line.article_remote_id, line.quantity, line.unit) for line in document.lines] == [
            ("Leaking radiator", "", 0, ""),
            ("Kitchen.", "", 0, ""),
            ("Second floor.", "", 0, ""),
            ("Pipe 22 mm", "remote-R22", 3, "m"),
            ("Plumber's time", "remote-TIM", Decimal("2.5"), "tim"),
            ("Radiator in the kitchen replaced.", "", 0, ""),
        ]
        assert [line.is_text for line in document.lines] == [True, True, True, False, False, True]
        assert [line.unit_price for line in document.lines[3:5]] == [Decimal("89.50"), 650]
        assert document.prices_include_vat is False
        assert document.work_order_number == "1187"
        assert document.reference == "REF-1"

    def test_line_details(self, connection: Connection, work_order: WorkOrder, material: Material) -> None:
        Material.objects.update(vat_percent=Decimal(12))
        WorkOrderLine.objects.filter(material=material).update(discount_percent=Decimal("7.5"), text="", unit="")

        line = build(connection, work_order).lines[1]

        assert (line.text, line.unit, line.discount_percent, line.vat_percent) == (
            "Pipe 22 mm",
            "m",
            Decimal("7.5"),
            12,
        )
        assert UUID(line.local_id) == work_order.lines.first().pk

    def test_an_empty_text_line_is_left_out(self, connection: Connection, work_order: WorkOrder) -> None:
        WorkOrderLine.objects.filter(kind=WorkOrderLine.Kind.TEXT).update(text="")

        assert len(build(connection, work_order).lines) == 3

    def test_what_must_be_created_first_is_still_an_article_line(
        self, connection: Connection, work_order: WorkOrder
    ) -> None:
        document = build(connection, work_order)

        assert [line.is_text for line in document.lines] == [True, False, False, True]

    def test_the_work_site_is_the_delivery_address(
        self, connection: Connection, work_order: WorkOrder, customer: Customer
    ) -> None:
        site = WorkSite.objects.create(
            customer=customer, name="Cellar", street="Ekvägen 3", postcode="123 46", city="Solna"
        )
        WorkOrder.objects.update(work_site=site)

        document = build(connection, work_order)

        assert document.delivery_name == "Cellar"
        assert document.delivery_address == Address(street="Ekvägen 3", postcode="123 46", city="Solna", country="SE")

    def test_without_a_work_site_the_books_take_the_customers(
        self, connection: Connection, work_order: WorkOrder
    ) -> None:
        assert build(connection, work_order).delivery_address == Address()

    def test_a_linked_project_is_on_every_article_line(
        self, connection: Connection, work_order: WorkOrder, books: Books
    ) -> None:
        project = Project.objects.create(organization=work_order.organization, number="P1", name="Renovation")
        WorkOrder.objects.update(project=project)
        Link.objects.create(
            books=books, kind="project", remote_id="p-1", local_model=project._meta.label, local_id=project.pk
        )

        assert [line.project_remote_id for line in build(connection, work_order).lines] == ["", "p-1", "p-1", ""]

    def test_a_project_that_exists_only_here_is_left_out(self, connection: Connection, work_order: WorkOrder) -> None:
        project = Project.objects.create(organization=work_order.organization, number="P1", name="Renovation")
        WorkOrder.objects.update(project=project)

        assert {line.project_remote_id for line in build(connection, work_order).lines} == {""}

    def test_your_reference_is_the_work_orders_else_the_customers(
        self, connection: Connection, work_order: WorkOrder, customer: Customer
    ) -> None:
        ContactPerson.objects.create(customer=customer, first_name="Not", last_name="Her")
        ContactPerson.objects.create(customer=customer, first_name="Ulla", last_name="Berg", is_reference=True)

        assert build(connection, work_order).your_reference == "Eva Ek"
        WorkOrder.objects.update(your_reference="")
        assert build(connection, work_order).your_reference == "Ulla Berg"

    def test_an_order_is_dated_when_it_was_ordered_a_draft_today(
        self, connection: Connection, work_order: WorkOrder, time_machine
    ) -> None:
        time_machine.move_to("2026-11-20T12:00:00Z")
        WorkOrder.objects.update(ordered_on=date(2026, 11, 2))

        assert build(connection, work_order, "sales_order").dated == date(2026, 11, 2)
        assert build(connection, work_order, "invoice_draft").dated == date(2026, 11, 20)

    def test_a_private_customer_is_one(self, connection: Connection, work_order: WorkOrder) -> None:
        Customer.objects.update(is_company=False)

        assert build(connection, work_order).customer_is_company is False

    def test_frozen_and_thawed_it_is_the_same(self, connection: Connection, work_order: WorkOrder) -> None:
        document = build(connection, work_order)

        assert isinstance(document, InvoiceDraft)
        assert thaw("invoice_draft", freeze(document)) == document

    def test_a_batch_takes_a_constant_number_of_statements(
        self, connection: Connection, work_order: WorkOrder, django_assert_max_num_queries
    ) -> None:
        with django_assert_max_num_queries(14):
            build(connection, work_order)


@pytest.mark.usefixtures("asks_about_records")
class TestTerms:
    @pytest.fixture(autouse=True)
    def terms(self, connection: Connection, books: Books) -> None:
        for remote_id, name in (("t10", "10 days"), ("t30", "30 dagar")):
            TermsOfPayment.objects.create(books=books, remote_id=remote_id, name=name)
        Answer.objects.create(connection=connection, question="terms_of_payment", value="t10")

    @pytest.mark.parametrize(("name", "expected"), [("30 dagar", "t30"), ("30 DAGAR ", "t30"), ("mapped", "t30")])
    def test_the_customers_own_by_their_name(
        self, connection: Connection, work_order: WorkOrder, customer: Customer, name: str, expected: str
    ) -> None:
        ValueMap.objects.create(connection=connection, kind=ValueMap.Kind.TERMS_OF_PAYMENT, ours="Mapped", theirs="t30")
        Customer.objects.update(terms_of_payment=name)

        assert build(connection, work_order).terms_remote_id == expected
        assert build(connection, customer, "customer").terms_remote_id == expected

    def test_the_answer_is_for_new_customers_and_documents_keep_their_customers_terms(
        self, connection: Connection, work_order: WorkOrder, customer: Customer
    ) -> None:
        assert build(connection, customer, "customer").terms_remote_id == "t10"
        assert build(connection, work_order).terms_remote_id == ""

    def test_the_same_id_as_the_answer_to_another_question_is_none(
        self, connection: Connection, customer: Customer
    ) -> None:
        Answer.objects.all().delete()
        Answer.objects.create(connection=connection, question="layout", value="t10")
        assert build(connection, customer, "customer").terms_remote_id == ""

        Answer.objects.create(connection=connection, question="terms_of_payment", value="t30")
        assert build(connection, customer, "customer").terms_remote_id == "t30"


class TestCustomer:
    def test_the_reference_person_is_the_contact(self, connection: Connection, customer: Customer) -> None:
        ContactPerson.objects.create(
            customer=customer,
            first_name="Ulla",
            last_name="Berg",
            email="ulla@eken.example",
            direct_phone="08-1",
            mobile="070-1",
            is_reference=True,
        )

        contact = build(connection, customer, "customer").contact

        assert (contact.name, contact.email, contact.phone, contact.mobile) == (
            "Ulla Berg",
            "ulla@eken.example",
            "08-1",
            "070-1",
        )


class TestArticle:
    def test_price_without_vat_and_kind(
        self, connection: Connection, material: Material, hour_type: HourType, books: Books
    ) -> None:
        Unit.objects.create(books=books, remote_id="u-m", name="Meter", abbreviation="m", words="m meter metre")
        Material.objects.update(price=Decimal("99.90"), price_includes_vat=True)

        goods = build(connection, material, "article")
        hours = build(connection, hour_type, "article")

        assert (goods.price, goods.is_service, goods.unit_remote_id) == (Decimal("79.92"), False, "u-m")
        assert (hours.price, hours.is_service, hours.unit_remote_id) == (650, True, "")

    def test_a_unit_that_was_mapped_wins(self, connection: Connection, material: Material, books: Books) -> None:
        Unit.objects.create(books=books, remote_id="u-m", name="Meter", abbreviation="m")
        ValueMap.objects.create(connection=connection, kind=ValueMap.Kind.UNIT, ours="m", theirs="u-metre")

        assert build(connection, material, "article").unit_remote_id == "u-metre"

    @pytest.mark.usefixtures("asks_about_records")
    def test_the_coding_has_the_articles_own_vat_rate(
        self, connection: Connection, material: Material, books: Books
    ) -> None:
        for remote_id, vat in (("g25", 25), ("g25-b", 25), ("g12", 12)):
            ArticleCoding.objects.create(books=books, remote_id=remote_id, name=remote_id, vat_percent=vat)
        assert build(connection, material, "article").coding_remote_id == ""

        Answer.objects.update(value="g25-b")
        assert build(connection, material, "article").coding_remote_id == ""
        Answer.objects.create(connection=connection, question="coding_goods", value="g25-b")
        assert build(connection, material, "article").coding_remote_id == "g25-b"

        Material.objects.update(vat_percent=12)
        assert build(connection, material, "article").coding_remote_id == "g12"


class TestReferences:
    def test_it_reads_well_and_is_the_same_every_time(
        self, organization: Organization, books: Books, work_order: WorkOrder
    ) -> None:
        first = reference_of(work_order, books)

        assert first == reference_of(WorkOrder.objects.get(), Books.objects.get())
        number, _, tail = first.partition("-")
        assert number == "1187"
        assert len(tail) == 6
        assert set(tail) <= set(ALPHABET)

    def test_a_known_one_never_changes(self) -> None:
        organization = Organization(pk=UUID(int=1))
        books = Books(provider="acme_books", remote_id="company")

        made = reference_for(organization, books, kind="work_order", record_id=UUID(int=2), revision=3, number="1187")

        assert made == "1187-EARQ71"

    def test_it_survives_a_new_row_for_the_same_books(self, books: Books, work_order: WorkOrder) -> None:
        before = reference_of(work_order, books)
        again = Books(provider=books.provider, remote_id=books.remote_id, environment="another address")

        assert reference_of(work_order, again) == before

    def test_everything_that_makes_it_another_document_makes_another_reference(
        self, organization: Organization, books: Books
    ) -> None:
        same = {"kind": "work_order", "record_id": UUID(int=2), "revision": 1, "number": "1"}
        other_books = Books(provider=books.provider, remote_id="acme-company-2")
        made = {
            reference_for(organization, books, **same),
            reference_for(Organization(), books, **same),
            reference_for(organization, other_books, **same),
            reference_for(organization, books, **same | {"kind": "customer"}),
            reference_for(organization, books, **same | {"record_id": UUID(int=3)}),
            reference_for(organization, books, **same | {"revision": 2}),
        }

        assert len(made) == 6

    def test_a_long_number_is_cut_and_the_hash_is_not(self, organization: Organization, books: Books) -> None:
        numbers = ["9" * 50, "9" * 49 + "8"]
        made = [
            reference_for(organization, books, kind="work_order", record_id=UUID(int=n), number=number)
            for n, number in enumerate(numbers)
        ]

        assert [len(each) for each in made] == [35, 35]
        assert made[0] != made[1]

    def test_a_record_goes_by_its_number_else_by_its_kind(
        self, books: Books, customer: Customer, material: Material
    ) -> None:
        assert reference_of(customer, books) == "1001"
        assert reference_of(material, books) == "R22"
        customer.number = ""
        assert reference_of(customer, books)[:2] == "C-"
        assert len(reference_of(customer, books)) == 10
