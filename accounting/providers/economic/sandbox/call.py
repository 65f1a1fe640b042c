"""One API request on its way to its handler, and what a handler gives back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qsl, quote, urlencode

import msgspec
from werkzeug import Request

from accounting.providers.economic.sandbox.books import Books
from accounting.providers.economic.sandbox.errors import Refusal
from accounting.providers.economic.sandbox.fields import DECODER, Json, read_body
from accounting.sandbox import Entry


@dataclass
class Call:
    """An authorised request to one agreement. `args` come from the path."""

    books: Books
    request: Request
    entry: Entry
    args: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def query(self) -> dict[str, str]:
        """Parameters by lower-case name."""
        return {name.lower(): value for name, value in self._pairs}

    @cached_property
    def raw_query(self) -> str:
        """What the links of an answer repeat of the question, besides the page."""
        kept = [(name, value) for name, value in self._pairs if name.lower() not in ("pagesize", "skippages")]
        return urlencode(kept, quote_via=quote, safe="$:")

    @cached_property
    def _pairs(self) -> list[tuple[str, str]]:
        return parse_qsl(self.request.query_string.decode(), keep_blank_values=True)

    def number(self, name: str = "number") -> int:
        """A number in the path."""
        return int(self.args[name])

    def json(self) -> Json:
        """The body, whatever it holds. Raises Refusal 415 or 400."""
        if self.request.mimetype != "application/json":
            raise Refusal(415, "EMU415", "The API only speaks JSON: send Content-Type application/json.")
        try:
            body = DECODER.decode(self.request.get_data())
        except msgspec.DecodeError as error:
            raise Refusal(400, "E04020", "The body is not JSON.", lines=[str(error)]) from None
        if not isinstance(body, dict):
            raise Refusal(400, "E04300", "Validation failed. 1 error found.", lines=["Expected Object."])
        return body

    def body(self, document: str) -> Json:
        """The body as the legacy host reads it: validated, without what is unknown or read-only. Raises Refusal."""
        return read_body(document, self.json())


@dataclass(frozen=True, slots=True)
class Result:
    """What a handler gives: a status, a body, and where the new record lies."""

    status: int
    content: bytes | Json | None = None
    location: str = ""
    content_type: str = "application/json"


def host_of(request: Request, area: str) -> str:
    """The address under which the client reached that host."""
    return f"{request.host_url.rstrip('/')}{request.script_root}/{area}"
