"""Many rows into one table in one statement: the only place with SQL of our own.

Rows are plain tuples of Python values and never become model objects, which on a first import would be the
greatest part of the work. PostgreSQL gets them as one JSON parameter or as a stream, SQLite by `executemany`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import Field, Model
from django.utils import timezone

Row = Sequence[Any]


@dataclass(frozen=True, kw_only=True, eq=False)
class Target:
    """A table that is written in bulk, and what a row of it consists of.

    A row holds the primary key, then the `parent` when there is one, then `columns`. A row that meets an
    existing one (by `conflict`, with `where` as the condition of a partial index) changes just `owned`.
    `fixed` holds the columns that are the same in every row there will ever be.
    """

    model: type[Model]
    columns: tuple[str, ...]
    owned: frozenset[str]
    parent: str = ""
    fixed: tuple[tuple[str, Any], ...] = ()
    conflict: str = "id"
    where: str = ""

    @cached_property
    def row_columns(self) -> tuple[str, ...]:
        return ("id", *((self.parent,) if self.parent else ()), *self.columns)

    @cached_property
    def label(self) -> str:
        return str(self.model._meta.label)

    def has(self, name: str) -> bool:
        return any(field.attname == name for field in self.model._meta.concrete_fields)

    def field(self, name: str) -> Field[Any, Any]:
        return next(field for field in self.model._meta.concrete_fields if field.attname == name)


def upsert(target: Target, rows: Sequence[Row], *, same: Mapping[str, Any]) -> None:
    """All rows are in the table: inserted, or changed in the columns that the target owns.

    `same` holds the columns that are alike in all rows; the rest gets its defaults. Two rows with one key are
    an error of the caller.
    """
    if not rows:
        return
    constants = constants_of(target, same)
    statement = statement_for(target, tuple(constants), connection.vendor)
    prepared = [target.field(name).get_db_prep_save(value, connection) for name, value in constants.items()]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(statement.sql, [*prepared, statement.encode(rows)])
        else:
            cursor.executemany(statement.sql, list(statement.flatten(rows, prepared)))


def insert(target: Target, rows: Sequence[Row], *, same: Mapping[str, Any]) -> None:
    """Like `upsert`, of rows whose keys are all new: PostgreSQL takes them as a stream, which is cheaper."""
    if connection.vendor != "postgresql" or not rows:
        upsert(target, rows, same=same)
        return
    constants = constants_of(target, same)
    statement = statement_for(target, tuple(constants), connection.vendor)
    columns = ", ".join(column_of(target, name) for name in (*target.row_columns, *constants))
    sql = f"COPY {connection.ops.quote_name(target.model._meta.db_table)} ({columns}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(sql) as copy:
        for values in statement.flatten(rows, [as_text(value) for value in constants.values()]):
            copy.write_row(values)


def as_text(value: Any) -> Any:
    """What the driver would make of it anew for each row."""
    return value if value is None or isinstance(value, bool | str) else str(value)


def constants_of(target: Target, same: Mapping[str, Any]) -> dict[str, Any]:
    """The values of all columns that are alike in all rows."""
    return {**dict(defaults(target)), **dict(target.fixed), **same}


def defaults(target: Target) -> Iterator[tuple[str, Any]]:
    """What the columns that no row mentions hold in a new row, as the model says."""
    now = timezone.now()
    for field in target.model._meta.concrete_fields:
        if field.attname in target.row_columns:
            continue
        stamped = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
        yield field.attname, now if stamped else field.get_default()


@dataclass(frozen=True, kw_only=True)
class Statement:
    """The SQL for one target on one database, and how its rows get into it."""

    sql: str
    record: Callable[..., Any]
    converters: tuple[tuple[int, Callable[[Any], Any]], ...]

    def encode(self, rows: Iterable[Row]) -> str:
        return msgspec.json.encode([self.record(*row) for row in rows]).decode()

    def flatten(self, rows: Iterable[Row], constants: Sequence[Any]) -> Iterator[list[Any]]:
        for row in rows:
            values = [*row, *constants]
            for place, convert in self.converters:
                if values[place] is not None:
                    values[place] = convert(values[place])
            yield values


@lru_cache(maxsize=64)
def statement_for(target: Target, constants: tuple[str, ...], vendor: str) -> Statement:
    columns = [column_of(target, name) for name in (*target.row_columns, *constants)]
    places = [f"c{number}" for number in range(len(target.row_columns))]
    source = from_json(target, places, constants) if vendor == "postgresql" else from_parameters(len(columns))
    table = connection.ops.quote_name(target.model._meta.db_table)
    return Statement(
        sql=f"INSERT INTO {table} ({', '.join(columns)}) {source} {on_conflict(target)}",
        record=msgspec.defstruct("Row", [(place, Any) for place in places], gc=False),
        converters=tuple(
            (place, CONVERTERS[kind])
            for place, name in enumerate(target.row_columns)
            if (kind := value_type(target.field(name))) in CONVERTERS
        ),
    )


def from_json(target: Target, places: Sequence[str], constants: Iterable[str]) -> str:
    """The rows out of one JSON parameter, after the parameters that are alike in all of them."""
    typed = [f"{place} {type_of(target.field(name))}" for place, name in zip(places, target.row_columns, strict=True)]
    alike = [f"%s::{type_of(target.field(name))}" for name in constants]
    columns = ", ".join([*places, *alike])
    return f"SELECT {columns} FROM json_to_recordset(%s::json) AS r({', '.join(typed)})"  # noqa: S608 (our own columns)


def from_parameters(count: int) -> str:
    return f"VALUES ({', '.join(['%s'] * count)})"


def on_conflict(target: Target) -> str:
    key = f"({column_of(target, target.conflict)})" + (f" WHERE {target.where}" if target.where else "")
    if not target.owned:
        return f"ON CONFLICT {key} DO NOTHING"
    stamps = {field.attname for field in target.model._meta.concrete_fields if getattr(field, "auto_now", False)}
    changed = [column_of(target, name) for name in sorted(target.owned | stamps)]
    return f"ON CONFLICT {key} DO UPDATE SET " + ", ".join(f"{column} = EXCLUDED.{column}" for column in changed)


def column_of(target: Target, name: str) -> str:
    return str(connection.ops.quote_name(target.field(name).column or name))


def type_of(field: Field[Any, Any]) -> str:
    return str(field.cast_db_type(connection))


def value_type(field: Field[Any, Any]) -> str:
    related = field.target_field if field.is_relation else field  # type: ignore[attr-defined]
    return str(related.get_internal_type())


def hex_of(value: UUID | str) -> str:
    return value if isinstance(value, str) else value.hex


def iso(value: date) -> str:
    return value.isoformat()


# What SQLite does not take as it is, and what a stream takes more cheaply as text. Times are the same in all rows.
CONVERTERS: dict[str, Callable[[Any], Any]] = {"UUIDField": hex_of, "DateField": iso}
