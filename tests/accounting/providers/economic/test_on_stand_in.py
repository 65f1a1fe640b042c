"""The contract over real HTTP, against the stand-in, and what only whole documents can show."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounting import login
from accounting.errors import (
    Conflict,
    NotAllowed,
    NotFound,
    ReconnectNeeded,
    Refused,
    TryLater,
    Unclear,
    UnexpectedAnswer,
)
from accounting.protocol import SearchesCustomers, ShowsRecords, problems
from accounting.types import (
    Address,
    ArticleDocument,
    CodingRecord,
    Contact,
    ContactDocument,
    CustomerRecord,
    InvoiceDraft,
    OrderState,
    ProjectRecord,
    SalesDocument,
    SalesOrderRecord,
    Stage,
    UnitRecord,
)
from tests.accounting.contract import LedgerContract, long_ago, read_all, understood
from tests.accounting.providers.economic.sandbox_books import FixedAccess, SandboxBooks

Json = dict[str, Any]


class TestStandIn(LedgerContract):
    """With the fixture `books` of this folder."""


# --- documents from beginning to end -----------------------------------------------------


@pytest.mark.parametrize("kind", ["sales_order", "invoice_draft"])
@pytest.mark.parametrize("rounding", ["document", "line"])
def test_a_document_comes_to_what_was_predicted(books: SandboxBooks, kind: str, rounding: str) -> None:
    books.sandbox.switch({"switches": {"vat_rounding": rounding}})
    ledger = books.ledger()
    document = books.document(kind)
    assert isinstance(document, SalesDocument)
    line = document.lines[-1]
    awkward = [replace(line, quantity=Decimal(quantity)) for quantity in ("0.33", "1.5", "7.77")]
    single = replace(line, quantity=Decimal(1), unit_price=Decimal("10.0240"), discount_percent=Decimal(0))
    document = replace(document, lines=(*document.lines, *awkward, single))
    assert problems(books.provider, document, ledger.company()) == []

    receipt = ledger.create(document)

    predicted = books.provider.predict(document, ledger.company())
    assert predicted in (None, receipt.totals)
    assert receipt.totals is not None
    assert ledger.fetch(receipt) == receipt


def test_a_plain_document_is_predicted(books: SandboxBooks) -> None:
    draft = books.document("invoice_draft")

    assert books.provider.predict(draft, books.company) == books.ledger().create(draft).totals is not None


def test_everything_that_the_customer_has_is_repeated_on_the_document(books: SandboxBooks) -> None:
    draft = books.document("invoice_draft")
    assert isinstance(draft, InvoiceDraft)
    hospital = replace(draft, customer_remote_id="1006", terms_remote_id="terms-1")

    stored = books.stored(books.ledger().create(hospital))

    assert stored["recipient"]["name"] == "Varde Kommune, Ejendomme"
    assert stored["recipient"]["ean"] == "5790000000012"
    assert stored["recipient"]["vatZone"]["vatZoneNumber"] == 1
    assert stored["layout"]["layoutNumber"] == 21
    assert stored["paymentTerms"]["paymentTermsNumber"] == 1
    assert stored["references"] == {"other": "1187-K7Q2M9"}
    assert stored["notes"] == {"heading": "Nyt blandingsbatteri", "textLine1": "Att.: Eva"}
    assert [line.get("description") for line in stored["lines"]] == ["Tætnet under vasken.", "Kobberrør 22 mm"]
    assert stored["lines"][1]["unit"]["name"] == "m"


@pytest.mark.parametrize(("country", "written", "asks"), [("DK", "Danmark", 0), ("SE", "Sverige", 1), ("", None, 0)])
def test_where_a_document_delivers_to(books: SandboxBooks, country: str, written: str | None, asks: int) -> None:
    """Where the firm itself is need only be asked for another country than the customer's."""
    draft = books.document("invoice_draft")
    assert isinstance(draft, InvoiceDraft)
    place = Address(street="Kajen 1", postcode="6700", city="Esbjerg", country=country)
    draft = replace(draft, delivery_name="Pakhuset", delivery_address=place, deliver_on=datetime.now(UTC).date())

    delivery = books.stored(books.ledger().create(draft))["delivery"]

    assert (delivery["address"], delivery.get("country")) == ("Pakhuset\nKajen 1", written)
    assert delivery["deliveryDate"] == f"{datetime.now(UTC):%Y-%m-%d}"
    assert sum(path.endswith("/self") for _, path in books.requests) == asks


