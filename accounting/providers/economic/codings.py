"""Product groups with the VAT that they mean: group → its account for domestic sales → VAT code → rate."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from accounting.answers import Malformed, Misshapen, decode, encode
from accounting.providers.economic.lists import Listing, ListPage, Lists
from accounting.providers.economic.resources import ProductGroup, SalesAccount, VatAccount
from accounting.providers.economic.wire import path_to

DOMESTIC = 1


def coding_page(lists: Lists, listing: Listing, position: str) -> ListPage:
    """A page of groups. Network: one GET, one for the rates, and one for each group; a firm has a handful."""
    page = lists.page(listing, position)
    if not page.data:
        return page
    rates = rates_of(lists)
    data = [with_rate(lists, raw, rates) for raw in page.data]
    return ListPage(data, page.next_position, page.total, page.server_time)


def rates_of(lists: Lists) -> dict[str, Decimal]:
    accounts = lists.everything(Listing("vat-accounts", "vat-accounts", ({},)), VatAccount)
    return {each.vat_code: each.rate_percentage or Decimal(0) for each in accounts}


def with_rate(lists: Lists, raw: msgspec.Raw, rates: dict[str, Decimal]) -> msgspec.Raw:
    """`{"group": …, "vatPercent": …}`; without the rate where the group cannot be read or has no such account."""
    try:
        group = decode(bytes(raw), ProductGroup).product_group_number
    except (Malformed, Misshapen):
        return msgspec.Raw(b'{"group":' + bytes(raw) + b"}")
    rate = domestic_rate(lists, group, rates)
    return msgspec.Raw(b'{"group":' + bytes(raw) + b',"vatPercent":' + encode(rate) + b"}")


def domestic_rate(lists: Lists, group: int, rates: dict[str, Decimal]) -> Decimal | None:
    """The rate of the account for customers at home; 0 for an account without VAT."""
    path = f"{path_to('product-groups', group)}/sales-accounts"
    for each in lists.everything(Listing("sales accounts", path, ({},)), SalesAccount):
        if each.vat_zone and each.vat_zone.vat_zone_number == DOMESTIC and each.sales_account:
            vat = each.sales_account.vat_account
            return rates.get(vat.vat_code or "") if vat else Decimal(0)
    return None
