"""What becomes of texts, numbers, moments and days on their way in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounting.cleaning import Unreadable, amount, code, day, line, moment, optional_amount, remote_id, rounded, text


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (None, ""),
        ("", ""),
        ("  Rör   & Värme\tAB ", "Rör & Värme AB"),
        ("Rör\u00a0AB\r\nBorås", "Rör AB Borås"),
        ("A\x00B", "A\ufffdB"),
        ("A\x1b[0mB\x7f", "A\ufffd[0mB\ufffd"),
        ("\U0001f600 e\u0301", "\U0001f600 e\u0301"),
        ("\u200b", "\u200b"),
    ],
)
def test_a_line_is_one_trimmed_line(raw: str | None, clean: str) -> None:
    assert line(raw, "Name", 50) == clean


def test_a_text_keeps_its_lines() -> None:
    assert text("  one\r\ntwo\rthree\u2028four\n\n\x00 ", "Note") == "one\ntwo\nthree\nfour\n\n\ufffd"


@pytest.mark.parametrize("read", [line, text])
def test_what_is_too_long_is_refused_and_not_cut(read: object) -> None:
    assert read("x" * 50, "Name", 50) == "x" * 50  # type: ignore[operator]
    with pytest.raises(Unreadable, match="Name has 51 characters, and at most 50 fit") as caught:
        read("x" * 51, "Name", 50)  # type: ignore[operator]
    assert caught.value.field == "Name"


@given(st.text())
def test_no_text_reaches_the_database_that_it_cannot_hold(raw: str) -> None:
    for clean in (line(raw, "Name", 10**6), text(raw, "Note", 10**6)):
        assert "\0" not in clean
        assert clean == clean.strip()
        clean.encode()


def test_a_code_is_in_capitals() -> None:
    assert code(" se ", "Country", 2) == "SE"


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (None, ""),
        (" 38FE43CC-C843-48E0-9EFE-FA7B262A8191 ", "38fe43cc-c843-48e0-9efe-fa7b262a8191"),
        ("00000000-0000-0000-0000-000000000000", ""),
    ],
)
def test_an_id_has_one_spelling(raw: str | None, clean: str) -> None:
    assert remote_id(raw) == clean


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("1.10", "1.10"),
        ("0.33333", "0.3333"),
        ("0.00005", "0.0001"),
        ("-0.00005", "-0.0001"),
        ("9999999999", "9999999999"),
    ],
)
def test_an_amount_is_exact_to_four_decimals(raw: str, clean: str) -> None:
    assert str(amount(Decimal(raw), "Price")) == clean


@pytest.mark.parametrize("raw", ["NaN", "sNaN", "Infinity", "-Infinity", "1e400", "10000000000", "1e999999"])
def test_an_impossible_amount_is_refused(raw: str) -> None:
    with pytest.raises(Unreadable):
        optional_amount(Decimal(raw), "Price")


def test_no_amount_is_none_or_zero() -> None:
    assert optional_amount(None, "Price") is None
    assert amount(None, "Price") == 0


@pytest.mark.parametrize(("raw", "two"), [("0.125", "0.13"), ("-0.125", "-0.13"), ("0.135", "0.14"), ("2", "2.00")])
def test_halves_are_rounded_away_from_zero(raw: str, two: str) -> None:
    assert str(rounded(Decimal(raw), 2)) == two


@pytest.mark.parametrize(
    ("raw", "microsecond"),
    [
        ("2026-07-21T17:32:28Z", 0),
        ("2026-07-21T17:32:28.1Z", 100000),
        ("2026-07-21T17:32:28.123Z", 123000),
        ("2026-07-21T17:32:28.672816Z", 672816),
        ("2026-07-21T17:32:28.1234567Z", 123456),
        ("2026-07-21T17:32:28.123456789Z", 123456),
        ("2026-07-21T19:32:28+02:00", 0),
        ("2026-07-21T17:32:28", 0),
        ("2026-07-21 17:32:28", 0),
    ],
)
def test_a_moment_is_aware_whatever_its_fraction(raw: str, microsecond: int) -> None:
    assert moment(raw, "ChangedUtc") == datetime(2026, 7, 21, 17, 32, 28, microsecond, tzinfo=UTC)


@pytest.mark.parametrize("raw", [None, "", "0001-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "0001-01-01"])
def test_never_is_no_moment_and_no_day(raw: str | None) -> None:
    if raw and "+" in raw:
        with pytest.raises(Unreadable):
            moment(raw, "ChangedUtc")
    else:
        assert moment(raw, "ChangedUtc") is None
    assert day(raw, "LockedTo") is None


@pytest.mark.parametrize("raw", ["soon", "2026-13-01", "2026-02-29", "21/07/2026", "2026-07-21T25:00:00Z"])
def test_what_is_no_moment_is_refused(raw: str) -> None:
    with pytest.raises(Unreadable, match="ChangedUtc is not a moment"):
        moment(raw, "ChangedUtc")


@pytest.mark.parametrize("raw", ["2026-03-30", "2026-03-30T00:00:00", "2026-03-30T22:00:00.000Z", " 2026-03-30 "])
def test_a_day_is_the_company_s_own_whatever_time_it_carries(raw: str) -> None:
    assert day(raw, "OrderDate") == date(2026, 3, 30)


@pytest.mark.parametrize("raw", ["soon", "2026-02-30", "20260330x"])
def test_what_is_no_day_is_refused(raw: str) -> None:
    with pytest.raises(Unreadable, match="OrderDate is not a date"):
        day(raw, "OrderDate")
