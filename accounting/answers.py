"""What an answer of the books means: JSON into types, and one table from status to error.

The table has two columns, because the same answer means different things: a read
that failed changed nothing, a write that failed may have been carried out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import parsedate_to_datetime
from enum import StrEnum
from functools import cache
from typing import Any, Generic, TypeVar

import msgspec

from accounting.errors import (
    AccountingError,
    Conflict,
    NotAllowed,
    NotFound,
    ReconnectNeeded,
    Refused,
    TryLater,
    Unclear,
    UnexpectedAnswer,
)
from accounting.types import gettext_noop

T = TypeVar("T")

SHORTEST_WAIT = timedelta(seconds=1)
LONGEST_WAIT = timedelta(hours=1)
WAIT_WITHOUT_HINT = timedelta(minutes=1)
# More seconds than anybody waits are a moment.
FIRST_EPOCH_S = 10**9


@dataclass(frozen=True, kw_only=True)
class Answer(Generic[T]):
    """A success. `server_time` is the server's clock when it answered, where it said so."""

    value: T
    status: int
    headers: Mapping[str, str]

    @property
    def server_time(self) -> datetime | None:
        return http_date(self.headers.get("Date", ""))


# --- errors ------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorDetail:
    """What a provider reads from a body of its own error shape.

    `error` overrules the table for 4xx answers; `after` is a wait named in the text.
    """

    sentence: str = ""
    field: str = ""
    code: str = ""
    error_id: str = ""
    error: type[AccountingError] | None = None
    after: timedelta | None = None


ReadError = Callable[[int, bytes], ErrorDetail | None]
"""Status and body to detail; None when the body has not the provider's shape."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a status means after a read, and after a write."""

    read: type[AccountingError]
    write: type[AccountingError]


def both(error: type[AccountingError]) -> Cell:
    return Cell(error, error)


AGAINST_DOCUMENTATION = Cell(UnexpectedAnswer, Unclear)
TEMPORARY = Cell(TryLater, Unclear)

STATUS_TABLE: Mapping[int, Cell] = {
    401: both(ReconnectNeeded),
    403: both(NotAllowed),
    404: both(NotFound),
    408: TEMPORARY,
    409: both(Conflict),
    412: both(Conflict),
    429: both(TryLater),
}
CLASS_TABLE: Mapping[int, Cell] = {4: both(Refused), 5: TEMPORARY}
# A gateway may send these without the provider's body, and still means just that.
PLAIN_WITHOUT_BODY = frozenset({401, 408, 429})

SENTENCES: Mapping[type[AccountingError], str] = {
    TryLater: gettext_noop("The accounting system cannot answer right now."),
    Unclear: gettext_noop("The accounting system did not confirm what became of it."),
    ReconnectNeeded: gettext_noop("The accounting system no longer accepts the login. Sign in again."),
    NotAllowed: gettext_noop("The accounting system does not allow this."),
    NotFound: gettext_noop("This is not in the accounting system any more."),
    Refused: gettext_noop("The accounting system refused this without a reason."),
    Conflict: gettext_noop("This was changed in the accounting system meanwhile."),
    UnexpectedAnswer: gettext_noop("The accounting system gave an answer that we do not understand."),
}


def meaning(status: int, *, shaped: bool, table: Mapping[int, Cell]) -> Cell:
    """The cell of a status that is not a success; `shaped` when the body has the provider's shape."""
    if status // 100 == 4 and not shaped and status not in PLAIN_WITHOUT_BODY:
        return AGAINST_DOCUMENTATION
    return {**STATUS_TABLE, **table}.get(status) or CLASS_TABLE.get(status // 100, AGAINST_DOCUMENTATION)


def error_of(
    status: int,
    body: bytes,
    headers: Mapping[str, str],
    *,
    is_write: bool,
    read_error: ReadError,
    table: Mapping[int, Cell],
) -> AccountingError:
    """The error that an answer other than a success stands for."""
    detail = read_error(status, body)
    cell = meaning(status, shaped=detail is not None, table=table)
    kind = cell.write if is_write else cell.read
    if detail and detail.error and status // 100 == 4:
        kind = detail.error
    return make_error(kind, status, detail or ErrorDetail(), wait_of(status, headers, detail))


def make_error(
    kind: type[AccountingError], status: int | None, detail: ErrorDetail, after: timedelta | None = None
) -> AccountingError:
    sentence = detail.sentence or SENTENCES[kind]
    if issubclass(kind, TryLater):
        return kind(sentence, after=after, status=status, error_id=detail.error_id)
    if issubclass(kind, Refused):
        return kind(sentence, field=detail.field, code=detail.code, status=status, error_id=detail.error_id)
    return kind(sentence, status=status, error_id=detail.error_id)


def wait_of(status: int, headers: Mapping[str, str], detail: ErrorDetail | None) -> timedelta | None:
    """How long the books want to be left alone: from the header, else from their text, else a minute after 429."""
    said = retry_after(headers)
    if said is None and status == 429:
        said = reset_after(headers)
    if said is None and detail:
        said = detail.after
    if said is None:
        return WAIT_WITHOUT_HINT if status == 429 else None
    return min(max(said, SHORTEST_WAIT), LONGEST_WAIT)


def retry_after(headers: Mapping[str, str]) -> timedelta | None:
    """The header of that name: seconds, or a date, which is counted from the server's own clock."""
    said = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,7}", said):
        return timedelta(seconds=int(said))
    until = http_date(said)
    if until is None:
        return None
    return until - (http_date(headers.get("Date", "")) or datetime.now(UTC))


