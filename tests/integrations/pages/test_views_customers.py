"""A customer and the books: adding, linking by a pasted reference, unlinking, and what the pages say about it."""

from __future__ import annotations

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounting.errors import Refused, TryLater
from accounting.models import Books, TermsOfPayment
from accounting.types import CustomerRecord
from fieldwork.models import ContactPerson, Customer, Organization, WorkOrder, WorkSite
from fieldwork.services import complete_work_order
from integrations.export import create_now
from integrations.models import Change, Connection, Link, Operation
from integrations.presenting.customers import customer_panel
from integrations.sending.queueing import queue_work_orders

pytestmark = pytest.mark.django_db(transaction=True)

GUID = "38fe43cc-c843-48e0-9efe-fa7b262a8191"
THEIRS = CustomerRecord(
    remote_id=GUID,
    number="5012",
    name="BRF <b>Eken</b>",
    is_company=True,
    organisation_number="716400-1234",
    email="styrelsen@eken.example",
)


def address(name: str, customer: Customer) -> str:
    return reverse(f"integrations:{name}", args=[customer.pk])


def card_of(browser: Client, customer: Customer) -> str:
    return browser.get(reverse("fieldwork:customer_detail", args=[customer.pk])).content.decode()


def text_of(browser: Client, name: str, customer: Customer, **query: str) -> str:
    return browser.get(address(name, customer), query).content.decode()


def press(browser: Client, name: str, customer: Customer, **data: str) -> str:
    """The page that one ends on."""
    return browser.post(address(name, customer), data, follow=True).content.decode()


def link_to(customer: Customer, connection: Connection, remote_id: str = GUID, number: str = "5012") -> Link:
    return Link.objects.create(
        books=connection.books,
        kind="customer",
        remote_id=remote_id,
        remote_number=number,
        local_model="fieldwork.Customer",
        local_id=customer.pk,
    )


@pytest.fixture
def other(organization: Organization, customer: Customer) -> Customer:
    return Customer.objects.create(organization=organization, name="BRF Eken", email=customer.email)


@pytest.fixture
def terms(connection) -> TermsOfPayment:
    TermsOfPayment.objects.create(books=connection.books, remote_id="t15", name="15 dagar")
    return TermsOfPayment.objects.create(books=connection.books, remote_id="t30", name="30 dagar")


# --- adding ---------------------------------------------------------------------


def test_a_customer_is_added_in_the_books_from_their_page(coordinator, connection, customer, acme):
    assert "Add as customer in Acme Books" in card_of(coordinator, customer)

    after = press(coordinator, "add_customer", customer)

    assert len(acme.created("customer")) == 1
    assert "is in Acme Books" in after
    assert '<span class="pill green">Linked</span>' in after
    assert "Add as customer" not in after


def test_pressed_three_times_there_is_one_customer(coordinator, connection, customer, acme):
    for _ in range(3):
        press(coordinator, "add_customer", customer)

    assert (len(acme.created("customer")), Operation.objects.count()) == (1, 1)


def test_looking_at_the_page_writes_nothing(coordinator, connection, customer, acme):
    text_of(coordinator, "add_customer", customer)

    assert acme.writes == {}
    assert not Operation.objects.exists()


@pytest.mark.usefixtures("asks_about_records")
def test_the_default_terms_are_preselected_with_the_hint_to_check_them(coordinator, connection, customer, terms):
    connection.answers.create(question="terms_of_payment", value="t30", label="30 dagar")

    page = text_of(coordinator, "add_customer", customer)

    assert '<option value="t30" selected>30 dagar</option>' in page
    assert "check that the preselected terms are right" in page


@pytest.mark.usefixtures("asks_about_records")
def test_the_customers_own_terms_go_before_the_default(coordinator, connection, customer, terms):
    connection.answers.create(question="terms_of_payment", value="t30", label="30 dagar")
    Customer.objects.update(terms_of_payment="15 Dagar")

    assert '<option value="t15" selected>' in text_of(coordinator, "add_customer", customer)


def test_the_terms_that_are_chosen_are_sent_and_kept(coordinator, connection, customer, terms, acme):
    press(coordinator, "add_customer", customer, terms="t15")

    customer.refresh_from_db()
    assert customer.terms_of_payment == "15 dagar"
    assert acme.created("customer")[0].document.terms_remote_id == "t15"
    assert Change.objects.filter(fields={"terms_of_payment": ["", "15 dagar"]}).exists()


