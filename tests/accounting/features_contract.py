"""What the product promises of every accounting system, tried at its stand-in.

Who is created, with which terms of payment, and where the work was done.

class TestFeatures(FeaturesContract): ...   # with a fixture `books`
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounting.protocol import ShowsRecords
from accounting.types import (
    Address,
    Contact,
    ContactDocument,
    CustomerDocument,
    CustomerRecord,
    Receipt,
    SalesDocument,
    TermsRecord,
)
from tests.accounting.contract import ContractBooks


def record_of(books: ContractBooks, receipt: Receipt) -> CustomerRecord:
    ledger = books.ledger()
    assert isinstance(ledger, ShowsRecords)
    return ledger.record(CustomerRecord, receipt.remote_id)


def customer_of(books: ContractBooks, reference: str = "C-1") -> CustomerDocument:
    document = books.document("customer", reference)
    assert isinstance(document, CustomerDocument)
    return document


@pytest.fixture
def question(books: ContractBooks) -> str:
    """The one about the terms of payment for new customers."""
    [found] = [each.key for each in books.provider.questions if each.of is TermsRecord]
    return found


@pytest.fixture
def terms(books: ContractBooks, question: str) -> list[str]:
    """Two that may be chosen."""
    return [each.value for each in books.ledger().choices(question)][:2]


class FeaturesContract:
    def test_a_new_customer_gets_the_default_terms(self, books: ContractBooks, question: str, terms: list[str]) -> None:
        for number, each in enumerate(terms):
            document = customer_of(books, f"C-{number}")
            answers = {**document.answers, question: each}

            receipt = books.ledger().create(replace(document, terms_remote_id="", answers=answers))

            assert record_of(books, receipt).terms_remote_id == each

    def test_the_terms_of_the_customer_go_before_the_default(
        self, books: ContractBooks, question: str, terms: list[str]
    ) -> None:
        document = customer_of(books)
        answers = {**document.answers, question: terms[0]}

        receipt = books.ledger().create(replace(document, terms_remote_id=terms[1], answers=answers))

        assert record_of(books, receipt).terms_remote_id == terms[1]

    def test_an_update_leaves_the_terms_alone(self, books: ContractBooks, question: str, terms: list[str]) -> None:
        document = customer_of(books)
        answers = {**document.answers, question: terms[0]}
        receipt = books.ledger().create(replace(document, terms_remote_id="", answers=answers))
        changed = replace(document, name="Nytt namn", terms_remote_id=terms[1], answers={**answers, question: terms[1]})

        books.ledger().update(books.ledger().fetch(receipt), changed, frozenset({"name"}))

        found = record_of(books, receipt)
        assert (found.name, found.terms_remote_id) == ("Nytt namn", terms[0])

    def test_a_company_has_its_contact(self, books: ContractBooks) -> None:
        """On its own record, or as a record beside it."""
        contact = Contact(name="Eva Holm", email="eva@holm.example")
        receipt = books.ledger().create(replace(customer_of(books), is_company=True, contact=contact))
        keeps_people = ContactDocument in books.provider.writes
        if keeps_people:
            person = ContactDocument(reference="P-1", customer_remote_id=receipt.remote_id, contact=contact)
            assert books.ledger().create(person).customer_remote_id == receipt.remote_id

        found = record_of(books, receipt)
        assert found.is_company
        assert found.contact.name == ("" if keeps_people else "Eva Holm")

    def test_without_a_company_it_is_a_private_customer(self, books: ContractBooks) -> None:
        document = replace(customer_of(books), name="Kim Holm", is_company=False, organisation_number="", vat_number="")

        receipt = books.ledger().create(document)

        found = record_of(books, receipt)
        assert (found.name, found.is_company) == ("Kim Holm", False)

    @pytest.mark.parametrize("kind", ["sales_order", "invoice_draft"])
    def test_the_work_site_is_the_place_of_delivery(self, books: ContractBooks, kind: str) -> None:
        document = books.document(kind)
        assert isinstance(document, SalesDocument)
        place = Address(street="Hamngatan 3", postcode="4321", city="Kungsör")

        receipt = books.ledger().create(replace(document, delivery_name="Pannrummet", delivery_address=place))

        stored = texts_in(books.stored(receipt))
        for each in ("Pannrummet", "Hamngatan 3", "4321", "Kungsör"):
            assert any(each in text for text in stored), each


def texts_in(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for each in value.values() for text in texts_in(each)]
    if isinstance(value, list):
        return [text for each in value for text in texts_in(each)]
    return [value] if isinstance(value, str) else []
