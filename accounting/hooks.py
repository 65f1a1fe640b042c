"""How an accounting system calls us when something has changed, as data.

A call is a hint and nothing else: that we had better read soon. Nothing that stands in it is written anywhere, so
what is forged, repeated or garbled costs one read at most.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from accounting.types import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivery:
    """One call as it came: headers by their names in lower case, and the bytes of the body."""

    headers: Mapping[str, str]
    body: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Hint:
    """What a call seems to say. `event` is its name, for people; `event_id` tells a repetition from another call.

    `records` are the kinds that may have changed. Nothing means that the call does not tell, and any may have.
    """

    event: str = ""
    event_id: str = ""
    records: frozenset[type[Record]] = frozenset()


class Encoding(StrEnum):
    HEX = "hex"
    BASE64 = "base64"


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """HMAC-SHA256 of the body in a header. `secret_variable` holds the key, or several while one replaces another,
    separated by spaces."""

    header: str
    secret_variable: str
    encoding: Encoding = Encoding.BASE64

    def fits(self, delivery: Delivery, secrets: str) -> bool:
        """Whether one of the keys made it. Without a key none fits."""
        given = delivery.headers.get(self.header.lower(), "").encode()
        return any([hmac.compare_digest(self.made_with(key, delivery.body), given) for key in secrets.split()])

    def made_with(self, key: str, body: bytes) -> bytes:
        digest = hmac.new(key.encode(), body, hashlib.sha256).digest()
        return digest.hex().encode() if self.encoding is Encoding.HEX else base64.b64encode(digest)


@dataclass(frozen=True, kw_only=True, slots=True)
class Webhook:
    """How calls are recognised and understood.

    `signature` where they are signed. `secret_header` where they are not, but carry what we ask for when we register
    the address ourselves. `hint` reads a call and never raises, whatever stands in it. `steps` tell a person how to
    register the address by hand.
    """

    hint: Callable[[Delivery], Hint]
    signature: Signature | None = None
    secret_header: str = ""
    steps: Sequence[str] = ()
