"""What can be switched about the service and about one company, mostly where the vendor's own word is missing.

The values that the switches start with are the documented behaviour, or else the stricter one.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from accounting.sandbox import BadOrder


def one_of(*values: Any) -> Any:
    """A switch that starts with the first of these and takes no other value."""
    return field(default=values[0], metadata={"values": values})


@dataclass(slots=True)
class ServiceSwitches:
    """The whole service. Times in seconds."""

    refresh_tokens: str = one_of("rotating", "reusable")
    refresh_grace: int = 0  # how long a used refresh token still works, in the rotating regime
    access_token_lifetime: int = 3600
    code_lifetime: int = 300
    invalid_client_status: int = one_of(400, 401)
    rate_limit: int = 600  # per minute, client and endpoint; 0 is none
    retry_after: bool = False
    page_cap: int = 1000
    pages_of_nothing: int = one_of(0, 1)  # TotalNumberOfPages of an empty list
    not_found: str = one_of("documented", "404", "400")
    conflict_status: int = one_of(400, 409)
    unknown_members: str = one_of("ignore", "refuse")
    surplus_decimals: str = one_of("refuse", "round")
    dates: str = one_of("date", "date-time")
    nulls: str = one_of("null", "missing")
    empty_answers: bool = False  # a POST that succeeded answers without a body
    lists_lag: int = 0  # how long a new record does not appear in lists yet
    not_filterable: tuple[str, ...] = ()  # e.g. orders.YourReference
    vat_register: str = one_of("up", "down")
    vat_numbers_unknown: tuple[str, ...] = ()


@dataclass(slots=True)
class CompanySwitches:
    """One company: what is licensed, switched on and locked."""

    api_standard: bool = True
    sales_standard: bool = True
    product_variant: int = one_of(5, 1, 2, 3, 4, 6)
    company_status: int = one_of(1, 0, 2)
    startup_guide_completed: bool = True
    licence_accepted: bool = True
    real_company: bool = False  # True refuses clients that are for sandbox companies only
    uses_project: bool = True
    uses_cost_center: bool = True
    uses_rot: bool = True
    uses_reverse_charge: bool = True
    uses_payment_reference: bool = True
    show_prices_excl_vat_pc: bool = False  # False: prices to private persons include VAT
    keep_original_draft_date: bool = False
    rounding: int = one_of(1, 0)  # DomesticCurrencyRounding
    locked_to: str | None = None  # AccountingLockedTo, YYYY-MM-DD


def flip(switches: ServiceSwitches | CompanySwitches, wanted: dict[str, Any]) -> None:
    """Sets the switches of those names. Raises BadOrder for a value that the switch does not have."""
    known = {each.name: each for each in fields(switches)}
    for name, value in wanted.items():
        allowed = known[name].metadata.get("values")
        if allowed and value not in allowed:
            raise BadOrder(f"{name} is one of {', '.join(map(str, allowed))}, not {value!r}.")
        before, now = getattr(switches, name), tuple(value) if isinstance(value, list) else value
        if before is not None and now is not None and not isinstance(now, type(before)):
            raise BadOrder(f"{name} is like {before!r}, not {now!r}.")
        setattr(switches, name, now)


def names(of: type[ServiceSwitches | CompanySwitches]) -> list[str]:
    return [each.name for each in fields(of)]
