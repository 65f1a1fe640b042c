"""The pre-flight rules: each one passes what the books take and names what they would refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounting.protocol import problems
from accounting.providers.visma_eaccounting import PROVIDER
from accounting.types import Address, Company, Contact, Document, DocumentLine, Problem
from tests.accounting.providers.visma_eaccounting.sample_books import (
    ANSWERS,
    LINE,
    new_article,
    new_customer,
    new_draft,
    new_order,
)

COMPANY = Company(
    remote_id="c",
    name="Rör & Värme",
    organisation_number="556016-0680",
    country="SE",
    currency="SEK",
    features=frozenset({"orders", "projects"}),
    locked_until=date(2026, 6, 30),
)
ADDRESS = Address(street="Storgatan 1", postcode="503 30", city="Borås", country="SE")


def found(document: Document, **company: Any) -> list[Problem]:
    return problems(PROVIDER, document, replace(COMPANY, **company))


def codes(document: Document, **company: Any) -> list[str]:
    return [problem.code for problem in found(document, **company)]


@pytest.mark.parametrize("make", [new_customer, new_article, new_draft, new_order])
def test_a_good_document_has_no_problem(make: Any) -> None:
    assert found(make()) == []


def test_every_problem_is_a_whole_sentence_for_its_place() -> None:
    worst = [
        new_customer(
            name="x" * 300,
            number="1" * 17,
            organisation_number="1" * 21,
            vat_number="x" * 21,
            email="x" * 256,
            phone="1" * 51,
            mobile="1" * 51,
            website="x" * 256,
            address=Address(street="x" * 51, street2="x" * 51, postcode=" ", city="x" * 51, country="Sweden"),
            delivery_name="x" * 101,
            delivery_address=Address(street="x" * 51, street2="x" * 51, postcode="x" * 11, city="x" * 51, country="1"),
            contact=Contact(name="x" * 101, email="@", phone="1" * 51, mobile="1" * 51),
            currency="kr",
            discount_percent=Decimal(-1),
            answers={},
        ),
        new_article(number="", name=" ", text="x" * 4001, price=Decimal(-1), answers={}),
        new_order(
            currency="KR1",
            dated=date(2026, 6, 30),
            your_reference="x" * 101,
            our_reference="x" * 101,
            delivery_name="x" * 101,
            delivery_address=Address(street="x" * 51, postcode="x" * 11, city="x" * 51),
            lines=(
                replace(
                    LINE,
                    text="x" * 2001,
                    quantity=Decimal("-1.00001"),
                    discount_percent=Decimal("100.001"),
                    unit_price=Decimal("1000.125"),
                    project_remote_id="p",
                ),
            ),
        ),
    ]
    everything = [each for document in worst for each in found(document, features=frozenset(), active=False)]

    assert len({each.code for each in everything}) > 40
    for each in everything:
        assert each.where in {"customer", "article", "work_order", "line", "connection"}
        assert str(each)[-1] in ".?"
        assert "%(" not in str(each)
        assert each.code == each.code.lower()
        assert each.where != "line" or each.local_id == "line-1"


# --- customers -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"name": ""}, "name_missing"),
        ({"address": replace(ADDRESS, postcode="")}, "postcode_missing"),
        ({"address": replace(ADDRESS, city=" ")}, "city_missing"),
        ({"answers": {}}, "terms_unanswered"),
        ({"organisation_number": "556016-0681"}, "organisation_number_invalid"),
        ({"organisation_number": "abc"}, "organisation_number_invalid"),
        ({"vat_number": "556016068001"}, "vat_number_invalid"),
        ({"vat_number": "SE556016068101"}, "vat_number_invalid"),
        ({"vat_number": "NO1"}, "vat_number_invalid"),
        ({"email": "eva"}, "email_invalid"),
        ({"email": "eva@bageriet"}, "email_invalid"),
        ({"email": "eva @bageriet.example"}, "email_invalid"),
        ({"contact": Contact(email="eva@")}, "contact_email_invalid"),
        ({"address": replace(ADDRESS, country="SWE")}, "country_invalid"),
        ({"delivery_address": Address(country="S1")}, "delivery_country_invalid"),
        ({"currency": "kr"}, "currency_invalid"),
        ({"discount_percent": Decimal("100.01")}, "discount_out_of_range"),
        ({"discount_percent": Decimal("-0.01")}, "discount_out_of_range"),
    ],
)
def test_a_customer_that_would_be_refused(members: dict[str, Any], code: str) -> None:
    assert codes(new_customer(**members)) == [code]


@pytest.mark.parametrize(
    ("part", "field", "limit", "code"),
    [
        ("", "name", 50, "name_too_long"),
        ("", "number", 16, "number_too_long"),
        ("", "phone", 50, "phone_too_long"),
        ("", "mobile", 50, "mobile_too_long"),
        ("", "website", 255, "website_too_long"),
        ("", "delivery_name", 100, "delivery_name_too_long"),
        ("address", "street", 50, "street_too_long"),
        ("address", "street2", 50, "street2_too_long"),
        ("address", "postcode", 10, "postcode_too_long"),
        ("address", "city", 50, "city_too_long"),
        ("delivery_address", "street", 50, "delivery_street_too_long"),
        ("delivery_address", "street2", 50, "delivery_street2_too_long"),
        ("delivery_address", "postcode", 10, "delivery_postcode_too_long"),
        ("delivery_address", "city", 50, "delivery_city_too_long"),
        ("contact", "name", 100, "contact_name_too_long"),
        ("contact", "phone", 50, "contact_phone_too_long"),
        ("contact", "mobile", 50, "contact_mobile_too_long"),
    ],
)
def test_a_text_of_a_customer_may_be_just_so_long(part: str, field: str, limit: int, code: str) -> None:
    def with_length(length: int) -> Document:
        customer = new_customer(address=ADDRESS)
        value = "x" * length
        if not part:
            return replace(customer, **{field: value})
        return replace(customer, **{part: replace(getattr(customer, part), **{field: value})})

    assert codes(with_length(limit)) == []
    (problem,) = found(with_length(limit + 1))
    assert (problem.code, problem.values["limit"]) == (code, str(limit))
    assert problem.field == code.removesuffix("_too_long")


@pytest.mark.parametrize(
    "number",
    ["556016-0680", "5560160680", "165560160680"[2:], "811228-9874", "19811228-9874", ""],
)
def test_companies_and_persons_have_swedish_numbers(number: str) -> None:
    assert codes(new_customer(organisation_number=number)) == []
    assert codes(new_customer(organisation_number=number, is_company=False)) == []


def test_numbers_of_other_countries_are_not_judged() -> None:
    abroad, nowhere = replace(ADDRESS, country="NO"), replace(ADDRESS, country="")

    assert codes(new_customer(organisation_number="923609016 MVA", address=abroad)) == []
    assert codes(new_customer(organisation_number="923609016"), country="NO") == ["organisation_number_invalid"]
    assert codes(new_customer(organisation_number="923609016", address=nowhere), country="NO") == []


@pytest.mark.parametrize(
    "number", ["SE556016068001", "se 556016-0680 01", "NO923609016MVA", "FI20774740", "EL094259216", ""]
)
def test_vat_numbers_have_a_form_and_in_the_eu_check_digits(number: str) -> None:
    assert codes(new_customer(vat_number=number)) == []


def test_a_vat_number_needs_a_country() -> None:
    nowhere = replace(ADDRESS, country="")

    assert codes(new_customer(vat_number="SE556016068001", address=nowhere)) == []
    assert codes(new_customer(vat_number="SE556016068001", address=nowhere), country="") == ["country_missing"]


# --- articles ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"number": ""}, "article_number_missing"),
        ({"name": " "}, "article_name_missing"),
        ({"number": "1" * 41}, "article_number_too_long"),
        ({"name": "x" * 51}, "article_name_too_long"),
        ({"text": "x" * 4001}, "article_text_too_long"),
        ({"price": Decimal("-0.01")}, "price_out_of_range"),
        ({"price": Decimal("79200000.01")}, "price_out_of_range"),
        ({"answers": {name: value for name, value in ANSWERS.items() if name != "coding_goods"}}, "coding_unanswered"),
        ({"answers": {name: value for name, value in ANSWERS.items() if name != "unit_goods"}}, "unit_unanswered"),
    ],
)
def test_an_article_that_would_be_refused(members: dict[str, Any], code: str) -> None:
    assert codes(new_article(**members)) == [code]


@pytest.mark.parametrize(
    "members",
    [
        {"number": "1" * 40, "name": "x" * 50, "text": "x" * 4000},
        {"price": Decimal(0)},
        {"price": Decimal(79_200_000)},
        {"coding_remote_id": "c", "unit_remote_id": "u", "answers": {}},
        {"is_service": True, "answers": {"coding_service": "c", "unit_service": "u"}},
    ],
)
def test_an_article_that_is_taken(members: dict[str, Any]) -> None:
    assert codes(new_article(**members)) == []


def test_the_repair_of_an_unanswered_coding_is_its_own_question() -> None:
    assert [each.field for each in found(new_article(is_service=True, answers={"unit_service": "u"}))] == [
        "coding_service"
    ]
    assert [each.field for each in found(new_article(answers={"unit_goods": "u"}))] == ["coding_goods"]


# --- orders and drafts -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"lines": ()}, "no_article_line"),
        ({"lines": (DocumentLine(text="Just words"),)}, "no_article_line"),
        ({"lines": (LINE,) * 1000}, "too_many_lines"),
        ({"lines": (replace(LINE, text="x" * 2001),)}, "line_text_too_long"),
        ({"lines": (replace(LINE, quantity=Decimal("0.333")),)}, "quantity_decimals"),
        ({"lines": (replace(LINE, discount_percent=Decimal("5.125")),)}, "discount_out_of_range"),
        ({"lines": (replace(LINE, discount_percent=Decimal(101)), LINE)}, "discount_out_of_range"),
        ({"lines": (replace(LINE, unit_price=Decimal("39.996"), quantity=Decimal(100)),)}, "price_decimals"),
        ({"lines": (replace(LINE, quantity=Decimal(-1)),)}, "total_not_positive"),
        ({"lines": (replace(LINE, unit_price=Decimal(0)),)}, "total_not_positive"),
        ({"your_reference": "x" * 101}, "your_reference_too_long"),
        ({"our_reference": "x" * 101}, "our_reference_too_long"),
        ({"delivery_name": "x" * 51}, "delivery_name_too_long"),
        ({"delivery_address": Address(street="x" * 51)}, "delivery_street_too_long"),
        ({"delivery_address": Address(postcode="x" * 11)}, "delivery_postcode_too_long"),
        ({"currency": ""}, "currency_invalid"),
        ({"dated": date(2026, 6, 30)}, "period_locked"),
    ],
)
def test_a_draft_that_would_be_refused(members: dict[str, Any], code: str) -> None:
    assert codes(new_draft(**members)) == [code]


@pytest.mark.parametrize(
    "members",
    [
        {"lines": (LINE,) * 999},
        {"lines": (replace(LINE, quantity=Decimal("0.3300")),)},
        {"lines": (replace(LINE, text="x" * 2000),)},
        {"lines": (DocumentLine(text="x" * 9000), LINE)},
        {"lines": (replace(LINE, unit_price=Decimal("39.996"), quantity=Decimal(1)),)},
        {"lines": (LINE, replace(LINE, quantity=Decimal(-1)))},
        {"your_reference": "x" * 100, "our_reference": "x" * 100, "delivery_name": "x" * 50},
        {"dated": date(2026, 7, 1)},
    ],
)
def test_a_draft_that_is_taken(members: dict[str, Any]) -> None:
    assert codes(new_draft(**members)) == []


def test_an_order_takes_four_decimals_and_a_longer_name() -> None:
    line = replace(LINE, quantity=Decimal("0.3333"))

    assert codes(new_order(lines=(line,), delivery_name="x" * 100)) == []
    assert codes(new_order(lines=(replace(line, quantity=Decimal("0.33333")),))) == ["quantity_decimals"]
    assert codes(new_order(delivery_name="x" * 101)) == ["delivery_name_too_long"]


def test_foreign_currency_takes_four_decimals_of_a_price() -> None:
    line = replace(LINE, unit_price=Decimal("39.9961"), quantity=Decimal(100))

    assert codes(new_draft(lines=(line,))) == ["price_decimals"]
    assert codes(new_draft(lines=(line,), currency="EUR")) == []


def test_our_reference_counts_where_it_stands_in_your_reference() -> None:
    answers = {"reference_carrier": "your_reference"}

    assert codes(new_draft(your_reference="x" * 88, answers=answers)) == []
    assert codes(new_draft(your_reference="x" * 89, answers=answers)) == ["your_reference_too_long"]


def test_a_private_person_s_prices_need_a_rate_only_where_they_include_vat() -> None:
    draft = new_draft(customer_is_company=False, lines=(replace(LINE, vat_percent=None),))

    assert codes(draft) == []
    assert codes(draft, private_prices_include_vat=True) == ["vat_missing"]


def test_what_is_switched_off_is_known_before_sending() -> None:
    line = replace(LINE, project_remote_id="p")

    assert codes(new_order(), features=frozenset()) == ["orders_off"]
    assert codes(new_draft(), features=frozenset()) == []
    assert codes(new_draft(lines=(line,)), features=frozenset()) == ["projects_off"]
    assert codes(new_draft(lines=(line,))) == []
    assert codes(new_customer(), active=False) == ["company_inactive"]
    assert codes(new_draft(dated=date(2020, 1, 1)), locked_until=None) == []
