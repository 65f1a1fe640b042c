"""Money as the services compute it: rows rounded to two decimals, VAT once per category, halves away from zero."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from accounting.providers.visma_net.sandbox.books import Books
from accounting.providers.visma_net.sandbox.values import Json

CENT = Decimal("0.01")
ZERO = Decimal(0)
HOME_ZONE = "01"


def rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Amounts:
    net: Decimal
    vat: Decimal
    per_category: dict[str, tuple[Decimal, Decimal, Decimal]]

    @property
    def total(self) -> Decimal:
        return self.net + self.vat


def line_amount(quantity: Decimal, price: Decimal, discount_percent: Decimal) -> tuple[Decimal, Decimal]:
    """What a line comes to, and its discount."""
    extended = rounded(quantity * price)
    discount = rounded(extended * discount_percent / 100)
    return extended - discount, discount


def rate_of(books: Books, category: str, zone: str) -> Decimal:
    """The VAT rate per cent of a category in a zone; nothing is charged outside the country."""
    record = books.tables["vatCategory"].get(category)
    if record is None or zone != HOME_ZONE:
        return ZERO
    rates = [Decimal(rate["vatRate"]) for line in record["vatCategoryLines"] for rate in line["vatRates"]]
    return max(rates, default=ZERO)


def amounts_of(books: Books, lines: Iterable[tuple[Decimal, str]], zone: str) -> Amounts:
    """The sums of lines, each an amount and its VAT category."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for amount, category in lines:
        sums[category] += amount
    per_category = {
        category: (rate := rate_of(books, category, zone), amount, rounded(amount * rate / 100))
        for category, amount in sums.items()
    }
    return Amounts(
        net=sum(sums.values(), ZERO),
        vat=sum((vat for _, _, vat in per_category.values()), ZERO),
        per_category=per_category,
    )


def zone_of(customer: Json) -> str:
    return str((customer.get("vatZone") or {}).get("id") or HOME_ZONE)
