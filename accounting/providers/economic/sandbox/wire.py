"""Links and references as the legacy host writes them, and keys as they stand in its paths."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

Json = dict[str, Any]
REST = "https://restapi.e-conomic.com"
ESCAPES = {
    "<": 0,
    ">": 1,
    "*": 2,
    "%": 3,
    ":": 4,
    "&": 5,
    "/": 6,
    "\\": 7,
    "_": 8,
    " ": 9,
    "?": 10,
    ".": 11,
    "#": 12,
    "+": 13,
}
CHARACTERS = {str(number): character for character, number in ESCAPES.items()}


def escaped(key: object) -> str:
    """A key in a path of the legacy host: `A_8_1_11_5` for `A_1.5`."""
    return quote("".join(f"_{ESCAPES[each]}_" if each in ESCAPES else each for each in str(key)), safe="")


def unescaped(text: str) -> str:
    return re.sub(r"_(\d{1,2})_", lambda found: CHARACTERS.get(found[1], found[0]), text)


def link(*parts: object) -> str:
    return "/".join([REST, *map(escaped_part, parts)])


def escaped_part(part: object) -> str:
    text = str(part)
    return text if re.fullmatch(r"[a-z/-]+", text) else escaped(text)


def reference(member: str, value: Any, *path: object, **more: Any) -> Json:
    """`{member: value, "self": …}`."""
    return {member: value, **more, "self": link(*path, value)}
