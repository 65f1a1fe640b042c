"""The work order on paper: everything that the customer wants to know, whatever the texts hold."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override
from pypdf import PdfReader

from fieldwork.models import Customer, User, WorkOrder, WorkOrderLine
from fieldwork.pdf import file_name, language_of, work_order_pdf, work_orders_to_print
from tests.fieldwork.conftest import Firm

Kind = WorkOrderLine.Kind


@pytest.fixture
def order(firm: Firm) -> WorkOrder:
    """A completed job at a work site, with 3.25 hours, two discounted materials and a note."""
    made = firm.work_order(
        number="1187",
        title="Läckande radiator",
        description="Bytte ventil.\nRadiatorn i köket är tät.",
        work_site=firm.work_site,
        your_reference="Eva Ek",
        ordered_on=date(2026, 11, 2),
        completed_at=datetime(2026, 11, 20, 23, 30, tzinfo=UTC),
        completed_by=firm.owner,
    )
    User.objects.filter(pk=firm.performer.pk).update(first_name="Åsa", last_name="Öberg")
    made.lines.filter(kind=Kind.HOURS).update(
        quantity=Decimal("3.25"), unit="tim", performed_by=firm.performer, performed_on=date(2026, 11, 19)
    )
    made.lines.filter(kind=Kind.MATERIAL).update(quantity=20, unit="m", discount_percent=10, text="Rör 22 mm")
    WorkOrderLine.objects.create(work_order=made, position=3, kind=Kind.TEXT, text="Ring före besök.")
    return made


def printed(order: WorkOrder) -> bytes:
    return work_order_pdf(work_orders_to_print().get(pk=order.pk))


def text_of(pdf: bytes) -> str:
    """What stands on the pages, on one line."""
    pages = (page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return " ".join(" ".join(pages).replace("\N{NO-BREAK SPACE}", " ").split())


def test_everything_of_the_job_stands_on_it(order: WorkOrder, firm: Firm) -> None:
    text = text_of(printed(order))

    for each in (
        "Rorfirman",
        "1187",
        "Kund hos rorfirman",
        "Källaren",
        "Eva Ek",
        "Läckande radiator",
        "Bytte ventil. Radiatorn i köket är tät.",
        "Åsa Öberg",
        "2026-11-02",
        "2026-11-19",
        "A100",
        "3,25 tim",
        "Rör 22 mm",
        "20 m",
        "10 %",
        "1 800,00",
        "2 112,50",
        "3 912,50 SEK",
        "Ring före besök.",
    ):
        assert each in text, each


def test_the_day_of_completion_is_that_of_the_firm(order: WorkOrder) -> None:
    assert "2026-11-21" in text_of(printed(order))


def test_it_is_a4_and_says_who_made_it(order: WorkOrder) -> None:
    reader = PdfReader(BytesIO(printed(order)))

    box = reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)
    assert "1187" in str(reader.metadata and reader.metadata.title)


@pytest.mark.parametrize(("country", "language"), [("SE", "sv"), ("NO", "en"), ("", "sv")])
def test_it_speaks_the_language_of_the_customers_country(
    order: WorkOrder, firm: Firm, country: str, language: str
) -> None:
    Customer.objects.update(country=country)
    order = work_orders_to_print().get(pk=order.pk)

    text = text_of(work_order_pdf(order))

    assert language_of(order) == language
    with override(language):
        assert gettext("Net sum") in text
        assert ("3 912,50" if language == "sv" else "3,912.50") in text


def test_the_same_work_order_gives_the_same_bytes(order: WorkOrder) -> None:
    assert printed(order) == printed(order)


def test_a_long_job_goes_on_over_pages_that_are_counted(order: WorkOrder, firm: Firm) -> None:
    WorkOrderLine.objects.bulk_create(
        WorkOrderLine(
            work_order=order, position=9, kind=Kind.MATERIAL, material=firm.material, text="Rör " * 30, quantity=1
        )
        for _each in range(80)
    )

    reader = PdfReader(BytesIO(printed(order)))

    assert len(reader.pages) > 2
    assert f"2 of {len(reader.pages)}" in reader.pages[1].extract_text() or "2 av" in reader.pages[1].extract_text()


@pytest.mark.parametrize(
    "text", ["A" * 2000, "Łódź – Ελλάδα €", "start\x01 bell\x07", "<script>alert(1)</script>", "\N{HAMMER AND WRENCH}"]
)
def test_any_text_can_be_printed(order: WorkOrder, text: str) -> None:
    WorkOrder.objects.filter(pk=order.pk).update(title=text[:200], description=text)
    order.lines.filter(kind=Kind.TEXT).update(text=text)

    assert printed(order).startswith(b"%PDF-")


def test_a_job_without_anything_can_be_printed(firm: Firm) -> None:
    bare = firm.work_order(customer=None, assigned_to=None)
    bare.lines.all().delete()

    assert "1001" in text_of(printed(bare))


@pytest.mark.parametrize(
    ("number", "reference", "name"),
    [
        ("1187", "", "Work-order-1187.pdf"),
        ("1187", "1187-K7Q2M9", "Work-order-1187-K7Q2M9.pdf"),
        ('Å/1 "x"', "", "Work-order-1-x.pdf"),
    ],
)
def test_the_file_has_a_name_that_every_system_keeps(order: WorkOrder, number: str, reference: str, name: str) -> None:
    order.number = number
    Customer.objects.update(country="NO")
    order.customer.refresh_from_db()

    assert file_name(order, reference) == name


# --- the page -------------------------------------------------------------------


def test_it_can_be_downloaded(order: WorkOrder, firm: Firm, sign_in: Callable[[User], Client]) -> None:
    answer = sign_in(firm.performer).get(reverse("fieldwork:work_order_pdf", args=[order.pk]))

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].endswith('1187.pdf"')
    assert "Läckande radiator" in text_of(answer.content)


def test_the_work_order_page_has_the_link(order: WorkOrder, firm: Firm, sign_in: Callable[[User], Client]) -> None:
    page = sign_in(firm.performer).get(reverse("fieldwork:work_order_detail", args=[order.pk]))

    assert reverse("fieldwork:work_order_pdf", args=[order.pk]) in page.content.decode()


def test_nobody_gets_another_firms_or_another_performers(
    order: WorkOrder, firm: Firm, stranger: Firm, sign_in: Callable[[User], Client]
) -> None:
    address = reverse("fieldwork:work_order_pdf", args=[order.pk])
    WorkOrder.objects.update(assigned_to=None)

    assert sign_in(stranger.owner).get(address).status_code == 404
    assert sign_in(firm.performer).get(address).status_code == 404
    assert sign_in(firm.coordinator).get(address).status_code == 200
