"""The ERP's own ways: wrappers, two list shapes, filters that need a condition, versions, queued writes, limits."""

from __future__ import annotations

import base64
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounting.providers.visma_net.sandbox.moments import erp_stamp
from accounting.sandbox import Options
from tests.accounting.providers.visma_net.sandbox.api import (
    Api,
    customer_body,
    invoice_body,
    invoice_line,
    item_body,
    wrapped,
)


def numbers(rows: list[dict[str, Any]]) -> list[str]:
    return [row["number"] for row in rows]


# --- lists -------------------------------------------------------------------------


def test_rows_say_how_many_there_are_and_how_many_fit(api: Api) -> None:
    api.switch(page_cap=4)
    first, last = (
        api.get("/v1/customer", pageNumber=1, pageSize=500),
        api.get("/v1/customer", pageNumber=4, pageSize=500),
    )

    assert [row["metadata"] for row in first.body] == [{"totalCount": 15, "maxPageSize": 4}] * 4
    assert len(last.body) == 3
    assert api.get("/v1/customer", pageNumber=5, pageSize=500).body == []


def test_terms_come_in_an_envelope(api: Api) -> None:
    body = api.get("/v1/creditTerm", pageNumber=2, pageSize=3).body

    assert (body["pageNumber"], body["pageSize"], body["totalCount"], len(body["records"])) == (2, 3, 4, 1)


def test_a_date_without_its_condition_and_an_unknown_filter_change_nothing(api: Api) -> None:
    everything = api.get("/v1/customer").body

    assert api.get("/v1/customer", lastModifiedDateTime="2099-01-01").body == everything
    assert api.get("/v1/customer", sparkle="yes", numberToRead=1).body == everything
    assert api.get("/v1/customer", lastModifiedDateTime="2099-01-01", lastModifiedDateTimeCondition=">").body == []


def test_a_date_filter_takes_no_zone(api: Api) -> None:
    refused = api.get("/v1/customer", lastModifiedDateTime="2026-01-01T10:00:00Z", lastModifiedDateTimeCondition=">")

    assert refused.status == 400
    assert "lastModifiedDateTime" in refused.body["message"]


@pytest.mark.parametrize("zone", ["company", "utc"])
def test_a_date_filter_is_in_one_zone(api: Api, zone: str) -> None:
    api.switch(filter_zone=zone)
    api.sandbox.change_records({"resource": "customer", "id": "10003", "values": {"name": "Endret"}})
    at = api.sandbox.books.tables["customer"].changed["10003"]
    local = erp_stamp(at)[:19]
    asked = {"lastModifiedDateTime": local, "lastModifiedDateTimeCondition": ">="}

    # The company's clock is ahead of UTC, so its time read as UTC is in the future.
    assert numbers(api.get("/v1/customer", **asked).body) == (["10003"] if zone == "company" else [])


def test_filters_can_be_ignored_without_a_word(api: Api) -> None:
    assert numbers(api.get("/v1/customer", email="familien@post.example").body) == ["10007", "10008"]

    api.switch(filters="ignored")
    assert len(api.get("/v1/customer", email="familien@post.example").body) == 15


@pytest.mark.parametrize(("style", "ending"), [("offset", "+0"), ("utc", "Z"), ("bare", "")])
def test_stamps_come_in_three_styles(api: Api, style: str, ending: str) -> None:
    api.switch(stamps=style)
    stamp = api.get("/v1/customer/10001").body["lastModifiedDateTime"]

    assert ending in stamp[19:]
    assert ("+" in stamp, stamp.endswith("Z")) == (style == "offset", style == "utc")


def test_stock_is_shown_when_asked_for_and_changes_without_the_item(api: Api) -> None:
    assert "warehouseDetails" not in api.get("/v1/inventory", inventoryNumber="DIM-LED").body[0]
    stamp = api.get("/v1/inventory/DIM-LED").body["lastModifiedDateTime"]
    since = erp_stamp(api.sandbox.books.now() - 1)[:19]

    api.sandbox.change_records({"resource": "inventory", "action": "count", "id": "DIM-LED", "values": {"quantity": 7}})

    asked = {"availabilityLastModifiedDateTime": since, "availabilityLastModifiedDateTimeCondition": ">="}
    rows = api.get("/v1/inventory", expandWarehouseDetail="true", **asked).body
    assert [row["inventoryNumber"] for row in rows] == ["DIM-LED"]
    assert rows[0]["lastModifiedDateTime"] == stamp
    assert [each["quantityOnHand"] for each in rows[0]["warehouseDetails"]] == [7, 1]


