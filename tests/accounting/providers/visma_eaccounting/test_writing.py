"""What we send: every body against the vendor's own description, and the values that matter one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounting.errors import Conflict, NotFound, Refused, TryLater
from accounting.types import Address, Contact, Document, DocumentLine, Receipt, SalesDocument, Stage
from tests.accounting import openapi
from tests.accounting.providers.visma_eaccounting import samples as sample
from tests.accounting.providers.visma_eaccounting.sample_books import (
    ANSWERS,
    LINE,
    SampleBooks,
    new_article,
    new_customer,
    new_draft,
    new_order,
)
from tests.accounting.providers.visma_eaccounting.samples import guid

FULL_CUSTOMER: dict[str, Any] = {
    "number": "1044",
    "vat_number": "SE 556016-0680 01",
    "mobile": "070-1740605",
    "website": "https://bageriet.example",
    "address": Address(street="Storgatan 1", street2="c/o Ek", postcode="503 30", city="Borås", country="SE"),
    "delivery_name": "Lagret",
    "delivery_address": Address(street="Hamnen 2", postcode="503 31", city="Borås", country="SE"),
    "contact": Contact(name="Eva Ek", email="eva@bageriet.example", phone="033-1", mobile="070-2"),
    "currency": "SEK",
    "discount_percent": Decimal("12.50"),
}
FULL_SALE: dict[str, Any] = {
    "deliver_on": date(2026, 11, 21),
    "our_reference": "Kalle",
    "terms_remote_id": guid("10 dagar netto"),
    "delivery_name": "Brf Eken",
    "delivery_address": Address(street="Ekgatan 3", postcode="503 31", city="Borås", country="SE"),
    "lines": (DocumentLine(text="Tätat."), replace(LINE, project_remote_id=guid("project 1"))),
}


def sent(samples: SampleBooks, document: Document) -> dict[str, Any]:
    """The body that a new document goes out with."""
    samples.ledger().create(document)
    body: dict[str, Any] = samples.bodies[-1][2]
    return body


# --- against the description ---------------------------------------------------------


@pytest.mark.parametrize(
    "document",
    [
        new_customer(),
        new_customer(is_company=False, organisation_number="", address=Address(postcode="503 30", city="Borås")),
        new_customer(**FULL_CUSTOMER),
        new_article(),
        new_article(is_service=True, ean="7310990187128", text="Lång text"),
        new_draft(),
        new_draft(**FULL_SALE),
        new_draft(customer_is_company=False, answers={"reference_carrier": "your_reference"}),
        new_order(),
        new_order(**FULL_SALE),
    ],
    ids=lambda document: document.kind,
)
def test_every_new_body_is_as_the_vendor_describes_it(samples: SampleBooks, document: Document) -> None:
    description = openapi.load("eaccounting.openapi.json")

    samples.ledger().create(document)

    (method, path, body) = samples.bodies[-1]
    assert description.body_errors(method, f"/{path}", plain(body)) == []


@pytest.mark.parametrize(
    ("document", "fields"),
    [
        (new_customer(**FULL_CUSTOMER), frozenset({"name", "address", "contact", "email", "discount_percent"})),
        (new_article(text="Ny"), frozenset({"name", "price", "text", "ean"})),
        (new_order(**FULL_SALE), frozenset({"lines", "our_reference", "delivery_address", "dated"})),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_every_changed_body_is_as_the_vendor_describes_it(
    samples: SampleBooks, document: Document, fields: frozenset[str]
) -> None:
    description = openapi.load("eaccounting.openapi.json")
    stage, name = {
        "customer": (Stage.CUSTOMER, "customer 1"),
        "article": (Stage.ARTICLE, "article 1"),
        "sales_order": (Stage.ORDER, "order 2"),
    }[document.kind]

    samples.ledger().update(Receipt(stage=stage, remote_id=guid(name)), document, fields)

    (method, path, body) = samples.bodies[-1]
    assert method == "PUT"
    # What was read is sent back, read-only members included: the service ignores those.
    assert description.body_errors(method, f"/{path}", plain(body), read_only=True) == []


def plain(value: Any) -> Any:
    """The JSON as a validator wants it, with numbers that it knows."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return float(value) if isinstance(value, Decimal) else value


# --- customers -----------------------------------------------------------------------


