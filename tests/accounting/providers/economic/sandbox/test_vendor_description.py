"""Everything that the stand-in serves is as the vendor describes it, and what the vendor forbids is refused."""

from __future__ import annotations

from typing import Any

import pytest

from accounting.providers.economic.sandbox.fields import body_of, rows
from accounting.providers.economic.sandbox.routes import REST, SERVICES
from tests.accounting.providers.economic.sandbox.api import Api, Json, customer_body, line, product_body, sale_body
from tests.accounting.providers.economic.vendor import legacy_errors, schema_of, services

LISTS = sorted({route.path for route in REST if route.method == "GET" and "<" not in route.path})
ITEMS = {
    "/customers/<number>": "1001",
    "/customers/<number>/contacts": "1001",
    "/products/<number>": "3030",
    "/product-groups/<number>": "1",
    "/product-groups/<number>/sales-accounts": "1",
    "/units/<number>": "1",
    "/customer-groups/<number>": "1",
    "/payment-terms/<number>": "1",
    "/vat-zones/<number>": "1",
    "/vat-accounts/<number>": "U25",
    "/layouts/<number>": "19",
    "/currencies/<number>": "DKK",
    "/employees/<number>": "1",
    "/orders/drafts/<number>": "1",
    "/orders/sent/<number>": "5",
    "/orders/archived/<number>": "9",
    "/invoices/drafts/<number>": "366",
    "/invoices/booked/<number>": "10001",
}


@pytest.mark.parametrize("path", LISTS)
def test_every_list_is_as_described(api: Api, path: str) -> None:
    answer = api.get(path)

    assert answer.status == 200
    assert path == "/self" or answer.body["collection"]


@pytest.mark.parametrize("path", sorted(ITEMS))
def test_every_record_is_as_described(api: Api, path: str) -> None:
    assert api.get(path.replace("<number>", ITEMS[path])).status == 200
    missing = api.get(path.replace("<number>", "987654"))
    assert (missing.status, missing.body["errorCode"], missing.body["message"]) == (
        404,
        "E06000",
        "Resource not found.",
    )


def test_every_reading_route_is_tried_above() -> None:
    reading = {route.path for route in REST if route.method == "GET"}
    assert {path for path in reading if not path.endswith("/attachment/file")} == {*LISTS, *ITEMS}


def test_every_route_of_the_services_is_described() -> None:
    for route in SERVICES:
        path = route.path.replace("<any(drafts,sent,archived):status>", "{documentStatus}").replace("<number>", "{n}")
        assert services().operation(route.method, path), route


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ("customer post", "customers.post"),
        ("customer put", "customers.customerNo.put"),
        ("product post", "products.post"),
        ("product put", "products.productNumber.put"),
        ("order post", "orders.drafts.post"),
        ("order put", "orders.drafts.orderNumber.put"),
        ("invoice post", "invoices.drafts.post"),
        ("invoice put", "invoices.drafts.draftInvoiceNumber.put"),
    ],
)
def test_every_member_is_as_described(document: str, name: str) -> None:
    """fields.csv is the vendor's schemas as a table."""
    described = schema_of(name).schema["properties"]

    assert set(body_of(document)) == set(described) - {"self", "metaData", "pagination"}
    for member in body_of(document).values():
        assert member.required == bool(described[member.name].get("required")), member
        if "maxLength" in described[member.name]:
            assert member.limits["max"] == str(described[member.name]["maxLength"])
    assert len(rows()) > 600


BODIES: dict[str, Json] = {
    "/customers": customer_body(corporateIdentificationNumber="25313763", address="Gade 1\nBaghuset"),
    "/products": product_body(salesPrice=12.5, unit={"unitNumber": 1}),
    "/orders/drafts": sale_body(line(), {"description": "Kun tekst"}),
    "/invoices/drafts": sale_body(line(discountPercentage=10), references={"other": "1187-K7Q2M9"}),
}


@pytest.mark.parametrize("path", sorted(BODIES))
def test_every_create_answers_with_the_whole_record_and_where_it_lies(api: Api, path: str) -> None:
    assert legacy_errors("POST", path, BODIES[path]) == []

    created = api.post(path, BODIES[path])

    assert created.status == 201
    assert created.headers["Location"] == created.body["self"]
    there = created.body["self"].partition("/rest")[2]
    assert api.get(there).body == created.body