def test_a_customer_without_a_layout_gets_the_chosen_one(books: SandboxBooks) -> None:
    draft = books.document("invoice_draft")
    assert isinstance(draft, InvoiceDraft)

    assert (
        books.stored(books.ledger().create(replace(draft, customer_remote_id="1011")))["layout"]["layoutNumber"] == 19
    )
    with pytest.raises(Refused, match="No layout is chosen"):
        books.ledger().create(replace(draft, customer_remote_id="1011", answers={}))


def test_a_document_of_a_new_customer_with_a_new_article(books: SandboxBooks) -> None:
    ledger = books.ledger()
    customer = ledger.create(books.document("customer", "C-AAAAAAAA"))
    article = ledger.create(books.document("article", "M-1"))
    draft = books.document("invoice_draft")
    assert isinstance(draft, InvoiceDraft)
    lines = (draft.lines[0], replace(draft.lines[-1], article_remote_id=article.remote_id))
    draft = replace(draft, customer_remote_id=customer.remote_id, lines=lines)

    receipt = ledger.create(draft)
    books.book(receipt)

    found = ledger.find([draft], since=long_ago())[draft.reference]
    assert [(each.stage, each.customer_remote_id) for each in found] == [(Stage.INVOICE, customer.remote_id)]
    assert found[0].totals == receipt.totals
    assert ledger.fetch(found[0]) == found[0]


def test_an_order_is_confirmed_once_it_was_sent(books: SandboxBooks) -> None:
    ledger = books.ledger()
    receipt = ledger.create(books.document("sales_order"))

    def read_back() -> SalesOrderRecord:
        records = understood(read_all(ledger, SalesOrderRecord, since=long_ago())).records
        record = next(each for each in records if each.remote_id == receipt.remote_id)
        assert isinstance(record, SalesOrderRecord)
        return record

    assert read_back().state is OrderState.DRAFT
    books.act(receipt, "send")
    record = read_back()
    assert (record.state, record.our_reference) == (OrderState.CONFIRMED, "1187-K7Q2M9")
    assert [line.text for line in record.lines] == ["Tætnet under vasken.", "Kobberrør 22 mm"]
    assert (record.lines[1].quantity, record.lines[1].discount_percent) == (Decimal("3.25"), 5)
    with pytest.raises(Refused, match="was sent to the customer"):
        ledger.update(receipt, books.document("sales_order"), frozenset({"lines"}))


def test_an_order_upgraded_to_a_draft_is_found_as_the_draft(books: SandboxBooks) -> None:
    ledger = books.ledger()
    for sent in (True, False):
        document = books.document("sales_order", f"{sent}-K7Q2M9")
        receipt = ledger.create(document)
        if sent:
            books.act(receipt, "send")
        books.act(receipt, "upgrade")

        found = ledger.find([document], since=long_ago())[document.reference]

        assert [each.stage for each in found] == [Stage.DRAFT]
        ledger.remove(found[0])


def test_two_documents_with_one_reference_are_both_told(books: SandboxBooks) -> None:
    ledger = books.ledger()
    order, draft = books.document("sales_order"), books.document("invoice_draft")
    ledger.create(order)
    books.act(ledger.create(draft), "copy")

    found = ledger.find([draft], since=long_ago())[draft.reference]

    assert [each.stage for each in found] == [Stage.ORDER, Stage.DRAFT, Stage.DRAFT]


def test_a_credit_note_is_not_the_document_that_it_credits(books: SandboxBooks) -> None:
    ledger = books.ledger()
    draft = books.document("invoice_draft")
    receipt = ledger.create(draft)
    books.book(receipt)
    books.act(ledger.find([draft], since=long_ago())[draft.reference][0], "change", grossAmount=-10)
    books.sandbox.change_records(
        {"resource": "invoices/booked", "action": "add", "values": {
            "bookedInvoiceNumber": 20001, "netAmount": -8, "vatAmount": -2, "grossAmount": -10,
            "references": {"other": draft.reference}, "date": f"{datetime.now(UTC):%Y-%m-%d}",
        }}
    )  # fmt: skip

    assert [each.remote_id for each in ledger.find([draft], since=long_ago())[draft.reference]] == ["invoice-10005"]
    listed = [each for batch in ledger.documents(since=long_ago()) for each in batch.records]
    assert [each.is_credit for each in listed if each.remote_id == "invoice-20001"] == [True]