def test_a_new_customer(samples: SampleBooks) -> None:
    assert sent(samples, new_customer(**FULL_CUSTOMER)) == {
        "Name": "Nya Bageriet AB",
        "IsPrivatePerson": False,
        "IsActive": True,
        "TermsOfPaymentId": ANSWERS["terms_of_payment"],
        "CustomerNumber": "1044",
        "CorporateIdentityNumber": "556016-0680",
        "VatNumber": "SE556016068001",
        "EmailAddress": "eva@bageriet.example",
        "Telephone": "033-10 20 30",
        "MobilePhone": "070-1740605",
        "WwwAddress": "https://bageriet.example",
        "InvoiceAddress1": "Storgatan 1",
        "InvoiceAddress2": "c/o Ek",
        "InvoicePostalCode": "503 30",
        "InvoiceCity": "Borås",
        "InvoiceCountryCode": "SE",
        "DeliveryCustomerName": "Lagret",
        "DeliveryAddress1": "Hamnen 2",
        "DeliveryPostalCode": "503 31",
        "DeliveryCity": "Borås",
        "DeliveryCountryCode": "SE",
        "ContactPersonName": "Eva Ek",
        "ContactPersonEmail": "eva@bageriet.example",
        "ContactPersonPhone": "033-1",
        "ContactPersonMobile": "070-2",
        "CurrencyCode": "SEK",
        "DiscountPercentage": Decimal("0.1250"),
    }


def test_a_customer_without_number_carries_our_reference_in_its_note(samples: SampleBooks) -> None:
    body = sent(samples, new_customer("C-K7Q2M9AA"))

    assert body["Note"] == "Ref. C-K7Q2M9AA"
    assert "CustomerNumber" not in body


def test_terms_of_the_customer_go_before_those_of_the_connection(samples: SampleBooks) -> None:
    assert sent(samples, new_customer(terms_remote_id="theirs"))["TermsOfPaymentId"] == "theirs"


def test_a_number_that_is_taken_is_a_conflict(samples: SampleBooks) -> None:
    taken = sample.error(4000, "ConflictException - A customer with number 1044 exists already")
    for status in (400, 409):
        samples.recover()
        samples.answer_instead("POST", status, sample.as_bytes(taken))
        with pytest.raises(Conflict, match="A customer with number 1044 exists already"):
            samples.ledger().create(new_customer(number="1044"))


def test_an_update_sends_everything_back_but_what_it_changes(samples: SampleBooks) -> None:
    before = samples.lists["customers"][0].copy()

    samples.ledger().update(
        Receipt(stage=Stage.CUSTOMER, remote_id=guid("customer 1")),
        new_customer(address=Address(street="Nygatan 2", postcode="503 40", city="Borås", country="SE")),
        frozenset({"address", "mobile"}),
    )

    body = samples.bodies[-1][2]
    changed = {
        "InvoiceAddress1": "Nygatan 2",
        "InvoiceAddress2": None,
        "InvoicePostalCode": "503 40",
        "InvoiceCity": "Borås",
        "InvoiceCountryCode": "SE",
        "MobilePhone": None,
    }
    assert body == {**before, **changed}
    assert body["UnpaidInvoicesAmount"] == Decimal("1250.5")
    assert [method for method, _ in samples.requests] == ["GET", "PUT"]


def test_a_field_that_has_no_place_is_our_bug(samples: SampleBooks) -> None:
    with pytest.raises(KeyError):
        samples.ledger().update(
            Receipt(stage=Stage.CUSTOMER, remote_id=guid("customer 1")), new_customer(), frozenset({"shoe_size"})
        )
    assert "PUT" not in samples.written()


@pytest.mark.parametrize("status", [400, 404])
def test_what_is_gone_cannot_be_updated(samples: SampleBooks, status: int) -> None:
    if status == 404:
        samples.answer_instead("GET", 404, b"")

    with pytest.raises(NotFound):
        samples.ledger().update(Receipt(stage=Stage.CUSTOMER, remote_id="gone"), new_customer(), frozenset({"name"}))


# --- articles ------------------------------------------------------------------------


def test_a_new_article_has_both_prices_by_the_rate_of_its_coding(samples: SampleBooks) -> None:
    book = new_article(coding_remote_id=guid("Böcker"), price=Decimal("100.0000"), vat_percent=Decimal(25))

    body = sent(samples, book)

    assert (body["NetPrice"], body["GrossPrice"]) == (100, 106)
    assert (body["CodingId"], body["UnitId"], body["IsActive"]) == (guid("Böcker"), guid("st"), True)
    assert "Note" not in body


@pytest.mark.parametrize(
    ("is_service", "coding", "unit"), [(False, "Varor 25 %", "st"), (True, "Tjänster 25 %", "tim")]
)
def test_coding_and_unit_of_a_new_article_come_from_the_answers(
    samples: SampleBooks, is_service: bool, coding: str, unit: str
) -> None:
    body = sent(samples, new_article(is_service=is_service))

    assert (body["CodingId"], body["UnitId"]) == (guid(coding), guid(unit))
    assert (body["NetPrice"], body["GrossPrice"]) == (Decimal("39.996"), Decimal("49.995"))


