"""Totals to the smallest coin: what we predict is what the books compute."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounting.providers.visma_eaccounting import PROVIDER
from accounting.providers.visma_eaccounting.sandbox.amounts import Line, add_up, row_amount
from accounting.types import Company, DocumentLine, Totals
from tests.accounting.providers.visma_eaccounting.sample_books import LINE, new_article, new_customer, new_draft

COMPANY = Company(remote_id="c", name="Rör", organisation_number="", country="SE", currency="SEK")


def line(price: str, quantity: str = "1", *, vat: str | None = "25", discount: str = "0") -> DocumentLine:
    return replace(
        LINE,
        unit_price=Decimal(price),
        quantity=Decimal(quantity),
        vat_percent=None if vat is None else Decimal(vat),
        discount_percent=Decimal(discount),
    )


def predicted(*lines: DocumentLine, company: dict[str, Any] | None = None, **members: Any) -> Totals:
    totals = PROVIDER.predict(new_draft(lines=lines, **members), replace(COMPANY, **(company or {})))
    assert totals is not None
    return totals


@pytest.mark.parametrize(
    ("lines", "net", "vat"),
    [
        ([line("10.02"), line("10.02"), line("10.02")], "30.06", "7.52"),
        ([line("100", "3.25", discount="5")], "308.75", "77.19"),
        ([line("0.125", "3")], "0.39", "0.10"),
        ([line("100"), line("100", vat="12"), line("100", vat="0")], "300", "37.00"),
        ([line("10.10", vat="12"), line("0.02", vat="12")], "10.12", "1.21"),
        ([line("100"), line("100", "-0.5")], "50", "12.50"),
        ([line("100"), DocumentLine(text="words")], "100", "25"),
    ],
)
def test_rows_are_rounded_each_and_vat_once_per_rate(lines: list[DocumentLine], net: str, vat: str) -> None:
    totals = predicted(*lines)

    assert (totals.net, totals.vat, totals.rounding) == (Decimal(net), Decimal(vat), 0)


@pytest.mark.parametrize(
    ("price", "rounding"), [("100.40", "0.50"), ("100", "0"), ("80.36", "-0.45"), ("80.40", "0.50"), ("0.40", "0.50")]
)
def test_the_sum_may_be_rounded_to_the_krona_halves_away_from_zero(price: str, rounding: str) -> None:
    totals = predicted(line(price), company={"rounds_to_whole": True})

    assert totals.rounding == Decimal(rounding)
    assert totals.total == totals.total.to_integral_value()


def test_another_currency_is_not_rounded() -> None:
    assert predicted(line("100.30"), company={"rounds_to_whole": True}, currency="EUR").rounding == 0


def test_prices_with_vat_have_it_taken_out_of_the_sum() -> None:
    totals = predicted(
        line("100", "3"),
        customer_is_company=False,
        company={"private_prices_include_vat": True, "rounds_to_whole": True},
    )

    assert (totals.net, totals.vat, totals.total) == (Decimal("300.00"), Decimal("75.00"), 375)


def test_records_have_no_totals_and_neither_have_lines_without_a_rate() -> None:
    assert PROVIDER.predict(new_customer(), COMPANY) is None
    assert PROVIDER.predict(new_article(), COMPANY) is None
    assert PROVIDER.predict(new_draft(lines=(line("100", vat=None),)), COMPANY) is None


prices = st.decimals(min_value=0, max_value=99999, places=2)
quantities = st.decimals(min_value=-99, max_value=999, places=2)
rates = st.sampled_from([Decimal(0), Decimal(6), Decimal(12), Decimal(25)])
discounts = st.decimals(min_value=0, max_value=100, places=2)
some_lines = st.lists(
    st.builds(
        lambda price, quantity, rate, discount: replace(
            LINE, unit_price=price, quantity=quantity, vat_percent=rate, discount_percent=discount
        ),
        prices,
        quantities,
        rates,
        discounts,
    ),
    min_size=1,
    max_size=8,
)


@given(some_lines, st.booleans(), st.booleans())
def test_the_prediction_is_what_the_stand_in_computes(
    lines: list[DocumentLine], includes_vat: bool, to_whole: bool
) -> None:
    totals = predicted(
        *lines,
        prices_include_vat=includes_vat,
        customer_is_company=not includes_vat,
        company={"private_prices_include_vat": includes_vat, "rounds_to_whole": to_whole},
    )

    rows = [
        Line(
            row_amount(each.unit_price, each.quantity, each.discount_percent / 100),
            each.vat_percent or Decimal(0),
            None,
        )
        for each in lines
    ]
    theirs = add_up(rows, includes_vat=includes_vat, to_whole=to_whole)
    assert (totals.net, totals.vat, totals.rounding) == (theirs.net, theirs.vat, theirs.rounding)
    assert totals.total == theirs.total
