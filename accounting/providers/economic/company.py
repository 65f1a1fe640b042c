"""The agreement behind a grant token."""

from __future__ import annotations

from collections.abc import Iterator

from accounting.cleaning import code, line
from accounting.errors import NotAllowed
from accounting.providers.economic.countries import code_of
from accounting.providers.economic.resources import AgreementType, CompanyDetails, Self, Settings
from accounting.types import Company, gettext_noop

DEVELOPER = "developer"
# The types of agreement that there are.
COUNTRIES = {"denmark": "DK", "sweden": "SE", "norway": "NO"}
PROJECT, INVENTORY, DIMENSION = ("proje", "prosje"), ("inventory", "lager"), ("dimension", "afdeling", "avdel")


def company_of(found: Self) -> Company:
    """Raises Unreadable for what no column can hold, NotAllowed for the agreement of the app's own developer."""
    details, settings = found.company or CompanyDetails(), found.settings or Settings()
    if (found.company_affiliation or "").strip().lower() == DEVELOPER:
        raise NotAllowed(
            gettext_noop(
                "This is the developer agreement that the app itself belongs to; it keeps no accounts. "
                "Log in to an agreement with accounts, or to a trial agreement, and add the app there."
            )
        )
    type_ = (found.agreement_type or AgreementType()).name or ""
    return Company(
        remote_id=str(found.agreement_number),
        name=line(details.name, "company.name", 200),
        organisation_number=line(details.company_identification_number, "company.companyIdentificationNumber", 40),
        country=COUNTRIES.get(type_.strip().lower(), "") or code_of(details.country) or "DK",
        currency=code(settings.base_currency, "settings.baseCurrency", 3),
        features=frozenset(features(found)),
    )


def features(found: Self) -> Iterator[str]:
    """Our words for what is switched on. An agreement that does not tell its modules is taken to have them."""
    modules = None if found.modules is None else [(each.name or "").casefold() for each in found.modules]
    yield "vouchers"
    # The vendor refuses every write on orders where stock is kept.
    if modules is None or not has(modules, INVENTORY):
        yield "orders"
    if modules is None or has(modules, PROJECT):
        yield "projects"
    if modules is not None and has(modules, DIMENSION):
        yield "cost_centers"


def has(modules: list[str], words: tuple[str, ...]) -> bool:
    return any(word in module for module in modules for word in words)