def test_a_reference_with_odd_characters_is_found_all_the_same(books: SandboxBooks) -> None:
    ledger = books.ledger()
    draft = books.document("invoice_draft", "Sag [7], (ø) $-K7Q2M9")
    receipt = ledger.create(draft)

    assert [each.remote_id for each in ledger.find([draft], since=long_ago())[draft.reference]] == [receipt.remote_id]


def test_a_hundred_documents_are_looked_for_in_few_requests(books: SandboxBooks) -> None:
    documents = [books.document("invoice_draft", f"{number}-K7Q2M9") for number in range(100)]
    ledger = books.provider.__class__(page_size=1000).open(books.site, books.access)
    before = len(books.requests)

    assert set(map(len, ledger.find(documents, since=long_ago()).values())) == {0}
    assert len(books.requests) - before == 10


# --- customers and contacts -----------------------------------------------------------------


def test_a_customer_number_that_is_taken(books: SandboxBooks) -> None:
    document = replace(books.new_customer("x"), number="1003")

    with pytest.raises(Conflict):
        books.ledger().create(document)
    found = books.ledger().find([document], since=long_ago())["x"]
    assert [(each.remote_id, each.name) for each in found] == [("1003", "Bageriet på Torvet ApS")]


def test_a_customer_that_the_books_number_is_known_by_what_was_said_of_it(books: SandboxBooks) -> None:
    ledger = books.ledger()
    document = books.new_customer("C-AAAAAAAA")
    receipt = ledger.create(document)
    other = replace(document, reference="C-BBBBBBBB", email="en.anden@bageri.example")

    found = ledger.find([document, other], since=long_ago())

    assert receipt.number == "1013"
    assert [each.remote_id for each in found["C-AAAAAAAA"]] == ["1013"]
    assert found["C-BBBBBBBB"] == []


@pytest.mark.parametrize(
    ("country", "zone", "written"), [("DK", 1, "Danmark"), ("DE", 2, "Tyskland"), ("US", 3, "USA"), ("", 1, None)]
)
def test_the_country_decides_the_vat_zone(books: SandboxBooks, country: str, zone: int, written: str | None) -> None:
    document = books.new_customer("x")
    document = replace(document, address=replace(document.address, country=country, street2="Baghuset"))

    stored = books.stored(books.ledger().create(document))

    assert stored["vatZone"]["vatZoneNumber"] == zone
    assert (stored.get("country"), stored["address"]) == (written, "Storegade 1\nBaghuset")


def test_an_update_keeps_what_these_books_know_besides(books: SandboxBooks) -> None:
    ledger = books.ledger()
    document = replace(books.new_customer("x"), number="77")
    receipt = ledger.create(document)
    books.act(receipt, "change", ean="5790000000029", salesPerson={"employeeNumber": 2, "self": "x"}, barred=True)

    ledger.update(ledger.fetch(receipt), replace(document, name="Andet navn"), frozenset({"name"}))

    stored = books.stored(receipt)
    assert (stored["ean"], stored["salesPerson"]["employeeNumber"], stored["barred"]) == ("5790000000029", 2, True)
    assert stored["name"] == "Andet navn"


def test_a_contact_is_created_found_changed_and_guarded_by_its_version(books: SandboxBooks) -> None:
    ledger = books.ledger()
    document = books.document("contact", "K-AAAAAAAA")
    assert isinstance(document, ContactDocument)
    assert ledger.find([document], since=long_ago()) == {"K-AAAAAAAA": []}

    receipt = ledger.create(document)

    found = ledger.find([document], since=long_ago())["K-AAAAAAAA"]
    assert [(each.remote_id, each.stage) for each in found] == [(receipt.remote_id, Stage.CONTACT)]
    changed = replace(document, contact=Contact(name="Eva Holm Dam", mobile="30 10 20 30"))
    updated = ledger.update(found[0], changed, frozenset({"contact"}))
    stored = books.stored(receipt)
    assert (stored["name"], stored["phone"], stored.get("email")) == ("Eva Holm Dam", "30 10 20 30", None)
    assert updated.version == stored["objectVersion"]
    with pytest.raises(Conflict):
        ledger.update(found[0], document, frozenset({"contact"}))
    with pytest.raises(Refused, match="name already exists"):
        ledger.create(replace(changed, reference="K-BBBBBBBB"))


