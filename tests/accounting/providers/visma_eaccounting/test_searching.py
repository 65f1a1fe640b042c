"""Looking for our own: where, how often, what counts, and when a look-up is none."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounting.errors import NotAllowed, UnexpectedAnswer
from accounting.providers.visma_eaccounting.search import References
from accounting.types import Document, Receipt, Stage
from tests.accounting.providers.visma_eaccounting import samples as sample
from tests.accounting.providers.visma_eaccounting.sample_books import (
    SampleBooks,
    new_article,
    new_customer,
    new_draft,
    new_order,
    now,
)
from tests.accounting.providers.visma_eaccounting.samples import guid

SINCE = datetime(2026, 11, 20, 9, tzinfo=UTC)
REFERENCE = "1187-K7Q2M9"


def find(samples: SampleBooks, *documents: Document) -> dict[str, list[Receipt]]:
    return {key: list(value) for key, value in samples.ledger().find(documents, since=SINCE).items()}


def draft(**members: Any) -> dict[str, Any]:
    return {
        "Id": guid(str(members)),
        "CustomerId": guid("customer 1"),
        "TotalAmount": 125,
        "TotalVatAmount": 25,
    } | members


def text_row(text: str) -> dict[str, Any]:
    return {"IsTextRow": True, "Text": text}


# --- sales documents ---------------------------------------------------------------


def test_one_pass_over_each_stage_answers_for_the_whole_batch(samples: SampleBooks) -> None:
    samples.lists["customerinvoicedrafts"] = [draft(Rows=[text_row(f"Ref. {n}-AAAAAA")]) for n in range(5)]
    samples.calls = []

    found = find(samples, *(new_draft(f"{n}-AAAAAA") for n in range(50)), new_order("7-BBBBBB"))

    assert [len(found[f"{n}-AAAAAA"]) for n in range(6)] == [1, 1, 1, 1, 1, 0]
    assert Counter(path for _, path in samples.requests) == {
        "customerinvoicedrafts": 3,
        "orders": 1,
        "customerinvoices": 1,
    }


def test_drafts_are_read_whole_and_the_others_since_then(samples: SampleBooks) -> None:
    find(samples, new_draft())

    by_path = {path: query for _, path, query, _ in samples.calls}
    assert set(by_path["customerinvoicedrafts"]) == {"$page", "$pagesize"}
    assert by_path["orders"]["$filter"] == "ModifiedUtc ge 2026-11-20T09:00:00Z"
    assert by_path["customerinvoices"]["modifiedSinceUtc"] == "2026-11-20T09:00:00Z"


@pytest.mark.parametrize(
    "members",
    [
        {"Rows": [text_row("Ref. 1187-K7Q2M9")]},
        {"Rows": [text_row("Arbetsorder\n(1187-K7Q2M9).")]},
        {"YourReference": "1187-K7Q2M9 Eva Ek"},
        {"YourReference": "Eva Ek, 1187-K7Q2M9"},
    ],
)
def test_our_reference_is_seen_in_either_carrier(samples: SampleBooks, members: dict[str, Any]) -> None:
    samples.lists["customerinvoicedrafts"] = [draft(**members)]

    receipt = find(samples, new_order())[REFERENCE][0]

    assert receipt.stage is Stage.DRAFT
    assert receipt.reference == REFERENCE
    assert receipt.totals is not None
    assert (receipt.totals.net, receipt.totals.vat, receipt.totals.total) == (100, 25, 125)


@pytest.mark.parametrize(
    "members",
    [
        {"Rows": [text_row("Ref. 1187-K7Q2M9-2")]},
        {"Rows": [text_row("Ref. 1187-k7q2m9")]},
        {"Rows": [{"IsTextRow": False, "Text": "1187-K7Q2M9", "ArticleId": guid("article 1")}]},
        {"OurReference": "1187-K7Q2M9"},
        {"Rows": None, "YourReference": None},
    ],
)
def test_nothing_else_is_taken_for_it(samples: SampleBooks, members: dict[str, Any]) -> None:
    samples.lists["customerinvoicedrafts"] = [draft(**members)]

    assert find(samples, new_draft()) == {REFERENCE: []}


def test_two_drafts_with_our_reference_are_both_told(samples: SampleBooks) -> None:
    samples.lists["customerinvoicedrafts"] = [draft(YourReference=REFERENCE), draft(Rows=[text_row(REFERENCE)])]

    assert len(find(samples, new_draft())[REFERENCE]) == 2


def test_an_invoice_made_of_an_order_is_the_same_document(samples: SampleBooks) -> None:
    samples.lists["orders"] = [sample.order(4, YourReference=REFERENCE, ModifiedUtc=now())]
    samples.lists["customerinvoices"] = [
        {
            "Id": guid("invoice"),
            "InvoiceNumber": 1001,
            "CreatedFromOrderId": guid("order 4").upper(),
            "YourReference": REFERENCE,
            "ModifiedUtc": now(),
        }
    ]

    found = find(samples, new_order())[REFERENCE]

    assert [(each.stage, each.number) for each in found] == [(Stage.INVOICE, "1001")]


def test_a_credit_note_is_not_the_document_that_it_credits(samples: SampleBooks) -> None:
    samples.lists["customerinvoices"] = [
        {"Id": guid("credit"), "IsCreditInvoice": True, "YourReference": REFERENCE, "ModifiedUtc": now()}
    ]

    assert find(samples, new_draft()) == {REFERENCE: []}


def test_orders_that_a_company_cannot_have_were_looked_at(samples: SampleBooks) -> None:
    samples.settings["ActivatedModules"] = ["api_standard"]
    samples.answer_instead("GET", 403, path="orders")

    assert find(samples, new_draft()) == {REFERENCE: []}


def test_orders_that_are_forbidden_for_another_reason_were_not(samples: SampleBooks) -> None:
    samples.answer_instead("GET", 403, path="orders")

    with pytest.raises(NotAllowed):
        find(samples, new_draft())


def test_a_draft_that_cannot_be_read_might_be_ours(samples: SampleBooks) -> None:
    samples.lists["customerinvoicedrafts"] = [draft(Rows="none")]

    with pytest.raises(UnexpectedAnswer):
        find(samples, new_draft())


def test_orders_are_read_whole_where_they_cannot_be_filtered(samples: SampleBooks) -> None:
    samples.unfilterable = True
    samples.lists["orders"] = [sample.order(2, YourReference=REFERENCE)]

    assert len(find(samples, new_order())[REFERENCE]) == 1


# --- customers and articles ------------------------------------------------------------


def test_a_customer_with_a_number_is_looked_for_by_it(samples: SampleBooks) -> None:
    samples.lists["customers"][0]["CustomerNumber"] = "O'Hara"

    found = find(samples, new_customer("O'Hara", number="O'Hara"))

    assert samples.queries == [{"$filter": "CustomerNumber eq 'O''Hara'", "$page": "1", "$pagesize": "2"}]
    assert [(each.number, each.name, each.remote_id) for each in found["O'Hara"]] == [
        ("O'Hara", "Byggbolaget   1 AB", guid("customer 1"))
    ]


def test_a_customer_without_a_number_is_looked_for_by_its_note(samples: SampleBooks) -> None:
    samples.lists["customers"][1] |= {"Note": "Ref. C-K7Q2M9AA", "ChangedUtc": now()}

    found = find(samples, new_customer("C-K7Q2M9AA"), new_customer("C-K7Q2M9AB"))

    assert samples.queries[0]["$filter"] == "ChangedUtc ge 2026-11-20T09:00:00Z"
    assert [each.remote_id for each in found["C-K7Q2M9AA"]] == [guid("customer 2")]
    assert found["C-K7Q2M9AB"] == []


def test_many_numbers_are_asked_for_together(samples: SampleBooks) -> None:
    documents = [new_article(f"{n}", number=f"N{n}") for n in range(45)]
    samples.lists["articles"] = [sample.article(n, Number=f"N{n}") for n in (0, 21, 44)]

    found = find(samples, *documents)

    assert len(samples.calls) == 3
    assert [key for key, value in found.items() if value] == ["0", "21", "44"]


def test_a_number_is_compared_exactly(samples: SampleBooks) -> None:
    samples.lists["articles"] = [sample.article(1, Number="n1"), sample.article(2, Number="N1 ")]
    samples.unfilterable = True

    found = find(samples, new_article("x", number="N1"))

    assert [each.remote_id for each in found["x"]] == [guid("article 2")]


def test_everything_is_read_once_where_numbers_cannot_be_filtered(samples: SampleBooks) -> None:
    samples.unfilterable = True

    found = find(samples, *(new_article(f"{n}", number=f"A{n}") for n in range(45)))

    assert [path for _, path in samples.requests] == ["articles", "articles", "articles"]  # refused, and two pages
    assert [key for key, value in found.items() if value] == ["1", "2", "3"]


# --- references -------------------------------------------------------------------------


@given(st.sampled_from(["1187-K7", "A", "A-1", "Ä 1"]), st.data())
def test_a_reference_is_found_as_a_whole_word_only(reference: str, data: st.DataObject) -> None:
    pieces = st.lists(st.sampled_from([reference, "A", "1", "-", "å", " ", ".", "/", "\n"]), max_size=6)
    text = "".join(data.draw(pieces))

    def belongs_to_a_word(character: str) -> bool:
        return character.isalnum() or character in ("-", "_")

    def stands_alone(start: int) -> bool:
        end = start + len(reference)
        around = text[max(0, start - 1) : start] + text[end : end + 1]
        return text[start:end] == reference and not any(map(belongs_to_a_word, around))

    expected = any(stands_alone(start) for start in range(len(text)))

    assert bool(References([reference]).within([text])) == expected


def test_of_two_references_the_longer_one_is_meant() -> None:
    references = References(["1187-A", "1187-A 2", ""])

    assert references.within(["Ref. 1187-A 2", None]) == {"1187-A 2"}
    assert references.within(["Ref. 1187-A", ""]) == {"1187-A"}
    assert not References([""])
