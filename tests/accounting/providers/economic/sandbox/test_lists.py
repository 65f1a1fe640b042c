"""Pages, filters and cursors as the two hosts give them."""

from __future__ import annotations

from typing import Any

import pytest

from accounting.providers.economic.sandbox import Sandbox
from tests.accounting.providers.economic.sandbox.api import Api

CONTACTS = "/customersapi/v3.1.0/Contacts"


def numbers(api: Api, filter: str, path: str = "/customers", key: str = "customerNumber") -> list[Any]:
    return [each[key] for each in api.all(path, filter=filter)]


# --- pages of the legacy host ----------------------------------------------------------


def test_a_page_tells_where_it_is(api: Api) -> None:
    body = api.get("/customers", pagesize=5, skippages=1, sort="customerNumber").body

    pages = body["pagination"]
    assert [each["customerNumber"] for each in body["collection"]] == [1006, 1007, 1008, 1009, 1010]
    assert (pages["skipPages"], pages["pageSize"], pages["results"], pages["resultsWithoutFilter"]) == (1, 5, 12, 12)
    assert pages["nextPage"].endswith("skippages=2")
    assert pages["lastPage"].endswith("skippages=2")
    assert pages["previousPage"].endswith("skippages=0")
    assert "nextPage" not in api.get("/customers", pagesize=5, skippages=2).body["pagination"]


def test_links_lead_back_to_the_host_that_was_asked(api: Api) -> None:
    body = api.get("/customers", pagesize=1).body

    assert body["collection"][0]["self"] == "http://localhost/rest/customers/1001"
    assert body["pagination"]["nextPage"].startswith("http://localhost/rest/customers?")


def test_twenty_records_unless_said_otherwise_and_nothing_past_the_end(api: Api) -> None:
    assert api.get("/customers").body["pagination"]["pageSize"] == 20
    beyond = api.get("/customers", skippages=9).body
    assert (beyond["collection"], beyond["pagination"]["results"]) == ([], 12)


@pytest.mark.parametrize("size", ["1001", "0", "many"])
def test_a_page_has_one_to_a_thousand_records(api: Api, size: str) -> None:
    refused = api.get("/customers", pagesize=size)

    assert (refused.status, refused.body["errorCode"]) == (400, "E04810")


def test_documents_in_a_list_have_no_lines(api: Api) -> None:
    for path in ("/orders/drafts", "/orders/sent", "/orders/archived", "/invoices/drafts", "/invoices/booked"):
        assert not any("lines" in each for each in api.all(path))
    assert api.get("/orders/sent/5").body["lines"]


# --- filters ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        ("customerNumber$eq:1003", [1003]),
        ("customerNumber$in:[1003,1004,9999]", [1003, 1004]),
        ("customerNumber$gt:1010$and:barred$eq:false", [1011, 1012]),
        ("barred$eq:true", [1010]),
        ("name$like:bageri", [1003]),
        ("name$like:*A/S", [1002, 1008]),
        ("NAME$like:x", "Filtering is not allowed on property 'NAME'."),
        ("name$eq:karen mikkelsen", [1004]),
        ("ean$eq:$null:$and:customerNumber$lt:1003", [1001, 1002]),
        ("(city$eq:Fanø$or:city$eq:Varde)$and:customerGroup.customerGroupNumber$eq:1", [1002, 1006]),
        ("lastUpdated$gte:2099-01-01T00:00:00Z", []),
        ("corporateIdentificationNumber$eq:29189811", [1006]),
        ("bogus$eq:1", "Filtering is not allowed on property 'bogus'."),
        ("name$eq:50$ rabat", "A $ in a value must be escaped."),
        ("customerNumber$almost:1", "Operator $almost: not supported on property customerNumber."),
        ("customerNumber$eq:one", "'one' is not a number."),
        ("customerNumber$in:1", "$in: takes a list in brackets."),
        ("(customerNumber$eq:1", "A parenthesis is not closed."),
    ],
)
def test_the_language_of_filters(api: Api, filter: str, expected: list[int] | str) -> None:
    if isinstance(expected, list):
        assert numbers(api, filter) == expected
        return
    refused = api.get("/customers", filter=filter)
    assert (refused.status, refused.body["message"]) == (400, "Could not parse query string filter.")
    assert refused.sentences == [expected]
    assert "customerNumber" in refused.body["allowedFilteringFields"]