# --- single records ------------------------------------------------------------------


def test_an_id_with_reserved_characters_comes_in_base64(api: Api) -> None:
    coded = base64.urlsafe_b64encode(b"A/S #7").decode().rstrip("=")

    assert api.get(f"/v1/customer/b64({coded})").body["name"] == "Tempe Elektro & Co: Lager"


def test_an_internal_id_finds_the_same_record(api: Api) -> None:
    record = api.get("/v1/customer/10001").body

    assert api.get(f"/v1/customer/internal/{record['internalId']}").body == record
    assert api.get("/v1/customer/internal/999999").status == 404


def test_what_is_not_there(api: Api) -> None:
    assert (api.get("/v1/customer/77").status, api.get("/v1/customer/77").body["message"]) == (
        404,
        "Customer '77' cannot be found in the system.",
    )
    api.switch(not_found="empty")
    assert (api.get("/v1/customer/77").status, api.get("/v1/customer/77").body) == (404, b"")


# --- writing -----------------------------------------------------------------------


def test_names_may_have_any_case_and_everything_is_wrapped(api: Api) -> None:
    shouted = {"NAME": {"Value": "Rop AS"}, "MainContact": {"VALUE": {"EMAIL": {"value": "rop@rop.example"}}}}
    place = api.call("POST", "/v1/customer", shouted).headers["Location"]
    record = api.get("/v1/customer/" + place.rpartition("/")[2]).body
    assert (record["name"], record["mainContact"]["email"]) == ("Rop AS", "rop@rop.example")

    bare = api.call("POST", "/v1/customer", {"name": "Uten innpakning"})
    assert bare.status == 400
    assert "Parameter name: name" in bare.body["message"]


def test_the_series_numbers_unless_it_is_overruled(api: Api) -> None:
    assert api.call("POST", "/v1/customer", customer_body(number="777")).headers["Location"].endswith("/10100")
    ours = customer_body(number="777", overrideNumberSeries=True)
    assert api.call("POST", "/v1/customer", ours).headers["Location"].endswith("/777")
    assert "already exists" in api.call("POST", "/v1/customer", ours).body["message"]


def test_a_class_may_require_a_vat_zone(api: Api) -> None:
    refused = api.call("POST", "/v1/customer", customer_body(customerClassId="ØVRIG"))
    assert (refused.status, "VAT zone" in refused.body["message"]) == (400, True)
    assert api.call("POST", "/v1/customer", customer_body(customerClassId="ØVRIG", vatZoneId="01")).status == 201


def test_a_version_that_is_named_must_be_the_present_one(api: Api) -> None:
    version = api.get("/v1/customer/10001").headers["ETag"]
    body = wrapped(name="Ny")
    assert api.call("PUT", "/v1/customer/10001", body, headers={"If-Match": '"gammel"'}).status == 412
    assert api.call("PUT", "/v1/customer/10001", body, headers={"If-Match": version.strip('"')}).status == 204
    assert api.call("PUT", "/v1/customer/10001", body, headers={"If-Match": version}).status == 412
    assert api.call("PUT", "/v1/customer/10001", body).status == 204


def test_an_address_that_nobody_gave_follows_the_main_one(api: Api) -> None:
    api.call("PUT", "/v1/customer/10002", {"mainAddress": {"value": wrapped(city="Oslo")}})
    changed = api.get("/v1/customer/10002").body
    assert [changed[f"{side}Address"]["city"] for side in ("main", "invoice", "delivery")] == ["Oslo"] * 3

    api.call("PUT", "/v1/customer/10001", {"mainAddress": {"value": wrapped(city="Oslo")}})
    own = api.get("/v1/customer/10001").body
    assert [own[f"{side}Address"]["city"] for side in ("main", "invoice", "delivery")] == ["Oslo", "Oslo", "Trondheim"]


def test_an_item_gets_what_its_class_gives(api: Api) -> None:
    api.call("POST", "/v1/inventory", item_body(itemClass="ARBEID", defaultPrice=500))
    item = api.get("/v1/inventory/NY-1").body

    assert (item["type"], item["salesUnit"], item["vatCode"]["id"], item["stockItem"]) == (
        "LaborItem",
        "TIME",
        "3",
        False,
    )
    assert "already exists" in api.call("POST", "/v1/inventory", item_body()).body["message"]
    assert api.call("POST", "/v1/inventory", item_body(inventoryNumber="NY-2", itemClass="")).status == 400


