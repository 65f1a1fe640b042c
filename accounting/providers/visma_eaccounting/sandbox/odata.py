"""The part of OData that this service understands in `$filter` and `$orderby`, compiled to plain functions.

    contains(Name,'rör') and IsActive eq true or not (ChangedUtc gt 2026-01-01T00:00:00Z)
    Rows/any(row: row/ArticleNumber eq 'A100')      RemainingAmountInvoiceCurrency eq -TotalAmountInvoiceCurrency

Strings in single quotes ('' is a quote), GUIDs, numbers, booleans, dates and moments bare. Comparing is exact and
case-sensitive; null is less and greater than nothing.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from accounting.providers.visma_eaccounting.sandbox.moments import parse_ticks
from accounting.providers.visma_eaccounting.sandbox.odata_words import Scope, Value, bad_query, literal, tokenize
from accounting.providers.visma_eaccounting.sandbox.schema import PLAIN, Schema, schema

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}
SEARCHES: dict[str, Callable[[str, str], bool]] = {
    "contains": lambda text, part: part in text,
    "startswith": str.startswith,
    "endswith": str.endswith,
}
KINDS = {"integer": "number", "decimal": "number", "date": "time", "moment": "time", "base64": "text"}


@dataclass(frozen=True, slots=True)
class Pseudo:
    """A member that exists in filters only: its kind, and how it follows from a real one."""

    kind: str
    source: str
    convert: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled filter. `needs` are the members it looks at, None for whole records.

    `equal` and `since` say for its top-level `and` parts which indexes could narrow the search:
    (member, value) pairs, and (member, operator, ticks).
    """

    test: Callable[[Scope], bool]
    needs: frozenset[str] | None
    equal: tuple[tuple[str, Any], ...] = ()
    since: tuple[tuple[str, str, int], ...] = ()


def compile_filter(
    text: str, of: Schema, *, forbidden: Collection[str] = (), extra: Mapping[str, Pseudo] | None = None
) -> Condition:
    """The filter as a function. `extra` are members that exist in filters only. Raises Refusal 6000 or 6001."""
    parser = Parser(text, of, forbidden, extra or {})
    condition = parser.either()
    if parser.peek() != ("", ""):
        raise bad_query(f"Syntax error at '{parser.peek()[1]}' in '{text}'.")
    return condition


def compile_order(text: str, of: Schema, *, forbidden: Collection[str] = ()) -> list[tuple[str, str, bool]]:
    """(member, kind, descending) for each part of `$orderby`. Raises Refusal 6000."""
    order = []
    for part in text.split(","):
        name, *direction = part.split()[:2] or [""]
        kind = kind_of(name, of, forbidden)
        if direction and direction[0].lower() not in ("asc", "desc"):
            raise bad_query(f"'{part.strip()}' is not an order.")
        order.append((name, kind, bool(direction) and direction[0].lower() == "desc"))
    return order


def kind_of(name: str, of: Schema, forbidden: Collection[str]) -> str:
    """The kind of a member that may be queried. Raises Refusal 6000."""
    field = of.fields.get(name)
    if field is None:
        raise bad_query(f"Could not find a property named '{name}' on type '{of.name}'.")
    if name in forbidden or field.many or field.type not in PLAIN:
        raise bad_query(f"The property '{name}' cannot be used in the query.")
    return KINDS.get(field.type, field.type)


def comparable(kind: str, value: Any) -> Any:
    """The stored value as it is compared: moments as ticks."""
    return parse_ticks(value) if kind == "time" and value is not None else value


