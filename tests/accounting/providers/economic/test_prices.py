"""Amounts to the smallest coin, and the cases of which the vendor does not tell how they are rounded."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from accounting.providers.economic import PROVIDER
from accounting.types import DocumentLine, Totals
from tests.accounting.providers.economic.test_rules import COMPANY, CUSTOMER, DRAFT, LINE


def line(quantity: str, price: str, percent: str | None = "25", discount: str = "0") -> DocumentLine:
    return replace(
        LINE,
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        vat_percent=None if percent is None else Decimal(percent),
        discount_percent=Decimal(discount),
    )


@pytest.mark.parametrize(
    ("lines", "net", "vat"),
    [
        ([line("1.23", "1.12")], "1.38", "0.35"),
        ([line("2", "28.50", discount="10")], "51.30", "12.83"),
        ([line("1", "100"), line("1", "100", "0")], "200", "25"),
        ([line("3", "0.005")], "0.03", "0.01"),
        ([line("1", "100"), line("-1", "40")], "60", "15"),
        ([line("1", "100"), DocumentLine(text="Tekst")], "100", "25"),
    ],
)
def test_totals(lines: list[DocumentLine], net: str, vat: str) -> None:
    document = replace(DRAFT, lines=tuple(lines))

    assert PROVIDER.predict(document, COMPANY) == Totals(net=Decimal(net), vat=Decimal(vat))


def test_prices_with_vat_are_converted() -> None:
    document = replace(DRAFT, prices_include_vat=True, lines=(line("1", "125"),))

    assert PROVIDER.predict(document, COMPANY) == Totals(net=Decimal(100), vat=Decimal(25))


def test_nothing_is_promised_where_two_ways_of_rounding_differ() -> None:
    """Four times 0.0075: 0.03 on the whole document, 0.04 line by line."""
    assert PROVIDER.predict(replace(DRAFT, lines=(line("1", "0.03"),) * 4), COMPANY) is None


def test_nothing_is_promised_without_a_rate_or_for_a_record() -> None:
    assert PROVIDER.predict(replace(DRAFT, lines=(line("1", "1", None),)), COMPANY) is None
    assert PROVIDER.predict(CUSTOMER, COMPANY) is None
