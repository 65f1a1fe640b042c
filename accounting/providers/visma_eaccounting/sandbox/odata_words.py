"""The words of OData: tokens, literals and values."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from accounting.providers.visma_eaccounting.sandbox.errors import Refusal, refuse
from accounting.providers.visma_eaccounting.sandbox.moments import parse_ticks
from accounting.providers.visma_eaccounting.sandbox.schema import Json

# The record under "", and each lambda variable's row under its name.
Scope = dict[str, Json]
TOKEN = re.compile(
    r"""\s*(?:
    (?P<text>'(?:[^']|'')*')
    |(?P<uuid>[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![\w-]))
    |(?P<time>\d{4}-\d\d?-[^\s(),]*)
    |(?P<number>\d+(?:\.\d+)?(?![\w.]))
    |(?P<name>[A-Za-z_$][\w/]*)
    |(?P<sign>[(),:-])
    )""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Value:
    """One side of a comparison. `field` is set for a plain member of the record, `constant` for a literal."""

    kind: str
    get: Callable[[Scope], Any]
    field: str = ""
    constant: Any = None


def bad_query(text: str) -> Refusal:
    return refuse(6000, text)


def tokenize(text: str) -> list[tuple[str, str]]:
    """(kind, text) of every token. Raises Refusal 6000."""
    tokens, position, text = [], 0, text.strip()
    while position < len(text):
        found = TOKEN.match(text, position)
        if found is None or found.lastgroup is None:
            raise bad_query(f"Syntax error at position {position} in '{text}'.")
        tokens.append((found.lastgroup, found[found.lastgroup]))
        position = found.end()
    return tokens


def literal(kind: str, word: str) -> Value:
    """The constant that a token stands for. Raises Refusal 6001 for a bad moment."""
    constant: Any
    if kind == "name":
        constant = {"true": True, "false": False, "null": None}[word.lower()]
        kind = "null" if constant is None else "flag"
    elif kind == "text":
        constant = word[1:-1].replace("''", "'")
    elif kind == "number":
        constant = Decimal(word)
    elif kind == "uuid":
        constant = word.lower()
    else:
        try:
            constant = parse_ticks(word)
        except ValueError:
            raise refuse(6001, f"'{word}' is not a valid DateTime.") from None
    return Value(kind, lambda scope: constant, constant=constant)