class Parser:
    """Recursive descent; each method reads one level of precedence and gives its condition or value."""

    def __init__(self, text: str, of: Schema, forbidden: Collection[str], extra: Mapping[str, Pseudo]) -> None:
        self.tokens = tokenize(text)
        self.position = 0
        self.forbidden = forbidden
        self.extra = extra
        self.variables: dict[str, Schema] = {"": of}

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.position] if self.position < len(self.tokens) else ("", "")

    def take(self, expected: str = "") -> tuple[str, str]:
        token = self.peek()
        if token == ("", "") or (expected and token[1].lower() != expected):
            raise bad_query(f"Syntax error: expected '{expected or 'an expression'}', found '{token[1] or 'the end'}'.")
        self.position += 1
        return token

    def follows(self, word: str) -> bool:
        """Takes the word if it comes next."""
        if self.peek()[0] in ("name", "sign") and self.peek()[1].lower() == word:
            self.position += 1
            return True
        return False

    def either(self) -> Condition:
        parts = [self.both()]
        while self.follows("or"):
            parts.append(self.both())
        if len(parts) == 1:
            return parts[0]
        tests = [part.test for part in parts]
        return Condition(lambda scope: any(test(scope) for test in tests), union(parts))

    def both(self) -> Condition:
        parts = [self.single()]
        while self.follows("and"):
            parts.append(self.single())
        if len(parts) == 1:
            return parts[0]
        tests = [part.test for part in parts]
        return Condition(
            lambda scope: all(test(scope) for test in tests),
            union(parts),
            tuple(pair for part in parts for pair in part.equal),
            tuple(bound for part in parts for bound in part.since),
        )

    def single(self) -> Condition:
        if self.follows("not"):
            inner = self.single()
            return Condition(lambda scope: not inner.test(scope), inner.needs)
        if self.follows("("):
            inner = self.either()
            self.take(")")
            return inner
        kind, word = self.peek()
        if kind == "name" and word.lower() in SEARCHES:
            return self.search()
        if kind == "name" and word.lower().endswith(("/any", "/all")):
            return self.quantifier()
        return self.comparison()

    def search(self) -> Condition:
        function = SEARCHES[self.take()[1].lower()]
        self.take("(")
        where = self.value()
        self.take(",")
        what = self.value()
        self.take(")")
        if where.kind != "text" or what.kind != "text":
            raise bad_query("Text functions take two strings.")

        def test(scope: Scope) -> bool:
            text, part = where.get(scope), what.get(scope)
            return text is not None and part is not None and function(text, part)

        return Condition(test, needs(where, what))

    def quantifier(self) -> Condition:
        path, _, function = self.take()[1].rpartition("/")
        field = self.variables[""].fields.get(path)
        if field is None or not field.many or field.type in PLAIN:
            raise bad_query(f"'{path}' is not a collection.")
        self.take("(")
        variable = self.take()[1]
        self.take(":")
        self.variables[variable] = schema(field.type)
        inner = self.either()
        del self.variables[variable]
        self.take(")")
        combine = any if function.lower() == "any" else all
        return Condition(
            lambda scope: combine(inner.test({**scope, variable: row}) for row in scope[""].get(path) or ()), None
        )

    def comparison(self) -> Condition:
        left = self.value()
        name = self.peek()[1].lower()
        if left.kind == "flag" and name not in COMPARISONS:
            return Condition(lambda scope: left.get(scope) is True, needs(left))
        compare = COMPARISONS.get(self.take()[1].lower())
        if compare is None:
            raise bad_query(f"There is no operator '{name}'.")
        right = self.value()
        if left.kind != right.kind and "null" not in (left.kind, right.kind):
            raise bad_query(f"'{name}' cannot compare {left.kind} with {right.kind}.")
        return compared(left, name, compare, right)

    def value(self) -> Value:
        kind, word = self.take()
        if (kind, word) == ("sign", "-"):
            inner = self.value()
            if inner.kind != "number":
                raise bad_query("Only numbers have a sign.")
            constant = None if inner.constant is None else -inner.constant
            return Value("number", lambda scope: negative(inner.get(scope)), constant=constant)
        if kind == "name" and word.lower() not in ("true", "false", "null"):
            return self.member(word)
        if kind == "sign":
            raise bad_query(f"Syntax error at '{word}'.")
        return literal(kind, word)

    def member(self, path: str) -> Value:
        variable, _, name = path.rpartition("/")
        if variable not in self.variables:
            raise bad_query(f"Could not find a property named '{path}'.")
        pseudo = None if variable else self.extra.get(name)
        if pseudo is not None:
            return Value(pseudo.kind, lambda scope: pseudo.convert(scope[""].get(pseudo.source)), pseudo.source)
        kind = kind_of(name, self.variables[variable], () if variable else self.forbidden)
        return Value(kind, lambda scope: comparable(kind, scope[variable].get(name)), "" if variable else name)


def compared(left: Value, name: str, compare: Callable[[Any, Any], bool], right: Value) -> Condition:
    def test(scope: Scope) -> bool:
        one, other = left.get(scope), right.get(scope)
        if one is None or other is None:
            return compare(one, other) if name in ("eq", "ne") else False
        return compare(one, other)

    plain = bool(left.field) and right.constant is not None
    equal = ((left.field, right.constant),) if plain and name == "eq" and left.kind in ("text", "uuid") else ()
    since = ((left.field, name, right.constant),) if plain and left.kind == "time" and name in ("gt", "ge") else ()
    return Condition(test, needs(left, right), equal, since)


def needs(*values: Value) -> frozenset[str]:
    return frozenset(value.field for value in values if value.field)


def union(parts: list[Condition]) -> frozenset[str] | None:
    known = [part.needs for part in parts if part.needs is not None]
    return frozenset().union(*known) if len(known) == len(parts) else None


def negative(value: Any) -> Any:
    return None if value is None else -value