def test_terms_of_other_books_are_not_taken(coordinator, connection, customer, terms):
    press(coordinator, "add_customer", customer, terms="made-up")

    customer.refresh_from_db()
    assert customer.terms_of_payment == ""


def test_a_refusal_is_shown_on_the_page_with_the_reason(coordinator, connection, customer, acme):
    acme.fail("create", Refused("Postal code is required."))

    page = press(coordinator, "add_customer", customer)

    assert "is not in Acme Books yet" in page
    assert "Needs you" in page
    assert "Try again" in page


def test_books_that_cannot_answer_now_are_tried_later(coordinator, connection, customer, acme):
    acme.fail("find", TryLater("Later."))

    page = press(coordinator, "add_customer", customer)

    assert "On its way to the books" in page
    assert Operation.objects.get().state == Operation.State.QUEUED


# --- somebody looks alike -------------------------------------------------------


def test_somebody_alike_is_shown_before_anything_is_created(coordinator, connection, customer, other, acme):
    link_to(other, connection, number="9")

    page = press(coordinator, "add_customer", customer)

    assert "Is it one of these?" in page
    assert reverse("fieldwork:customer_detail", args=[other.pk]) in page
    assert "the same e-mail" in page
    assert acme.writes == {}
    assert not Operation.objects.exists()


def test_somebody_who_is_only_in_the_books_is_shown_too(coordinator, connection, customer, acme):
    acme.put(THEIRS)

    page = press(coordinator, "add_customer", customer)

    assert "Only in Acme Books" in page
    assert "5012 BRF &lt;b&gt;Eken&lt;/b&gt;" in page
    assert "the same organisation number, the same e-mail" in page
    assert acme.writes == {}


def test_the_terms_that_were_chosen_stay_chosen_while_one_is_asked(coordinator, connection, customer, terms, acme):
    acme.put(THEIRS)

    assert '<option value="t15" selected>' in press(coordinator, "add_customer", customer, terms="t15")


@pytest.mark.parametrize("known", [True, False])
def test_use_this_one_links_instead_of_creating_and_can_be_undone(
    coordinator, connection, customer, other, acme, known
):
    acme.put(THEIRS)
    if known:
        link_to(other, connection)

    page = press(coordinator, "use_counterpart", customer, remote_id=GUID)

    assert "is linked to 5012 in Acme Books" in page
    assert acme.writes == {}
    assert Link.objects.get().local_id == customer.pk
    press(coordinator, "unlink_customer", customer)
    assert list(Link.objects.values_list("local_id", flat=True)) == ([other.pk] if known else [])


def test_create_all_the_same_creates_another(coordinator, connection, customer, other, acme):
    """Also when the same organisation number would be proof enough."""
    Customer.objects.filter(pk=other.pk).update(organisation_number=customer.organisation_number)
    link_to(other, connection)

    page = press(coordinator, "add_customer", customer, all_the_same="1")

    assert len(acme.created("customer")) == 1
    assert "is in Acme Books" in page
    assert Link.objects.count() == 2


def test_books_that_cannot_be_searched_are_not_taken_for_empty(coordinator, connection, customer, acme):
    acme.fail("customers_like", TryLater("Later."))

    assert "could not be searched just now" in text_of(coordinator, "add_customer", customer)


def test_who_stopped_for_a_decision_is_led_to_it(coordinator, connection, customer, other, owner, acme):
    link_to(other, connection)
    Customer.objects.filter(pk=customer.pk).update(organisation_number="", is_company=False)
    create_now(connection, Customer.objects.get(pk=customer.pk), by=owner)
    assert Operation.objects.get().state == Operation.State.BLOCKED

    page = card_of(coordinator, customer)
    decided = press(coordinator, "add_customer", customer, all_the_same="1")

    assert "Who is it?" in page
    assert address("add_customer", customer) in page
    assert "is in Acme Books" in decided
    assert len(acme.created("customer")) == 1


# --- by reference ---------------------------------------------------------------


