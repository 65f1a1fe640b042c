"""One kind of record of one company: rendered once, found by id, equality, moment or filter.

A record is kept as the bytes that go over the wire; who needs a member decodes it. So a page of a thousand is a
join, and a hundred thousand customers fit in a few hundred megabytes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

import msgspec

from accounting.providers.visma_eaccounting.sandbox.moments import parse_ticks
from accounting.providers.visma_eaccounting.sandbox.odata import Condition, comparable
from accounting.providers.visma_eaccounting.sandbox.schema import DECODER, ENCODER, Json, Schema, complete


class Table:
    """Records by id, in the order in which they came. `stamp` is the member with the moment of the last change."""

    CACHED_QUERIES = 64

    def __init__(self, of: Schema, *, stamp: str = "", key: str = "Id") -> None:
        self.schema = of
        self.stamp = stamp
        self.key = key
        self.raw: dict[str, bytes] = {}
        # What a record becomes on another day (an invoice falls due); None changes nothing.
        self.on_day: Callable[[Json, date], Json | None] | None = None
        self._day: date | None = None
        self._ticks: dict[str, int] = {}
        self._by_ticks: list[tuple[int, str]] = []
        self._equal: dict[str, dict[Any, list[str]]] = {}
        self._results: dict[object, Sequence[str]] = {}
        self._readers: dict[frozenset[str], msgspec.json.Decoder[Any]] = {}

    def __len__(self) -> int:
        return len(self.raw)

    def __contains__(self, id: object) -> bool:
        return id in self.raw

    def get(self, id: str | None) -> Json | None:
        """The record with all its members."""
        raw = self.raw.get(id) if id is not None else None
        record: Json | None = None if raw is None else DECODER.decode(raw)
        return record

    def all(self) -> Iterable[Json]:
        return (DECODER.decode(raw) for raw in list(self.raw.values()))

    def put(self, values: Json) -> bytes:
        """Stores the record, new or changed; gives it as it goes over the wire."""
        return self.put_raw(str(values[self.key]), ENCODER.encode(complete(self.schema, values)), values)

    def put_raw(self, id: str, raw: bytes, values: Json) -> bytes:
        """The same for a record that is rendered already; `values` need only hold what the indexes look at."""
        if id in self.raw:
            self._leave_indexes(id)
        self.raw[id] = raw
        if self.stamp and values.get(self.stamp):
            self._ticks[id] = ticks = parse_ticks(values[self.stamp])
            insort(self._by_ticks, (ticks, id))
        for name, index in self._equal.items():
            index.setdefault(values.get(name), []).append(id)
        self._results.clear()
        return raw

    def load(self, records: Iterable[tuple[str, bytes, int]]) -> None:
        """Stores many new records at once: id, rendered record, ticks of its stamp."""
        for id, raw, ticks in records:
            self.raw[id] = raw
            self._ticks[id] = ticks
            self._by_ticks.append((ticks, id))
        self._by_ticks.sort()
        self._equal.clear()
        self._results.clear()

    def remove(self, id: str) -> None:
        self._leave_indexes(id)
        del self.raw[id]
        self._results.clear()

    def equal(self, name: str, value: Any) -> list[str]:
        """Ids of the records whose member is that value."""
        if name not in self._equal:
            index: dict[Any, list[str]] = {}
            self._equal[name] = index
            for id, part in self._parts(frozenset({name}), self.raw):
                index.setdefault(part.get(name), []).append(id)
        return list(self._equal[name].get(value, ()))

    def find(
        self, condition: Condition | None, order: Sequence[tuple[str, str, bool]], *, name: object
    ) -> Sequence[str]:
        """Ids of what fits, sorted. Kept under `name` until a record changes."""
        found = self._results.get(name)
        if found is None:
            found = self._find(condition)
            # From the last key to the first: sorting is stable.
            for member, kind, descending in reversed(order):
                found = self._sorted(found, member, kind, descending=descending)
            if len(self._results) >= self.CACHED_QUERIES:
                self._results.clear()
            self._results[name] = found
        return found

    def refresh(self, today: date) -> None:
        """Renders anew what looks different on another day."""
        if self.on_day is None or today == self._day:
            return
        self._day = today
        for record in self.all():
            changed = self.on_day(record, today)
            if changed is not None:
                self.put(changed)

    def _find(self, condition: Condition | None) -> Sequence[str]:
        if condition is None:
            return list(self.raw)
        candidates = self._candidates(condition)
        test = condition.test
        return [id for id, part in self._parts(condition.needs, candidates) if test({"": part})]

    def _candidates(self, condition: Condition) -> Iterable[str]:
        """The fewest records that an index leaves to look at."""
        if condition.equal:
            name, value = condition.equal[0]
            return self.equal(name, value)
        for name, comparison, ticks in condition.since:
            if name == self.stamp:
                cut = bisect_right if comparison == "gt" else bisect_left
                edge = (ticks, "\uffff" if comparison == "gt" else "")
                return [id for _, id in self._by_ticks[cut(self._by_ticks, edge) :]]
        return self.raw

    def _parts(self, members: frozenset[str] | None, ids: Iterable[str]) -> Iterable[tuple[str, Json]]:
        """Each record with (at least) those members, decoded no further than needed."""
        if members is None:
            return ((id, DECODER.decode(self.raw[id])) for id in ids)
        if members not in self._readers:
            shape = [(name, object, None) for name in sorted(members)]
            self._readers[members] = msgspec.json.Decoder(
                msgspec.defstruct("Part", shape), float_hook=DECODER.float_hook
            )
        decode = self._readers[members].decode
        return ((id, msgspec.structs.asdict(decode(self.raw[id]))) for id in ids)

    def _sorted(self, ids: Sequence[str], member: str, kind: str, *, descending: bool) -> Sequence[str]:
        keys = {id: comparable(kind, part[member]) for id, part in self._parts(frozenset({member}), ids)}
        empty = [id for id in ids if keys[id] is None]
        filled = sorted((id for id in ids if keys[id] is not None), key=keys.__getitem__, reverse=descending)
        return filled + empty if descending else empty + filled

    def _leave_indexes(self, id: str) -> None:
        ticks = self._ticks.pop(id, None)
        if ticks is not None:
            del self._by_ticks[bisect_left(self._by_ticks, (ticks, id))]
        if self._equal:
            old = self.get(id) or {}
            for name, index in self._equal.items():
                index[old.get(name)].remove(id)
