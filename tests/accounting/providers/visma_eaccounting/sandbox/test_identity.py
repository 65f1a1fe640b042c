"""Codes, tokens and who may call what: the identity server below its pages."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from werkzeug.test import Client as Browser
from werkzeug.test import TestResponse

from accounting.providers.visma_eaccounting.sandbox import Client, Sandbox
from tests.accounting.providers.visma_eaccounting.sandbox.api import Api, customer_body, order_body, order_row

BACK = "http://127.0.0.1:8000/integrations/callback"
SCOPES = "ea:api offline_access ea:sales ea:accounting"


def authorize_url(**query: str) -> str:
    """The address that the product sends the browser to."""
    asked = {
        "client_id": "fieldledger-demo",
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": SCOPES,
        "state": "xyz",
        "prompt": "select_account",
    }
    return f"http://127.0.0.1/visma_eaccounting/identity/connect/authorize?{urlencode(asked | query)}"


def code_for(sandbox: Sandbox, **query: str) -> str:
    """A code as after a login."""
    location = sandbox.sign_in({"url": authorize_url(**query)})["location"]
    return parse_qs(urlsplit(location).query)["code"][0]


def ask(
    sandbox: Sandbox, endpoint: str = "token", *, secret: str = "fieldledger-demo-secret", **form: str
) -> TestResponse:
    """One POST to the token or revocation endpoint, with Basic authorisation."""
    basic = base64.b64encode(f"fieldledger-demo:{secret}".encode()).decode()
    return Browser(sandbox).post(
        f"/identity/connect/{endpoint}", data=form, headers={"Authorization": f"Basic {basic}"}
    )


def exchange(sandbox: Sandbox, code: str, **form: str) -> TestResponse:
    return ask(sandbox, grant_type="authorization_code", code=code, redirect_uri=BACK, **form)


def refresh(sandbox: Sandbox, token: str) -> TestResponse:
    return ask(sandbox, grant_type="refresh_token", refresh_token=token)


def works(sandbox: Sandbox, token: str) -> bool:
    answer = Browser(sandbox).get("/v2/companysettings", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code == 200


def test_a_code_becomes_tokens_for_an_hour(sandbox: Sandbox) -> None:
    answer = exchange(sandbox, code_for(sandbox)).json

    assert answer["expires_in"] == 3600
    assert answer["token_type"].lower() == "bearer"
    assert answer["access_token"].startswith("eyJ")
    assert works(sandbox, answer["access_token"])
    sandbox.clock.offset = timedelta(seconds=3599)
    assert works(sandbox, answer["access_token"])
    sandbox.clock.offset = timedelta(seconds=3601)
    assert not works(sandbox, answer["access_token"])


def test_a_code_works_once_within_five_minutes_for_its_address_only(sandbox: Sandbox) -> None:
    used, late, elsewhere = code_for(sandbox), code_for(sandbox), code_for(sandbox)
    assert exchange(sandbox, used).status_code == 200
    again = exchange(sandbox, used)
    other = ask(sandbox, grant_type="authorization_code", code=elsewhere, redirect_uri="http://localhost/other")
    sandbox.clock.offset = timedelta(seconds=301)
    after = exchange(sandbox, late)

    for answer in (again, other, after, exchange(sandbox, "invented")):
        assert (answer.status_code, answer.json) == (400, {"error": "invalid_grant"})


def test_the_proof_key_is_verified_when_there_is_one(sandbox: Sandbox) -> None:
    verifier = "v" * 64
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")

    def answer(**form: str) -> int:
        code = code_for(sandbox, code_challenge=challenge, code_challenge_method="S256")
        return exchange(sandbox, code, **form).status_code

    assert answer(code_verifier=verifier) == 200
    assert answer(code_verifier="w" * 64) == 400
    assert answer() == 400


def test_rotating_refresh_tokens_work_once(sandbox: Sandbox) -> None:
    first = exchange(sandbox, code_for(sandbox)).json["refresh_token"]
    second = refresh(sandbox, first).json

    assert second["refresh_token"] != first
    assert refresh(sandbox, first).json == {"error": "invalid_grant"}
    assert refresh(sandbox, second["refresh_token"]).status_code == 200
    assert sandbox.identity.refused == 1


def test_a_used_refresh_token_works_a_little_longer_where_there_is_grace(sandbox: Sandbox) -> None:
    sandbox.switches.refresh_grace = 10
    first = exchange(sandbox, code_for(sandbox)).json["refresh_token"]

    assert refresh(sandbox, first).status_code == refresh(sandbox, first).status_code == 200
    sandbox.clock.offset = timedelta(seconds=11)
    assert refresh(sandbox, first).status_code == 400


def test_reusable_refresh_tokens_stay_and_are_not_sent_again(sandbox: Sandbox) -> None:
    sandbox.switches.refresh_tokens = "reusable"
    token = exchange(sandbox, code_for(sandbox)).json["refresh_token"]

    answers = [refresh(sandbox, token) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert not any("refresh_token" in answer.json for answer in answers)
    assert all(works(sandbox, answer.json["access_token"]) for answer in answers)


def test_without_offline_access_there_is_no_refresh_token(sandbox: Sandbox) -> None:
    answer = exchange(sandbox, code_for(sandbox, scope="ea:api ea:sales")).json

    assert "refresh_token" not in answer
    assert answer["scope"] == "ea:api ea:sales"


@pytest.mark.parametrize("status", [400, 401])
def test_a_wrong_client_is_told_so(sandbox: Sandbox, status: int) -> None:
    sandbox.switches.invalid_client_status = status

    answer = ask(sandbox, secret="guess", grant_type="refresh_token", refresh_token="x")

    assert (answer.status_code, answer.json) == (status, {"error": "invalid_client"})


def test_credentials_may_come_in_the_body(sandbox: Sandbox) -> None:
    form = {"client_id": "fieldledger-demo", "client_secret": "fieldledger-demo-secret", "redirect_uri": BACK}
    answer = Browser(sandbox).post(
        "/identity/connect/token", data={"grant_type": "authorization_code", "code": code_for(sandbox), **form}
    )
    nobody = Browser(sandbox).post("/identity/connect/token", headers={"Authorization": "Basic ä"})

    assert answer.status_code == 200
    assert nobody.json == {"error": "invalid_client"}


def test_other_grants_are_not_given(sandbox: Sandbox) -> None:
    assert ask(sandbox, grant_type="client_credentials").json == {"error": "unsupported_grant_type"}
    assert ask(sandbox).json == {"error": "invalid_request"}
    assert Browser(sandbox).get("/identity/connect/token").status_code == 405


def test_revoking_the_refresh_token_ends_everything_that_was_granted_with_it(sandbox: Sandbox) -> None:
    mine, other = (exchange(sandbox, code_for(sandbox)).json for _ in range(2))

    answer = ask(sandbox, "revocation", token=mine["refresh_token"], token_type_hint="refresh_token")

    assert (answer.status_code, answer.data) == (200, b"")
    assert not works(sandbox, mine["access_token"])
    assert refresh(sandbox, mine["refresh_token"]).status_code == 400
    assert works(sandbox, other["access_token"])


def test_revoking_an_access_token_leaves_the_refresh_token(sandbox: Sandbox) -> None:
    tokens = exchange(sandbox, code_for(sandbox)).json

    assert ask(sandbox, "revocation", token=tokens["access_token"]).status_code == 200
    assert not works(sandbox, tokens["access_token"])
    assert refresh(sandbox, tokens["refresh_token"]).status_code == 200
    assert ask(sandbox, "revocation", token="unknown").status_code == 200


def test_a_change_of_password_ends_all_grants_of_that_person(sandbox: Sandbox) -> None:
    hers, his = (sandbox.grant(user=f"{name}@bergstrom-lind.se") for name in ("kontor", "mats"))

    done = sandbox.switch({"switches": {"revoke_tokens": True}, "user": "kontor@bergstrom-lind.se"})

    assert done["revoked"] == 1
    assert refresh(sandbox, hers["refresh_token"]).status_code == 400
    assert refresh(sandbox, his["refresh_token"]).status_code == 200


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic x"}])
def test_without_a_token_the_api_says_401(sandbox: Sandbox, header: dict[str, str]) -> None:
    answer = Browser(sandbox).get("/v2/customers", headers=header)

    assert answer.status_code == 401
    assert answer.json["ErrorCode"] == 4005
    assert answer.json["DeveloperErrorMessage"] == (
        "AuthorizationException - Authorization has been denied for this request."
    )


def test_scopes_are_checked_for_reading_and_writing(sandbox: Sandbox) -> None:
    reads_only = Api(sandbox, scopes="ea:api ea:sales_readonly")
    sales_only = Api(sandbox, scopes="ea:api ea:sales")

    assert reads_only.get("/customers").status == 200
    assert reads_only.post("/customers", customer_body(reads_only)).code == 4006
    assert sales_only.get("/projects").status == 200
    assert sales_only.post("/projects", {}).code == 4006
    assert sales_only.get("/vouchers").status == 403
    assert Api(sandbox, scopes="ea:sales").get("/customers").code == 4006


SHUT: list[tuple[dict[str, Any], int]] = [
    ({"api_standard": False}, 4002),
    ({"company_status": 0}, 4004),
    ({"startup_guide_completed": False}, 4003),
    ({"licence_accepted": False}, 4012),
    ({"real_company": True}, 4034),
    ({"product_variant": 3}, 4009),
]


@pytest.mark.parametrize(("switches", "code"), SHUT)
def test_a_company_that_lets_nobody_in_says_why(api: Api, switches: dict[str, Any], code: int) -> None:
    api.sandbox.switch({"switches": switches})

    answer = api.get("/customers")

    assert (answer.status, answer.code) == (403, code)


def test_the_module_is_named_as_the_vendor_does(api: Api) -> None:
    body = order_body(api, order_row(api))
    api.sandbox.switch({"switches": {"sales_standard": False}})

    assert api.post("/orders", body).body["DeveloperErrorMessage"].endswith("No access to module: sales_standard")
    assert api.get("/customers").status == 200
    assert api.get("/companysettings").body["ActivatedModules"] == ["api_standard"]


def test_a_company_that_can_only_be_read_refuses_writes(api: Api) -> None:
    body = customer_body(api)
    api.sandbox.switch({"switches": {"company_status": 2}})

    assert api.get("/customers").status == 200
    assert api.post("/customers", body).code == 4019


def test_a_user_without_the_right_is_refused(sandbox: Sandbox) -> None:
    assert Api(sandbox, user="montor@bergstrom-lind.se").get("/customers").code == 4011


def test_a_token_belongs_to_one_company_and_one_user(sandbox: Sandbox) -> None:
    second = list(sandbox.companies.values())[1]
    api = Api(sandbox, company=second.id, user="redovisning@siffersmedjan.example")

    assert api.get("/companysettings").body["Name"] == "Lind Fastighetsservice AB"
    assert [user["Email"] for user in api.all("/users") if user["IsCurrentUser"]] == [
        "redovisning@siffersmedjan.example"
    ]


def test_six_hundred_requests_a_minute_for_each_client_and_endpoint(sandbox: Sandbox) -> None:
    api = Api(sandbox)
    sandbox.switches.rate_limit = 3
    answers = [api.get("/units") for _ in range(4)]

    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    refused = answers[-1].body
    assert refused["ErrorCode"] == 4010
    assert "Errors" not in refused
    assert refused["DeveloperErrorMessage"].startswith(
        "API calls quota exceeded! maximum admitted 3 per Minute. Try again in "
    )
    assert "Retry-After" not in answers[-1].headers
    assert api.get("/currencies").status == 200
    sandbox.clock.offset += timedelta(seconds=60)
    assert api.get("/units").status == 200


def test_the_wait_comes_as_a_header_where_that_is_switched_on(sandbox: Sandbox) -> None:
    api = Api(sandbox)
    sandbox.switch({"switches": {"rate_limit": 1, "retry_after": True}})
    api.get("/units")

    assert 0 < int(api.get("/units").headers["Retry-After"]) <= 60


def test_a_registered_address_is_the_only_way_back() -> None:
    sandbox = Sandbox(clients=[Client("c", "s", redirect_uris=("https://app.example/back",))])
    good = authorize_url(client_id="c", redirect_uri="https://app.example/back")

    assert sandbox.sign_in({"url": good})["location"].startswith("https://app.example/back?code=")
    for bad in (authorize_url(client_id="c"), authorize_url(client_id="other")):
        answer = Browser(sandbox).get(bad.removeprefix("http://127.0.0.1/visma_eaccounting"))
        assert answer.status_code == 400
        assert "Location" not in answer.headers
