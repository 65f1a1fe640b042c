"""Money as the service computes it: exact decimals, rounded half away from zero, VAT per rate.

Assumption where the vendor is silent: `TotalAmount` (on orders `Amount`) is what the customer pays, VAT and rounding to
the whole krona included.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

ZERO = Decimal("0.00")


def rounded(value: Decimal | int, places: int = 2) -> Decimal:
    """The value with that many decimals, halves away from zero (which decimal calls HALF_UP)."""
    return Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Line:
    """What an article row comes to. `amount` includes VAT if the document's prices do."""

    amount: Decimal
    vat_percent: Decimal
    account: int | None


@dataclass(frozen=True, slots=True)
class VatGroup:
    """All rows of one rate."""

    percent: Decimal
    net: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class Totals:
    groups: tuple[VatGroup, ...]
    rounding: Decimal

    @property
    def net(self) -> Decimal:
        return sum((group.net for group in self.groups), ZERO)

    @property
    def vat(self) -> Decimal:
        return sum((group.vat for group in self.groups), ZERO)

    @property
    def total(self) -> Decimal:
        return self.net + self.vat + self.rounding


def row_amount(price: Decimal, quantity: Decimal, discount: Decimal) -> Decimal:
    """A row's amount; the discount is a fraction."""
    return rounded(price * quantity * (1 - discount))


def add_up(lines: Iterable[Line], *, includes_vat: bool, to_whole: bool) -> Totals:
    """The document's totals; with `to_whole` the sum to pay is a whole number."""
    sums: dict[Decimal, Decimal] = {}
    for line in lines:
        sums[line.vat_percent] = sums.get(line.vat_percent, ZERO) + line.amount
    groups = tuple(vat_group(percent, amount, includes_vat=includes_vat) for percent, amount in sorted(sums.items()))
    exact = sum((group.net + group.vat for group in groups), ZERO)
    return Totals(groups, rounded(exact, 0) - exact if to_whole else ZERO)


def vat_group(percent: Decimal, amount: Decimal, *, includes_vat: bool) -> VatGroup:
    if not includes_vat:
        return VatGroup(percent, amount, rounded(amount * percent / 100))
    vat = rounded(amount * percent / (100 + percent))
    return VatGroup(percent, amount - vat, vat)


# What one unit of a currency is worth in kronor.
RATES = {"EUR": Decimal("11.25"), "NOK": Decimal("0.97"), "DKK": Decimal("1.51"), "USD": Decimal("10.40")}


def exchange_rate(currency: str) -> Decimal:
    return RATES.get(currency, Decimal(1))
