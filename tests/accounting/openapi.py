"""Compares what goes over the wire with a vendor's OpenAPI document.

    document = load("eaccounting.openapi.json")          # skips the test where the document is not there
    assert not document.body_errors("POST", "/customers", body)
    assert not document.answer_errors("GET", "/customers", 200, answer)

The documents lie beside the repository, not in it: `../shared/specs/`.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator, FormatChecker

SPECS = Path(__file__).resolve().parents[3] / "shared" / "specs"
JSON = "application/json"
MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)?)?")

formats = FormatChecker(formats=())


@formats.checks("uuid", raises=ValueError)
def is_uuid(value: object) -> bool:
    return not isinstance(value, str) or bool(UUID(value))


@formats.checks("date-time")
def is_moment(value: object) -> bool:
    """Vendors write a plain date where they say date-time."""
    return not isinstance(value, str) or MOMENT.fullmatch(value) is not None


@cache
def load(name: str) -> Document:
    """The OpenAPI document of that name; where it is not there the test is skipped, saying so."""
    path = SPECS / name
    if not path.exists():
        pytest.skip(f"{name} is not beside the repository (looked in {SPECS})")
    return Document(json.loads(path.read_text("utf-8")))


class Document:
    """An OpenAPI 3.0 document, read for validating."""

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content
        self.root = as_json_schema(content)
        self._paths = [(as_pattern(path), path, item) for path, item in content["paths"].items()]
        self._validators: dict[str, Draft202012Validator] = {}

    def operation(self, method: str, path: str) -> dict[str, Any]:
        """What the document says about a method on a path, matched without regard to case."""
        fitting = [(path_, item) for pattern, path_, item in self._paths if pattern.fullmatch(path)]
        for _, item in sorted(fitting, key=lambda pair: pair[0].count("{")):
            if method.lower() in item:
                found: dict[str, Any] = item[method.lower()]
                return found
        raise LookupError(f"the document has no {method} {path}")

    def body_errors(self, method: str, path: str, body: object, *, read_only: bool = False) -> list[str]:
        """What is wrong with a request's body; members that the vendor calls read-only too, unless allowed."""
        described = self.operation(method, path).get("requestBody")
        if described is None:
            return [] if body is None else [f"{method} {path} takes no body"]
        reference = described["content"][JSON]["schema"]
        errors = self.errors(reference, body)
        return errors if read_only else errors + self.read_only_members(reference, body)

    def answer_errors(self, method: str, path: str, status: int, body: object) -> list[str]:
        """What is wrong with an answer: an undocumented status, or a body that is not as described."""
        responses = self.operation(method, path)["responses"]
        described = responses.get(str(status))
        if described is None:
            return [f"{method} {path} is not described to answer {status}, but {', '.join(responses)}"]
        if "$ref" in described:
            described = self.content["components"]["responses"][described["$ref"].rpartition("/")[2]]
        schema = described.get("content", {}).get(JSON, {}).get("schema")
        if schema is None:
            return [] if body in (None, "") else [f"{method} {path} is described to answer {status} without a body"]
        return self.errors(schema, body)

    def errors(self, schema: dict[str, Any], value: object) -> list[str]:
        """What is wrong with a value of that schema, each with its place."""
        key = json.dumps(schema, sort_keys=True)
        if key not in self._validators:
            whole = {**self.root, **as_json_schema(schema)}
            self._validators[key] = Draft202012Validator(whole, format_checker=formats)
        found = self._validators[key].iter_errors(value)
        return [f"{'.'.join(map(str, error.absolute_path)) or '(top)'}: {error.message}" for error in found]

    def read_only_members(self, schema: dict[str, Any], value: object, where: str = "") -> list[str]:
        """Members in the value that only the service may write."""
        if "$ref" in schema:
            schema = self.content["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        if isinstance(value, list):
            items = schema.get("items", {})
            return [error for each in value for error in self.read_only_members(items, each, f"{where}[]")]
        if not isinstance(value, dict):
            return []
        errors = []
        for name, member in value.items():
            described = schema.get("properties", {}).get(name, {})
            if described.get("readOnly"):
                errors.append(f"{where}.{name}: is read-only".lstrip("."))
            errors += self.read_only_members(described, member, f"{where}.{name}")
        return errors


def as_pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{.*?\\}", "[^/]+", re.escape(path)), re.IGNORECASE)


def as_json_schema(value: Any) -> Any:
    """OpenAPI 3.0's own words in those of JSON Schema: `nullable` is a type, `readOnly` says nothing about a value.

    Vendors write "one of" where their alternatives require nothing, so that all of them fit.
    """
    if isinstance(value, list):
        return [as_json_schema(each) for each in value]
    if not isinstance(value, dict):
        return value
    schema = {name: as_json_schema(each) for name, each in value.items() if name not in ("nullable", "example")}
    if value.get("nullable") is True and isinstance(value.get("type"), str):
        schema["type"] = [value["type"], "null"]
        if "enum" in value and None not in value["enum"]:
            schema["enum"] = [*value["enum"], None]
    if isinstance(value.get("oneOf"), list):
        schema["anyOf"] = schema.pop("oneOf")
    return schema
