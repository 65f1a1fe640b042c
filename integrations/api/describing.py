"""The document that describes the API (OpenAPI), with what is the same at every address."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from fieldwork.api.problems import CONTENT_TYPE, KINDS

PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457. `type` ends in the stable word of the problem; `errors` name places in the request.",
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "enum": [f"urn:fieldledger:problem:{kind}" for kind in KINDS]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail", "code"],
                "properties": {name: {"type": "string"} for name in ("pointer", "detail", "code")},
            },
        },
    },
}
IDEMPOTENCY_KEY: dict[str, Any] = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "A name for this request. The same one again within 24 hours gets the first answer again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
EVERYWHERE = (401, 405, 429)
WHEN_WRITING = (400, 403, 409, 413)


class DescribedAPI(NinjaAPI):
    """With short names for the operations, and the problems that any of them may answer with."""

    def get_openapi_operation_id(self, operation: Any) -> str:
        name: str = operation.view_func.__name__
        return name

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(**where)
        document["components"]["schemas"]["Problem"] = PROBLEM
        for name, schema in document["components"]["schemas"].items():
            if name.endswith("In"):
                forget_defaults(schema)
        for methods in document["paths"].values():
            for method, operation in methods.items():
                describe(method, operation)
        return document


def forget_defaults(schema: dict[str, Any]) -> None:
    """What is left out of a change stays as it is, whatever a new record would have."""
    for each in schema["properties"].values():
        each.pop("default", None)


def describe(method: str, operation: dict[str, Any]) -> None:
    statuses = [*EVERYWHERE, *(WHEN_WRITING if method != "get" else ())]
    places = {each["in"] for each in operation["parameters"]}
    statuses += [404] if "path" in places else []
    statuses += [422] if "query" in places or "path" in places or "requestBody" in operation or method == "post" else []
    for status in sorted(statuses):
        operation["responses"].setdefault(
            status,
            {
                "description": HTTPStatus(status).phrase,
                "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        )
    if method == "post":
        operation["parameters"] = [*operation["parameters"], IDEMPOTENCY_KEY]
