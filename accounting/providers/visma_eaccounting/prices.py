"""Money as these books compute it: rows rounded to two decimals, VAT once per rate, the total perhaps to the krona.

Halves are rounded away from zero. Prices to private persons include VAT where the company says so, and
then the VAT is taken out of the sum of the rows.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from accounting.cleaning import rounded
from accounting.types import Company, DocumentLine, SalesDocument, Totals

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class PriceRule:
    """How prices stand on one document: with or without VAT, and with how many decimals."""

    include_vat: bool
    places: int


def price_rule(document: SalesDocument, company: Company) -> PriceRule:
    foreign = document.currency != company.currency
    return PriceRule(
        include_vat=company.private_prices_include_vat and not document.customer_is_company,
        places=4 if foreign else 2,
    )


def exact_price(line: DocumentLine, document: SalesDocument, *, include_vat: bool) -> Decimal | None:
    """The unit price with or without VAT, unrounded; None when the line's VAT rate is needed and unknown."""
    if document.prices_include_vat == include_vat:
        return line.unit_price
    if line.vat_percent is None:
        return None
    factor = 1 + line.vat_percent / HUNDRED
    return line.unit_price * factor if include_vat else line.unit_price / factor


def unit_price(line: DocumentLine, document: SalesDocument, rule: PriceRule) -> Decimal | None:
    """The unit price as it is sent."""
    exact = exact_price(line, document, include_vat=rule.include_vat)
    return None if exact is None else rounded(exact, rule.places)


def row_amount(price: Decimal, line: DocumentLine) -> Decimal:
    return rounded(price * line.quantity * (1 - line.discount_percent / HUNDRED), 2)


def predict_totals(document: SalesDocument, company: Company) -> Totals | None:
    """The totals that the books will compute; None when a line's VAT rate is not known."""
    rule = price_rule(document, company)
    sums: dict[Decimal, Decimal] = defaultdict(Decimal)
    for line in document.article_lines:
        price = unit_price(line, document, rule)
        if price is None or line.vat_percent is None:
            return None
        sums[line.vat_percent] += row_amount(price, line)
    net = vat = Decimal(0)
    for percent, amount in sums.items():
        part = rounded(amount * percent / (HUNDRED + percent if rule.include_vat else HUNDRED), 2)
        vat += part
        net += amount - part if rule.include_vat else amount
    to_whole = company.rounds_to_whole and document.currency == company.currency
    return Totals(net=net, vat=vat, rounding=rounded(net + vat, 0) - net - vat if to_whole else Decimal(0))
