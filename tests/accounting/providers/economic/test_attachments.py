"""The PDF of a draft, over real HTTP against the stand-in, which keeps one file and no name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounting.errors import NotFound, Refused
from accounting.providers.economic.attachments import name_in, with_name
from accounting.types import Receipt
from tests.accounting.attachment_contract import FILE, PDF, AttachmentContract, files_of
from tests.accounting.contract import ContractBooks
from tests.accounting.openapi import load
from tests.accounting.providers.economic.sandbox_books import SandboxBooks


class TestFiles(AttachmentContract):
    @pytest.fixture
    def books(self, start_over: Callable[[], SandboxBooks]) -> ContractBooks:
        return start_over()


@pytest.fixture(params=["sales_order", "invoice_draft"])
def receipt(books: SandboxBooks, request: pytest.FixtureRequest) -> Receipt:
    return books.ledger().create(books.document(request.param))


def put_by_hand(books: SandboxBooks, receipt: Receipt) -> None:
    """Somebody over there attaches a file."""
    books.sandbox.books.files[books.where(receipt)] = b"%PDF-1.7 somebody else's"


def test_somebody_elses_file_is_not_taken_for_ours_and_not_replaced(books: SandboxBooks, receipt: Receipt) -> None:
    put_by_hand(books, receipt)
    before = dict(books.sandbox.books.files)

    assert list(files_of(books).attachments(receipt).values()) == [""]
    with pytest.raises(Refused, match="keeps only one"):
        files_of(books).attach(receipt, FILE)

    assert books.sandbox.books.files == before


def test_a_file_in_the_place_of_ours_stays(books: SandboxBooks, receipt: Receipt) -> None:
    ours = files_of(books).attach(receipt, FILE)
    put_by_hand(books, receipt)

    with pytest.raises(NotFound):
        files_of(books).detach(receipt, ours)

    assert len(books.sandbox.books.files) == 1


def test_a_draft_that_got_the_number_of_ours_gets_no_file(books: SandboxBooks) -> None:
    ours = books.ledger().create(books.document("invoice_draft"))
    books.ledger().remove(ours)
    others = books.ledger().create(books.document("invoice_draft", "another"))
    assert others.number == ours.number

    with pytest.raises(NotFound):
        files_of(books).attach(ours, FILE)

    assert files_of(books).attachments(others) == {}


def test_a_file_goes_with_its_draft(books: SandboxBooks) -> None:
    """Else the next draft of that number would show it."""
    ours = books.ledger().create(books.document("invoice_draft"))
    files_of(books).attach(ours, FILE)

    books.ledger().remove(ours)

    assert books.sandbox.books.files == {}


def test_what_has_been_sent_shows_no_file(books: SandboxBooks) -> None:
    order = books.ledger().create(books.document("sales_order"))
    files_of(books).attach(order, FILE)
    books.act(order, "send")

    assert files_of(books).attachments(order) == {}


def test_the_name_stands_in_the_file_which_stays_a_pdf() -> None:
    named = with_name(PDF, FILE.name)

    assert name_in(named) == FILE.name
    assert named.startswith(PDF.rstrip())
    assert named.endswith(PDF[PDF.rindex(b"startxref") :])
    assert name_in(PDF) == ""


@pytest.mark.parametrize("kind", ["orders/drafts/12", "invoices/drafts/368"])
def test_the_addresses_are_the_vendors(kind: str) -> None:
    document = load("economic.openapi.json")

    for method in ("GET", "POST", "DELETE"):
        assert document.operation(method, f"/{kind}/attachment/file")
