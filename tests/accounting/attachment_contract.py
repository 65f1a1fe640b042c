"""What every ledger must do whose documents can have files: a test class of a provider inherits it.

class TestFiles(AttachmentContract):
    @pytest.fixture
    def books(self) -> ContractBooks: ...
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounting.errors import NotFound, Refused, Unclear
from accounting.protocol import TakesAttachments
from accounting.types import AttachmentDocument, Receipt
from tests.accounting.contract import ContractBooks, long_ago

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\nstartxref\n0\n%%EOF\n"
FILE = AttachmentDocument(reference="1187-K7Q2M9", name="Arbetsorder-1187-K7Q2M9.pdf", data=PDF)


def files_of(books: ContractBooks) -> TakesAttachments:
    ledger = books.ledger()
    assert isinstance(ledger, TakesAttachments)
    assert AttachmentDocument in books.provider.writes
    return ledger


@pytest.mark.parametrize("kind", ["sales_order", "invoice_draft"])
class AttachmentContract:
    def test_a_file_is_on_the_document_under_its_name(self, books: ContractBooks, kind: str) -> None:
        files = files_of(books)
        receipt = books.ledger().create(books.document(kind))
        assert files.attachments(receipt) == {}

        remote_id = files.attach(receipt, FILE)

        assert remote_id
        assert files.attachments(receipt) == {remote_id: FILE.name}

    def test_the_document_stays_what_it_was(self, books: ContractBooks, kind: str) -> None:
        ledger = books.ledger()
        receipt = ledger.create(books.document(kind))

        files_of(books).attach(receipt, FILE)

        assert replace(ledger.fetch(receipt), version="") == replace(receipt, version="")

    def test_a_file_can_be_taken_off_and_then_it_is_gone(self, books: ContractBooks, kind: str) -> None:
        files = files_of(books)
        receipt = books.ledger().create(books.document(kind))
        remote_id = files.attach(receipt, FILE)
        if kind in books.keeps_files:
            with pytest.raises(Refused):
                files.detach(receipt, remote_id)
            return

        files.detach(receipt, remote_id)

        assert files.attachments(receipt) == {}
        with pytest.raises(NotFound):
            files.detach(receipt, remote_id)

    def test_what_it_became_can_have_files_too(self, books: ContractBooks, kind: str) -> None:
        document = books.document(kind)
        receipt = books.ledger().create(document)
        books.book(receipt)
        [invoice] = books.ledger().find([document], since=long_ago())[document.reference]
        if books.only_drafts_have_files:
            with pytest.raises(Refused):
                files_of(books).attach(invoice, FILE)
            return

        remote_id = files_of(books).attach(invoice, FILE)

        assert remote_id in files_of(books).attachments(invoice)

    def test_files_of_a_document_that_is_gone_are_not_found(self, books: ContractBooks, kind: str) -> None:
        receipt = books.ledger().create(books.document(kind))
        gone = Receipt(stage=receipt.stage, remote_id="6c0e1e6c-0000-4000-8000-000000000000")

        with pytest.raises(NotFound):
            files_of(books).attachments(gone)

    def test_a_lost_answer_is_unclear_and_the_file_is_there(self, books: ContractBooks, kind: str) -> None:
        files = files_of(books)
        receipt = books.ledger().create(books.document(kind))
        books.answer_instead("POST", 500, after=True)

        with pytest.raises(Unclear):
            files.attach(receipt, FILE)

        books.recover()
        assert list(files.attachments(receipt).values()) == [FILE.name]
