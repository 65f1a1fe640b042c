"""The sales order service's own ways: pages from zero, the type in the key, versions that must be named, codes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.accounting.providers.visma_net.sandbox.api import Api, order_body

ORDERS = "/api/v3/SalesOrders"


def ids(reply: Any) -> list[str]:
    return [f"{each['type']}/{each['orderId']}" for each in reply.body["value"]]


def post(api: Api, **members: Any) -> str:
    location = api.call("POST", ORDERS, order_body(**members)).headers["Location"]
    return "/api" + str(location).partition("/api")[2]


def test_pages_are_counted_from_zero(api: Api) -> None:
    first, second = api.get(ORDERS, pageSize=6, pageIndex=0), api.get(ORDERS, pageSize=6, pageIndex=1)

    assert (len(first.body["value"]), len(second.body["value"]), first.body["totalCount"]) == (6, 3, 9)
    assert not set(ids(first)) & set(ids(second))
    assert (first.body["nextPage"] is None, second.body["nextPage"]) == (False, None)


def test_filters(api: Api) -> None:
    assert ids(api.get(ORDERS, customerId="10003")) == ["SO/001004"]
    assert ids(api.get(f"{ORDERS}/QT")) == ["QT/001008"]
    assert ids(api.get(ORDERS, modifiedSince="2099-01-01T00:00:00Z")) == []
    assert api.get(ORDERS, modifiedSince="yesterday").status == 400
    api.switch(filters="ignored")
    assert len(ids(api.get(ORDERS, customerId="10003"))) == 9


def test_the_status_is_a_word_in_lists_and_an_object_alone(api: Api) -> None:
    assert api.get(ORDERS, customerId="10003").body["value"][0]["status"] == "Hold"
    assert api.get(f"{ORDERS}/SO/001004").body["status"] == {"description": "Hold", "hold": True, "cancelled": False}


def test_the_type_is_part_of_the_key(api: Api) -> None:
    assert api.get(f"{ORDERS}/SO/001008").status == 404
    assert api.get(f"{ORDERS}/QT/001008").status == 200


def test_sections_come_when_asked_for(api: Api) -> None:
    path = f"{ORDERS}/SO/001000"
    assert "shipping" not in api.get(path).body
    assert api.get(path, expand="shipping,note").body["shipping"]["address"]["line1"] == "Kjøpmannsgata 14 B"
    assert api.get(path, expand="sparkle").status == 400


def test_an_order_is_added_up(api: Api) -> None:
    order = api.get(post(api)).body

    assert (order["totals"]["orderTotal"], order["totals"]["taxTotal"]) == (25, 5)
    assert order["customer"]["order"] == "W-1"


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"customer": {"id": "10009"}}, "1407-InvalidCustomerStatus"),
        ({"customer": {"id": "77"}}, "1400-CustomerLookupException"),
        ({"customer": {"id": "10002", "termsId": "X"}}, "1401-MissingTermsId"),
        ({"type": "IN"}, "0003-InvalidValue"),
        ({"branchId": "77"}, "0003-InvalidValue"),
        ({"status": "Completed"}, "0003-InvalidValue"),
        ({"customer": {"id": "10002", "order": "x" * 41}}, "0003-InvalidValue"),
        ({"currencyId": "SEK"}, "1408-OverrideCurrencyIdProhibited"),
        ({"projectId": "P-24-003"}, "1907-ProjectCompleted"),
        ({"projectId": "X"}, "1904-ProjectNotFound"),
        ({"shipping": {"preferredWarehouseId": "X"}}, "1802-InvalidWarehouseId"),
        ({"orderLines": [{"inventoryId": "X"}]}, "1804-InventoryIdNotFound"),
        ({"orderLines": [{"inventoryId": "BOM", "quantity": -1}]}, "1809-InvalidQuantityForType"),
        ({"orderLines": [{"inventoryId": "BOM", "unitOfMeasure": "X"}]}, "1808-InvalidUnitOfMeasure"),
        ({"customer": None}, "0001-NullNotAllowed"),
    ],
    ids=str,
)
def test_what_is_refused_has_a_code(api: Api, members: dict[str, Any], code: str) -> None:
    refused = api.call("POST", ORDERS, {**order_body(), **members})

    assert (refused.status, [each["code"] for each in refused.body["details"]]) == (400, [code])
    assert len(ids(api.get(ORDERS))) == 9


def test_a_change_must_name_the_present_version(api: Api) -> None:
    path = post(api)
    version = api.get(path).headers["ETag"]
    change = {"description": "Ny tekst"}

    assert api.call("PATCH", path, change).status == 428
    assert api.call("PATCH", path, change, headers={"If-Match": '"old"'}).status == 412
    changed = api.call("PATCH", path, change, headers={"If-Match": version})
    assert (changed.status, changed.body) == (202, b"")
    assert api.get(path).body["description"] == "Ny tekst"
    assert api.call("DELETE", path, headers={"If-Match": version}).status == 412
    assert api.call("DELETE", path, headers={"If-Match": changed.headers["ETag"]}).status == 202
    assert api.get(path).status == 404


def test_lines_are_added_changed_and_taken_out(api: Api) -> None:
    path = post(api)

    def version() -> dict[str, str]:
        return {"If-Match": api.get(path).headers["ETag"]}

    more = {"lines": [{"inventoryId": "BOM", "quantity": 3}]}
    assert api.call("POST", f"{path}/lines", more).status == 428
    assert api.call("POST", f"{path}/lines", more, headers=version()).status == 202
    assert [line["lineId"] for line in api.get(f"{path}/lines").body["value"]] == [1, 2]
    changed = {"lines": [{"lineId": 2, "quantity": 5, "unitPrice": 10}]}
    assert api.call("PATCH", f"{path}/lines", changed, headers=version()).status == 202
    assert api.call("DELETE", f"{path}/lines", headers=version(), ids="1").status == 202
    assert [line["lineId"] for line in api.get(f"{path}/lines").body["value"]] == [2]
    # Tolls are without VAT.
    assert api.get(path).body["totals"]["orderTotal"] == 50
    assert api.call("DELETE", f"{path}/lines", headers=version(), ids="77").status == 404


def test_an_invoiced_order_names_its_invoice_and_cannot_be_changed(api: Api) -> None:
    path = post(api)
    api.sandbox.change_records({"resource": "salesorder", "action": "convert", "id": path.partition("SalesOrders/")[2]})

    number = api.get(f"{path}/shipment").body[0]["invoiceId"]
    invoice = api.get(f"/v1/customerinvoice/{number}").body
    assert (invoice["status"], invoice["customerRefNumber"], invoice["amountInCurrency"]) == ("Open", "W-1", 25)
    assert invoice["invoiceLines"][0]["soOrderNbr"] == path.rpartition("/")[2]
    version = {"If-Match": api.get(path).headers["ETag"]}
    assert api.call("PATCH", path, {"description": "x"}, headers=version).status == 405
    assert api.call("DELETE", path, headers=version).status == 400