def reset_after(headers: Mapping[str, str]) -> timedelta | None:
    """When the limit of requests starts anew: `X-RateLimit-Reset` in seconds from now, or as a moment of the epoch."""
    said = headers.get("X-RateLimit-Reset", "").strip()
    if not re.fullmatch(r"\d{1,11}", said):
        return None
    seconds = int(said)
    if seconds < FIRST_EPOCH_S:
        return timedelta(seconds=seconds)
    now = http_date(headers.get("Date", "")) or datetime.now(UTC)
    return timedelta(seconds=seconds) - timedelta(seconds=now.timestamp())


def http_date(text: str) -> datetime | None:
    """An aware moment from a header, or None."""
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


# --- no answer ---------------------------------------------------------------


class Breakdown(StrEnum):
    """Why no whole answer came."""

    NOT_SENT = "not sent"
    SLOW = "slow"
    RESET = "reset"
    TOO_LARGE = "too large"
    GARBLED = "garbled"


BREAKDOWN_TABLE: Mapping[Breakdown, Cell] = {
    Breakdown.NOT_SENT: both(TryLater),
    Breakdown.SLOW: TEMPORARY,
    Breakdown.RESET: TEMPORARY,
    Breakdown.TOO_LARGE: AGAINST_DOCUMENTATION,
    Breakdown.GARBLED: AGAINST_DOCUMENTATION,
}
BREAKDOWN_SENTENCES: Mapping[Breakdown, str] = {
    Breakdown.NOT_SENT: gettext_noop("The accounting system cannot be reached."),
    Breakdown.SLOW: gettext_noop("The accounting system did not answer in time."),
    Breakdown.RESET: gettext_noop("The connection to the accounting system broke."),
    Breakdown.TOO_LARGE: gettext_noop("The accounting system sent more than we accept."),
    Breakdown.GARBLED: gettext_noop("The accounting system sent something unreadable."),
}


def breakdown_error(breakdown: Breakdown, *, is_write: bool) -> AccountingError:
    cell = BREAKDOWN_TABLE[breakdown]
    return make_error(cell.write if is_write else cell.read, None, ErrorDetail(sentence=BREAKDOWN_SENTENCES[breakdown]))


# --- JSON --------------------------------------------------------------------


class Malformed(ValueError):
    """Not JSON at all: half a document, HTML, nothing."""


class Misshapen(ValueError):
    """JSON, but not what the documentation says. The text names the place and never the content."""


def decode(body: bytes, into: type[T]) -> T:
    """The body as `into`, every number with a fraction a Decimal. `bytes` gives the body as it came.

    Raises Malformed or Misshapen.
    """
    if into is bytes:
        return body  # type: ignore[return-value]
    try:
        return _decode(body, into)
    except Malformed:
        if b"\\ud" not in body.lower():
            raise
    return _decode(mended(body), into)


def _decode(body: bytes, into: type[T]) -> T:
    try:
        value: T = _decoder(into).decode(body)  # type: ignore[arg-type]  # a type can be a cache's key
    except (msgspec.ValidationError, RecursionError, ArithmeticError) as error:
        raise Misshapen(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Malformed from None
    return value


@cache
def _decoder(into: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(into, float_hook=Decimal)


def mended(body: bytes) -> bytes:
    """The JSON with every half of a surrogate pair replaced, so that one cut emoji does not lose the page."""
    return _ESCAPES.sub(lambda match: b"\\ufffd" if match["lone"] else match[0], body)


_ESCAPES = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\."
)

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def encode(value: object) -> bytes:
    """JSON, with Decimal as numbers."""
    return _ENCODER.encode(value)