def test_a_lost_answer_about_a_contact_is_cleared_up_by_looking(books: SandboxBooks) -> None:
    document = books.document("contact", "K-AAAAAAAA")
    books.answer_instead("POST", 502, after=True)

    with pytest.raises(Unclear):
        books.ledger().create(document)
    books.recover()
    assert len(books.ledger().find([document], since=long_ago())["K-AAAAAAAA"]) == 1


def test_a_contact_that_was_deleted_is_gone(books: SandboxBooks) -> None:
    ledger = books.ledger()
    document = books.document("contact", "K-AAAAAAAA")
    receipt = ledger.create(document)
    books.act(receipt, "change", isDeleted=True)

    assert ledger.find([document], since=long_ago()) == {"K-AAAAAAAA": []}
    with pytest.raises(NotFound):
        ledger.fetch(receipt)


def test_an_article_with_every_odd_character_and_a_change(books: SandboxBooks) -> None:
    ledger = books.ledger()
    document = books.document("article")
    assert isinstance(document, ArticleDocument)
    document = replace(document, number="Ø_1.5/2: <a+b>?", ean="5701234567892")
    receipt = ledger.create(document)

    updated = ledger.update(receipt, replace(document, price=Decimal("41.5")), frozenset({"price"}))

    assert ledger.fetch(updated).remote_id == receipt.remote_id == "Ø_1.5/2: <a+b>?"
    stored = books.stored(receipt)
    assert (stored["salesPrice"], stored["barCode"], stored["unit"]["unitNumber"]) == (
        Decimal("41.50"),
        "5701234567892",
        1,
    )
    ledger.update(updated, replace(document, ean=""), frozenset({"ean"}))
    assert "barCode" not in books.stored(receipt)


# --- reading -------------------------------------------------------------------------------


def test_product_groups_come_with_their_vat(books: SandboxBooks) -> None:
    codings = {each.name: each for each in understood(read_all(books.ledger(), CodingRecord)).records}  # type: ignore[attr-defined]

    assert {name: (each.vat_percent, each.is_service) for name, each in codings.items()} == {
        "Varer m/moms": (25, False),
        "Ydelser m/moms": (25, True),
        "Momsfri ydelser": (0, True),
        "Lagervarer": (25, False),
    }


def test_a_missing_module_stops_projects_alone(books: SandboxBooks) -> None:
    books.sandbox.switch({"switches": {"project": False}})
    ledger = books.ledger()

    with pytest.raises(NotAllowed, match="Missing modules: Project"):
        ledger.read(ProjectRecord, since=None)
    assert ledger.read(CustomerRecord, since=None).entries
    assert "projects" not in ledger.company().features


def test_a_smaller_page_than_asked_for(books: SandboxBooks) -> None:
    """Silently smaller, or refused with the size that is allowed."""
    books.sandbox.switch({"switches": {"page_cap": 100}})
    ledger = books.provider.__class__(page_size=1000).open(books.site, books.access)

    assert len(understood(read_all(ledger, CustomerRecord)).records) == 12


@pytest.mark.parametrize(
    "switches",
    [
        {"not_filterable": ["customers.lastUpdated", "orders/sent.lastUpdated", "products.lastUpdated"]},
        {"not_filterable": ["invoices/drafts.references.other", "orders/drafts.references.other"]},
        {"not_filterable": ["invoices/booked.date", "invoices/booked.references.other", "orders/archived.date"]},
        {"not_filterable": ["customers.name", "customers.customerNumber"]},
        {"handles": False},
        {"idempotency": False},
        {"nulls": "null"},
        {"deleted_status": 200},
        {"numbers_are_reused": False},
        {"cursor_size": 1},
    ],
    ids=str,
)
def test_whatever_the_vendor_means_it_works(books: SandboxBooks, switches: dict[str, Any]) -> None:
    books.sandbox.switch({"switches": switches})
    ledger = books.ledger()

    assert len(understood(read_all(ledger, CustomerRecord)).records) == 12
    assert understood(read_all(ledger, SalesOrderRecord)).rejected == []
    assert list(read_all(ledger, CustomerRecord, since=datetime.now(UTC) + timedelta(days=1)))
    for kind in ("customer", "contact", "article", "sales_order", "invoice_draft"):
        document = books.document(kind, f"{kind}-K7Q2M9")
        receipt = ledger.create(document)
        assert len(ledger.find([document], since=long_ago())[document.reference]) == 1
        assert ledger.fetch(receipt).remote_id == receipt.remote_id
    ledger.remove(receipt)
    with pytest.raises(NotFound):
        ledger.fetch(receipt)


