"""What every accounting system's ledger must do when an audit asks for all sales documents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from accounting.errors import TryLater
from accounting.protocol import Ledger
from accounting.types import Rejected, SalesDocument, SalesDocumentRecord, Stage

if TYPE_CHECKING:
    from tests.accounting.contract import ContractBooks

SALES = ("sales_order", "invoice_draft")


def listed(ledger: Ledger) -> dict[str, SalesDocumentRecord]:
    """Every sales document that can be read, by id."""
    return {each.remote_id: each for batch in ledger.documents(since=long_ago()) for each in batch.records}


def unlisted(ledger: Ledger) -> list[Rejected]:
    return [each for batch in ledger.documents(since=long_ago()) for each in batch.rejected]


def words_of(record: SalesDocumentRecord) -> list[str]:
    return " ".join(record.texts).split()


def long_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


class ListingContract:
    """Part of `LedgerContract`."""

    @pytest.mark.parametrize("kind", SALES)
    def test_what_was_created_is_listed_with_its_reference(self, books: ContractBooks, kind: str) -> None:
        ledger = books.ledger()
        document = books.document(kind)
        assert isinstance(document, SalesDocument)
        receipt = ledger.create(document)

        record = listed(ledger)[receipt.remote_id]

        assert record.stage is receipt.stage
        assert document.reference in words_of(record)
        assert (record.number, record.totals) == (receipt.number, receipt.totals)
        assert record.currency == books.company.currency
        assert record.customer_remote_id == receipt.customer_remote_id != ""
        assert (record.created_at is not None) == (kind in books.tells_creation)
        assert record.created_at is None or record.created_at.tzinfo is not None
        assert not record.is_credit
        assert books.written() == ["POST"]

    @pytest.mark.parametrize("kind", SALES)
    def test_an_invoice_names_what_it_was_made_of(self, books: ContractBooks, kind: str) -> None:
        ledger = books.ledger()
        document = books.document(kind)
        before = ledger.create(document)
        books.book(before)

        documents = listed(ledger)
        carrying = [each for each in documents.values() if document.reference in words_of(each)]
        invoice = next(each for each in carrying if each.stage is Stage.INVOICE)

        if kind in books.keeps_id:
            assert (invoice.remote_id, invoice.made_of) == (before.remote_id, ())
            return
        origins = [(before.stage, before.remote_id)] if kind in books.named_as_origin else []
        assert [(each.stage, each.remote_id) for each in invoice.made_of] == origins
        assert (before.remote_id in documents) == (kind == "sales_order")

    def test_a_listing_without_news_is_short(self, books: ContractBooks) -> None:
        later = datetime.now(UTC) + timedelta(days=1)

        records = [each for batch in books.ledger().documents(since=later) for each in batch.records]

        # Not every list tells everywhere when its documents were changed.
        assert {each.stage for each in records} <= books.undated

    def test_a_document_that_cannot_be_read_spoils_no_other(self, books: ContractBooks) -> None:
        ledger = books.ledger()
        good, bad = ledger.create(books.document("invoice_draft")), ledger.create(books.document("sales_order"))
        books.spoil(bad)

        assert good.remote_id in listed(ledger)
        assert bad.remote_id not in listed(ledger)
        assert [each.remote_id for each in unlisted(ledger)] == [bad.remote_id]

    def test_a_listing_that_breaks_off_says_so(self, books: ContractBooks) -> None:
        before = len(books.requests)
        listed(books.ledger())
        stages = {path for _, path in books.requests[before:]}

        assert stages
        for path in stages:
            books.answer_instead("GET", 503, path=f"{path}$")
            with pytest.raises(TryLater):
                listed(books.ledger())
            books.recover()
