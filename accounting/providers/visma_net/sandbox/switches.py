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

    refresh_tokens: str = one_of("one-time", "re-use")
    refresh_grace: int = 0  # how long a used refresh token still works, in the one-time regime
    access_token_lifetime: int = 3600
    code_lifetime: int = 300
    tenant_claim: str = one_of("tenant_id", "")  # the name of the tenant in the token; the vendor's is not documented
    rate_limit: int = 0  # per hour, client and company; 0 is none
    retry_after: bool = True
    same_request_limit: int = 0  # the same request this often in a minute; 0 is none
    page_cap: int = 1000
    filters: str = one_of("obeyed", "ignored")  # unknown filters are ignored, and perhaps known ones
    filter_zone: str = one_of("company", "utc")
    stamps: str = one_of("offset", "utc", "bare")
    not_found: str = one_of("message", "empty")
    background: str = one_of("asked", "always")  # ERP writes are queued when the header asks for it, or all of them
    background_polls: int = 1  # how often a queued job says that it has begun before it says that it is finished
    background_location: str = one_of("headers", "list", "missing")
    locations: str = one_of("https", "http", "relative", "missing")
    put_answers: str = one_of("204", "200", "location")
    reference_on_invoice: str = one_of("customerRefNumber", "externalReference", "nowhere")


@dataclass(slots=True)
class CompanySwitches:
    """One company: what its administrator has approved, and how it is set up."""

    approved: bool = True  # the app, in the App Store
    licence: bool = True
    orders_approved: bool = True  # the scopes of the sales order service
    customer_numbers: str = one_of("auto", "manual")
    currency_override: bool = False
    closed_to: str | None = None  # the last closed day of the customer ledger, YYYY-MM-DD


def flip(switches: ServiceSwitches | CompanySwitches, wanted: dict[str, Any]) -> None:
    """Sets the switches of those names. Raises BadOrder for a value that the switch does not have."""
    known = {each.name: each for each in fields(switches)}
    for name, value in wanted.items():
        allowed = known[name].metadata.get("values")
        if allowed and value not in allowed:
            raise BadOrder(f"{name} is one of {', '.join(map(repr, allowed))}, not {value!r}.")
        before = getattr(switches, name)
        if before is not None and value is not None and not isinstance(value, type(before)):
            raise BadOrder(f"{name} is like {before!r}, not {value!r}.")
        setattr(switches, name, value)


def names(of: type[ServiceSwitches | CompanySwitches]) -> list[str]:
    return [each.name for each in fields(of)]
