"""Switches, roles, the quota, deeds, and everything anew."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounting.providers.economic.sandbox import Sandbox, stand_in
from accounting.sandbox import BadOrder, Fault, Options, Stage
from tests.accounting.providers.economic.sandbox.api import Api, customer_body, sale_body


def test_nobody_gets_in_without_both_tokens(sandbox: Sandbox) -> None:
    for token, secret in (("stolen", ""), ("", "guessed")):
        refused = Api(sandbox, token=token, secret=secret).get("/self")
        assert (refused.status, refused.body["message"]) == (401, "Unauthorized access.")
    services = Api(sandbox, token="stolen").service("/customersapi/v3.1.0/Contacts")
    assert (services.status, services.body["title"]) == (401, "Unauthorized access.")


def test_the_demo_login_can_only_read(sandbox: Sandbox) -> None:
    demo = Api(sandbox, token="demo", secret="demo")

    assert demo.get("/customers").status == 200
    assert demo.post("/customers", customer_body()).status == 403


def test_a_grant_ends_when_it_is_taken_back(sandbox: Sandbox) -> None:
    here, there = Api(sandbox), Api(sandbox, token=sandbox.grant(agreement=1718002))

    sandbox.switch({"company": "1718002", "switches": {"revoke_tokens": True}})

    assert (here.get("/self").status, there.get("/self").status) == (200, 401)
    assert sandbox.switch({"switches": {"revoke_tokens": True}})["revoked"] == 1
    assert here.get("/self").status == 401


def test_roles_decide_what_an_app_may_do(api: Api, sandbox: Sandbox) -> None:
    sandbox.switch({"switches": {"roles": ["Bookkeeping"]}})

    assert api.get("/customers").status == 403
    assert api.get("/vat-accounts").status == 200


def test_every_answer_tells_what_is_left(api: Api) -> None:
    for path in ("/self", "/bogus"):
        headers = api.get(path).headers
        assert headers["X-CallCost"] == "3"
        assert headers["X-RequestId"].endswith("-CPH")
    assert headers["X-RateLimiting"] == "token-limit-10000-per-60-seconds: 6/10000"


@pytest.mark.parametrize(("how", "form"), [("seconds", r"\d+"), ("date", r".* GMT"), ("none", None)])
def test_the_quota_is_one_for_both_hosts(api: Api, sandbox: Sandbox, how: str, form: str | None) -> None:
    sandbox.switch({"switches": {"rate_limit": 6, "retry_after": how}})
    api.get("/self")
    api.service("/customersapi/v3.1.0/Contacts/count")

    refused = api.get("/self")

    assert refused.status == 429
    said = refused.headers.get("Retry-After")
    assert (said is None) == (form is None)
    assert sandbox.describe()["rate_limited"] == 1
    sandbox.clock.offset += timedelta(seconds=61)
    assert api.get("/self").status == 200


def test_deeds_say_what_really_happened(api: Api, sandbox: Sandbox) -> None:
    draft = api.post("/invoices/drafts", sale_body(references={"other": "1187-K7Q2M9"})).body
    number, handle = draft["draftInvoiceNumber"], draft["soap"]["currentInvoiceHandle"]["id"]
    api.post("/customers", customer_body(customerNumber=42))
    api.delete(f"/invoices/drafts/{number}")
    again = api.post("/invoices/drafts", sale_body()).body

    deeds = {deed.id: deed for deed in sandbox.deeds()}

    assert set(deeds) == {f"draft-{number}-{handle}", "42", f"draft-{number}-{handle + 1}"}
    assert deeds[f"draft-{number}-{handle}"].removed_at is not None
    assert deeds[f"draft-{number}-{handle}"].references == {"other": "1187-K7Q2M9"}
    assert deeds[f"draft-{again['draftInvoiceNumber']}-{handle + 1}"].removed_at is None


def test_a_booked_draft_says_what_became_of_it(api: Api, sandbox: Sandbox) -> None:
    number = api.post("/invoices/drafts", sale_body()).body["draftInvoiceNumber"]

    invoice = sandbox.change_records({"resource": "invoices/drafts", "id": number, "action": "book"})["records"][0]

    assert [deed.became for deed in sandbox.deeds()] == [str(invoice["bookedInvoiceNumber"])]


@pytest.mark.parametrize(
    "order",
    [
        {"resource": "pigeons"},
        {"resource": "customers", "action": "sing"},
        {"resource": "customers", "where": {"city": "Nowhere"}},
        {"resource": "customers", "company": "4711"},
        {"resource": "invoices/drafts", "action": "book", "id": 987},
    ],
    ids=str,
)
def test_an_order_that_makes_no_sense(sandbox: Sandbox, order: dict[str, object]) -> None:
    with pytest.raises(BadOrder):
        sandbox.change_records(order)


@pytest.mark.parametrize("switches", [{"bogus": 1}, {"retry_after": "never"}, {"rate_limit": "much"}], ids=str)
def test_a_switch_that_does_not_exist(sandbox: Sandbox, switches: dict[str, object]) -> None:
    with pytest.raises(BadOrder):
        sandbox.switch({"switches": switches})


def test_a_stage_with_faults_and_a_fresh_start(sandbox: Sandbox) -> None:
    stage = Stage(sandbox)
    stage.faults.add(Fault(action="status", status=503))
    api = Api(sandbox)
    api.post("/customers", customer_body())
    assert [kind for kind, _ in (sandbox.refusal(503), sandbox.refusal(429))] == ["text/html", "application/json"]

    stage.reset()

    assert (sandbox.deeds(), stage.faults.state()) == ([], [])
    assert api.get("/self").status == 401


def test_sizes_and_firms_as_asked_for() -> None:
    sandbox = stand_in(Options(customers=50, articles=30, projects=10, orders=20, companies=2))
    records = sandbox.describe()["companies"][0]["records"]

    assert (records["customers"], records["products"], records["projects"]) == (62, 45, 15)
    assert records["orders/sent"] == 24
    assert [each["name"] for each in sandbox.describe()["companies"]][2:4] == [
        "Vestjysk VVS 1 ApS",
        "Vestjysk VVS 2 ApS",
    ]
    assert len(sandbox.agreements) == 5
    api = Api(sandbox)
    assert len(api.all("/customers")) == 62
    assert api.get("/orders/sent/17").body["lines"]
    assert [each["name"] for each in api.all("/customers")] == [
        each["name"] for each in Api(stand_in(Options(customers=50))).all("/customers")
    ]
