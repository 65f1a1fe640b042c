"""Values before and after, field by field, as a plan keeps them: plain texts, put into words when they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounting.types import gettext_noop

NUMBER, DAY, WORD, LINE = "number", "day", "word", "line"
YES, NO = gettext_noop("yes"), gettext_noop("no")
LONGEST = 300

# A field as `app.Model.field` or by a name of ours, its value before, after, and what kind of text these are. A line
# of a document also has its quantity, unit, price and discount.
Change = list[str]


def change(field: str, before: Any, after: Any) -> Change:
    kind = kind_of(after if before in (None, "") else before)
    return [field, as_text(before), as_text(after), kind]


def differences(model: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    """A change for every field of `after` whose value is another."""
    for name, value in after.items():
        if not same(before.get(name), value):
            yield change(f"{model}.{name}", before.get(name), value)


def given(model: str, values: Mapping[str, Any]) -> Iterator[Change]:
    """A change for every field of a new record that has a value."""
    for name, value in values.items():
        if value not in (None, "", False) and not (isinstance(value, Decimal) and not value):
            yield change(f"{model}.{name}", "", value)


def same(before: Any, after: Any) -> bool:
    if before is None or after is None:
        return before in (None, "") and after in (None, "")
    return bool(before == after) or as_text(before) == as_text(after)


def kind_of(value: Any) -> str:
    if isinstance(value, bool):
        return WORD
    if isinstance(value, Decimal | int):
        return NUMBER
    return DAY if isinstance(value, date) else ""


def as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, Decimal):
        return f"{value.normalize():f}" if value == value.to_integral() else f"{value:f}".rstrip("0")
    if isinstance(value, datetime | date):
        return value.isoformat()
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def reason(sentence: str, values: Mapping[str, Any] | None = None, *, code: str = "") -> dict[str, Any]:
    """Why, as a plan keeps it: a translatable sentence and its values."""
    return {"code": code, "sentence": sentence, "values": dict(values or {})}


def columns_of(names: Iterable[str], row: Iterable[Any]) -> dict[str, Any]:
    return dict(zip(names, row, strict=True))