def test_any_record_can_be_asked_for_by_its_id(books: SandboxBooks) -> None:
    ledger = books.ledger()
    assert isinstance(ledger, ShowsRecords)
    for kind in books.kinds:
        for record in understood(read_all(ledger, kind)).records:
            assert ledger.record(kind, record.remote_id) == record
    archived = ledger.record(SalesOrderRecord, "order-9")
    assert (archived.state, bool(archived.lines)) == (OrderState.INVOICED, True)


@pytest.mark.parametrize("remote_id", ["4711", "", "abc", "-1", "1003/contacts", "order-5", "unit-99"])
def test_what_is_in_these_books_by_no_id(books: SandboxBooks, remote_id: str) -> None:
    ledger = books.ledger()
    assert isinstance(ledger, ShowsRecords)

    for kind in (CustomerRecord, ProjectRecord, UnitRecord):
        with pytest.raises(NotFound):
            ledger.record(kind, remote_id)


def test_a_record_that_cannot_be_read_is_unexpected(books: SandboxBooks) -> None:
    books.sandbox.change_records({"resource": "customers", "id": 1003, "values": {"name": ""}})
    ledger = books.ledger()
    assert isinstance(ledger, ShowsRecords)

    with pytest.raises(UnexpectedAnswer, match="Customer 1003: name is empty"):
        ledger.record(CustomerRecord, "1003")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"number": "1003"}, ["1003"]),
        ({"organisation_number": "DK 29189811"}, ["1006"]),
        ({"email": "KAREN.mikkelsen@post.example"}, ["1004", "1012"]),
        ({"number": "1003", "organisation_number": "29189811"}, ["1003", "1006"]),
        ({"number": "K-7", "email": "nobody@($x$).example"}, []),
        ({}, []),
    ],
    ids=str,
)
def test_customers_that_may_be_the_same(books: SandboxBooks, changes: Json, expected: list[str]) -> None:
    ledger = books.ledger()
    assert isinstance(ledger, SearchesCustomers)
    asked = replace(books.new_customer("x"), **{"organisation_number": "", "email": "", **changes})

    assert [each.number for each in ledger.customers_like(asked)] == expected


def test_a_contact_person_is_not_changed_through_the_customer(books: SandboxBooks) -> None:
    ledger = books.ledger()
    document = replace(books.new_customer("x"), contact=Contact(name="Eva"))
    receipt = ledger.create(document)

    with pytest.raises(Refused, match="records of their own"):
        ledger.update(receipt, document, frozenset({"contact", "phone"}))
    assert "PUT" not in books.written()


# --- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "sentence", "field"),
    [
        ({"currency": "XYZ"}, "Currency 'XYZ' not found.", "currency"),
        ({"terms_remote_id": "terms-99"}, "PaymentTerms '99' not found.", "terms_of_payment"),
        ({"customer_remote_id": "1010"}, "The customer is barred", "customer"),
        ({"customer_remote_id": "order-1"}, "does not belong to these books", "customer"),
    ],
)
def test_a_draft_that_is_refused(books: SandboxBooks, changes: Json, sentence: str, field: str) -> None:
    draft = books.document("invoice_draft")
    assert isinstance(draft, InvoiceDraft)

    with pytest.raises(Refused) as caught:
        books.ledger().create(replace(draft, **changes))

    assert sentence in caught.value.sentence
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("table", "key", "field"), [("layouts", 19, "layout"), ("payment-terms", 3, "terms_of_payment")]
)
def test_what_was_chosen_and_then_deleted(books: SandboxBooks, table: str, key: int, field: str) -> None:
    draft = books.document("invoice_draft")
    assert isinstance(draft, InvoiceDraft)
    books.sandbox.change_records({"resource": table, "id": key, "action": "remove"})

    with pytest.raises(Refused) as caught:
        books.ledger().create(replace(draft, customer_remote_id="1011"))

    assert caught.value.field == field
    assert f"{field}-{key}" not in {each.value for each in books.ledger().choices(field)}


