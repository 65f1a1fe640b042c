"""Our own reference of a write: printed for people, searched for by us, the same whenever it is computed.

It depends on who we are, which books, which record and which revision, and on nothing that a restore, a new
login or a re-created operation could change.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from uuid import UUID

from accounting.models import Books
from fieldwork.models import Organization

# Crockford's base 32: no I, L, O or U, so that it survives being read out on the phone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LONGEST = 35  # what the narrowest field for it in an accounting system holds
BESIDE_A_NUMBER = 6
ALONE = 8
LONGEST_NUMBER = LONGEST - BESIDE_A_NUMBER - 1


def reference_for(
    organization: Organization, books: Books, *, kind: str, record_id: UUID, revision: int = 1, number: str = ""
) -> str:
    """`1187-K7Q2M9`: the number people know, and a short hash. A long number is cut, the hash never.

    Without a number the hash is longer and stands behind the kind's first letter.
    """
    origin = (organization.pk, books.provider, books.remote_id, kind, record_id, revision)
    digest = hashlib.sha256("\n".join(map(str, origin)).encode()).digest()
    number = number.strip()
    if not number:
        return f"{kind[:1].upper()}-{in_base_32(digest, ALONE)}"
    return f"{number[:LONGEST_NUMBER]}-{in_base_32(digest, BESIDE_A_NUMBER)}"


# --- recognising ----------------------------------------------------------------

HASH = re.compile(rf"-[{ALPHABET}]{{{BESIDE_A_NUMBER}}}(?![\w-])")
# Numbers as this program gives them. Without a letter in the hash it is more likely a telephone number.
OWN_FORM = re.compile(rf"(?:SO-)?[0-9]{{1,9}}-(?=[0-9]*[A-Z])[{ALPHABET}]{{{BESIDE_A_NUMBER}}}")
WITHIN_A_WORD = re.compile(r"[\w-]")


def possible_references(texts: Iterable[str]) -> Iterator[str]:
    """Everything in the texts that may be the reference of a work order, whatever its number looks like.

    It ends in a hash and begins where a word does, so 1187-K7Q2M9 is not found in 21187-K7Q2M9.
    """
    for text in texts:
        for found in HASH.finditer(text):
            for start in range(max(0, found.end() - LONGEST), found.start()):
                begins = not text[start].isspace() and not (start and WITHIN_A_WORD.match(text[start - 1]))
                if begins:
                    yield text[start : found.end()]


def evident_references(texts: Iterable[str]) -> list[str]:
    """What surely is a reference of ours, although nothing here knows it: of our form, first or last in its text."""
    words = (word for text in texts if (parts := text.split()) for word in (parts[0], parts[-1]))
    return list(dict.fromkeys(word for word in words if OWN_FORM.fullmatch(word)))


def in_base_32(digest: bytes, length: int) -> str:
    """The first `length` digits of the digest, five bits each."""
    number = int.from_bytes(digest[:8], "big") >> (64 - 5 * length)
    return "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (length - 1), -1, -5))
