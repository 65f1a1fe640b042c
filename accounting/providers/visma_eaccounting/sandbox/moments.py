"""Moments as this service writes them: UTC with none to seven digits of a second, compared exactly.

A moment is handled as a count of 100 nanoseconds since 1970, because that is the precision over there and a
`datetime` would lose the last digit.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
PER_SECOND = 10_000_000
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d)?)(?:\.(\d{1,7})\d*)?(Z|[+-]\d\d:\d\d)?", re.IGNORECASE)


def ticks_of(moment: datetime) -> int:
    """The count for an aware datetime."""
    since = moment - EPOCH
    return (since.days * 86400 + since.seconds) * PER_SECOND + since.microseconds * 10


def parse_ticks(text: str) -> int:
    """The count for a date or date-time, UTC where no zone is given. Raises ValueError."""
    if len(text) == 10:
        return ticks_of(datetime.combine(date.fromisoformat(text), datetime.min.time(), tzinfo=UTC))
    found = MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    day, time, fraction, zone = found.groups()
    whole = datetime.fromisoformat(f"{day}T{time}{'+00:00' if zone in (None, 'Z', 'z') else zone}")
    return ticks_of(whole) + int((fraction or "").ljust(7, "0"))


def write_ticks(ticks: int) -> str:
    """The moment as the service prints it: trailing zeros of the fraction are not written."""
    seconds, rest = divmod(ticks, PER_SECOND)
    text = (EPOCH + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S")
    fraction = f"{rest:07d}".rstrip("0")
    return f"{text}.{fraction}Z" if fraction else f"{text}Z"
