"""Listing every sales document: which lists are asked for, and what a company without orders shows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from accounting.errors import NotAllowed
from accounting.types import SalesDocumentRecord, Stage
from tests.accounting.providers.visma_eaccounting import samples as sample
from tests.accounting.providers.visma_eaccounting.sample_books import SampleBooks, now
from tests.accounting.providers.visma_eaccounting.samples import guid

SINCE = datetime(2026, 11, 20, 9, 0, 0, 500_000, tzinfo=UTC)


def listed(samples: SampleBooks) -> list[SalesDocumentRecord]:
    return [each for batch in samples.ledger().documents(since=SINCE) for each in batch.records]


def test_drafts_come_whole_and_the_others_since_then(samples: SampleBooks) -> None:
    listed(samples)

    by_path = {path: query for _, path, query, _ in samples.calls}
    assert list(by_path) == ["customerinvoicedrafts", "orders", "customerinvoices"]
    assert set(by_path["customerinvoicedrafts"]) == {"$page", "$pagesize"}
    assert by_path["orders"]["$filter"] == "ModifiedUtc ge 2026-11-20T09:00:00Z"
    assert by_path["customerinvoices"]["modifiedSinceUtc"] == "2026-11-20T09:00:00Z"


def test_a_company_that_cannot_have_orders_has_none(samples: SampleBooks) -> None:
    samples.settings["ActivatedModules"] = ["api_standard"]
    samples.answer_instead("GET", 403, path="orders")

    assert Stage.ORDER not in {each.stage for each in listed(samples)}
    assert "customerinvoices" in {path for _, path in samples.requests}


@pytest.mark.parametrize("path", ["customerinvoicedrafts", "orders", "customerinvoices"])
def test_any_other_refusal_means_that_the_list_is_not_whole(samples: SampleBooks, path: str) -> None:
    samples.answer_instead("GET", 403, path=f"^{path}$")

    with pytest.raises(NotAllowed):
        listed(samples)


def test_orders_are_listed_whole_where_they_cannot_be_filtered(samples: SampleBooks) -> None:
    samples.unfilterable = True
    samples.lists["orders"] = [sample.order(2, YourReference="1187-K7Q2M9")]

    assert [each.texts[0] for each in listed(samples) if each.stage is Stage.ORDER] == ["1187-K7Q2M9"]


def test_a_credit_note_says_that_it_is_one(samples: SampleBooks) -> None:
    samples.lists["customerinvoices"] = [
        {"Id": guid("credit"), "IsCreditInvoice": True, "YourReference": "1187-K7Q2M9", "ModifiedUtc": now()}
    ]

    assert [each.is_credit for each in listed(samples) if each.stage is Stage.INVOICE] == [True]
