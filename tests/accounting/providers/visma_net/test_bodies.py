"""Every body of ours is as the vendor describes it, has nothing that the vendor lacks, and says what we know."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from accounting.answers import encode
from accounting.errors import Refused
from accounting.providers.visma_net.payloads import article_body, article_changes, customer_body, customer_changes
from accounting.providers.visma_net.sale_payloads import (
    invoice_body,
    invoice_changes,
    order_body,
    order_changes,
    order_lines,
)
from accounting.types import (
    Address,
    ArticleDocument,
    Contact,
    CustomerDocument,
    DocumentLine,
    InvoiceDraft,
    SalesOrder,
)
from tests.accounting.openapi import Document, load
from tests.accounting.providers.visma_net.sandbox.test_vendor_description import unknown_members

EVERY_ANSWER = {
    "customer_class": "KUNDE",
    "customer_class_person": "PRIVAT",
    "terms_of_payment": "30",
    "vat_zone": "01",
    "payment_method": "1",
    "payment_method_of_sales": "2",
    "item_class_goods": "LAGER",
    "item_class_service": "ARBEID",
    "posting_class_goods": "VARE",
    "posting_class_service": "TJEN",
    "vat_category": "31",
    "unit_goods": "STK",
    "unit_service": "TIME",
    "order_type": "SA",
    "order_status": "Hold",
    "warehouse": "BIL1",
    "branch": "2",
}
HERE = Address(street="Storgata 1", street2="Oppgang B", postcode="7010", city="Trondheim", country="NO")
CUSTOMER = CustomerDocument(reference="C-K7Q2M9", name="Nye Bakeriet AS", is_company=True)
FULL_CUSTOMER = replace(
    CUSTOMER,
    number="1042",
    organisation_number="974760673",
    vat_number="NO 974 760 673 MVA",
    email="eva@bakeriet.example",
    phone="73 10 20 30",
    mobile="900 10 200",
    website="https://bakeriet.example",
    address=HERE,
    delivery_name="Lageret",
    delivery_address=Address(street="Havnegata 2", postcode="7010", city="Trondheim"),
    contact=Contact(name="Eva Moe"),
    currency="NOK",
    discount_percent=Decimal(10),
    terms_remote_id="14",
    answers=EVERY_ANSWER,
)
ARTICLE = ArticleDocument(
    reference="A-1", number="A-1", name="Rør", is_service=False, price=Decimal("39.9961"), vat_percent=Decimal(25)
)
FULL_ARTICLE = replace(
    ARTICLE, text="Kobber", unit_remote_id="M", coding_remote_id="3", ean="7020160301501", answers=EVERY_ANSWER
)
LINES = (
    DocumentLine(text="Byttet sikringer"),
    DocumentLine(text="Tettet skapet."),
    DocumentLine(
        article_remote_id="KAB",
        text="Kabel",
        quantity=Decimal("3.25"),
        unit_price=Decimal("39.9961"),
        vat_percent=Decimal(25),
        discount_percent=Decimal(5),
        project_remote_id="P-1",
    ),
    DocumentLine(
        article_remote_id="TIME",
        quantity=Decimal(-1),
        unit_price=Decimal(9),
        vat_percent=Decimal(25),
        project_remote_id="P-1",
    ),
)
SHARED: dict[str, Any] = {
    "reference": "1187-K7Q2M9",
    "customer_remote_id": "10002",
    "work_order_number": "1187",
    "currency": "NOK",
    "dated": date(2026, 11, 20),
    "deliver_on": date(2026, 11, 27),
    "your_reference": "Eva",
    "title": "Byttet sikringer",
    "terms_remote_id": "14",
    "delivery_name": "Kjelleren",
    "delivery_address": HERE,
    "lines": LINES,
    "answers": EVERY_ANSWER,
}
ORDER, DRAFT = SalesOrder(**SHARED), InvoiceDraft(**SHARED)
ALL_OF_A_SALE = frozenset(SHARED) - {"answers", "work_order_number"}
ALL_OF_A_CUSTOMER = frozenset({"name", "email", "phone", "address", "delivery_address", "contact", "terms_remote_id"})

BODIES: dict[str, tuple[str, str, Any]] = {
    "customer": ("POST", "/v1/customer", customer_body(FULL_CUSTOMER)),
    "least customer": ("POST", "/v1/customer", customer_body(CUSTOMER)),
    "changed customer": ("PUT", "/v1/customer/1042", customer_changes(FULL_CUSTOMER, ALL_OF_A_CUSTOMER)),
    "item": ("POST", "/v1/inventory", article_body(FULL_ARTICLE)),
    "least item": ("POST", "/v1/inventory", article_body(ARTICLE)),
    "service": ("POST", "/v1/inventory", article_body(replace(FULL_ARTICLE, is_service=True))),
    "changed item": ("PUT", "/v1/inventory/A-1", article_changes(FULL_ARTICLE, frozenset({"name", "price", "text"}))),
    "order": ("POST", "/api/v3/SalesOrders", order_body(ORDER)),
    "changed order": ("PATCH", "/api/v3/SalesOrders/SO/1", order_changes(ORDER, ALL_OF_A_SALE)),
    "order lines": ("POST", "/api/v3/SalesOrders/SO/1/lines", {"lines": order_lines(ORDER)}),
    "invoice": ("POST", "/v2/customerinvoice", invoice_body(DRAFT)),
    "changed invoice": ("PUT", "/v1/customerinvoice/1", invoice_changes(DRAFT, ALL_OF_A_SALE, [1, 2])),
}


def sent(body: Any) -> Any:
    """The body as it goes over the wire."""
    return msgspec.json.decode(encode(body))


@pytest.mark.parametrize("name", BODIES)
def test_every_body_is_as_the_vendor_describes_it(name: str) -> None:
    document: Document = load("vismanet.openapi.json")
    method, path, body = BODIES[name]

    assert document.body_errors(method, path, sent(body)) == []
    schema = document.operation(method, path)["requestBody"]["content"]["application/json"]["schema"]
    assert unknown_members(document, schema, sent(body)) == []


def test_a_customer_says_what_we_know_and_what_was_answered() -> None:
    assert sent(customer_body(FULL_CUSTOMER)) == {
        "number": {"value": "1042"},
        "overrideNumberSeries": {"value": True},
        "customerClassId": {"value": "KUNDE"},
        "overrideWithClassValues": True,
        "creditTermsId": {"value": "14"},
        "vatZoneId": {"value": "01"},
        "defaultPaymentMethod": {"value": {"paymentMethodId": {"value": "1"}, "isDefault": {"value": True}}},
        "name": {"value": "Nye Bakeriet AS"},
        "corporateId": {"value": "974760673"},
        "vatRegistrationId": {"value": "NO974760673MVA"},
        "mainContact": {
            "value": {
                "email": {"value": "eva@bakeriet.example"},
                "phone1": {"value": "73 10 20 30"},
                "phone2": {"value": "900 10 200"},
                "web": {"value": "https://bakeriet.example"},
                "attention": {"value": "Eva Moe"},
            }
        },
        "mainAddress": {
            "value": {
                "addressLine1": {"value": "Storgata 1"},
                "addressLine2": {"value": "Oppgang B"},
                "postalCode": {"value": "7010"},
                "city": {"value": "Trondheim"},
                "countryId": {"value": "NO"},
            }
        },
        "deliveryAddress": {
            "value": {
                "addressLine1": {"value": "Havnegata 2"},
                "addressLine2": {"value": ""},
                "postalCode": {"value": "7010"},
                "city": {"value": "Trondheim"},
            }
        },
        "deliveryContact": {"value": {"name": {"value": "Lageret"}}},
        "currencyId": {"value": "NOK"},
    }


def test_a_customer_without_a_number_carries_our_reference() -> None:
    assert sent(customer_body(CUSTOMER)) == {
        "accountReference": {"value": "C-K7Q2M9"},
        "name": {"value": "Nye Bakeriet AS"},
    }


@pytest.mark.parametrize(("is_company", "klass"), [(True, "KUNDE"), (False, "PRIVAT")])
def test_companies_and_persons_have_classes_of_their_own(is_company: bool, klass: str) -> None:
    body = customer_body(replace(FULL_CUSTOMER, is_company=is_company))
    assert body["customerClassId"] == {"value": klass}

    only = replace(FULL_CUSTOMER, is_company=False, answers={"customer_class": "KUNDE"})
    assert customer_body(only)["customerClassId"] == {"value": "KUNDE"}


def test_a_change_says_nothing_else_and_can_empty() -> None:
    emptied = replace(FULL_CUSTOMER, email="", phone="1")

    assert customer_changes(emptied, frozenset({"email", "phone"})) == {
        "mainContact": {"value": {"email": {"value": ""}, "phone1": {"value": "1"}}}
    }
    for change in (
        lambda: customer_changes(FULL_CUSTOMER, frozenset({"number"})),
        lambda: article_changes(ARTICLE, frozenset({"number"})),
    ):
        with pytest.raises(Refused):
            change()


def test_an_item_is_of_the_class_of_its_kind() -> None:
    assert sent(article_body(FULL_ARTICLE)) == {
        "inventoryNumber": {"value": "A-1"},
        "itemClass": {"value": "LAGER"},
        "postingClass": {"value": "VARE"},
        "description": {"value": "Rør"},
        "baseUnit": {"value": "M"},
        "salesUnit": {"value": "M"},
        "purchaseUnit": {"value": "M"},
        "vatCode": {"value": "3"},
        "defaultPrice": {"value": 39.9961},
        "crossReferences": [
            {
                "operation": "Insert",
                "alternateType": {"value": "Barcode"},
                "alternateID": {"value": "7020160301501"},
            }
        ],
        "body": {"value": "Kobber"},
    }
    service = sent(article_body(replace(ARTICLE, is_service=True, coding_remote_id="3/service", answers=EVERY_ANSWER)))
    assert [service[name]["value"] for name in ("itemClass", "postingClass", "vatCode", "baseUnit")] == [
        "ARBEID",
        "TJEN",
        "3",
        "TIME",
    ]


def test_an_item_whose_rate_fits_no_category_takes_the_answer_or_the_class() -> None:
    assert article_body(replace(ARTICLE, answers=EVERY_ANSWER))["vatCode"] == {"value": "31"}
    assert "vatCode" not in article_body(ARTICLE)
    assert "baseUnit" not in article_body(ARTICLE)


def test_what_a_value_of_ours_was_mapped_to_goes_before_the_answer() -> None:
    abroad = replace(FULL_CUSTOMER, mapped={"vat_zone_of_country": "06"})
    assert customer_body(abroad)["vatZoneId"] == {"value": "06"}

    item = replace(FULL_ARTICLE, mapped={"vat_category_of_rate": "33"})
    assert article_body(item)["vatCode"] == {"value": "33"}


def test_an_order_carries_our_reference_and_one_project() -> None:
    assert sent(order_body(ORDER)) == {
        "type": "SA",
        "status": "Hold",
        "branchId": "2",
        "paymentSettings": {"paymentMethodId": "2"},
        "customer": {"id": "10002", "order": "1187-K7Q2M9", "refNo": "Eva", "termsId": "14"},
        "date": "2026-11-20T00:00:00",
        "requestOn": "2026-11-27T00:00:00",
        "currencyId": "NOK",
        "description": "Byttet sikringer",
        "note": "Tettet skapet.",
        "projectId": "P-1",
        "shipping": {
            "preferredWarehouseId": "BIL1",
            "address": {
                "line1": "Storgata 1",
                "line2": "Oppgang B",
                "postalCode": "7010",
                "city": "Trondheim",
                "countryId": "NO",
            },
            "contact": {"name": "Kjelleren"},
        },
        "orderLines": [
            {
                "inventoryId": "KAB",
                "quantity": 3.25,
                "unitPrice": 39.9961,
                "hasManualPrice": True,
                "description": "Kabel",
                "discountPercent": 5,
                "hasManualDiscount": True,
            },
            # No item may be taken back by a quantity, so the price is negative.
            {"inventoryId": "TIME", "quantity": 1, "unitPrice": -9, "hasManualPrice": True},
        ],
    }


def test_an_order_without_answers_is_an_ordinary_open_one() -> None:
    least = order_body(replace(ORDER, answers={}, delivery_address=Address(), delivery_name=""))

    assert (least["type"], least["status"]) == ("SO", "Open")
    assert not {"branchId", "shipping"} & least.keys()


def test_a_change_of_an_order_leaves_the_delivery_alone_where_we_know_none() -> None:
    nowhere = replace(ORDER, delivery_address=Address(), delivery_name="")

    assert order_changes(nowhere, frozenset({"delivery_address", "delivery_name", "title"})) == {
        "description": "Byttet sikringer"
    }


def test_an_invoice_is_on_hold_and_says_where_the_work_was_done() -> None:
    body = sent(invoice_body(DRAFT))
    lines = body.pop("invoiceLines")

    assert {name: member["value"] for name, member in body.items()} == {
        "hold": True,
        "branchNumber": "2",
        "paymentMethodId": "2",
        "customerNumber": "10002",
        "externalReference": "1187-K7Q2M9",
        "customerRefNumber": "Eva",
        "creditTermsId": "14",
        "documentDate": "2026-11-20T00:00:00",
        "currencyId": "NOK",
        "invoiceText": "Byttet sikringer\nTettet skapet.\nKjelleren, Storgata 1, Oppgang B, 7010 Trondheim",
        "project": "P-1",
    }
    assert [line["operation"] for line in lines] == ["Insert", "Insert"]
    assert {name: member["value"] for name, member in lines[0].items() if name != "operation"} == {
        "inventoryNumber": "KAB",
        "quantity": 3.25,
        "unitPriceInCurrency": 39.9961,
        "description": "Kabel",
        "discountPercent": 5,
        "manualDiscount": True,
    }
    assert lines[1]["quantity"] == {"value": -1}


def test_changed_lines_take_the_place_of_the_old_ones() -> None:
    body = invoice_changes(DRAFT, frozenset({"lines"}), [1, 7])

    assert [(line["operation"], line.get("lineNumber")) for line in body["invoiceLines"]] == [
        ("Delete", {"value": 1}),
        ("Delete", {"value": 7}),
        ("Insert", None),
        ("Insert", None),
    ]
    assert "invoiceLines" not in invoice_changes(DRAFT, frozenset({"title"}), [1, 7])


def test_a_price_with_vat_is_sent_without() -> None:
    line = replace(LINES[2], unit_price=Decimal(125))
    assert order_lines(replace(ORDER, prices_include_vat=True, lines=(line,)))[0]["unitPrice"] == 100

    with pytest.raises(Refused, match="no VAT rate"):
        order_body(replace(ORDER, prices_include_vat=True, lines=(replace(line, vat_percent=None),)))
