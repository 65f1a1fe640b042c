"""What the product promises, tried at the stand-in over real HTTP."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.accounting.features_contract import (  # noqa: F401  (fixtures)
    FeaturesContract,
    customer_of,
    question,
    terms,
)
from tests.accounting.providers.economic.sandbox_books import SandboxBooks


class TestFeatures(FeaturesContract):
    """With the books of this folder."""


@pytest.mark.parametrize(
    ("is_company", "persons", "group"),
    [(True, "customer-group-2", 1), (False, "customer-group-2", 2), (False, "", 1)],
)
def test_private_persons_have_a_group_of_their_own_where_one_was_chosen(
    books: SandboxBooks, is_company: bool, persons: str, group: int
) -> None:
    customer = replace(customer_of(books), is_company=is_company, organisation_number="")
    answers = {**customer.answers, "customer_group_person": persons}

    receipt = books.ledger().create(replace(customer, answers=answers))

    assert books.stored(receipt)["customerGroup"]["customerGroupNumber"] == group
