"""Amounts and quantities as the user's language writes them."""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.formats import number_format

register = template.Library()


@register.filter
def money(amount: Decimal | None, currency: str = "") -> str:
    """`1 234,50 SEK` in Swedish; more than two decimals only where the amount has them.

    Without a currency the column's heading must say it.
    """
    if amount is None:
        return ""
    decimals = max(2, _decimals(amount))
    return f"{number_format(amount, decimal_pos=decimals, force_grouping=True)} {currency}".strip()


@register.filter
def quantity(number: Decimal | None, unit: str = "") -> str:
    """`3,25 tim` in Swedish; no more decimals than the number has."""
    if number is None:
        return ""
    return f"{number_format(number, decimal_pos=_decimals(number), force_grouping=True)} {unit}".strip()


def _decimals(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
