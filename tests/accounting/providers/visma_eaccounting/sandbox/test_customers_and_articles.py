"""Rules of customers, articles, projects and the other records that documents build on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.accounting.providers.visma_eaccounting.sandbox.api import (
    Api,
    article_body,
    customer_body,
    draft_body,
    invoice_body,
    order_body,
    order_row,
    row,
)

NOBODY = "00000000-0000-4000-8000-000000000000"


def test_a_new_customer_gets_the_next_number_and_the_companys_currency(api: Api) -> None:
    announced = api.get("/companysettings").body["NextCustomerNumber"]

    created = api.post("/customers", customer_body(api)).body

    assert created["CustomerNumber"] == str(announced)
    assert (created["CurrencyCode"], created["InvoiceCountryCode"]) == ("SEK", "SE")
    assert created["TermsOfPayment"]["NumberOfDays"] == 30
    assert api.get("/companysettings").body["NextCustomerNumber"] == announced + 1
    assert api.get(f"/customers/{created['Id']}").body == created


@pytest.mark.parametrize("status", [400, 409])
def test_a_customer_number_can_be_had_once(api: Api, status: int) -> None:
    api.sandbox.switches.conflict_status = status

    answer = api("POST", "/customers", customer_body(api, CustomerNumber="10001"), documented=status == 400)

    assert (answer.status, answer.code, answer.fields) == (status, 4000, {"CustomerNumber"})


def test_a_number_of_ones_own_moves_the_next_one_on(api: Api) -> None:
    assert api.post("/customers", customer_body(api, CustomerNumber="20000")).status == 201
    assert api.post("/customers", customer_body(api)).body["CustomerNumber"] == "20001"
    assert api.post("/customers", customer_body(api, CustomerNumber="FÄLT-7")).body["CustomerNumber"] == "FÄLT-7"


def test_a_put_is_a_full_replace(api: Api) -> None:
    before = api.one("/customers", CustomerNumber="10006")
    assert before["EmailAddress"]
    assert before["InvoiceAddress1"]

    after = api.put(f"/customers/{before['Id']}", customer_body(api, Name="Lundby AB")).body

    assert [after[name] for name in ("EmailAddress", "InvoiceAddress1", "Telephone", "VatNumber")] == [None] * 4
    assert after["CustomerNumber"] == "10006"
    assert after["ReverseChargeOnConstructionServices"] is False


WRONG_CUSTOMERS: list[tuple[dict[str, Any], int, str]] = [
    ({"Name": ""}, 2000, "Name"),
    ({"Name": "x" * 51}, 2000, "Name"),
    ({"Name": 7}, 2000, "Name"),
    ({"InvoicePostalCode": " "}, 2000, "InvoicePostalCode"),
    ({"IsActive": "yes"}, 2000, "IsActive"),
    ({"TermsOfPaymentId": "30"}, 2000, "TermsOfPaymentId"),
    ({"TermsOfPaymentId": NOBODY}, 2000, "TermsOfPaymentId"),
    ({"CustomerNumber": "1" * 17}, 2000, "CustomerNumber"),
    ({"DiscountPercentage": 15}, 2000, "DiscountPercentage"),
    ({"DiscountPercentage": "0.1"}, 2000, "DiscountPercentage"),
    ({"CurrencyCode": "XXX"}, 2000, "CurrencyCode"),
    ({"InvoiceCountryCode": "ZZ"}, 2000, "InvoiceCountryCode"),
    ({"EmailAddresses": ["a@b.example"]}, 2000, "EmailAddress"),
    ({"EmailAddress": "a@b.example", "EmailAddresses": ["a@b.example"] * 6}, 2000, "EmailAddresses"),
    ({"EmailAddresses": "a@b.example"}, 2000, "EmailAddresses"),
    ({"CustomerLabels": ["x"]}, 2000, "CustomerLabels[0]"),
    ({"DeliveryBasedVat": True}, 2000, "DeliveryCity"),
    ({"VatNumber": "SE556812447201"}, 2000, "InvoiceCountryCode"),
    ({"ReverseChargeOnConstructionServices": True}, 2000, "VatNumber"),
    ({"CorporateIdentityNumber": "556812-4473"}, 4008, "CorporateIdentityNumber"),
    ({"CorporateIdentityNumber": "SE5568124472"}, 4008, "CorporateIdentityNumber"),
    ({"VatNumber": "SE556812447301", "InvoiceCountryCode": "SE"}, 4025, "VatNumber"),
    ({"VatNumber": "556812447201", "InvoiceCountryCode": "SE"}, 4025, "VatNumber"),
    ({"ForceBookkeepVat": True, "InvoiceCountryCode": "DE"}, 4035, "ForceBookkeepVat"),
]


@pytest.mark.parametrize(("members", "code", "field"), WRONG_CUSTOMERS)
def test_a_wrong_customer_is_refused_with_the_field(api: Api, members: dict[str, Any], code: int, field: str) -> None:
    answer = api.post("/customers", customer_body(api, **members))

    assert (answer.status, answer.code) == (400, code)
    assert field in answer.fields
    assert api.all("/customers", filter="Name eq 'Provkund AB'") == []


def test_everything_that_is_missing_is_said_at_once(api: Api) -> None:
    answer = api.post("/customers", {"IsActive": True})

    assert answer.fields == {"Name", "InvoiceCity", "InvoicePostalCode", "TermsOfPaymentId", "IsPrivatePerson"}


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [(b"{", "application/json", 400), (b"[]", "application/json", 400), (b"{}", "text/plain", 415)],
)
def test_a_body_that_is_no_object_is_refused(api: Api, body: bytes, kind: str, status: int) -> None:
    headers = {"Authorization": f"Bearer {api.token}"}
    answer = api.client.post("/v2/customers", data=body, content_type=kind, headers=headers)

    assert answer.status_code == status
    assert answer.json["ErrorCode"] in (2000, 6001)


def test_unknown_members_are_ignored_unless_switched(api: Api) -> None:
    body = customer_body(api, PaymentTermsId="x")
    assert api.post("/customers", body).status == 201

    api.sandbox.switches.unknown_members = "refuse"

    assert api.post("/customers", body).fields == {"PaymentTermsId"}


def test_the_register_of_vat_numbers_can_be_down_or_not_know_one(api: Api) -> None:
    body = customer_body(api, VatNumber="SE556812447201", InvoiceCountryCode="SE")
    assert api.post("/customers", body).status == 201

    api.sandbox.switches.vat_register = "down"
    assert api.post("/customers", body).code == 4100
    api.sandbox.switch({"switches": {"vat_register": "up", "vat_numbers_unknown": ["SE556812447201"]}})
    assert api.post("/customers", body).code == 4025


def test_a_customer_that_is_used_cannot_be_deleted(api: Api) -> None:
    unused = api.post("/customers", customer_body(api)).body
    used = api.one("/customers", CustomerNumber="10001")

    assert api.delete(f"/customers/{used['Id']}").code == 4001
    assert api.delete(f"/customers/{unused['Id']}").status == 200
    gone = api.get(f"/customers/{unused['Id']}")
    assert (gone.status, gone.code) == (400, 3000)


@pytest.mark.parametrize(("style", "status"), [("documented", 400), ("404", 404), ("400", 400)])
def test_what_is_not_there_is_said_in_the_style_that_is_switched(api: Api, style: str, status: int) -> None:
    api.sandbox.switches.not_found = style

    assert api("GET", f"/customers/{NOBODY}", documented=False).status == status
    assert api("GET", f"/projects/{NOBODY}", documented=False).status == (400 if style == "400" else 404)


def test_net_and_gross_price_must_agree_with_the_coding(api: Api) -> None:
    assert api.post("/articles", article_body(api, NetPrice=79.99, GrossPrice=99.99)).status == 201
    for prices in ({"GrossPrice": 0}, {"NetPrice": 0}, {"GrossPrice": 112}):
        answer = api.post("/articles", article_body(api, Number="NY-2", **prices))
        assert (answer.code, answer.fields) == (2000, {"GrossPrice"})


def test_the_coding_decides_whether_an_article_is_a_service(api: Api) -> None:
    service = api.one("/articleaccountcodings", Name="Tjänster 25 %")["Id"]
    hour = api.one("/units", Abbreviation="tim")

    created = api.post("/articles", article_body(api, CodingId=service, UnitId=hour["Id"])).body

    assert created["IsServiceArticle"] is True
    assert (created["UnitName"], created["CodingName"]) == ("Timme", "Tjänster 25 %")


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"Number": "A100"}, 4000),
        ({"Number": "x" * 41}, 2000),
        ({"Name": "x" * 51}, 2000),
        ({"UnitId": NOBODY}, 2000),
        ({"CodingId": NOBODY}, 2000),
        ({"NetPrice": 99_000_001, "GrossPrice": 99_000_001}, 2000),
        ({"HouseWorkType": 8}, 2000),
    ],
)
def test_a_wrong_article_is_refused(api: Api, members: dict[str, Any], code: int) -> None:
    assert api.post("/articles", article_body(api, **members)).code == code


@pytest.mark.parametrize("path", ["/articles", "/projects", "/units"])
def test_what_cannot_be_deleted_has_no_delete(api: Api, path: str) -> None:
    id = api.all(path)[0]["Id"]

    answer = api("DELETE", f"{path}/{id}", documented=False)

    assert answer.status == 405


def project_body(api: Api, **members: Any) -> dict[str, Any]:
    return {"Number": "99-001", "Name": "Prov", "StartDate": "2026-01-01", "Status": 1, **members}


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"Number": "1234567890"}, 2000),
        ({"Number": "25-004"}, 4000),
        ({"Status": 3}, 2000),
        ({"EndDate": "2025-01-01"}, 2000),
        ({"CustomerId": NOBODY}, 2000),
        ({"StartDate": "1 januari"}, 6001),
        ({"StartDate": None}, 2000),
    ],
)
def test_a_wrong_project_is_refused(api: Api, members: dict[str, Any], code: int) -> None:
    assert api.post("/projects", project_body(api, **members)).code == code


def test_projects_must_be_switched_on(api: Api) -> None:
    api.sandbox.switch({"switches": {"uses_project": False}})

    assert api.post("/projects", project_body(api)).code == 4002


def test_dates_come_as_dates_even_when_sent_with_a_time(api: Api) -> None:
    created = api.post("/projects", project_body(api, StartDate="2026-03-01T00:00:00Z")).body

    assert created["StartDate"] == "2026-03-01"


def test_a_finished_project_takes_no_rows(api: Api) -> None:
    finished = api.one("/projects", Status=2)["Id"]

    answers = [
        api.post("/customerinvoicedrafts", draft_body(api, row(api, ProjectId=finished))),
        api.post("/orders", order_body(api, order_row(api, ProjectId=finished))),
        api.post("/customerinvoices", invoice_body(api, row(api, ProjectId=finished, UnitPrice=1))),
    ]

    assert [answer.code for answer in answers] == [5005] * 3


def test_cost_center_items_are_made_renamed_and_used(api: Api) -> None:
    center = api.all("/costcenters")[0]
    body = {"CostCenterId": center["Id"], "Name": "Solceller", "ShortName": "SOL", "IsActive": True}

    item = api.post("/costcenteritems", body).body
    renamed = api.put(f"/costcenteritems/{item['Id']}", {**body, "Name": "Sol och batteri", "IsActive": False}).body
    moved = api.put(f"/costcenteritems/{item['Id']}", {**body, "CostCenterId": api.all("/costcenters")[1]["Id"]})

    assert renamed in api.all("/costcenters")[0]["Items"]
    assert moved.code == 2000
    refused = api.post("/customerinvoicedrafts", draft_body(api, row(api, CostCenterItemId1=item["Id"])))
    assert refused.code == 5006


def test_stock_value_follows_balance_and_price(api: Api) -> None:
    created = api.post("/articles", article_body(api, StockBalance=12, PurchasePrice=33.333)).body

    assert (created["PurchasePrice"], created["StockValue"]) == (Decimal("33.33"), Decimal("400.00"))