def test_characters_that_mean_something_are_escaped(api: Api, sandbox: Sandbox) -> None:
    table = sandbox.books.tables["customers"]
    table.put({**(table.get(1001) or {}), "name": "Rør (& mere) $ ApS, nord"})

    assert numbers(api, "name$eq:Rør $(& mere$) $$ ApS, nord") == [1001]
    assert numbers(api, "name$eq:Rør (& mere$) $$ ApS$, nord") == [1001]


def test_a_list_of_values_has_two_hundred_at_most(api: Api) -> None:
    assert api.get("/customers", filter=f"customerNumber$in:[{','.join(map(str, range(1, 201)))}]").status == 200
    assert api.get("/customers", filter=f"customerNumber$in:[{','.join(map(str, range(1, 202)))}]").status == 400


def test_what_the_vendor_broke_is_broken(api: Api) -> None:
    assert api.get("/orders/sent", filter="paymentTerms.paymentTermsNumber$eq:1").status == 500
    assert api.get("/products", filter="inventory.netWeight$gt:1").status == 400
    assert api.get("/currencies", filter="code$eq:DKK").status == 400


def test_only_what_changed(api: Api, sandbox: Sandbox) -> None:
    order = {"resource": "products", "id": "3001", "values": {"salesPrice": 30}}
    since = f"{sandbox.clock.now():%Y-%m-%dT%H:%M:%SZ}"
    sandbox.change_records(order)

    assert numbers(api, f"lastUpdated$gte:{since}", "/products", "productNumber") == ["3001"]


def test_sorting(api: Api) -> None:
    assert [each["name"] for each in api.all("/customers", sort="-name")][:2] == [
        "Varde Kommune, Ejendomme",
        "Søren Juhl",
    ]
    assert api.get("/customers", sort="balance,-bogus").body["message"] == "Could not parse query string sort parameter"


# --- the services ----------------------------------------------------------------------


def test_a_cursor_is_the_first_number_of_the_next_page(api: Api, sandbox: Sandbox) -> None:
    sandbox.switch({"switches": {"cursor_size": 4}})

    first = api.service(CONTACTS).body
    second = api.service(CONTACTS, cursor=first["cursor"]).body

    assert (first["cursor"], [each["number"] for each in second["items"]]) == ("5", [5, 6])
    assert "cursor" not in second


def test_pages_and_counts_of_the_services(api: Api) -> None:
    assert api.service(f"{CONTACTS}/count").body == 6
    assert api.service(f"{CONTACTS}/count", filter="customerNumber$eq:1001").body == 2
    assert [each["number"] for each in api.service(f"{CONTACTS}/paged", pageSize=2, skipPages=1).body] == [3, 4]
    assert api.service(f"{CONTACTS}/paged", pageSize=101).status == 400


def test_a_parent_that_does_not_exist_has_an_empty_list(api: Api) -> None:
    assert api.service(CONTACTS, filter="customerNumber$eq:4711").body == {"items": []}


def test_a_bad_filter_is_told_in_the_services_own_way(api: Api) -> None:
    refused = api.service(CONTACTS, filter="notes$eq:x")

    assert (refused.status, refused.body["errorCode"]) == (400, "BadFilterRequest")
    assert refused.body["errors"][0]["message"] == "Filtering is not allowed on property 'notes'."
    assert refused.headers["Content-Type"].startswith("application/problem+json")


def test_projects_need_their_module(api: Api, sandbox: Sandbox) -> None:
    path = "/projectsapi/v1.1.0/Projects"
    assert len(api.service(path).body["items"]) == 5

    sandbox.switch({"switches": {"project": False}})

    refused = api.service(path)
    assert (refused.status, refused.body["errorCode"]) == (403, "AccessDeniedAgreementMissingModules")
    assert refused.body["title"] == "Missing modules: Project"
    assert {each["name"] for each in api.get("/self").body["modules"]} == {"Base"}


def test_the_lines_of_many_orders_at_once(api: Api) -> None:
    path = "/q2capi/v5.3.0/orders/sent/lines"

    some = api.service(path, filter="orderNumber$in:[5,6]").body["items"]

    assert {each["orderNumber"] for each in some} == {5, 6}
    assert [each["description"] for each in some][0] == "Nedtagning aftales med receptionen."
    assert len(api.service(path).body["items"]) > len(some)
    assert api.service(path, filter="quantity$gt:1").status == 400
