"""The members of every document on the legacy host: what a body may hold, and what a list can be asked for.

fields.csv is the vendor's JSON schemas as a table: `<document> post`, `<document> put` (R required, ro read-only; min
and max are lengths, ge and le values, dec decimals) and `<list> list` (F filterable, S sortable).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec

from accounting.providers.economic.sandbox.errors import Complaint, Place, invalid

Json = dict[str, Any]
ENCODER = msgspec.json.Encoder(decimal_format="number")
DECODER: msgspec.json.Decoder[Any] = msgspec.json.Decoder(float_hook=Decimal)
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, Decimal),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
    "enum": (str,),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One member of a body. `inner` are the members of an object or of an array's elements."""

    name: str
    type: str
    required: bool
    read_only: bool
    limits: dict[str, str]
    inner: dict[str, Field] = field(default_factory=dict)


@cache
def rows() -> list[dict[str, str]]:
    text = (files(__package__) / "fields.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def body_of(document: str) -> dict[str, Field]:
    """The members that `<document> post` or `<document> put` may have."""
    top: dict[str, Field] = {}
    for row in rows():
        if row["document"] != document:
            continue
        *parents, name = row["path"].replace("[]", "").split(".")
        level = top
        for parent in parents:
            level = level[parent].inner
        limits = dict(part.split("=", 1) for part in row["limits"].split())
        level[name] = Field(name, row["type"], row["need"] == "R", row["need"] == "ro", limits)
    return top


@cache
def queryable(table: str, how: str) -> dict[str, str]:
    """Members of a list that can be filtered by (`F`) or sorted by (`S`), with their types."""
    return {row["path"]: row["type"] for row in rows() if row["document"] == f"{table} list" and how in row["query"]}


def read_body(document: str, body: object) -> Json:
    """The body without what is unknown or read-only. Raises Refusal E04300 with every complaint."""
    complaints: list[Complaint] = []
    if not isinstance(body, dict):
        raise invalid([Complaint(("body",), "E04300", "Expected Object.")])
    values = read_object(body_of(document), body, (), complaints)
    if complaints:
        raise invalid(complaints)
    return values


def read_object(members: dict[str, Field], body: Json, place: Place, complaints: list[Complaint]) -> Json:
    values: Json = {}
    for name, member in members.items():
        here = (*place, name)
        if name not in body:
            if member.required:
                complaints.append(Complaint(here, "E04042", f"{name} is missing a value."))
            continue
        if not member.read_only:
            values[name] = read_value(member, body[name], here, complaints)
    if isinstance(body.get("self"), str):
        values["self"] = body["self"]
    return values


def read_value(member: Field, value: Any, place: Place, complaints: list[Complaint]) -> Any:
    if member.type not in TYPES:
        return value
    if not fits(member, value):
        message = f"Expected {member.type.capitalize()} but got {name_of(value)}."
        complaints.append(Complaint(place, "E04300", message, value))
        return None
    if member.type == "object":
        return read_object(member.inner, value, place, complaints)
    if member.type == "array":
        if not member.inner:
            return value
        return [
            read_object(member.inner, each, (*place, number), complaints) if isinstance(each, dict) else None
            for number, each in enumerate(value)
        ]
    complaints += check_limits(member, value, place)
    return value


def fits(member: Field, value: object) -> bool:
    """Whether the value is of the member's type; a boolean is no number."""
    return isinstance(value, TYPES[member.type]) and (member.type == "boolean" or not isinstance(value, bool))


def name_of(value: object) -> str:
    return {type(None): "Null", str: "String", bool: "Boolean", int: "Integer", Decimal: "Number"}.get(
        type(value), type(value).__name__.capitalize()
    )


def check_limits(member: Field, value: Any, place: Place) -> list[Complaint]:
    if isinstance(value, bool):
        return []
    found = text_limits(member, value) if isinstance(value, str) else number_limits(member, value)
    return [Complaint(place, code, message, value) for code, message in found]


def text_limits(member: Field, value: str) -> Iterator[tuple[str, str]]:
    limits, length = member.limits, len(value)
    if length > int(limits.get("max", length)):
        yield "E04310", f"String '{value[:40]}' exceeds maximum length of {limits['max']}."
    if length < int(limits.get("min", 0)):
        yield "E04311", f"String '{value}' is less than minimum length of {limits['min']}."
    if "in" in limits and value not in limits["in"].split("|"):
        yield "E04312", f"Value '{value}' is not defined in enum."


def number_limits(member: Field, value: Any) -> Iterator[tuple[str, str]]:
    limits = member.limits
    if value < Decimal(limits.get("ge", "-Infinity")):
        yield "E04313", f"{name_of(value)} {value} is less than minimum value of {limits['ge']}."
    if value > Decimal(limits.get("le", "Infinity")):
        yield "E04314", f"{name_of(value)} {value} exceeds maximum value of {limits['le']}."
    if "dec" in limits and decimals(value) > int(limits["dec"]):
        yield "E04740", f"{member.name} has a scale greater than {words(limits['dec'])} decimals."


def decimals(value: Any) -> int:
    return max(0, -int(Decimal(value).normalize().as_tuple().exponent))


def words(number: str) -> str:
    return {"2": "two", "6": "six"}.get(number, number)
