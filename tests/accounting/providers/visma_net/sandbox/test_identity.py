"""The login server: by tenant, by person, and tokens that are refused everywhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
from werkzeug.test import Client

from accounting.providers.visma_net.sandbox.identity import ALL_SERVICE_SCOPES
from accounting.sandbox import BadOrder
from tests.accounting.providers.visma_net.sandbox.api import Api

TENANT = {"grant_type": "client_credentials", "scope": ALL_SERVICE_SCOPES}


def test_a_tenant_lets_the_app_in_without_a_refresh_token(api: Api) -> None:
    granted = api.token_for(**TENANT, tenant_id=api.sandbox.books.id).body

    assert (granted["expires_in"], granted["token_type"], "refresh_token" in granted) == (3600, "Bearer", False)
    api.token = granted["access_token"]
    assert api.get("/v1/organization").body[0]["name"] == "Fjordlys Elektro AS"
    assert api.get("/api/v3/SalesOrders").status == 200
    api.sandbox.clock.offset += timedelta(seconds=3601)
    assert api.get("/v1/organization").status == 401


def test_another_tenant_is_another_company(api: Api) -> None:
    other = list(api.sandbox.companies.values())[1]
    api.token = api.token_for(**TENANT, tenant_id=other.id).body["access_token"]

    assert api.get("/v1/organization").body[0]["corporateId"] == other.org_number
    assert api.get("/v1/customer/10001").body["name"] != "Nidaros Borettslag"


def test_the_customers_tenant_gets_a_token_that_is_refused_everywhere(api: Api) -> None:
    granted = api.token_for(**TENANT, tenant_id=api.sandbox.customer_tenant)
    api.token = granted.body["access_token"]

    assert granted.status == 200
    assert {api.get(path).status for path in ("/v1/organization", "/v1/customer", "/api/v3/SalesOrders")} == {401}


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"tenant_id": "448c9118-9b7d-4a9e-a9f7-183cf0607bc8"}, "invalid_tenant"),
        ({"tenant_id": ""}, "invalid_tenant"),
        ({"scope": "vismanet_erp_service_api:everything"}, "invalid_scope"),
        ({"scope": ""}, "invalid_scope"),
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "invalid_grant"),
    ],
    ids=str,
)
def test_who_is_not_let_in(api: Api, form: dict[str, str], error: str) -> None:
    refused = api.token_for(**{**TENANT, "tenant_id": api.sandbox.books.id, **form})

    assert (refused.status, refused.body) == (400, {"error": error})


@pytest.mark.parametrize(
    ("switch", "error"), [({"approved": False}, "invalid_tenant"), ({"orders_approved": False}, "invalid_scope")]
)
def test_what_the_administrator_has_not_approved(api: Api, switch: dict[str, bool], error: str) -> None:
    api.switch(**switch)

    assert api.token_for(**TENANT, tenant_id=api.sandbox.books.id).body == {"error": error}


def test_a_scope_that_was_not_granted_and_a_licence_that_ended(api: Api) -> None:
    api.token = api.sandbox.grant(scopes="vismanet_erp_service_api:read")["access_token"]
    assert (api.get("/v1/customer").status, api.get("/api/v3/SalesOrders").status) == (200, 403)
    assert api.call("POST", "/v1/customer", {}).status == 403

    api.switch(licence=False)
    assert api.get("/v1/customer").body["ExceptionFaultCode"] == "12027"


def test_a_person_goes_through_the_pages(api: Api) -> None:
    browser = Client(api.sandbox)
    query = {
        "response_type": "code",
        "client_id": next(iter(api.sandbox.identity.clients)),
        "redirect_uri": "http://127.0.0.1:8000/back",
        "scope": "vismanet_erp_interactive_api:read offline_access",
        "state": "s",
    }
    login = browser.get("/identity/connect/authorize", query_string=query, follow_redirects=True)
    assert "no real Visma" in login.text
    flow = login.request.args["flow"]
    wrong = browser.post(
        "/identity/account/login", data={"flow": flow, "email": "kari@fjordlys.example", "password": "x"}
    )
    assert (wrong.status_code, "wrong" in wrong.text) == (400, True)
    person = {"flow": flow, "email": "kari@fjordlys.example", "password": "demo"}
    companies = browser.post("/identity/account/login", data=person, follow_redirects=True)
    assert "Fjordlys Service AS" in companies.text
    chosen = {"flow": flow, "company": api.sandbox.books.id}
    consent = browser.post("/identity/account/company", data=chosen, follow_redirects=True)
    assert "ERP: read, on your behalf" in consent.text
    back = browser.post("/identity/consent", data={"flow": flow, "answer": "grant"})

    assert back.status_code == 302
    assert back.location.startswith("http://127.0.0.1:8000/back?code=")
    assert browser.get("/identity/consent", query_string={"flow": flow}).status_code == 400


def test_the_control_desk_says_what_there_is(api: Api) -> None:
    said = api.sandbox.describe()

    assert [each["name"] for each in said["companies"]] == ["Fjordlys Elektro AS", "Fjordlys Service AS"]
    assert said["customer_tenant"] not in {each["tenant_id"] for each in said["companies"]}
    for order in (
        {"switches": {"sparkle": 1}},
        {"switches": {"filters": "sometimes"}},
        {"company": "Nobody", "switches": {}},
    ):
        with pytest.raises(BadOrder):
            api.sandbox.switch(order)
    for order in (
        {"resource": "sparkle"},
        {"resource": "customer", "action": "juggle"},
        {"resource": "customer", "where": {"number": "77"}},
    ):
        with pytest.raises(BadOrder):
            api.sandbox.change_records(order)
    with pytest.raises(BadOrder):
        api.sandbox.sign_in({"url": "x", "user": "nobody@nowhere.example"})
    with pytest.raises(BadOrder):
        api.sandbox.sign_in({"url": "http://x/?client_id=nobody"})
