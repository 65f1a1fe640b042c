"""The catalogue of all explanations, and the one that fits a code."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

from integrations.explaining.changes import CHANGES
from integrations.explaining.comparing import COMPARING
from integrations.explaining.connections import CONNECTIONS
from integrations.explaining.documents import DOCUMENTS
from integrations.explaining.entries import Explanation, Words
from integrations.explaining.reading import READING
from integrations.explaining.records import RECORDS

CHAPTERS: Sequence[tuple[Words, Sequence[Explanation]]] = (
    (_("Customers, materials and hour types"), RECORDS),
    (_("Work orders on their way to the books"), DOCUMENTS),
    (_("Changes of what is in the books"), CHANGES),
    (_("The connection"), CONNECTIONS),
    (_("Records of the books that did not come in"), READING),
    (_("What the comparison with the books found"), COMPARING),
)
ALL = tuple(each for _title, chapter in CHAPTERS for each in chapter)


@lru_cache(maxsize=512)
def explain(code: str) -> Explanation | None:
    """The explanation of exactly this code, else the one of all codes that end like it."""
    own = next((each for each in ALL if each.code == code), None)
    return own or next((each for each in ALL if each.is_shared and each.fits(code)), None)


def title_of(code: str) -> str:
    """What a kind of problem is called; one that nobody has described goes by its code in words."""
    found = explain(code)
    return str(found.title) if found else code.replace("_", " ").capitalize()
