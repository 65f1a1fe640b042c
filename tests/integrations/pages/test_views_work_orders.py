"""A work order's document on its pages: looked at before it is sent, told step by step, updated and taken back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import models
from django.urls import reverse

from accounting.types import Stage
from fieldwork.models import Customer, WorkOrder, WorkOrderLine
from fieldwork.services import complete_work_order, reopen_work_order
from integrations.models import Answer, Case, Connection, Link, Operation
from tests.integrations.exporting import came_from_order, complete, operation_of, put_in_books

pytestmark = pytest.mark.django_db
State = Operation.State
MOST_STATEMENTS = {"fieldwork:work_order_detail": 18, "integrations:preview_work_order": 15}
NAMES = ("preview_work_order", "update_document", "take_back")


def page_of(browser, name: str, record: models.Model) -> str:
    return browser.get(reverse(name, args=[record.pk]), follow=True).content.decode()


def detail(browser, work_order: WorkOrder) -> str:
    return page_of(browser, "fieldwork:work_order_detail", work_order)


def press(browser, name: str, record: models.Model, **data: object) -> str:
    return browser.post(reverse(f"integrations:{name}", args=[record.pk]), data, follow=True).content.decode()


@pytest.fixture
def known(connection: Connection, customer, material, hour_type) -> Connection:
    """Books that have the customer and the articles."""
    put_in_books(connection, customer, material, hour_type)
    return connection


@pytest.fixture
def sent(known, worker, work_order) -> Operation:
    """A draft in the books."""
    operation = complete(work_order)
    worker.run()
    operation.refresh_from_db()
    assert operation.state == State.DONE
    return operation


@pytest.fixture
def corrected(sent, worker, work_order) -> Operation:
    """The second revision, with 4 m of pipe instead of 3."""
    reopen_work_order(work_order)
    WorkOrderLine.objects.filter(text="Pipe 22 mm").update(quantity=Decimal(4))
    complete_work_order(work_order, by=None)
    worker.run()
    return operation_of(work_order)


# --- before it is sent ----------------------------------------------------------


def test_the_preview_shows_lines_vat_per_rate_and_the_total_that_the_books_will_compute(browser, known, work_order):
    material = WorkOrderLine.objects.get(position=1).material
    material.vat_percent = Decimal(12)
    material.save()

    page = page_of(browser, "integrations:preview_work_order", work_order)

    # 3 × 89.50 at 12 %, 2.5 × 650 at 25 %
    assert "VAT 12% on 268.50" in page.replace("\xa0", " ").replace("12 %", "12%")
    assert "32.22 SEK" in page
    assert "406.25 SEK" in page
    assert "2,331.97 SEK" in page
    assert "Radiator in the kitchen replaced." in page
    assert "Eva Ek" in page


def test_three_lines_of_10_02_have_the_vat_of_the_accounting_systems_own_rule(browser, known, material, work_order):
    lines = [
        WorkOrderLine(
            work_order=work_order, position=n, kind="material", material=material, quantity=1, unit_price="10.02"
        )
        for n in range(3)
    ]
    work_order.lines.all().delete()
    WorkOrderLine.objects.bulk_create(lines)

    page = page_of(browser, "integrations:preview_work_order", work_order)

    # These books round the VAT of each line; on the sum it would be 7.52.
    assert "7.53 SEK" in page
    assert "37.59 SEK" in page


def test_looking_at_the_preview_writes_nothing_here_or_there(browser, known, acme, work_order):
    page_of(browser, "integrations:preview_work_order", work_order)

    assert not Operation.objects.exists()
    assert dict(acme.writes) == {}


def test_what_would_be_refused_stands_on_the_preview_with_the_place_of_its_repair(browser, connection, work_order):
    work_order.customer.postcode = ""
    work_order.customer.save()

    page = page_of(browser, "integrations:preview_work_order", work_order)

    assert "has no postcode" in page
    assert reverse("integrations:repair_beforehand", args=[work_order.pk]) in page


def test_what_is_no_single_field_has_a_link_to_its_repair(browser, connection, work_order):
    Answer.objects.all().delete()

    page = page_of(browser, "integrations:preview_work_order", work_order)

    assert reverse("integrations:settings", args=[connection.pk]) in page


def test_what_the_document_brings_along_is_named(browser, connection, work_order):
    page = page_of(browser, "integrations:preview_work_order", work_order)

    assert "Created in the books first:" in page
    assert "Bostadsrättsföreningen Eken" in page


def test_a_sent_document_is_shown_as_it_was_sent(browser, sent, work_order):
    WorkOrderLine.objects.filter(text="Pipe 22 mm").update(text="Something else")

    page = page_of(browser, "integrations:preview_work_order", work_order)

    assert "as it was sent" in page
    assert "Pipe 22 mm" in page
    assert "Something else" not in page


# --- step by step ---------------------------------------------------------------


def test_the_page_tells_what_was_done_in_plain_words(browser, sent, work_order):
    page = detail(browser, work_order)

    steps = ["Searched the books: not there", f"Sent: Draft {sent.remote_number}", "Read back: as expected"]
    assert [step for step in steps if step not in page] == []


def test_a_lost_answer_is_told_as_what_it_was(browser, known, work_order):
    operation = complete(work_order)
    operation.attempts.create(purpose="send", worker="w", fence=1, started_at=operation.created_at, outcome="Unclear")
    operation.attempts.create(purpose="look", worker="w", fence=1, started_at=operation.created_at, outcome="found")

    page = detail(browser, work_order)

    assert "Sent, and got no usable answer" in page
    assert "Searched the books: found it, linked" in page


@pytest.mark.parametrize("name", ["fieldwork:work_order_detail", "integrations:preview_work_order"])
def test_the_pages_of_a_sent_work_order_cost_few_statements(
    browser, sent, work_order, name, django_assert_max_num_queries
):
    with django_assert_max_num_queries(MOST_STATEMENTS[name]):
        browser.get(reverse(name, args=[work_order.pk]))


def test_the_preview_of_what_brings_everything_along_costs_few_statements(
    browser, connection, work_order, customer, django_assert_max_num_queries
):
    twin = Customer.objects.create(organization=customer.organization, name="Eken", email=customer.email)
    put_in_books(connection, twin)
    Customer.objects.filter(pk=customer.pk).update(postcode="", is_company=False, organisation_number="")

    with django_assert_max_num_queries(MOST_STATEMENTS["integrations:preview_work_order"]):
        page = page_of(browser, "integrations:preview_work_order", work_order)

    assert "Created in the books first" in page
    assert "who is in the books already" in page


# --- where it came from ---------------------------------------------------------


def test_an_imported_order_goes_by_its_number_in_the_books(browser, connection, work_order):
    came_from_order(work_order, connection)
    pill = '<span class="pill green">Order 233</span>'

    assert pill in detail(browser, work_order)
    assert pill in browser.get("/work-orders/").content.decode()


def test_an_order_that_is_gone_over_there_is_not_in_the_books(browser, connection, work_order):
    came_from_order(work_order, connection)
    Link.objects.update(gone_at=connection.connected_at)

    assert "Not in the books" in detail(browser, work_order)


def test_a_reopened_work_order_still_shows_the_document_of_its_earlier_revision(browser, sent, work_order):
    reopen_work_order(work_order)
    pill = f'<span class="pill amber">Draft {sent.remote_number}, earlier revision</span>'

    assert pill in detail(browser, work_order)
    assert pill in browser.get("/work-orders/").content.decode()


# --- before something sent is changed -------------------------------------------


def test_before_a_sent_work_order_is_opened_the_page_says_what_follows(browser, sent, work_order):
    page = page_of(browser, "fieldwork:work_order_reopen", work_order)

    assert f"as Draft {sent.remote_number}, which has not been booked yet" in page
    assert reverse("integrations:take_back", args=[work_order.pk]) in page


def test_a_performer_is_warned_before_saving_what_was_sent(performer, sent, work_order):
    WorkOrder.objects.update(assigned_to=performer.session["_auth_user_id"])
    reopen_work_order(work_order)

    page = page_of(performer, "fieldwork:work_order_edit", work_order)

    assert f"as Draft {sent.remote_number}" in page
    assert reverse("integrations:take_back", args=[work_order.pk]) not in page


def test_a_performer_is_told_who_opens_a_completed_work_order(performer, sent, work_order):
    WorkOrder.objects.update(assigned_to=performer.session["_auth_user_id"])

    assert "Ask the office to open it again" in page_of(performer, "fieldwork:work_order_edit", work_order)


def test_what_was_booked_is_to_be_credited(browser, sent, work_order):
    Operation.objects.update(stage=Stage.INVOICE)

    page = page_of(browser, "fieldwork:work_order_reopen", work_order)

    assert "can no longer be changed" in page
    assert "Credit it in Acme Books" in page
    assert reverse("fieldwork:work_order_create_for_customer", args=[work_order.customer_id]) in page


def test_what_was_never_sent_is_opened_without_a_warning(browser, work_order):
    assert "notice warning" not in page_of(browser, "fieldwork:work_order_edit", work_order)


# --- updating -------------------------------------------------------------------


def test_the_draft_is_updated_after_a_look_at_what_is_overwritten(browser, corrected, sent, acme, work_order):
    assert f"Update Draft {sent.remote_number}" in detail(browser, work_order)

    asked = page_of(browser, "integrations:update_document", work_order)
    writes = dict(acme.writes)
    done = press(browser, "update_document", work_order, revision="2")

    assert "Pipe 22 mm: 3 m × 89.5" in asked
    assert "Pipe 22 mm: 4 m × 89.5" in asked
    assert "Plumber&#x27;s time: 2.5" not in asked
    assert writes == {"create": 1}
    assert dict(acme.writes) == {"create": 1, "update": 1}
    assert f"Draft {sent.remote_number} now shows work order 1187 as it is here." in done


def test_an_answer_to_another_revision_is_asked_again(browser, corrected, acme, work_order):
    page = press(browser, "update_document", work_order, revision="1")

    assert "was changed meanwhile" in page
    assert dict(acme.writes) == {"create": 1}


def test_without_a_former_document_nothing_is_updated(browser, sent, work_order):
    assert "has no document that can be updated now" in press(browser, "update_document", work_order, revision="1")


# --- taking back ----------------------------------------------------------------


def test_a_draft_is_taken_back_after_the_question(browser, sent, acme, work_order, statuses):
    asked = page_of(browser, "integrations:take_back", work_order)
    before = acme.created("invoice_draft")

    done = press(browser, "take_back", work_order)

    assert f"Take Draft {sent.remote_number} back?" in asked
    assert (len(before), acme.created("invoice_draft")) == (1, [])
    assert f"Draft {sent.remote_number} is taken back" in done
    assert '<span class="pill grey">Taken back</span>' in done
    work_order.refresh_from_db()
    assert work_order.status == statuses["done"]
    assert reverse("integrations:send_work_order", args=[work_order.pk]) in done


def test_a_draft_that_was_booked_meanwhile_is_not_taken_back_and_says_why(browser, sent, acme, work_order):
    acme.book(sent.remote_id)

    page = press(browser, "take_back", work_order)

    assert "was not taken back" in page
    assert "more than a draft by now" in page
    assert reverse("integrations:leave_as_it_is", args=[Operation.objects.get(kind="taking_back").pk]) in page
    assert reverse("integrations:take_back", args=[work_order.pk]) not in page


def test_a_refused_change_can_be_left_as_it_is(browser, sent, acme, work_order):
    acme.book(sent.remote_id)
    press(browser, "take_back", work_order)
    removal = Operation.objects.get(kind="taking_back")

    page = press(browser, "leave_as_it_is", removal)

    removal.refresh_from_db()
    assert removal.state == State.CANCELLED
    assert 'class="notice error"' not in page


def test_leaving_as_it_is_never_touches_the_document_itself(browser, sent):
    press(browser, "leave_as_it_is", sent)

    sent.refresh_from_db()
    assert sent.state == State.DONE


# --- who ------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_documents_are_the_business_of_the_office(performer, stranger, client, sent, work_order, acme, name):
    address = reverse(f"integrations:{name}", args=[work_order.pk])

    assert (performer.get(address).status_code, stranger.get(address).status_code) == (403, 404)
    assert (performer.post(address).status_code, client.post(address).status_code) == (403, 302)
    assert dict(acme.writes) == {"create": 1}


def test_a_foreign_change_is_not_found(stranger, sent):
    assert stranger.post(reverse("integrations:leave_as_it_is", args=[sent.pk])).status_code == 404


# --- repaired where it is told --------------------------------------------------


def test_a_missing_postcode_is_typed_on_the_page_of_the_work_order(browser, connection, worker, work_order):
    work_order.customer.postcode = ""
    work_order.customer.save()
    complete(work_order)
    worker.run()
    case = Case.objects.get(code="postcode_missing", state=Case.State.OPEN)
    here = reverse("fieldwork:work_order_detail", args=[work_order.pk])

    page = browser.get(here).content.decode()
    answer = browser.post(
        reverse("integrations:repair", args=[case.pk]),
        {"repair": "field", "value": "123 45", "back": here, "for": "one"},
    )

    assert 'name="value"' in page
    assert answer["Location"] == here
    work_order.customer.refresh_from_db()
    assert work_order.customer.postcode == "123 45"


class TestBeforeTheJobIsCompleted:
    WHICH = "postcode_missing customer postcode"

    @pytest.fixture(autouse=True)
    def nowhere(self, connection, customer) -> None:
        """The customer is not in the books, and could not be created there."""
        customer.postcode = ""
        customer.save()

    def type_in(self, browser, work_order, value: str):
        data = {"which": self.WHICH, "value": value}
        return browser.post(reverse("integrations:repair_beforehand", args=[work_order.pk]), data, follow=True)

    def test_the_missing_field_is_typed_where_it_is_told(self, browser, work_order, customer):
        assert f'value="{self.WHICH}"' in detail(browser, work_order)

        page = self.type_in(browser, work_order, "123 45").content.decode()

        customer.refresh_from_db()
        assert customer.postcode == "123 45"
        assert "please repair" not in page

    def test_what_does_not_hold_is_said_beside_the_field_and_not_saved(self, browser, work_order, customer):
        page = self.type_in(browser, work_order, "1" * 300).content.decode()

        customer.refresh_from_db()
        assert customer.postcode == ""
        assert "1" * 300 in page
        assert "errorlist" in page

    def test_nothing_but_a_problem_of_this_work_order_can_be_typed(self, browser, work_order, customer):
        data = {"which": "name_missing customer name", "value": "Hacked"}
        browser.post(reverse("integrations:repair_beforehand", args=[work_order.pk]), data)

        customer.refresh_from_db()
        assert customer.name == "Bostadsrättsföreningen Eken"

    def test_it_is_the_business_of_the_office(self, performer, stranger, work_order):
        assert self.type_in(performer, work_order, "123 45").status_code == 403
        assert self.type_in(stranger, work_order, "123 45").status_code == 404
