"""The control desk: what it tells, and what one can do there in the place of the accountant and the vendor."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import Client as Browser

from accounting.providers.visma_eaccounting.sandbox import Sandbox
from accounting.sandbox import Stage
from accounting.sandbox.control import with_control
from tests.accounting.providers.visma_eaccounting.sandbox.api import (
    Api,
    customer_body,
    draft_body,
    order_body,
    order_row,
    row,
    text_row,
)
from tests.accounting.providers.visma_eaccounting.sandbox.test_identity import authorize_url


class Desk:
    """The control desk and the API behind one front door, as the server has them."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.browser = Browser(with_control(Stage(sandbox)))
        self.api = Api(sandbox)

    def __call__(self, method: str, path: str = "", body: Any = None) -> Any:
        answer = self.browser.open(f"/control{path}", method=method, data=None if body is None else json.dumps(body))
        return {"status": answer.status_code, **answer.json}

    def change(self, **order: Any) -> Any:
        return self("POST", "/records", order)

    def request(self, method: str, path: str, body: Any = None) -> Any:
        """A request to the API that passes the journal."""
        return self.browser.open(
            f"/visma_eaccounting/v2{path}",
            method=method,
            data=None if body is None else json.dumps(body, default=float),
            content_type="application/json",
            headers={"Authorization": f"Bearer {self.api.token}"},
        )


@pytest.fixture
def desk(sandbox: Sandbox) -> Desk:
    return Desk(sandbox)


def test_the_ledger_tells_every_document_and_every_request(desk: Desk, api: Api) -> None:
    body = draft_body(api, row(api, quantity=2, UnitPrice=100), text_row("1187-K7Q2M9"), YourReference="Patrik")
    created = desk.request("POST", "/customerinvoicedrafts", body).json
    desk.request("POST", "/customerinvoicedrafts", {})
    desk.request("PUT", f"/customerinvoicedrafts/{created['Id']}", body)

    told = desk("GET", "/ledger")

    (document,) = told["documents"]
    assert document["kind"] == "customerinvoicedrafts"
    assert document["id"] == created["Id"]
    assert document["texts"] == ["Arbetstid VVS-montör", "1187-K7Q2M9"]
    assert document["totals"] == {"TotalAmount": 250, "TotalVatAmount": 50, "TotalRoundings": 0}
    assert (document["updates"], document["request"], document["removed_at"]) == (1, 1, None)
    first, refused, _ = told["requests"]
    assert (first["method"], first["path"], first["status"]) == (
        "POST",
        "/visma_eaccounting/v2/customerinvoicedrafts",
        201,
    )
    assert (first["client"], first["company"]) == ("fieldledger-demo", api.sandbox.books.id)
    assert refused["status"] == 400
    assert first["body_digest"] != refused["body_digest"]


def test_the_ledger_can_be_narrowed_and_summed_up(desk: Desk, api: Api) -> None:
    for _ in range(2):
        desk.request("POST", "/customers", customer_body(api))
    desk.request("GET", "/units")

    assert [each["number"] for each in desk("GET", "/ledger?since=2")["requests"]] == [3]
    assert desk("GET", "/ledger?provider=visma_eaccounting")["requests"]
    summary = desk("GET", "/ledger?summary=1")
    assert summary["documents"] == {"visma_eaccounting customers": 2}
    assert summary["routes"] == {"POST /customers": 2, "GET /units": 1}
    assert summary["statuses"] == {"201": 2, "200": 1}


def test_the_ledger_follows_a_draft_into_its_invoice(desk: Desk, api: Api) -> None:
    draft = desk.request("POST", "/customerinvoicedrafts", draft_body(api, row(api))).json
    invoice = desk.request("POST", f"/customerinvoicedrafts/{draft['Id']}/convert").json

    was, became = desk("GET", "/ledger")["documents"]

    assert was["removed_at"]
    assert was["became"] == became["id"] == invoice["Id"]
    assert became["number"] == str(invoice["InvoiceNumber"])


def test_unknown_members_of_a_body_are_remarked(desk: Desk, api: Api) -> None:
    body = draft_body(api, row(api) | {"Price": 1}, PaymentTermsId="x")

    desk.request("POST", "/customerinvoicedrafts", body)

    assert desk("GET", "/ledger")["requests"][0]["remarks"] == [
        "unknown member PaymentTermsId",
        "unknown member Rows.Price",
    ]


def test_the_accountant_changes_an_address(desk: Desk, api: Api) -> None:
    mark = api.get("/customers").body["Meta"]["ServerTimeUtc"]

    done = desk.change(
        resource="customers", action="change", where={"CustomerNumber": "10006"}, values={"InvoiceCity": "Borås"}
    )

    assert done["records"][0]["InvoiceCity"] == "Borås"
    assert [each["InvoiceCity"] for each in api.all("/customers", filter=f"ChangedUtc ge {mark}")] == ["Borås"]


def test_records_are_added_and_removed_even_odd_ones(desk: Desk, api: Api) -> None:
    added = desk.change(resource="customers", action="add", values={"Name": "x" * 80, "InvoiceCity": None})["records"][
        0
    ]
    desk.change(resource="units", action="remove", where={"Abbreviation": "förp"})
    desk.change(resource="accounts", action="change", where={"Number": "3041"}, values={"IsActive": False})

    assert api("GET", f"/customers/{added['Id']}", documented=False).body["InvoiceCity"] is None
    assert "förp" not in {each["Abbreviation"] for each in api.all("/units")}
    assert {each["IsActive"] for each in api.all("/accounts", filter="Number eq '3041'")} == {False}


