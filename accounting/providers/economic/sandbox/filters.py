"""The filter language of both hosts, compiled to plain functions.

    name$like:*rør*$and:(barred$eq:false$or:lastUpdated$gte:2026-01-31T00:00:00Z)      customerNumber$in:[2,5,7]

`$` and `)` in a value must be escaped with `$`; `$null:` is a value. Text is compared without regard to case.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from accounting.providers.economic.sandbox.errors import Refusal

Json = dict[str, Any]
MOST_VALUES = 200
COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}
NULL = object()


@dataclass(frozen=True, slots=True)
class Condition:
    """`test` a record (with at least the top-level members `needs`); `since` is a bound on lastUpdated that every
    match keeps, if there is one."""

    test: Callable[[Json], bool]
    needs: frozenset[str]
    since: tuple[str, str] | None = None


class Parser:
    """Recursive descent over one filter. Raises Refusal 400."""

    def __init__(self, text: str, types: Mapping[str, str], refuse: Callable[[str], Refusal]) -> None:
        self.text = text
        self.place = 0
        self.types = types
        self.refuse = refuse

    def parse(self) -> Condition:
        condition = self.either()
        if self.place != len(self.text):
            raise self.refuse(f"Unexpected '{self.text[self.place :][:20]}' in the filter.")
        return condition

    def follows(self, word: str) -> bool:
        if self.text.startswith(word, self.place):
            self.place += len(word)
            return True
        return False

    def either(self) -> Condition:
        parts = [self.both()]
        while self.follows("$or:"):
            parts.append(self.both())
        if len(parts) == 1:
            return parts[0]
        return Condition(lambda record: any(part.test(record) for part in parts), needs(parts))

    def both(self) -> Condition:
        parts = [self.single()]
        while self.follows("$and:"):
            parts.append(self.single())
        if len(parts) == 1:
            return parts[0]
        since = next((part.since for part in parts if part.since), None)
        return Condition(lambda record: all(part.test(record) for part in parts), needs(parts), since)

    def single(self) -> Condition:
        if self.follows("("):
            inner = self.either()
            if not self.follows(")"):
                raise self.refuse("A parenthesis is not closed.")
            return inner
        found = re.compile(r"([A-Za-z0-9.]+)\$([a-z]+):").match(self.text, self.place)
        if found is None:
            raise self.refuse(f"'{self.text[self.place :][:20]}' is not a predicate.")
        self.place = found.end()
        name, how = found[1], found[2]
        type_ = self.types.get(name)
        if type_ is None:
            raise self.refuse(f"Filtering is not allowed on property '{name}'.")
        if how in ("in", "nin"):
            return self.membership(name, type_, negated=how == "nin")
        if how == "like":
            return like(name, self.value())
        if how not in COMPARISONS:
            raise self.refuse(f"Operator ${how}: not supported on property {name}.")
        return self.comparison(name, type_, how)

    def comparison(self, name: str, type_: str, how: str) -> Condition:
        said = self.value()
        compare, top = COMPARISONS[how], frozenset({name.split(".", maxsplit=1)[0]})
        if said is NULL:
            return Condition(lambda record: compare(member(record, name) is None, True), top)
        wanted = self.typed(type_, str(said), name)

        def test(record: Json) -> bool:
            value = comparable(type_, name, member(record, name))
            return how == "ne" if value is None else compare(value, wanted)

        since = (how, str(wanted)) if name == "lastUpdated" and how in ("gt", "gte") else None
        return Condition(test, top, since)

    def membership(self, name: str, type_: str, *, negated: bool) -> Condition:
        if not self.follows("["):
            raise self.refuse("$in: takes a list in brackets.")
        end = self.text.find("]", self.place)
        if end < 0:
            raise self.refuse("$in: takes a list in brackets.")
        said = self.text[self.place : end].split(",")
        self.place = end + 1
        if len(said) > MOST_VALUES:
            raise self.refuse(f"$in: takes at most {MOST_VALUES} values.")
        wanted = {self.typed(type_, each.replace("$", ""), name) for each in said}
        return Condition(
            lambda record: (comparable(type_, name, member(record, name)) in wanted) is not negated,
            frozenset({name.split(".", maxsplit=1)[0]}),
        )

    def value(self) -> object:
        if self.follows("$null:"):
            return NULL
        said = []
        while self.place < len(self.text):
            here = self.text[self.place]
            if here == ")" or self.text.startswith(("$and:", "$or:"), self.place):
                break
            if here == "$":
                escaped = self.text[self.place + 1 : self.place + 2]
                if not escaped or escaped not in "$()*,[]":
                    raise self.refuse("A $ in a value must be escaped.")
                said.append(f"${escaped}" if escaped in "[]" else escaped)
                self.place += 2
                continue
            said.append(here)
            self.place += 1
        return "".join(said)

    def typed(self, type_: str, said: str, name: str) -> Any:
        if type_ in ("integer", "number"):
            try:
                return Decimal(said.strip())
            except InvalidOperation:
                raise self.refuse(f"'{said}' is not a number.") from None
        if type_ == "boolean":
            return said.lower() == "true"
        return comparable(type_, name, said)


def needs(parts: list[Condition]) -> frozenset[str]:
    return frozenset().union(*(part.needs for part in parts))


def like(name: str, said: object) -> Condition:
    """`*` stands for anything; without one it means "contains"."""
    pattern = str(said).casefold()
    pattern = pattern if "*" in pattern else f"*{pattern}*"
    expression = re.compile(".*".join(map(re.escape, pattern.split("*"))), re.DOTALL)

    def test(record: Json) -> bool:
        value = member(record, name)
        return value is not None and expression.fullmatch(str(value).casefold()) is not None

    return Condition(test, frozenset({name.split(".", maxsplit=1)[0]}))


def member(record: Json, name: str) -> Any:
    """The value at a dotted path; None where there is none."""
    value: Any = record
    for part in name.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def comparable(type_: str, name: str, value: Any) -> Any:
    if type_ == "boolean":
        return bool(value)  # a false one is often left out
    if value is None or type_ in ("integer", "number"):
        return value
    if name.endswith(("lastUpdated", "Date", "date")):
        return str(value).rstrip("Zz")[:19]
    return str(value).casefold()
