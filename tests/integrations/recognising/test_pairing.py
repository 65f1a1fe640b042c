"""How surely two records are the same: strong signs, weaker ones, and what speaks against it."""

from __future__ import annotations

from typing import Any

import pytest

from integrations.recognising.marks import name_mark, organisation_mark, phone_mark, postcode_mark
from integrations.recognising.pairing import ArticleFacts, Facts, Grade, Pool, Reason, compare, is_strong, sort

EKEN = {
    "name": "Brf Eken",
    "number": "1001",
    "organisation_number": "716400-1234",
    "vat_number": "SE716400123401",
    "email": "styrelsen@eken.example",
    "phone": "+46 8 123 45 67",
    "postcode": "123 45",
}
NOTHING = dict.fromkeys(EKEN, "")


def eken(key: str = "ours", **changes: Any) -> Facts:
    return Facts(key=key, **{**EKEN, **changes})


def only(key: str = "theirs", **values: Any) -> Facts:
    """Somebody of whom nothing else is known."""
    return Facts(key=key, **{**NOTHING, "name": "Another", **values})


class TestMarks:
    @pytest.mark.parametrize("written", ["716400-1234", "7164001234", "16716400-1234", "SE716400123401", "716400 1234"])
    def test_an_organisation_number_however_it_is_written(self, written: str) -> None:
        assert organisation_mark(written) == "7164001234"

    @pytest.mark.parametrize("written", ["+46 8 123 45 67", "0046-8-1234567", "08-123 45 67", "+46 (0)8 1234567"])
    def test_a_phone_number_however_it_is_written(self, written: str) -> None:
        assert phone_mark(written) == "081234567"

    def test_too_short_a_number_says_nothing(self) -> None:
        assert phone_mark("112") == ""

    def test_a_name_without_the_form_of_the_company(self) -> None:
        assert name_mark("Eken Bygg AB") == name_mark("EKEN BYGG aktiebolag") == "ekenbygg"
        assert name_mark("AB") == "ab"

    def test_a_postcode(self) -> None:
        assert postcode_mark("123 45") == postcode_mark("12345")


class TestGrades:
    @pytest.mark.parametrize(
        ("signs", "grade"),
        [
            ({"organisation_number": "7164001234"}, Grade.CERTAIN),
            ({"vat_number": "SE716400123401"}, Grade.CERTAIN),
            ({"number": "1001", "name": "Brf Eken"}, Grade.CERTAIN),
            ({"email": "Styrelsen@Eken.example", "name": "brf eken"}, Grade.CERTAIN),
            ({"phone": "08-1234567", "name": "Brf Eken"}, Grade.CERTAIN),
            ({"email": "styrelsen@eken.example"}, Grade.LIKELY),
            ({"mobile": "08-1234567"}, Grade.LIKELY),
            ({"name": "Brf Eken", "postcode": "12345"}, Grade.LIKELY),
            ({"number": "1001"}, Grade.NONE),
            ({"name": "Brf Eken"}, Grade.NONE),
            ({"postcode": "123 45"}, Grade.NONE),
        ],
    )
    def test_of_customers(self, signs: dict[str, str], grade: Grade) -> None:
        assert compare(eken(), only(**signs)).grade == grade

    @pytest.mark.parametrize(
        ("signs", "grade"),
        [
            ({"email": EKEN["email"], "name": "Brf Eken"}, Grade.LIKELY),
            ({"email": EKEN["email"]}, Grade.NONE),
            ({"number": "1001", "name": "Brf Eken"}, Grade.LIKELY),
            ({"name": "Brf Eken", "postcode": "12345"}, Grade.NONE),
        ],
    )
    def test_another_organisation_number_lowers_it(self, signs: dict[str, str], grade: Grade) -> None:
        pair = compare(eken(vat_number=""), only(organisation_number="556016-0680", **signs))

        assert pair.grade == grade
        assert Reason.OTHER_ORGANISATION_NUMBER in pair.reasons

    def test_a_company_and_a_person_too(self) -> None:
        pair = compare(eken(), only(email=EKEN["email"], name="Brf Eken", is_company=False))

        assert (pair.grade, pair.reasons[-1]) == (Grade.LIKELY, Reason.COMPANY_AND_PERSON)

    def test_empty_fields_are_no_sign(self) -> None:
        assert compare(only("a", name=""), only("b", name="")).reasons == ()

    def test_of_articles(self) -> None:
        pipe = ArticleFacts(key="ours", name="Pipe 22 mm", number="R22", ean="7350001")

        assert compare(pipe, ArticleFacts(key="t", name="Tube", number="r22")).grade == Grade.CERTAIN
        assert compare(pipe, ArticleFacts(key="t", name="Tube", number="X", ean="7350001")).grade == Grade.CERTAIN
        assert compare(pipe, ArticleFacts(key="t", name="pipe 22 MM", number="X")).grade == Grade.LIKELY
        assert compare(pipe, ArticleFacts(key="t", name="Tube", number="X")).grade == Grade.NONE

    def test_a_shared_phone_alone_is_not_strong(self) -> None:
        assert is_strong(compare(eken(), only(email=EKEN["email"])))
        assert not is_strong(compare(eken(), only(phone=EKEN["phone"])))


class TestManyWithMany:
    def test_each_in_its_group(self) -> None:
        ours = [eken("a"), only("b", email="b@x.example"), only("c", name="Nobody")]
        theirs = Pool([eken("1", phone=""), only("2", email="b@x.example", name="B AB")])

        found = sort(ours, theirs)

        assert [(pair.ours, pair.theirs) for pair in found.certain] == [("a", "1")]
        assert list(found.likely) == ["b"]
        assert found.without == ["c"]

    def test_two_who_are_certain_with_one_are_both_only_likely(self) -> None:
        found = sort([eken("a"), eken("b")], Pool([eken("1")]))

        assert found.certain == []
        assert list(found.likely) == ["a", "b"]

    def test_one_who_is_certain_with_two_is_only_likely(self) -> None:
        found = sort([eken("a")], Pool([eken("1"), eken("2")]))

        assert found.certain == []
        assert {pair.theirs for pair in found.likely["a"]} == {"1", "2"}

    def test_what_very_many_share_is_no_sign(self) -> None:
        crowd = [only(str(n), name=f"N{n}", email="invoice@agency.example") for n in range(50)]

        assert Pool(crowd).like(only("a", email="invoice@agency.example")) == []

    def test_pairs_that_do_not_fit_are_left_out(self) -> None:
        found = sort([eken("a")], Pool([eken("1")]), fits=lambda pair: False)

        assert found.without == ["a"]
