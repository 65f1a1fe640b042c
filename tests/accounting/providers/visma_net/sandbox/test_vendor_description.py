"""Everything that the stand-in serves is as the vendor's OpenAPI document describes it."""

from __future__ import annotations

from typing import Any

import pytest

from accounting.providers.visma_net.sandbox import erp, order_service
from accounting.providers.visma_net.sandbox.errors import CODES
from accounting.providers.visma_net.sandbox.lists import LISTS
from tests.accounting.openapi import Document, load
from tests.accounting.providers.visma_net.sandbox.api import (
    Api,
    customer_body,
    invoice_body,
    item_body,
    order_body,
)


@pytest.fixture
def document() -> Document:
    return load("vismanet.openapi.json")


def test_every_route_is_described(document: Document) -> None:
    for route in (*erp.ROUTES, *order_service.ROUTES):
        path = route.path.replace("<int:", "<").replace("<", "{").replace(">", "}")
        assert document.operation(route.method, path), route


@pytest.mark.parametrize("path", [f"/v1/{path}" for path in LISTS])
def test_every_list_is_as_described_and_says_nothing_more(document: Document, api: Api, path: str) -> None:
    flags = {"expandWarehouseDetail": "true", "expandCrossReference": "true", "pageSize": 1000}
    answer = api.get(path, **flags)

    assert answer.status == 200
    assert document.answer_errors("GET", path, 200, answer.body) == []
    rows = answer.body["records"] if isinstance(answer.body, dict) else answer.body
    assert rows
    schema = document.operation("GET", path)["responses"]["200"]["content"]["application/json"]["schema"]
    for row in rows:
        assert unknown_members(document, row_schema(document, schema), row) == []


def row_schema(document: Document, schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a row, whatever the shape of the list."""
    if schema.get("type") == "array":
        return dict(schema["items"])
    envelope = document.content["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return dict((envelope["properties"].get("records") or envelope["properties"]["value"])["items"])


def unknown_members(document: Document, schema: dict[str, Any], value: Any, where: str = "") -> list[str]:
    """Members that the vendor does not have, at any depth."""
    for reference in (schema, *schema.get("allOf", ())):
        if "$ref" in reference:
            schema = document.content["components"]["schemas"][reference["$ref"].rpartition("/")[2]]
    if isinstance(value, list):
        return [each for item in value for each in unknown_members(document, schema.get("items", {}), item, where)]
    if not isinstance(value, dict) or "properties" not in schema:
        return []
    known = schema["properties"]
    return [
        *(f"{where}.{name}" for name in value if name not in known),
        *(
            each
            for name, member in value.items()
            if name in known
            for each in unknown_members(document, known[name], member, f"{where}.{name}")
        ),
    ]


ONE = [
    ("/v1/customer/{customerCd}", "/v1/customer/10001"),
    ("/v1/inventory/{inventoryNumber}", "/v1/inventory/KAB-3G15"),
    ("/v1/project/{projectId}", "/v1/project/P-24-001"),
    ("/v1/customerinvoice/{invoiceNumber}", "/v1/customerinvoice/300001"),
    ("/v1/branch/{branchNumber}", "/v1/branch/1"),
    ("/v1/vatCategory/{taxCategoryId}", "/v1/vatCategory/3"),
    ("/api/v3/SalesOrders/{type}/{orderId}", "/api/v3/SalesOrders/SO/001000"),
    ("/api/v3/SalesOrders/{type}/{orderId}/lines", "/api/v3/SalesOrders/SO/001000/lines"),
    ("/api/v3/SalesOrders/{type}/{orderId}/shipment", "/api/v3/SalesOrders/SO/001005/shipment"),
]


@pytest.mark.parametrize(("described", "path"), ONE)
def test_every_record_is_as_described(document: Document, api: Api, described: str, path: str) -> None:
    answer = api.get(path, expand="All")

    assert answer.status == 200
    assert document.answer_errors("GET", described, 200, answer.body) == []
    schema = document.operation("GET", described)["responses"]["200"]["content"]["application/json"]["schema"]
    assert unknown_members(document, schema, answer.body) == []


def test_orders_are_listed_as_described(document: Document, api: Api) -> None:
    answer = api.get("/api/v3/SalesOrders", pageSize=3)

    assert document.answer_errors("GET", "/api/v3/SalesOrders", 200, answer.body) == []
    assert len(answer.body["value"]) == 3
    schema = document.operation("GET", "/api/v3/SalesOrders")["responses"]["200"]["content"]["application/json"]
    assert unknown_members(document, schema["schema"], answer.body) == []


WRITES = [
    ("/v1/customer", customer_body(), "/v1/customer/10100"),
    ("/v1/inventory", item_body(), "/v1/inventory/NY-1"),
    ("/v2/customerinvoice", invoice_body(), "/v1/customerinvoice/300006"),
    ("/api/v3/SalesOrders", order_body(), "/api/v3/SalesOrders/SO/001009"),
]


@pytest.mark.parametrize(("path", "body", "place"), WRITES, ids=lambda value: value if isinstance(value, str) else "")
def test_a_create_says_where_the_record_is_and_nothing_else(
    document: Document, api: Api, path: str, body: Any, place: str
) -> None:
    answer = api.call("POST", path, body)

    assert document.body_errors("POST", path, body) == []
    assert document.answer_errors("POST", path, answer.status, answer.body or None) == []
    assert (answer.status, answer.body) == (201, b"")
    assert answer.headers["Location"].endswith(place)
    assert api.get(place).status == 200


def test_refusals_are_as_described(document: Document, api: Api) -> None:
    refused = api.call("POST", "/v1/customer", customer_body(name=""))
    assert (refused.status, document.answer_errors("POST", "/v1/customer", 400, refused.body)) == (400, [])

    unknown = api.get("/v1/customer/99999")
    assert (unknown.status, document.answer_errors("GET", "/v1/customer/{customerCd}", 404, unknown.body)) == (404, [])

    order = api.call("POST", "/api/v3/SalesOrders", order_body(customer={"id": "10009"}))
    assert (order.status, document.answer_errors("POST", "/api/v3/SalesOrders", 400, order.body)) == (400, [])
    assert order.body["details"][0]["code"] == "1407-InvalidCustomerStatus"
    known = {each["code"] for each in document.content["x-visma-erp-error-codes"]}
    assert order.body["details"][0]["code"] in known


def test_every_code_is_the_vendors(document: Document) -> None:
    told = {each["code"]: each["description"] for each in document.content["x-visma-erp-error-codes"]}
    assert CODES.items() <= told.items()


def test_a_queued_write_is_as_described(document: Document, api: Api) -> None:
    accepted = api.call("POST", "/v1/customer", customer_body(), headers={"erp-api-background": "none"})
    assert (accepted.status, document.answer_errors("POST", "/v1/customer", 202, accepted.body)) == (202, [])

    path = f"/v1/background/{accepted.body['id']}"
    for status in ("Started", "Finished"):
        state = api.get(path)
        assert state.body["status"] == status
        assert document.answer_errors("GET", "/v1/background/{requestId}", 200, state.body) == []
    assert state.body["statusCode"] == 201
    assert state.body["responseHeaders"]["Location"].endswith("/v1/customer/10100")
