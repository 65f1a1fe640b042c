"""What the books compute, how documents move on, and what happens to numbers."""

from __future__ import annotations

from decimal import Decimal

import pytest

from accounting.providers.economic.sandbox import Sandbox
from tests.accounting.providers.economic.sandbox.api import Api, Json, customer_body, line, product_body, sale_body

DRAFTS = "/invoices/drafts"


def new_draft(api: Api, *lines: Json, **members: object) -> Json:
    answer = api.post(DRAFTS, sale_body(*lines, **members))
    assert answer.status == 201, answer.body
    body: Json = answer.body
    return body


# --- amounts ---------------------------------------------------------------------------


def test_a_line_is_rounded_by_itself_and_the_zone_decides_the_vat(api: Api) -> None:
    lines = (line(quantity=Decimal("1.23"), unitNetPrice=Decimal("1.12")), line(discountPercentage=10))

    draft = new_draft(api, *lines)
    abroad = new_draft(api, *lines, recipient={"name": "X", "vatZone": {"vatZoneNumber": 3}})

    assert [each["totalNetAmount"] for each in draft["lines"]] == [Decimal("1.38"), Decimal("51.30")]
    assert (draft["netAmount"], draft["vatAmount"], draft["grossAmount"]) == (
        Decimal("52.68"),
        Decimal("13.17"),
        Decimal("65.85"),
    )
    assert (abroad["netAmount"], abroad["vatAmount"]) == (Decimal("52.68"), 0)


@pytest.mark.parametrize(("rounding", "vat"), [("document", "0.03"), ("line", "0.04")])
def test_vat_is_rounded_as_the_switch_says(api: Api, sandbox: Sandbox, rounding: str, vat: str) -> None:
    sandbox.switch({"switches": {"vat_rounding": rounding}})
    penny = line(quantity=1, unitNetPrice=Decimal("0.03"))

    assert new_draft(api, *[penny] * 4)["vatAmount"] == Decimal(vat)


def test_sent_totals_and_unknown_members_are_ignored(api: Api) -> None:
    draft = new_draft(api, grossAmount=1, sparkle=True)

    assert draft["grossAmount"] == Decimal("71.25")
    assert "sparkle" not in draft


@pytest.mark.parametrize(("terms", "due"), [(2, "2026-12-04"), (4, "2026-12-15"), (5, "2026-11-20")])
def test_the_terms_decide_when_it_is_due(api: Api, terms: int, due: str) -> None:
    assert new_draft(api, paymentTerms={"paymentTermsNumber": terms})["dueDate"] == due


# --- from stage to stage ------------------------------------------------------------------


def test_a_booked_invoice_does_not_tell_which_draft_it_was(api: Api) -> None:
    draft = new_draft(api, references={"other": "1187-K7Q2M9"})

    booked = api.post("/invoices/booked", {"draftInvoice": {"draftInvoiceNumber": draft["draftInvoiceNumber"]}}).body

    assert api.get(f"{DRAFTS}/{draft['draftInvoiceNumber']}").status == 404
    assert (booked["references"], booked["remainder"]) == ({"other": "1187-K7Q2M9"}, draft["grossAmount"])
    assert "draftInvoiceNumber" not in booked
    assert "soap" not in booked
    assert api.all("/invoices/booked", filter="references.other$in:[1187-K7Q2M9]")


def test_a_text_alone_cannot_be_booked(api: Api) -> None:
    draft = new_draft(api, {"description": "Kun tekst"})

    refused = api.post("/invoices/booked", {"draftInvoice": {"draftInvoiceNumber": draft["draftInvoiceNumber"]}})

    assert (refused.status, refused.body["errorCode"]) == (400, "E09020")


def test_an_order_is_sent_reopened_and_upgraded(api: Api, sandbox: Sandbox) -> None:
    order = api.post("/orders/drafts", sale_body()).body
    number = order["orderNumber"]
    act = {"resource": "orders/drafts", "id": number}

    assert api.post("/orders/sent", order).status == 201
    assert api.get(f"/orders/drafts/{number}").status == 404
    sandbox.change_records({**act, "resource": "orders/sent", "action": "reopen"})
    assert api.get(f"/orders/drafts/{number}").body["soap"] == order["soap"]
    sandbox.change_records({**act, "action": "send"})
    draft = sandbox.change_records({**act, "resource": "orders/sent", "action": "upgrade"})["records"][0]
    assert api.get(f"/orders/archived/{number}").status == 200
    assert draft["netAmount"] == order["netAmount"]


def test_orders_cannot_be_written_where_stock_is_kept(api: Api, sandbox: Sandbox) -> None:
    sandbox.switch({"switches": {"inventory": True}})

    assert api.post("/orders/drafts", sale_body()).body["errorCode"] == "EMU003"
    assert api.post(DRAFTS, sale_body()).status == 201


