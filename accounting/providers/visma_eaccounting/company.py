"""The company behind a login, out of its settings."""

from __future__ import annotations

from collections.abc import Iterator

from accounting.cleaning import code, day, line
from accounting.errors import UnexpectedAnswer
from accounting.providers.visma_eaccounting.resources import CompanySettings
from accounting.types import Company, gettext_noop

ACTIVE = 1
HALF_AWAY_FROM_ZERO = 1
# Standard, Invoicing and Pro; the others have neither quotes nor orders.
VARIANTS_WITH_ORDERS = frozenset({1, 2, 5})
ORDERS_MODULE = "sales_standard"


def company_of(settings: CompanySettings) -> Company:
    """Raises Unreadable for what no column can hold, UnexpectedAnswer for a company without identity."""
    number = line(settings.corporate_identity_number, "CorporateIdentityNumber", 40)
    identity = line(settings.company_identifier, "CompanyIdentifier", 100) or number
    if not identity:
        raise UnexpectedAnswer(gettext_noop("The accounting system did not say which company this is."))
    return Company(
        remote_id=identity,
        name=line(settings.name, "Name", 200),
        organisation_number=number,
        country=code(settings.country_code, "CountryCode", 2),
        currency=code(settings.currency_code, "CurrencyCode", 3),
        active=settings.company_status in (ACTIVE, None),
        features=frozenset(features(settings)),
        locked_until=day(settings.accounting_locked_to, "AccountingLockedTo"),
        # On the wire the setting is "show prices without VAT". Only a clear no means that they are with VAT.
        private_prices_include_vat=settings.show_prices_excl_vat_pc is False,
        rounds_to_whole=settings.domestic_currency_rounding == HALF_AWAY_FROM_ZERO,
    )


def features(settings: CompanySettings) -> Iterator[str]:
    """Our words for what is switched on. What the settings do not say counts as on: the books will tell."""
    modules = settings.activated_modules
    has_module = modules is None or ORDERS_MODULE in {each.strip().lower() for each in modules}
    if has_module and settings.product_variant in (*VARIANTS_WITH_ORDERS, None):
        yield "orders"
    if settings.uses_project is not False:
        yield "projects"
    yield "vouchers"
    if settings.uses_cost_center:
        yield "cost_centers"
    if settings.uses_rot_reduced_invoicing:
        yield "house_work"
    if settings.uses_reverse_construction_vat:
        yield "reverse_charge"