@pytest.mark.parametrize("pasted", [GUID, f" https://acme.example/#/customer/{GUID.upper()}/edit ", "5012"])
def test_a_pasted_reference_is_shown_and_confirmed_before_it_is_linked(coordinator, connection, customer, acme, pasted):
    acme.put(THEIRS)

    asked = press(coordinator, "link_customer", customer, reference=pasted)
    before = Link.objects.count()
    done = press(coordinator, "link_customer", customer, reference=GUID, confirm="1")

    assert "Link to this one?" in asked
    assert "BRF &lt;b&gt;Eken&lt;/b&gt;" in asked
    assert "716400-1234" in asked
    assert before == 0
    assert "is linked to 5012 in Acme Books" in done
    assert Link.objects.get().origin == Link.Origin.PERSON
    assert acme.writes == {}


REFUSALS = {
    GUID[:-1]: "This is no reference of Acme Books",
    "00000000-0000-0000-0000-000000000001": "has no customer with this reference",
    "<script>alert()</script>": "This is no reference of Acme Books",
    "x" * 10_000: "at most 500 characters",
    "a\x00b": "Null characters are not allowed",
    "": "This field is required",
}


@pytest.mark.parametrize(("typed", "sentence"), REFUSALS.items(), ids=range(len(REFUSALS)))
def test_a_reference_that_cannot_be_is_refused_beside_the_field(
    coordinator, connection, customer, acme, typed, sentence
):
    answer = coordinator.post(address("link_customer", customer), {"reference": typed})

    form = answer.context["form"]
    assert sentence in form.errors["reference"][0]
    assert form["reference"].value() == typed
    assert typed not in answer.content.decode() or "<" not in typed
    assert not Link.objects.exists()


def test_a_reference_of_another_of_our_customers_names_them(coordinator, connection, customer, other, acme):
    acme.put(THEIRS)
    link_to(other, connection)

    page = press(coordinator, "link_customer", customer, reference=GUID)

    assert "is linked to another of your customers" in page
    assert f'<a href="{reverse("fieldwork:customer_detail", args=[other.pk])}">BRF Eken</a>' in page
    assert f'value="{GUID}"' in page


@pytest.mark.parametrize("pressed", ["reference", "use"])
def test_whoever_is_inactive_over_there_is_refused(coordinator, connection, customer, acme, pressed):
    from dataclasses import replace

    acme.put(replace(THEIRS, active=False))

    name, field = ("link_customer", "reference") if pressed == "reference" else ("use_counterpart", "remote_id")
    page = press(coordinator, name, customer, **{field: GUID})

    assert "is not active in Acme Books" in page
    assert not Link.objects.exists()


def test_whoever_was_deleted_between_the_question_and_the_answer_is_refused(coordinator, connection, customer, acme):
    acme.put(THEIRS)
    press(coordinator, "link_customer", customer, reference=GUID)
    acme.take_away(CustomerRecord, GUID)

    page = press(coordinator, "link_customer", customer, reference=GUID, confirm="1")

    assert "has no customer with this reference" in page
    assert not Link.objects.exists()


def test_confirmed_twice_there_is_one_link(coordinator, connection, customer, acme):
    acme.put(THEIRS)
    press(coordinator, "link_customer", customer, reference=GUID, confirm="1")

    assert "is linked to 5012" in press(coordinator, "link_customer", customer, reference=GUID, confirm="1")
    assert (Link.objects.count(), Change.objects.count()) == (1, 1)


# --- unlinking ------------------------------------------------------------------


def test_unlinking_says_what_stays_and_needs_a_second_click(coordinator, connection, customer):
    link_to(customer, connection)

    asked = text_of(coordinator, "unlink_customer", customer)
    before = Link.objects.count()
    done = press(coordinator, "unlink_customer", customer)

    assert "What stays" in asked
    assert "that was sent" in asked
    assert (before, Link.objects.count()) == (1, 0)
    assert "Nothing else was changed" in done
    assert "Not in the books" in done


def test_who_is_not_linked_cannot_be_unlinked(coordinator, connection, customer):
    assert "Not in the books" in press(coordinator, "unlink_customer", customer)


# --- what the pages say ---------------------------------------------------------


def test_a_linked_customer_shows_number_address_and_last_exchange(coordinator, connection, customer):
    link_to(customer, connection, remote_id="r9")

    page = card_of(coordinator, customer)

    assert "5012" in page
    assert 'href="https://acme.example/customer/r9"' in page
    assert "read from there" in page


