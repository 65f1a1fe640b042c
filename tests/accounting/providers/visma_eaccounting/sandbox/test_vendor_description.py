"""Everything that the stand-in serves is as the vendor's OpenAPI document describes it."""

from __future__ import annotations

from typing import Any

import pytest

from accounting.providers.visma_eaccounting.sandbox import Sandbox
from accounting.providers.visma_eaccounting.sandbox.routes import ROUTES
from accounting.providers.visma_eaccounting.sandbox.schema import _schemas
from tests.accounting.openapi import Document, load
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


@pytest.fixture
def document() -> Document:
    return load("eaccounting.openapi.json")


def test_every_route_is_described_with_the_same_scopes(document: Document) -> None:
    for route in ROUTES:
        path = route.path.replace("<", "{").replace(">", "}")
        assert set(document.operation(route.method, path)["x-scopes"]) == route.scopes, route


def test_every_member_is_as_described(document: Document) -> None:
    """fields.csv is the document as a table: names, required, nullable, read-only and lengths."""
    for name, own in _schemas().items():
        described = document.content["components"]["schemas"][name]
        assert list(own.fields) == list(described["properties"])
        for field in own.fields.values():
            member = described["properties"][field.name]
            assert field.required == (field.name in described.get("required", ())), (name, field.name)
            assert field.nullable == member.get("nullable", False), (name, field.name)
            assert field.read_only == member.get("readOnly", False), (name, field.name)
            if "maxLength" in member:
                assert field.limit == str(member["maxLength"]), (name, field.name)


LISTS = sorted(
    {route.path for route in ROUTES if route.method == "GET" and "<" not in route.path} - {"/companysettings"}
)


@pytest.mark.parametrize("path", LISTS)
def test_every_list_is_as_described(document: Document, api: Api, path: str) -> None:
    answer = api.get(path, pagesize=1000)

    assert answer.status == 200
    assert document.answer_errors("GET", path, 200, answer.body) == []
    if path != "/salesdocumentattachments":
        assert answer.body["Data"]


READS = sorted(
    {
        route.path
        for route in ROUTES
        if route.method == "GET" and route.path.endswith("<id>") and route.path.count("<") == 1
    }
)


@pytest.mark.parametrize("path", READS)
def test_every_record_is_as_described_and_nothing_is_there_under_another_id(
    document: Document, api: Api, path: str
) -> None:
    collection = path.removesuffix("/<id>")
    key = "Code" if collection == "/countries" else "Id"
    known = {"/costcenteritems": lambda: api.all("/costcenters")[0]["Items"][0]["Id"]}
    if collection == "/salesdocumentattachments":
        attach(api)
    id = known[collection]() if collection in known else api.all(collection)[0][key]

    assert api.get(f"{collection}/{id.upper()}").status == 200
    assert api.get(f"{collection}/00000000-0000-4000-8000-000000000000").status in (400, 404)


def attach(api: Api) -> Any:
    """A file on a new draft."""
    draft = api.post("/customerinvoicedrafts", draft_body(api, row(api))).body
    file = {"ContentType": "application/pdf", "FileName": "order.pdf", "DockumentId": draft["Id"], "Data": "JVBERi0="}
    return api.post("/salesdocumentattachments/customerinvoicedraft", file)


def writable(record: dict[str, Any], document: Document, name: str) -> dict[str, Any]:
    """The record as a careful client sends it back."""
    members = document.content["components"]["schemas"][name]["properties"]
    return {key: value for key, value in record.items() if not members[key].get("readOnly")}


def bodies(api: Api) -> dict[str, Any]:
    """A body for every POST of a collection."""
    year = api.sandbox.books.today().year
    return {
        "/customers": customer_body(api, CorporateIdentityNumber="556812-4472"),
        "/articles": article_body(api),
        "/projects": {"Number": "99-001", "Name": "Prov", "StartDate": f"{year}-01-01", "Status": 1},
        "/costcenteritems": {
            "CostCenterId": api.all("/costcenters")[0]["Id"],
            "Name": "Solceller",
            "ShortName": "SOL",
            "IsActive": True,
        },
        "/orders": order_body(api, order_row(api)),
        "/customerinvoicedrafts": draft_body(api, row(api), YourReference="Patrik"),
        "/customerinvoices": invoice_body(api, row(api, UnitPrice=100)),
        "/fiscalyears": {"StartDate": f"{year + 1}-01-01", "EndDate": f"{year + 1}-12-31"},
        "/accounts": {
            "Name": "Försäljning serviceavtal",
            "Number": "3045",
            "FiscalYearId": api.all("/fiscalyears")[-1]["Id"],
            "IsActive": True,
        },
        "/vouchers": {
            "VoucherDate": api.sandbox.books.today().isoformat(),
            "VoucherText": "Prov",
            "Rows": [
                {"AccountNumber": 6570, "DebitAmount": 100, "CreditAmount": 0},
                {"AccountNumber": 1930, "DebitAmount": 0, "CreditAmount": 100},
            ],
        },
        "/deliverymethods": {"Name": "Cykelbud"},
        "/deliveryterms": {"Name": "Fritt verkstad"},
    }


CREATES = sorted({route.path for route in ROUTES if route.method == "POST" and route.path.count("/") == 1})


