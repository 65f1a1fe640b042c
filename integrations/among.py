"""The filter `among`: a column is one of these values, as one parameter whatever their number.

An ordinary `__in` sends one parameter per value, and databases have limits for those.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Lookup, Q, UUIDField


def among(field: str, values: Iterable[Any]) -> Q:
    """The rows whose `field`, a text or an id, is one of `values`."""
    return Q(**{f"{field}__among": list(values)})


@Field.register_lookup
class Among(Lookup):
    """The values travel as one JSON text, which both databases turn into rows."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        values = [value.hex for value in self.rhs] if self._are_ids() else self.rhs
        return self._sql(compiler, connection, values, "IN (SELECT value FROM json_each(%s))")

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> tuple[str, list[Any]]:
        # An array, not `IN (SELECT …)`: that may become a join that looks through the whole table.
        each = f"ARRAY(SELECT json_array_elements_text(%s::json))::{'uuid' if self._are_ids() else 'text'}[]"
        return self._sql(compiler, connection, self.rhs, f"= ANY({each})")

    def _sql(
        self, compiler: Any, connection: BaseDatabaseWrapper, values: list[Any], condition: str
    ) -> tuple[str, list[Any]]:
        column, parameters = self.process_lhs(compiler, connection)
        return f"{column} {condition}", [*parameters, msgspec.json.encode(values).decode()]

    def _are_ids(self) -> bool:
        return isinstance(self.lhs.output_field, UUIDField)
