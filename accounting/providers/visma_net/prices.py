"""Money as these books compute it: prices without VAT, lines rounded to two decimals, VAT once per rate.

Halves are rounded away from zero. A discount is rounded by itself before it is taken off. Invoices in cash rounding
are left to the books: what they round is seen when the document is read back.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from accounting.cleaning import rounded
from accounting.types import DocumentLine, SalesDocument, Totals

HUNDRED = Decimal(100)
PRICE_PLACES = 4


def exact_price(line: DocumentLine, document: SalesDocument) -> Decimal | None:
    """The unit price without VAT, unrounded; None when the line's VAT rate is needed and unknown."""
    if not document.prices_include_vat:
        return line.unit_price
    return None if line.vat_percent is None else line.unit_price / (1 + line.vat_percent / HUNDRED)


def unit_price(line: DocumentLine, document: SalesDocument) -> Decimal | None:
    """The unit price as it is sent."""
    exact = exact_price(line, document)
    return None if exact is None else rounded(exact, PRICE_PLACES)


def line_amount(price: Decimal, line: DocumentLine) -> Decimal:
    extended = rounded(price * line.quantity, 2)
    return extended - rounded(extended * line.discount_percent / HUNDRED, 2)


def predict_totals(document: SalesDocument) -> Totals | None:
    """The totals that the books will compute; None when a line's VAT rate is not known."""
    sums: dict[Decimal, Decimal] = defaultdict(Decimal)
    for line in document.article_lines:
        price = unit_price(line, document)
        if price is None or line.vat_percent is None:
            return None
        sums[line.vat_percent] += line_amount(price, line)
    vat = sum((rounded(amount * percent / HUNDRED, 2) for percent, amount in sums.items()), Decimal(0))
    return Totals(net=sum(sums.values(), Decimal(0)), vat=vat)
