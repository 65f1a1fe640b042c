"""Rows arrive in bulk and change just what the books own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.db import DataError, IntegrityError, transaction

from fieldwork.models import ContactPerson, Customer, Organization, Project, WorkOrderLine
from integrations.among import among
from integrations.placing.upsert import Target, upsert

NAMES = Target(model=Customer, columns=("number", "name", "note"), owned=frozenset({"name"}))
PROJECTS = Target(model=Project, columns=("number", "name", "customer_id", "starts_on"), owned=frozenset({"name"}))
CONTACTS = Target(
    model=ContactPerson,
    parent="customer_id",
    columns=("first_name",),
    owned=frozenset({"first_name"}),
    conflict="customer_id",
    where="is_reference",
)


def test_new_rows_get_the_models_defaults(organization: Organization) -> None:
    key = uuid4()

    upsert(NAMES, [(key, "7", "Eken", "våning 3")], same={"organization_id": organization.pk})

    made = Customer.objects.get()
    assert (made.pk, made.number, made.name, made.note) == (key, "7", "Eken", "våning 3")
    assert (made.is_company, made.country, made.discount_percent) == (True, "SE", Decimal(0))
    assert made.created_at == made.updated_at


def test_existing_rows_change_only_in_what_the_books_own(organization: Organization, customer: Customer) -> None:
    rows = [(customer.pk, "other", "New name", "other"), (uuid4(), "8", "Second", "")]

    upsert(NAMES, rows, same={"organization_id": organization.pk})

    before, customer = customer, Customer.objects.get(pk=customer.pk)
    assert customer.name == "New name"
    assert (customer.number, customer.note, customer.created_at) == (before.number, before.note, before.created_at)
    assert customer.updated_at > before.updated_at
    assert Customer.objects.count() == 2


def test_references_dates_and_nothing_are_stored(organization: Organization, customer: Customer) -> None:
    day = date(2026, 3, 1)
    rows = [(uuid4(), "P1", "One", customer.pk, day), (uuid4(), "P2", "Two", None, day)]

    upsert(PROJECTS, rows, same={"organization_id": organization.pk})

    assert list(Project.objects.values_list("number", "customer", "starts_on")) == [
        ("P1", customer.pk, day),
        ("P2", None, day),
    ]


def test_a_partial_index_may_be_the_key(customer: Customer) -> None:
    colleague = ContactPerson.objects.create(customer=customer, first_name="Olle")
    same = {"is_reference": True}

    upsert(CONTACTS, [(uuid4(), customer.pk, "Eva")], same=same)
    upsert(CONTACTS, [(uuid4(), customer.pk, "Anna")], same=same)

    assert ContactPerson.objects.get(is_reference=True).first_name == "Anna"
    colleague.refresh_from_db()
    assert colleague.first_name == "Olle"


def test_without_owned_columns_existing_rows_stay(organization: Organization, customer: Customer) -> None:
    keep = Target(model=Customer, columns=("name",), owned=frozenset())

    upsert(keep, [(customer.pk, "Other"), (uuid4(), "New")], same={"organization_id": organization.pk})

    assert set(Customer.objects.values_list("name", flat=True)) == {customer.name, "New"}


def test_decimals_arrive_to_the_last_digit(organization: Organization) -> None:
    target = Target(model=Customer, columns=("name", "discount_percent"), owned=frozenset())
    amounts = [Decimal("0.10"), Decimal("33.33"), Decimal(100)]

    upsert(target, [(uuid4(), str(each), each) for each in amounts], same={"organization_id": organization.pk})

    assert sorted(Customer.objects.values_list("discount_percent", flat=True)) == amounts


@pytest.mark.parametrize("count", [1, 2500])
def test_one_statement_whatever_the_number(
    organization: Organization, count: int, django_assert_num_queries: Callable
) -> None:
    rows: list[tuple[UUID, str, str, str]] = [(uuid4(), str(n), f"Customer {n}", "") for n in range(count)]

    with django_assert_num_queries(1):
        upsert(NAMES, rows, same={"organization_id": organization.pk})
    with django_assert_num_queries(1):
        found = list(Customer.objects.filter(among("id", [row[0] for row in rows])))

    assert len(found) == count


def test_among_finds_texts_with_any_sign(organization: Organization) -> None:
    odd = ["", "it's", 'say "no"', "åäö", "{1,2}", "100%"]
    upsert(NAMES, [(uuid4(), name and f"n{name}", name, "") for name in odd], same={"organization_id": organization.pk})

    assert Customer.objects.filter(among("name", [*odd, "unknown"])).count() == len(odd)
    assert not Customer.objects.filter(among("name", [])).exists()


def test_a_row_that_breaks_a_rule_breaks_the_statement(organization: Organization) -> None:
    rows = [(uuid4(), "7", "One", ""), (uuid4(), "7", "Two", "")]

    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        upsert(NAMES, rows, same={"organization_id": organization.pk})

    assert not Customer.objects.exists()


def test_nothing_to_write_is_no_statement(django_assert_num_queries: Callable, db: None) -> None:
    with django_assert_num_queries(0):
        upsert(Target(model=WorkOrderLine, columns=("text",), owned=frozenset()), [], same={})
