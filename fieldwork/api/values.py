"""What stands in requests and answers: amounts as text, one page of a list, and who a list is about."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from ninja import Field, Schema
from ninja.orm import register_field
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict, WithJsonSchema

AMOUNT = r"^-?\d{1,14}(\.\d{1,6})?$"
PAGE, LARGEST_PAGE = 100, 200

T = TypeVar("T")


def from_text(value: Any) -> Any:
    """An amount as text. A number of JSON would pass through a float on one side or the other."""
    if isinstance(value, Decimal):
        return value  # of a record, in an answer
    if not isinstance(value, str) or not re.fullmatch(AMOUNT, value):
        raise ValueError('Write it as text with a decimal point, like "10.50".')
    return Decimal(value)


def without_nul(value: str) -> str:
    if "\x00" in value:
        raise ValueError("A text cannot hold the character NUL.")
    return value


DecimalText = Annotated[
    Decimal,
    BeforeValidator(from_text),
    WithJsonSchema({"type": "string", "pattern": AMOUNT, "examples": ["10.50"]}),
]
Text = Annotated[str, AfterValidator(without_nul)]
# Every amount of a model, wherever a schema is made of one.
register_field("DecimalField", DecimalText)


class Given(Schema):
    """A body of a request: a name that nobody knows is an error, not silence."""

    model_config = ConfigDict(extra="forbid")


# For schemas that are made of a model and cannot inherit from the one above.
STRICT = ConfigDict(extra="forbid")


class PageParams(Schema):
    """Where a page of a list begins, and how long it is."""

    limit: int = Field(default=PAGE, ge=1, le=LARGEST_PAGE, description="How many records at the most.")
    after: UUID | None = Field(default=None, description="The last id of the former page; `next` has it.")


class NamedParams(PageParams):
    """For records that a program may know by an id of its own."""

    external_id: Text = Field(default="", max_length=100, description="Only the record that you know by this id.")


class RecordParams(NamedParams):
    """What a list can be narrowed to."""

    q: Text = Field(default="", max_length=200, description="Every word stands somewhere in the record.")
    number: Text = Field(default="", max_length=50, description="Only the record with this number.")
    changed_since: AwareDatetime | None = Field(
        None, description="Only what was changed at or after this moment, with its zone: 2026-11-20T08:00:00Z."
    )


class Page(Schema, Generic[T]):
    """One page of a list, in an order that does not change. `next` is the address of the next one, or null."""

    items: list[T]
    next: str | None


def needs(*names: str) -> dict[str, Any]:
    """For the document: what a new record must have, while a change may leave it out. The forms hold it."""
    return {"requestBody": {"content": {"application/json": {"schema": {"required": list(names)}}}}}
