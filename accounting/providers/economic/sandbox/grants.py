"""Which token lets which app into which agreement."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from threading import Lock

DEMO = "demo"


@dataclass(frozen=True, slots=True)
class App:
    """Our app as it is registered with the vendor. Its developer agreement holds no accounting."""

    public_token: str
    secret_token: str
    name: str = "Fieldledger"


@dataclass(slots=True)
class Grant:
    """What one person allowed the app in one agreement. It does not expire."""

    token: str
    user: str
    agreement: int
    revoked: bool = False


class Grants:
    """Every token that was given out."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._by_token: dict[str, Grant] = {}

    def give(self, *, user: str, agreement: int) -> Grant:
        """A new token; those given before go on working."""
        grant = Grant(secrets.token_urlsafe(32), user, agreement)
        with self._lock:
            self._by_token[grant.token] = grant
        return grant

    def find(self, token: str) -> Grant | None:
        grant = self._by_token.get(token)
        return None if grant is None or grant.revoked else grant

    def revoke_all(self, *, agreement: int = 0) -> int:
        """Nobody's token (or none of that agreement) works any more; gives their number."""
        with self._lock:
            hit = [each for each in self._by_token.values() if not each.revoked and agreement in (0, each.agreement)]
            for each in hit:
                each.revoked = True
        return len(hit)
