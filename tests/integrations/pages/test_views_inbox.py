"""The inbox: who, what, why, where it is repaired, and the button that tries again."""

from __future__ import annotations

import pytest
from django.urls import reverse

from fieldwork.services import complete_work_order
from integrations.models import Case, Connection, Operation
from integrations.sending.asking import queue_taking_back
from integrations.trouble.cases import Finding, Subject, open_cases
from tests.integrations.exporting import copies_of, put_in_books

pytestmark = pytest.mark.django_db


@pytest.fixture
def blocked(connection, work_order, owner) -> Operation:
    """A completed job that the books refused, with the reason in the inbox."""
    complete_work_order(work_order, by=owner)
    Operation.objects.update(state=Operation.State.REFUSED)
    operation = Operation.objects.get()
    subject = Subject(kind="work_order", id=str(work_order.pk), label=str(work_order))
    finding = Finding(
        code="postcode_missing",
        sentence="%(name)s has no postcode.",
        values={"name": "<b>Eken</b>"},
        where="customer",
        part=str(work_order.customer_id),
        detail="PostalCode is required <script>",
        error_id="e-77",
    )
    open_cases(connection, [(subject, finding)], operation=operation)
    return operation


def test_a_case_says_who_what_and_why_and_leads_to_the_repair(browser, blocked, customer):
    page = browser.get("/inbox/").content.decode()

    assert "1187 Leaking radiator" in page
    assert "&lt;b&gt;Eken&lt;/b&gt; has no postcode." in page
    assert reverse("fieldwork:customer_detail", args=[customer.pk]) in page


def test_the_books_own_words_are_behind_a_fold_and_escaped(browser, blocked):
    page = browser.get("/inbox/").content.decode()

    assert "What Acme Books said" in page
    assert "PostalCode is required &lt;script&gt;" in page
    assert "e-77" in page


def test_the_number_of_cases_stands_in_the_menu(coordinator, blocked):
    assert '<span class="count">1</span>' in coordinator.get("/customers/").content.decode()


def test_try_again_puts_it_back_in_the_queue(coordinator, blocked):
    address = reverse("integrations:retry", args=[blocked.pk])
    assert address in coordinator.get("/inbox/").content.decode()

    answer = coordinator.post(address, headers={"Referer": "http://testserver/inbox/"})

    blocked.refresh_from_db()
    assert (answer["Location"], blocked.state) == ("http://testserver/inbox/", Operation.State.QUEUED)


