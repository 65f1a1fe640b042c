"""What the database holds in English, in the reader's language: sentences beside their values, and errors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

# Values that are words of ours: the name of a stream, of a field, of a question, or the reason for a problem.
OUR_WORDS = frozenset({"stream", "field", "question", "reason"})
# Values that may be amounts. An article's number may look like one, and stays as it is.
AMOUNTS = frozenset({"total", "price", "quantity", "vat", "ours", "theirs", "before", "now"})
DECIMAL = re.compile(r"-?\d+\.\d+")
# What an error adds to its sentence for the vendor's support, e.g. " (HTTP 503, error id 0815)".
EVIDENCE = re.compile(r" \([^()]*\)$")

# Characters that have no look of their own, or turn the direction of what follows: nobody sees that they are there.
UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def harmless(text: str, longest: int) -> str:
    """The text as a page can show it: unseen characters made visible, and cut with "…" where it is too long."""
    seen = UNSEEN.sub("\ufffd", text)
    return seen if len(seen) <= longest else f"{seen[: longest - 1]}…"


def fill_in(sentence: str, values: Mapping[str, Any]) -> str:
    """The sentence with its values. One without values is complete, and a % in it is just a per cent sign."""
    if not values:
        return _(sentence)
    return _(sentence) % {name: tell(name, str(value)) for name, value in values.items()}


def tell(name: str, value: str) -> str:
    """The value as the reader's language writes it."""
    if name in OUR_WORDS:
        return retell(value)
    if name in AMOUNTS and DECIMAL.fullmatch(value):
        return number_format(Decimal(value))
    return value


def retell(stored: str) -> str:
    """A sentence of ours translated, with its evidence; anybody else's as it is."""
    translated = _(stored)
    evidence = EVIDENCE.search(stored)
    if translated != stored or evidence is None:
        return translated
    return _(stored[: evidence.start()]) + evidence[0]