def test_the_accountant_books_copies_and_ships(desk: Desk, api: Api) -> None:
    draft = api.post("/customerinvoicedrafts", draft_body(api, row(api), YourReference="1187")).body
    order = api.post("/orders", order_body(api, order_row(api))).body

    copied = desk.change(resource="customerinvoicedrafts", action="copy", id=draft["Id"])["records"][0]
    invoice = desk.change(resource="customerinvoicedrafts", action="convert", id=draft["Id"])["records"][0]
    for action in ("confirm", "ship", "take_back", "ship", "convert"):
        assert desk.change(resource="orders", action=action, id=order["Id"])["status"] == 200
    paid = desk.change(resource="customerinvoices", action="pay", where={"InvoiceNumber": invoice["InvoiceNumber"]})

    assert (copied["YourReference"], copied["Id"] == draft["Id"]) == ("1187", False)
    assert api.get(f"/customerinvoices/{invoice['Id']}").body["PaymentStatus"] == 0
    assert paid["records"][0]["RemainingAmount"] == 0
    assert api.get(f"/orders/{order['Id']}").body["Status"] == 4


@pytest.mark.parametrize(
    ("order", "word"),
    [
        ({"resource": "parrots"}, "parrots"),
        ({"resource": "customers", "action": "convert", "where": {"CustomerNumber": "10001"}}, "convert"),
        ({"resource": "customers", "where": {"CustomerNumber": "1"}}, "No record"),
        ({"resource": "customers", "company": "Elsewhere AB"}, "Elsewhere"),
        ({"resource": "orders", "action": "ship", "where": {"Status": 1}}, "only"),
        ({"provider": "parrot", "resource": "customers"}, "parrot"),
    ],
)
def test_an_order_that_cannot_be_carried_out_says_why(desk: Desk, order: dict[str, Any], word: str) -> None:
    answer = desk.change(**order)

    assert answer["status"] == 400
    assert word in answer["error"]


def test_switches_are_flipped_for_the_service_and_one_company(desk: Desk, sandbox: Sandbox) -> None:
    second = list(sandbox.companies.values())[1]

    done = desk("POST", "/company", {"company": second.org_number, "switches": {"uses_project": False, "page_cap": 7}})

    assert (done["company"]["uses_project"], done["service"]["page_cap"]) == (False, 7)
    assert sandbox.books.switches.uses_project is True


@pytest.mark.parametrize(
    ("switches", "word"),
    [({"colour": 1}, "colour"), ({"refresh_tokens": "sometimes"}, "rotating"), ({"page_cap": "many"}, "page_cap")],
)
def test_a_switch_that_is_not_there_is_refused(desk: Desk, switches: dict[str, Any], word: str) -> None:
    answer = desk("POST", "/company", {"switches": switches})

    assert answer["status"] == 400
    assert word in answer["error"]


def test_the_clock_moves_for_the_stand_in_alone(desk: Desk, sandbox: Sandbox) -> None:
    desk("POST", "/clock", {"offset_s": 3600})
    desk("POST", "/clock", {"provider": "visma_eaccounting", "advance_s": 60})

    assert sandbox.clock.offset == timedelta(seconds=3660)
    assert desk.request("GET", "/customers").status_code == 401


def test_somebody_signs_in_without_a_browser(desk: Desk) -> None:
    granted = desk("POST", "/sign-in", {"url": authorize_url(), "company": "Lind Fastighetsservice AB"})
    denied = desk("POST", "/sign-in", {"url": authorize_url(), "deny": True})

    assert granted["location"].startswith("http://127.0.0.1:8000/integrations/callback?code=")
    assert denied["location"].endswith("?error=access_denied&state=xyz")
    for order in ({"url": authorize_url(client_id="x")}, {"url": authorize_url(), "user": "nobody@x.example"}):
        assert desk("POST", "/sign-in", order)["status"] == 400


def test_a_reset_puts_everything_back(desk: Desk, api: Api, sandbox: Sandbox) -> None:
    before = api.all("/customers")
    api.post("/customers", customer_body(api))
    desk("POST", "/faults", {"action": "drop"})
    desk("POST", "/company", {"switches": {"api_standard": False}})
    desk("POST", "/clock", {"offset_s": 60})

    desk("POST", "/reset")

    again = Api(sandbox)
    assert [each["Id"] for each in again.all("/customers")] == [each["Id"] for each in before]
    assert desk("GET", "/ledger")["documents"] == desk("GET", "/ledger")["requests"] == []
    assert desk("GET", "/faults")["faults"] == []
    assert sandbox.clock.offset == timedelta(0)


def test_the_desk_describes_the_stand_in(desk: Desk) -> None:
    about = desk("GET")["stand_ins"]["visma_eaccounting"]

    assert about["api"] == "/visma_eaccounting/v2"
    assert {each["password"] for each in about["users"]} == {"demo"}
    assert about["companies"][0]["records"]["customers"] == 46


def test_what_is_not_there_is_said(desk: Desk) -> None:
    answer = desk("GET", "/nothing")

    assert answer["status"] == 404
    assert "GET /control/ledger" in answer["there_is"]
    assert desk.browser.get("/elsewhere/v2").status_code == 404
    assert desk.browser.post("/control/faults", data=b"{").status_code == 400


def test_the_styles_of_older_companies_can_be_switched_on(desk: Desk, api: Api, sandbox: Sandbox) -> None:
    project = api.one("/projects", EndDate=None)
    sandbox.switch({"switches": {"dates": "date-time", "nulls": "missing", "empty_answers": True}})

    shown = api.get(f"/projects/{project['Id']}").body
    posted = api("POST", "/customers", customer_body(api), documented=False)

    assert shown["StartDate"] == f"{project['StartDate']}T00:00:00"
    assert "EndDate" not in shown
    assert (posted.status, posted.body) == (201, None)
