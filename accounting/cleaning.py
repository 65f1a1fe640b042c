"""Turns what an API sent into what our columns hold: trimmed, bounded, exact, aware.

Nothing is cut and nothing is guessed: what does not fit raises `Unreadable` with the field and the reason.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_BREAKS = re.compile(r"\r\n?|\u2028|\u2029")
_LARGEST = Decimal(10) ** 10
_FIRST_REAL_YEAR = 1900


class Unreadable(ValueError):
    """One value of a record does not fit. `field` is the API's own name."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field} {reason}")
        self.field = field


def line(value: str | None, field: str, width: int) -> str:
    """One line: trimmed, blanks collapsed, characters that no database takes made visible."""
    if not value:
        return ""
    cleaned = " ".join(value.split())
    if not cleaned.isprintable():
        cleaned = _CONTROL.sub("\ufffd", cleaned)
    if len(cleaned) > width:
        raise _too_long(cleaned, field, width)
    return cleaned


def text(value: str | None, field: str, width: int = 4000) -> str:
    """Several lines: trimmed, line breaks made alike, characters that no database takes made visible."""
    if not value:
        return ""
    cleaned = _CONTROL.sub("\ufffd", _BREAKS.sub("\n", value)).strip()
    if len(cleaned) > width:
        raise _too_long(cleaned, field, width)
    return cleaned


def _too_long(value: str, field: str, width: int) -> Unreadable:
    return Unreadable(field, f"has {len(value)} characters, and at most {width} fit")


def code(value: str | None, field: str, width: int) -> str:
    """A country or currency: one word in capitals."""
    return line(value, field, width).upper()


def remote_id(value: str | None) -> str:
    """A GUID in one spelling; the empty GUID, which some APIs send for "none", is empty."""
    found = (value or "").strip().lower()
    return "" if found == "00000000-0000-0000-0000-000000000000" else found


def amount(value: Decimal | None, field: str, *, places: int = 4) -> Decimal:
    """The number with at most `places` decimals, halves away from zero; zero when there is none."""
    return Decimal(0) if value is None else optional_amount(value, field, places=places) or Decimal(0)


def optional_amount(value: Decimal | None, field: str, *, places: int = 4) -> Decimal | None:
    if value is None:
        return None
    if not value.is_finite() or abs(value) >= _LARGEST:
        raise Unreadable(field, "is not a number that can be an amount")
    return rounded(value, places) if -int(value.as_tuple().exponent) > places else value


def rounded(value: Decimal, places: int) -> Decimal:
    """The number with just `places` decimals, halves away from zero."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def moment(value: str | None, field: str) -> datetime | None:
    """An aware moment with microseconds; without a zone it is UTC. The year 1 stands for "never"."""
    if not value:
        return None
    try:
        found = datetime.fromisoformat(value.strip())
        aware = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable(field, "is not a moment") from None
    return aware if aware.year >= _FIRST_REAL_YEAR else None


def day(value: str | None, field: str) -> date | None:
    """A date; a time part is not looked at, because the API means the company's own day."""
    if not value:
        return None
    try:
        found = date.fromisoformat(value.strip()[:10])
    except ValueError:
        raise Unreadable(field, "is not a date") from None
    return found if found.year >= _FIRST_REAL_YEAR else None
