"""What the product promises, tried at the stand-in over real HTTP."""

from __future__ import annotations

from dataclasses import replace

import pytest

from accounting.errors import Refused
from accounting.types import SalesDocument
from tests.accounting.features_contract import (  # noqa: F401  (fixtures)
    FeaturesContract,
    customer_of,
    question,
    terms,
)
from tests.accounting.providers.visma_net.sandbox_books import SandboxBooks


class TestFeatures(FeaturesContract):
    """With the books of this folder."""


@pytest.mark.parametrize(("answer", "stored"), [("BIL1", "BIL1"), ("", None)])
def test_what_an_order_is_taken_from_is_the_warehouse_of_the_answer(
    books: SandboxBooks, answer: str, stored: str | None
) -> None:
    """No line of ours has a warehouse of its own."""
    order = books.document("sales_order")
    assert isinstance(order, SalesDocument)

    receipt = books.ledger().create(replace(order, answers={**order.answers, "warehouse": answer}))

    assert books.stored(receipt).get("warehouse") == stored


@pytest.mark.parametrize("kind", ["sales_order", "invoice_draft"])
def test_the_branch_of_the_answer_is_filled_in(books: SandboxBooks, kind: str) -> None:
    document = books.document(kind)
    assert isinstance(document, SalesDocument)

    receipt = books.ledger().create(replace(document, answers={**document.answers, "branch": "2"}))

    assert "2" in {value for name, value in books.stored(receipt).items() if "branch" in name.lower()}


@pytest.mark.parametrize("kind", ["sales_order", "invoice_draft"])
@pytest.mark.parametrize(("answer", "stored"), [("2", "2"), ("", None)])
def test_a_payment_method_can_be_forced_on_documents(
    books: SandboxBooks, kind: str, answer: str, stored: str | None
) -> None:
    document = books.document(kind)
    assert isinstance(document, SalesDocument)

    receipt = books.ledger().create(replace(document, answers={"payment_method_of_sales": answer}))

    assert books.stored(receipt).get("paymentMethodId") == stored


@pytest.mark.parametrize("kind", ["sales_order", "invoice_draft"])
def test_a_payment_method_that_is_gone_is_refused(books: SandboxBooks, kind: str) -> None:
    document = books.document(kind)
    assert isinstance(document, SalesDocument)

    with pytest.raises(Refused):
        books.ledger().create(replace(document, answers={"payment_method_of_sales": "77"}))


def test_a_new_customer_gets_the_payment_method_of_the_answer(books: SandboxBooks) -> None:
    customer = customer_of(books)

    receipt = books.ledger().create(replace(customer, answers={**customer.answers, "payment_method": "2"}))

    assert "2" in {value for name, value in books.stored(receipt).items() if "payment" in name.lower()}
