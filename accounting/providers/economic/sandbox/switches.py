"""What can be switched about the service and about one agreement, mostly where the vendor's own word is missing.

The values that the switches start with are what was seen, or else the stricter way.
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
    """Both hosts."""

    rate_limit: int = 10_000  # cost per minute and agreement; 0 is none
    retry_after: str = one_of("seconds", "date", "none")
    page_cap: int = 1000  # the legacy host gives no larger pages, whatever is asked for
    cursor_size: int = 1000
    deleted_status: int = one_of(204, 200)
    not_filterable: tuple[str, ...] = ()  # e.g. orders/sent.references.other
    handles: bool = True  # documents carry their `soap` handle
    idempotency: bool = True
    refusals_are_kept: bool = False  # whether a refusal, too, is repeated for the same Idempotency-Key
    numbers_are_reused: bool = True  # the highest number is given again after its record was deleted
    empty_answers: bool = False  # a POST that succeeded answers without a body
    nulls: str = one_of("missing", "null")  # how the legacy host writes what is empty
    lists_lag: int = 0  # seconds for which a new document does not appear in lists


@dataclass(slots=True)
class AgreementSwitches:
    """One agreement: its modules and settings."""

    project: bool = True
    inventory: bool = False
    dimension: bool = False
    affiliation: str = one_of("E-conomic", "Developer")
    vat_rounding: str = one_of("document", "line")
    roles: tuple[str, ...] = ("SuperUser",)


def flip(switches: ServiceSwitches | AgreementSwitches, wanted: dict[str, Any]) -> None:
    """Sets the switches of those names. Raises BadOrder for a value that the switch does not have."""
    known = {each.name: each for each in fields(switches)}
    for name, value in wanted.items():
        allowed = known[name].metadata.get("values")
        if allowed and value not in allowed:
            raise BadOrder(f"{name} is one of {', '.join(map(str, allowed))}, not {value!r}.")
        before, now = getattr(switches, name), tuple(value) if isinstance(value, list) else value
        if not isinstance(now, type(before)):
            raise BadOrder(f"{name} is like {before!r}, not {now!r}.")
        setattr(switches, name, now)


def names(of: type[ServiceSwitches | AgreementSwitches]) -> list[str]:
    return [each.name for each in fields(of)]
