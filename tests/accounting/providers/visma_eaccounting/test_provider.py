"""The provider as data, the company, the questions, and the login page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from accounting import login
from accounting.auth import AuthorizationCode
from accounting.errors import UnexpectedAnswer
from accounting.providers.visma_eaccounting import PROVIDER
from accounting.registry import provider_for
from accounting.types import Choice, Receipt, Stage
from tests.accounting import openapi
from tests.accounting.providers.visma_eaccounting.sample_books import SampleBooks
from tests.accounting.providers.visma_eaccounting.samples import guid


def test_the_registry_finds_it() -> None:
    assert provider_for("visma_eaccounting") is PROVIDER
    assert PROVIDER.label == "Visma eAccounting"


def test_the_real_service_is_the_default() -> None:
    assert PROVIDER.environment["VISMA_EACCOUNTING_API_URL"] == "https://eaccountingapi.vismaonline.com/v2"
    assert PROVIDER.environment["VISMA_EACCOUNTING_IDENTITY_URL"] == "https://identity.vismaonline.com"
    assert PROVIDER.environment["VISMA_EACCOUNTING_CLIENT_ID"] == ""
    assert PROVIDER.environment["VISMA_EACCOUNTING_CLIENT_SECRET"] == ""


def test_the_login_page_asks_which_company_and_for_what_we_need() -> None:
    site = {**PROVIDER.environment, "VISMA_EACCOUNTING_CLIENT_ID": "us", "VISMA_EACCOUNTING_CLIENT_SECRET": "secret"}

    url = login.authorization_url(PROVIDER.logins[0], site, redirect_uri="https://us.example", flow=login.new_flow())

    query = parse_qs(urlsplit(url).query)
    assert url.startswith("https://identity.vismaonline.com/connect/authorize?")
    assert query["scope"] == ["ea:api offline_access ea:sales ea:accounting"]
    assert query["prompt"] == ["select_account"]
    assert query["acr_values"] == ["service:44643EB1-3F76-4C1C-A672-402AE8085934"]


def test_every_permission_and_every_step_of_the_checklist_is_a_sentence() -> None:
    assert isinstance(PROVIDER.logins[0], AuthorizationCode)
    sentences = [each.sentence for each in PROVIDER.logins[0].permissions] + list(PROVIDER.checklist)

    assert all(re.fullmatch(r"[A-Z].*\.", each) for each in sentences)


def test_the_vendor_s_description_knows_the_scopes_that_we_ask_for() -> None:
    description = openapi.load("eaccounting.openapi.json")
    flows = description.content["components"]["securitySchemes"]["oauth2"]["flows"]["authorizationCode"]
    assert isinstance(PROVIDER.logins[0], AuthorizationCode)

    assert {each.scope for each in PROVIDER.logins[0].permissions} <= set(flows["scopes"])


def test_an_invoice_has_an_address_and_the_rest_the_front_door() -> None:
    site = {"VISMA_EACCOUNTING_WEB_URL": "https://eaccounting.vismaonline.com/"}

    links = {stage: PROVIDER.link(site, Receipt(stage=stage, remote_id="38fe43cc")) for stage in Stage}

    assert links.pop(Stage.INVOICE) == "https://eaccounting.vismaonline.com/#/sales/customerinvoice/38fe43cc"
    assert set(links.values()) == {"https://eaccounting.vismaonline.com/"}


# --- the company ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "different"),
    [
        ({"CompanyIdentifier": None}, {"remote_id": "556016-0680"}),
        ({"CompanyStatus": 0}, {"active": False}),
        ({"CompanyStatus": 2}, {"active": False}),
        ({"CompanyStatus": None}, {}),
        ({"AccountingLockedTo": "0001-01-01T00:00:00"}, {"locked_until": None}),
        ({"AccountingLockedTo": None}, {"locked_until": None}),
        ({"AccountingLockedTo": "2026-06-30T00:00:00"}, {"locked_until": date(2026, 6, 30)}),
        ({"ShowPricesExclVatPC": True}, {"private_prices_include_vat": False}),
        ({"ShowPricesExclVatPC": None}, {"private_prices_include_vat": False}),
        ({"DomesticCurrencyRounding": 0}, {"rounds_to_whole": False}),
        ({"CountryCode": "se", "CurrencyCode": " sek"}, {}),
        ({"Name": " Rör &  Värme i Borås AB "}, {}),
    ],
)
def test_a_company_is_read_from_its_settings(
    samples: SampleBooks, members: dict[str, Any], different: dict[str, Any]
) -> None:
    samples.settings |= members

    assert samples.ledger().company() == replace(samples.company, **different)


@pytest.mark.parametrize(
    ("members", "gone", "new"),
    [
        ({"ActivatedModules": ["api_standard"]}, {"orders"}, set()),
        ({"ActivatedModules": ["API_STANDARD", " Sales_Standard "]}, set(), set()),
        ({"ActivatedModules": None, "ProductVariant": None, "UsesProject": None}, set(), set()),
        ({"ProductVariant": 3}, {"orders"}, set()),
        ({"ProductVariant": 4}, {"orders"}, set()),
        ({"UsesProject": False}, {"projects"}, set()),
        (
            {"UsesRotReducedInvoicing": False, "UsesReverseConstructionVat": None},
            {"house_work", "reverse_charge"},
            set(),
        ),
        ({"UsesCostCenter": True}, set(), {"cost_centers"}),
    ],
)
def test_what_is_switched_on(samples: SampleBooks, members: dict[str, Any], gone: set[str], new: set[str]) -> None:
    samples.settings |= members

    assert samples.ledger().company().features == samples.company.features - gone | new


@pytest.mark.parametrize(
    "members",
    [
        {"CompanyIdentifier": None, "CorporateIdentityNumber": " "},
        {"CountryCode": "SWE"},
        {"AccountingLockedTo": "soon"},
        {"Name": None},
    ],
)
def test_a_company_that_cannot_be_told_is_none(samples: SampleBooks, members: dict[str, Any]) -> None:
    samples.settings |= members

    with pytest.raises(UnexpectedAnswer):
        samples.ledger().company()


# --- questions -----------------------------------------------------------------------


def test_choices_are_what_suits_the_question(samples: SampleBooks) -> None:
    ledger = samples.ledger()

    assert ledger.choices("terms_of_payment") == [
        Choice(value=guid("10 dagar netto"), label="10 dagar netto"),
        Choice(value=guid("30 days"), label="30 dagar netto"),
    ]
    assert ledger.choices("coding_goods") == [
        Choice(value=guid("Böcker"), label="Böcker (6 %)"),
        Choice(value=guid("Varor 25 %"), label="Varor 25 %"),
    ]
    assert ledger.choices("coding_service") == [Choice(value=guid("Tjänster 25 %"), label="Tjänster 25 %")]
    assert Choice(value=guid("tim"), label="Timme (tim)") in ledger.choices("unit_service")
    assert [each.value for each in ledger.choices("reference_carrier")] == ["closing_row", "your_reference"]


def test_codings_of_unknown_type_are_all_offered(samples: SampleBooks) -> None:
    for each in samples.lists["articleaccountcodings"]:
        each["Type"] = "?"

    assert len(samples.ledger().choices("coding_service")) == 3


def test_what_is_needed_is_asked_for_by_the_kinds_that_need_it() -> None:
    required = {each.key: each.needed_for for each in PROVIDER.questions if each.required}

    assert required == {
        "terms_of_payment": {"customer"},
        "coding_goods": {"article"},
        "coding_service": {"article"},
    }
    kinds = {kind.kind for kind in PROVIDER.writes}
    assert all(each.needed_for <= kinds for each in PROVIDER.questions)
