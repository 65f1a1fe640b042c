"""One API request on its way to its handler, and what a handler gives back."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug import Request, Response

from accounting.providers.visma_net.sandbox.books import Books
from accounting.providers.visma_net.sandbox.errors import JSON
from accounting.providers.visma_net.sandbox.identity import Grant
from accounting.providers.visma_net.sandbox.values import ENCODER, Json, read_json, unwrapped
from accounting.sandbox import Entry


@dataclass(slots=True)
class Call:
    """An authorised request in its company's books. `args` come from the path."""

    books: Books
    grant: Grant
    request: Request
    entry: Entry
    base: str
    args: Mapping[str, str] = field(default_factory=dict)

    def query(self, name: str) -> str:
        """A parameter of the query, whatever the case of its name."""
        wanted = name.lower()
        return next((value for key, value in self.request.args.items() if key.lower() == wanted), "")

    def key(self, name: str) -> str:
        """An id from the path; one with reserved characters comes as `b64(...)`."""
        value = self.args[name]
        if value.startswith("b64(") and value.endswith(")"):
            coded = value[4:-1]
            return base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode()
        return value

    def values(self) -> Json:
        """The body of an ERP request, out of its wrappers. Raises Refusal."""
        return unwrapped(self.json())

    def json(self) -> Json:
        """The body as it came. Raises Refusal."""
        return read_json(self.request.get_data())


@dataclass(frozen=True, slots=True)
class Result:
    """What a handler gives: a status, a body (bytes as they are) and headers."""

    status: int
    content: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


def respond(result: Result) -> Response:
    body = result.content if isinstance(result.content, bytes) else ENCODER.encode(result.content)
    if result.content is None:
        return Response(b"", status=result.status, headers=dict(result.headers))
    return Response(body, status=result.status, headers=dict(result.headers), content_type=JSON)


def etag_fits(call: Call, version: str) -> bool | None:
    """Whether the request's If-Match names that version, with quotes or without; None when it has none."""
    said = call.request.headers.get("If-Match", "").strip()
    return said.strip('"') == version if said else None
