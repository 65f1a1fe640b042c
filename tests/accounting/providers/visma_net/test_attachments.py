"""Files on sales documents, over real HTTP against the stand-in."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from accounting.errors import NotFound, Refused
from accounting.providers.visma_net.attachments import path_of
from accounting.types import Receipt, Stage
from tests.accounting.attachment_contract import FILE, AttachmentContract, files_of
from tests.accounting.contract import ContractBooks
from tests.accounting.openapi import load
from tests.accounting.providers.visma_net.sandbox_books import SandboxBooks


class TestFiles(AttachmentContract):
    @pytest.fixture
    def books(self, start_over: Callable[[], SandboxBooks]) -> ContractBooks:
        return start_over()


def test_the_same_file_again_is_another_revision_of_it(books: SandboxBooks) -> None:
    for kind in ("sales_order", "invoice_draft"):
        receipt = books.ledger().create(books.document(kind))
        files = files_of(books)

        assert files.attach(receipt, FILE) == files.attach(receipt, FILE)
        assert list(files.attachments(receipt).values()) == [FILE.name]


def test_a_document_that_is_gone_takes_no_file(books: SandboxBooks) -> None:
    for stage, remote_id in ((Stage.ORDER, "SO/77"), (Stage.DRAFT, "77")):
        with pytest.raises(NotFound):
            files_of(books).attach(Receipt(stage=stage, remote_id=remote_id), FILE)


def test_from_an_invoice_a_file_is_taken_by_hand(books: SandboxBooks) -> None:
    with pytest.raises(Refused, match="only in the accounting system itself"):
        files_of(books).detach(Receipt(stage=Stage.INVOICE, remote_id="300001"), "f")


@pytest.mark.parametrize(("stage", "remote_id"), [(Stage.ORDER, "SO/000223"), (Stage.DRAFT, "300001")])
def test_the_addresses_are_the_vendors(stage: Stage, remote_id: str) -> None:
    document = load("vismanet.openapi.json")
    receipt = Receipt(stage=stage, remote_id=remote_id)

    assert document.operation("POST", f"/{path_of(receipt, 'v2/salesorder/orderType')}/attachment")
    if stage is Stage.ORDER:
        assert document.operation("DELETE", f"/{path_of(receipt, 'v1/salesorder')}/attachment/f")
