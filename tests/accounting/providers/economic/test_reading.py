"""The API's objects as our records, value by value. The bytes are what the two hosts sent."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from accounting.providers.economic.countries import EU, NAMES, code_of, name_of
from accounting.providers.economic.records import address_lines, first_address, is_service
from accounting.providers.economic.streams import STREAMS, decoder_of, entry_of, translate
from accounting.types import (
    Address,
    ArticleRecord,
    CodingRecord,
    ContactRecord,
    CustomerRecord,
    OrderLineRecord,
    OrderState,
    ProjectRecord,
    Record,
    Rejected,
    SalesOrderRecord,
    TermsRecord,
    UnitRecord,
    WorkSiteRecord,
)

Json = dict[str, Any]


def read(kind: type[Record], raw: Json) -> Any:
    """The one record, or the one rejection."""
    stream = STREAMS[kind]
    entry = entry_of(stream, decoder_of(stream), msgspec.Raw(msgspec.json.encode(raw)))
    batch = translate(kind, stream, [entry])
    return next(iter([*batch.records, *batch.rejected]))


CUSTOMER: Json = {
    "customerNumber": 1001,
    "name": "  Esbjerg  Andelsboligforening ",
    "corporateIdentificationNumber": "31119103",
    "email": "faktura@eab.example bogholderi@eab.example",
    "telephoneAndFaxNumber": "75 00 10 01",
    "mobilePhone": "20 00 10 01",
    "website": "https://eab.example",
    "address": "Stormgade 12\r\nc/o Administrationen\n",
    "zip": "6700",
    "city": "Esbjerg",
    "country": "Danmark",
    "currency": "DKK",
    "paymentTerms": {"paymentTermsNumber": 3, "self": "https://restapi.e-conomic.com/payment-terms/3"},
    "lastUpdated": "2026-10-21T10:54:47Z",
    "eInvoicingDisabledByDefault": False,
}


def test_a_customer() -> None:
    record = read(CustomerRecord, CUSTOMER)

    assert record == CustomerRecord(
        remote_id="1001",
        changed_at=datetime(2026, 10, 21, 10, 54, 47, tzinfo=UTC),
        number="1001",
        name="Esbjerg Andelsboligforening",
        is_company=True,
        organisation_number="31119103",
        email="faktura@eab.example",
        phone="75 00 10 01",
        mobile="20 00 10 01",
        website="https://eab.example",
        address=Address(
            street="Stormgade 12", street2="c/o Administrationen", postcode="6700", city="Esbjerg", country="DK"
        ),
        currency="DKK",
        terms_remote_id="terms-3",
    )


@pytest.mark.parametrize(
    ("members", "is_company"),
    [
        ({"name": "Karen Mikkelsen", "corporateIdentificationNumber": None}, False),
        ({"name": "Karen Mikkelsen", "corporateIdentificationNumber": "31119103"}, True),
        ({"name": "Karen Mikkelsen", "corporateIdentificationNumber": "0707614293"}, False),
        ({"name": "Karen Mikkelsen", "corporateIdentificationNumber": None, "ean": "5790000000012"}, True),
        ({"name": "Bageriet ApS", "corporateIdentificationNumber": None}, True),
        ({"name": "Hotel A/S", "corporateIdentificationNumber": None}, True),
        ({"name": "Nordsee Ferienhäuser GmbH", "corporateIdentificationNumber": None}, True),
        ({"name": "Ejerforeningen Skolegade 14", "corporateIdentificationNumber": ""}, True),
        ({"name": "Varde Kommune", "corporateIdentificationNumber": None}, True),
        ({"name": "Asger Aspelund", "corporateIdentificationNumber": None}, False),
    ],
    ids=lambda value: str(value.get("name")) if isinstance(value, dict) else "",
)
def test_companies_and_persons_are_told_apart_by_what_there_is(members: Json, is_company: bool) -> None:
    assert read(CustomerRecord, {**CUSTOMER, **members}).is_company is is_company


def test_a_customer_with_next_to_nothing() -> None:
    record = read(CustomerRecord, {"customerNumber": 5, "name": "X", "barred": True, "country": "Atlantis"})

    assert (record.name, record.active, record.address, record.terms_remote_id) == ("X", False, Address(), "")


@pytest.mark.parametrize(
    ("kind", "raw", "field", "sentence"),
    [
        (CustomerRecord, {**CUSTOMER, "name": " "}, "name", "name is empty."),
        (CustomerRecord, {**CUSTOMER, "city": "x" * 101}, "city", "has 101 characters"),
        (CustomerRecord, {**CUSTOMER, "email": 5}, "email", "another form than documented"),
        (CustomerRecord, {**CUSTOMER, "lastUpdated": "yesterday"}, "lastUpdated", "is not a moment"),
        (UnitRecord, {"unitNumber": 3}, "name", "Unit 3: name is empty."),
        (ContactRecord, {"number": 3, "name": "Eva"}, "customerNumber", "Contact 3 Eva: customerNumber is empty."),
        (ArticleRecord, {"productNumber": "", "name": "Løs"}, "productNumber", "Product Løs: productNumber is empty"),
        (ArticleRecord, {"productNumber": "1", "name": "Rør", "salesPrice": 10**12}, "salesPrice", "not a number"),
    ],
)
def test_a_record_that_does_not_fit_says_why(kind: type[Record], raw: Json, field: str, sentence: str) -> None:
    rejected = read(kind, raw)

    assert isinstance(rejected, Rejected)
    assert rejected.field == field
    assert sentence in rejected.sentence


def test_a_product() -> None:
    record = read(
        ArticleRecord,
        {
            "productNumber": "A_1.5/2",
            "name": "Fittings",
            "description": "Messing\r\nforkromet",
            "barCode": "5701234567892",
            "salesPrice": Decimal("149.00"),
            "unit": {"unitNumber": 5, "name": "sæt"},
            "productGroup": {"productGroupNumber": 4, "name": "Lagervarer", "inventoryEnabled": True},
            "inventory": {"available": Decimal("7.00"), "inStock": 9},
            "lastUpdated": "2026-10-21T10:54:47Z",
            "barred": False,
        },
    )

    assert record == ArticleRecord(
        remote_id="A_1.5/2",
        changed_at=datetime(2026, 10, 21, 10, 54, 47, tzinfo=UTC),
        number="A_1.5/2",
        name="Fittings",
        text="Messing\nforkromet",
        unit_remote_id="unit-5",
        unit_name="sæt",
        coding_remote_id="group-4",
        price=Decimal("149.00"),
        ean="5701234567892",
        stock_quantity=Decimal("7.00"),
    )


def test_a_product_without_unit_stock_or_a_barcode_that_fits() -> None:
    group = {"productGroupNumber": 2, "name": "Ydelser"}
    record = read(ArticleRecord, {"productNumber": "1", "name": "X", "barCode": "x" * 50, "productGroup": group})

    assert (record.unit_remote_id, record.stock_quantity, record.ean, record.is_service) == ("", None, "", True)


@pytest.mark.parametrize(
    ("type_", "days", "expected"),
    [
        ("net", 14, 14),
        ("invoiceMonth", 15, None),
        ("paidInCash", None, 0),
        ("prepaid", 0, 0),
        ("dueDate", None, None),
        ("barter", 3, None),
    ],
)
def test_terms_of_payment(type_: str, days: int | None, expected: int | None) -> None:
    raw = {"paymentTermsNumber": 2, "name": "Netto", "paymentTermsType": type_, "daysOfCredit": days}

    assert read(TermsRecord, raw) == TermsRecord(remote_id="terms-2", name="Netto", days=expected)


def test_a_group_says_nothing_about_service_but_its_name() -> None:
    def coding(name: str, inventory: bool = False) -> CodingRecord:
        group = {"productGroupNumber": 1, "name": name, "inventoryEnabled": inventory}
        found: CodingRecord = read(CodingRecord, {"group": group, "vatPercent": Decimal("25.00")})
        return found

    assert coding("Ydelser m/moms") == CodingRecord(
        remote_id="group-1", name="Ydelser m/moms", is_service=True, vat_percent=Decimal("25.00")
    )
    assert not coding("Varer m/moms").is_service
    assert not coding("Servicedele", inventory=True).is_service
    assert is_service("Arbejdsløn")


def test_contacts_and_places() -> None:
    contact = {"number": 7, "customerNumber": 1001, "name": "Bente", "email": None, "phone": "20", "isDeleted": True}
    place = {
        "number": 8,
        "customerNumber": 1001,
        "address": "Gade 1\nKælder",
        "postalCode": "6700",
        "country": "Sverige",
    }

    assert read(ContactRecord, contact) == ContactRecord(
        remote_id="7", customer_remote_id="1001", name="Bente", phone="20", active=False
    )
    assert read(WorkSiteRecord, place) == WorkSiteRecord(
        remote_id="8",
        customer_remote_id="1001",
        address=Address(street="Gade 1", street2="Kælder", postcode="6700", country="SE"),
    )


@pytest.mark.parametrize("flag", ["isClosed", "isBarred", "isMainProject"])
def test_a_project_that_takes_no_work_is_not_active(flag: str) -> None:
    raw = {"number": 4, "name": "Stigstrenge", "customerNumber": None, "deliveryDate": "2027-01-19T00:00:00"}

    assert read(ProjectRecord, raw) == ProjectRecord(
        remote_id="4", number="4", name="Stigstrenge", ends_on=date(2027, 1, 19)
    )
    assert not read(ProjectRecord, {**raw, flag: True}).active


ORDER: Json = {
    "stage": "sent",
    "order": {
        "orderNumber": 12,
        "date": "2026-10-31",
        "currency": "DKK",
        "netAmount": Decimal("100.00"),
        "customer": {"customerNumber": 1002},
        "delivery": {"address": "Strandvejen 4", "zip": "6720", "city": "Fanø", "deliveryDate": "2026-11-30"},
        "references": {"other": "Tilbud 12"},
        "project": {"projectNumber": 3},
        "lastUpdated": "2026-10-31T10:00:00Z",
    },
    "lines": [
        {"orderNumber": 12, "userInterfaceNumber": 2, "number": 9, "productNumber": "100", "description": "Montørtime",
         "quantity": Decimal("2.50"), "unitNetPrice": Decimal("545.00"), "discountPercentage": Decimal("10.00")},
        {"orderNumber": 12, "userInterfaceNumber": 1, "number": 8, "productNumber": None, "description": "Aftales."},
    ],
}  # fmt: skip


def test_an_order_with_its_lines_in_their_order() -> None:
    assert read(SalesOrderRecord, ORDER) == SalesOrderRecord(
        remote_id="order-12",
        changed_at=datetime(2026, 10, 31, 10, tzinfo=UTC),
        number="12",
        state=OrderState.CONFIRMED,
        customer_remote_id="1002",
        currency="DKK",
        ordered_on=date(2026, 10, 31),
        deliver_on=date(2026, 11, 30),
        our_reference="Tilbud 12",
        delivery_address=Address(street="Strandvejen 4", postcode="6720", city="Fanø"),
        lines=(
            OrderLineRecord(text="Aftales."),
            OrderLineRecord(
                article_remote_id="100",
                text="Montørtime",
                quantity=Decimal("2.50"),
                unit_price=Decimal("545.00"),
                discount_percent=Decimal("10.00"),
                project_remote_id="3",
            ),
        ),
    )


@pytest.mark.parametrize(
    ("stage", "state"),
    [("drafts", OrderState.DRAFT), ("archived", OrderState.INVOICED), ("lost", OrderState.UNKNOWN)],
)
def test_stages_of_an_order(stage: str, state: OrderState) -> None:
    assert read(SalesOrderRecord, {**ORDER, "stage": stage}).state is state


def test_an_order_whose_lines_went_missing_is_left_for_the_next_time() -> None:
    """It moved to another list between the two questions."""
    assert "were not there when they were asked for" in read(SalesOrderRecord, {**ORDER, "lines": []}).sentence
    empty = {**ORDER, "order": {**ORDER["order"], "netAmount": 0}, "lines": []}
    assert read(SalesOrderRecord, empty).lines == ()


def test_an_order_of_a_customer_without_an_address_is_an_order() -> None:
    bare = {**ORDER, "order": {"orderNumber": 12, "customer": {"customerNumber": 1002}}}

    assert read(SalesOrderRecord, bare).delivery_address == Address()


# --- parts ------------------------------------------------------------------------------


def test_countries_there_and_back() -> None:
    for code in NAMES:
        for home in ("DK", "SE", "NO", ""):
            assert code_of(name_of(code, home=home)) == code
    assert NAMES.keys() >= EU
    assert [code_of(each) for each in ("danmark", " DE ", "Storbritannien")] == ["DK", "DE", "GB"]
    assert [code_of(each) for each in ("Atlantis", "", None)] == ["", "", ""]
    assert name_of("ZZ") == "ZZ"


@pytest.mark.parametrize(
    ("said", "expected"),
    [("a@b.dk; c@d.dk", "a@b.dk"), ("a@b.dk c@d.dk", "a@b.dk"), (" a@b.dk ", "a@b.dk"), (None, "")],
)
def test_the_first_of_several_addresses(said: str | None, expected: str) -> None:
    assert first_address(said) == expected


def test_lines_of_an_address() -> None:
    assert address_lines("Gade 1\n\nBaghuset\n2. sal") == ("Gade 1", "Baghuset, 2. sal")
    assert address_lines(None) == ("", "")


def test_every_stream_makes_records_of_its_kind() -> None:
    for kind, stream in STREAMS.items():
        assert {"remote_id", "changed_at"} <= {each.name for each in fields(kind)}
        assert stream.noun
        assert (stream.key, stream.path) != ("", "")
