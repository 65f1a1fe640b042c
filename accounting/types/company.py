"""One accounting company, and the addresses and people on its records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class Company:
    """One accounting company as its books describe it.

    `features` holds our words for what is switched on: orders, projects, vouchers,
    cost_centers, house_work, reverse_charge. `locked_until` is the last locked day.
    """

    remote_id: str
    name: str
    organisation_number: str
    country: str
    currency: str
    active: bool = True
    features: frozenset[str] = frozenset()
    locked_until: date | None = None
    private_prices_include_vat: bool = False
    rounds_to_whole: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    street: str = ""
    street2: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Contact:
    """The reference person. The books hold one name; we hold two and join them."""

    name: str = ""
    email: str = ""
    phone: str = ""
    mobile: str = ""
