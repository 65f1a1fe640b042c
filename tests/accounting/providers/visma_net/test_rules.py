"""What would be refused is known before it is sent, with the place to mend it."""

# ruff: noqa: E501  (a case a line reads better)

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounting.protocol import problems
from accounting.providers.visma_net import PROVIDER
from accounting.types import Company, Document, Problem
from tests.accounting.providers.visma_net.test_bodies import ARTICLE, DRAFT, FULL_ARTICLE, FULL_CUSTOMER, LINES, ORDER

COMPANY = Company(
    remote_id="x",
    name="Fjordlys Elektro AS",
    organisation_number="987654325",
    country="NO",
    currency="NOK",
    features=frozenset({"orders", "projects"}),
    locked_until=date(2025, 12, 31),
)


def found(document: Document, company: Company = COMPANY) -> list[Problem]:
    return problems(PROVIDER, document, company)


@pytest.mark.parametrize("document", [FULL_CUSTOMER, FULL_ARTICLE, ORDER, DRAFT], ids=lambda each: each.kind)
def test_what_is_right_is_right(document: Document) -> None:
    assert found(document) == []


CASES: list[tuple[Document, str, str, str]] = [
    (replace(FULL_CUSTOMER, name=" "), "name_missing", "customer", "name"),
    (replace(FULL_CUSTOMER, name="x" * 256), "name_too_long", "customer", "name"),
    (replace(FULL_CUSTOMER, number="x" * 31), "number_too_long", "customer", "number"),
    (replace(FULL_CUSTOMER, email="x"), "email_invalid", "customer", "email"),
    (replace(FULL_CUSTOMER, currency="kr"), "currency_invalid", "customer", "currency"),
    (replace(FULL_CUSTOMER, organisation_number="974760674"), "organisation_number_invalid", "customer", "organisation_number"),
    (replace(FULL_CUSTOMER, address=replace(FULL_CUSTOMER.address, street="x" * 51)), "street_too_long", "customer", "street"),
    (replace(FULL_CUSTOMER, delivery_address=replace(FULL_CUSTOMER.address, city="x" * 51)), "delivery_city_too_long", "customer", "delivery_city"),
    (replace(FULL_CUSTOMER, address=replace(FULL_CUSTOMER.address, country="Norge")), "country_invalid", "customer", "country"),
    (replace(FULL_CUSTOMER, answers={}), "customer_class_unanswered", "connection", "customer_class"),
    (replace(FULL_ARTICLE, number=""), "article_number_missing", "article", "number"),
    (replace(FULL_ARTICLE, name=" "), "article_name_missing", "article", "name"),
    (replace(FULL_ARTICLE, number="x" * 31), "article_number_too_long", "article", "number"),
    (replace(FULL_ARTICLE, price=Decimal(-1)), "price_out_of_range", "article", "price"),
    (ARTICLE, "item_class_unanswered", "connection", "item_class_goods"),
    (replace(ARTICLE, is_service=True), "item_class_unanswered", "connection", "item_class_service"),
    (replace(ORDER, reference="x" * 41), "reference_too_long", "work_order", "reference"),
    (replace(ORDER, your_reference="x" * 41), "your_reference_too_long", "work_order", "your_reference"),
    (replace(ORDER, title="x" * 256), "title_too_long", "work_order", "title"),
    (replace(ORDER, currency="kr"), "currency_invalid", "work_order", "currency"),
    (replace(ORDER, lines=(replace(LINES[0], text="x" * 2049), *LINES[2:3])), "lines_too_long", "work_order", "lines"),
    (replace(ORDER, delivery_address=replace(ORDER.delivery_address, street="x" * 51)), "delivery_street_too_long", "work_order", "delivery_street"),
    (replace(ORDER, lines=LINES[:2]), "no_article_line", "work_order", "lines"),
    (replace(ORDER, lines=LINES[3:]), "total_not_positive", "work_order", "lines"),
    (replace(ORDER, lines=(LINES[2], replace(LINES[2], project_remote_id=""))), "several_projects", "work_order", "project"),
    (replace(DRAFT, dated=date(2025, 12, 31)), "period_locked", "work_order", "dated"),
    (replace(DRAFT, lines=(replace(LINES[0], text="x" * 2049), *LINES[2:3])), "lines_too_long", "work_order", "lines"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "code", "where", "field"), CASES, ids=[case[1] for case in CASES])
def test_what_is_wrong_is_named(document: Any, code: str, where: str, field: str) -> None:
    (problem,) = found(document)

    assert (problem.code, problem.where, problem.field) == (code, where, field)
    assert "%(" not in str(problem)


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"text": "x" * 257}, "line_text_too_long", "text"),
        ({"quantity": Decimal("1.1234567")}, "quantity_decimals", "quantity"),
        ({"discount_percent": Decimal(101)}, "discount_out_of_range", "discount_percent"),
        ({"unit_price": Decimal("0.12345"), "quantity": Decimal(1000)}, "price_decimals", "unit_price"),
    ],
)
def test_what_is_wrong_with_a_line_is_shown_at_the_line(changes: dict[str, Any], code: str, field: str) -> None:
    wrong = replace(LINES[2], local_id="7", **changes)
    dear = replace(LINES[2], unit_price=Decimal(9999))
    (problem,) = found(replace(ORDER, lines=(dear, wrong)))

    assert (problem.code, problem.where, problem.field, problem.local_id) == (code, "line", field, "7")
    assert "%(" not in str(problem)


def test_a_price_that_must_be_converted_needs_a_rate() -> None:
    without = replace(ORDER, prices_include_vat=True, lines=(replace(LINES[2], vat_percent=None),))

    assert [problem.code for problem in found(without)] == ["vat_missing"]


def test_an_order_may_be_dated_in_a_closed_period_and_books_without_one_close_nothing() -> None:
    assert found(replace(ORDER, dated=date(2025, 12, 31))) == []
    assert found(replace(DRAFT, dated=date(2020, 1, 1)), replace(COMPANY, locked_until=None)) == []


def test_a_foreign_customer_and_a_person_have_other_numbers() -> None:
    swedish = replace(FULL_CUSTOMER.address, country="SE")
    assert found(replace(FULL_CUSTOMER, organisation_number="556677-8899", address=swedish)) == []
    assert found(replace(FULL_CUSTOMER, is_company=False, organisation_number="01010112345")) == []


def test_everything_is_told_at_once() -> None:
    assert {problem.code for problem in found(replace(FULL_CUSTOMER, name="", email="x", answers={}))} == {
        "name_missing",
        "email_invalid",
        "customer_class_unanswered",
    }