@pytest.mark.parametrize("path", sorted(BODIES))
def test_what_is_required_is_asked_for_all_at_once(api: Api, path: str) -> None:
    refused = api.post(path, {})

    needed = [each.name for each in body_of(DOCUMENTS[path]).values() if each.required]
    assert (refused.status, refused.body["errorCode"]) == (400, "E04300")
    assert refused.sentences == sorted(f"{name} is missing a value." for name in needed)
    assert refused.body["message"] == f"Validation failed. {len(needed)} errors found."


DOCUMENTS = {
    "/customers": "customer post",
    "/products": "product post",
    "/orders/drafts": "order post",
    "/invoices/drafts": "invoice post",
}


@pytest.mark.parametrize(
    ("path", "body", "code", "sentence"),
    [
        ("/customers", customer_body(name=None), "E04300", "Expected String but got Null."),
        ("/customers", customer_body(customerNumber=0), "E04313", "Integer 0 is less than minimum value of 1."),
        ("/customers", customer_body(city="x" * 51), "E04310", "exceeds maximum length of 50"),
        ("/customers", customer_body(customerNumber=1001), "E06010", "because the key already exists"),
        ("/customers", customer_body(vatZone={"vatZoneNumber": 99}), "E07080", "VatZone '99' not found."),
        ("/customers", customer_body(currency="XXX"), "E07080", "Currency 'XXX' not found."),
        ("/products", product_body(productNumber=5), "E04300", "Expected String but got Integer."),
        ("/products", product_body(productGroup={"productGroupNumber": 9}), "E07080", "ProductGroup '9' not found."),
        ("/invoices/drafts", sale_body(line(quantity=0.333)), "E04740", "scale greater than two decimals"),
        ("/invoices/drafts", sale_body(line(product={"productNumber": "?"})), "E07090", "Product '?' not found."),
        ("/invoices/drafts", sale_body({"description": "x", "quantity": 1}), "E04500", "No identifiers present"),
        ("/invoices/drafts", sale_body(line(lineNumber=0)), "E04313", "less than minimum value of 1"),
        ("/invoices/drafts", sale_body(layout={"layoutNumber": 20}), "E07080", "Layout '20' not found."),
        ("/invoices/drafts", sale_body(customer={"customerNumber": 1010}), "EMU004", "is barred"),
        ("/invoices/drafts", sale_body(paymentTerms={"paymentTermsNumber": 6}), "E04042", "dueDate is missing"),
        ("/orders/drafts", sale_body(line(product={"productNumber": "9999"})), "EMU006", "is barred"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_in_the_form_of_the_body(
    api: Api, path: str, body: Json, code: str, sentence: str
) -> None:
    refused = api.post(path, body)

    assert (refused.status, refused.body["errorCode"]) == (400, "E04300")
    assert refused.body["logId"].endswith("-CPH")
    assert any(sentence in each for each in refused.sentences)
    assert code in codes_in(refused.body["errors"])


def codes_in(errors: Any) -> set[str]:
    if isinstance(errors, list):
        return {code for each in errors for code in codes_in(each)}
    if not isinstance(errors, dict):
        return set()
    own = {errors["errorCode"]} if isinstance(errors.get("errorCode"), str) else set()
    return own | {code for each in errors.values() for code in codes_in(each)}


def test_a_complaint_about_a_line_names_its_place(api: Api) -> None:
    refused = api.post("/orders/drafts", sale_body(line(), line(quantity=0.001)))

    assert [each["arrayIndex"] for each in refused.body["errors"]["lines"]] == [1]
    assert refused.body["errors"]["lines"][0]["quantity"]["errors"][0]["inputValue"] is not None


def test_it_speaks_json_only(api: Api) -> None:
    answer = api.client.post("/rest/customers", data="name=x", headers=api.headers)

    assert answer.status_code == 415
    assert answer.get_json()["errorCode"] == "EMU415"


@pytest.mark.parametrize(("method", "path"), [("PUT", "/customers"), ("DELETE", "/orders/sent"), ("POST", "/layouts")])
def test_what_a_path_does_not_know_is_not_allowed(api: Api, method: str, path: str) -> None:
    assert api(method, path, {}).status == 405
