"""Money as these books compute it: prices without VAT, two decimals everywhere, each line rounded by itself.

Which VAT a line gets is not written on it: the product's group and the customer's zone decide. Whether the VAT is
then rounded per line or once per rate is not documented.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from accounting.cleaning import rounded
from accounting.types import Company, DocumentLine, SalesDocument, Totals

HUNDRED = Decimal(100)


def exact_price(line: DocumentLine, document: SalesDocument) -> Decimal | None:
    """The unit price without VAT, unrounded; None when the line's VAT rate is needed and unknown."""
    if not document.prices_include_vat:
        return line.unit_price
    if line.vat_percent is None:
        return None
    return line.unit_price / (1 + line.vat_percent / HUNDRED)


def unit_price(line: DocumentLine, document: SalesDocument) -> Decimal | None:
    """The unit price as it is sent."""
    exact = exact_price(line, document)
    return None if exact is None else rounded(exact, 2)


def row_amount(price: Decimal, line: DocumentLine) -> Decimal:
    return rounded(price * line.quantity * (1 - line.discount_percent / HUNDRED), 2)


def predict_totals(document: SalesDocument, company: Company) -> Totals | None:
    """The totals that the books will compute, for a customer at home.

    None when a line's VAT rate is not known, and when rounding the VAT per line comes to something else than
    rounding it once per rate: which of the two the books do is not documented.
    """
    sums: dict[Decimal, Decimal] = defaultdict(Decimal)
    line_by_line = net = Decimal(0)
    for line in document.article_lines:
        price = unit_price(line, document)
        if price is None or line.vat_percent is None:
            return None
        amount = row_amount(price, line)
        net += amount
        sums[line.vat_percent] += amount
        line_by_line += rounded(amount * line.vat_percent / HUNDRED, 2)
    at_once = sum((rounded(amount * percent / HUNDRED, 2) for percent, amount in sums.items()), Decimal(0))
    return Totals(net=net, vat=at_once) if at_once == line_by_line else None