@pytest.mark.parametrize("path", CREATES)
def test_every_create_answers_as_described_and_refuses_an_empty_body(document: Document, api: Api, path: str) -> None:
    body = bodies(api)[path]

    created = api.post(path, body)
    refused = api.post(path, {})

    assert document.body_errors("POST", path, body) == []
    assert created.status == (200 if path in ("/deliverymethods", "/deliveryterms") else 201)
    assert (refused.status, refused.code) == (400, 2000)
    assert refused.fields == set(document.operation("POST", path)["requestBody"] and required(document, path))


def required(document: Document, path: str) -> list[str]:
    reference = document.operation("POST", path)["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    return document.content["components"]["schemas"][reference.rpartition("/")[2]]["required"]


REPLACES = {
    "/customers": "CustomerApi",
    "/articles": "ArticleApi",
    "/projects": "ProjectApi",
    "/orders": "OrderApi",
    "/customerinvoicedrafts": "CustomerInvoiceDraftApi",
    "/costcenteritems": "CostCenterItemApi",
}


@pytest.mark.parametrize(("path", "name"), REPLACES.items())
def test_reading_and_writing_back_changes_nothing_but_the_stamp(
    document: Document, api: Api, path: str, name: str
) -> None:
    before = api.post(path, bodies(api)[path]).body

    answer = api.put(f"{path}/{before['Id']}", writable(before, document, name))

    assert answer.status == (201 if path == "/projects" else 200)
    assert lasting(answer.body) == lasting(before)


def lasting(record: dict[str, Any]) -> dict[str, Any]:
    """The record without its stamps and without the ids of its rows, which are new at every replace."""
    rows = [{**row, "Id": None} for row in record.get("Rows") or ()]
    return {**record, "Rows": rows, "ChangedUtc": None, "ModifiedUtc": None}


def test_read_only_members_in_a_body_are_ignored(api: Api) -> None:
    before = api.one("/customers", CustomerNumber="10006")

    answer = api.put(f"/customers/{before['Id']}", {**before, "Id": before["Id"], "ChangedUtc": "2001-01-01T00:00:00Z"})

    assert answer.status == 200
    assert answer.body["ChangedUtc"] > before["ChangedUtc"]


def test_settings_accounts_and_fiscal_years_can_be_replaced(document: Document, api: Api) -> None:
    settings = api.get("/companysettings").body
    year = api.all("/fiscalyears")[-1]["Id"]
    account = api.get(f"/accounts/{year}/3041").body

    assert (
        api.put("/companysettings", writable(settings, document, "CompanySettingsApi") | {"City": "Borås"}).status
        == 200
    )
    assert api.get("/companysettings").body["City"] == "Borås"
    assert api.put(f"/accounts/{year}/3041", {**account, "Name": "Montörstid"}).body["Name"] == "Montörstid"
    assert api.put(f"/fiscalyears/{year}", {"IsLockedForAccounting": True}).body["IsLockedForAccounting"] is True
    center = api.all("/costcenters")[0]
    assert api.put(f"/costcenters/{center['Id']}", {"Name": "Enhet", "IsActive": True}).body["Items"] == center["Items"]


def test_a_whole_order_and_a_draft_go_through_every_action_as_described(api: Api) -> None:
    order = api.post("/orders", order_body(api, order_row(api))).body

    for action in ("converteddrafttoorder", "completed", "voided", "completed", "convert"):
        assert api.post(f"/orders/{order['Id']}/{action}").status == 200
    draft = api.post("/customerinvoicedrafts", draft_body(api, row(api))).body
    assert api.post(f"/customerinvoicedrafts/{draft['Id']}/convert").status == 201


def test_deleting_answers_200_without_a_body(api: Api) -> None:
    customer = api.post("/customers", customer_body(api)).body
    order = api.post("/orders", order_body(api, order_row(api))).body
    attachment = attach(api).body

    gone = [
        api.delete(f"/customers/{customer['Id']}"),
        api.delete(f"/orders/{order['Id']}"),
        api.delete(f"/salesdocumentattachments/customerinvoicedraft/{attachment['DocumentId']}/{attachment['Id']}"),
        api.delete(f"/customerinvoicedrafts/{attachment['DocumentId']}"),
    ]

    assert [(answer.status, answer.body) for answer in gone] == [(200, None)] * 4


def test_vouchers_and_accounts_are_found_by_fiscal_year(api: Api) -> None:
    years = api.all("/fiscalyears")
    voucher = api.all("/vouchers")[0]
    year = next(year for year in years if year["StartDate"] <= voucher["VoucherDate"] <= year["EndDate"])

    assert voucher in api.all(f"/vouchers/{year['Id']}")
    assert api.get(f"/vouchers/{year['Id']}/{voucher['Id']}").body == voucher
    assert api.get(f"/vouchers/{years[0]['Id']}/{voucher['Id']}").status == 404
    assert {account["FiscalYearId"] for account in api.all(f"/accounts/{year['Id']}")} == {year["Id"]}
    assert api.get(f"/accounts/{year['Id']}/9999").status == 404


def test_a_bigger_company_is_as_described_too(document: Document) -> None:
    api = Api(Sandbox(seed=5, customers=120, articles=140, projects=40, orders=60))

    for path, count in {"/customers": 120, "/articles": 140, "/projects": 40, "/orders": 60}.items():
        records = api.all(path)
        assert len(records) == count
        assert len({record["Id"] for record in records}) == count