def test_a_group_that_was_deleted(books: SandboxBooks) -> None:
    books.sandbox.change_records({"resource": "product-groups", "id": 1, "action": "remove"})

    with pytest.raises(Refused) as caught:
        books.ledger().create(books.document("article"))
    assert caught.value.field == "coding"
    with pytest.raises(Refused) as caught:
        books.ledger().create(replace(books.new_customer("x"), answers={**books.answers(), "customer_group": ""}))
    assert caught.value.field == "customer_group"


def test_the_developers_own_agreement_is_refused(books: SandboxBooks) -> None:
    books.access = FixedAccess(books.sandbox.grant(agreement=1718900))

    with pytest.raises(NotAllowed, match="developer agreement"):
        books.ledger().company()


def test_the_demo_login_never_writes(books: SandboxBooks) -> None:
    books.site = {**books.site, "ECONOMIC_APP_SECRET_TOKEN": "demo"}
    books.access = FixedAccess("demo")
    ledger = books.ledger()
    receipt = ledger.find([replace(books.new_customer("x"), number="1003")], since=long_ago())["x"][0]

    for kind in ("customer", "contact", "article", "sales_order", "invoice_draft"):
        with pytest.raises(NotAllowed, match="can only be read"):
            ledger.create(books.document(kind))
    with pytest.raises(NotAllowed):
        ledger.update(receipt, books.new_customer("x"), frozenset({"name"}))
    assert books.written() == []


def test_a_role_that_does_not_suffice(books: SandboxBooks) -> None:
    books.sandbox.switch({"switches": {"roles": ["Bookkeeping"]}})

    with pytest.raises(NotAllowed, match="required roles"):
        books.ledger().read(CustomerRecord, since=None)


@pytest.mark.parametrize("how", ["seconds", "date", "none"])
def test_too_many_requests_are_turned_away_with_the_time_to_wait(books: SandboxBooks, how: str) -> None:
    books.sandbox.switch({"switches": {"rate_limit": 6, "retry_after": how}})
    ledger = books.ledger()
    ledger.company()
    ledger.company()

    with pytest.raises(TryLater) as caught:
        ledger.company()
    assert caught.value.after is not None
    assert timedelta(seconds=5) < caught.value.after <= timedelta(seconds=61)


# --- the login -----------------------------------------------------------------------------


def test_a_login_from_the_page_to_its_end(books: SandboxBooks) -> None:
    auth, back = books.provider.logins[0], "http://127.0.0.1:8000/books/back/"

    url = login.installation_url(auth, books.site, redirect_uri=back, language="sv")
    assert "locale=sv-SE" in url
    location = books.sandbox.sign_in({"url": url})["location"]
    tokens = login.accept_grant(auth, {"token": location.partition("?token=")[2]})

    books.access = FixedAccess(tokens.access_token)
    assert books.ledger().company() == books.company
    assert (tokens.expires_at, tokens.refresh_token) == (None, "")
    with pytest.raises(ReconnectNeeded):
        login.refresh(auth, books.site, tokens)
    books.sandbox.switch({"switches": {"revoke_tokens": True}})
    with pytest.raises(ReconnectNeeded):
        books.ledger().company()


def test_the_token_of_another_agreement_tells_which_one(books: SandboxBooks) -> None:
    books.access = FixedAccess(books.sandbox.grant(agreement=1718002))

    assert books.ledger().company().remote_id == "1718002" != books.company.remote_id


def test_an_installation_without_tokens_of_its_own(books: SandboxBooks) -> None:
    site = {**books.site, "ECONOMIC_APP_PUBLIC_TOKEN": ""}

    with pytest.raises(NotAllowed, match="ECONOMIC_APP_PUBLIC_TOKEN"):
        login.installation_url(books.provider.logins[0], site, redirect_uri="http://127.0.0.1:8000/back")


def test_a_customer_of_ours_comes_back_as_it_was_sent(books: SandboxBooks) -> None:
    document = books.new_customer("x")
    receipt = books.ledger().create(document)

    records = understood(read_all(books.ledger(), CustomerRecord, since=long_ago())).records
    record = next(each for each in records if each.remote_id == receipt.remote_id)

    assert isinstance(record, CustomerRecord)
    for name in ("name", "is_company", "organisation_number", "email", "phone", "address", "currency"):
        assert getattr(record, name) == getattr(document, name), name
    assert record.terms_remote_id == "terms-2"