@pytest.mark.parametrize("referer", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_try_again_leads_nowhere_else(coordinator, blocked, referer):
    answer = coordinator.post(reverse("integrations:retry", args=[blocked.pk]), headers={"Referer": referer})

    assert answer["Location"] == "/inbox/"


def test_what_is_not_stopped_has_no_such_button(browser, blocked):
    Operation.objects.update(state=Operation.State.QUEUED)

    assert reverse("integrations:retry", args=[blocked.pk]) not in browser.get("/inbox/").content.decode()


def test_a_case_of_the_connection_leads_the_owner_to_the_connections(browser, coordinator, connection):
    subject = Subject(kind="connection", id=str(connection.pk), label=str(connection))
    open_cases(connection, [(subject, Finding(code="not_allowed", sentence="The module is off."))])

    def repair(browser):
        return browser.get("/inbox/").context["entries"][0].address

    assert (repair(browser), repair(coordinator)) == ("/books/", "")


def test_an_unread_record_has_no_page_of_ours(browser, connection):
    open_cases(connection, [(Subject(kind="article", id="4711", label="4711"), Finding(code="c", sentence="No unit."))])

    assert browser.get("/inbox/").context["entries"][0].address == ""


def test_an_order_of_which_only_the_number_is_known_is_called_an_order(browser, connection):
    order = Subject(kind="remote_sales_order", id="o1", label="2018")
    open_cases(connection, [(order, Finding(code="c", sentence="It is in EUR."))])

    assert "Order 2018" in browser.get("/").content.decode()
    assert "Order 2018" in browser.get("/inbox/").content.decode()


def test_closed_cases_and_those_of_others_are_not_listed(browser, stranger, blocked):
    assert stranger.get("/inbox/").context["entries"] == []
    assert stranger.post(reverse("integrations:retry", args=[blocked.pk])).status_code == 404

    Case.objects.update(state=Case.State.CLOSED)

    assert "Nothing needs you." in browser.get("/inbox/").content.decode()


def test_the_inbox_is_for_the_office(performer, client, blocked):
    assert performer.get("/inbox/").status_code == 403
    assert performer.post(reverse("integrations:retry", args=[blocked.pk])).status_code == 403
    assert client.get("/inbox/").status_code == 302


def test_many_cases_cost_no_more_statements(browser, connection, django_assert_max_num_queries):
    found = [
        (Subject(kind="customer", id=str(n), label=str(n)), Finding(code="c", sentence="Something.")) for n in range(60)
    ]
    open_cases(connection, found)

    with django_assert_max_num_queries(12):
        page = browser.get("/inbox/")
    assert page.context["listing"].page.paginator.num_pages == 2


def test_a_dead_connection_is_told_on_every_page(coordinator, connection):
    Connection.objects.update(state=Connection.State.RECONNECT)

    page = coordinator.get("/inbox/").content.decode()

    assert "no longer accepts the login" in page
    assert "/connect/" not in page


def test_where_two_want_one_number_both_are_found_by_it(coordinator, connection):
    subject = Subject(kind="remote_customer", id="c9", label="10010 Eken")
    values = {"name": "Eken", "number": "10010", "other": "Linden"}
    open_cases(connection, [(subject, Finding(code="number_taken", sentence="?", values=values))])

    assert "/customers/?q=10010" in coordinator.get("/inbox/").content.decode()


def test_what_stays_out_is_left_as_it_is_and_does_not_come_back_until_it_says_something_else(coordinator, connection):
    def told(currency: str) -> None:
        values = {"number": "2018", "currency": currency}
        finding = Finding(code="foreign_currency", sentence="Order %(number)s is in %(currency)s.", values=values)
        open_cases(connection, [(Subject(kind="remote_sales_order", id="o1", label="2018"), finding)])

    told("EUR")
    case = Case.objects.get()
    address = reverse("integrations:accept", args=[case.pk])
    assert address in coordinator.get("/inbox/").content.decode()

    coordinator.post(address)
    told("EUR")
    assert not Case.objects.filter(state=Case.State.OPEN).exists()

    told("NOK")
    assert Case.objects.filter(state=Case.State.OPEN).count() == 1


# --- changes that stopped -------------------------------------------------------


@pytest.fixture
def booked_meanwhile(connection, work_order, customer, material, hour_type, worker, acme, owner) -> Operation:
    """A draft that somebody wanted back, after the accountant had booked it."""
    put_in_books(connection, customer, material, hour_type)
    complete_work_order(work_order, by=owner)
    worker.turn()
    sent = Operation.objects.get(kind="invoice_draft")
    acme.book(sent.remote_id)
    removal = queue_taking_back(sent, by=owner)
    worker.turn()
    removal.refresh_from_db()
    return removal


def test_what_could_not_be_taken_back_is_left_as_it_is_where_one_reads_of_it(coordinator, booked_meanwhile):
    (case,) = Case.objects.filter(state=Case.State.OPEN)
    page = coordinator.get("/inbox/").content.decode()

    answer = coordinator.post(reverse("integrations:leave_many"), {"case": str(case.pk)}, follow=True)

    booked_meanwhile.refresh_from_db()
    assert "No draft any more" in page
    assert reverse("integrations:explanation", args=["not_a_draft"]) in page
    assert "Leave it as it is" in page
    assert "1 record stays as it is in the books." in answer.content.decode()
    assert booked_meanwhile.state == Operation.State.CANCELLED
    assert not Case.objects.filter(state=Case.State.OPEN).exists()


def test_what_was_to_be_sent_cannot_be_left_like_that(coordinator, booked_meanwhile):
    Operation.objects.filter(pk=booked_meanwhile.pk).update(kind="invoice_draft")
    (case,) = Case.objects.filter(operation=booked_meanwhile)

    coordinator.post(reverse("integrations:leave_many"), {"case": str(case.pk)})
    coordinator.post(reverse("integrations:leave_many"), {"kind": case.code})

    booked_meanwhile.refresh_from_db()
    assert booked_meanwhile.state in Operation.NEEDS_PERSON


def test_leaving_is_for_the_firms_own_office(stranger, performer, booked_meanwhile):
    data = {"kind": "not_a_draft"}

    assert stranger.post(reverse("integrations:leave_many"), data).status_code == 302
    assert performer.post(reverse("integrations:leave_many"), data).status_code == 403
    booked_meanwhile.refresh_from_db()
    assert booked_meanwhile.state in Operation.NEEDS_PERSON


# --- alike ----------------------------------------------------------------------


def test_of_those_alike_only_the_first_has_its_form_in_sight(browser, connection, owner, work_order, customer):
    orders = [work_order, *copies_of(work_order, [str(9000 + n) for n in range(4)])]
    for each in orders:
        complete_work_order(each, by=owner)
    for each in Operation.objects.all():
        subject = Subject(kind="work_order", id=str(each.local_id), label=each.local_label)
        finding = Finding(code="customer_terms_unknown", sentence="?", values={"terms": "Som vanligt"})
        open_cases(connection, [(subject, finding)], operation=each)
        each.move(Operation.State.CLAIMED)
        each.move(Operation.State.BLOCKED)

    page = browser.get("/inbox/").content.decode()

    assert page.count("Save for all 5, and for new ones") == 5
    assert page.count("Repaired together with the one above") == 4
