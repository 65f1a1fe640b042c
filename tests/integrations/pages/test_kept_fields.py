"""What the books keep: read-only here where the owner gave it to them, a word beside the field where they did not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Model
from django.forms import BoundField
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fieldwork.field_notes import read_only_fields
from fieldwork.models import Customer, HourType, Material, User
from integrations.models import Case, Change, Connection, FieldOwner, Link, Operation, StreamSetting
from integrations.owning.groups import GROUPS
from integrations.repairing.fields import TYPED

pytestmark = pytest.mark.django_db

ALSO = "Also kept in Acme Books: a change made there replaces it."
ONLY = "Kept in Acme Books, and changed only there."
CONTACT = ("phone", "mobile", "email", "website")
Link_ = Callable[..., Link]


@pytest.fixture
def link(connection: Connection) -> Link_:
    """`link(customer)`: the record stands in the books."""

    def make(record: Model, **values: Any) -> Link:
        kind = "customer" if isinstance(record, Customer) else "article"
        return Link.objects.create(
            books=connection.books,
            kind=kind,
            remote_id="r1",
            local_model=record._meta.label,
            local_id=record.pk,
            **values,
        )

    return make


@pytest.fixture
def give(connection: Connection) -> Callable[..., None]:
    """`give("customer_contact")`: the owner gives these fields to the books."""

    def give_to_the_books(*groups: str, owner: str = "books") -> None:
        for group in groups:
            FieldOwner.objects.create(connection=connection, group=group, owner=owner)

    return give_to_the_books


def form_of(record: Model) -> str:
    name = {Customer: "customer_edit", Material: "material_edit", HourType: "hour_type_edit"}[type(record)]
    return reverse(f"fieldwork:{name}", args=[record.pk])


def boxes(client: Client, record: Model) -> dict[str, str]:
    """The part of the form's page that belongs to each field."""
    page = client.get(form_of(record)).content.decode().partition('<div class="form-actions">')[0]
    parts = re.split(r'<div class="field(?: check)?">', page)[1:]
    return {
        found[1]: part for part in parts if (found := re.search(r'<(?:input|select|textarea)[^>]* name="(\w+)"', part))
    }


def said(client: Client, record: Model, words: str) -> set[str]:
    return {name for name, part in boxes(client, record).items() if words in part}


def posted(client: Client, record: Model) -> dict[str, Any]:
    """What a page sends that knows of no locked fields, when nothing was changed on it."""
    return values_of(client.get(form_of(record)).context["form"])


def values_of(form: Iterable[BoundField]) -> dict[str, Any]:
    return {
        field.html_name: field.value() for field in form if field.value() is not None and field.value() is not False
    }


def test_nothing_is_said_of_a_record_that_the_books_do_not_have(coordinator, connection, customer, give):
    give("customer_contact")

    assert said(coordinator, customer, "Acme Books") == set()


def test_exactly_the_fields_in_which_the_books_count_say_so(coordinator, customer, link, give):
    link(customer)
    give("customer_contact", owner="ours")

    concerned = {column for group in GROUPS if Customer in group.models for column in group.columns} - set(CONTACT)

    assert said(coordinator, customer, ALSO) == concerned
    assert said(coordinator, customer, " disabled") == set()


def test_nothing_is_said_where_the_import_leaves_alone_what_is_here(coordinator, customer, link):
    link(customer)
    StreamSetting.objects.filter(stream="customers").update(overwrite=False)

    assert said(coordinator, customer, "Acme Books") == set()


def test_what_was_given_to_the_books_is_read_only_with_the_reason_beside_it(coordinator, customer, link, give):
    link(customer)
    give("customer_contact")

    parts = boxes(coordinator, customer)

    assert {name for name, part in parts.items() if " disabled" in part} == set(CONTACT)
    assert {name for name, part in parts.items() if ONLY in part} == set(CONTACT)
    assert "Open it there</a>" in parts["phone"]
    assert 'value="styrelsen@eken.example"' in parts["email"]


def test_a_field_of_the_books_that_is_posted_all_the_same_stays(coordinator, customer, link, give):
    link(customer)
    give("customer_contact")

    answer = coordinator.post(form_of(customer), posted(coordinator, customer) | {"phone": "070-9", "city": "Lund"})

    customer.refresh_from_db()
    assert answer.status_code == 302
    assert (customer.phone, customer.city) == ("", "Lund")
    assert Change.objects.get().fields == {"city": ["Solna", "Lund"]}


