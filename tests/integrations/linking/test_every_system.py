"""The company page with every accounting system that has a stand-in, over real HTTP: link by reference, update, add.

No system is named: what is found is tried.
"""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounting.protocol import ShowsRecords, person_kept
from accounting.registry import provider_for
from accounting.types import Contact, ContactRecord, CustomerRecord
from fieldwork.models import ContactPerson, Customer
from integrations.connections import open_ledger
from integrations.linking.inquiring import shown
from integrations.models import Attempt, Connection, Lease, Link
from integrations.pipelines import PIPELINES
from integrations.presenting.people import keeps_persons
from integrations.revising import update_customer_now
from integrations.sending.updating import in_words
from integrations.sync import Reader, read_stream
from tests.integrations.connecting.test_every_system import SYSTEMS, System, browser, stages, system  # noqa: F401

# One login of each is enough here.
USUAL = [(key, login) for key, login in SYSTEMS if login == provider_for(key).logins[0].key]

pytestmark = [
    pytest.mark.parametrize("system", USUAL, indirect=True, ids="-".join),
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("statuses"),
    pytest.mark.long,
]


@pytest.fixture
def connection(system: System, browser: Client) -> Connection:  # noqa: F811
    """Connected, with the customers read once."""
    made = system.connected(browser)
    lease = Lease.take(made, owner=uuid4().hex)
    assert lease is not None
    for stream in ("terms", "customers", "contacts"):
        if PIPELINES[stream].record not in made.ledger_provider.reads:
            continue
        read_stream(Reader(connection=made, ledger=open_ledger(made), lease=lease), PIPELINES[stream], full=True)
    lease.release()
    for question in made.ledger_provider.questions:
        for choice in list(open_ledger(made).choices(question.key))[:1]:
            made.answers.create(question=question.key, value=choice.value, label=choice.label)
    return made


@pytest.fixture
def customer(connection: Connection) -> Customer:
    """One of the books, with a whole address."""
    linked = Link.objects.filter(kind="customer").values("local_id")
    found = Customer.objects.filter(pk__in=linked, is_company=True).exclude(postcode="").exclude(city="")
    return found.order_by("number")[0]


def there(connection: Connection, customer: Customer) -> CustomerRecord:
    return shown(open_ledger(connection), Link.objects.get(kind="customer", local_id=customer.pk).remote_id)


def press(client: Client, name: str, customer: Customer, **data: str) -> str:
    return client.post(reverse(f"integrations:{name}", args=[customer.pk]), data, follow=True).content.decode()


def test_what_changed_here_is_overwritten_there_and_nothing_else(browser, connection, customer):  # noqa: F811
    before = there(connection, customer)
    wanted = {
        "phone": "031-77 88 99",
        "email": "ny@kund.example",
        "street": "Nygatan 7",
        "website": "https://ny.example",
    }
    Customer.objects.filter(pk=customer.pk).update(**wanted)
    ContactPerson.objects.filter(customer=customer).delete()
    ContactPerson.objects.create(customer=customer, first_name="Eva", last_name="Ek", is_reference=True)

    page = browser.get(reverse("integrations:update_customer", args=[customer.pk]))
    update = page.context["update"]
    told = press(browser, "update_customer", customer, seal=update.seal)

    after = there(connection, customer)
    assert {each.row.field for each in update.rows} == {"phone", "email", "address", "website", "contact"}
    assert after.contact.name == (before.contact.name if keeps_persons(connection) else "Eva Ek")
    assert "is up to date in" in told, list(Attempt.objects.values_list("sentence", "outcome"))
    assert (after.phone, after.email, after.address.street) == ("031-77 88 99", "ny@kund.example", "Nygatan 7")
    assert (after.name, after.number, after.terms_remote_id) == (before.name, before.number, before.terms_remote_id)
    assert after.discount_percent == before.discount_percent
    again = browser.get(reverse("integrations:update_customer", args=[customer.pk]))
    assert again.context["update"].rows == []


def test_a_pasted_reference_and_a_number_mean_the_customer(browser, connection, customer):  # noqa: F811
    link = Link.objects.get(kind="customer", local_id=customer.pk)
    for typed in (link.remote_id, link.remote_number):
        link.delete()

        page = press(browser, "link_customer", customer, reference=typed)
        told = press(browser, "link_customer", customer, reference=link.remote_id, confirm="1")

        assert "Link to this one?" in page
        assert customer.name.replace("&", "&amp;") in page
        assert "is linked to" in told
        link = Link.objects.get(kind="customer", local_id=customer.pk)


def test_somebody_alike_over_there_is_found_before_another_is_made(browser, connection, customer):  # noqa: F811
    Link.objects.filter(kind="customer", local_id=customer.pk).delete()
    Customer.objects.filter(pk=customer.pk).update(number="")

    page = press(browser, "add_customer", customer)

    assert "Is it one of these?" in page
    assert "the same organisation number" in page


def test_a_reference_person_goes_there(browser, connection, customer):  # noqa: F811
    person = {"first_name": "Eva", "last_name": "Ek", "email": "eva@ek.example", "direct_phone": "", "mobile": ""}

    told = press(browser, "reference_person", customer, send="1", **person)

    assert "is up to date in" in told or "Eva Ek is in" in told


def test_what_changed_on_a_reference_person_is_overwritten_there(browser, connection, customer):  # noqa: F811
    ContactPerson.objects.filter(customer=customer).delete()
    person = ContactPerson.objects.create(customer=customer, first_name="Eva", last_name="Ek", is_reference=True)
    update_customer_now(connection, customer, ["contact"], by=None)
    changed = {"last_name": "Holm", "email": "eva@holm.example", "direct_phone": "070-123 45 67"}
    ContactPerson.objects.filter(pk=person.pk).update(**changed)

    page = browser.get(reverse("integrations:update_customer", args=[customer.pk]))
    [row] = [each.row for each in page.context["update"].rows]
    told = press(browser, "update_customer", customer, seal=page.context["update"].seal)

    known = Contact(name="Eva Holm", email="eva@holm.example", phone="070-123 45 67")
    kept = person_kept(connection.ledger_provider, known)
    assert (row.field, row.before, row.after) == ("contact", "Eva Ek", in_words(kept))
    assert "is up to date in" in told, list(Attempt.objects.values_list("sentence", "outcome"))
    now = person_there(connection, customer, person)
    assert (now.name, now.email, now.phone) == (kept.name, kept.email, kept.phone)
    again = browser.get(reverse("integrations:update_customer", args=[customer.pk]))
    assert again.context["update"].rows == []


def person_there(connection: Connection, customer: Customer, person: ContactPerson) -> Contact | ContactRecord:
    """The person as the books show them: on the customer, or on a record of their own."""
    if not keeps_persons(connection):
        return there(connection, customer).contact
    ledger = open_ledger(connection)
    assert isinstance(ledger, ShowsRecords)
    return ledger.record(ContactRecord, Link.objects.get(kind="contact", local_id=person.pk).remote_id)