# --- replacing and deleting ------------------------------------------------------------


def test_a_replacement_forgets_what_it_leaves_out(api: Api) -> None:
    customer = api.post("/customers", customer_body(city="Esbjerg", barred=True)).body
    path = f"/customers/{customer['customerNumber']}"

    replaced = api.put(path, customer_body(name="Andet navn")).body

    assert (replaced["name"], replaced["customerNumber"]) == ("Andet navn", customer["customerNumber"])
    assert not {"city", "barred"} & replaced.keys()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/customers/5555", customer_body()),
        ("/products/NY", product_body(productNumber="NY")),
        ("/invoices/drafts/5555", sale_body()),
        ("/orders/drafts/5555", sale_body()),
    ],
)
def test_replacing_what_is_not_there_creates_it(api: Api, path: str, body: Json) -> None:
    assert api.put(path, body).status == 201
    assert api.put(path, body).status == 200
    assert api.get(path).status == 200


def test_a_number_is_given_again_but_not_a_handle(api: Api) -> None:
    first = new_draft(api)
    answer = api.delete(f"{DRAFTS}/{first['draftInvoiceNumber']}")
    second = new_draft(api)

    assert (answer.status, answer.body["deletedCount"]) == (200, 1)
    assert second["draftInvoiceNumber"] == first["draftInvoiceNumber"]
    assert second["soap"] != first["soap"]
    customer = api.post("/customers", customer_body()).body["customerNumber"]
    assert api.delete(f"/customers/{customer}").status == 204
    assert api.post("/customers", customer_body()).body["customerNumber"] == customer


def test_without_a_number_every_draft_is_deleted(api: Api) -> None:
    new_draft(api)

    assert api.delete(DRAFTS).body["deletedCount"] == 5
    assert api.all(DRAFTS) == []


def test_what_is_used_cannot_be_deleted(api: Api) -> None:
    assert api.delete("/customers/1002").status == 400
    assert api.delete("/products/3001").status == 204
    new_draft(api, line(product={"productNumber": "3002"}))
    assert api.delete("/products/3002").status == 400
    assert api.delete("/products/3001").status == 404


def test_keys_in_paths_are_written_in_the_vendors_way(api: Api) -> None:
    assert api.get("/products/A_8_1_11_5_6_2").body["productNumber"] == "A_1.5/2"
    created = api.post("/products", product_body(productNumber="Ø 1/2:3"))
    assert created.headers["Location"].endswith("/products/%C3%98_9_1_6_2_4_3")


# --- once and only once ------------------------------------------------------------------


def test_a_repeated_key_brings_the_old_answer_for_an_hour(api: Api, sandbox: Sandbox) -> None:
    first = api.post(DRAFTS, sale_body(), key="k-1")
    again = api.post(DRAFTS, sale_body(), key="k-1")

    assert again.body == first.body
    assert again.headers["X-ResultFromCache"] == "true"
    assert "X-ResultFromCache" not in first.headers
    sandbox.clock.offset += 3601 * type(sandbox.clock.offset)(seconds=1)
    assert api.post(DRAFTS, sale_body(), key="k-1").body["draftInvoiceNumber"] != first.body["draftInvoiceNumber"]


def test_a_refusal_is_forgotten_unless_the_switch_says_otherwise(api: Api, sandbox: Sandbox) -> None:
    assert api.post(DRAFTS, {}, key="k-2").status == 400
    assert api.post(DRAFTS, sale_body(), key="k-2").status == 201
    sandbox.switch({"switches": {"refusals_are_kept": True}})
    assert api.post(DRAFTS, {}, key="k-3").status == 400
    assert api.post(DRAFTS, sale_body(), key="k-3").status == 400


# --- contacts ---------------------------------------------------------------------------


def test_a_contact_is_changed_with_its_present_version_only(api: Api) -> None:
    path = "/customersapi/v3.1.0/Contacts"
    created = api.post(path, {"customerNumber": 1003, "name": "Ny", "email": "ny@bageriet.example"}, area="apis")
    contact = api.service(f"{path}/{created.body['number']}").body

    assert set(created.body) == {"number"}
    assert api.put(path, {**contact, "objectVersion": "old"}, area="apis").body["errorCode"] == "UpdateConflict"
    assert api.put(path, {**contact, "phone": "20 20 20 20"}, area="apis").status == 204
    assert api.put(path, {**contact, "phone": "30 30 30 30"}, area="apis").status == 409
    taken = api.post(path, {"customerNumber": 1003, "name": "NY"}, area="apis")
    assert taken.body["errors"][0]["errorCode"] == "CustomerContactNameAlreadyExists"
    assert api.delete(f"{path}/{contact['number']}", area="apis").status == 204
    assert api.service(f"{path}/{contact['number']}").body["isDeleted"]
