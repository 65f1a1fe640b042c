"""One API request on its way to its handler, and what a handler gives back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import msgspec
from werkzeug import Request, Response

from accounting.providers.visma_eaccounting.sandbox.books import Books
from accounting.providers.visma_eaccounting.sandbox.errors import FieldError, Refusal, invalid, refuse
from accounting.providers.visma_eaccounting.sandbox.identity import Grant
from accounting.providers.visma_eaccounting.sandbox.schema import DECODER, ENCODER, Json, read, schema, unknown_members
from accounting.sandbox import Entry

JSON = "application/json;charset=UTF-8"
DATE = re.compile(rb'"(\d{4}-\d\d-\d\d)"')


@dataclass(slots=True)
class Call:
    """An authorised request in its company's books. `args` come from the path, lower-case."""

    books: Books
    grant: Grant
    request: Request
    entry: Entry
    args: dict[str, str] = field(default_factory=dict)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean of the query string, in any case of name and value. Raises Refusal 6001."""
        query = {key.lower(): value for key, value in self.request.args.items()}
        value = query.get(name.lower(), str(default)).lower()
        if value not in ("true", "false"):
            raise refuse(6001, f"The value '{value}' is not valid for {name}.")
        return value == "true"

    def body(self, of: str, *, optional: bool = False) -> Json:
        """The request's body, validated as that schema and completed. Raises Refusal."""
        content = self.request.get_data()
        if not content and optional:
            return {}
        if self.request.mimetype != "application/json":
            raise Refusal(6001, f"The content type '{self.request.mimetype}' is not supported.", status=415)
        try:
            body = DECODER.decode(content)
        except msgspec.DecodeError as error:
            raise refuse(2000, f"The body is not JSON: {error}.") from None
        if not isinstance(body, dict):
            raise refuse(2000, "The body must be an object.")
        unknown = unknown_members(schema(of), body)
        self.entry.remarks += [f"unknown member {name}" for name in unknown]
        errors: list[FieldError] = []
        if self.books.service.unknown_members == "refuse":
            errors += [FieldError(name, "UnknownMember", f"There is no member {name}.") for name in unknown]
        values = read(schema(of), body, errors)
        if errors:
            raise invalid(errors)
        return values


@dataclass(frozen=True, slots=True)
class Result:
    """What a handler gives: a status and a body that is rendered, an object, or None for empty."""

    status: int
    content: bytes | Json | None = None


def respond(result: Result, books: Books) -> Response:
    """The answer to a request that was carried out, in the style that the switches ask for."""
    service = books.service
    content: Any = result.content
    if content is None or (service.empty_answers and result.status == 201):
        return Response(b"", status=result.status)
    body = content if isinstance(content, bytes) else ENCODER.encode(content)
    if service.nulls == "missing":
        body = ENCODER.encode(without_nulls(DECODER.decode(body)))
    if service.dates == "date-time":
        body = DATE.sub(rb'"\1T00:00:00"', body)
    return Response(body, status=result.status, content_type=JSON)


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: without_nulls(each) for name, each in value.items() if each is not None}
    return [without_nulls(each) for each in value] if isinstance(value, list) else value


def respond_refusal(refusal: Refusal, error_id: str) -> Response:
    """The answer to a request that was refused."""
    if refusal.bare:
        return Response(b"", status=refusal.status)
    body: Json = {"ErrorCode": refusal.code, "DeveloperErrorMessage": refusal.text, "ErrorId": error_id}
    if refusal.code != 4010:
        body["Errors"] = [error.on_the_wire() for error in refusal.errors] or None
    response = Response(ENCODER.encode(body), status=refusal.status, content_type=JSON)
    if refusal.retry_after:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response