def test_a_coding_is_asked_about_once(samples: SampleBooks) -> None:
    ledger = samples.ledger()

    ledger.create(new_article("1"))
    ledger.create(new_article("2"))

    assert [method for method, _ in samples.requests] == ["GET", "POST", "POST"]


def test_our_own_rate_counts_where_the_coding_has_none(samples: SampleBooks) -> None:
    samples.lists["articleaccountcodings"][0]["VatRatePercent"] = None

    assert sent(samples, new_article(price=Decimal(100), vat_percent=Decimal(12)))["GrossPrice"] == 112


def test_an_article_without_coding_is_not_sent(samples: SampleBooks) -> None:
    with pytest.raises(Refused) as caught:
        samples.ledger().create(new_article(answers={}))

    assert caught.value.field == "coding"
    assert samples.calls == []


def test_a_new_price_agrees_with_the_coding_that_the_article_keeps(samples: SampleBooks) -> None:
    samples.lists["articles"][0]["CodingId"] = guid("Böcker")

    samples.ledger().update(
        Receipt(stage=Stage.ARTICLE, remote_id=guid("article 1")),
        new_article(price=Decimal(200)),
        frozenset({"price"}),
    )

    body = samples.bodies[-1][2]
    assert (body["NetPrice"], body["GrossPrice"], body["CodingId"]) == (200, 212, guid("Böcker"))
    assert body["Name"] == "Rör 1 mm"


# --- orders and drafts -----------------------------------------------------------------


def test_a_new_draft(samples: SampleBooks) -> None:
    assert sent(samples, new_draft(**FULL_SALE)) == {
        "CustomerId": guid("customer 1"),
        "EuThirdParty": False,
        "RotReducedInvoicingType": 0,
        "InvoiceDate": "2026-11-20",
        "DeliveryDate": "2026-11-21",
        "YourReference": "Eva Ek",
        "OurReference": "Kalle",
        "TermsOfPaymentId": guid("10 dagar netto"),
        "DeliveryCustomerName": "Brf Eken",
        "DeliveryAddress1": "Ekgatan 3",
        "DeliveryAddress2": "",
        "DeliveryPostalCode": "503 31",
        "DeliveryCity": "Borås",
        "DeliveryCountryCode": "SE",
        "Rows": [
            text_row(1, "Byte av kran"),
            text_row(2, "Tätat."),
            {
                "LineNumber": 3,
                "IsTextRow": False,
                "ReversedConstructionServicesVatFree": False,
                "ArticleId": guid("article 1"),
                "Text": "Rör 22 mm",
                "Quantity": Decimal("3.25"),
                "UnitPrice": Decimal("100.00"),
                "DiscountPercentage": Decimal("0.0500"),
                "ProjectId": guid("project 1"),
            },
            text_row(4, "Ref. 1187-K7Q2M9"),
        ],
    }


def text_row(number: int, text: str) -> dict[str, Any]:
    return {"LineNumber": number, "IsTextRow": True, "Text": text, "ReversedConstructionServicesVatFree": False}


def test_a_new_order_is_confirmed(samples: SampleBooks) -> None:
    body = sent(samples, new_order(lines=(replace(LINE, quantity=Decimal("3.1234"), discount_percent=Decimal(0)),)))

    assert (body["Status"], body["CurrencyCode"], body["OrderDate"]) == (2, "SEK", "2026-11-20")
    assert body["ReverseChargeOnConstructionServices"] is False
    assert body["Rows"][1] == {
        "LineNumber": 2,
        "IsTextRow": False,
        "IsWorkCost": False,
        "EligibleForReverseChargeOnVat": False,
        "ArticleId": guid("article 1"),
        "Text": "Rör 22 mm",
        "Quantity": Decimal("3.1234"),
        "UnitPrice": Decimal("100.00"),
    }
    assert not {"Amount", "VatAmount", "RoundingsAmount", "DeliveryAddress1", "InvoiceDate"} & set(body)


def texts(body: dict[str, Any]) -> list[str]:
    return [row["Text"] for row in body["Rows"] if row["IsTextRow"]]


def test_a_title_that_the_lines_begin_with_is_not_repeated(samples: SampleBooks) -> None:
    body = sent(samples, new_draft(lines=(DocumentLine(text="Byte av kran "), LINE)))

    assert texts(body) == ["Byte av kran", "Ref. 1187-K7Q2M9"]


def test_empty_texts_make_no_rows(samples: SampleBooks) -> None:
    body = sent(samples, new_draft(title=" ", lines=(DocumentLine(text=""), DocumentLine(text="\n "), LINE)))

    assert texts(body) == ["Ref. 1187-K7Q2M9"]