def test_a_line_without_an_operation_is_left_out(api: Api) -> None:
    forgotten = {name: value for name, value in invoice_line().items() if name != "operation"}
    place = api.call("POST", "/v2/customerinvoice", invoice_body(forgotten, invoice_line())).headers["Location"]

    invoice = api.get("/v1/customerinvoice/" + place.rpartition("/")[2]).body
    assert [line["lineNumber"] for line in invoice["invoiceLines"]] == [1]
    assert (invoice["amountInCurrency"], invoice["vatTotalInCurrency"]) == (25, 5)


def test_an_invoice_on_hold_is_not_released_and_another_one_in_the_background(api: Api) -> None:
    place = api.call("POST", "/v2/customerinvoice", invoice_body()).headers["Location"]
    path = "/v1/customerinvoice/" + place.rpartition("/")[2]
    assert "on hold" in api.call("POST", f"{path}/action/release", {}).body["message"]

    api.call("PUT", path, wrapped(hold=False))
    assert api.call("POST", f"{path}/action/release", {}).body["actionResult"] == "Queued"
    assert api.get(path).body["status"] == "Balanced"

    api.sandbox.clock.offset += timedelta(seconds=2)
    assert api.get(path).body["status"] == "Open"
    assert "released" in api.call("PUT", path, wrapped(note="x")).body["message"]
    assert "released" in api.call("DELETE", path).body["message"]


def test_a_closed_period_takes_no_invoice(api: Api) -> None:
    last_year = f"{api.sandbox.books.today().year - 1}-12-31T00:00:00"
    refused = api.call("POST", "/v2/customerinvoice", invoice_body(documentDate=last_year))

    assert (refused.status, "closed" in refused.body["message"]) == (400, True)


def test_a_queued_write_that_is_refused_is_finished_too(api: Api) -> None:
    accepted = api.call("POST", "/v1/customer", customer_body(name=""), headers={"erp-api-background": "none"})
    path = f"/v1/background/{accepted.body['id']}"
    api.get(path)
    state = api.get(path).body

    assert (accepted.status, state["status"], state["statusCode"]) == (202, "Finished", 400)
    assert api.get(f"{path}/content").body["message"] == "'Customer Name' cannot be empty."
    assert api.get("/v1/background/unknown").status == 404


# --- limits and what is behind -----------------------------------------------------


def test_every_answer_tells_about_the_limit(api: Api) -> None:
    assert {"X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Policy", "Ipp-Request-Id"} <= {
        *api.get("/v1/branch").headers.keys()
    }


@pytest.mark.parametrize("retry_after", [True, False])
def test_one_request_too_many(api: Api, retry_after: bool) -> None:
    api.switch(rate_limit=2, retry_after=retry_after)
    api.get("/v1/branch")
    api.get("/v1/branch")
    refused = api.get("/v1/branch")

    assert (refused.status, "Retry-After" in refused.headers) == (429, retry_after)
    assert 3500 < int(refused.headers["X-RateLimit-Reset"]) <= 3600


def test_the_same_request_may_be_too_many_as_well(api: Api) -> None:
    api.switch(same_request_limit=1)
    assert [api.get("/v1/branch").status, api.get("/v1/currency").status, api.get("/v1/branch").status] == [
        200,
        200,
        429,
    ]


def test_as_many_customers_as_asked_for_come_in_whole_pages() -> None:
    api = Api(Options(customers=3000, articles=300, projects=50, orders=40, companies=4))
    rows = [row for page in (1, 2, 3) for row in api.get("/v1/customer", pageNumber=page, pageSize=1000).body]

    assert len({row["number"] for row in rows}) == 3000
    assert len(api.sandbox.companies) == 4
    assert len({books.org_number for books in api.sandbox.companies.values()}) == 4
    assert {key: len(api.sandbox.books.tables[key]) for key in ("inventory", "project", "salesorder")} == {
        "inventory": 300,
        "project": 50,
        "salesorder": 40,
    }
    assert api.get("/v1/inventory/G000001").body["defaultPrice"] > Decimal(0)


def test_a_reset_brings_everything_back(api: Api) -> None:
    before = api.sandbox.describe()["companies"]
    api.call("POST", "/v1/customer", customer_body())
    api.switch(background="always")
    assert api.sandbox.deeds()

    api.sandbox.reset()

    assert api.sandbox.describe()["companies"] == before
    assert api.sandbox.deeds() == []
