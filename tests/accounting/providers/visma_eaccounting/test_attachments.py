"""Files on sales documents, over real HTTP against the stand-in, and their body against the vendor's description."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
import pytest

from accounting.providers.visma_eaccounting.attachments import KINDS_OF_DOCUMENTS, file_body
from accounting.types import Receipt, Stage
from tests.accounting import openapi
from tests.accounting.attachment_contract import FILE, AttachmentContract
from tests.accounting.contract import ContractBooks
from tests.accounting.providers.visma_eaccounting.samples import guid
from tests.accounting.providers.visma_eaccounting.sandbox_books import SandboxBooks, running_stand_in


@pytest.fixture(scope="module")
def start_over() -> Iterator[Callable[[], SandboxBooks]]:
    with running_stand_in() as fresh:
        yield fresh


class TestFiles(AttachmentContract):
    @pytest.fixture
    def books(self, start_over: Callable[[], SandboxBooks]) -> ContractBooks:
        return start_over()


@pytest.mark.parametrize("stage", KINDS_OF_DOCUMENTS)
def test_the_body_is_as_the_vendor_describes_it(stage: Stage) -> None:
    body = msgspec.to_builtins(file_body(Receipt(stage=stage, remote_id=guid("draft 1")), FILE))

    described = openapi.load("eaccounting.openapi.json")

    path = f"/salesdocumentattachments/{KINDS_OF_DOCUMENTS[stage]}"
    assert not described.body_errors("POST", path, body)
    assert body["DockumentId"] == guid("draft 1")