def test_what_came_from_the_books_meanwhile_is_not_written_over(coordinator, customer, link, give, monkeypatch):
    link(customer)
    give("customer_contact")
    values = posted(coordinator, customer) | {"city": "Lund"}
    validate = Customer.full_clean

    def validate_while_a_sync_writes(self: Customer, *args: Any, **kwargs: Any) -> None:
        validate(self, *args, **kwargs)
        Customer.objects.filter(pk=self.pk).update(phone="08-2")

    monkeypatch.setattr(Customer, "full_clean", validate_while_a_sync_writes)

    coordinator.post(form_of(customer), values)

    customer.refresh_from_db()
    assert (customer.phone, customer.city) == ("08-2", "Lund")


def test_a_value_of_the_books_that_we_would_refuse_keeps_nobody_from_saving_the_rest(coordinator, customer, link, give):
    Customer.objects.filter(pk=customer.pk).update(email="no address", website="www.eken.example")
    link(customer)
    give("customer_contact")

    answer = coordinator.post(form_of(customer), posted(coordinator, customer) | {"city": "Lund"})

    customer.refresh_from_db()
    assert answer.status_code == 302
    assert (customer.email, customer.website, customer.city) == ("no address", "www.eken.example", "Lund")


def test_a_price_of_the_books_is_read_only_and_the_rest_of_the_article_is_not(coordinator, material, link, give):
    link(material)
    give("article_price")

    parts = boxes(coordinator, material)
    coordinator.post(form_of(material), posted(coordinator, material) | {"price": "1", "unit": "st"})

    material.refresh_from_db()
    assert {name for name, part in parts.items() if " disabled" in part} == {"price", "price_includes_vat", "currency"}
    assert (material.price, material.unit) == (Decimal("89.50"), "st")


@pytest.mark.parametrize("end", ["gone from the books", "disconnected"])
def test_nothing_is_locked_when_nobody_over_there_keeps_it_any_more(coordinator, connection, customer, link, give, end):
    link(customer, gone_at=timezone.now() if end == "gone from the books" else None)
    give("customer_contact")
    if end == "disconnected":
        Connection.objects.filter(pk=connection.pk).update(state=Connection.State.DISCONNECTED)

    assert read_only_fields(customer) == frozenset()


def test_staff_cannot_change_it_either(client, customer, link, give):
    link(customer)
    give("customer_contact", "customer_name")
    client.force_login(User.objects.create_superuser(username="root", password="x", language="en"))
    address = reverse("admin:fieldwork_customer_change", args=[customer.pk])
    page = client.get(address)

    values = values_of(page.context["adminform"].form)
    for inline in page.context["inline_admin_formsets"]:
        values |= values_of(inline.formset.management_form)
    answer = client.post(address, values | {"phone": "070-9", "name": "Other", "city": "Lund"})

    customer.refresh_from_db()
    assert answer.status_code == 302
    assert (customer.name, customer.phone, customer.city) == ("Bostadsrättsföreningen Eken", "", "Lund")
    assert ONLY in page.content.decode()


def test_the_inbox_does_not_type_over_it(browser, connection, customer, link, give):
    link(customer)
    give("customer_address")
    operation = Operation.objects.create(
        organization=connection.organization,
        books=connection.books,
        kind="customer_update",
        business_key="one",
        reference="1001",
        local_model="fieldwork.Customer",
        local_id=customer.pk,
        state=Operation.State.BLOCKED,
        due_at=timezone.now(),
    )
    case = Case.objects.create(
        organization=connection.organization,
        connection=connection,
        operation=operation,
        code="postcode_missing",
        subject_kind="customer",
        subject_id=str(customer.pk),
        where="customer",
        field="postcode",
        sentence="%(record)s has no postcode.",
        values={"record": "Eken"},
    )

    page = browser.post(
        reverse("integrations:repair", args=[case.pk]), {"value": "999 99", "repair": TYPED.key}, follow=True
    )

    customer.refresh_from_db()
    assert customer.postcode == "123 45"
    assert ONLY in page.content.decode()
