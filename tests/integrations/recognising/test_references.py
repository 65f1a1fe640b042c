"""Our references among all that people write on documents."""

from __future__ import annotations

import pytest

from integrations.recognising.references import evident_references, possible_references


@pytest.mark.parametrize(
    "text", ["1187-K7Q2M9", "Ref. 1187-K7Q2M9", "(1187-K7Q2M9)", "1187-K7Q2M9 Eva Ek", "a\n1187-K7Q2M9"]
)
def test_a_reference_is_found_wherever_it_stands(text: str) -> None:
    assert "1187-K7Q2M9" in set(possible_references([text]))


@pytest.mark.parametrize("text", ["21187-K7Q2M9", "1187-K7Q2M99", "1187-K7Q2M9-2", "X-1187-K7Q2M9", "1187-K7Q2MO", ""])
def test_a_similar_one_is_another(text: str) -> None:
    assert "1187-K7Q2M9" not in set(possible_references([text]))


def test_a_number_with_spaces_is_found_whole() -> None:
    assert "AO 1187-K7Q2M9" in set(possible_references(["Ref. AO 1187-K7Q2M9"]))


def test_a_long_text_offers_no_more_than_a_reference_can_be() -> None:
    assert max(map(len, possible_references(["word " * 50 + "1187-K7Q2M9"]))) <= 35


@pytest.mark.parametrize("text", ["1187-K7Q2M9", "Ref. 1187-K7Q2M9", "SO-17-K7Q2M9 Eva"])
def test_our_form_at_either_end_is_evident(text: str) -> None:
    assert len(evident_references([text])) == 1


@pytest.mark.parametrize(
    "text", ["Tel. 08-123456", "see 1187-K7Q2M9 of May", "ABB-S201C1", "RAL-9010AB", "1187-k7q2m9"]
)
def test_what_others_write_is_not(text: str) -> None:
    assert evident_references([text]) == []
