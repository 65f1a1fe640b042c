"""The catalogue of explanations: complete, and each of them says something."""

from __future__ import annotations

from fnmatch import fnmatch

import pytest
from django.utils import translation

from integrations.explaining.catalogue import ALL, explain, title_of
from tests.integrations.explaining.codes_in_code import codes_in, codes_of

MADE_BY_A_FUNCTION = """
STOPPED = ("first", "second")

def ours():
    yield Problem(code=STOPPED[0] if bad else STOPPED[1], sentence="")
    yield line_problem("third", "")
    for name in names:
        yield line_problem(f"{name}_bad", "")

def line_problem(code, sentence):
    return Finding(code=f"line_{code}", sentence=sentence)
"""


def test_codes_are_found_however_they_are_made():
    assert codes_of(MADE_BY_A_FUNCTION) == {"first", "second", "line_third", "line_*_bad"}


def test_every_code_that_the_code_can_produce_is_explained():
    produced = codes_in()
    assert len(produced) > 60

    assert {code: place for code, place in produced.items() if not is_explained(code)} == {}


def is_explained(code: str) -> bool:
    """A code with a part that only run time knows counts when some explanation fits it; one without any never does."""
    if not code.strip("*"):
        return False
    if explain(code.replace("*", "x")):
        return True
    return "*" in code and any(fnmatch(each.code, code) for each in ALL)


@pytest.mark.parametrize("code", ["*", "no_such_code", "*_no_such_end"])
def test_what_nobody_described_is_noticed(code):
    assert not is_explained(code)


def test_no_code_is_explained_twice():
    codes = [each.code for each in ALL]

    assert sorted(codes) == sorted(set(codes))


def test_every_explanation_has_a_title_a_cause_and_a_cure():
    with translation.override("en"):
        for each in ALL:
            assert str(each.title)[-1] != ".", each.code
            assert [str(each.cause)[-1], str(each.cure)[-1]] == [".", "."], each.code


def test_the_one_of_just_this_code_comes_first():
    assert explain("postcode_missing").code == "postcode_missing"
    assert explain("street_too_long").code == "*_too_long"
    assert explain("too_long").code == "too_long"
    assert explain("no_such_code") is None


def test_a_code_that_nobody_described_goes_by_its_words():
    assert title_of("some_new_problem") == "Some new problem"
