"""The members of every object on the wire, and what the service makes of a body that it is sent.

fields.csv is the vendor's description as a table: one line per member with type, limit (greatest length,
`low..high` or `a|b|c`) and whether it is required, nullable or read-only.

A body is read as a *full replace*: what is left out becomes null or the type's default, what is read-only is
ignored. Rules that concern more than one member are in the resource's own module.
"""

from __future__ import annotations

import base64
import binascii
import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

import msgspec

from accounting.providers.visma_eaccounting.sandbox.errors import FieldError, bad_date

Json = dict[str, Any]
ENCODER = msgspec.json.Encoder(decimal_format="number")
DECODER: msgspec.json.Decoder[Any] = msgspec.json.Decoder(float_hook=Decimal)
DEFAULTS: dict[str, Any] = {"flag": False, "integer": 0, "decimal": Decimal(0), "text": ""}
PLAIN = {"uuid", "text", "date", "moment", "integer", "decimal", "flag", "base64"}


@dataclass(frozen=True, slots=True)
class Field:
    """One member. `type` is one of PLAIN or the name of another schema."""

    name: str
    type: str
    many: bool
    limit: str
    required: bool
    nullable: bool
    read_only: bool

    @property
    def default(self) -> Any:
        """What a missing member becomes; None also stands for "left out" where null is not allowed."""
        if self.nullable or self.many:
            return None
        if self.limit and self.type == "integer" and "0" not in self.limit.replace("..", "|").split("|"):
            return None
        return DEFAULTS.get(self.type)


@dataclass(frozen=True, slots=True)
class Schema:
    name: str
    fields: dict[str, Field]


def schema(name: str) -> Schema:
    """The schema of that name. Raises KeyError for one that the stand-in does not serve."""
    return _schemas()[name]


@cache
def _schemas() -> dict[str, Schema]:
    table = (files(__package__) / "fields.csv").read_text("utf-8")
    found: dict[str, Schema] = {}
    for row in csv.DictReader(table.splitlines()):
        field = Field(
            name=row["field"],
            type=row["type"].removesuffix("[]"),
            many=row["type"].endswith("[]"),
            limit=row["limit"],
            required=bool(row["required"]),
            nullable=bool(row["nullable"]),
            read_only=bool(row["read_only"]),
        )
        found.setdefault(row["schema"], Schema(row["schema"], {})).fields[field.name] = field
    return found


def complete(of: Schema, values: Json) -> Json:
    """Every member in the vendor's order, as it goes over the wire."""
    record: Json = {}
    for field in of.fields.values():
        value = values.get(field.name)
        if value is None:
            value = [] if field.many and not field.nullable else field.default
            if value is None and not field.nullable:
                continue
        elif field.type not in PLAIN:
            nested = schema(field.type)
            value = [complete(nested, each) for each in value] if field.many else complete(nested, value)
        record[field.name] = value
    return record


def read(of: Schema, body: Json, errors: list[FieldError], *, where: str = "") -> Json:
    """The writable members of `body` as a full replace; what is wrong with them goes into `errors`."""
    values: Json = {}
    for field in of.fields.values():
        if field.read_only:
            continue
        value = body.get(field.name)
        if value is None or (field.required and isinstance(value, str) and not value.strip()):
            if field.required:
                errors.append(FieldError(where + field.name, "FieldIsRequired", f"The {field.name} field is required."))
            values[field.name] = field.default
            continue
        values[field.name] = _read_member(field, value, errors, where + field.name)
    return values


def unknown_members(of: Schema, body: Json) -> list[str]:
    """Names in the body that the schema does not have, with the path to them."""
    found = [name for name in body if name not in of.fields]
    for field in of.fields.values():
        value = body.get(field.name)
        if field.type in PLAIN or not value:
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, dict):
                found += [f"{field.name}.{name}" for name in unknown_members(schema(field.type), each)]
    return found


def _read_member(field: Field, value: Any, errors: list[FieldError], where: str) -> Any:
    if not field.many:
        return _read_one(field, value, errors, where)
    if not isinstance(value, list):
        errors.append(FieldError(where, "InvalidValue", f"{where} must be an array."))
        return None
    return [_read_one(field, each, errors, f"{where}[{index}]") for index, each in enumerate(value)]


def _read_one(field: Field, value: Any, errors: list[FieldError], where: str) -> Any:
    if field.type in PLAIN:
        try:
            value = READERS[field.type](value)
        except (ValueError, TypeError, binascii.Error):
            errors.append(FieldError(where, "InvalidValue", f"The value is not valid for {where} ({field.type})."))
            return None
        if field.limit and (complaint := _beyond(field, value)):
            errors.append(FieldError(where, "OutOfRange", f"The field {where} must be {complaint}."))
        return value
    if not isinstance(value, dict):
        errors.append(FieldError(where, "InvalidValue", f"{where} must be an object."))
        return None
    return read(schema(field.type), value, errors, where=f"{where}.")


def _beyond(field: Field, value: Any) -> str:
    """What the value should have been, or nothing when it is within the limit."""
    if field.type == "text":
        return f"a string with a maximum length of {field.limit}" if len(value) > int(field.limit) else ""
    if "|" in field.limit:
        return "" if str(value) in field.limit.split("|") else f"one of {field.limit.replace('|', ', ')}"
    low, high = field.limit.split("..")
    return "" if Decimal(low) <= value <= Decimal(high) else f"between {low} and {high}"


def _uuid(value: Any) -> str:
    return str(UUID(_text(value)))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value != int(value):
        raise TypeError(value)
    return int(value)


def _decimal(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError(value)
    return Decimal(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError(value)
    return value


def _date(value: Any) -> str:
    """The calendar day of a date or date-time, as the service stores it."""
    text = _text(value)
    try:
        return (
            date.fromisoformat(text).isoformat() if len(text) == 10 else datetime.fromisoformat(text).date().isoformat()
        )
    except ValueError:
        raise bad_date(text) from None


def _base64(value: Any) -> str:
    base64.b64decode(_text(value), validate=True)
    return str(value)


READERS = {
    "uuid": _uuid,
    "text": _text,
    "date": _date,
    "moment": _date,
    "integer": _integer,
    "decimal": _decimal,
    "flag": _flag,
    "base64": _base64,
}


def more_decimals(value: Decimal, places: int) -> bool:
    """Whether the number has more decimals than it may."""
    return value != round(value, places)


def names(of: Schema, types: Iterable[str]) -> list[str]:
    """The members of those types."""
    return [field.name for field in of.fields.values() if field.type in types and not field.many]