def test_the_page_lists_documents_with_state_number_and_address(
    coordinator, connection, work_order, owner, worker, acme
):
    complete_work_order(work_order, by=owner)
    worker.run()
    [draft] = acme.created("invoice_draft")

    page = text_of(coordinator, "customer_books", work_order.customer)

    assert f"Draft {draft.receipt.number}" in page
    assert f"https://acme.example/draft/{draft.receipt.remote_id}" in page
    assert f"Draft {draft.receipt.number}" in card_of(coordinator, work_order.customer)
    assert "Created in Acme Books" in page


def test_the_history_tells_what_happened_here_and_there(coordinator, connection, customer, acme, owner):
    acme.put(THEIRS)
    press(coordinator, "link_customer", customer, reference=GUID, confirm="1")
    Change.objects.create(
        organization=customer.organization,
        subject_id=customer.pk,
        local_model="fieldwork.Customer",
        local_id=customer.pk,
        source=Change.Source.BOOKS,
        fields={"phone": ["08-1", "<i>08-2</i>"], "is_company": ["false", "true"]},
    )

    page = text_of(coordinator, "customer_books", customer)

    assert "Linked by hand" in page
    assert "Read from Acme Books" in page
    assert "<dt>Phone</dt>" in page
    assert "08-1</span> → &lt;i&gt;08-2&lt;/i&gt;" in page
    assert "no</span> → yes" in page


def test_a_long_history_comes_in_pages_of_constant_cost(coordinator, connection, customer):
    Change.objects.bulk_create(
        Change(
            organization=customer.organization,
            subject_id=customer.pk,
            local_model="fieldwork.Customer",
            local_id=customer.pk,
            source=Change.Source.HERE,
            fields={"phone": [str(n), str(n + 1)]},
        )
        for n in range(60)
    )

    with CaptureQueriesContext(database) as captured:
        page = text_of(coordinator, "customer_books", customer, page="2")

    assert "of 3" in page
    assert len(captured) <= 18


def test_the_panel_of_the_card_costs_four_statements(connection, customer, other, acme, owner):
    link_to(other, connection)
    create_now(connection, customer, by=owner)

    for each in (customer, other):
        with CaptureQueriesContext(database) as captured:
            panel = customer_panel(each)
            assert panel.is_linked
            assert panel.last_exchange is not None
        assert len(captured) == 4


def test_the_card_costs_as_much_with_many_people_and_work_orders(coordinator, connection, customer, work_order, owner):
    def statements() -> int:
        with CaptureQueriesContext(database) as captured:
            card_of(coordinator, customer)
        return len(captured)

    link_to(customer, connection)
    card_of(coordinator, customer)  # what a process reads once
    few = statements()
    for n in range(15):
        ContactPerson.objects.create(customer=customer, first_name=f"Eva {n}")
        WorkSite.objects.create(customer=customer, name=f"Trapphus {n}")
        WorkOrder.objects.create(
            organization=customer.organization,
            customer=customer,
            number=f"W{n}",
            title="Byte",
            status=work_order.status,
        )
    queue_work_orders(connection, list(customer.work_orders.all()))

    assert statements() == few


def test_other_books_are_named_on_the_card(coordinator, connection, customer):
    link_to(customer, connection)
    further = Books.objects.create(provider="acme_books", environment="x", remote_id="2", name="Second AB")
    Link.objects.create(
        books=further, kind="customer", remote_id="z", local_model="fieldwork.Customer", local_id=customer.pk
    )

    page = card_of(coordinator, customer)

    assert "In other books" in page
    assert "Second AB" in page


# --- whose it is ----------------------------------------------------------------

PAGES = ["customer_books", "add_customer", "link_customer", "unlink_customer", "use_counterpart"]


@pytest.mark.parametrize("name", PAGES)
def test_customers_and_the_books_are_the_offices_of_their_own_firm(
    performer, stranger, client, connection, customer, name
):
    before = Link.objects.count()

    for method in ("get", "post"):
        assert getattr(performer, method)(address(name, customer)).status_code == 403
        assert getattr(stranger, method)(address(name, customer)).status_code in (404, 405)
        assert getattr(client, method)(address(name, customer)).status_code == 302
    assert (Link.objects.count(), Operation.objects.count()) == (before, 0)


def test_another_firms_history_is_not_found(stranger, connection, customer):
    assert stranger.get(address("customer_books", customer)).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_without_books_nobody_is_added_or_linked(coordinator, organization, customer, name):
    page = press(coordinator, name, customer, reference="x", remote_id="x")

    assert "No accounting system is connected" in page or name in ("unlink_customer", "customer_books")
    assert not Link.objects.exists()
