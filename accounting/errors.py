"""What went wrong with the books, named by what the caller does next.

Nothing outside `accounting` sees a status code, a body or an exception of the
HTTP library. Every error carries the evidence a person needs to talk to the
vendor (`status`, `error_id`) and never a token or a payload.
"""

from __future__ import annotations

from datetime import timedelta


class AccountingError(Exception):
    """Base of everything the books can do to us. `sentence` is for an administrator."""

    def __init__(self, sentence: str = "", *, status: int | None = None, error_id: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status
        self.error_id = error_id

    def __str__(self) -> str:
        evidence = [f"HTTP {self.status}"] if self.status else []
        if self.error_id:
            evidence.append(f"error id {self.error_id}")
        return f"{self.sentence} ({', '.join(evidence)})" if evidence else self.sentence


class TryLater(AccountingError):
    """Not carried out, for certain. With `after` the whole connection waits that long."""

    def __init__(
        self,
        sentence: str = "",
        *,
        after: timedelta | None = None,
        status: int | None = None,
        error_id: str = "",
    ) -> None:
        super().__init__(sentence, status=status, error_id=error_id)
        self.after = after


class Unclear(AccountingError):
    """A write whose outcome is unknown. Look in the books before sending it again."""


class ReconnectNeeded(AccountingError):
    """The login was refused or revoked. Only a person can sign in again."""


class NotAllowed(AccountingError):
    """Licence, module, permission, company or period forbids it: one case for the connection."""


class Refused(AccountingError):
    """Understood and said no, with the books' own sentence."""

    def __init__(
        self,
        sentence: str = "",
        *,
        field: str = "",
        code: str = "",
        status: int | None = None,
        error_id: str = "",
    ) -> None:
        super().__init__(sentence, status=status, error_id=error_id)
        self.field = field
        self.code = code


class NotFound(Refused):
    """The record asked for is not in these books (any more)."""


class Conflict(AccountingError):
    """The record changed over there meanwhile: read again and decide."""


class UnexpectedAnswer(AccountingError):
    """An answer against the vendor's own documentation: HTML, half a document, a loop."""
