"""Amounts and quantities read as the user's language writes them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from fieldwork.templatetags.field_numbers import money, quantity

NBSP = "\xa0"


@pytest.mark.parametrize(
    ("language", "amount", "currency", "text"),
    [
        ("sv", "1234.5", "SEK", f"1{NBSP}234,50 SEK"),
        ("en", "1234.5000", "SEK", "1,234.50 SEK"),
        ("sv", "-0.125", "EUR", "-0,125 EUR"),
        ("sv", "100.0000", "", "100,00"),
    ],
)
def test_money_has_two_decimals_or_as_many_as_it_needs(language: str, amount: str, currency: str, text: str) -> None:
    with translation.override(language):
        assert money(Decimal(amount), currency) == text


@pytest.mark.parametrize(
    ("language", "number", "unit", "text"),
    [
        ("sv", "3.2500", "tim", "3,25 tim"),
        ("en", "100.0000", "st", "100 st"),
        ("sv", "12000", "", f"12{NBSP}000"),
        ("sv", "0.0000", "m", "0 m"),
    ],
)
def test_a_quantity_has_no_more_decimals_than_it_needs(language: str, number: str, unit: str, text: str) -> None:
    with translation.override(language):
        assert quantity(Decimal(number), unit) == text


def test_what_is_unknown_is_left_empty() -> None:
    assert (money(None, "SEK"), quantity(None, "m")) == ("", "")