def test_a_long_text_becomes_several_rows_and_loses_no_word(samples: SampleBooks) -> None:
    words = " ".join(f"ord{number}" for number in range(900))
    unbroken = "x" * 4001

    found = texts(sent(samples, new_draft(lines=(DocumentLine(text=words), DocumentLine(text=unbroken), LINE))))

    assert max(map(len, found)) <= 2000
    assert [word for text in found for word in text.split() if word.startswith("ord")] == words.split()
    assert "".join(found).count("x") == 4001


def test_the_reference_can_be_carried_by_your_reference(samples: SampleBooks) -> None:
    body = sent(samples, new_draft(answers={"reference_carrier": "your_reference"}))

    assert body["YourReference"] == "1187-K7Q2M9 Eva Ek"
    assert texts(body) == ["Byte av kran", "Tätat under diskbänken."]


@pytest.mark.parametrize(
    ("is_company", "excluding", "price"), [(True, False, "100.00"), (False, True, "100.00"), (False, False, "125.00")]
)
def test_prices_to_private_persons_include_vat_where_the_company_says_so(
    samples: SampleBooks, is_company: bool, excluding: bool, price: str
) -> None:
    samples.settings["ShowPricesExclVatPC"] = excluding

    body = sent(samples, new_draft(customer_is_company=is_company))

    assert body["Rows"][2]["UnitPrice"] == Decimal(price)


def test_prices_that_include_vat_lose_it_for_a_company(samples: SampleBooks) -> None:
    body = sent(samples, new_draft(prices_include_vat=True, lines=(replace(LINE, unit_price=Decimal("125.0000")),)))

    assert body["Rows"][1]["UnitPrice"] == 100


def test_a_price_cannot_be_converted_without_a_rate(samples: SampleBooks) -> None:
    with pytest.raises(Refused) as caught:
        samples.ledger().create(new_draft(customer_is_company=False, lines=(replace(LINE, vat_percent=None),)))

    assert caught.value.field == "vat_percent"
    assert "POST" not in samples.written()


def test_the_company_is_asked_about_once(samples: SampleBooks) -> None:
    ledger = samples.ledger()

    ledger.create(new_draft("1"))
    ledger.create(new_order("2"))

    assert [method for method, _ in samples.requests] == ["GET", "POST", "POST"]


def test_new_lines_are_priced_as_the_document_says_of_itself(samples: SampleBooks) -> None:
    samples.lists["orders"][1]["IncludesVat"] = True
    receipt = Receipt(stage=Stage.ORDER, remote_id=guid("order 2"))

    samples.ledger().update(receipt, new_order(), frozenset({"lines"}))

    body = samples.bodies[-1][2]
    assert body["Rows"][2]["UnitPrice"] == 125
    assert body["Rows"][-1]["Text"] == "Ref. 1187-K7Q2M9"
    assert body["DeliveryAddress1"] == "Ekgatan 3"


@pytest.mark.parametrize("status", [3, 4])
def test_a_delivered_order_is_not_changed(samples: SampleBooks, status: int) -> None:
    samples.lists["orders"] = [sample.order(status)]
    receipt = Receipt(stage=Stage.ORDER, remote_id=guid(f"order {status}"))

    with pytest.raises(Refused):
        samples.ledger().update(receipt, new_order(), frozenset({"lines"}))
    assert "PUT" not in samples.written()


def test_an_invoice_is_not_changed(samples: SampleBooks) -> None:
    samples.lists["customerinvoices"] = [{"Id": guid("invoice"), "InvoiceNumber": 1}]

    with pytest.raises(Refused):
        samples.ledger().update(
            Receipt(stage=Stage.INVOICE, remote_id=guid("invoice")), new_draft(), frozenset({"lines"})
        )
    assert "PUT" not in samples.written()


def test_a_document_that_lost_its_reference_says_so(samples: SampleBooks) -> None:
    ledger = samples.ledger()
    receipt = ledger.create(new_draft())
    samples.lists["customerinvoicedrafts"][0]["Rows"].pop()

    assert ledger.fetch(receipt).reference == ""


def test_a_failed_question_before_a_write_means_that_nothing_was_sent(samples: SampleBooks) -> None:
    samples.answer_instead("GET", 500)

    with pytest.raises(TryLater):
        samples.ledger().create(new_draft())
    assert "POST" not in samples.written()


@pytest.mark.parametrize("make", [new_draft, new_order])
def test_ids_cannot_break_out_of_their_address(samples: SampleBooks, make: Any) -> None:
    document: SalesDocument = make()

    with pytest.raises(NotFound):
        samples.ledger().fetch(Receipt(stage=Stage.DRAFT, remote_id="x?$filter=1", reference=document.reference))
    assert samples.calls[0][1] == "customerinvoicedrafts/x?$filter=1"
