"""The pages of a work order: its form with lines, and the steps that its buttons take."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from fieldwork.models import Customer, User, WorkOrder, WorkOrderLine, WorkSite
from fieldwork.services import complete_work_order
from tests.fieldwork.conftest import Firm


@pytest.fixture
def office(sign_in: Callable[[User], Client], firm: Firm) -> Client:
    return sign_in(firm.coordinator)


def address(page: str, order: WorkOrder) -> str:
    return reverse(f"fieldwork:work_order_{page}", args=[order.pk])


def typed_lines(*lines: dict[str, object], stored: int = 0) -> dict[str, str]:
    """The fields of a formset with these lines; the first `stored` of them are in the database."""
    fields = {"lines-TOTAL_FORMS": len(lines), "lines-INITIAL_FORMS": stored}
    for index, line in enumerate(lines):
        fields |= {f"lines-{index}-{name}": value for name, value in {"kind": "material", **line}.items()}
    return {name: str(value) for name, value in fields.items()}


ORDER = {"title": "Ny blandare", "customer": "10001", "ordered_on": "2026-11-20"}


def test_a_new_work_order_takes_unit_and_price_from_the_catalogue(office: Client, firm: Firm) -> None:
    lines = typed_lines(
        {"item": "R22 Rör hos rorfirman", "quantity": "2.5"},
        {"kind": "hours", "item": "A100", "quantity": "1", "unit_price": "700", "performed_by": firm.performer.pk},
        {"kind": "text", "text": "Ring innan"},
        {},
    )

    answer = office.post(reverse("fieldwork:work_order_create"), {**ORDER, **lines})

    order = WorkOrder.objects.get()
    assert answer.url == address("detail", order)
    assert (order.number, order.customer, order.status) == ("1", firm.customer, firm.statuses["planned"])
    assert list(order.lines.values_list("kind", "text", "quantity", "unit", "unit_price", "performed_by")) == [
        ("material", "Rör hos rorfirman", Decimal("2.5"), "m", Decimal("168"), None),
        ("hours", "Tid hos rorfirman", Decimal("1"), "tim", Decimal("700"), firm.performer.pk),
        ("text", "Ring innan", Decimal("0"), "", Decimal("0"), None),
    ]


def test_a_wrong_line_is_said_beside_its_field_and_nothing_is_saved(office: Client, firm: Firm, stranger: Firm) -> None:
    lines = typed_lines(
        {"item": "Q99", "quantity": "2"},
        {"item": "R22"},
        {"kind": "hours", "item": "R22", "quantity": "1"},
        {"kind": "text", "item": "R22", "text": "Hej"},
        {"item": "R22", "quantity": "1", "discount_percent": "120"},
        {"item": "R22", "quantity": "1", "performed_by": stranger.performer.pk},
    )

    answer = office.post(reverse("fieldwork:work_order_create"), {**ORDER, **lines})

    assert [list(errors) for errors in answer.context["lines"].errors] == [
        ["item"],
        ["quantity"],
        ["item"],
        ["kind"],
        ["discount_percent"],
        ["performed_by"],
    ]
    assert "No material has the number “Q99”." in answer.content.decode()
    assert not WorkOrder.objects.exists()


def test_a_firm_without_statuses_is_told_so_and_nothing_typed_is_lost(office: Client, firm: Firm) -> None:
    firm.organization.work_order_statuses.all().delete()

    answer = office.post(reverse("fieldwork:work_order_create"), {**ORDER, **typed_lines()})

    text = answer.content.decode()
    assert "There is no status in the phase Open." in text
    assert 'value="Ny blandare"' in text
    assert not WorkOrder.objects.exists()


def test_more_lines_keeps_what_is_typed_and_saves_nothing(office: Client, firm: Firm) -> None:
    lines = typed_lines({"item": "R22", "quantity": "2"})

    answer = office.post(reverse("fieldwork:work_order_create"), {**ORDER, **lines, "more_lines": "1"})

    text = answer.content.decode()
    assert ('name="lines-3-quantity"' in text, 'name="lines-4-quantity"' in text) == (True, False)
    assert ("Ny blandare" in text, 'value="R22"' in text) == (True, True)
    assert not WorkOrder.objects.exists()


def test_lines_are_changed_added_and_removed(office: Client, firm: Firm) -> None:
    order = firm.work_order()
    pipes, hours = order.lines.all()
    lines = typed_lines(
        {"id": pipes.pk, "item": "R22", "quantity": "9", "unit_price": "100"},
        {"id": hours.pk, "kind": "hours", "item": "A100", "quantity": "1", "DELETE": "on"},
        {"kind": "text", "text": "Klart"},
        stored=2,
    )

    office.post(address("edit", order), {**ORDER, **lines})

    order.refresh_from_db()
    assert order.title == "Ny blandare"
    assert list(order.lines.values_list("pk", "quantity", "text"))[0] == (pipes.pk, Decimal("9"), "Rör hos rorfirman")
    assert [line.text for line in order.lines.all()] == ["Rör hos rorfirman", "Klart"]


def test_a_foreign_line_id_makes_a_new_line_and_leaves_the_foreign_one_alone(
    office: Client, firm: Firm, stranger: Firm
) -> None:
    order, foreign = firm.work_order(), stranger.work_order()
    victim = foreign.lines.first()
    lines = typed_lines({"id": victim.pk, "item": "R22", "quantity": "5"}, stored=1)

    office.post(address("edit", order), {**ORDER, **lines})

    victim.refresh_from_db()
    assert (victim.work_order, victim.quantity) == (foreign, Decimal("2"))
    assert order.lines.count() == 3


def test_the_form_shows_numbers_without_useless_zeros(office: Client, firm: Firm) -> None:
    order = firm.work_order()
    order.lines.filter(kind="hours").update(quantity=Decimal("3.2500"), unit_price=Decimal("100.0000"))

    text = office.get(address("edit", order)).content.decode()

    assert ('value="3.25"' in text, 'value="100"' in text, 'value="3.2500"' in text) == (True, True, False)


def test_a_work_site_of_another_customer_is_refused_and_the_right_ones_are_offered(office: Client, firm: Firm) -> None:
    other = Customer.objects.create(organization=firm.organization, number="2", name="En annan")
    theirs = WorkSite.objects.create(customer=other, name="Deras lager")

    answer = office.post(
        reverse("fieldwork:work_order_create"), {**ORDER, "work_site": str(theirs.pk), **typed_lines()}
    )

    form = answer.context["form"]
    assert list(form.errors) == ["work_site"]
    assert list(form.fields["work_site"].queryset) == [firm.work_site]


def test_work_sites_follow_the_customer_that_is_typed(office: Client, firm: Firm, stranger: Firm) -> None:
    suggestions = reverse("fieldwork:suggest_work_sites")

    assert "Källaren" in office.get(suggestions, {"customer": "10001"}).content.decode()
    assert "Källaren" not in office.get(suggestions, {"customer": "Kund hos elfirman"}).content.decode()


def test_the_performer_reports_but_does_not_reassign(sign_in: Callable[[User], Client], firm: Firm) -> None:
    order = firm.work_order()
    lines = typed_lines({"item": "R22", "quantity": "1"})

    sign_in(firm.performer).post(
        address("edit", order),
        {"description": "Bytt", "title": "Något annat", "assigned_to": str(firm.owner.pk), **lines},
    )

    order.refresh_from_db()
    assert (order.description, order.title, order.assigned_to) == ("Bytt", "Byt kran", firm.performer)
    assert order.lines.count() == 3


def test_the_page_shows_lines_sums_and_the_complete_button(office: Client, firm: Firm) -> None:
    text = office.get(address("detail", firm.work_order())).content.decode()

    assert "Net, SEK" in text
    assert ">850.00<" in text
    assert "Mark as completed" in text


def test_completing_twice_completes_once(office: Client, firm: Firm) -> None:
    order = firm.work_order()

    first = office.post(address("complete", order), follow=True).content.decode()
    second = office.post(address("complete", order), follow=True).content.decode()

    order.refresh_from_db()
    assert (order.status, order.completed_by) == (firm.statuses["done"], firm.coordinator)
    assert ("1001 is completed." in first, "1001 was completed already." in second) == (True, True)
    assert "Mark as completed" not in second


def test_reading_does_not_complete(office: Client, firm: Firm) -> None:
    order = firm.work_order()

    assert office.get(address("complete", order)).status_code == 405
    assert not WorkOrder.objects.get(pk=order.pk).is_completed


def test_a_cancelled_work_order_says_how_to_go_on(office: Client, firm: Firm) -> None:
    order = firm.work_order(status=firm.statuses["cancelled"])

    text = office.post(address("complete", order), follow=True).content.decode()

    assert "Open it again before you complete it." in text


def test_a_completed_work_order_is_opened_again_before_it_is_changed(office: Client, firm: Firm) -> None:
    order = firm.work_order()
    complete_work_order(order, by=firm.owner)

    assert office.get(address("edit", order)).url == address("reopen", order)
    assert office.post(address("edit", order), {**ORDER, **typed_lines()}).url == address("reopen", order)
    office.get(address("reopen", order))
    assert WorkOrder.objects.get(pk=order.pk).is_completed

    office.post(address("reopen", order))
    order.refresh_from_db()
    assert (order.is_completed, order.revision, order.title) == (False, 2, "Byt kran")


def test_the_status_is_moved_within_the_firms_own_list(office: Client, firm: Firm, stranger: Firm) -> None:
    order = firm.work_order()

    office.post(address("set_status", order), {"status": str(firm.statuses["started"].pk)})
    assert WorkOrder.objects.get(pk=order.pk).status == firm.statuses["started"]

    for wrong in (str(stranger.statuses["done"].pk), "nonsense", ""):
        text = office.post(address("set_status", order), {"status": wrong}, follow=True).content.decode()
        assert "Choose a status from the list." in text
    assert WorkOrder.objects.get(pk=order.pk).status == firm.statuses["started"]


def test_a_new_work_order_for_a_customer_names_it(office: Client, firm: Firm, stranger: Firm) -> None:
    page = "fieldwork:work_order_create_for_customer"

    assert "10001 Kund hos rorfirman" in office.get(reverse(page, args=[firm.customer.pk])).content.decode()
    assert office.get(reverse(page, args=[stranger.customer.pk])).status_code == 404


@pytest.mark.parametrize("lines", [2, 40])
def test_a_work_order_costs_the_same_statements_whatever_its_lines(
    office: Client, firm: Firm, lines: int, django_assert_max_num_queries: Callable
) -> None:
    order = firm.work_order(project=firm.project, work_site=firm.work_site, completed_by=firm.owner)
    WorkOrderLine.objects.bulk_create(
        WorkOrderLine(
            work_order=order, kind="hours", hour_type=firm.hour_type, performed_by=firm.performer, position=position
        )
        for position in range(3, lines + 1)
    )
    edited = typed_lines(
        *(
            {"id": line.pk, "kind": line.kind, "item": "A100" if line.kind == "hours" else "R22", "quantity": 3}
            for line in order.lines.all()
        ),
        stored=lines,
    )

    with django_assert_max_num_queries(20):
        office.get(address("detail", order))
    with django_assert_max_num_queries(20):
        office.get(address("edit", order))
    with django_assert_max_num_queries(24):
        answer = office.post(address("edit", order), {**ORDER, **edited})
    assert answer.status_code == 302
