"""Our own reference of a write: printed for people, searched for by us, the same whenever it is computed.

It depends on who we are, which books, which record and which revision, and on nothing that a restore, a new
login or a re-created operation could change.
"""

from __future__ import annotations

import hashlib
from uuid import UUID

from accounting.models import Books
from fieldwork.models import Organization

# Crockford's base 32: no I, L, O or U, so that it survives being read out on the phone.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LONGEST = 35  # what the narrowest field for it in an accounting system holds
BESIDE_A_NUMBER = 6
ALONE = 8


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
    return f"{number[: LONGEST - BESIDE_A_NUMBER - 1]}-{in_base_32(digest, BESIDE_A_NUMBER)}"


def in_base_32(digest: bytes, length: int) -> str:
    """The first `length` digits of the digest, five bits each."""
    number = int.from_bytes(digest[:8], "big") >> (64 - 5 * length)
    return "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (length - 1), -1, -5))
