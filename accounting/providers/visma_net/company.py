"""The company behind a login: its organisation, and up to which day its customer ledger is closed."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from accounting.answers import Malformed, Misshapen, decode
from accounting.cleaning import code, day, line
from accounting.errors import UnexpectedAnswer
from accounting.providers.visma_net.resources import Organization, Period
from accounting.types import Company, gettext_noop

FEATURES = frozenset({"orders", "projects", "vouchers"})


class Claims(msgspec.Struct):
    tenant_id: str = ""


def company_of(organizations: Sequence[Organization], periods: Sequence[Period], token: str) -> Company:
    """Raises Unreadable for what no column can hold, UnexpectedAnswer for a company without identity.

    One token is one tenant is one company, so the tenant that the token names tells companies apart, a copy for tests
    too. Where the token names none the organisation's own number must do.
    """
    if not organizations:
        raise UnexpectedAnswer(gettext_noop("The accounting system did not say which company this is."))
    first = min(organizations, key=lambda each: each.organization_cd or "")
    number = line(first.corporate_id, "corporateId", 40)
    identity = tenant_of(token) or ":".join(filter(None, (line(first.organization_cd, "organizationCd", 40), number)))
    if not identity:
        raise UnexpectedAnswer(gettext_noop("The accounting system did not say which company this is."))
    at_home = first.main_address.country if first.main_address else None
    country = at_home or first.default_country
    currency = first.currency.id if first.currency else None
    return Company(
        remote_id=identity,
        name=line(first.name, "name", 200),
        organisation_number=number,
        country=code(country.id if country else "", "mainAddress.country", 2),
        currency=code(currency or first.base_currency, "currency", 3),
        features=FEATURES,
        locked_until=locked_until(periods),
    )


def tenant_of(token: str) -> str:
    """The tenant in the login server's token; empty when there is none, or the token is of another make."""
    parts = token.split(".")
    if len(parts) != 3:
        return ""
    try:
        return decode(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)), Claims).tenant_id.strip().lower()
    except (ValueError, Malformed, Misshapen):
        return ""


def locked_until(periods: Sequence[Period]) -> date | None:
    """The last day of the last period whose customer ledger is closed.

    It is the day before the next period begins; whether the end that the books tell is still part of it is not said.
    """
    begins = sorted(
        (begun, bool(each.closed_in_customer_ledger), day(each.end_date, "endDate"))
        for each in periods
        if (begun := day(each.start_date, "startDate"))
    )
    closed = [place for place, (_, is_closed, _) in enumerate(begins) if is_closed]
    if not closed:
        return None
    last = closed[-1]
    return begins[last + 1][0] - timedelta(days=1) if last + 1 < len(begins) else begins[last][2]
